"""Each kind of damage to a build is found, and called by its name."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import make_dataclass, replace
from pathlib import Path
from typing import Any, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qantar.publish import verify
from qantar.publish.csv_tables import CHECKSUMS, listed_files, write_checksums
from qantar.publish.package import write_package
from qantar.publish.verify import Problem, verify_build
from qantar.schema import TABLES
from qantar.settings import QantarError
from qantar.store.parquet import batches
from qantar.store.sqlite import write_build_database, write_database
from tests.publish.harbour import CORPUS


def kinds(problems: list[Problem]) -> set[str]:
    return {problem.kind for problem in problems}


def edit(build: Path, table: str, row: int = 0, **values: Any) -> None:
    """Change a row of a table's Parquet, as a careful forger would: with checksums and database made anew."""
    path = build / "data" / table / "part-00000.parquet"
    held = pq.read_table(path)
    rows = held.to_pylist()
    rows[row] |= values
    pq.write_table(pa.Table.from_pylist(rows, held.schema), path)


def seal(build: Path) -> None:
    """Make the database and the checksums fit the Parquet files again."""
    write_build_database(build)
    write_checksums(build)


def test_a_whole_build_has_no_problem(built: Path) -> None:
    assert verify_build(built) == []


def test_metadata_that_do_not_follow_from_the_corpus_are_found(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a build that this version made; an earlier one described it in other words."""
    (build / "metadata.json").write_text((build / "metadata.json").read_text().replace("harbour", "desert"))
    write_checksums(build)
    assert verify_build(build) == []
    monkeypatch.setattr(verify, "code_version", lambda: "0.1.0")
    assert [(p.kind, p.where) for p in verify_build(build)] == [("metadata", "metadata.json")]


def test_a_build_whose_run_did_not_end_is_found(build: Path, tmp_path: Path) -> None:
    published = tmp_path / "builds" / "aaaa"
    shutil.copytree(build, published)
    assert verify_build(published) == []
    (published / "run.json").unlink()
    assert [(p.kind, p.where) for p in verify_build(published)] == [("missing file", "run.json")]


def test_a_folder_that_is_no_build_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(QantarError, match="neither a build nor an unpacked release"):
        verify_build(tmp_path)


@pytest.mark.parametrize("name", ["qantar.db", "README.md", "validation/index.html", "csv/quotes.csv.gz", "data/quotes/part-00000.parquet"])
def test_a_flipped_byte_is_found_in_any_file(build: Path, name: str) -> None:
    data = bytearray((build / name).read_bytes())
    data[len(data) // 2] ^= 1
    (build / name).write_bytes(data)
    assert name in {p.where for p in verify_build(build) if p.kind == "checksum"}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), file=st.integers(0, 1000))
def test_any_bit_may_flip_and_the_report_still_comes(build: Path, place: float, bit: int, file: int) -> None:
    files = listed_files(build)
    path = files[file % len(files)]
    whole = path.read_bytes()
    damaged = bytearray(whole)
    damaged[int(place * len(damaged))] ^= 1 << bit
    path.write_bytes(damaged)
    problems = verify_build(build)
    path.write_bytes(whole)
    assert path.relative_to(build).as_posix() in {p.where for p in problems if p.kind == "checksum"}


@pytest.mark.parametrize(
    "name", ["qantar.db", "CITATION.cff", "csv/quotes.csv.gz", "data/quotes/part-00000.parquet", "SHA256SUMS", "datapackage.json"]
)
def test_a_missing_file_is_named(build: Path, name: str) -> None:
    (build / name).unlink()
    assert name in {p.where for p in verify_build(build) if p.kind == "missing file"}


def test_a_file_that_does_not_belong_is_named(build: Path) -> None:
    (build / "data" / "notes.txt").write_text("mine")
    assert [(p.kind, p.where) for p in verify_build(build)] == [("extra file", "data/notes.txt")]


def test_the_times_of_a_run_may_change(build: Path) -> None:
    (build / "run.json").write_text("{}")
    assert verify_build(build) == []


def test_an_edited_row_is_found_though_checksums_and_database_were_made_anew(build: Path) -> None:
    edit(build, "entities", description="harbour master")
    seal(build)
    problems = verify_build(build)
    assert "data/entities" in {p.where for p in problems if p.kind == "row"}
    assert kinds(problems) == {"row", "csv", "metadata"}


def test_a_row_edited_in_sqlite_alone_is_named_with_its_column(build: Path) -> None:
    with closing(sqlite3.connect(build / "qantar.db")) as connection, connection:
        connection.execute("UPDATE entities SET name = 'Anne Reed'")
    rows = [p for p in verify_build(build) if p.kind == "row"]
    assert [str(p) for p in rows] == ["qantar.db, table entities: row: row reed differs from Parquet in name"]


def test_a_row_missing_from_sqlite_is_found(build: Path) -> None:
    with closing(sqlite3.connect(build / "qantar.db")) as connection, connection:
        connection.execute("DELETE FROM rejected")
    assert any(p.kind == "row" and "only in Parquet" in p.what for p in verify_build(build))


def test_a_key_that_stands_twice_is_named(build: Path) -> None:
    first = pq.read_table(build / "data/sentences/part-00000.parquet").to_pylist()[0]["sentence_id"]
    edit(build, "sentences", row=1, sentence_id=first)
    assert any(p.kind == "key" and first in p.what for p in verify_build(build))


def test_a_reference_to_nothing_is_named(build: Path) -> None:
    edit(build, "mentions", entity_id="nobody")
    seal(build)
    assert Problem("reference", "mentions.entity_id", "no row of entities has the key nobody") in verify_build(build)


@pytest.mark.parametrize(
    ("table", "column", "by"),
    [("sentences", "start", 1), ("mentions", "end", 1), ("blocks", "end", -1), ("quotes", "cue_start", -1), ("quotes", "speaker_end", 900)],
)
def test_a_shifted_offset_is_named(build: Path, table: str, column: str, by: int) -> None:
    row = pq.read_table(build / "data" / table / "part-00000.parquet").to_pylist()[0]
    edit(build, table, **{column: row[column] + by})
    seal(build)
    key = row[TABLES[table].key[0]]
    assert any(p.kind == "offset" and p.where == table and p.what.startswith(key) for p in verify_build(build))


def test_a_shifted_segment_is_named(build: Path) -> None:
    row = pq.read_table(build / "data/quotes/part-00000.parquet").to_pylist()[0]
    edit(build, "quotes", segments=[[row["start"], row["end"] - 1]])
    seal(build)
    assert [p.what.split(": ")[0] for p in verify_build(build) if p.kind == "offset"] == [row["quote_id"]]


@pytest.mark.parametrize(
    ("values", "where"),
    [({"label": "PLANET"}, "entities.label"), ({"latitude": 91.0}, "entities.latitude"), ({"wikidata_id": "42"}, "entities.wikidata_id")],
)
def test_a_value_that_its_column_does_not_allow_is_named(build: Path, values: dict[str, Any], where: str) -> None:
    edit(build, "entities", **values)
    seal(build)
    assert where in {p.where for p in verify_build(build) if p.kind == "value"}


def test_a_text_that_does_not_fit_its_hash_is_named(build: Path) -> None:
    edit(build, "documents", text_sha256="0" * 64)
    seal(build)
    assert "documents.text" in {p.where for p in verify_build(build) if p.kind == "value"}


def test_a_column_of_another_type_is_named(build: Path) -> None:
    path = build / "data/quality/part-00000.parquet"
    held = pq.read_table(path)
    pq.write_table(
        held.set_column(held.schema.get_field_index("n"), pa.field("n", pa.int32(), False), held.column("n").cast(pa.int32())), path
    )
    seal(build)
    assert any(p.kind == "schema" and p.what.endswith(": n") for p in verify_build(build))


def test_a_csv_that_holds_other_rows_is_named(build: Path) -> None:
    path = build / "csv/entities.csv.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"Anna", b"Anne"), mtime=0))
    write_checksums(build)
    assert {(p.kind, p.where) for p in verify_build(build)} >= {("csv", "csv/entities.csv.gz")}


def test_a_checksum_that_does_not_fit_the_metadata_is_named(build: Path) -> None:
    package = json.loads((build / "datapackage.json").read_text())
    package["resources"][0]["hash"] = "sha256:" + "0" * 64
    (build / "datapackage.json").write_text(json.dumps(package))
    write_checksums(build)
    assert {(p.kind, p.where) for p in verify_build(build)} == {("metadata", "datapackage.json")}


def test_a_database_that_cannot_be_read_is_named(build: Path) -> None:
    (build / "qantar.db").write_bytes(b"no database" * 1000)
    assert {"checksum", "database"} <= kinds(verify_build(build))


def test_an_older_release_is_checked_by_its_own_declarations(build: Path) -> None:
    """As a release looks that was made before a column was added."""
    tables = dict(TABLES)
    row = make_dataclass("Older", [(c, h) for c, h in get_type_hints(TABLES["rejected"].row, include_extras=True).items() if c != "detail"])
    tables["rejected"] = replace(TABLES["rejected"], row=row, order=("source_path",))
    path = build / "data/rejected/part-00000.parquet"
    pq.write_table(pq.read_table(path).drop_columns("detail"), path)
    write_database(build / "qantar.db", tables, lambda table: batches(build, table))
    write_package(build, CORPUS, tables=tables)
    assert verify_build(build) == []


def test_many_problems_of_one_kind_are_counted_not_listed(build: Path) -> None:
    with closing(sqlite3.connect(build / "qantar.db")) as connection, connection:
        connection.execute("UPDATE sentences SET n_tokens = n_tokens + 1")
    rows = [p.what for p in verify_build(build) if p.kind == "row"]
    assert len(rows) == 6
    assert rows[-1] == "and 3 more"


def test_a_broken_list_of_checksums_is_named(build: Path) -> None:
    (build / CHECKSUMS).write_text("what\n")
    assert any(p.kind == "checksum" and "line 1" in p.what for p in verify_build(build))
