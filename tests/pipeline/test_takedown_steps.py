"""What a takedown costs: its own shard is made again, and nothing else; stored results that hold the text go when asked."""

from __future__ import annotations

import json
import pickle
import zlib
from pathlib import Path

import pytest

from qantar.corrections.corrections_file import COLUMNS
from qantar.pipeline import steps
from qantar.pipeline.plan import make_plan
from qantar.pipeline.shard_rows import rows_of
from qantar.pipeline.shards import cut_shards
from qantar.schema import Document
from qantar.settings import Settings
from qantar.store.cache import content_of
from qantar.store.purging import purge_cache

ARTICLE = "Ministers met in Nairobi on Monday.\n\nThe price of bread will not rise above {n} shillings, said {name} after the meeting.\n"
SECRET = "Wanjiru Kamau"


def clean(raw: Path, out: Path) -> list[Path]:
    """The cleaned shards."""
    plan = make_plan(Settings(raw=raw, out=out))
    read = [shard for pieces in cut_shards(raw, plan.sources) for shard in steps.read_shard(plan.context, pieces)]
    folders = [shard.folder for shard in read]
    repeated, recurring = steps.find_repeated(read), steps.recurring_lines(folders)
    fixes = steps.place_corrections(plan.corrections, read, repeated).shards
    cleaned = [steps.clean_shard(plan.context, *given) for given in zip(folders, recurring, repeated, fixes, strict=True)]
    steps.deduplicate(plan.context, cleaned)
    return cleaned


def documents(shards: list[Path]) -> list[Document]:
    return [row for shard in shards for row in rows_of(shard, "documents")]


def take_down(raw: Path, *rows: Document) -> None:
    lines = [f"{row.document_id},2026-01-01,asked,{row.text_sha256}\n" for row in rows]
    (raw / "takedowns.csv").write_text("document_id,removed_on,reason,text_sha256\n" + "".join(lines))


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    names = {250: SECRET}
    lines = [{"id": f"a{n:03}", "text": ARTICLE.format(n=n, name=names.get(n, "Jane Mwangi"))} for n in range(500)]
    (folder / "articles.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def test_a_takedown_makes_its_own_shard_again_and_no_other(raw: Path, tmp_path: Path) -> None:
    before = clean(raw, tmp_path / "out")
    assert len(before) >= 3
    (gone,) = (row for row in documents(before) if SECRET in row.text)
    take_down(raw, gone)
    after = clean(raw, tmp_path / "out")
    assert len(set(after) - set(before)) == 1
    assert [row for row in documents(before) if row != gone] == documents(after)
    assert [path.name for path in clean(raw, tmp_path / "fresh")] == [path.name for path in after]


def test_the_same_text_under_another_id_goes_too_and_makes_its_shard_again(raw: Path, tmp_path: Path) -> None:
    """Also where its author is corrected, and those of others of its shard."""
    (gone,) = (row for row in documents(clean(raw, tmp_path / "out")) if SECRET in row.text)
    other = {"id": "b000", "text": ARTICLE.format(n=250, name=SECRET)}
    with (raw / "articles.jsonl").open("a") as file:
        file.write(json.dumps(other) + "\n")
    rows = documents(clean(raw, tmp_path / "out"))
    lines = [f"{row.document_id},documents,,,,author,Ann Example,,,\n" for row in rows[::2] + rows[-1:]]
    (raw / "corrections.csv").write_text(f"{','.join(COLUMNS)}\n" + "".join(lines))
    before = clean(raw, tmp_path / "out")
    rows = documents(before)
    assert sum(SECRET in row.text for row in rows) == 2
    assert sum(row.author == "Ann Example" for row in rows) == len(rows) // 2 + 1
    take_down(raw, gone)
    after = clean(raw, tmp_path / "out")
    assert len(set(after) - set(before)) == 2
    assert documents(after) == (left := [row for row in rows if SECRET not in row.text])
    assert [row.document_id for shard in after for row in rows_of(shard, "blocks") if not row.position] == [row.document_id for row in left]


def test_what_holds_the_text_is_purged_and_the_rest_stays(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = clean(raw, out)
    (gone,) = (row for row in documents(before) if SECRET in row.text)
    other = {"id": "b000", "text": ARTICLE.format(n=250, name=SECRET)}
    with (raw / "articles.jsonl").open("a") as file:
        file.write(json.dumps(other) + "\n")
    take_down(raw, gone)
    after = clean(raw, out)
    assert purge_cache(out / ".cache", {gone.document_id}, {gone.text_sha256}) > 0
    left = [
        path for path in (out / ".cache").rglob("*.parquet") if path.name in ("articles.parquet", "documents.parquet", "blocks.parquet")
    ]
    assert not [path for path in left for row in rows_of(path.parent, path.stem) if SECRET in row.text]
    assert all(shard.exists() for shard in after)
    assert len(left) >= 2 * len(after)
    assert documents(clean(raw, out)) == documents(after)


def test_what_was_annotated_of_the_text_is_purged(tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    lines = [{"id": name, "text": ARTICLE.format(n=n, name=name)} for n, name in enumerate((SECRET, "Jane Mwangi"))]
    (raw / "articles.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (shard,) = clean(raw, out)
    steps.annotate_shard(make_plan(Settings(raw=raw, out=out)).context, shard, [])
    (gone,) = (row for row in documents([shard]) if SECRET in row.text)
    kept = [path for path in (out / ".cache" / "article").rglob("*") if path.is_file()]
    assert [SECRET in str(pickle.loads(zlib.decompress(content_of(path) or b""))) for path in kept].count(True) == 1
    purge_cache(out / ".cache", {gone.document_id}, {gone.text_sha256})
    left = [path for path in kept if path.exists()]
    assert [SECRET in str(pickle.loads(zlib.decompress(content_of(path) or b""))) for path in left] == [False]
