"""Prefect's server of a process's own: real processes, a real database."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from qantar.service.one_run import check_room
from qantar.service.prefect_database import make_database
from qantar.service.supervisor import start_limit
from qantar.settings import QantarError, Settings
from tests.conftest import RAW, ROOT, Qantar, untold
from tests.service.test_supervisor import lives, wait_until

MANY = """
from prefect import flow, task
from prefect.settings import PREFECT_API_URL, temporary_settings
from qantar.service.prefect_server import own_server

@flow
def many():
    for run in [task(lambda: None).submit() for number in range(60)]:
        run.result()

with temporary_settings({PREFECT_API_URL: own_server()}):
    many()
assert "prefect.server" not in __import__("sys").modules, "a second server was started"
"""
ONE_RUN = "from pathlib import Path; from qantar.service.prefect_settings import configure_prefect; configure_prefect(Path(), one_run=True)"


def alone(prefect_home: Path) -> dict[str, str]:
    """An environment in which no server is configured."""
    return {**untold(), "PREFECT_HOME": str(prefect_home), "PREFECT_API_URL": ""}


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_the_states_of_all_tasks_are_kept_however_fast_they_come(prefect_home: Path) -> None:
    subprocess.run([sys.executable, "-c", ONE_RUN + MANY], cwd=ROOT, env=alone(prefect_home), check=True)
    with closing(sqlite3.connect(prefect_home / "prefect.db", timeout=30)) as connection:
        states = connection.execute(
            "SELECT state.name, count(*) FROM task_run_state AS state JOIN task_run ON task_run.id = state.task_run_id "
            "WHERE task_run.flow_run_id IN (SELECT flow_run.id FROM flow_run JOIN flow ON flow.id = flow_id WHERE flow.name = 'many') "
            "GROUP BY 1"
        ).fetchall()
    assert dict(states) == {"Pending": 60, "Running": 60, "Completed": 60}


def test_what_the_server_says_of_itself_is_shown_for_debugging_only(prefect_home: Path) -> None:
    shown = """
import os
from pathlib import Path
from multiprocessing import active_children
from qantar.service.prefect_settings import configure_prefect
configure_prefect(Path(), debug={debug}, one_run=True)
from qantar.service.prefect_server import own_server
own_server()
(server,) = active_children()
print(os.readlink(f"/proc/{{server.pid}}/fd/2") == os.devnull)
"""
    for debug in (False, True):
        environment = {**alone(prefect_home), "PREFECT_LOGGING_LEVEL": "INFO" if debug else "CRITICAL"}
        command = [sys.executable, "-c", shown.format(debug=debug)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.split() == [str(not debug)]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_server_outlives_a_build_that_is_killed(number: signal.Signals, prefect_home: Path, tmp_path: Path) -> None:
    qantar_itself = Path(sys.executable).with_name("qantar")
    command: list[str | Path] = [qantar_itself, "build", "--raw", RAW, "--out", tmp_path / "out"]
    own = signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background, a shell has what it starts ignore it
    process = subprocess.Popen(command, cwd=ROOT, env=alone(prefect_home), stderr=subprocess.PIPE, text=True, start_new_session=True)
    signal.signal(signal.SIGINT, own)
    assert process.stderr
    with process.stderr:
        assert any(line.startswith("read ") for line in process.stderr)
        started = children(process.pid)
        if number == signal.SIGKILL:
            process.send_signal(number)
        else:
            os.killpg(process.pid, number)  # as systemd and a terminal do: to all of its processes
        assert process.wait(300) != 0
    assert len(started) >= 2  # the server, and what forks the workers
    assert wait_until(lambda: not any(map(lives, started)))


def test_a_server_that_cannot_start_is_told_in_plain_words(qantar: Qantar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_SERVER_DATABASE_MIGRATE_ON_START", "false")  # as a build within this process leaves it
    home, told = tmp_path / "home", tmp_path / "told"
    home.mkdir()
    (home / "prefect.db").write_bytes(b"no database" * 1_000)
    tell = f"sh -c 'printenv QANTAR_MESSAGE > {told}'"
    out = tmp_path / "out"
    done = qantar("build", "--raw", RAW, "--out", out, "--on-failure", tell, PREFECT_API_URL="", PREFECT_HOME=str(home))
    assert done.returncode == 1
    assert done.stderr.startswith(f"qantar: {home}: Prefect's server did not start")
    assert len(done.stderr.splitlines()) == 1
    assert "did not start" in told.read_text()


def test_a_server_that_is_too_slow_is_named_with_what_to_do(qantar: Qantar, tmp_path: Path) -> None:
    where = {"PREFECT_API_URL": "", "PREFECT_HOME": str(tmp_path / "home")}
    make_database(tmp_path / "home")
    with closing(sqlite3.connect(tmp_path / "home" / "prefect.db")) as held:
        held.execute("BEGIN EXCLUSIVE")  # the server waits for its database
        done = qantar("build", "--raw", RAW, "--out", tmp_path / "out", **where, QANTAR_SERVER_SECONDS="1")
    assert done.returncode == 1
    assert done.stderr == (
        "qantar: Prefect's server did not answer in 1 s, so nothing was published; run again when the machine is less busy, "
        "or set QANTAR_SERVER_SECONDS to more seconds\n"
    )


def test_a_full_disk_under_prefect_is_named_for_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tmp_path / "told"

    def full(path: Path, data: bytes) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    settings = Settings(raw=RAW, out=tmp_path / "out", on_failure=f"sh -c 'printenv QANTAR_MESSAGE > {told}'")
    with pytest.raises(QantarError, match=r"cannot write the 8 MB there that a run may need \(No space left on device\).*free disk space"):
        check_room(settings, tmp_path)
    assert "No space left on device" in told.read_text()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_time_to_start_grows_with_what_waits_for_a_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    limits = []
    for load in (0.5, 2.0, 12.0):
        monkeypatch.setattr(os, "getloadavg", lambda load=load: (load, load, load))
        limits.append(start_limit())
    assert limits == [180, 180, 1080]
    monkeypatch.setenv("QANTAR_SERVER_SECONDS", "600")
    assert start_limit() == 600
    for wrong in ("0", "-1", "many", ""):
        monkeypatch.setenv("QANTAR_SERVER_SECONDS", wrong)
        with pytest.raises(QantarError, match="QANTAR_SERVER_SECONDS"):
            start_limit()
