"""The rows of the corpus are pinned by table and source, so that no change of the pipeline shifts them unseen."""

from __future__ import annotations

from difflib import unified_diff
from importlib.resources import files
from pathlib import Path

from qantar.publish.counts import counts_csv, row_counts
from tests.publish.harbour import ARTICLES


def test_rows_are_counted_by_table_and_source(built: Path) -> None:
    counts = row_counts(built)
    assert [counts["documents", name] for name in ARTICLES] == [1, 1, 1]
    assert (counts["sentences", "a.txt"], counts["rejected", "empty.txt"], counts["entities", ""], counts["takedowns", ""]) == (3, 1, 1, 0)


def test_the_corpus_has_as_many_rows_as_are_pinned(dataset: Path) -> None:
    pinned, found = (
        text.splitlines() for text in (files("expectations").joinpath("row_counts.csv").read_text("utf-8"), counts_csv(dataset))
    )
    shifts = [line for line in unified_diff(pinned, found, "pinned", "found", n=0, lineterm="") if line.startswith(("+", "-"))]
    assert shifts == [], "if the shift is meant: python -m qantar.publish.counts > expectations/row_counts.csv"
