"""The tables of figures that the documentation shows, kept as files: benchmarks/kept/NAME.json.

A bench writes its own with `--keep`; `qantar.readme.show_figures` prints it into the documentation (`make readme`). Each says the
command, the day, the commit and the machine that it was measured with. What a bench cannot keep yet is copied from what it printed.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).parent / "kept"
Cell = str | int | float


def processor() -> str:
    """The processor's name and model, as Linux tells them; which others share it, nothing tells."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    told = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    named = [told["model name"], f"model {told['model']}"] if {"model name", "model"} <= told.keys() else [platform.machine()]
    return ", ".join([*named, f"{os.cpu_count()} cores"])


def keep(name: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Path:
    """Write a table that a bench has just measured, with the command line that runs now."""
    head = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=FOLDER.parent)
    spec = sys.modules["__main__"].__spec__
    words = [spec.name.removesuffix(".__main__") if spec else sys.argv[0], *sys.argv[1:]]
    said = {
        "command": " ".join(["python -m", *(word for word in words if word != "--keep")]),
        "measured": datetime.now(UTC).date().isoformat(),
        "commit": head.stdout.strip() or "not known",
        "machine": f"{processor()}, {_load()}",
    }
    return write(name, said, columns, rows)


def _load() -> str:
    waiting = os.getloadavg()[2] / (os.cpu_count() or 1)
    return "idle" if waiting <= 1.2 else f"busy: {waiting:.1f} processes for each core"


def write(name: str, said: dict[str, str], columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Path:
    """Write a table with what is said of it, a row a line."""
    path = FOLDER / f"{name}.json"
    lines = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows)
    head = "".join(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)},\n" for key, value in said.items())
    path.write_text(f'{{\n{head} "columns": {json.dumps(list(columns), ensure_ascii=False)},\n "rows": [\n{lines}\n ]\n}}\n', "utf-8")
    return path
