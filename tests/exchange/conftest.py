"""One small build for all tests of exchange; none writes to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from qantar.exchange.build_documents import BuildDocument, model_reader, read_documents
from tests.exchange.small_builds import make_build, write_articles


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build."""
    folder = tmp_path_factory.mktemp("exchange")
    return make_build(write_articles(folder / "raw"), folder / "out")


@pytest.fixture(scope="session")
def documents(small: Path) -> list[BuildDocument]:
    """Its annotated articles, with tokens."""
    return list(read_documents(small, reader=model_reader(None)))
