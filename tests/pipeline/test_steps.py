"""What a step stores stands under the hash of what it was made of, also when raw/ changes while it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qantar.pipeline import steps
from qantar.pipeline.context import reading
from qantar.pipeline.plan import Plan, check_described, make_plan
from qantar.pipeline.shard_rows import rows_of
from qantar.pipeline.shards import cut_shards
from qantar.service.one_run import check_room
from qantar.settings import QantarError, Settings

ARTICLE = "Ministers met in Nairobi on Monday.\n\nThe price of bread will not rise, said {name} on the way out of the meeting.\n"


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text(ARTICLE.format(name="Jane Mwangi"))
    (raw / "articles.csv").write_text("path,outlet\na.txt,Example\n")
    (raw / "authority.csv").write_text("id,name,label,wikidata_id,description,aliases\njane,Jane Mwangi,PERSON,,,\n")
    return make_plan(Settings(raw=raw, out=tmp_path / "out"))


def read(plan: Plan) -> list[Any]:
    (shard,) = cut_shards(plan.context.raw, plan.sources)
    ((read, _),) = steps.read_shard(plan.context, shard)
    return list(rows_of(read, "articles"))


@pytest.mark.parametrize("name", ["a.txt", "articles.csv"])
@pytest.mark.parametrize(
    "change", [lambda path: path.write_text("path,outlet\nanother text\n"), lambda path: path.unlink()], ids=["other", "gone"]
)
def test_what_changed_after_it_was_hashed_is_not_stored_under_that_hash(plan: Plan, name: str, change: Any) -> None:
    path = plan.context.raw / name
    before = path.read_bytes()
    change(path)
    with pytest.raises(QantarError, match=f"{name}: changed while it was read"):
        read(plan)
    path.write_bytes(before)
    (row,) = read(plan)
    assert row.outlet == "Example"
    assert "Jane Mwangi" in row.text


def test_a_line_of_the_catalogue_is_read_by_the_shard_of_its_file(plan: Plan) -> None:
    raw, out = plan.context.raw, plan.context.cache.parent
    before = read(plan)
    for more, count in (("\nb.txt,Another\n", 1), ("# a remark above\n", 2)):
        catalogue = raw / "articles.csv"
        catalogue.write_text(catalogue.read_text() + more if count == 1 else "path,outlet\na.txt,Another\nb.txt,Another\n")
        rows = read(make_plan(Settings(raw=raw, out=out)))
        assert len(list(out.glob(".cache/read/*/*"))) == count
    assert (before[0].outlet, rows[0].outlet) == ("Example", "Another")


def test_a_file_that_is_written_to_and_back_while_it_is_read_is_not_trusted(plan: Plan) -> None:
    path = plan.context.raw / "a.txt"
    text = path.read_bytes()
    with pytest.raises(QantarError, match="changed while it was read"), reading(plan.context.raw, {"a.txt": plan.sources[0].sha256}):
        path.write_bytes(b"another")
        path.write_bytes(text)


def test_names_are_not_linked_by_another_authority_than_the_one_hashed(plan: Plan) -> None:
    authority = plan.context.raw / "authority.csv"
    authority.write_text("id,name,label,wikidata_id,description,aliases\nother,Jane Mwangi,PERSON,,,\n")
    with pytest.raises(QantarError, match=r"authority\.csv: changed while it was read"):
        steps.resolve_names(plan.context, [])


def test_a_build_is_not_published_once_a_takedown_has_come(plan: Plan) -> None:
    check_described(plan)
    (plan.context.raw / "takedowns.csv").write_text("document_id,removed_on,reason,text_sha256\n")
    with pytest.raises(QantarError, match=r"takedowns\.csv: changed while the build was made"):
        check_described(plan)


def test_no_room_for_prefects_own_database_is_a_clear_error_that_is_told(tmp_path: Path) -> None:
    told = tmp_path / "told"
    settings = Settings(raw=tmp_path, out=tmp_path, on_failure=f"sh -c 'printenv QANTAR_MESSAGE > {told}'")
    check_room(settings, tmp_path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(QantarError, match="Prefect cannot write the 8 MB there"):
        check_room(settings, tmp_path / "nowhere")
    assert "Prefect cannot write the 8 MB there" in told.read_text()
