"""The commands of the guide, run in order, say what it shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT, Qantar
from tests.exchange.small_builds import write_articles


def test_the_worked_example_gives_what_it_shows(qantar: Qantar, tmp_path: Path) -> None:
    text = (ROOT / "docs/how-to/annotate.md").read_text("utf-8")
    shutil.copytree(ROOT / "docs/examples/harbour", tmp_path / "harbour")
    done = qantar("build", "--raw", tmp_path / "harbour", "--out", tmp_path / "data")
    assert done.returncode == 0, done.stderr
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            ran = subprocess.run(["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
            assert (ran.stdout, ran.returncode) == (expected, 0), ran.stderr
    written = qantar("import", tmp_path / "strike", "--raw", tmp_path / "harbour", "--out", tmp_path / "data", "--by", "Jo")
    assert written.returncode == 0, written.stderr
    assert "3 articles compared, 2 lines added; run qantar build to apply them" in written.stdout
    assert (tmp_path / "harbour/corrections.csv").read_text("utf-8").count(",Jo,") == 2


def test_what_cannot_be_used_is_told_and_ends_with_1(qantar: Qantar, small: Path, tmp_path: Path) -> None:
    write_articles(tmp_path / "raw")
    (tmp_path / "evegj7z54r7f.ann").write_text("T1\tCITY 0 7\tHarbour\n", "utf-8")
    done = qantar("import", tmp_path / "evegj7z54r7f.ann", "--raw", tmp_path / "raw", "--out", small)
    assert done.returncode == 1
    assert done.stdout.startswith("refused: evegj7z54r7f.ann line 1: has the type 'CITY', which is not in annotation.conf\n")
    assert "Traceback" not in done.stderr
    done = qantar("export", tmp_path / "out", "--to", "brat", "--out", tmp_path / "nowhere")
    assert (done.returncode, "no build here; make one with qantar build" in done.stderr) == (1, True)
