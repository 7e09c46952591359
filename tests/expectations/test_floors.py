"""Floors: what a change of code or model may not make worse, checked here, by `qantar evaluate` and by `qantar release`."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from pathlib import Path

import pytest

from qantar.expectations.floors import (
    KNOWN_FAULTS,
    MEASURED,
    Fault,
    Floor,
    below_floor,
    compare_faults,
    load_floors,
    read_faults,
    write_faults,
    write_floors,
)
from qantar.publish.release import make_release
from qantar.quality.evaluate import accuracy_problems, evaluate_build, measure
from qantar.schema import Quality
from qantar.settings import QantarError
from tests.conftest import Qantar
from tests.expectations.sound_build import staged_rows, validate_build
from tests.from_gold import GOLD, rows_from_gold, write_build

GOLDS = [GOLD, GOLD.with_name("gold_apart")]
FLOOR = Floor("harbour", 100, "sentences", "F1", 0.95, 0.9)
WHOLE = Quality(layer=MEASURED, metric="accuracy", value=1.0, low=0.9, high=1.0, gold="harbour", n=100)
FIGURE = Quality(layer="sentences", metric="F1", value=0.95, low=0.5, high=1.0, gold="harbour", n=10)


@pytest.mark.parametrize(
    ("figures", "problems"),
    [
        ([WHOLE, FIGURE], []),
        ([WHOLE, replace(FIGURE, value=0.9)], []),
        ([WHOLE, replace(FIGURE, value=0.89)], ["F1 of sentences on harbour is 0.890, below the floor of 0.900 (0.950 when pinned)"]),
        ([WHOLE], ["F1 of sentences on harbour was not measured, below the floor of 0.900 (0.950 when pinned)"]),
        ([replace(WHOLE, n=50), replace(FIGURE, value=0.5)], []),
        ([WHOLE, replace(FIGURE, value=0.5, gold="another"), FIGURE], []),
        ([], []),
    ],
    ids=["above", "at it", "below", "not measured", "only a part of the gold", "another gold", "nothing measured"],
)
def test_a_floor_holds_where_its_whole_gold_was_measured(figures: list[Quality], problems: list[str]) -> None:
    assert below_floor(figures, [FLOOR]) == problems


BELOW = [
    Quality(layer=MEASURED, metric="accuracy", value=1.0, low=0.9, high=1.0, gold="gold", n=10894),
    *(
        replace(FIGURE, layer=f.layer, metric=f.metric, value=0.1, low=0.0, gold="gold")
        for f in load_floors()
        if f.gold == "gold" and f.layer != MEASURED
    ),
]


def test_a_build_below_its_floors_is_valid_and_is_warned_about(tmp_path: Path) -> None:
    staged = staged_rows()
    staged.tables["quality"] = sorted(BELOW, key=lambda q: (q.layer, q.metric, q.gold))
    staged.write(tmp_path)
    assert validate_build(staged.folder, tables={"quality"}).success
    problems = accuracy_problems(staged.folder)
    assert "F1 of sentences on gold is 0.100, below the floor" in "\n".join(problems)


def test_another_model_has_no_floors(tmp_path: Path) -> None:
    staged = staged_rows()
    staged.tables["quality"] = BELOW[:2]
    (about,) = staged["build"]
    staged.tables["build"] = [replace(about, settings=json.dumps({"model": "en_other"}))]
    staged.write(tmp_path)
    assert accuracy_problems(staged.folder) == []


def test_what_is_below_a_floor_is_not_released(dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    high = [replace(floor, value=1.0, floor=1.0) for floor in load_floors() if floor.value < 1.0]
    monkeypatch.setattr("qantar.expectations.floors.load_floors", lambda: high)
    with pytest.raises(QantarError, match=r"not released, accuracy check failed: .* on gold"):
        make_release(dataset, "1.0.0", tmp_path)
    assert list(tmp_path.iterdir()) == []


# --- the pinned build --------------------------------------------------------------------------------------------


def test_the_build_of_raw_is_above_its_floors(dataset: Path) -> None:
    assert accuracy_problems(dataset) == []


def test_no_layer_lost_more_items_than_chance_explains(dataset: Path) -> None:
    """Single items may come and go: a warning tells which, until `python -m benchmarks.pin_accuracy` pins them."""
    pinned, found = [], []
    for gold in GOLDS:
        pinned += read_faults(gold) or []
        found += measure(dataset, gold).faults
    compared = compare_faults(pinned, found)
    lost = "\n".join(map(str, compared.lost))
    assert not compared.worse, f"{compared.worse}; these items were lost:\n{lost}"
    if lost:
        warnings.warn(f"accuracy: these items were lost since they were pinned:\n{lost}", stacklevel=1)


def test_evaluate_names_lost_items_and_fails_where_they_are_many(dataset: Path, qantar: Qantar, tmp_path: Path) -> None:
    gold = tmp_path / "gold_apart"
    gold.symlink_to(GOLDS[1])
    done = qantar("evaluate", gold, "--build", dataset)
    assert done.returncode == 0, done.stderr

    copy = tmp_path / "copied"
    copy.mkdir()
    for path in GOLDS[1].iterdir():
        if path.name != KNOWN_FAULTS:
            (copy / path.name).symlink_to(path)
    assert "lost:" not in qantar("evaluate", copy, "--build", dataset).stdout
    assert f"{KNOWN_FAULTS}: " in qantar("evaluate", copy, "--build", dataset, "--pin").stdout
    known = read_faults(copy)
    assert known
    one = next(fault for fault in known if fault.kind == "missed")
    write_faults(copy, [fault for fault in known if fault is not one])
    done = qantar("evaluate", copy, "--build", dataset)
    assert done.returncode == 0, done.stderr
    assert f"lost: {one}" in done.stdout

    first = copy / next(path.name for path in GOLDS[1].glob("0*.json"))
    changed = json.loads(first.read_text("utf-8"))
    for sentence in changed["sentences"][:6]:
        sentence["end"] -= 3
    first.unlink()
    first.write_text(json.dumps(changed), "utf-8")
    done = qantar("evaluate", copy, "--build", dataset)
    assert done.returncode == 1
    assert "accuracy check failed: sentences: 12 items lost and 0 gained since they were pinned" in done.stderr


def fault(n: int, layer: str = "quotes") -> Fault:
    return Fault(layer, "harbour", n, n + 1, "missed", f"item {n}")


@pytest.mark.parametrize(
    ("lost", "gained", "worse"), [(0, 0, False), (1, 0, False), (4, 0, False), (5, 0, True), (5, 1, False), (7, 1, True), (10, 10, False)]
)
def test_lost_items_count_where_chance_does_not_explain_them(lost: int, gained: int, worse: bool) -> None:
    compared = compare_faults(map(fault, range(100, 100 + gained)), map(fault, range(lost)))
    assert (len(compared.lost), len(compared.gained), bool(compared.worse)) == (lost, gained, worse)


def test_faults_of_different_layers_are_not_added_up() -> None:
    assert compare_faults([], [fault(n, layer) for n in range(3) for layer in ("quotes", "mentions")]).worse == []


def test_each_spoiled_item_is_named_with_its_article_and_text(tmp_path: Path) -> None:
    rows = rows_from_gold()
    gone = next(m for m in rows["mentions"] if m["entity_id"])
    rows["mentions"].remove(gone)
    extra = {**rows["sentences"][3], "raw_end": rows["sentences"][3]["raw_end"] - 1}
    rows["sentences"][3] = extra
    faults = measure(write_build(tmp_path, rows), GOLD).faults
    assert {(f.layer, f.kind, f.start, f.article) for f in faults} == {
        ("mentions", "missed", gone["raw_start"], gone["document_id"]),
        ("mentions, places as one label", "missed", gone["raw_start"], gone["document_id"]),
        ("sentences", "missed", extra["raw_start"], extra["document_id"]),
        ("sentences", "extra", extra["raw_start"], extra["document_id"]),
    }
    raw = next(GOLD.glob(f"raw/{gone['document_id']}*")).read_bytes().decode("utf-8")
    (text,) = {f.text for f in faults if f.layer == "mentions"}
    assert text == raw[gone["raw_start"] : gone["raw_end"]]
    for layer, n in {"mentions": 1, "sentences": 2}.items():
        assert sum(f.layer == layer for f in faults) == n


def test_a_build_without_fault_has_none(tmp_path: Path) -> None:
    assert measure(write_build(tmp_path, rows_from_gold()), GOLD).faults == []


def test_faults_come_back_as_they_were_written_and_a_damaged_line_is_named(tmp_path: Path) -> None:
    assert read_faults(tmp_path) is None
    faults = [fault(1), Fault("mentions", "a", 3, 9, "extra", 'with "marks", and a comma')]
    path = write_faults(tmp_path, faults)
    assert read_faults(tmp_path) == sorted(faults)
    path.write_text(path.read_text("utf-8") + "mentions,a,many\n")
    with pytest.raises(ValueError, match="line 4: should be layer,article,start,end,kind,text"):
        read_faults(tmp_path)


def test_floors_are_pinned_at_the_low_end_and_golds_not_measured_keep_theirs(tmp_path: Path) -> None:
    path = tmp_path / "floors.csv"
    path.write_text("# remark\ngold,n_characters,layer,metric,value,floor\nother,5,mentions,F1,0.9,0.8\n")
    write_floors([WHOLE, replace(FIGURE, low=0.8125)], path)
    assert path.read_text("utf-8") == (
        "# remark\ngold,n_characters,layer,metric,value,floor\n"
        "harbour,100,characters with a role,accuracy,1.0,1.0\nharbour,100,sentences,F1,0.95,0.812\nother,5,mentions,F1,0.9,0.8\n"
    )


@pytest.mark.parametrize("gold", GOLDS, ids=lambda gold: gold.name)
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
    assert problems[0].startswith("F1 of sentences on gold is 0.6")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("gold,100,sentences,F1", "line 2: should be gold,n_characters,layer,metric,value,floor"),
        ("gold,100,sentences,F1,1,high", "line 2: should be"),
        ("gold,many,sentences,F1,0.6,0.5", "line 2: should be"),
        ("gold,100,sentences,F1,1,97", "line 2: a floor is from 0 to the value measured, at most 1, not 97"),
        ("gold,100,sentences,F1,0.5,0.6", "line 2: a floor is from 0 to the value measured, at most 1, not 0.6"),
    ],
)
def test_a_line_that_is_no_floor_is_named(line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "floors.csv"
    path.write_text(f"# remark\n{line}\n")
    with pytest.raises(ValueError, match=message):
        load_floors(path)
