"""A command that fails on its arguments says so and changes nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("build --raw nowhere", "there is no such folder"),
        ("serve --out nowhere", "no build to serve"),
        ("schedule --cron x", "not a valid cron expression"),
        ("schedule", "say when"),
        ("collect --raw nowhere --out nowhere", "there is no such folder"),
        ("schedule --every 6h --collect --raw nowhere --out nowhere", "there is no such folder"),
        ("rollback --out nowhere", "there are no builds"),
        ("rollback", "there are no builds"),
        ("verify nowhere", "neither a build nor an unpacked release"),
        ("diff a b", "there is no qantar.db in it"),
        ("evaluate nowhere", "no annotated articles"),
        ("release 1.0.0 --out nowhere", "neither a build nor an unpacked release"),
        ("release x", "no version of data"),
        ("rehydrate a b", "no build or release"),
        ("takedown x --reason y --raw nowhere --out nowhere", "no document"),
    ],
)
def test_a_command_that_fails_on_its_arguments_changes_nothing(tmp_path: Path, arguments: str, said: str) -> None:
    command = [str(Path(sys.executable).with_name("qantar")), *arguments.split()]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
