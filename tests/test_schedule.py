"""Scheduled re-runs: a run that the schedule started, by a server that the command started."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from flows.schedule import Kept, prefect_server
from flows.settings import QantarError
from tests.conftest import RAW, ROOT, Qantar, free_port


def wait_until(holds, limit: float, process: subprocess.Popen[str]) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + limit
    while not holds():
        assert process.poll() is None, "the schedule ended"
        assert time.monotonic() < end, f"not within {limit} s"
        time.sleep(0.5)


def test_a_scheduled_run_publishes_and_a_signal_ends_it_all(prefect_home: Path, tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    shutil.copyfile(RAW / "000_d1c0b45d70eecad1.txt", raw / "a.txt")
    port = free_port()
    environment = {**os.environ, "PREFECT_HOME": str(out / ".prefect")}
    environment.pop("PREFECT_API_URL", None)
    command = [Path(sys.executable).with_name("qantar"), "schedule", "--cron", "* * * * *", "--raw", raw, "--out", out, "--port", str(port)]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, text=True)
        try:
            wait_until(lambda: (out / "latest").exists(), 400, process)
            with closing(sqlite3.connect(out / ".prefect/prefect.db")) as connection:
                runs = connection.execute("SELECT auto_scheduled, deployment_id IS NOT NULL FROM flow_run WHERE start_time IS NOT NULL")
                assert (1, 1) in runs.fetchall()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    with pytest.raises(QantarError, match="no Prefect server answers"), pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{port}/api")
        with prefect_server(port):
            pass


def test_a_cron_line_that_cannot_be_read_is_a_clear_error(qantar: Qantar, tmp_path: Path) -> None:
    done = qantar("schedule", "--cron", "every day", "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "this is no cron line" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "say when"),
        (["--cron", "0 6 * * *", "--every", "6h"], "give one of them"),
        (["--every", "sometimes"], "a number and s, m, h or d"),
    ],
)
def test_a_schedule_says_when(qantar: Qantar, tmp_path: Path, arguments: list[str], said: str) -> None:
    done = qantar("schedule", *arguments, "--out", tmp_path / "out")
    assert done.returncode in (1, 2)
    assert said in done.stderr


def test_what_dies_is_started_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Kept([sys.executable, "-c", f"open({str(log)!r}, 'a').write('started\\n')"]) as kept:
        end = time.monotonic() + 30
        while (not log.exists() or log.read_text().count("started") < 3) and time.monotonic() < end:
            kept.keep_alive()
            time.sleep(0.1)
    assert log.read_text().count("started") >= 3


def test_a_port_in_use_by_something_else_is_a_clear_error(qantar: Qantar, tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = qantar("schedule", "--cron", "0 6 * * *", "--out", tmp_path / "out", "--port", port, PREFECT_API_URL="")
    assert done.returncode == 1
    assert "in use by something that is no Prefect server" in done.stderr
