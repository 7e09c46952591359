from pathlib import Path

import pytest

from qantar.schema import BuildRun
from qantar.store import log

RUN = BuildRun(
    run_id="r",
    build_id="b",
    started="2022-01-05",
    finished="2022-01-05",
    seconds='{"read": 1.25, "link": 0.01}',
    outcome="published",
    message="published b",
)


def test_each_run_is_a_line(tmp_path: Path) -> None:
    log.log_run(tmp_path, RUN, "builds 3.1 MB")
    log.log_run(tmp_path, RUN)
    lines = (tmp_path / log.NAME).read_text().splitlines()
    assert lines == [
        "2022-01-05 published: published b; 1.2 s: read 1.2; builds 3.1 MB",
        "2022-01-05 published: published b; 1.2 s: read 1.2",
    ]


def test_the_log_is_rotated_and_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "BYTES", 500)
    for n in range(100):
        log.log_run(tmp_path, RUN, f"line {n}")
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["qantar.log", "qantar.log.1", "qantar.log.2", "qantar.log.3"]
    assert all(path.stat().st_size <= 500 for path in tmp_path.iterdir())
    assert "line 99" in (tmp_path / "qantar.log").read_text()


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / log.NAME).mkdir()
    log.log_run(tmp_path, RUN)
    assert capsys.readouterr().err == ""
