"""A folder to try faults on: two states of its articles, what an undisturbed build of the second gives, and readers all the while."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.free_port import free_port
from qantar.publish.verify import verify_build
from qantar.store import builds
from qantar.store.cache import sha256
from qantar.store.history import RUN_FILE, now

ROOT = Path(__file__).parents[2]
QANTAR = Path(sys.executable).with_name("qantar")
FIRST, SECOND = "000_d1c0b45d70eecad1.txt", "001_cc2c92a9965be40f.txt"
PAGES = ["/", "/articles", "/quotes", "/entities", "/quality", "/runs", "/search?q=president", "/qantar/quotes.json?_shape=array&_size=5"]
PAGES += ["/download/latest/SHA256SUMS", "/-/health", "/history/builds.json?_size=3"]
STAGE = re.compile(r"^(\w+) +\d+\.\d s\b(?! left)")
"""What a build says when it has done a stage."""
LIMIT = 600


@dataclass
class Tally:
    """How often a fault was tried, how often it was survived, and what was lost."""

    tried: int = 0
    survived: int = 0
    lost: list[str] = field(default_factory=list)

    def add(self, lost: list[str]) -> None:
        self.tried += 1
        self.survived += not lost
        self.lost += lost


class Bench:
    """One output folder, and the raw folder that is built into it."""

    def __init__(self, folder: Path, url: str) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.raw, self.out = folder, folder / "raw", folder / "out"
        self.environment = {**os.environ, "PREFECT_API_URL": url}
        self.raw.mkdir()
        shutil.copyfile(ROOT / "raw" / FIRST, self.raw / FIRST)
        done = self.build()
        assert done.returncode == 0, done.stderr
        self.first = (self.out / "latest").resolve().name
        shutil.copytree(self.out / ".cache", folder / "cache")
        shutil.copyfile(ROOT / "raw" / SECOND, self.raw / SECOND)
        started = time.monotonic()
        done = self.build()
        self.seconds = time.monotonic() - started
        assert done.returncode == 0, done.stderr
        self.second = (self.out / "latest").resolve().name
        self.stages = [found[1] for line in done.stderr.splitlines() if (found := STAGE.match(line))]
        assert self.stages == list(json.loads((self.out / "latest" / RUN_FILE).read_text())["seconds"]), done.stderr
        self.sums = self.checksums()
        self.changes = self.changes_told()
        self.known = {name: (self.out / "builds" / name / "SHA256SUMS").read_text("utf-8") for name in (self.first, self.second)}
        assert not self.problems(), self.problems()
        for name in self.known:
            assert not verify_build(self.out / "builds" / name)
        self.readers: Readers | None = None

    def command(self, out: Path | None = None) -> list[str | Path]:
        return [QANTAR, "build", "--raw", self.raw, "--out", out or self.out, "--workers", "1"]

    def build(self, out: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a build to its end."""
        return subprocess.run(self.command(out), env={**self.environment, **env}, capture_output=True, text=True, timeout=LIMIT)

    def start(self, out: Path | None = None, before: list[str] | None = None) -> subprocess.Popen[str]:
        """Start a build in a process group of its own; what it says is read from its standard error."""
        command = [*(before or []), *self.command(out)]
        quiet, pipe = subprocess.DEVNULL, subprocess.PIPE
        return subprocess.Popen(command, env=self.environment, stdout=quiet, stderr=pipe, text=True, start_new_session=True)

    def reset(self) -> None:
        """Back to the first build, by a switch that readers follow; nothing of the second one is stored."""
        with builds.locked(self.out):
            builds.point_latest(self.out, self.out / "builds" / self.first)
            if self.readers:
                assert wait_until(lambda: self.readers and self.readers.served() == self.first, 60)
                n = self.readers.requests
                # who was just sent to a file of the second build gets it: no run removes the build before the latest
                assert wait_until(lambda: self.readers and self.readers.requests > n, 60)
            shutil.rmtree(self.out / "builds" / self.second, ignore_errors=True)
            shutil.rmtree(self.out / ".cache")
            shutil.copytree(self.folder / "cache", self.out / ".cache")
            with closing(sqlite3.connect(self.out / "history.db", timeout=30)) as connection, connection:
                connection.execute("DELETE FROM changes WHERE build_id = ?", [self.second])

    def checksums(self, out: Path | None = None) -> str:
        return ((out or self.out) / "latest" / "SHA256SUMS").read_text("utf-8")

    def changes_told(self) -> list[tuple[str, ...]]:
        """What the history tells of the second build against the first."""
        with closing(sqlite3.connect(self.out / "history.db", timeout=30)) as connection:
            return connection.execute("SELECT * FROM changes WHERE build_id = ? ORDER BY document_id", [self.second]).fetchall()

    def n_failed(self) -> int:
        """Runs that the history calls failed."""
        with closing(sqlite3.connect(self.out / "history.db", timeout=30)) as connection:
            n: int = connection.execute("SELECT count(*) FROM builds WHERE outcome = 'failed'").fetchone()[0]
            return n

    def problems(self) -> list[str]:
        """What is wrong with the latest build: every byte of it must be as in one of the two that were verified, or it is verified."""
        latest = (self.out / "latest").resolve(strict=True)
        sums = (latest / "SHA256SUMS").read_text("utf-8")
        if sums != self.known.get(latest.name):
            return [f"latest is not whole: {problem}" for problem in verify_build(latest)]
        listed = [line.split("  ", 1) for line in sums.splitlines()]
        return [f"latest is not whole: {name}" for digest, name in listed if sha256(latest / name) != digest]

    def lost(self) -> list[str]:
        """What is wrong after a fault, and after the run that follows it: nothing, if the fault was survived."""
        wrong = self.problems()
        done = self.build()
        if done.returncode != 0:
            return [*wrong, f"the next run failed: {done.stderr[-500:]}"]
        if self.checksums() != self.sums:
            wrong.append("the next run gives other checksums")
        wrong += [f"after the next run, {problem}" for problem in self.problems()]
        if self.changes_told() != self.changes:
            wrong.append(f"the history tells of other changes: {self.changes_told()}")
        left = [*self.out.glob(".latest-*"), *self.out.glob("builds/.staging/*"), *self.out.glob(".cache/making/*")]
        wrong += [f"left behind: {path}" for path in left]
        return wrong

    @contextmanager
    def read(self) -> Iterator[Readers]:
        """Readers of the folder, from a `qantar serve` of its own."""
        self.readers = Readers(self.out)
        try:
            yield self.readers
        finally:
            self.readers.stop()
            self.readers = None


