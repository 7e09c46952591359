"""The flow from end to end, as a user runs it: real articles, real Prefect, real processes."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from qantar.schema import TABLES
from qantar.store import cache
from tests.conftest import RAW, Qantar


def query(database: Path, sql: str) -> list[tuple]:  # type: ignore[type-arg]
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql).fetchall()


def outcomes(out: Path) -> list[str]:
    return [row[0] for row in query(out / "history.db", "SELECT outcome FROM builds ORDER BY started")]


def copy_raw(folder: Path, names: Iterable[str] | None = None) -> Path:
    folder.mkdir()
    for name in names or [path.name for path in RAW.iterdir()]:
        shutil.copyfile(RAW / name, folder / name)
    (folder / "corpus.toml").write_text('title = "A copy"\n')
    return folder


ARTICLE = """Ministers met on Monday in Nairobi to talk about the price of bread and fuel, the president's office said.

"We will not let prices rise again this year," said Jane Mwangi, the finance minister. She added that a new law was being written.

The opposition called the plan a gift to the mills, and asked for a debate in parliament before the end of the month.
"""


def test_a_build_of_the_articles_is_whole(dataset: Path) -> None:
    assert {path.name for path in (dataset / "data").iterdir()} == set(TABLES)
    for name, table in TABLES.items():
        assert list(pd.read_parquet(dataset / "data" / name).columns) == [column.name for column in table]
    documents = pd.read_parquet(dataset / "data" / "documents")
    assert len(documents) == 5
    assert documents.is_canonical.all()
    assert (documents[["n_sentences", "n_mentions", "n_quotes"]] > 0).all().all()
    assert query(dataset / "qantar.db", "PRAGMA foreign_key_check") == []
    subprocess.run(["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=dataset, check=True)
    listed = {line.split("  ", 1)[1] for line in (dataset / "SHA256SUMS").read_text().splitlines()}
    present = {path.relative_to(dataset).as_posix() for path in dataset.rglob("*") if path.is_file()}
    assert present - listed == {"SHA256SUMS", "run.json"}


def test_a_run_is_told_in_run_json_and_in_the_history(processed: Path, dataset: Path) -> None:
    run = json.loads((dataset / "run.json").read_text())
    assert run["outcome"] == "published"
    assert run["build_id"] == dataset.name
    assert {"read", "clean", "annotate", "validate", "publish"} <= set(run["seconds"])
    assert outcomes(processed)[0] == "published"
    changes = query(processed / "history.db", "SELECT build_id, change, count(*) FROM changes GROUP BY 1, 2")
    assert changes == [(dataset.name, "added", 5)]


def test_a_fresh_machine_needs_no_server(qantar: Qantar, tmp_path: Path) -> None:
    raw, out = copy_raw(tmp_path / "raw", ["000_d1c0b45d70eecad1.txt"]), tmp_path / "out"
    done = qantar("build", "--raw", raw, "--out", out, "--no-annotate", PREFECT_API_URL="", PREFECT_HOME=str(out / ".prefect"))
    assert done.returncode == 0, done.stderr
    assert query(out / ".prefect/prefect.db", "SELECT count(*) FROM flow_run") == [(1,)]
    again = qantar("build", "--raw", raw, "--out", out, "--no-annotate", PREFECT_API_URL="", PREFECT_HOME=str(out / ".prefect"))
    assert again.returncode == 0
    assert "nothing has changed" in again.stdout
    assert outcomes(out) == ["published", "unchanged"]
    assert query(out / ".prefect/prefect.db", "SELECT count(*) FROM flow_run") == [(1,)], "nothing to do needs no flow"


def test_a_run_leaves_its_summary_as_a_prefect_artifact(dataset: Path, prefect_home: Path) -> None:
    found = query(prefect_home / "prefect.db", "SELECT data FROM artifact WHERE key = 'qantar-build'")
    assert any(dataset.name in data for (data,) in found)


def test_order_of_files_and_number_of_workers_make_no_difference(qantar: Qantar, dataset: Path, tmp_path: Path) -> None:
    shuffled = tmp_path / "shuffled"
    shuffled.mkdir()
    files = sorted(path for path in RAW.iterdir() if path.is_file())
    random.Random(5).shuffle(files)
    for path in files:
        shutil.copyfile(path, shuffled / path.name)
    sums = []
    for workers in ("1", "3"):
        out = tmp_path / f"out{workers}"
        done = qantar("build", "--raw", shuffled, "--out", out, "--workers", workers)
        assert done.returncode == 0, done.stderr
        sums.append((out / "latest" / "SHA256SUMS").read_text())
    assert sums[0] == sums[1]
    # the corpus.toml is another one, so the build is called otherwise; its rows are the same
    for name in set(TABLES) - {"build"}:
        assert (out / "latest/data" / name / "part-00000.parquet").read_bytes() == (
            dataset / "data" / name / "part-00000.parquet"
        ).read_bytes()


def test_a_copy_of_an_annotated_article_does_not_lower_the_figures(qantar: Qantar, dataset: Path, tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    shutil.copytree(RAW, raw)
    for folder in ("0", "z"):  # before and after the article itself
        (raw / folder).mkdir()
        shutil.copyfile(raw / "002_3a238052e7e8c682.txt", raw / folder / "002_3a238052e7e8c682.txt")
    done = qantar("build", "--raw", raw, "--out", out)
    assert done.returncode == 0, done.stderr
    assert query(out / "latest/qantar.db", "SELECT count(*) FROM duplicates WHERE kind = 'exact'") == [(2,)]
    figures = "SELECT layer, metric, value FROM quality ORDER BY 1, 2"
    assert query(out / "latest/qantar.db", figures) == query(dataset / "qantar.db", figures)


def test_a_re_run_pays_for_what_changed_and_gives_what_a_build_from_nothing_would(qantar: Qantar, tmp_path: Path) -> None:
    raw, out = copy_raw(tmp_path / "raw", ["000_d1c0b45d70eecad1.txt", "001_cc2c92a9965be40f.txt"]), tmp_path / "out"
    first = qantar("build", "--raw", raw, "--out", out)
    assert first.returncode == 0, first.stderr
    build = (out / "latest").resolve()

    again = qantar("build", "--raw", raw, "--out", out)
    assert again.returncode == 0
    assert "nothing has changed" in again.stdout
    assert (out / "latest").resolve() == build

    (raw / "bread.txt").write_text(ARTICLE)
    (raw / "001_cc2c92a9965be40f.txt").unlink()
    more = qantar("build", "--raw", raw, "--out", out)
    assert more.returncode == 0, more.stderr
    assert outcomes(out) == ["published", "unchanged", "published"]
    new = (out / "latest").resolve()
    changes = query(out / "history.db", f"SELECT change, count(*) FROM changes WHERE build_id = '{new.name}' GROUP BY 1")
    assert dict(changes)["added"] == 1
    assert dict(changes)["removed"] == 1

    fresh = qantar("build", "--raw", raw, "--out", tmp_path / "fresh")
    assert fresh.returncode == 0, fresh.stderr
    assert (tmp_path / "fresh/latest/SHA256SUMS").read_bytes() == (new / "SHA256SUMS").read_bytes()

    (raw / "bread.txt").unlink()
    shutil.copyfile(RAW / "001_cc2c92a9965be40f.txt", raw / "001_cc2c92a9965be40f.txt")
    back = qantar("build", "--raw", raw, "--out", out)
    assert "is again what build" in back.stdout
    assert (out / "latest").resolve() == build
    changes = query(out / "history.db", f"SELECT change, count(*) FROM changes WHERE build_id = '{build.name}' GROUP BY 1")
    # against what readers had before, not what was before the first time; a surname alone is again that of the other article's person
    assert changes == [("added", 1), ("changed", 1), ("removed", 1)]


def test_bad_input_becomes_rows_and_stops_nothing(qantar: Qantar, tmp_path: Path) -> None:
    raw, out = copy_raw(tmp_path / "raw", ["000_d1c0b45d70eecad1.txt"]), tmp_path / "out"
    (raw / "empty.txt").write_bytes(b"")
    (raw / "blank.txt").write_bytes(b" \n\t\n")
    (raw / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\x06" + random.Random(1).randbytes(4000))
    (raw / "wrong.txt").write_bytes(ARTICLE.replace("bread", "bröd – “smör”").encode("cp1252"))
    (raw / "gone.txt").symlink_to(raw / "nowhere.txt")
    (raw / "sheet.xlsx").write_bytes(b"PK\3\4")
    (raw / "articles.csv").write_text("path,outlet\n000_d1c0b45d70eecad1.txt,Example\nnot-there.txt,Example\nempty.txt,a,b,c,d\n")
    (raw / "corpus.toml").write_text("max_rejected = 0.9\n")
    done = qantar("build", "--raw", raw, "--out", out)
    assert done.returncode == 0, done.stderr
    database = out / "latest/qantar.db"
    rejected = dict(query(database, "SELECT source_path, reason FROM rejected"))
    assert {"empty.txt", "blank.txt", "picture.txt", "gone.txt", "sheet.xlsx", "articles.csv"} <= set(rejected)
    documents = dict(query(database, "SELECT source_path, outlet FROM documents"))
    assert documents["000_d1c0b45d70eecad1.txt"] == "Example"
    assert "“smör”" in dict(query(database, "SELECT source_path, text FROM documents"))["wrong.txt"]
    lines = query(database, "SELECT reason, detail FROM rejected WHERE source_path = 'articles.csv' ORDER BY detail")
    assert any(reason == "unmatched" and "not-there.txt" in detail for reason, detail in lines)
    assert set(documents) | set(rejected) >= {path.name for path in raw.iterdir()} - {"corpus.toml"}
    assert query(database, "SELECT count(*) FROM rejected WHERE detail = ''") == [(0,)]


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda raw: shutil.rmtree(raw), "there is no such folder"),
        (lambda raw: [path.unlink() for path in raw.iterdir()], "there is no article in it"),
        (lambda raw: (raw / "corpus.toml").write_text("title = "), "cannot be read as TOML"),
        (lambda raw: (raw / "corpus.toml").write_text("max_rejected = 7"), "max_rejected should be"),
        (lambda raw: (raw / "corpus.toml").write_text("colour = 'red'"), "unknown key 'colour'"),
        (lambda raw: (raw / "corpus.toml").write_text("homepage = 'javascript:alert(1)'"), "begins with https:// or http://"),
        (lambda raw: [(raw / f"{n}.txt").write_text("") for n in range(9)], "max_rejected = 0.25"),
        (lambda raw: (raw / "authority.csv").write_text("id,name\nx,\n"), "authority.csv"),
    ],
    ids=["missing", "empty", "toml", "value", "key", "homepage", "rejected", "authority"],
)
def test_what_cannot_be_built_is_a_clear_error_and_the_last_build_stays(qantar: Qantar, tmp_path: Path, prepare, said: str) -> None:  # type: ignore[no-untyped-def]
    raw, out = copy_raw(tmp_path / "raw", ["000_d1c0b45d70eecad1.txt"]), tmp_path / "out"
    out.mkdir()
    (out / "builds/old").mkdir(parents=True)
    (out / "latest").symlink_to("builds/old")
    prepare(raw)
    done = qantar("build", "--raw", raw, "--out", out)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert (out / "latest").readlink() == Path("builds/old")
    assert [path.name for path in (out / "builds").iterdir() if not path.name.startswith(".")] == ["old"]
    assert outcomes(out) == ["failed"]


def test_an_output_folder_that_cannot_be_written_to_is_a_clear_error(qantar: Qantar, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = qantar("build", "--raw", RAW, "--out", tmp_path / "file/out")
    assert done.returncode == 1
    assert "cannot write there" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_build_that_breaks_an_expectation_is_not_published(qantar: Qantar, tmp_path: Path) -> None:
    raw, out = copy_raw(tmp_path / "raw", ["000_d1c0b45d70eecad1.txt"]), tmp_path / "out"
    assert qantar("build", "--raw", raw, "--out", out).returncode == 0
    good = (out / "latest").resolve()
    sums = (good / "SHA256SUMS").read_bytes()
    # A stage's fault: the third sentence is said to stand one character further on than it does.
    (sentences,) = (out / ".cache" / "annotate").rglob("sentences.parquet")
    rows = pq.read_table(sentences)
    broken = rows.column("sentence_id")[2].as_py()
    start = pc.if_else(pc.equal(rows.column("sentence_id"), broken), pc.add(rows.column("start"), 1), rows.column("start"))
    fields = [pa.field(f.name, f.type, nullable=TABLES["sentences"].columns[i].nullable) for i, f in enumerate(rows.schema)]
    rows = rows.set_column(rows.schema.get_field_index("start"), "start", start).cast(pa.schema(fields))
    pq.write_table(rows, sentences, store_schema=False)
    entry = sentences.parent
    manifest = {name: cache.sha256(entry / name) for name in cache.sums_of(entry)}
    (entry / cache.MANIFEST).write_text(json.dumps(manifest))
    shutil.rmtree(out / "builds" / good.name / "validation")
    (good / "run.json").unlink()  # as if it had not been built: the next run does not find it whole

    done = qantar("build", "--raw", raw, "--out", out)
    assert done.returncode == 1
    assert "not valid" in done.stderr
    assert broken in done.stderr
    (report,) = (out / "failed").glob("*/report.json")
    assert broken in report.read_text()
    assert (out / "latest").resolve() == good
    assert (good / "SHA256SUMS").read_bytes() == sums
    assert outcomes(out) == ["published", "failed"]


def test_without_annotation_documents_and_their_duplicates_are_published(qantar: Qantar, tmp_path: Path) -> None:
    raw, out = copy_raw(tmp_path / "raw", ["000_d1c0b45d70eecad1.txt"]), tmp_path / "out"
    shutil.copyfile(raw / "000_d1c0b45d70eecad1.txt", raw / "copy.txt")
    done = qantar("build", "--raw", raw, "--out", out, "--no-annotate")
    assert done.returncode == 0, done.stderr
    database = out / "latest/qantar.db"
    assert query(database, "SELECT is_canonical, duplicate_kind, n_tokens FROM documents ORDER BY 1") == [
        (0, "exact", None),
        (1, None, None),
    ]
    assert query(database, "SELECT count(*) FROM duplicates") == [(1,)]
    assert query(database, "SELECT count(*) FROM sentences") == [(0,)]


def test_articles_of_one_address_or_id_are_documents_each_and_none_ends_the_build(qantar: Qantar, tmp_path: Path) -> None:
    raw, out = copy_raw(tmp_path / "raw", ["000_d1c0b45d70eecad1.txt"]), tmp_path / "out"
    address = "https://example.org/a"
    other = "Farmers in the hills said the harvest was late. Rain had kept them from the fields for weeks, an elder said on Friday."
    records = [
        {"url": address, "text": ARTICLE},
        {"url": address, "text": ARTICLE.replace("bread", "milk") + "\n\nMore was to follow in the evening, the ministry said."},
        {"url": address, "text": ARTICLE},
        {"id": "twice", "text": ""},
        {"id": "twice", "text": other},
        {"id": "twice", "text": other.replace("harvest", "train").replace("fields", "rails")},
        {"id": 7, "text": other.replace("hills", "south"), "url": "https://example.org/b"},
        {"id": 7, "text": other.replace("hills", "north"), "url": "https://example.org/c"},
        {"url": f"{address}?utm_source=mail", "text": ARTICLE.replace("bread", "salt")},
    ]
    (raw / "records.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    done = qantar("build", "--raw", raw, "--out", out, "--no-annotate")
    assert done.returncode == 0, done.stderr
    assert "text from text, url from url" in done.stderr
    database = out / "latest/qantar.db"
    named = "SELECT source_record FROM documents WHERE source_path = 'records.jsonl' ORDER BY 1"
    assert query(database, named) == [("1",), ("2",), ("7",), ("7#2",), ("9",), ("twice",), ("twice#2",)]
    assert query(database, "SELECT source_record, reason FROM rejected ORDER BY 1") == [("3", "repeated_id"), ("twice#3", "empty")]
    shared = query(database, "SELECT shared_id, group_concat(document_id) FROM documents WHERE shared_id IS NOT NULL GROUP BY 1")
    assert len(shared) == 2
    assert all(key in ids.split(",") for key, ids in shared)
    versions = """SELECT d.source_record, s.source_record, source_evidence FROM duplicates JOIN documents d USING (document_id)
        JOIN documents s ON s.document_id = source_id WHERE kind = 'version'"""
    assert set(query(database, versions)) == {("1", "2", "fullest"), ("9", "2", "fullest")}


def test_words_that_invisible_characters_part_are_found_and_lead_to_the_raw_text(qantar: Qantar, tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    text = (
        "The go\u200bvernor of the prov\u00adince, Odrin Vel\u00admask, spoke on Friday.\n\n"
        + "“The har\u00adbour is ours,” Vel\u200bmask said. "
        + ARTICLE
    )
    (raw / "a.txt").write_text(text, "utf-8")
    done = qantar("build", "--raw", raw, "--out", out)
    assert done.returncode == 0, done.stderr
    database = out / "latest/qantar.db"
    assert query(database, "SELECT count(*) FROM documents_fts WHERE documents_fts MATCH 'governor AND province AND harbour'") == [(1,)]
    first = query(database, "SELECT text, raw_start, raw_end FROM sentences ORDER BY position LIMIT 1")
    assert first == [("The governor of the province, Odrin Velmask, spoke on Friday.", 0, text.index("\n"))]
    for table in ("mentions", "quotes"):
        for words, start, end in query(database, f"SELECT text, raw_start, raw_end FROM {table}"):
            assert text[start:end].replace("\u00ad", "").replace("\u200b", "") == words
    assert ("Velmask",) in query(database, "SELECT text FROM mentions")
    assert any("harbour is ours" in words for (words,) in query(database, "SELECT text FROM quotes WHERE kind = 'direct'"))


def test_what_was_taken_down_is_in_no_later_build_also_under_another_name(qantar: Qantar, tmp_path: Path) -> None:
    raw, out = copy_raw(tmp_path / "raw", ["000_d1c0b45d70eecad1.txt", "001_cc2c92a9965be40f.txt"]), tmp_path / "out"
    assert qantar("build", "--raw", raw, "--out", out).returncode == 0
    ((document,),) = query(out / "latest/qantar.db", "SELECT document_id FROM documents WHERE source_path LIKE '000%'")
    done = qantar("takedown", document, "--reason", "asked by its author", "--raw", raw, "--out", out)
    assert done.returncode == 0, done.stderr
    shutil.copyfile(raw / "000_d1c0b45d70eecad1.txt", raw / "again.txt")
    assert qantar("build", "--raw", raw, "--out", out).returncode == 0
    database = out / "latest/qantar.db"
    assert query(database, "SELECT source_path FROM documents") == [("001_cc2c92a9965be40f.txt",)]
    assert query(database, "SELECT document_id, reason FROM takedowns") == [(document, "asked by its author")]


def test_the_command_starts_without_what_is_slow_to_import() -> None:
    code = (
        "import sys; from qantar.cli import app\n"
        "slow = {'great_expectations', 'spacy', 'prefect', 'pandas', 'pyarrow', 'datasette'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(slow)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "arguments", [["build", "--no-such"], ["build", "--workers", "0"], ["build", "--dask-address", "tcp://127.0.0.1:1"], ["nothing"]]
)
def test_wrong_usage_is_exit_code_two(qantar: Qantar, arguments: list[str]) -> None:
    assert qantar(*arguments).returncode == 2
