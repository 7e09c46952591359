from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qantar.collect import reading
from qantar.collect.collection import Collected, collect
from tests.collect.sites import Hours, Paper, papers

REAL = reading._within_time
"""How pages and lists are read in another process."""


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages and lists are read in this process, which saves starting another."""
    monkeypatch.setattr(reading, "_within_time", lambda function, *args, **kwargs: function(*args, **kwargs))


@pytest.fixture
def paper() -> Iterator[Paper]:
    with papers(1) as (one,):
        yield one


@pytest.fixture
def clock() -> Hours:
    return Hours()


Collect = Callable[..., Collected]


@pytest.fixture
def run(clock: Hours) -> Collect:
    """One run, by the test's clock."""

    def collect_now(raw: Path, **options: Any) -> Collected:
        return collect(raw, clock=clock, say=lambda _: None, **options)

    return collect_now
