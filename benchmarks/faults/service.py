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
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from benchmarks.faults.bench import FIRST, LIMIT, QANTAR, ROOT, Bench, Readers, wait_until
from benchmarks.free_port import free_port
from qantar.pipeline.plan import make_plan
from qantar.publish.verify import verify_build
from qantar.settings import Settings
from qantar.store import builds, history
from qantar.store.retention import roll_back

ARTICLE = """Ministers met on Monday in Nairobi to talk about the price of bread, the president's office said.

"We will not let prices rise again in {year}," said Jane Mwangi, the finance minister. She added that a new law was being written.
"""


DAY = 86_400


class Clock:
    """A wall clock for some processes, which can be set while they run."""

    def __init__(self, folder: Path) -> None:
        self.library, self.file = folder / "clock.so", folder / "seconds-off"
        self.set(days=0)
        if not self.library.exists():
            source = Path(__file__).with_name("clock.c")
            subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", self.library, source, "-ldl"], check=True)

    def set(self, *, days: int) -> None:
        """Let it be off by so many days."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str(days * DAY))
        fresh.replace(self.file)

    @property
    def environment(self) -> dict[str, str]:
        """For the processes that are to go by it."""
        return {"LD_PRELOAD": str(self.library), "QANTAR_CLOCK": str(self.file)}


def clock_set_back(bench: Bench) -> Iterator[list[str]]:
    """Builds under clocks each of which is months behind the one before; then what goes by age: keeping, rollback, changes, health."""
    if not shutil.which("cc"):
        yield ["not tried: there is no C compiler here"]
        return
    clock = Clock(bench.folder)
    out, raw = bench.folder / "clock", bench.folder / "clock-raw"
    raw.mkdir()
    shutil.copyfile(ROOT / "raw" / FIRST, raw / FIRST)
    made, wrong = [], []
    for n, days in enumerate((400, 0, -100, -400)):
        (raw / f"{n}.txt").write_text(ARTICLE.format(year=2_000 + n))
        clock.set(days=days)
        command: list[str | Path] = [QANTAR, "build", "--raw", raw, "--out", out, "--keep", "3"]
        env = {**bench.environment, **clock.environment}
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=LIMIT)
        made.append((out / "latest").resolve().name)
        wrong += [] if done.returncode == 0 else [f"the build {days} days off failed: {done.stderr[-300:]}"]
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
        self.clock = Clock(bench.folder) if shutil.which("cc") else None
        self.environment = {**os.environ, "PREFECT_HOME": str(self.out / ".prefect"), **(self.clock.environment if self.clock else {})}
        self.environment.pop("PREFECT_API_URL", None)
        self.process = self.start()

    def start(self, *when: str) -> subprocess.Popen[bytes]:
        log = (self.raw.parent / "schedule.txt").open("ab")
        command: list[str | Path] = [QANTAR, "schedule", "--raw", self.raw, "--out", self.out, "--port", str(self.port)]
        return subprocess.Popen([*command, *(when or ("--every", "30s", "--on-change"))], env=self.environment, stdout=log, stderr=log)

    def restart(self, *when: str) -> None:
        """End it, and start it again to build at other times."""
        assert self.stop() == []
        assert not left_of(self)
        self.process = self.start(*when)

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
        for fault, killed in FAULTS.items():
            schedule.add_article()
            began = wait_until(schedule.under_way, 120)
            wrong = [] if began else [f"{fault.__name__}: no run began"]
            told, failed = n_runs(schedule.out), n_failed(schedule.out)
            fault(schedule)
            if not wait_until(schedule.published, 240):
                wrong.append(f"{fault.__name__}: nothing was published in four minutes")
            elif n_runs(schedule.out) <= told:
                wrong.append(f"{fault.__name__}: the history tells of no run")
            alarms = n_failed(schedule.out) - failed
            wrong += [] if alarms <= killed else [f"{fault.__name__}: the history tells of {alarms} failed runs"]
            wrong += [f"{fault.__name__}: {problem}" for problem in verify_build((schedule.out / "latest").resolve())]
            yield wrong
        yield second_schedule(schedule)
        yield clock_set_back_under(schedule)
        yield beyond_this_machine(schedule.process.pid)
    finally:
        ended = schedule.stop()
    gone = wait_until(lambda: not left_of(schedule), 60)
    yield [*ended, *([] if gone else [f"left behind by the schedule: {left_of(schedule)}"])]
    shutil.rmtree(schedule.out)


def second_schedule(schedule: Scheduled) -> list[str]:
    """Another one of the same folder: it is told who builds it, and the first goes on."""
    command: list[str | Path] = [QANTAR, "schedule", "--raw", schedule.raw, "--out", schedule.out]
    command += ["--every", "1h", "--port", str(free_port())]
    done = subprocess.run(command, env=schedule.environment, capture_output=True, text=True, timeout=LIMIT)
    wrong = [] if done.returncode == 1 and "another schedule builds this folder" in done.stderr else [f"a second schedule: {done.stderr}"]
    schedule.add_article()
    return [*wrong, *([] if wait_until(schedule.published, 240) else ["the first schedule no longer builds"])]


def clock_set_back_under(schedule: Scheduled) -> list[str]:
    """By a month: the next run is due by the clock as it is now, not in a month."""
    if schedule.clock is None:
        return ["not tried: there is no C compiler here"]
    schedule.restart("--cron", "* * * * *")
    wrong = [] if wait_until(another_run(schedule.out), 240) else ["the clock set back: no run before it was"]
    schedule.clock.set(days=-30)
    schedule.add_article()
    if not wait_until(schedule.published, 240):
        wrong.append("the clock set back: no run was due within four minutes")
    return wrong


def n_failed(out: Path) -> int:
    """Runs that somebody was alarmed of."""
    return count(out, "SELECT count(*) FROM builds WHERE outcome = 'failed'")


def n_runs(out: Path) -> int:
    return count(out, "SELECT max(rowid) FROM builds")


def another_run(out: Path) -> Callable[[], bool]:
    """Whether there was another run since now."""
    before = n_runs(out)
    return lambda: n_runs(out) > before


def count(out: Path, query: str) -> int:
    with closing(sqlite3.connect(out / "history.db", timeout=30)) as connection:
        n: int = connection.execute(query).fetchone()[0]
        return n


def server_killed(schedule: Scheduled) -> None:
    os.kill(schedule.child("qantar.service.supervisor"), signal.SIGKILL)


def database_locked(schedule: Scheduled) -> None:
    with closing(sqlite3.connect(schedule.database(), timeout=30, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(20)
        connection.execute("ROLLBACK")


def database_deleted(schedule: Scheduled) -> None:
    """With the server killed too: it would go on with the deleted file, as if nothing had been."""
    for path in schedule.database().parent.glob("prefect.db*"):
        path.unlink()
    os.kill(schedule.child("qantar.service.supervisor"), signal.SIGKILL)


def runner_killed(schedule: Scheduled) -> None:
    os.kill(schedule.child("qantar.service.schedule"), signal.SIGKILL)


def run_killed(schedule: Scheduled) -> None:
    """And it must be told of, by whatever comes next."""
    pid = schedule.under_way()
    if pid:
        os.kill(pid, signal.SIGKILL)


def schedule_stopped(schedule: Scheduled) -> None:
    """With a run under way, which is to end with it."""
    schedule.restart()


def schedule_killed(schedule: Scheduled) -> None:
    """Its server and its runner end with it; systemd, say, starts it again."""
    schedule.process.kill()
    schedule.process.wait()
    wait_until(lambda: not left_of(schedule), 60)
    schedule.process = schedule.start()


FAULTS = {
    server_killed: 0,
    database_locked: 0,
    database_deleted: 0,
    runner_killed: 0,
    run_killed: 1,
    schedule_stopped: 1,
    schedule_killed: 1,
}
"""And how many runs may be told to have failed by each: those that were ended, no more."""


def left_of(schedule: Scheduled) -> list[str]:
    """What still runs of a schedule that has ended: whatever names its folder or its port, and the run under way."""
    listed = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout.splitlines()
    named = [
        line
        for line in listed
        if ("qantar.service.schedule" in line and str(schedule.out) in line) or f"qantar.service.supervisor {schedule.port}" in line
    ]
    return [*named, *(line for line in listed if line.split()[0] == str(schedule.under_way()))]


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
