"""Scheduled re-runs: a run that the schedule started, by a server that the command started."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socketserver
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue

import pytest

from benchmarks.faults.service import beyond_this_machine
from benchmarks.free_port import free_port
from qantar.service.schedule import deployment_name, only_schedule
from qantar.service.supervisor import prefect_server
from qantar.settings import QantarError
from tests.conftest import RAW, ROOT, Qantar


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
    qantar_itself = Path(sys.executable).with_name("qantar")
    command: list[str | Path] = [qantar_itself, "schedule", "--cron", "* * * * *", "--raw", raw, "--out", out, "--port", str(port)]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, text=True)
        try:
            wait_until(lambda: (out / "latest").exists(), 400, process)
            with closing(sqlite3.connect(out / ".prefect/prefect.db")) as connection:
                runs = connection.execute("SELECT auto_scheduled, deployment_id IS NOT NULL FROM flow_run WHERE start_time IS NOT NULL")
                assert (1, 1) in runs.fetchall()
            assert beyond_this_machine(process.pid) == []
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(300)
    with pytest.raises(QantarError, match="no Prefect server answers"), pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{port}/api")
        with prefect_server(port):
            pass


def test_a_cron_line_that_cannot_be_read_is_a_clear_error(qantar: Qantar, tmp_path: Path) -> None:
    done = qantar("schedule", "--cron", "every day", "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "not a valid cron expression" in done.stderr


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


def test_a_port_in_use_by_something_else_is_a_clear_error(qantar: Qantar, tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = qantar("schedule", "--cron", "0 6 * * *", "--out", tmp_path / "out", "--port", port, PREFECT_API_URL="")
    assert done.returncode == 1
    assert "in use by another program" in done.stderr


def test_a_program_that_speaks_no_http_is_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    class Greeting(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(b"220 Ready for mail\r\n")

    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Greeting) as taken:
        threading.Thread(target=taken.serve_forever, daemon=True).start()
        with pytest.raises(QantarError, match="in use by another program"), prefect_server(taken.server_address[1]):
            pass
        taken.shutdown()


def test_a_server_of_others_is_not_used_unasked(prefect_api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    port = int(prefect_api.rsplit(":", 1)[1].removesuffix("/api"))
    with pytest.raises(QantarError, match="in use by another Prefect server; set PREFECT_API_URL="), prefect_server(port):
        pass


def test_two_schedules_of_one_folder_are_one_too_many(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with only_schedule(out):
        with pytest.raises(QantarError, match=f"another schedule builds this folder .process {os.getpid()}"), only_schedule(out):
            pass
        with only_schedule(tmp_path / "other"):
            pass
    with only_schedule(out):
        pass


def test_two_folders_on_one_server_have_a_deployment_each(prefect_api: str, tmp_path: Path) -> None:
    outs = [tmp_path / "one", tmp_path / "two"]
    for out in outs:
        raw = tmp_path / f"raw of {out.name}"
        raw.mkdir()
        shutil.copyfile(RAW / "000_d1c0b45d70eecad1.txt", raw / "a.txt")
    environment = {**os.environ, "PREFECT_API_URL": prefect_api}
    command: list[str | Path] = [Path(sys.executable).with_name("qantar"), "schedule", "--every", "1d", "--now"]
    with (tmp_path / "log").open("w") as log:
        running = []
        for out in outs:
            folders: list[str | Path] = ["--raw", tmp_path / f"raw of {out.name}", "--out", out]
            running.append(subprocess.Popen([*command, *folders], cwd=ROOT, env=environment, stdout=log, stderr=log, text=True))
        try:
            for process, out in zip(running, outs, strict=True):
                wait_until(lambda out=out: (out / "latest").exists(), 400, process)
        finally:
            for process in running:
                process.send_signal(signal.SIGTERM)
            for process in running:
                process.wait(300)
    assert deployment_name(outs[0]) != deployment_name(outs[1])


def test_the_alarm_of_the_recipes_is_raised_by_a_failed_run(qantar: Qantar, prefect_api: str, tmp_path: Path) -> None:
    called: Queue[dict[str, str]] = Queue()

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            called.put(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Listener) as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        command: list[str | Path] = [sys.executable, ROOT / "flows/service/recipes/alarm.py", f"http://127.0.0.1:{listener.server_port}/"]
        subprocess.run(command, check=True, env={**os.environ, "PREFECT_API_URL": prefect_api}, stdout=subprocess.DEVNULL)
        assert qantar("build", "--raw", tmp_path / "nowhere", "--out", tmp_path / "out").returncode == 1
        alarm = called.get(timeout=120)
        listener.shutdown()
    assert alarm["what"] == "a run failed"
    assert "there is no such folder" in alarm["message"]
