"""Whoever asked for it is told of failures, recoveries and losses, once each."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qantar.pipeline.losses import find_losses
from qantar.pipeline.run import open_run
from qantar.schema import TABLES, Rejected
from qantar.settings import Corpus, QantarError, Settings
from qantar.store.parquet import write_rows
from tests.handmade import row

EASY = Corpus(warn_rejected=1.0)
NOTE = "import os, pathlib; pathlib.Path({!r}).open('a').write(os.environ['QANTAR_EVENT'] + ': ' + os.environ['QANTAR_MESSAGE'] + '\\n')"


def test_failures_recoveries_and_warnings_are_told_once(tmp_path: Path) -> None:
    told = tmp_path / "told"
    settings = Settings(raw=tmp_path / "raw", out=tmp_path / "out", notify=f'{sys.executable} -c "{NOTE.format(str(told))}"')

    def run(*warnings: str, fails: bool = False) -> None:
        with open_run(settings) as run:
            if fails:
                raise ValueError("no room")
            run.outcome, run.message, run.warnings = "unchanged", "nothing has changed", list(warnings)

    run()
    with pytest.raises(ValueError, match="no room"):
        run(fails=True)
    run()
    run()
    run("table quotes has 1 rows")
    assert told.read_text().splitlines() == ["failed: no room", "recovered: nothing has changed", "warning: table quotes has 1 rows"]


def test_a_command_that_fails_itself_ends_no_run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    settings = Settings(raw=tmp_path / "raw", out=tmp_path / "out", notify="false")
    with open_run(settings) as run:
        run.outcome, run.warnings = "unchanged", ["less"]
    assert "--notify 'false' failed" in capfd.readouterr().err


def build(folder: Path, **rows: int) -> Path:
    """A build with so many rejected inputs and so many rows of blocks."""
    for name, n in rows.items():
        table = TABLES[name]
        (folder / "data" / name).mkdir(parents=True)
        one: Any = row(table.row)
        made = [one] * n
        if table.row is Rejected:
            made = [replace(one, source_path=f"{i}.txt", stage="read", reason="empty") for i in range(n)]
        write_rows(folder / "data" / name / "part-00000.parquet", table, made)
    return folder


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({"rejected": 2, "blocks": 10}, {"rejected": 2, "blocks": 10}, []),
        ({"rejected": 2, "blocks": 10}, {"rejected": 1, "blocks": 8}, []),
        ({"rejected": 2, "blocks": 10}, {"rejected": 5, "blocks": 10}, ["3 more inputs were rejected than in build old: empty (3 more)"]),
        ({"rejected": 0, "blocks": 10}, {"rejected": 0, "blocks": 7}, ["table blocks has 7 rows; it had 10 in build old"]),
    ],
)
def test_what_a_build_lost_is_named(tmp_path: Path, old: dict[str, int], new: dict[str, int], said: list[str]) -> None:
    assert find_losses(build(tmp_path / "old", **old), build(tmp_path / "new", **new), EASY) == said


def test_articles_that_are_beginnings_alone_are_told_of_once(tmp_path: Path) -> None:
    new, table = build(tmp_path / "new", documents=1), TABLES["blocks"]
    (new / "data" / "blocks").mkdir()
    one: Any = row(table.row)
    made = [replace(one, block_id=f"b{i}", rule=rule) for i, rule in enumerate(("paywall", "paragraph", "cut by its service"))]
    write_rows(new / "data" / "blocks" / "part-00000.parquet", table, made)
    (said,) = find_losses(None, new, EASY)
    assert said.startswith("2 articles are beginnings alone")
    assert find_losses(new, new, EASY) == []


def test_a_first_build_lost_nothing(tmp_path: Path) -> None:
    assert find_losses(None, build(tmp_path / "new", blocks=1), EASY) == []


@pytest.mark.parametrize(
    ("settings", "rows", "said"),
    [
        ({"warn_rejected": 0.3}, {"rejected": 1, "documents": 3}, []),
        ({"warn_rejected": 0.2}, {"rejected": 1, "documents": 3}, ["25.0% of the articles were rejected, more than warn_rejected = 0.2"]),
        ({"warn_rows": ["blocks 2-4", "blocks -3", "blocks 3-"]}, {"blocks": 3}, []),
        ({"warn_rows": ["blocks 4-", "blocks -2"]}, {"blocks": 3}, ["table blocks has 3 rows, outside of 4-", "outside of -2"]),
        ({"warn_rows": ["blocks 1-"]}, {"documents": 1}, ["table blocks has 0 rows, outside of 1-"]),
        ({"warn_rows": ["hats 4-"]}, {"blocks": 3}, ["there is no table hats"]),
    ],
)
def test_limits_of_the_corpus_hold_for_the_first_build_too(
    tmp_path: Path, settings: dict[str, Any], rows: dict[str, int], said: list[str]
) -> None:
    found = find_losses(None, build(tmp_path / "new", **rows), replace(EASY, **settings))
    assert len(found) == len(said)
    assert all(words in line for words, line in zip(said, found, strict=True)), found


def test_a_drop_counts_from_the_share_that_the_corpus_sets(tmp_path: Path) -> None:
    old, new = build(tmp_path / "old", blocks=100), build(tmp_path / "new", blocks=90)
    assert find_losses(old, new, EASY) == []
    assert len(find_losses(old, new, replace(EASY, warn_drop=0.05))) == 1


def test_a_band_that_is_none_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_text('warn_rows = ["quotes above 5"]')
    with pytest.raises(QantarError, match="warn_rows should be bands such as"):
        Corpus.load(tmp_path)
