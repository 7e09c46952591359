"""A build whose accuracy fell below a floor is not valid."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import qantar.expectations.quality
from qantar.expectations.floors import MEASURED, Floor, below_floor, load_floors
from qantar.quality.evaluate import evaluate_build
from qantar.quality.validation import validate_build
from qantar.schema import Quality
from tests.expectations.sound_build import staged_rows
from tests.from_gold import GOLD, rows_from_gold, write_build

FLOOR = Floor("harbour", 100, "sentences", "F1", 0.9)
WHOLE = Quality(layer=MEASURED, metric="accuracy", value=1.0, low=0.9, high=1.0, gold="harbour", n=100)
FIGURE = Quality(layer="sentences", metric="F1", value=0.95, low=0.5, high=1.0, gold="harbour", n=10)


@pytest.mark.parametrize(
    ("figures", "problems"),
    [
        ([WHOLE, FIGURE], []),
        ([WHOLE, replace(FIGURE, value=0.9)], []),
        ([WHOLE, replace(FIGURE, value=0.89)], ["sentences, F1 on harbour: 0.890; the floor is 0.900"]),
        ([WHOLE], ["sentences, F1 on harbour: not measured; the floor is 0.900"]),
        ([replace(WHOLE, n=50), replace(FIGURE, value=0.5)], []),
        ([WHOLE, replace(FIGURE, value=0.5, gold="another"), FIGURE], []),
        ([], []),
    ],
    ids=["above", "at it", "below", "not measured", "only a part of the gold", "another gold", "nothing measured"],
)
def test_a_floor_holds_where_its_whole_gold_was_measured(
    figures: list[Quality], problems: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert below_floor(figures, [FLOOR]) == problems
    monkeypatch.setattr(qantar.expectations.quality, "load_floors", lambda: [FLOOR])
    staged = staged_rows()
    staged.tables["quality"] = sorted(figures, key=lambda q: (q.layer, q.metric, q.gold))
    staged.write(tmp_path)
    validation = validate_build(staged.folder, tables={"quality"})
    assert validation.success is not bool(problems)
    if problems:
        (failure,) = validation.failures
        assert failure.expectation == "the F1 of sentences, measured on harbour, is 0.9 or more"


@pytest.mark.parametrize("gold", [GOLD, GOLD.with_name("gold_apart")], ids=lambda gold: gold.name)
def test_every_floor_has_a_figure_on_the_whole_gold_and_the_gold_itself_is_above_it(gold: Path, tmp_path: Path) -> None:
    quality = evaluate_build(write_build(tmp_path, rows_from_gold(gold)), gold)
    measured = {(q.gold, q.layer, q.metric) for q in quality}
    (n_characters,) = {q.n for q in quality if q.layer == MEASURED}
    floors = [floor for floor in load_floors() if floor.gold == gold.name]
    assert floors
    for floor in floors:
        assert (floor.gold, floor.layer, floor.metric) in measured
        assert floor.n_characters == n_characters, "the gold has changed: measure again, and see that no floor falls"
    assert below_floor(quality) == []


def test_every_layer_that_is_measured_has_a_floor(tmp_path: Path) -> None:
    quality = evaluate_build(write_build(tmp_path, rows_from_gold()), GOLD)
    assert {floor.layer for floor in load_floors() if floor.gold == GOLD.name} == {q.layer for q in quality}


def test_a_spoiled_build_falls_below_its_floors(tmp_path: Path) -> None:
    rows = rows_from_gold()
    rows["sentences"] = rows["sentences"][::2]
    problems = below_floor(evaluate_build(write_build(tmp_path, rows), GOLD))
    assert len(problems) == 1
    assert problems[0].startswith("sentences, F1 on gold: 0.6")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("gold,100,sentences,F1", "line 2: should be gold,n_characters,layer,metric,floor"),
        ("gold,100,sentences,F1,high", "line 2: should be"),
        ("gold,many,sentences,F1,0.5", "line 2: should be"),
        ("gold,100,sentences,F1,97", "line 2: a floor is from 0 to 1, not 97"),
    ],
)
def test_a_line_that_is_no_floor_is_named(line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "floors.csv"
    path.write_text(f"# remark\n{line}\n")
    with pytest.raises(ValueError, match=message):
        load_floors(path)
