"""The public API: few names, cheap to import, that do what docs/reference/python.md says."""

from __future__ import annotations

import doctest
import subprocess
import sys
import typing
from pathlib import Path

import pytest

import qantar
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "reference" / "python.md"


def test_the_examples_of_the_page_hold(dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "processed").symlink_to(dataset)
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, tried > 10) == (0, True)


def test_every_name_is_documented_and_has_types() -> None:
    page = PAGE.read_text("utf-8")
    assert set(qantar.__all__) <= set(dir(qantar))
    for name in qantar.__all__:
        assert f"{name}" in page
        assert getattr(qantar, name).__doc__
    assert (Path(qantar.__file__).parent / "py.typed").exists()
    for function in (qantar.open_build, qantar.build, qantar.annotate):
        assert "return" in typing.get_type_hints(function, localns=vars(qantar.api) | {"Any": typing.Any})


def test_importing_the_package_imports_nothing_that_is_slow() -> None:
    slow = "{'numpy', 'pandas', 'pyarrow', 'spacy', 'prefect', 'great_expectations', 'datasette', 'lxml'}"
    code = f"import sys, qantar; qantar.open_build, qantar.QantarError; sys.exit(sorted({slow} & set(sys.modules)) or 0)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_what_is_not_there_is_named(dataset: Path) -> None:
    build = qantar.open_build(dataset)
    assert build.build_id == dataset.resolve().name
    with pytest.raises(qantar.QantarError, match="no table 'quote'; there are: documents, "):
        build.arrow("quote")
    with pytest.raises(qantar.QantarError, match="no column 'name'; there are: quote_id, "):
        build.arrow("quotes", columns=["name"])
    with pytest.raises(qantar.QantarError, match="nothing but boilerplate"):
        qantar.annotate("Follow us on Twitter")
    with pytest.raises(AttributeError, match="no attribute 'rows'"):
        _ = qantar.rows


def test_all_rows_of_a_table_come_in_their_order(dataset: Path) -> None:
    build = qantar.open_build(dataset)
    assert build.pandas("sentences", ["sentence_id"]).shape == (build.arrow("sentences").num_rows, 1)
    assert build.arrow("takedowns").num_rows == 0
