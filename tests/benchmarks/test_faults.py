"""A few of the faults of `python -m benchmarks.faults`: after each, readers and the next run are as if nothing had been."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.faults import kills, storage
from benchmarks.faults.bench import Bench, Readers


@pytest.fixture(scope="module")
def bench(prefect_api: str, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("faults") / "bench", prefect_api)


@pytest.fixture(scope="module", autouse=True)
def readers(bench: Bench) -> Iterator[Readers]:
    """Readers all the while; at the end, none of their requests may have failed."""
    with bench.read() as reading:
        yield reading
    assert reading.requests > 20
    assert reading.failed == []


def test_the_switch_is_whole_or_not_at_all_also_when_killed_inside_it(bench: Bench) -> None:
    (operation,) = [line for line in kills.operations(bench) if "os.rename" in line and line.endswith("/latest")]
    assert kills.kill_before(bench, operation) == []


def test_a_build_that_may_write_no_more_bytes_fails_in_plain_words_and_leaves_the_one_before(bench: Bench) -> None:
    assert list(storage.no_writing(bench, ["clean"])) == [[]]


def test_no_process_outlives_the_one_that_leads_the_build(bench: Bench) -> None:
    assert list(kills.the_first_process(bench)) == [[]]


@pytest.mark.parametrize(("given", "used"), [(0o000, 0o022), (0o022, 0o022), (0o077, 0o077)])
def test_nobody_else_may_write_what_a_command_makes_whatever_the_umask(given: int, used: int) -> None:
    code = "import os; from qantar.cli import options; options(); print(os.umask(0))"
    done = subprocess.run([sys.executable, "-c", code], umask=given, capture_output=True, text=True, check=True)
    assert int(done.stdout) == used


def test_a_bench_that_is_damaged_is_not_called_whole(bench: Bench) -> None:
    """What the tests above rely on."""
    bench.reset()
    path = next(path for path in sorted((bench.out / "latest/data").rglob("*.parquet")))
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    try:
        assert len(bench.problems()) == 1
    finally:
        path.write_bytes(whole)
    assert bench.problems() == []
    assert bench.changes
    assert Path(bench.out / "latest").resolve().name == bench.first
