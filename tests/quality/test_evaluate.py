"""The figures of a build are those of the gold's own scorer, with intervals that mean something."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.quality.evaluate import ACCURACIES, LAYERS, evaluate_build, print_quality
from qantar.quality.intervals import wilson
from qantar.schema import Quality
from qantar.settings import QantarError
from tests.from_gold import GOLD, Rows, rows_from_gold, write_build


def figures(rows: Rows, where: Path, gold: Path = GOLD) -> dict[tuple[str, str], Quality]:
    return {(q.layer, q.metric): q for q in evaluate_build(write_build(where, rows), gold)}


def spoiled() -> Rows:
    """A build with faults of every kind, always the same."""
    rows = rows_from_gold()
    rows["sentences"] = [s for i, s in enumerate(rows["sentences"]) if i % 7]
    rows["mentions"] = [m for i, m in enumerate(rows["mentions"]) if i % 9]
    for i, m in enumerate(rows["mentions"]):
        m["label"] = "LOC" if i % 11 == 3 and m["label"] == "GPE" else "MONEY" if i % 23 == 5 else m["label"]
        m["raw_end"] += i % 13 == 4
        m["entity_id"] = "kazakhstan" if i % 10 == 6 else None if i % 17 == 9 else m["entity_id"]
    for i, b in enumerate(rows["blocks"]):
        b["role"] = "heading" if i % 8 == 2 else "byline" if b["role"] == "boilerplate" else b["role"]
    for i, q in enumerate(rows["quotes"]):
        q["kind"] = "direct" if i % 6 == 1 else "indirect" if i % 6 == 4 else q["kind"]
        q["segments"][0][0] += 12 if i % 5 == 2 else 0
        q["speaker_entity_id"] = "russia" if i % 7 == 3 else q["speaker_entity_id"]
        if i % 8 == 5:
            q["speaker_start"] = q["speaker_end"] = None
    rows["quotes"] += [{**rows["quotes"][3], "quote_id": "again"}]
    for e in rows["entities"][::5]:
        e["wikidata_id"] = "Q1"
    return rows


def test_the_gold_itself_is_right_in_every_figure(tmp_path: Path) -> None:
    found = figures(rows_from_gold(), tmp_path)
    assert {layer for layer, _ in found} <= set(LAYERS)
    assert len({layer for layer, _ in found}) > 15
    assert {q.value for q in found.values()} == {1.0}


SCORED = """
characters with a role          1.000 1.000 1.000 10894
characters with the right role  0.841 0.841 0.841 10894
role byline                     1.000 1.000 1.000 118
role title                      1.000 1.000 1.000 69
role heading                    0.119 0.063 1.000 117
sentences                       0.921 1.000 0.854 89
mentions                        0.801 0.874 0.739 188
mentions, places as one label   0.841 0.918 0.777 188
quotes with marks               0.778 0.778 0.778 9
quotes with marks, whole span   0.778 0.778 0.778 9
indirect quotes                 0.857 0.800 0.923 13
indirect quotes, whole span     0.714 0.667 0.769 13
block quotes                    0.857 1.000 0.750 4
block quotes, whole span        0.857 1.000 0.750 4
entities of mentions found      0.834 0.824 0.845 132
speaker                         0.800 15
speaker's words                 0.840 25
Wikidata id                     0.842 19
"""
"""What the gold's own scorer prints of the spoiled build: F1, precision, recall (or a share) and the number of items."""


def test_the_figures_are_those_of_the_scorer_of_the_gold(tmp_path: Path) -> None:
    found = figures(spoiled(), tmp_path)
    expected: dict[tuple[str, str], tuple[str, str]] = {}
    for line in SCORED.strip().splitlines():
        layer, numbers = line[:32].strip(), line[32:].split()
        metrics = ("accuracy",) if layer in ACCURACIES else ("F1", "precision", "recall")
        expected |= {(layer, metric): (number, numbers[-1]) for metric, number in zip(metrics, numbers, strict=False)}
    got = {key: (f"{q.value:.3f}", str(q.n)) for key, q in found.items() if key in expected}
    assert got == expected
    assert {layer for layer, _ in found} - {layer for layer, _ in expected} == {"same utterance across articles"}


def _each(table: str, **values: Any) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        for row in rows[table]:
            row.update(values)

    return change


def _drop(table: str) -> Callable[[Rows], None]:
    return lambda rows: rows[table].clear()


@pytest.mark.parametrize(
    ("spoil", "lost"),
    [
        (_drop("sentences"), {"sentences"}),
        (_each("entities", wikidata_id=None), {"Wikidata id"}),
        (_each("quotes", quote_group_id=None), {"same utterance across articles"}),
        (_each("quotes", speaker_start=None, speaker_end=None), {"speaker's words"}),
        (_each("quotes", speaker_entity_id="norp_western"), {"speaker"}),
        (_each("quotes", kind="unattributed"), {"quotes with marks", "indirect quotes", "block quotes"}),
        (_each("mentions", label="MONEY"), {"mentions"}),
    ],
    ids=["sentences", "Wikidata", "groups", "speaker's words", "speaker", "kinds of quotes", "labels of mentions"],
)
def test_what_a_build_lacks_is_nought_in_its_own_layer(spoil: Callable[[Rows], None], lost: set[str], tmp_path: Path) -> None:
    rows = rows_from_gold()
    spoil(rows)
    found = figures(rows, tmp_path)
    for layer in lost:
        main = [q.value for (name, metric), q in found.items() if name == layer and metric in ("F1", "accuracy", "recall")]
        assert main and set(main) == {0.0}, layer
    assert found["characters with the right role", "accuracy"].value == 1.0


