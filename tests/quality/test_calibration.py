"""Scores of quotes are fitted to an audit of the corpus, looked up by builds, and as before when the file is taken out."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qantar.cli import app
from qantar.publish.package import write_package
from qantar.quality.audit_sample import draw_sample
from qantar.quality.audit_sheet import COLUMNS, Judged
from qantar.quality.calibration import STEPS, UNIT, Calibration, keep_calibration, load_calibration
from qantar.quality.calibration_fit import Point, calibrate, describe_calibration, points_of
from qantar.settings import Corpus, QantarError
from tests.corrections.ferry import Line, digests_of, make_tables, rows_of, write_folder, write_lines

FILE = "calibration.csv"
STEEP = Calibration(tuple(2 * step for step in range(STEPS + 1)), 140, 23, 0.2, 0.01)
SPOKEN: list[Line] = [("a.txt", "quotes", "", "", "Nobody asked the crews,", "kind", "mixed")]


def judged(n: int, right_at: dict[float, float], seed: int = 1) -> list[Judged]:
    """So many judged quotes of each score, of which a share is right."""
    chance = random.Random(seed)
    rows = []
    for score, share in right_at.items():
        for k in range(n):
            verdict = "right" if chance.random() < share else "wrong"
            cells = dict.fromkeys(COLUMNS, "") | {
                "layer": "quotes",
                "stratum": f"direct, {score}",
                "of": str(10 * n),
                "score": f"{score:.2f}",
            }
            rows.append(Judged(k, cells | {"row": f"{score}-{k}"}, verdict))
    return rows


def test_scores_that_say_too_much_are_fitted_to_what_is_right() -> None:
    points = points_of(judged(60, {0.95: 0.7, 0.8: 0.5, 0.6: 0.25}))
    found = calibrate(points)
    assert found == calibrate(list(points))
    assert [abs(found.calibrated(score) - share) < 0.12 for score, share in ((0.95, 0.7), (0.8, 0.5), (0.6, 0.25))] == [True] * 3
    assert found.after < found.before / 2
    assert all(later > earlier for earlier, later in zip(found.shares, found.shares[1:], strict=False))
    assert [found.raw(found.calibrated(step / STEPS)) for step in range(STEPS + 1)] == [step / STEPS for step in range(STEPS + 1)]
    assert describe_calibration(points, found)[-2].startswith("| calibration error | 180 |")


@pytest.mark.parametrize("right", [0.0, 1.0])
def test_a_table_rises_also_where_all_scores_mean_the_same(right: float) -> None:
    from qantar.quality.calibration_fit import _table

    shares = _table(0.0, 60 if right else -60)
    assert sorted(set(shares)) == list(shares)
    assert (shares[0] >= 0) and (shares[-1] <= UNIT)


def test_a_stratum_counts_as_many_quotes_as_it_stands_for() -> None:
    rows = judged(100, {0.9: 0.9, 0.5: 0.5})
    few = [row for k, row in enumerate(rows) if row.drawn["score"] == "0.90" or k % 2]
    weights = {row.drawn["score"]: point.weight for row, point in zip(few, points_of(few), strict=True)}
    assert weights["0.50"] == pytest.approx(2 * weights["0.90"])
    assert sum(point.weight for point in points_of(few)) == pytest.approx(len(few))


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([Point(0.9, k > 20, 1, k % 10) for k in range(99)], "99 quotes with a score are judged, 21 of them wrong"),
        ([Point(0.9, k > 8, 1, k % 10) for k in range(200)], "9 of them wrong; to calibrate takes 100, 10 of them wrong"),
        ([Point(0.9, k < 9, 1, k % 10) for k in range(200)], "and 10 right"),
        ([Point(share, k % 100 < 100 * share, 1, k % 10) for share in (0.5, 0.9) for k in range(100)], "as near to the truth"),
    ],
)
def test_too_few_judgements_and_scores_that_are_right_already_are_refused(points: list[Point], said: str) -> None:
    with pytest.raises(QantarError, match=said):
        calibrate(points)


def test_what_quotes_nobody_and_what_a_person_corrected_says_nothing_of_scores(tmp_path: Path) -> None:
    rows = judged(3, {0.9: 1.0})
    rows[0].drawn["score"] = ""  # type: ignore[index]
    assert len(points_of(rows)) == 2


def test_a_build_looks_scores_up_says_so_and_is_as_before_without_the_file(tmp_path: Path) -> None:
    raw, out = write_folder(tmp_path / "raw"), tmp_path / "out"
    write_lines(raw, SPOKEN)
    plain = make_tables(raw, out)
    before, scores = digests_of(plain), {quote.quote_id: quote for quote in rows_of(plain, "quotes")}
    sample = [row for row in draw_sample(plain, 50, 1) if row.layer == "quotes"]
    keep_calibration(raw, STEEP)
    calibrated = make_tables(raw, out)
    assert calibrated != plain
    found = rows_of(calibrated, "quotes")
    changed = [quote for quote in found if quote.score != scores[quote.quote_id].score]
    assert {quote.score for quote in changed} == {STEEP.calibrated(scores[quote.quote_id].score) for quote in changed}
    assert {quote.quote_id for quote in found} - {quote.quote_id for quote in changed} == {
        quote.quote_id for quote in found if quote.kind == "unattributed" or quote.method.startswith("correction")
    }
    assert any(quote.method.startswith("correction") for quote in found)
    (build,) = rows_of(calibrated, "build")
    assert json.loads(build.settings)["calibration"]["judged"] == 140
    assert [row for row in draw_sample(calibrated, 50, 1) if row.layer == "quotes"] == sample
    (raw / FILE).unlink()
    assert digests_of(make_tables(raw, tmp_path / "again")) == before


def test_the_card_says_what_the_scores_rest_on(tmp_path: Path) -> None:
    raw = write_folder(tmp_path / "raw")
    keep_calibration(raw, STEEP)
    staged = make_tables(raw, tmp_path / "out")
    write_package(staged, Corpus())
    card = (staged / "README.md").read_text("utf-8")
    assert "140 quotes of this corpus that a person judged, 23 of them wrong" in card
    assert "0.200 without and 0.010 with it" in card
    assert '"shares"' not in card


def test_the_file_is_kept_and_what_nobody_fitted_is_an_error_with_its_line(tmp_path: Path) -> None:
    keep_calibration(tmp_path, STEEP)
    assert load_calibration(tmp_path) == STEEP
    whole = (tmp_path / FILE).read_text("utf-8")
    for text, said in (
        (whole.replace("# 140", "140"), "line 1: no calibration"),
        (whole.replace("0.50,0.0100", "0.50,0.0001"), "line 53: '0.50,0.0001' is no rising share"),
        (whole.replace("0.50,0.0100", "=cmd"), "line 53: '=cmd'"),
        (whole.replace("1.00,0.0200\n", ""), "100 scores instead of 101"),
        (whole + "1.01,0.9000\n", "102 scores|line 104"),
        ("", "line 1: no calibration"),
    ):
        (tmp_path / FILE).write_text(text, "utf-8")
        with pytest.raises(QantarError, match=said):
            load_calibration(tmp_path)
    (tmp_path / FILE).unlink()
    assert load_calibration(tmp_path) is None


def test_the_command_prints_the_errors_and_writes_the_file(tmp_path: Path) -> None:
    from qantar.quality.audit_sheet import JUDGED, _write

    folders = ("--raw", str(tmp_path), "--out", str(tmp_path))
    rows = judged(60, {0.95: 0.7, 0.8: 0.5, 0.6: 0.25})
    cells = [[row.drawn.get(name, "") for name in COLUMNS] + [row.verdict] + [""] * (len(JUDGED) - 1) for row in rows]
    _write(tmp_path / "audit.csv", cells)
    done = CliRunner().invoke(app, ["audit", str(tmp_path / "audit.csv"), "--score", "--calibrate", *folders])
    assert done.exit_code == 0, done.output
    assert "| 0.9–1.0 | 60 | 0.95 |" in done.output
    assert load_calibration(tmp_path)
    _write(tmp_path / "audit.csv", cells[:70])
    early = CliRunner().invoke(app, ["audit", str(tmp_path / "audit.csv"), "--score", "--calibrate", *folders])
    assert "70 quotes with a score are judged" in str(early.exception)
