"""What the tests share: the command run as a user runs it, and one real build of raw/ for all that only read one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from benchmarks.free_port import free_port
from qantar.service.prefect_settings import configure_prefect
from qantar.service.supervisor import prefect_server

settings.register_profile("qantar", deadline=None)  # a busy machine takes ten times as long
settings.load_profile("qantar")

ROOT = Path(__file__).parents[1]
RAW = ROOT / "raw"

Qantar = Callable[..., "subprocess.CompletedProcess[str]"]


def leave_out(why: str) -> NoReturn:
    """Skip a test for what this machine lacks; in CI, where no test may be left out, fail it."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(autouse=True)
def _environment_as_before() -> Iterator[None]:
    """What a test sets in the environment, as a build within this process does, is gone after it: the next may start a server."""
    before = dict(os.environ)
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for all builds: making its database takes ten seconds."""
    return tmp_path_factory.mktemp("prefect")


@pytest.fixture(scope="session")
def prefect_api(prefect_home: Path) -> Iterator[str]:
    """One Prefect server for all builds, which would else start and stop one each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PREFECT_API_URL", raising=False)
        patch.setenv("PREFECT_HOME", str(prefect_home))
        configure_prefect(prefect_home)
        with prefect_server(free_port()) as url:
            yield url


def untold() -> dict[str, str]:
    """The environment without what Prefect was told in it: a build within this process leaves that behind."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}


@pytest.fixture(scope="session")
def qantar(prefect_home: Path, prefect_api: str) -> Qantar:
    """Run the command in a process of its own; returns its exit code and what it printed."""

    def run(*arguments: str | Path, limit: int = 300, **env: str) -> subprocess.CompletedProcess[str]:
        command = [Path(sys.executable).with_name("qantar"), *arguments]
        environment = {**untold(), "PREFECT_HOME": str(prefect_home), "PREFECT_API_URL": prefect_api, **env}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=limit)

    return run


@pytest.fixture(scope="session")
def processed(qantar: Qantar, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An output folder with one build of raw/; tests must not write to it."""
    out = tmp_path_factory.mktemp("processed")
    done = qantar("build", "--raw", RAW, "--out", out)
    assert done.returncode == 0, done.stderr
    yield out


@pytest.fixture(scope="session")
def dataset(processed: Path) -> Path:
    """The folder of that build."""
    return (processed / "latest").resolve()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A line for each reason why tests were skipped."""
    reasons = Counter(str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", []) if isinstance(report.longrepr, tuple))
    for reason, n in sorted(reasons.items()):
        terminalreporter.write_line(f"{n} tests skipped: {reason.removeprefix('Skipped: ')}")
