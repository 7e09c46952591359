"""A schedule that has not run is told of once, by a clock that only goes on."""

from __future__ import annotations

import pytest

from qantar.service.overdue import Overdue, longest_gap

HOUR, DAY = 3_600.0, 86_400.0


@pytest.mark.parametrize(
    ("cron", "every", "gap"),
    [(None, 90.0, 90.0), ("0 6 * * *", None, DAY), ("0 6 * * 1-5", None, 3 * DAY), ("*/5 * * * *", None, 300.0), (None, None, None)],
)
def test_the_longest_time_between_two_runs(cron: str | None, every: float | None, gap: float | None) -> None:
    assert longest_gap(cron, every) == gap


class Hours:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at * HOUR


def test_a_run_that_is_missing_is_told_of_once_and_again_only_after_another() -> None:
    clock = Hours()
    overdue = Overdue(DAY, late=HOUR, now=clock)
    told = []
    for hour, newest in ((1, "a"), (24, "a"), (26.5, "a"), (27, "a"), (60, "b"), (84, "b"), (86, "b")):
        clock.at = hour
        told.append(overdue.look(newest))
    assert [words is not None for words in told] == [False, False, True, False, False, False, True]
    assert told[2] == "no run for 25.5 h, though one was due every 24.0 h at least; is the Prefect server well?"


def test_a_run_under_way_is_not_missing() -> None:
    clock = Hours()
    overdue = Overdue(HOUR, late=HOUR, now=clock)
    for hour in range(1, 9):
        clock.at = hour
        assert overdue.look("a", busy=True) is None
    clock.at = 11
    assert overdue.look("a")


def test_where_runs_are_due_at_no_times_none_is_missing() -> None:
    clock = Hours()
    overdue = Overdue(None, now=clock)
    clock.at = 1_000
    assert overdue.look(None) is None
