"""A command that fails on its arguments says so and changes nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qantar.cli import EXTRAS, _told
from qantar.store import builds
from tests.test_dependencies import OPTIONAL


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
        ("release x", "not a version of data"),
        ("rehydrate a b", "not a build or release"),
        ("takedown x --reason y --raw nowhere --out nowhere", "not a document"),
    ],
)
def test_a_command_that_fails_on_its_arguments_changes_nothing(tmp_path: Path, arguments: str, said: str) -> None:
    command = [str(Path(sys.executable).with_name("qantar")), *arguments.split()]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("extra", ["collect", "dask"])
def test_what_an_extra_would_bring_is_asked_for_in_plain_words(extra: str) -> None:
    modules = {package.replace("-", "_") for package in OPTIONAL[extra]}
    assert {module for module, brought_by in EXTRAS.items() if brought_by == extra} == modules
    for module in modules:
        said = _told(ModuleNotFoundError(f"No module named '{module}'", name=f"{module}.inner"))
        assert said.endswith(f"-m pip install 'qantar[{extra}]'")


SLOW = ("prefect", "great_expectations", "pandas", "pyarrow", "numpy", "spacy", "sqlalchemy")
_MODULES = """
import atexit, sys
from qantar.cli import main
atexit.register(lambda: print("slow:", [name for name in {slow} if name in sys.modules]))
sys.argv = ["qantar", *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ("--help", 0, "rebuilt from a folder of articles"),
        ("--version", 0, "qantar "),
        ("build --raw nowhere", 1, "there is no such folder"),
        ("build --raw nowhere --on-failure true", 1, "there is no such folder"),
        ("build --raw torn", 1, "cannot be read as TOML"),
        ("build --raw sound --out held", 1, "another build is writing there"),
        ("build --workers 0", 2, "--workers"),
        ("rollback --out nowhere", 1, "there are no builds"),
    ],
)
def test_a_command_looks_at_its_arguments_before_it_imports_what_is_slow(tmp_path: Path, arguments: str, code: int, said: str) -> None:
    for name, words in (("torn", "title = "), ("sound", 'title = "Sound"')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "corpus.toml").write_text(words)
    command = [sys.executable, "-c", _MODULES.format(slow=SLOW), *arguments.split()]
    with builds.locked(tmp_path / "held"):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "slow: []"
    assert not (tmp_path / "processed").exists()
    assert not (tmp_path / "held" / ".prefect").exists()
