"""What a person sees while a build runs: a bar for each stage on a terminal, plain lines elsewhere; and the seconds each stage took."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

Item = TypeVar("Item")


class Progress:
    """Reports the stages of one run to standard error."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.seconds: dict[str, float] = {}
        self._quiet = quiet
        self._bars: Any = None
        if not quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
            from rich.progress import Progress as Bars

            columns = [TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn()]
            self._bars = Bars(*columns, console=Console(stderr=True))

    def __enter__(self) -> Progress:
        if self._bars:
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bars:
            self._bars.stop()

    def say(self, line: str) -> None:
        """A line of its own."""
        if self._bars:
            self._bars.console.print(line, markup=False, highlight=False)
        elif not self._quiet:
            print(line, file=sys.stderr, flush=True)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage that is one piece of work."""
        for _ in self.each(name, [None]):
            yield

    def each(self, name: str, items: Iterable[Item], total: int | None = None) -> Iterator[Item]:
        """Pass the items on, showing how many are done and how long is left."""
        if total is None:
            items = list(items)
            total = len(items)
        started = time.monotonic()
        bar = self._bars.add_task(name, total=total) if self._bars else None
        for n, item in enumerate(items, 1):
            yield item
            if bar is not None:
                self._bars.advance(bar)
            elif n < total and n % max(1, total // 10) == 0:
                left = (time.monotonic() - started) / n * (total - n)
                self.say(f"{name:<12} {n} of {total}, {left:.0f} s left")
        self.seconds[name] = round(time.monotonic() - started, 2)
        if bar is None:
            self.say(f"{name:<12} {self.seconds[name]:.1f} s")
