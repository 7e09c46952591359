"""A small whole build, made once; tests that damage it work on a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.publish.harbour import write_build


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build that no test may change."""
    return write_build(tmp_path_factory.mktemp("built") / "build")


@pytest.fixture
def build(built: Path, tmp_path: Path) -> Path:
    """A copy of it to damage."""
    return Path(shutil.copytree(built, tmp_path / "build"))
