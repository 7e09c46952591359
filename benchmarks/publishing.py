"""What it costs to describe, check, compare and release a build: `python benchmarks/publishing.py [BUILD]`.

Works on a copy and prints seconds of processor time, then the share that publishing had of the build's own time by the clock.
Targets: 5 % of a build for its metadata, 10 s to verify 1,000 articles.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from qantar.publish.diff import diff_builds
from qantar.publish.package import write_package
from qantar.publish.release import make_release, read_corpus
from qantar.publish.verify import verify_build


def main(build: Path) -> None:
    """Measure each step on a build."""
    with tempfile.TemporaryDirectory() as scratch:
        copy, out = Path(scratch) / "build", Path(scratch) / "releases"
        shutil.copytree(build, copy)
        corpus, _ = read_corpus(copy)
        steps: dict[str, Callable[[], object]] = {
            "write_package": lambda: write_package(copy, corpus),
            "verify_build": lambda: verify_build(copy),
            "diff_builds": lambda: diff_builds(build, copy),
            "make_release, full": lambda: make_release(copy, "1.0.0", out),
            "make_release, annotations": lambda: make_release(copy, "1.0.0", out, edition="annotations"),
        }
        seconds = {name: _timed(step) for name, step in steps.items()}
    stages = json.loads((build / "run.json").read_text("utf-8"))["seconds"]
    for name, value in seconds.items():
        print(f"{name:28}{value:8.2f} s")
    print(f"{'share of the build':28}{stages['publish'] / sum(stages.values()):8.1%}")


def _timed(step: Callable[[], object]) -> float:
    start = time.process_time()
    step()
    return time.process_time() - start


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "processed/latest"))
