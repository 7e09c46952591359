import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from qantar.schema import TABLES, Quote, Table, Takedown
from qantar.store.parquet import to_arrow
from qantar.store.sqlite import BEGUN, FIRST, begin_build_database, ddl, write_build_database, write_database
from tests.expectations.sound_build import staged_rows


def write(path: Path, rows: dict[str, list[object]]) -> None:
    def batches(table: Table):  # type: ignore[no-untyped-def]
        return to_arrow(table, rows.get(table.name, [])).to_batches()

    write_database(path, TABLES, batches)


QUOTE = Quote(
    quote_id="d-q1",
    document_id="d",
    sentence_id="d-s0",
    kind="direct",
    text="Ça va « bien »",
    start=1,
    end=15,
    raw_start=None,
    raw_end=None,
    segments=[[1, 6], [8, 15]],
    cue="said",
    cue_start=16,
    cue_end=20,
    speaker="she",
    speaker_start=21,
    speaker_end=24,
    speaker_entity_id=None,
    speaker_basis="pronoun",
    parent_quote_id=None,
    quote_group_id=None,
    method="rule",
    score=0.5,
)


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path / name, {"quotes": [QUOTE]})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_database_that_was_begun_is_the_same_in_the_end(tmp_path: Path) -> None:
    sound = staged_rows().write(tmp_path)
    whole = (sound.folder / "qantar.db").read_bytes()
    begin_build_database(sound.folder)
    with closing(sqlite3.connect(sound.folder / BEGUN)) as begun:
        assert [name for (name,) in begun.execute("SELECT name FROM sqlite_master WHERE type = 'table'")] == [FIRST]
        assert begun.execute(f"SELECT count(*) FROM {FIRST}").fetchone() != (0,)
    write_build_database(sound.folder)
    assert (sound.folder / "qantar.db").read_bytes() == whole
    assert not (sound.folder / BEGUN).exists()


def test_an_old_file_is_replaced(tmp_path: Path) -> None:
    write(tmp_path / "db", {"quotes": [QUOTE]})
    write(tmp_path / "db", {})
    with closing(sqlite3.connect(tmp_path / "db")) as db:
        assert db.execute("SELECT count(*) FROM quotes").fetchone() == (0,)


def test_lists_are_json_and_dates_are_iso_text(tmp_path: Path) -> None:
    write(tmp_path / "db", {"quotes": [QUOTE], "takedowns": [Takedown(document_id="0" * 12, removed_on=date(2022, 1, 9), reason="r")]})
    with closing(sqlite3.connect(tmp_path / "db")) as db:
        assert db.execute("SELECT json_extract(segments, '$[1][0]') FROM quotes").fetchone() == (8,)
        assert db.execute("SELECT removed_on FROM takedowns").fetchone() == ("2022-01-09",)


def test_full_text_search_ignores_accents_and_case(tmp_path: Path) -> None:
    write(tmp_path / "db", {"quotes": [QUOTE]})
    with closing(sqlite3.connect(tmp_path / "db")) as db:
        hits = db.execute("SELECT rowid FROM quotes_fts WHERE quotes_fts MATCH 'ca BIEN'").fetchall()
    assert hits == [(1,)]


def test_a_repeated_key_is_an_error_that_names_the_table(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="table quotes"):
        write(tmp_path / "db", {"quotes": [QUOTE, QUOTE]})


@pytest.mark.parametrize("table", TABLES.values(), ids=str)
def test_every_column_is_declared_with_its_description(table: Table) -> None:
    create = ddl(table)[0]
    for column in table:
        assert f'"{column.name}" ' in create
        assert f"-- {column.description}" in create


def test_foreign_keys_name_the_column_they_refer_to(tmp_path: Path) -> None:
    write(tmp_path / "db", {})
    with closing(sqlite3.connect(tmp_path / "db")) as db:
        keys = {(row[3], row[2], row[4]) for row in db.execute("PRAGMA foreign_key_list(quotes)")}
    assert ("document_id", "documents", "document_id") in keys
    assert ("parent_quote_id", "quotes", "quote_id") in keys