def test_two_utterances_in_one_group_cost_precision(tmp_path: Path) -> None:
    rows = rows_from_gold()
    for quote in rows["quotes"]:
        quote["quote_group_id"] = "all"
    found = figures(rows, tmp_path)
    assert found["same utterance across articles", "recall"].value == 1.0
    assert found["same utterance across articles", "precision"].value < 0.05


def test_a_quote_is_found_once_however_often_it_is_reported(tmp_path: Path) -> None:
    rows = rows_from_gold()
    rows["quotes"] *= 2
    found = figures(rows, tmp_path)
    assert found["quotes with marks", "recall"].value == 1.0
    assert found["quotes with marks", "precision"].value == 0.5


# --- which articles ---------------------------------------------------------------------------------------------


def test_articles_that_the_build_lacks_are_left_out(tmp_path: Path) -> None:
    rows = rows_from_gold()
    one = rows["documents"].pop()["document_id"]
    found = figures(rows, tmp_path)
    assert found["sentences", "F1"].value == 1.0
    assert found["sentences", "F1"].n == sum(s["document_id"] != one for s in rows["sentences"]) - sum(
        b["role"] == "title" and b["document_id"] != one for b in rows["blocks"]
    )


def test_an_article_whose_file_is_another_is_left_out(tmp_path: Path) -> None:
    rows = rows_from_gold()
    for document in rows["documents"]:
        document["source_sha256"] = "0" * 64
    assert figures(rows, tmp_path) == {}


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda gold: [p.unlink() for p in gold.glob("0*.json")], "holds no annotated articles"),
        (lambda gold: next(gold.glob("0*.json")).write_text("{"), "cannot be read as JSON"),
        (lambda gold: shutil.rmtree(gold / "raw"), "raw text of an annotated article cannot be read"),
    ],
    ids=["none", "broken JSON", "no raw texts"],
)
def test_a_gold_folder_that_cannot_be_used_is_named(break_it: Callable[[Path], Any], message: str, tmp_path: Path) -> None:
    build = write_build(tmp_path / "build", rows_from_gold())
    gold = tmp_path / "other"
    shutil.copytree(GOLD, gold)
    break_it(gold)
    with pytest.raises(QantarError, match=message) as caught:
        evaluate_build(build, gold)
    assert str(gold) in str(caught.value)


def test_a_gold_without_entities_and_links_is_measured_without_them(tmp_path: Path) -> None:
    gold = tmp_path / "plain"
    shutil.copytree(GOLD, gold)
    (gold / "entities.json").unlink()
    (gold / "quote_links.json").unlink()
    build = write_build(tmp_path / "build", rows_from_gold())
    layers = {q.layer for q in evaluate_build(build, gold)}
    assert "speaker" in layers
    assert not layers & {"Wikidata id", "same utterance across articles"}
    assert {q.gold for q in evaluate_build(build, gold)} == {"plain"}


# --- intervals ----------------------------------------------------------------------------------------------------


def test_every_figure_lies_in_its_interval_and_all_of_it_between_nought_and_one(tmp_path: Path) -> None:
    for q in figures(spoiled(), tmp_path).values():
        assert q.low is not None and q.high is not None
        assert 0 <= q.low <= q.value <= q.high <= 1


def test_few_items_leave_more_open_than_many_though_all_are_right(tmp_path: Path) -> None:
    found = figures(rows_from_gold(), tmp_path)
    few, many = found["block quotes", "F1"], found["mentions", "F1"]
    assert few.value == many.value == 1.0
    assert few.low is not None and many.low is not None
    assert few.low < 0.6 < 0.95 < many.low


def test_the_same_build_gives_the_same_figures_whatever_the_order_of_its_rows(tmp_path: Path) -> None:
    rows = spoiled()
    rows["quotes"].pop()  # of two alike, either may be the one that is found
    first = figures(rows, tmp_path / "one")
    for table in rows.values():
        table.reverse()
    assert figures(rows, tmp_path / "other") == first


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilsons_interval_holds_its_share_and_narrows_with_more_items(hits_of: tuple[int, int]) -> None:
    hits, n = hits_of
    low, high = wilson(hits / n, n)
    assert 0 <= low <= hits / n + 1e-12 and hits / n - 1e-12 <= high <= 1
    more_low, more_high = wilson(hits / n, 4 * n)
    assert more_high - more_low < high - low


# --- the table ----------------------------------------------------------------------------------------------------


def test_the_table_shows_every_layer_on_lines_of_eighty_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(spoiled(), tmp_path)
    print_quality(found.values())
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    for layer in {layer for layer, _ in found}:
        assert any(line.startswith(layer) for line in lines), layer
    (mentions,) = (line for line in lines if line.startswith("mentions "))
    assert mentions.split() == ["mentions", "0.874", "0.739", "0.801", *mentions.split()[4:5], "188"]


def test_nothing_measured_is_said_and_not_shown_as_an_empty_table() -> None:
    with pytest.raises(QantarError, match="holds none of the annotated articles"):
        print_quality([])


def test_every_offset_of_the_gold_gives_the_text_it_names() -> None:
    for path in GOLD.glob("0*.json"):
        gold = json.loads(path.read_text("utf-8"))
        raw = (GOLD / "raw" / gold["source_file"]).read_bytes().decode("utf-8")

        def walk(part: Any, raw: str = raw) -> None:
            if isinstance(part, dict):
                if {"start", "end", "text"} <= set(part):
                    assert raw[part["start"] : part["end"]] == part["text"]
                for value in part.values():
                    walk(value)
            elif isinstance(part, list):
                for value in part:
                    walk(value)

        walk(gold)
