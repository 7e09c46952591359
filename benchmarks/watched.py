"""A command watched while it runs: wall and processor seconds of each stage it tells of, and the memory of its processes."""

from __future__ import annotations

import subprocess
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import psutil

GROUPS = ("main", "workers", "Prefect")
_EVERY = 1.0  # seconds between two looks: twice a second they took 3 % of a core


@dataclass
class Spent:
    """Wall seconds, and processor seconds by group of processes."""

    wall: float = 0.0
    cpu: Counter[str] = field(default_factory=Counter)

    @property
    def all_cpu(self) -> float:
        return sum(self.cpu.values())


@dataclass
class Watched:
    """What a command took: in all, by stage, and at the peak."""

    whole: Spent
    stages: dict[str, Spent]
    peak: dict[str, int]
    """MiB by group of processes, and of `all` together; pages that processes share count once."""
    said: list[str]


def watch(command: Sequence[str], env: dict[str, str] | None = None) -> Watched:
    """Run a command to its end, looking at its processes once a second. Raises CalledProcessError if it fails."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env)
    looker = _Looker(process.pid)
    stages: dict[str, Spent] = {}
    said: list[str] = []

    def listen() -> None:
        since, cpu = 0.0, Counter[str]()
        for line in process.stdout or ():
            said.append(line.rstrip())
            name, seconds = [*line.split(), "", ""][:2]
            is_end = " s" in line and " left" not in line and seconds.replace(".", "", 1).isdigit()
            if is_end:  # a stage says its seconds when it ends
                now = looker.look()
                at = time.monotonic() - started
                stages[name] = Spent(at - since, Counter({group: now[group] - cpu[group] for group in GROUPS}))
                since, cpu = at, now

    listener = threading.Thread(target=listen)
    listener.start()
    while process.poll() is None:
        looker.look()
        time.sleep(_EVERY)
    listener.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, "\n".join(said))
    return Watched(Spent(time.monotonic() - started, looker.cpu()), stages, dict(looker.peak), said)


class _Looker:
    def __init__(self, pid: int) -> None:
        self.pid, self.peak = pid, Counter[str]()
        self._cpu: dict[int, float] = {}
        self._group: dict[int, str] = {pid: "main"}
        self._lock = threading.Lock()

    def look(self) -> Counter[str]:
        """Look at every process of the command now; returns processor seconds by group so far."""
        memory: Counter[str] = Counter()
        with self._lock:
            try:
                root = psutil.Process(self.pid)
                processes = [root, *root.children(recursive=True)]
            except psutil.Error:
                processes = []
            for process in processes:
                try:
                    group = self._group.get(process.pid) or self._group.setdefault(process.pid, _group_of(process, root))
                    times = process.cpu_times()
                    self._cpu[process.pid] = times.user + times.system
                    memory[group] += process.memory_full_info().pss
                except psutil.Error:  # it has just ended
                    continue
            memory["all"] = sum(memory.values())
            for group, n_bytes in memory.items():
                self.peak[group] = max(self.peak[group], n_bytes >> 20)
            return self.cpu()

    def cpu(self) -> Counter[str]:
        spent: Counter[str] = Counter()
        for pid, seconds in self._cpu.items():
            spent[self._group[pid]] += seconds  # type: ignore[assignment]  # a Counter adds up seconds, too
        return spent


def _group_of(process: psutil.Process, root: psutil.Process) -> str:
    if process.name().startswith("qantar-worker"):
        return "workers"
    return "Prefect" if process.cmdline() == root.cmdline() else "workers"  # its server is forked from the first process