class Readers:
    """A `qantar serve`, asked for one page after the other, ten a second."""

    def __init__(self, out: Path) -> None:
        self.requests, self.failed = 0, list[str]()
        self.port = free_port()
        self.process = subprocess.Popen([QANTAR, "serve", "--out", out, "--port", str(self.port)], stdout=subprocess.DEVNULL)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        wait_until(lambda: answers(self.port), 120)
        self._thread.start()

    def _ask(self) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", follow_redirects=True, timeout=60) as client:
            while not self._ended.is_set():
                path = PAGES[self.requests % len(PAGES)]
                self.requests += 1
                try:
                    response = client.get(path)
                    if response.status_code != 200:
                        self._note(f"{path}: {response.status_code} {response.text[:200]}")
                except httpx.HTTPError as error:
                    self._note(f"{path}: {error!r}")
                self._ended.wait(0.1)

    def _note(self, what: str) -> None:
        self.failed.append(what)
        print(f"a request failed at {now()}: {what}", file=sys.stderr, flush=True)

    def served(self) -> str:
        """The build that is served."""
        return str(httpx.get(f"http://127.0.0.1:{self.port}/-/health", timeout=60).json()["build_id"])

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(90)
        self.process.terminate()
        self.process.wait(60)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(holds, limit: float) -> bool:  # type: ignore[no-untyped-def]
    """Wait until something holds; returns whether it came to."""
    end = time.monotonic() + limit
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def kill_group(process: subprocess.Popen[str]) -> None:
    """SIGKILL to a build and all its processes."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def group(leader: int) -> dict[int, str]:
    """The processes of a group, its leader left out, by their names and what they run."""
    listed = subprocess.run(["ps", "-eo", "pid=,pgid=,stat=,comm=,args="], capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [line.split(None, 3) for line in listed if line.strip()]
    return {int(row[0]): row[-1] for row in rows if int(row[1]) == leader and int(row[0]) != leader and not row[2].startswith("Z")}


def refused(code: int, said: str, *, may_publish: bool = False) -> list[str]:
    """A build that cannot write fails with a line that says so."""
    if may_publish and code == 0:
        return []
    wrong = [] if code == 1 else [f"ended with {code}"]
    if "Traceback" in said or "fault of the pipeline" in said:
        wrong.append(f"no plain words: {said[-600:]}")
    return wrong


def at_stage(process: subprocess.Popen[str], stage: str) -> None:
    """Read what a build says until it has done a stage; fails if it ends before."""
    assert process.stderr
    said = []
    for line in process.stderr:
        said.append(line)
        found = STAGE.match(line)
        if found and found[1] == stage:
            return
    raise AssertionError(f"the build ended before the end of {stage}: {''.join(said)}")
