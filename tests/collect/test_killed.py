"""A run that is killed loses no page and fetches none twice; a state that is lost or damaged is made anew from the archives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from qantar.collect.collection import collect
from qantar.collect.known_pages import STATE_FILE, KnownPages
from qantar.collect.page_archives import Archive
from tests.collect.conftest import Collect
from tests.collect.sites import Answer, Paper, feed, follow, story, write_sources
from tests.collect.test_collect import articles_of, serve_stories
from tests.conftest import ROOT

PLACES = [f"P{n}" for n in range(6)]


class _KilledError(BaseException):
    """As if the process ended here."""


def fetched(paper: Paper) -> list[str]:
    return sorted(path for path in paper.paths if path != "/feed")


@pytest.mark.parametrize("cut", [0, 5])
def test_a_page_stored_before_it_was_noted_is_not_fetched_again(
    tmp_path: Path, paper: Paper, run: Collect, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    serve_stories(paper, *PLACES)
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    n = 0
    put = KnownPages.put

    def killed(self: KnownPages, known: object) -> None:
        nonlocal n
        n += getattr(known, "state", "") == "stored"
        if n == 3:
            raise _KilledError
        put(self, known)  # type: ignore[arg-type]

    with monkeypatch.context() as patch, pytest.raises(_KilledError):
        patch.setattr(KnownPages, "put", killed)
        run(raw)
    (hidden,) = (raw / "collected").glob("*/.*.warc.gz")
    if cut:  # it was killed while it wrote the third
        os.truncate(hidden, hidden.stat().st_size - cut)
    assert articles_of(raw) == [], "no build reads what is half done"
    run(raw)
    assert len(articles_of(raw)) == 6
    assert len(fetched(paper)) == 6 + bool(cut)
    assert list((raw / "collected").glob("*/.*")) == []


def test_a_run_killed_while_it_joins_its_archives_is_made_good(
    tmp_path: Path, paper: Paper, run: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve_stories(paper, *PLACES[:2])
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    run(raw)
    serve_stories(paper, *PLACES)
    unlink = Path.unlink

    def killed(self: Path, missing_ok: bool = False) -> None:
        if self.name == ".2022-01-05.warc.gz":
            raise _KilledError
        unlink(self, missing_ok)

    with monkeypatch.context() as patch, pytest.raises(_KilledError):
        patch.setattr(Path, "unlink", killed)
        run(raw)
    run(raw)
    assert len(articles_of(raw)) == 6
    assert fetched(paper) == sorted(f"/{place}" for place in PLACES)


def test_a_process_killed_from_outside_is_taken_up_where_it_was(tmp_path: Path, paper: Paper) -> None:
    serve_stories(paper, *PLACES)
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    command = [
        sys.executable,
        "-c",
        "import sys; from pathlib import Path; from qantar.collect.collection import collect; collect(Path(sys.argv[1]))",
    ]
    process: subprocess.Popen[bytes] | None = None

    def kill(_: dict[str, str]) -> Answer:
        if process:
            process.send_signal(signal.SIGKILL)
        return Answer(story("P4"))

    paper.routes["/P4"] = kill
    process = subprocess.Popen([*command, str(raw)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert process.wait(120) == -signal.SIGKILL
    process = None
    before = fetched(paper)
    assert before == ["/P0", "/P1", "/P2", "/P3", "/P4"]
    collect(raw)
    assert sorted(article.url or "" for article in articles_of(raw)) == [paper.url(f"/{place}") for place in PLACES]
    assert fetched(paper) == sorted([*before, "/P4", "/P5"]), "only what was under way is asked for again"


@pytest.mark.parametrize("damage", ["lost", "spoilt"])
def test_a_state_that_is_lost_is_made_anew_from_the_archives(tmp_path: Path, paper: Paper, run: Collect, damage: str) -> None:
    serve_stories(paper, *PLACES)
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    run(raw)
    for path in (raw / "collected").glob(f"{STATE_FILE}*"):
        path.unlink()
    if damage == "spoilt":
        (raw / "collected" / STATE_FILE).write_bytes(b"no database" * 1_000)
    (row,) = run(raw).rows
    assert (row.n_new, row.n_failed) == (0, 0)
    assert len(fetched(paper)) == 6
    assert len(articles_of(raw)) == 6


def test_what_the_machine_lost_of_an_archive_is_fetched_again(
    tmp_path: Path, paper: Paper, run: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve_stories(paper, *PLACES)
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    with monkeypatch.context() as patch, pytest.raises(_KilledError):
        patch.setattr(Archive, "join", lambda self: (_ for _ in ()).throw(_KilledError))
        run(raw)
    (hidden,) = (raw / "collected").glob("*/.*.warc.gz")
    os.truncate(hidden, hidden.stat().st_size // 2)
    run(raw)
    assert len(articles_of(raw)) == 6


def test_a_full_disk_leaves_no_half_of_a_page(tmp_path: Path) -> None:
    archive = Archive(tmp_path, "h", "2022-01-05")
    archive.add(b"first", lambda: b"about")

    class Full:
        def __radd__(self, other: bytes) -> bytes:
            return other

        def __len__(self) -> int:
            return 1

    with pytest.raises((OSError, TypeError)):
        archive.add(Full(), bytes)  # type: ignore[arg-type]
    assert archive.hidden.read_bytes() == b"aboutfirst"


def test_a_feed_read_by_a_killed_run_is_read_again(tmp_path: Path, paper: Paper, run: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = feed(paper, ["/a"])
    whole.headers["ETag"] = '"1"'
    paper.routes |= {"/a": Answer(story("Marenga")), "/feed": lambda asked: Answer(status=304) if "if-none-match" in asked else whole}
    raw = write_sources(tmp_path / "raw", follow(paper), paper)

    def killed(*_: object) -> None:
        raise _KilledError

    with monkeypatch.context() as patch, pytest.raises(_KilledError):
        patch.setattr(KnownPages, "put", killed)
        run(raw)
    run(raw)
    assert len(articles_of(raw)) == 1
