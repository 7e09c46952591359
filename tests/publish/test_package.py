"""What is published passes the validators of the field, and each of them notices a planted fault.

They run on a release, which has all that a build has and a date, so that there is nothing left to warn of.
"""

from __future__ import annotations

import csv
import gzip
import json
import logging
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from jsonschema import Draft7Validator

from qantar.publish.csv_tables import listed_files, read_checksums, write_csv
from qantar.publish.datapackage import declared_tables
from qantar.publish.description import Edition, sum_files
from qantar.publish.editions import tables_of
from qantar.publish.package import write_package
from qantar.publish.release import make_release
from qantar.publish.verify import verify_build
from qantar.schema import TABLES
from qantar.store.parquet import tables_in
from tests.publish.harbour import ARTICLES, CORPUS, rows_of, stage_build, write_build

CFF = json.loads((Path(__file__).parent / "schemas" / "cff-1.2.0.json").read_text())
EMPTY = {name for name, rows in rows_of(ARTICLES).items() if not rows}


@pytest.fixture(scope="module")
def full(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The full edition of a release, which no test may change."""
    return make_release(built, "1.0.0", tmp_path_factory.mktemp("full")).folder


@pytest.fixture(scope="module", name="annotations")
def annotations_edition(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition without texts."""
    return make_release(built, "1.0.0", tmp_path_factory.mktemp("annotations"), edition="annotations").folder


@pytest.fixture(params=["full", "annotations"])
def whole(request: pytest.FixtureRequest) -> Path:
    """Either of them."""
    return Path(request.getfixturevalue(request.param))


@pytest.fixture
def release(full: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return Path(shutil.copytree(full, tmp_path / "release"))


# --- Data Package --------------------------------------------------------------------------------------------


def frictionless_errors(folder: Path) -> list[tuple[Any, ...]]:
    from frictionless import validate

    report = validate(str(folder / "datapackage.json"))
    warnings = [(task.name, warning) for task in report.tasks for warning in task.warnings]
    return [*map(tuple, report.flatten(["title", "message"])), *warnings]


def test_where_no_licence_was_chosen_none_is_claimed(tmp_path: Path) -> None:
    for corpus, claims in ((CORPUS, True), (replace(CORPUS, annotations_licence=None), False)):
        build = write_build(tmp_path / str(claims), corpus=corpus)
        texts = [path.read_text("utf-8") for path in build.iterdir() if path.suffix in (".md", ".cff", ".json")]
        assert len(texts) > 4
        assert any(re.search("CC.BY|creativecommons", text, re.IGNORECASE) for text in texts) == claims


def test_frictionless_finds_nothing_wrong(whole: Path) -> None:
    assert frictionless_errors(whole) == []


def edit_csv(folder: Path, table: str, old: str, new: str) -> None:
    path = folder / "csv" / f"{table}.csv.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(old.encode(), new.encode()), mtime=0))


@pytest.mark.parametrize(
    ("table", "old", "new", "error"),
    [
        ("entities", '"PERSON"', '"PLANET"', "Constraint Error"),
        ("entities", '"reed"', '"reid"', "ForeignKey Error"),
        ("documents", ',true,"', ',true,"x', "ForeignKey Error"),
        ("quality", "0.9", "nine", "Type Error"),
        ("quality", "0.9", "0.8", "Hash Count Error"),
    ],
)
def test_frictionless_notices_a_fault_in_a_table(release: Path, table: str, old: str, new: str, error: str) -> None:
    edit_csv(release, table, old, new)
    assert error in {title for title, _ in frictionless_errors(release)}


def test_frictionless_notices_a_fault_in_a_parquet_file(release: Path) -> None:
    with (release / "data/quotes/part-00000.parquet").open("ab") as file:
        file.write(b"!")
    assert {title for title, _ in frictionless_errors(release)} == {"Byte Count Error", "Hash Count Error"}


def test_every_column_is_described_with_its_type_and_key(whole: Path) -> None:
    package = json.loads((whole / "datapackage.json").read_text())
    resources = {r["name"]: r for r in package["resources"] if r.get("type") == "table"}
    assert list(resources) == list(TABLES)
    for name, resource in resources.items():
        assert all(field["description"] and field["type"] for field in resource["schema"]["fields"])
        assert resource["schema"].get("primaryKey", []) == list(TABLES[name].key)
        assert resource["rows"] == pq.read_table(whole / "data" / name).num_rows


@pytest.mark.parametrize("edition", ["full", "annotations"])
def test_the_declarations_can_be_read_back_from_the_package(request: pytest.FixtureRequest, edition: Edition) -> None:
    folder: Path = request.getfixturevalue(edition)
    declared = declared_tables(json.loads((folder / "datapackage.json").read_text()))
    for name, table in tables_of(edition).items():
        columns = [replace(c, indexed=False, facet=False, is_words=False) for c in table]
        assert [replace(c, indexed=False) for c in declared[name]] == columns
        assert declared[name].key == table.key


# --- Croissant -----------------------------------------------------------------------------------------------


def test_mlcroissant_reads_every_table_without_a_warning(whole: Path, caplog: pytest.LogCaptureFixture) -> None:
    import mlcroissant

    with caplog.at_level(logging.WARNING):
        dataset = mlcroissant.Dataset(str(whole / "croissant.json"))
        for name in TABLES:
            held = pq.read_table(whole / "data" / name)
            key = held.column_names[0]
            assert [row[f"{name}/{key}"].decode() for row in dataset.records(name)] == held.column(key).to_pylist()
    assert not dataset.metadata.issues.errors
    assert not dataset.metadata.issues.warnings
    assert [record.message for record in caplog.records if record.name.startswith(("absl", "mlcroissant"))] == []


def test_mlcroissant_notices_a_changed_file(release: Path) -> None:
    import mlcroissant

    path = release / "data/quality/part-00000.parquet"
    held = pq.read_table(path)
    pq.write_table(held, path, compression="gzip")
    with pytest.raises(Exception, match=r"Download\(data/quality/part-00000\.parquet\)") as noticed:
        list(mlcroissant.Dataset(str(release / "croissant.json")).records("quality"))
    assert "is not identical with the reference" in str(noticed.value.__cause__)


def test_croissant_is_a_schema_org_dataset(whole: Path) -> None:
    dataset = json.loads((whole / "croissant.json").read_text())
    assert dataset["@type"] == "sc:Dataset"
    assert {file["contentUrl"] for file in dataset["distribution"]} >= {"qantar.db", "data/quotes/part-00000.parquet"}
    assert dataset["license"].startswith("https://creativecommons.org/licenses/by/4.0")


# --- Hugging Face --------------------------------------------------------------------------------------------


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import datasets

    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    datasets.disable_progress_bars()
    yield
    datasets.enable_progress_bars()


@pytest.mark.usefixtures("offline")
def test_datasets_loads_every_table_that_has_rows(whole: Path, tmp_path: Path) -> None:
    import datasets

    for name in TABLES.keys() - EMPTY:
        loaded = datasets.load_dataset(str(whole), name, split="train", cache_dir=str(tmp_path))
        held = pq.read_table(whole / "data" / name)
        assert (loaded.num_rows, loaded.column_names) == (held.num_rows, held.column_names)
    assert datasets.get_dataset_config_names(str(whole)) == [name for name in TABLES if name not in EMPTY]


@pytest.mark.usefixtures("offline")
def test_datasets_notices_a_broken_file(release: Path, tmp_path: Path) -> None:
    import datasets

    path = release / "data/quotes/part-00000.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(pa.ArrowInvalid, match="not found in footer"):
        datasets.load_dataset(str(release), "quotes", cache_dir=str(tmp_path))


def test_the_card_has_a_sound_header_and_every_section(whole: Path) -> None:
    _, header, body = (whole / "README.md").read_text("utf-8").split("---\n", 2)
    told = yaml.safe_load(header)
    assert told["pretty_name"].startswith(CORPUS.title)
    assert [c["config_name"] for c in told["configs"] if c.get("default")] == ["documents"]
    sections = re.findall(r"^## (.+)$", body, re.MULTILINE)
    assert sections == [
        "Use", "Composition", "Collection", "Annotation", "Quality", "What the scores of quotes mean", "Known errors", "Uses and misuses",
        "Personal data", "Rights", "Citation", "Changes", "Tables",
    ]  # fmt: skip
    assert "| quotes | 0.900 (0.80–0.95) | 20 | gold |" in body
    assert "\n\n\n" not in body


# --- citation ------------------------------------------------------------------------------------------------


def test_the_citation_follows_its_schema(whole: Path) -> None:
    cited = yaml.load((whole / "CITATION.cff").read_text("utf-8"), yaml.BaseLoader)
    assert [error.message for error in Draft7Validator(CFF).iter_errors(cited)] == []
    assert (cited["version"], cited["date-released"]) == ("1.0.0", "2026-11-22")
    assert list(Draft7Validator(CFF).iter_errors({**cited, "authors": []})) != []


def test_only_the_edition_without_texts_is_open_on_zenodo(whole: Path) -> None:
    deposit = json.loads((whole / ".zenodo.json").read_text())
    assert deposit["upload_type"] == "dataset"
    assert deposit["access_right"] == ("open" if "annotations" in whole.name else "restricted")


# --- checksums and CSV -----------------------------------------------------------------------------------------


def sha256sum(folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sha256sum", "--check", "--strict", "--quiet", name], cwd=folder, capture_output=True, text=True, check=False)


def test_sha256sum_finds_every_file_as_it_was(whole: Path) -> None:
    assert sha256sum(whole, "SHA256SUMS").returncode == 0
    listed = {line.split("  ")[1] for line in (whole / "SHA256SUMS").read_text().splitlines()}
    assert listed == {path.relative_to(whole).as_posix() for path in listed_files(whole)}


def test_sha256sum_notices_a_changed_file(release: Path) -> None:
    (release / "CITATION.cff").write_text("cff-version: 2.0.0")
    assert "CITATION.cff: FAILED" in sha256sum(release, "SHA256SUMS").stdout


def test_row_digests_are_those_of_the_unpacked_csv(release: Path) -> None:
    for path in (release / "csv").iterdir():
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
    assert sha256sum(release, "ROWS.sha256").returncode == 0
    (release / "csv" / "quotes.csv").write_text("quote_id\n")
    assert "csv/quotes.csv: FAILED" in sha256sum(release, "ROWS.sha256").stdout


def test_csv_is_plain_enough_for_any_reader(whole: Path) -> None:
    """Strict RFC 4180, as R's readers and spreadsheets want it: no byte order mark, no NUL, rows of one length."""
    for name in TABLES:
        data = gzip.decompress((whole / "csv" / f"{name}.csv.gz").read_bytes())
        assert not data.startswith(b"\xef\xbb\xbf")
        assert b"\0" not in data
        header, *rows = csv.reader(data.decode("utf-8").splitlines(keepends=True), strict=True)
        held = pq.read_table(whole / "data" / name)
        assert header == held.column_names
        assert [len(row) for row in rows] == [len(header)] * held.num_rows


def test_duckdb_reads_the_same_rows_from_parquet_and_csv(whole: Path) -> None:
    for name in TABLES.keys() - EMPTY:
        held = pq.read_table(whole / "data" / name)
        (n,) = duckdb.sql(f"SELECT count(*) FROM '{whole}/data/{name}/*.parquet'").fetchall()[0]
        (n_csv,) = duckdb.sql(f"SELECT count(*) FROM read_csv('{whole}/csv/{name}.csv.gz', all_varchar = true)").fetchall()[0]
        assert n == n_csv == held.num_rows
    key = f"SELECT count(*) FROM '{whole}/data/mentions/*.parquet' AS m ANTI JOIN '{whole}/data/entities/*.parquet' AS e USING (entity_id)"
    assert duckdb.sql(key).fetchall() == [(0,)]


def test_duckdb_notices_a_broken_file(release: Path) -> None:
    path = release / "data/quotes/part-00000.parquet"
    path.write_bytes(path.read_bytes()[:-8] + b"\xff" * 8)
    with pytest.raises(duckdb.Error):
        duckdb.sql(f"SELECT count(*) FROM '{path}'").fetchall()


def test_a_null_and_an_empty_text_differ_in_csv(tmp_path: Path) -> None:
    rows = rows_of(ARTICLES)
    build = write_build(tmp_path / "build", rejected=[replace(rows["rejected"][0], source_record="", detail='a\nb, "c"')])
    text = gzip.decompress((build / "csv/rejected.csv.gz").read_bytes()).decode()
    assert text == 'source_path,source_record,stage,reason,detail\n"empty.txt","","read","empty","a\nb, ""c"""\n'


@pytest.mark.usefixtures("offline")
def test_a_table_may_have_several_files(tmp_path: Path) -> None:
    import datasets
    import mlcroissant

    build = tmp_path / "build"
    stage_build(build, rows_of(ARTICLES), n_parts=2)
    write_package(build, CORPUS)
    assert frictionless_errors(build) == []
    records = mlcroissant.Dataset(str(build / "croissant.json")).records("sentences")
    assert (
        len(list(records)) == datasets.load_dataset(str(build), "sentences", split="train", cache_dir=str(tmp_path / "cache")).num_rows == 8
    )
    assert verify_build(build) == []


# --- all of it -----------------------------------------------------------------------------------------------


def test_the_same_rows_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    again = write_build(tmp_path / "again")
    assert (again / "SHA256SUMS").read_text() == (built / "SHA256SUMS").read_text()


def test_files_that_were_measured_before_have_the_same_sums(built: Path, tmp_path: Path) -> None:
    build = tmp_path / "build"
    stage_build(build, rows_of(ARTICLES))
    digests = {name: write_csv(build, table) for name, table in tables_in(build).items()}
    sums = sum_files(build)
    assert set(sums) == {"qantar.db", *(f"csv/{name}.csv.gz" for name in digests)}
    assert sums.items() <= read_checksums(built).items()
    known = dict.fromkeys(sums, "0" * 64)
    write_package(build, CORPUS, digests=digests, sums=known)
    assert known.items() <= read_checksums(build).items()


def test_a_corpus_that_says_nothing_of_itself_and_holds_nothing_is_described_too(tmp_path: Path) -> None:
    rows = {name: [] for name in TABLES} | {"build": rows_of({})["build"]}
    stage_build(tmp_path, rows)
    write_package(tmp_path, type(CORPUS)())
    assert frictionless_errors(tmp_path) == []
    cited = yaml.load((tmp_path / "CITATION.cff").read_text("utf-8"), yaml.BaseLoader)
    assert list(Draft7Validator(CFF).iter_errors(cited)) == []
    assert "has not been measured" in (tmp_path / "README.md").read_text()


def examples(language: str) -> list[str]:
    """The card's examples in a language."""
    return re.findall(rf"```{language}\n(.*?)```", files("qantar.publish").joinpath("card.md").read_text("utf-8"), re.DOTALL)


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("code", examples("python"))
def test_the_card_s_python_runs(built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: str) -> None:
    monkeypatch.chdir(built)
    exec(compile(code, "card", "exec"), {})
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("code", examples("sql"))
def test_the_card_s_sql_runs(built: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.chdir(built)
    if "duckdb" in code.splitlines()[0]:
        assert duckdb.sql(code).fetchall()
    else:
        with closing(sqlite3.connect("qantar.db")) as connection:
            assert connection.execute(code).fetchall() == [("Anna Reed", "direct", 2, 2)]


def test_the_card_s_address_is_one_that_datasette_answers(built: Path) -> None:
    import asyncio

    from datasette.app import Datasette

    (address,) = (re.search(r"http://127.0.0.1:8001(\S+)'", code) for code in examples("console"))
    assert address
    answer = asyncio.run(Datasette([str(built / "qantar.db")]).client.get(address[1]))
    assert [row["text"] for row in answer.json()] == ["We had no choice", "We had no choice"]


def test_pandas_reads_whole_tables_with_their_types(built: Path) -> None:
    documents = pd.read_parquet(built / "data/documents")
    assert str(documents["is_canonical"].dtype) == "bool"
    assert documents["published_on"].notna().sum() == 1
