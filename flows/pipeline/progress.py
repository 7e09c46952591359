"""What a person sees while a build runs: a bar for each stage on a terminal, plain lines elsewhere; and the seconds each stage took."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
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

            rate = TextColumn("{task.fields[rate]:>12}")
            columns = [TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), rate, TimeElapsedColumn()]
            columns.append(TimeRemainingColumn())
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
        for _ in self.each(name, [None], [0]):
            yield

    def each(self, name: str, items: Iterable[Item], n_articles: Sequence[int]) -> Iterator[Item]:
        """Pass the items on, each a stage's work on so many articles, showing how many are done, the rate and how long is left."""
        started, total, done, told = time.monotonic(), sum(n_articles), 0, 0
        bar = self._bars.add_task(name, total=total or None, rate="") if self._bars else None
        for item, n in zip(items, n_articles, strict=True):
            yield item
            done += n
            rate = done / max(time.monotonic() - started, 1e-6)
            if bar is not None:
                self._bars.update(bar, completed=done, rate=f"{rate:,.0f}/s" if total else "")
            elif done * 10 // max(total, 1) > told and done < total:
                told = done * 10 // total
                self.say(f"{name:<12} {done:,} of {total:,} articles, {rate:,.0f}/s, {(total - done) / rate:.0f} s left")
        self.seconds[name] = round(time.monotonic() - started, 2)
        if bar is not None:
            self._bars.update(bar, total=total or 1, completed=total or 1)
        else:
            speed = f", {total / max(self.seconds[name], 0.01):,.0f} articles/s" if total else ""
            self.say(f"{name:<12} {self.seconds[name]:.1f} s{speed}")
