"""An audit: its sheet is drawn by strata, its intervals hold the truth as often as they say, wrong rows become corrections."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks import audits
from qantar.cli import app
from qantar.corrections.corrections_file import load_corrections
from qantar.quality.audit import compare_annotators, corrections_of, score_sheet
from qantar.quality.audit_estimates import Estimate, Stratum, estimate_share, rows_needed
from qantar.quality.audit_figures import load_figures
from qantar.quality.audit_sheet import COLUMNS, JUDGED, judge_row, read_sheet, write_sheet
from qantar.settings import QantarError
from tests.publish.harbour import write_build

RUN = CliRunner()


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_build(tmp_path_factory.mktemp("built") / "build")


@pytest.fixture
def sheet(build: Path, tmp_path: Path) -> Path:
    write_sheet(build, tmp_path / "audit.csv", 20)
    return tmp_path / "audit.csv"


def judge(sheet: Path, **cells: str) -> None:
    """Fill cells of all rows of the layers named: `quotes="wrong,,Ann Lee"` is verdict, field and value."""
    rows = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig"), newline="")))
    for row in rows:
        if row["layer"] in cells:
            row |= dict(zip(JUDGED, cells[row["layer"]].split(","), strict=False))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*COLUMNS, *JUDGED])
    writer.writeheader()
    writer.writerows(rows)
    sheet.write_text("\ufeff" + text.getvalue(), "utf-8")


def test_the_sheet_opens_in_spreadsheets_and_is_the_same_for_the_same_seed(build: Path, sheet: Path, tmp_path: Path) -> None:
    data = sheet.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == [*COLUMNS, *JUDGED]
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell]
    write_sheet(build, tmp_path / "again.csv", 20)
    assert (tmp_path / "again.csv").read_bytes() == data


def test_what_was_judged_stays_when_rows_are_added(build: Path, sheet: Path) -> None:
    judge(sheet, mentions="right", missed=",,,2")
    before = {row.key for row in read_sheet(sheet) if row.verdict}
    n, judged = write_sheet(build, sheet, 40)
    assert judged == len(before)
    assert {row.key for row in read_sheet(sheet) if row.verdict} == before
    assert n >= len(before)


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_one_row_is_judged_and_the_others_stay_as_they_are(sheet: Path, delimiter: str) -> None:
    rows = list(csv.reader(io.StringIO(sheet.read_text("utf-8-sig"), newline="")))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    sheet.write_text("\ufeff" + text.getvalue(), "utf-8", newline="")
    before, first = sheet.read_bytes(), read_sheet(sheet)[0]
    judge_row(sheet, first.key, {"verdict": "wrong", "value": "=mixed", "by": "Ann"})
    (judged,) = (row for row in read_sheet(sheet) if row.verdict)
    assert (judged.key, judged.drawn["value"], judged.drawn["by"]) == (first.key, "=mixed", "Ann")
    judge_row(sheet, first.key, {})
    assert sheet.read_bytes() == before
    for key, said in ((("quotes", "nothing"), {}), (first.key, {"verdict": "perhaps"})):
        with pytest.raises(QantarError):
            judge_row(sheet, key, said)


@pytest.mark.parametrize("corpus", audits.PRECISION)
def test_of_1000_audits_93_to_97_in_100_intervals_of_precision_hold_the_truth(corpus: str) -> None:
    assert 930 <= audits.held_of_precision(*audits.PRECISION[corpus], 1_000) <= 970


@pytest.mark.parametrize("corpus", audits.RECALL)
def test_of_1000_audits_93_to_97_in_100_intervals_of_recall_hold_the_truth(corpus: str) -> None:
    assert 930 <= audits.held_of_recall(*audits.RECALL[corpus], 1_000) <= 970


def test_a_whole_corpus_that_is_judged_leaves_nothing_to_chance() -> None:
    assert estimate_share([Stratum(40, 40, 30), Stratum(10, 10, 10)]) == Estimate(0.8, 0.8, 0.8, 50)
    assert estimate_share([Stratum(40, 0, 0)]).n == 0
    part = estimate_share([Stratum(1, 1, 1), Stratum(4, 0, 0)])
    assert (part.value, part.high) == (1.0, 1.0)
    assert part.low < 0.6  # most was not judged
    assert rows_needed(estimate_share([Stratum(40, 40, 30)]), 0.1, 40) == 0


def test_figures_wrong_rows_and_disagreements_of_a_sheet(build: Path, sheet: Path, tmp_path: Path) -> None:
    judge(sheet, mentions="right", quotes="wrong,kind,mixed", missed=",,,1")
    figures = {(f.layer, f.metric): f.estimate for f in score_sheet(read_sheet(sheet))}
    assert figures["mentions", "precision"].value == 1
    assert figures["quotes", "precision"].value == 0
    assert ("quotes", "recall") in figures
    assert ("mentions", "recall") not in figures
    judge(sheet, **{"missed names": ",,,0"})
    assert {(f.layer, f.metric): f.estimate.value for f in score_sheet(read_sheet(sheet))}["mentions", "recall"] == 1
    fixes, untold = corrections_of(read_sheet(sheet))
    assert {(fix.table, fix.field, fix.value) for fix in fixes} == {("quotes", "kind", "mixed")}
    assert not untold
    other = tmp_path / "other.csv"
    other.write_bytes(sheet.read_bytes())
    judge(other, mentions="wrong")
    kappa, n, differing = compare_annotators(read_sheet(sheet), read_sheet(other))
    assert n == len(differing) + sum(row.drawn["layer"] == "quotes" for row in read_sheet(sheet))
    assert kappa is not None
    assert kappa < 0.5


def test_the_command_writes_the_sheet_then_figures_and_corrections(build: Path, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").touch()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "latest").symlink_to(build)
    sheet, folders = tmp_path / "audit.csv", ["--raw", str(tmp_path / "raw"), "--out", str(tmp_path / "out")]
    assert "0 judged" in RUN.invoke(app, ["audit", str(sheet), *folders]).output
    early = RUN.invoke(app, ["audit", str(sheet), "--score", *folders])
    assert "nothing is judged yet" in str(early.exception)
    judge(sheet, mentions="right", quotes="wrong")
    done = RUN.invoke(app, ["audit", str(sheet), "--score", "--width", "0.1", "--keep", "--correct", *folders])
    assert done.exit_code == 0, done.output
    assert "mentions precision: 100.0%" in done.output
    assert "more for an interval of 10%" in done.output
    assert "what is right is not said" in done.output
    assert load_corrections(tmp_path / "raw").fixes == []
    kept = load_figures(tmp_path / "raw")
    assert {(row.layer, row.metric, row.gold) for row in kept} == {("mentions", "precision", "audit"), ("quotes", "precision", "audit")}


@pytest.mark.parametrize(
    ("cells", "said"), [({"quotes": "perhaps"}, "write right, wrong or unsure"), ({"missed": ",,,many"}, "how many were missed")]
)
def test_what_no_sheet_says_is_an_error_with_its_line(sheet: Path, cells: dict[str, str], said: str) -> None:
    judge(sheet, **cells)
    with pytest.raises(QantarError, match=rf"audit.csv, line \d+: .*{said}"):
        read_sheet(sheet)


def test_a_file_that_is_no_sheet_and_figures_that_are_none_are_told(tmp_path: Path) -> None:
    (tmp_path / "audit.csv").write_text("layer,metric,value,low,high,n\nquotes,precision,0.9,0.95,1,10\n")
    with pytest.raises(QantarError, match="no sheet of an audit"):
        read_sheet(tmp_path / "audit.csv")
    with pytest.raises(QantarError, match=r"audit\.csv, line 2: no figure of an audit"):
        load_figures(tmp_path)
