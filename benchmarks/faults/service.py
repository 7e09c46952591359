"""What an always-on schedule lives through: its server, runner or run killed, Prefect's database locked or gone, a clock set back."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from benchmarks.faults.bench import FIRST, LIMIT, QANTAR, ROOT, Bench, Readers, free_port, wait_until
from flows.publish.verify import verify_build
from flows.run import make_plan
from flows.settings import Settings
from flows.store import builds, history
from flows.store.retention import roll_back

ARTICLE = """Ministers met on Monday in Nairobi to talk about the price of bread, the president's office said.

"We will not let prices rise again in {year}," said Jane Mwangi, the finance minister. She added that a new law was being written.
"""


def clock_set_back(bench: Bench) -> Iterator[list[str]]:
    """Builds under clocks each of which is months behind the one before; then what goes by age: keeping, rollback, changes, health."""
    if not shutil.which("faketime"):
        yield ["not tried: there is no faketime here (apt-get install faketime)"]
        return
    out, raw = bench.folder / "clock", bench.folder / "clock-raw"
    raw.mkdir()
    shutil.copyfile(ROOT / "raw" / FIRST, raw / FIRST)
    made, wrong = [], []
    for n, clock in enumerate(("+400d", "+0d", "-100d", "-400d")):
        (raw / f"{n}.txt").write_text(ARTICLE.format(year=2_000 + n))
        command = ["faketime", "-f", clock, QANTAR, "build", "--raw", raw, "--out", out, "--keep", "3"]
        done = subprocess.run(command, env=bench.environment, capture_output=True, text=True, timeout=LIMIT)
        made.append((out / "latest").resolve().name)
        wrong += [] if done.returncode == 0 else [f"the build at {clock} failed: {done.stderr[-300:]}"]
    kept = {path.name for path in (out / "builds").iterdir() if not path.name.startswith(".")}
    wrong += [] if kept == set(made[1:]) else [f"kept were {kept}, not the last three of {made}"]
    with closing(sqlite3.connect(out / "history.db")) as connection:
        added = "SELECT build_id, count(*) FROM changes WHERE change = 'added' GROUP BY 1 ORDER BY min(rowid)"
        told = connection.execute(added).fetchall()
    wrong += [] if told == [(made[0], 2), *((name, 1) for name in made[1:])] else [f"changes are {told}"]
    readers = Readers(out)
    with urllib.request.urlopen(f"http://127.0.0.1:{readers.port}/-/health", timeout=60) as response:
        health = json.load(response)
    readers.stop()
    wrong += [] if health["ok"] and health["build_id"] == made[-1] else [f"health says {health}"]
    wrong += [f"a request failed: {what}" for what in readers.failed]
    wrong += [] if roll_back(out).name == made[-2] else ["rolled back to another build than the one before"]
    yield wrong
    shutil.rmtree(out)


class Scheduled:
    """A `qantar schedule` on a folder of its own, a new article at a time."""

    def __init__(self, bench: Bench) -> None:
        self.raw, self.out = bench.folder / "scheduled-raw", bench.folder / "scheduled"
        self.raw.mkdir()
        shutil.copyfile(ROOT / "raw" / FIRST, self.raw / FIRST)
        self.port = free_port()
        self.n = 0
        self.environment = {**os.environ, "PREFECT_HOME": str(self.out / ".prefect")}
        self.environment.pop("PREFECT_API_URL", None)
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        when = ["--every", "30s", "--on-change", "--port", str(self.port)]
        log = (self.raw.parent / "schedule.txt").open("ab")
        command = [QANTAR, "schedule", "--raw", self.raw, "--out", self.out, *when]
        return subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)

    def expected(self) -> str:
        return make_plan(Settings(raw=self.raw, out=self.out)).build.build_id

    def published(self) -> bool:
        build = builds.latest_build(self.out)
        return build is not None and build.name == self.expected() and (build / history.RUN_FILE).exists()

    def add_article(self) -> None:
        self.n += 1
        (self.raw / f"{self.n}.txt").write_text(ARTICLE.format(year=2_000 + self.n))

    def under_way(self) -> int | None:
        """The process of the run that holds the folder."""
        with suppress(OSError, IndexError, ValueError):
            return int((self.out / builds.LOCK).read_text().split()[1])
        return None

    def child(self, what: str) -> int:
        """The process of the schedule that runs a module."""
        listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout.splitlines()
        rows = [line.split(None, 2) for line in listed]
        return next(int(pid) for pid, parent, command in rows if int(parent) == self.process.pid and what in command)

    def database(self) -> Path:
        return self.out / ".prefect" / "prefect.db"

    def stop(self) -> list[str]:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(90)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return ["does not end when told to"]
        return []


def scheduled(bench: Bench) -> Iterator[list[str]]:
    """One fault after the other while a run is under way; the next run must publish, and no run be lost in silence."""
    schedule = Scheduled(bench)
    try:
        assert wait_until(schedule.published, 300), (bench.folder / "schedule.txt").read_text()[-2_000:]
        for fault in (server_killed, database_locked, database_deleted, runner_killed, run_killed, schedule_killed):
            schedule.add_article()
            began = wait_until(schedule.under_way, 120)
            wrong = [] if began else [f"{fault.__name__}: no run began"]
            told = n_runs(schedule.out)
            fault(schedule)
            if not wait_until(schedule.published, 240):
                wrong.append(f"{fault.__name__}: nothing was published in four minutes")
            elif n_runs(schedule.out) <= told:
                wrong.append(f"{fault.__name__}: the history tells of no run")
            wrong += [f"{fault.__name__}: {problem}" for problem in verify_build((schedule.out / "latest").resolve())]
            yield wrong
        yield beyond_this_machine(schedule.process.pid)
    finally:
        ended = schedule.stop()
    gone = wait_until(lambda: not left_of(schedule), 60)
    yield [*ended, *([] if gone else [f"left behind by the schedule: {left_of(schedule)}"])]
    shutil.rmtree(schedule.out)


def n_runs(out: Path) -> int:
    with closing(sqlite3.connect(out / "history.db", timeout=30)) as connection:
        n: int = connection.execute("SELECT max(rowid) FROM builds").fetchone()[0]
        return n


def server_killed(schedule: Scheduled) -> None:
    os.kill(schedule.child("flows.kept"), signal.SIGKILL)


def database_locked(schedule: Scheduled) -> None:
    with closing(sqlite3.connect(schedule.database(), timeout=30, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(20)
        connection.execute("ROLLBACK")


def database_deleted(schedule: Scheduled) -> None:
    """With the server killed too: it would go on with the deleted file, as if nothing had been."""
    for path in schedule.database().parent.glob("prefect.db*"):
        path.unlink()
    os.kill(schedule.child("flows.kept"), signal.SIGKILL)


def runner_killed(schedule: Scheduled) -> None:
    os.kill(schedule.child("flows.schedule"), signal.SIGKILL)


def run_killed(schedule: Scheduled) -> None:
    """And it must be told of, by whatever comes next."""
    pid = schedule.under_way()
    if pid:
        os.kill(pid, signal.SIGKILL)


def schedule_killed(schedule: Scheduled) -> None:
    """Its server and its runner end with it; systemd, say, starts it again."""
    schedule.process.kill()
    schedule.process.wait()
    wait_until(lambda: not left_of(schedule), 60)
    schedule.process = schedule.start()


def left_of(schedule: Scheduled) -> list[str]:
    """What still runs of a schedule that has ended: whatever names its folder or its port."""
    listed = subprocess.run(["ps", "-eo", "args="], capture_output=True, text=True, check=True).stdout.splitlines()
    return [line for line in listed if ("flows.schedule" in line and str(schedule.out) in line) or f"flows.kept {schedule.port}" in line]


def beyond_this_machine(leader: int) -> list[str]:
    """Which sockets of a process and its children listen to other machines."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.split()
    parents = dict(zip(map(int, listed[::2]), map(int, listed[1::2]), strict=True))
    ours = {pid for pid in parents if leader in ancestry(pid, parents)}
    inodes = set()
    for pid in ours:
        with suppress(OSError):  # a process that has just ended
            inodes |= {str(handle.readlink()) for handle in Path(f"/proc/{pid}/fd").iterdir() if handle.is_symlink()}
    found = []
    for table, local in (("tcp", "0100007F"), ("tcp6", "00000000000000000000000001000000")):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            address, state, inode = words[1].split(":")[0], words[3], f"socket:[{words[9]}]"
            if state == "0A" and inode in inodes and address != local:
                found.append(f"listens at {table} {words[1]}")
    return found


def ancestry(pid: int, parents: dict[int, int]) -> list[int]:
    line = [pid]
    while line[-1] in parents and len(line) < 50:
        line.append(parents[line[-1]])
    return line
