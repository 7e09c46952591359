"""Processes that are kept alive, and a folder that is watched: real processes, real signals."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from qantar.service.schedule import changes
from qantar.service.supervisor import Kept
from tests.conftest import ROOT

CHILD = "import time; from qantar.service.supervisor import end_with_parent; end_with_parent(); time.sleep(600)"
PARENT = f"""
import sys, time
from qantar.service.supervisor import Kept
with Kept([sys.executable, "-c", {CHILD!r}]) as kept:
    print(kept.process.pid, flush=True)
    time.sleep(600)
"""


def lives(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


def wait_until(holds, limit: float = 300) -> bool:  # type: ignore[no-untyped-def]
    end = time.monotonic() + limit
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(holds())


def test_what_dies_is_started_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Kept([sys.executable, "-c", f"open({str(log)!r}, 'a').write('started\\n')"]) as kept:
        end = time.monotonic() + 300
        while (not log.exists() or log.read_text().count("started") < 3) and time.monotonic() < end:
            kept.keep_alive()
            time.sleep(0.1)
    assert log.read_text().count("started") >= 3


def test_what_no_longer_works_is_started_again_at_once() -> None:
    with Kept([sys.executable, "-c", "import time; time.sleep(600)"]) as kept:
        assert kept.process
        first = kept.process.pid
        kept.start_again("no longer works")
        assert not lives(first)
        assert kept.process.pid != first
        assert kept.process.poll() is None


@pytest.mark.parametrize("seconds", [-30 * 86_400, 3_600])
def test_a_clock_that_was_set_is_noticed_until_what_is_kept_is_started_again(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    real = time.time
    with Kept([sys.executable, "-c", "import time; time.sleep(600)"]) as kept:
        assert not kept.clock_was_set
        monkeypatch.setattr(time, "time", lambda: real() + seconds)
        assert kept.clock_was_set
        kept.start_again("planned by a clock that was set")
        assert not kept.clock_was_set


def test_what_is_kept_ends_with_its_keeper_however_that_ends() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    assert lives(child)
    parent.kill()
    parent.wait()
    assert wait_until(lambda: not lives(child))


def test_what_is_kept_may_end_by_itself() -> None:
    ends = "from qantar.service.supervisor import end_with_parent; end_with_parent(); raise SystemExit(3)"
    process = subprocess.Popen([sys.executable, "-c", ends], cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert (process.wait(300), process.stderr and process.stderr.read()) == (3, "")
    finally:
        process.communicate()


def test_each_change_of_a_folder_is_seen_also_when_the_folder_is_made_anew(tmp_path: Path) -> None:
    raw, stop, seen = tmp_path / "raw", threading.Event(), list[float]()
    raw.mkdir()

    def watch() -> None:
        for _ in changes(raw, stop, quiet=100):
            seen.append(time.monotonic())

    watching = threading.Thread(target=watch)
    watching.start()
    try:

        def write_until_seen(n: int) -> bool:
            """Written again and again, for watching may not have begun."""

            def holds() -> bool:
                (raw / "a.txt").write_text(os.urandom(8).hex())
                time.sleep(0.5)
                return len(seen) >= n

            return wait_until(holds)

        assert write_until_seen(1)
        shutil.rmtree(raw)
        time.sleep(0.5)
        raw.mkdir()
        assert wait_until(lambda: len(seen) >= 2), "that it is there again is a change"
        before = len(seen)
        assert write_until_seen(before + 1)
    finally:
        stop.set()
        watching.join(30)
    assert not watching.is_alive()
