"""What a person sees while a build runs, where there is no terminal."""

from __future__ import annotations

import pytest

from qantar.pipeline.progress import Progress


def test_a_stage_tells_articles_done_their_rate_and_the_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as progress:
        assert list(progress.each("clean", "abcd", [100, 200, 300, 400])) == list("abcd")
        with progress.stage("write"):
            progress.say("a line of its own")
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[:4] for line in lines[:3]] == [["clean", n, "of", "1,000"] for n in ("100", "300", "600")]
    assert all(" articles, " in line and "/s, " in line and line.endswith(" s left") for line in lines[:3])
    assert lines[3].startswith("clean ") and lines[3].endswith(" articles/s")
    assert lines[4] == "a line of its own"
    assert set(progress.seconds) == {"clean", "write"}
    assert len(lines) == 6
