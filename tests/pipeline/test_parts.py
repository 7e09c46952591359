"""Parts of tables end where shards end: what did not change is the same file in two builds, its rows the same in every format."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.pipeline import publishing
from qantar.pipeline.context import Context
from qantar.pipeline.shard_tables import LARGEST, PART, PARTS, ROWS, count, cut_parts, lookup, write_parts, write_rows_table
from qantar.publish import shared_parts
from qantar.publish.csv_tables import join_csv, write_checksums, write_csv
from qantar.publish.shared_parts import find_same, find_shared
from qantar.quality.proofs import Same, SameRows
from qantar.quality.validation import PLACES, Checked, Validation, check_tables, write_report
from qantar.schema import KNOWN, TABLES, Build, Takedown
from qantar.settings import Corpus
from qantar.store import parquet
from qantar.store.cache import sum_of
from qantar.store.history import RUN_FILE
from qantar.store.parquet import parts, write_rows
from qantar.store.sqlite import write_build_database
from tests.expectations.sound_build import staged_rows
from tests.handmade import row

TABLE = TABLES["takedowns"]


@given(st.integers(1, 400), st.data())
def test_one_more_shard_changes_two_parts_at_most(n: int, data: st.DataObject) -> None:
    firsts = [f"document-{i}" for i in range(n)]
    at = data.draw(st.integers(0, n))
    more = [*firsts[:at], "another", *firsts[at:]]
    before, after = ([tuple(names[i] for i in some) for some in cut_parts(names)] for names in (firsts, more))
    assert [name for part in before for name in part] == firsts
    if n not in (PARTS, 2 * PARTS, 4 * PARTS):  # above them, parts are larger
        assert len(set(after) - set(before)) <= 2
    assert len(before) <= 2 * PARTS
    assert max(map(len, before), default=0) <= LARGEST


class Folder:
    """Shards of takedowns, and builds of them that share stored results."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.context = Context(raw=folder, cache=folder / "cache", corpus=Corpus(title="Ferry"), code="1", model=None)
        self.sums: dict[str, str] = {}

    def shards(self, *reasons: str) -> list[Path]:
        """A shard of three takedowns for each, its letters their reasons."""
        found = []
        for number, reason in enumerate(reasons):
            found.append(self.folder / f"shard-{number}-{reason}")
            found[-1].mkdir(exist_ok=True)
            said = (reason * 3)[:3]
            rows = [Takedown(document_id=f"{number}{i:011}", removed_on=date(2022, 1, 1), reason=said[i]) for i in range(3)]
            write_rows(found[-1] / "takedowns.parquet", TABLE, rows)
        return found

    def build(self, name: str, *reasons: str, code: str = "1", before: Path | None = None, renamed: str = "") -> Path:
        """A staged build, each shard a part of it, sealed as if it were published."""
        build = self.folder / name
        columns = {"reason": lookup("reason", {reason: renamed or reason for reason in "".join(reasons)})}
        kept = write_parts(self.context, build, TABLE, self.shards(*reasons), columns, [range(i, i + 1) for i in range(len(reasons))])
        for table in TABLES.values():
            if table != TABLE:
                write_rows_table(build, table, [row(Build, build_id=name, code_version=code)] if table.name == "build" else [])

        self.sums = {f"data/takedowns/part-{n:05}.parquet": sum_of(part / PART) for n, part in enumerate(kept)}
        self.shared = find_shared(build, self.sums, before)
        write_build_database(build, self.shared)
        write_checksums(build)
        (build / RUN_FILE).touch()
        return build


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_a_part_that_did_not_change_is_the_same_file_and_its_rows_are_copied_to_the_same_bytes(folder: Folder, tmp_path: Path) -> None:
    one = folder.build("one", "a", "b", "c", "d")
    two = folder.build("two", "a", "x", "c", "d", before=one)
    same = [a.samefile(b) for a, b in zip(parts(one, TABLE), parts(two, TABLE), strict=True)]
    assert same == [True, False, True, True]
    assert folder.shared and sorted(folder.shared.rows.values()) == [(1, 3), (7, 9), (10, 12)]
    fresh = Folder(tmp_path / "fresh").build("two", "a", "x", "c", "d")
    assert (two / "qantar.db").read_bytes() == (fresh / "qantar.db").read_bytes()


def test_rows_of_a_part_that_changed_are_copied_too(folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_parts, "FEWEST", 1)
    monkeypatch.setattr(parquet, "ROW_GROUP", 2)
    one = folder.build("one", "a", "bcd", "e")
    two = folder.build("two", "a", "bxd", "e", before=one)
    assert folder.shared and [piece for found in folder.shared.pieces.values() for piece in found if piece.n < 3] == [(0, 4, 1), (2, 6, 1)]
    assert len(folder.shared.rows) == 2
    fresh = Folder(tmp_path / "fresh").build("two", "a", "bxd", "e")
    assert (two / "qantar.db").read_bytes() == (fresh / "qantar.db").read_bytes()


