"""What was proven of documents is believed of the same rows, texts and rules alone; a build that breaks a rule is caught as without it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from qantar.expectations import suites
from qantar.quality import proofs
from qantar.quality.proofs import Unproven, find_unproven, keep_proofs
from qantar.quality.validation import Checked, check_tables
from qantar.schema import KNOWN, OF_DOCUMENTS, TABLES
from qantar.store.cache import entry_of
from qantar.store.sqlite import Piece, Shared
from tests.expectations.sound_build import Staged, staged_rows
from tests.expectations.test_suites import FIRST, PAGE, PLANTED, SECOND

ALL = [FIRST, SECOND, "c" * 12, PAGE]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sound build, and where it is kept that it was proven, each document a unit; no test may change them."""
    folder = tmp_path_factory.mktemp("proven")
    staged = staged_rows().write(folder / "sound")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proofs, "_UNIT", 1)
        unproven = find_unproven(staged.folder, staged.raw_sums, folder / "cache")
        assert unproven.documents is None and len(unproven.proofs) == len(ALL)
        assert all(c.success for c in check_tables(staged.folder, staged.working, KNOWN))
        keep_proofs(folder / "cache", unproven.proofs)
    return folder


@pytest.fixture
def proven(sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what is kept, with the build beside it."""
    monkeypatch.setattr(proofs, "_UNIT", 1)
    return Path(shutil.copytree(sound, tmp_path / "proven")) / "cache"


def broken(checked: list[Checked]) -> list[tuple[str, str, int, list[dict[str, Any]], str | None]]:
    return [(c.table, c.expectation, c.n, c.rows, c.error) for c in checked if not c.success]


def unproven_of(staged: Staged, cache: Path) -> list[str]:
    """The documents that are to be checked."""
    found = find_unproven(staged.folder, staged.raw_sums, cache).documents
    return ALL if found is None else found


def test_nothing_is_checked_again_where_nothing_has_changed(tmp_path: Path, proven: Path) -> None:
    staged = staged_rows().write(tmp_path)
    assert find_unproven(staged.folder, staged.raw_sums, proven) == Unproven([], ())
    assert not broken(check_tables(staged.folder, staged.working, KNOWN, []))
    assert len(find_unproven(staged.folder, staged.raw_sums, proven, fresh=True).proofs) == len(ALL)


def found_again(staged: Staged, cache: Path) -> list[tuple[str, str, int, list[dict[str, Any]], str | None]]:
    """What breaks a rule, looked for in what is not the same as in the sound build."""
    sound = cache.with_name("sound") / "staged"
    copied = {}
    for part in sorted(staged.folder.rglob("part-*.parquet")):
        name = part.relative_to(staged.folder).as_posix()
        if part.parent.name not in ("build", "rejected") and part.read_bytes() == (sound / name).read_bytes():
            copied[name] = (1, pq.read_metadata(part).num_rows)
    unproven = find_unproven(staged.folder, staged.raw_sums, cache, Shared(sound / "qantar.db", copied, {}))
    return broken(check_tables(staged.folder, staged.working, KNOWN, unproven.documents, unproven.same))


@pytest.mark.parametrize(
    ("table", "row", "values"), [planted[:3] for planted in PLANTED], ids=[f"{planted[0]}: {planted[3]}" for planted in PLANTED]
)
def test_what_breaks_a_rule_is_found_as_if_nothing_were_proven(
    table: str, row: int, values: dict[str, Any], tmp_path: Path, proven: Path
) -> None:
    staged = staged_rows()
    staged.change(table, row, **values)
    staged.write(tmp_path)
    unproven = find_unproven(staged.folder, staged.raw_sums, proven)
    found = broken(check_tables(staged.folder, staged.working, KNOWN, unproven.documents))
    assert found
    assert found == broken(check_tables(staged.folder, staged.working, KNOWN))
    assert found == found_again(staged, proven)


REMOVED: list[tuple[str, int | slice, str]] = [
    ("mentions", 0, "`n_mentions` is the number of its rows in mentions"),
    ("mentions", 0, "`n_documents` is the number of documents that name it"),
    ("mentions", slice(0, 4, 3), "every alias is found"),
    ("entities", 1, "`entity_id`, if any, is a row of entities"),
    ("quotes", 0, "`quote_id` is a row of quotes"),
    ("quotes", 1, "`n_quotes` is the number of its members"),
    ("quotes", 1, "`n_documents` is the number of articles"),
    ("quote_groups", 0, "`quote_group_id`, if any, is a row of quote_groups"),
    ("quote_group_members", 0, "a quote's group is the one"),
    ("quote_group_members", 1, "`text` is the wording of one of its members"),
    ("duplicates", 0, "every duplicate has its row"),
]
"""A row, or several, and what is broken when they are not there, in rows that are the same as before."""


@pytest.mark.parametrize(("table", "row", "words"), REMOVED)
def test_what_a_row_that_is_gone_breaks_is_found_in_rows_that_are_the_same(
    table: str, row: int | slice, words: str, tmp_path: Path, proven: Path
) -> None:
    staged = staged_rows()
    del staged.tables[table][row]
    staged.write(tmp_path)
    found = found_again(staged, proven)
    assert found == broken(check_tables(staged.folder, staged.working, KNOWN))
    assert [rule for _, rule, *_ in found if words in rule]


def test_a_column_that_another_article_of_the_file_changes_makes_nothing_unproven_but_is_checked(tmp_path: Path, proven: Path) -> None:
    staged = staged_rows()
    staged.change("documents", 1, source_sha256="1" * 64)
    staged.write(tmp_path / "good")
    assert not unproven_of(staged, proven)
    staged.change("documents", 1, source_sha256="1")
    staged.write(tmp_path / "bad")
    assert not unproven_of(staged, proven)
    (found,) = broken(check_tables(staged.folder, staged.working, KNOWN, []))
    assert "`source_sha256`" in found[1]


def test_a_raw_text_that_is_another_is_checked(tmp_path: Path, proven: Path) -> None:
    staged = staged_rows()
    staged.articles[1] = replace(staged.articles[1], text=f"{staged.articles[1].text} And more.")
    staged.write(tmp_path)
    assert unproven_of(staged, proven) == [SECOND]
    assert broken(check_tables(staged.folder, staged.working, KNOWN, [SECOND]))


def test_a_part_that_was_damaged_is_caught(tmp_path: Path, proven: Path) -> None:
    staged = staged_rows().write(tmp_path)
    part = staged.folder / "data/sentences/part-00000.parquet"
    rows = pq.read_table(part)
    texts = rows.column("text").to_pylist()
    pq.write_table(rows.set_column(rows.schema.get_field_index("text"), rows.schema.field("text"), [["Other.", *texts[1:]]]), part)
    assert unproven_of(staged, proven) == [FIRST]
    assert broken(check_tables(staged.folder, staged.working, KNOWN, [FIRST]))
    part.write_bytes(part.read_bytes()[:-20])
    unproven = find_unproven(staged.folder, staged.raw_sums, proven)
    assert unproven == Unproven()
    assert broken(check_tables(staged.folder, staged.working, KNOWN, unproven.documents))


def test_a_database_that_was_damaged_is_caught(tmp_path: Path, proven: Path) -> None:
    staged = staged_rows().write(tmp_path)
    with closing(sqlite3.connect(staged.folder / "qantar.db")) as connection:
        connection.execute("UPDATE mentions SET text = 'Oslo' WHERE rowid = 1")
        connection.commit()
    found = broken(check_tables(staged.folder, staged.working, KNOWN, unproven_of(staged, proven)))
    assert [(table, rows) for table, words, _, rows, _ in found if "SQLite holds the rows" in words] == [
        ("mentions", [{"mention_id": f"{FIRST}-m29", "differs": "text"}])
    ]


def test_where_most_documents_changed_all_are_checked_but_rows_that_are_the_same_are_compared_in_sqlite(
    tmp_path: Path, proven: Path
) -> None:
    staged = staged_rows()
    staged.change("mentions", 0, label="LOC")  # of the first document's unit: its other rows are in pieces alone
    staged.write(tmp_path)
    part = "data/mentions/part-00000.parquet"
    n = pq.read_metadata(staged.folder / part).num_rows
    shared = Shared(proven.with_name("sound") / "staged/qantar.db", {}, {part: [Piece(1, 2, n - 1)]})
    unproven = find_unproven(staged.folder, dict.fromkeys(staged.raw_sums, "another"), proven, shared)
    assert unproven.documents is None
    assert unproven.same and [run[:3] for run in unproven.same.rows[part]] == [(2, n, 2)]
    with closing(sqlite3.connect(staged.folder / "qantar.db")) as database, database:
        database.execute("UPDATE mentions SET score = 0.5 WHERE rowid IN (1, 2)")
    found = [
        row for row in broken(check_tables(staged.folder, staged.working, KNOWN, None, unproven.same)) if "in the same order" in row[1]
    ]
    assert [(table, n) for table, _, n, _, _ in found] == [("mentions", 2)]


def damaged(proof: bytes, good: bytes) -> list[bytes]:
    """A proof that was cut, one of which a bit is another, and that of other documents, whole, in its place."""
    return [b"", proof[:-1], proof[:-1] + bytes([proof[-1] ^ 1]), good]


@pytest.mark.parametrize("way", range(4))
def test_a_damaged_proof_is_none(way: int, tmp_path: Path, proven: Path) -> None:
    staged = staged_rows()
    good, bad = find_unproven(staged.write(tmp_path / "good").folder, staged.raw_sums, proven, fresh=True).proofs[:2]
    path = entry_of(proven, "proof", bad)
    path.write_bytes(damaged(path.read_bytes(), entry_of(proven, "proof", good).read_bytes())[way])
    assert unproven_of(staged, proven) == [SECOND]


@pytest.mark.parametrize("way", range(1, 4))
def test_a_damaged_proof_lets_no_bad_row_through(way: int, tmp_path: Path, proven: Path) -> None:
    staged = staged_rows()
    good = find_unproven(staged.write(tmp_path / "good").folder, staged.raw_sums, proven, fresh=True).proofs[0]
    staged.change("mentions", 0, text="Oslo")
    staged.write(tmp_path / "bad")
    (bad,) = find_unproven(staged.folder, staged.raw_sums, proven).proofs
    whole = entry_of(proven, "proof", good).read_bytes()
    entry_of(proven, "proof", bad).parent.mkdir(exist_ok=True)
    entry_of(proven, "proof", bad).write_bytes(damaged(whole, whole)[way])
    assert unproven_of(staged, proven) == [FIRST]
    assert broken(check_tables(staged.folder, staged.working, KNOWN, unproven_of(staged, proven)))


def test_other_rules_prove_anew(tmp_path: Path, proven: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    staged = staged_rows().write(tmp_path)
    monkeypatch.setattr(proofs, "code_version", lambda: "another")
    assert find_unproven(staged.folder, staged.raw_sums, proven).documents is None


@pytest.mark.parametrize("unit", [1, 2, 32])
def test_a_document_that_comes_first_makes_its_unit_alone_unproven(unit: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "_UNIT", unit)
    letters = "bcdefghij"
    few, more = Staged(), Staged()
    for staged, which in ((few, letters), (more, f"a{letters}")):
        for letter in which:
            document = staged.article(letter, [f"Mr. Lee came {letter}."], f"Mr. Lee came {letter}.")
            staged.names(document, {"Lee": ("lee", "PERSON")})
        staged.entity("lee", "Lee", "PERSON")
        staged.finish("b1")
    few.write(tmp_path / "few")
    keep_proofs(tmp_path / "cache", find_unproven(few.folder, few.raw_sums, tmp_path / "cache").proofs)
    more.write(tmp_path / "more")
    found = find_unproven(more.folder, more.raw_sums, tmp_path / "cache")
    assert len(found.proofs) == 1
    assert not broken(check_tables(more.folder, more.working, TABLES, found.documents))
    if unit == 1:
        assert found.documents == ["a" * 12]


def test_rules_of_documents_are_of_their_tables_alone() -> None:
    by_document = {(name, e.description) for name, suite in suites().items() for e in suite.expectations if (e.meta or {}).get("by")}
    assert {name for name, _ in by_document} == set(OF_DOCUMENTS)
    assert not [words for _, words in by_document if "the key" in str(words)]
    elsewhere = "`canonical_id`", "`entity_id`", "`speaker_entity_id`", "`metonym_of`", "`quote_group_id`"
    assert not [words for _, words in by_document if "is a row of" in str(words) and str(words).split(",")[0].split(" ")[0] in elsewhere]


def test_kept_hashes_of_parts_are_not_used_where_units_are_cut_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    staged = staged_rows().write(tmp_path / "sound")
    keys = {}
    for size in (1, 2**40, 2, 1):
        monkeypatch.setattr(proofs, "_UNIT", size)
        found = find_unproven(staged.folder, staged.raw_sums, tmp_path / "kept").proofs
        assert found == find_unproven(staged.folder, staged.raw_sums, tmp_path / f"fresh-{size}").proofs
        keys[size] = len(found)
    assert keys[2**40] == 1 < keys[2] <= keys[1] == len(ALL)
