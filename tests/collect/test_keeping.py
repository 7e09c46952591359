"""Archives that are too old, or too many, become the texts of their articles: the rows stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.collect.conftest import Collect
from tests.collect.sites import Answer, Hours, Paper, feed, follow, story, write_sources
from tests.collect.test_collect import articles_of, rows_of, serve_stories


def names(raw: Path) -> list[str]:
    return sorted(path.name for path in (raw / "collected/harbour-times").iterdir())


def told(raw: Path) -> list[tuple[object, ...]]:
    return [(a.document_id, a.url, a.outlet, a.title, a.published_on, a.licence, a.text, a.source_record) for a in articles_of(raw)]


@pytest.mark.parametrize("keep", ["days = 2", "gigabytes = 0.000001"])
def test_an_old_archive_becomes_texts_and_no_row_is_lost(tmp_path: Path, paper: Paper, run: Collect, clock: Hours, keep: str) -> None:
    serve_stories(paper, "Marenga", "Porto")
    raw = write_sources(tmp_path / "raw", follow(paper, more='licence = "Ask"'), paper, more=f"[keep]\n{keep}")
    run(raw)
    before = told(raw)
    assert names(raw) == ["2022-01-05.warc.gz"], "today's stays, whatever it takes"
    clock.pass_time(days=3)
    serve_stories(paper, "Marenga", "Porto", "Lund")
    run(raw)
    assert names(raw) == ["2022-01-05.jsonl.gz", "2022-01-08.warc.gz"]
    assert [row for row in told(raw) if row in before] == before
    assert len(told(raw)) == 3
    assert all(not hasattr(row, "reason") for row in rows_of(raw))


def test_a_run_killed_between_texts_and_archive_leaves_each_article_once(
    tmp_path: Path, paper: Paper, run: Collect, clock: Hours, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper.routes |= {"/a": Answer(story("Marenga")), "/feed": feed(paper, ["/a"])}
    raw = write_sources(tmp_path / "raw", follow(paper), paper, more="[keep]\ndays = 2")
    run(raw)
    clock.pass_time(days=3)

    class KilledError(BaseException):
        pass

    unlink = Path.unlink

    def killed(self: Path, missing_ok: bool = False) -> None:
        if self.name == "2022-01-05.warc.gz":
            raise KilledError
        unlink(self, missing_ok)

    with monkeypatch.context() as patch, pytest.raises(KilledError):
        patch.setattr(Path, "unlink", killed)
        run(raw)
    assert names(raw) == ["2022-01-05.jsonl.gz", "2022-01-05.warc.gz"]
    run(raw)
    assert names(raw) == ["2022-01-05.jsonl.gz"]
    assert len(rows_of(raw)) == 1
