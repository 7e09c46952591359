"""The functions that SQL on a staged build has, beside SQLite's own."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from qantar.store.staged import open_staged
from tests.expectations.sound_build import FIRST, staged_rows


def test_a_passage_is_cut_by_code_points_whatever_characters_stand_before_it(tmp_path: Path) -> None:
    staged = staged_rows()
    text = "\0“Häfen” \U0001f6a2 of Lund"
    staged.change("documents", 0, text=text)
    staged.write(tmp_path)
    with closing(open_staged(staged.folder, staged.working)) as connection:
        for function, whole, words in (("passage", text, "of Lund"), ("raw_passage", FIRST, "“It is safe")):
            place = whole.index(words), whole.index(words) + len(words)
            assert connection.execute(f"SELECT {function}('aaaaaaaaaaaa', ?, ?)", place).fetchone() == (words,)


def test_a_document_that_is_not_there_and_a_place_that_is_not_known_have_no_passage(tmp_path: Path) -> None:
    staged = staged_rows().write(tmp_path)
    with closing(open_staged(staged.folder, None)) as connection:
        found = connection.execute("SELECT passage('nowhere', 0, 1), passage('aaaaaaaaaaaa', NULL, 1), passage('aaaaaaaaaaaa', 0, NULL)")
        assert found.fetchone() == (None, None, None)
