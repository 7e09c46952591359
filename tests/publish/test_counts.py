"""The rows of the corpus are pinned by table and source, so that no change of the pipeline shifts them unseen."""

from __future__ import annotations

from pathlib import Path

from flows.publish.counts import row_counts
from tests.publish.harbour import ARTICLES


def test_rows_are_counted_by_table_and_source(built: Path) -> None:
    counts = row_counts(built)
    assert [counts["documents", name] for name in ARTICLES] == [1, 1, 1]
    assert (counts["sentences", "a.txt"], counts["rejected", "empty.txt"], counts["entities", ""], counts["takedowns", ""]) == (3, 1, 1, 0)
