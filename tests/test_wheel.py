"""The built wheel holds all of the package and nothing beside it, and works outside of the checkout, without a compiler."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyarrow.parquet import read_table

from qantar.version import code_version
from tests.conftest import RAW, ROOT

SOURCES = ("flows", "expectations")
MADE = {".so", ".pyc"}
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.so", "*.pyc")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built of a copy of the sources where there is no compiler."""
    work = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        shutil.copytree(ROOT / name, work / "source" / name, ignore=LEFT_OUT)
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, work / "source")
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--disable-pip-version-check",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        work,
        ".",
    ]
    done = subprocess.run(command, cwd=work / "source", env={**os.environ, "CC": "false"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "would be ignored" not in done.stdout + done.stderr
    (built,) = work.glob("*.whl")
    return built


def expected() -> Iterator[str]:
    """The files of the package, as they are named where it is installed: all, since `code_version` is a digest of all."""
    for folder, package in (("flows", "qantar"), ("expectations", "qantar/expectations")):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix not in MADE:
                yield f"{package}/{path.relative_to(ROOT / folder).as_posix()}"


def test_every_file_of_the_package_is_in_the_wheel_and_nothing_beside_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if ".dist-info/" not in name}
        metadata = [name for name in packed.namelist() if name.endswith("entry_points.txt")]
        assert "qantar = qantar.cli:main" in packed.read(metadata[0]).decode()
    assert sorted(set(expected()) - names) == []
    assert sorted(names - set(expected())) == []
    assert {name.split("/")[0] for name in names} == {"qantar"}


def test_the_wheel_builds_a_dataset_outside_of_the_checkout(wheel: Path, prefect_home: Path, prefect_api: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "site")
    (tmp_path / "raw").mkdir()
    for path in sorted(RAW.glob("*.txt"))[:2]:
        shutil.copy(path, tmp_path / "raw")
    env = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "PREFECT_HOME": str(prefect_home), "PREFECT_API_URL": prefect_api}

    def run(*words: str, code: str = "import sys, qantar; print(qantar.__file__); from qantar.cli import main; main()") -> str:
        done = subprocess.run([sys.executable, "-c", code, *words], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(str(tmp_path / "site")), done.stdout
        return done.stdout

    assert "published build" in run("build", "--workers", "1")
    assert "complete and valid" in run("verify")
    code = "import qantar; print(qantar.__file__); print(qantar.open_build().pandas('documents', ['title']).shape)"
    assert "(2, 1)" in run(code=code)
    build = read_table(tmp_path / "processed" / "latest" / "data" / "build").to_pylist()
    assert [row["code_version"] for row in build] == [code_version()], "a checkout and its wheel give builds of different names"
