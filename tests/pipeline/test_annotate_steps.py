"""What a new article costs where articles are annotated: the model reads a few again, and only names that changed are linked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from qantar.pipeline import steps
from qantar.pipeline.annotations import Article
from qantar.pipeline.plan import Plan, make_plan
from qantar.pipeline.shard_rows import count_rows, rows_of
from qantar.pipeline.shards import cut_shards
from qantar.pipeline.steps import annotate as annotate_step
from qantar.pipeline.steps.names_told import Spelled, told_of_texts
from qantar.settings import Settings
from qantar.text.known_names import Names

ARTICLE = """Ministers met in Nairobi on Monday, the president's office said.

"We will not let prices rise again this year," said {name}, the finance minister of Kenya, at her desk number {n}.
"""
NAMES = ["Jane Mwangi", "Peter Omondi", "Grace Achieng"]


def annotate(raw: Path, out: Path) -> tuple[Plan, list[Path], list[Path]]:
    """The plan, and the cleaned and the annotated shards."""
    plan = make_plan(Settings(raw=raw, out=out))
    read = [shard for pieces in cut_shards(raw, plan.sources) for shard in steps.read_shard(plan.context, pieces)]
    folders = [shard.folder for shard in read]
    repeated, recurring = steps.find_repeated(read), steps.recurring_lines(folders)
    cleaned = [steps.clean_shard(plan.context, *given) for given in zip(folders, recurring, repeated, strict=True)]
    return plan, cleaned, [steps.annotate_shard(plan.context, shard, []) for shard in cleaned]


def count_found(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The articles whose rows are not copied from what their shards were annotated to last, from now on."""
    found: list[str] = []
    find = annotate_step._Part.find

    def noted(part: annotate_step._Part) -> Article:
        found.append(part.document.document_id)
        return find(part)

    monkeypatch.setattr(annotate_step._Part, "find", noted)
    return found


def count_spelled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many texts are looked through for names, shard by shard, from now on."""
    spelled: list[int] = []
    spell = Spelled.with_texts

    def noted(self: Spelled, texts: Mapping[str, str], names: Names) -> Spelled:
        spelled.append(len(texts))
        return spell(self, texts, names)

    monkeypatch.setattr(Spelled, "with_texts", noted)
    return spelled


def test_a_new_article_is_annotated_alone_and_changes_the_links_of_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    for n in range(60):
        (raw / f"{n:02}.txt").write_text(ARTICLE.format(name=NAMES[n % 3], n=n))
    plan, _, before = annotate(raw, out)
    articles = made(out, "article")
    resolved = steps.resolve_names(plan.context, before)
    links = {shard: path.read_bytes() for shard, path in zip(before, steps.links_of(resolved, before), strict=True)}
    (raw / "30a.txt").write_text(ARTICLE.format(name="Wanjiru Kamau", n=99))
    looked_for, spelled = count_found(monkeypatch), count_spelled(monkeypatch)
    plan, cleaned, after = annotate(raw, out)
    assert len(articles) == 60
    assert spelled == [1], "the others' names are known"
    assert len(looked_for) == 1, "the rows of the others are copied"
    assert len(made(out, "article") - articles) == 1
    resolved_after = steps.resolve_names(plan.context, after)
    assert resolved_after != resolved
    for shard, path in zip(after, steps.links_of(resolved_after, after), strict=True):
        assert shard not in links or path.read_bytes() == links[shard]
    fresh, cleaned_anew, anew = annotate(raw, tmp_path / "fresh")
    told = [told_of_texts(plan.context, shard) for shard in cleaned]
    assert told == [told_of_texts(fresh.context, shard) for shard in cleaned_anew]
    for table in ("documents", "sentences", "mentions", "quotes"):
        assert [list(rows_of(shard, table)) for shard in after] == [list(rows_of(shard, table)) for shard in anew]
    assert sum(count_rows(shard, "documents") for shard in cleaned) == 61
    assert fresh.build.build_id == plan.build.build_id


def test_who_wrote_an_article_and_where_makes_no_difference_to_its_annotation(tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    (raw / "0.txt").write_text(ARTICLE.format(name=NAMES[0], n=0))
    articles = []
    for author, day in (("Ann Example", 5), ("Ben Example", 5), ("Ben Example", 12)):
        (raw / "articles.csv").write_text(f"path,author,outlet,published_on\n0.txt,{author},The Harbour,2022-01-{day:02}\n")
        _, _, (shard,) = annotate(raw, out)
        articles.append(len(made(out, "article")))
        (document,) = rows_of(shard, "documents")
        assert (document.author, document.outlet, document.source_path) == (author, "The Harbour", "0.txt")
        assert (document.n_tokens, document.n_sentences) == (41, 2)
    assert articles == [1, 1, 2], "the day it was published does: dates are read by it"


def readings(out: Path) -> set[str]:
    """The names of the kept readings of the network."""
    return {path.name for path in out.glob(".cache/reading/*/*")}


def test_a_line_of_the_authority_runs_the_network_on_no_text_again(tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    for n in range(12):
        (raw / f"{n:02}.txt").write_text(ARTICLE.format(name=NAMES[n % 3], n=n))
    annotate(raw, out)
    before = readings(out)
    assert len(before) == 12
    (raw / "authority.csv").write_text("id,name,label,wikidata_id,description,aliases\nmwangi,Jane Mwangi,PERSON,,,\n")
    _, _, after = annotate(raw, out)
    assert readings(out) == before
    linked = [row for shard in after for row in rows_of(shard, "mentions") if row.entity_id == "mwangi"]
    assert len(linked) == 4
    (raw / "12.txt").write_text(ARTICLE.format(name="Wanjiru Kamau", n=99))
    annotate(raw, out)
    assert len(readings(out) - before) == 1


def made(out: Path, step: str) -> set[str]:
    """The stored results of a step."""
    return {path.name for path in out.glob(f".cache/{step}/*/*")}


AUTHORITY = "id,name,label,wikidata_id,description,aliases,roles,slips\n"


def test_a_line_of_the_authority_is_read_by_the_shards_that_hold_its_names(tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    for n in range(60):
        (raw / f"{n:02}.txt").write_text(ARTICLE.format(name="Wanjiru Kamau" if n == 30 else NAMES[n % 3], n=n))
    authority = raw / "authority.csv"
    authority.write_text(AUTHORITY)
    annotate(raw, out)
    before = {step: made(out, step) for step in ("annotate", "article")}
    assert len(before["article"]) == 60
    for line, n_articles in (
        ("nobody,Nobody Else,PERSON,,,,,", 0),
        ("nobody,Nobody Else,PERSON,,,,the finance minister of Kenya,", 0),
        ("kamau,Wanjiru Kamau,PERSON,,,,,", 1),
        ("kamau,Wanjiru Kamau,PERSON,Q1,told of nobody,,the minister,", 0),
        ("kamau,Kamau,PERSON,,,Wanjiru,,", 1),
        ("kamau,Kamau,PERSON,,,,,her [desk number 30]", 1),
    ):
        authority.write_text(f"{AUTHORITY}{line}\n")
        _, _, shards = annotate(raw, out)
        after = {step: made(out, step) for step in before}
        assert len(after["article"] - before["article"]) == n_articles, line
        assert len(after["annotate"] - before["annotate"]) == min(n_articles, 1), line
        _, _, anew = annotate(raw, tmp_path / line.replace("/", ""))
        assert [list(rows_of(shard, "mentions")) for shard in shards] == [list(rows_of(shard, "mentions")) for shard in anew]
        before = after