@pytest.mark.parametrize(
    ("table", "before", "now", "pieces"),
    [
        ("entities", "a1 b1 c1 d1", "a1 b1 c2 d1", [(0, 0, 2), (3, 3, 1)]),
        ("entities", "a1 b1 c1 d1", "a1 d1", [(0, 0, 1), (1, 3, 1)]),
        ("entities", "a1 b1", "b1 a1", [(0, 1, 1), (1, 0, 1)]),
        ("entities", "a- b1 c-", "a- b- c-", [(0, 0, 1), (2, 2, 1)]),
        ("entities", "a1 b1", "a2 b2", []),
        ("entities", "", "a1", []),
        ("possible_same", "a1 a2 a3 b1 b2", "a1 a2 b1 b2", [(0, 0, 2), (2, 3, 2)]),
        ("possible_same", "a2 a3", "a1 a2 a3", []),
        ("rejected", "a1", "a1", []),
    ],
)
def test_rows_are_the_same_where_all_columns_are(
    table: str, before: str, now: str, pieces: list[tuple[int, int, int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_parts, "FEWEST", 1)
    of = TABLES[table]
    for path, rows in ((tmp_path / "before", before.split()), (tmp_path / "now", now.split())):
        names = ("entity_id", "other_id" if table == "possible_same" else "wikidata_id")
        values = ((key, value.strip("-") or None) for key, value in map(tuple, rows))
        write_rows(path, of, [row(of.row, **dict(zip(names, its, strict=True) if of.key else ())) for its in values])
    assert find_same(of, tmp_path / "now", tmp_path / "before") == pieces


def test_a_second_process_validates_only_where_enough_is_not_proven(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "LEAST_ROWS", 6)
    one = folder.build("one", "a", "b", "c", "d")
    shares = publishing.share_tables(one, 2)
    assert {(name, place) for share in shares for name in share.tables for place in share.places} == set(product(TABLES, PLACES))
    assert len(shares) > len(PLACES)
    n_rows = [count(one, TABLES[share.tables[0]]) for share in shares if len(share.tables) == 1]
    assert n_rows == sorted(n_rows, reverse=True)
    two = folder.build("two", "a", "x", "c", "d", before=one)
    (share,) = publishing.share_tables(two, 2, folder.shared)
    assert (set(share.tables), share.places) == (set(TABLES), PLACES)


def test_what_is_checked_before_there_is_a_database_stands_in_its_place_in_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "LEAST_ROWS", 6)
    rows = staged_rows()
    rows["blocks"][0] = replace(rows["blocks"][0], position=-1)
    staged = rows.write(tmp_path)
    shares = publishing.share_tables(staged.folder, 2)
    before = [share for share in shares if share.places == publishing.EARLY]
    after = [share for share in shares if share not in before]

    def check(share: publishing.Share) -> tuple[publishing.Share, list[Checked]]:
        return share, check_tables(staged.folder, staged.working, share.tables, places=share.places)

    database = staged.folder / "qantar.db"
    database.rename(tmp_path / "later")
    found = [check(share) for share in before]
    (tmp_path / "later").rename(database)
    parted = write_report(staged.folder, Validation(publishing.in_order([*found, *map(check, after)])))
    assert parted == write_report(staged.folder, Validation(check_tables(staged.folder, staged.working, KNOWN)))
    assert [c.expectation for _, its in found for c in its if not c.success] == ["`position` is 0 or more"]


def test_a_column_that_is_made_anew_makes_the_part_another(folder: Folder) -> None:
    one = folder.build("one", "a", "b")
    two = folder.build("two", "a", "b", renamed="c")
    assert not any(a.samefile(b) for a, b in zip(parts(one, TABLE), parts(two, TABLE), strict=True))


def test_csv_of_parts_is_that_of_the_whole(folder: Folder) -> None:
    build = folder.build("one", "a", "b", "c")
    kept = write_parts(folder.context, build.with_name("again"), TABLE, folder.shards("a", "b", "c"), {}, [range(1), range(1, 3)])
    joined = join_csv(build, TABLE, [part / ROWS for part in kept])
    packed = (build / "csv/takedowns.csv.gz").read_bytes()
    assert joined == write_csv(build, TABLE)
    assert gzip.decompress(packed) == gzip.decompress((build / "csv/takedowns.csv.gz").read_bytes())


@pytest.mark.parametrize("what", ["database", "code", "run", "sums", "part"])
def test_nothing_is_taken_over_from_a_build_that_is_not_whole_or_was_validated_by_another_code(what: str, folder: Folder) -> None:
    one = folder.build("one", "a", "b", code="2" if what == "code" else "1")
    if what == "database":
        with closing(sqlite3.connect(one / "qantar.db")) as connection, connection:
            connection.execute("UPDATE takedowns SET reason = 'z'")
    elif what == "part":
        (one / "data/build/part-00000.parquet").write_bytes(b"not Parquet")
    elif what != "code":
        (one / {"run": RUN_FILE, "sums": "SHA256SUMS"}[what]).unlink()
    folder.build("two", "a", "b", before=one)
    assert folder.shared is None


@pytest.mark.parametrize("statement", ["DELETE FROM takedowns WHERE rowid = 2", "UPDATE takedowns SET document_id = 'x' WHERE rowid = 5"])
def test_rows_that_were_copied_are_looked_for_by_their_keys(statement: str, folder: Folder) -> None:
    one = folder.build("one", "a", "b")
    two = folder.build("two", "a", "b", before=one)
    assert folder.shared
    with closing(sqlite3.connect(two / "qantar.db")) as connection, connection:
        connection.execute(statement)
    copied = {path: [SameRows(first, last, first, True)] for path, (first, last) in folder.shared.rows.items()}
    checked = check_tables(two, None, ["takedowns"], [], Same(folder.shared.database, copied, []))
    (same,) = [c for c in checked if "SQLite holds" in c.expectation]
    assert not same.success
