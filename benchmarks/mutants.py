"""Which rules no example needs: take out one condition at a time and see whether a test notices.

    python -m benchmarks.mutants [ROOM ...] [--sample N] [--list] [--processes N]
    python -m benchmarks.mutants --held

A mutant is a function with one condition taken out: an operand of `and` or `or` dropped, a filter of a comprehension dropped, an
`if` that never applies (`benchmarks/conditions.py`). Its code takes the place of the function's own, in this process; then those of
the room's tests in which the condition decides something are run until one fails. Prints, for each room, how many mutants no test
noticed, and which (`--list`). `--sample` tries so many a room, chosen by a hash of their function and condition: the same on every
machine, and after every change of other rules. `--held`, a step of .ci/run, tries what `HELD` says of each room and ends with 1
where a larger share goes unnoticed.
"""

from __future__ import annotations

import argparse
import builtins
import functools
import gc
import hashlib
import multiprocessing
import os
import signal
import sys
import time
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from _pytest.runner import runtestprotocol

from benchmarks.conditions import PROBES, Condition, Probes, Source, function_of

ROOT = Path(__file__).parents[1]
ROOMS = {
    "blocks": [f"tests/stages/test_{name}.py" for name in ("roles", "clean", "outlets", "literals", "line_rules")],
    "sentences": ["tests/stages/test_sentences.py"],
    "mentions": [f"tests/stages/test_{name}.py" for name in ("mention_examples", "mentions", "dates", "model_names", "things")],
    "entities": [f"tests/stages/test_{name}.py" for name in ("entities", "names", "persons")],
    "duplicates": [
        f"tests/stages/test_{name}.py" for name in ("deduplicate", "comparison", "sources", "versions", "frames", "native", "quote_groups")
    ],
    "quotes": [
        "tests/stages/test_quote_examples.py",
        "tests/stages/test_quote_rules.py",
        "tests/stages/test_quotes.py",
        "tests/stages/test_quotes_by_grammar.py",
        "tests/stages/test_quotation_marks.py",
    ],
}
"""The tests that hold the rules of each room, by the name of its folder in flows/stages/."""


class Held(NamedTuple):
    """What is asked of a room in .ci/run: the largest share that may go unnoticed, of so many mutants or of all."""

    most: float
    sample: int | None = None


HELD = {
    "sentences": Held(0.10),
    "mentions": Held(0.10),
}
"""Rooms that are not at 10 % yet are held where they are: lower the number when it falls."""

LONGEST = 20
"""Seconds after which a test counts as failed."""


@contextmanager
def replaced(codes: Mapping[types.FunctionType, types.CodeType]) -> Iterator[None]:
    """Functions with other code, for a while."""
    before = {function: function.__code__ for function in codes}
    for function, code in codes.items():
        function.__code__ = code
    try:
        yield
    finally:
        for function, code in before.items():
            function.__code__ = code


def _forget() -> None:
    for cache in _caches():
        cache.cache_clear()


def _caches() -> list[Any]:
    """Those that may hold what a rule said; `qantar.text` knows no rules."""
    modules = [module for name, module in sys.modules.items() if name.startswith("qantar.stages")]
    return [value for module in modules for value in vars(module).values() if isinstance(value, functools._lru_cache_wrapper)]


class Run:
    """A pytest plugin: in place of running the tests once, run them for each mutant until one fails."""

    def __init__(self, sources: Mapping[str, Source], conditions: list[Condition], n_processes: int) -> None:
        self.sources, self.conditions, self.n_processes = sources, conditions, n_processes
        self.unnoticed: list[Condition] = []
        self.n_tried = 0
        self.remembered: set[tuple[str, str]] = set()
        """The functions that run within one whose results are cached: their modules and the last parts of their names."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run each test once to see which conditions decide something in it; then, in several processes, those of each mutant."""
        functions = {(m, name): found for m, source in self.sources.items() for name in source.functions if (found := function_of(m, name))}
        tests = self._deciding_tests(session.items, functions)
        mutants = []
        for condition in self.conditions:
            function, code = functions.get((condition.module, condition.function)), self.sources[condition.module].without(condition)
            if function is not None and code is not None and function.__code__.co_freevars == code.co_freevars:
                mutants.append((condition, function, code))
        self.n_tried = len(mutants)

        def unnoticed(n: int) -> list[Condition]:
            own = mutants[n * len(mutants) // self.n_processes : (n + 1) * len(mutants) // self.n_processes]
            return [mutant[0] for mutant in own if not self._is_noticed(*mutant, tests.get(mutant[0], []))]

        self.unnoticed = [condition for found in in_processes(unnoticed, self.n_processes) for condition in found]
        return True

    def _is_noticed(self, condition: Condition, function: types.FunctionType, code: types.CodeType, tests: list[Any]) -> bool:
        """Whether a test fails with a mutant; where what it says is remembered by a cache, nothing is of before, nor afterwards."""
        is_remembered = (condition.module, condition.function.rpartition(".")[2]) in self.remembered
        if is_remembered and tests:
            _forget()
        try:
            with replaced({function: code}):
                return any(not self._passes_in_time(test) for test in tests)
        finally:
            if is_remembered and tests:
                _forget()

    def _deciding_tests(self, items: list[Any], functions: Mapping[tuple[str, str], types.FunctionType]) -> dict[Condition, list[Any]]:
        """The tests in which each condition decides something, the quickest first; none of those that fail by themselves."""
        probed = {}
        for (module, name), function in functions.items():
            code = self.sources[module].probed(name)
            if code is not None and code.co_freevars == function.__code__.co_freevars:
                probed[function] = code
        deciding: dict[Condition, list[tuple[float, int, Any]]] = {condition: [] for condition in self.conditions}
        for number, item in enumerate(items):
            self._passes(item)  # what is made once for all tests is made without probes
            started = time.perf_counter()
            if not self._passes(item):
                continue
            seconds = time.perf_counter() - started
            probes = Probes()
            setattr(builtins, PROBES, probes)
            _forget()
            with replaced(probed), self._watched():
                passed = self._passes(item)
            _forget()
            for condition, tests in deciding.items():
                place = f"{condition.module} {condition.function}", condition.node
                if (*place, condition.part) in probes.decided or (not passed and place in probes.seen):
                    tests.append((seconds, number, item))
        return {condition: [item for *_, item in sorted(tests)] for condition, tests in deciding.items()}

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Note which functions run within one whose results are cached."""
        cached = {cache.__wrapped__.__code__ for cache in _caches()}
        within: list[types.FrameType] = []

        def note(frame: types.FrameType, event: str, _: Any) -> None:
            if event == "call":
                if frame.f_code in cached:
                    within.append(frame)
                if within:
                    self.remembered.add((frame.f_globals.get("__name__", ""), frame.f_code.co_name))
            elif event == "return" and within and within[-1] is frame:
                within.pop()

        sys.setprofile(note)
        try:
            yield
        finally:
            sys.setprofile(None)

    def _passes_in_time(self, item: Any) -> bool:
        """Whether a test passes and ends: a loop whose condition was taken out may not."""
        signal.signal(signal.SIGALRM, _late)
        signal.alarm(LONGEST)
        try:
            return self._passes(item)
        except _LateError:
            return False
        finally:
            signal.alarm(0)

    def _passes(self, item: Any) -> bool:
        item._initrequest()
        before = item.parent  # not the item itself, else it would count as set up already
        item.session._setupstate.teardown_exact(before)  # what the last test set up and this one does not need
        return all(report.passed or report.skipped for report in runtestprotocol(item, log=False, nextitem=before))


class _LateError(BaseException):
    pass


def _late(*_: Any) -> None:
    raise _LateError


def in_processes(work: Any, n: int) -> list[Any]:
    """What a function returns for 0, 1 … n - 1, each in a process of its own but the first; they begin as copies of this one."""
    context = multiprocessing.get_context("fork")
    ends = []
    for number in range(1, n):
        receiver, sender = context.Pipe(duplex=False)
        context.Process(target=lambda number=number, sender=sender: sender.send(work(number)), daemon=True).start()
        sender.close()
        ends.append(receiver)
    return [work(0), *(receiver.recv() for receiver in ends)]


def main() -> int:
    """Run the command; 1 where a held room has more than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(ROOMS)}; all without one")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--held", action="store_true", help="the rooms and samples of HELD, and 1 where one has more than it may")
    parser.add_argument("--list", action="store_true", help="name each that no test noticed")
    parser.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)), help="all cores without it")
    given = parser.parse_args()
    gc.disable()
    over = False
    print("| room | mutants | unnoticed | share | seconds |\n| --- | ---: | ---: | ---: | ---: |", flush=True)
    for room in HELD if given.held else given.rooms or ROOMS:
        started = time.monotonic()
        sources = sources_of(room)
        run = Run(sources, chosen(sources, HELD[room].sample if given.held else given.sample), given.processes)
        pytest.main(["-o", "addopts=--import-mode=importlib", "-p", "no:cacheprovider", "-p", "no:terminal", *ROOMS[room]], plugins=[run])
        share = len(run.unnoticed) / (run.n_tried or 1)
        is_over = given.held and share > HELD[room].most
        over |= is_over
        seconds = time.monotonic() - started
        print(f"| {room} | {run.n_tried} | {len(run.unnoticed)} | {share:.1%} | {seconds:.0f} |", flush=True)
        if given.list or is_over:
            print(*(f"    {condition}" for condition in run.unnoticed), sep="\n", flush=True)
    if over:
        print("More conditions than HELD allows are needed by no test: take them out, or give each an example that fails without it.")
    return int(over)


def sources_of(room: str) -> dict[str, Source]:
    """The modules of a room, by name."""
    found = {}
    for path in sorted((ROOT / "flows/stages" / room).rglob("*.py")):
        parts = path.relative_to(ROOT / "flows").with_suffix("").parts
        name = ".".join(("qantar", *parts)).removesuffix(".__init__")
        found[name] = Source(name, path.read_text("utf-8"))
    return found


def chosen(sources: Mapping[str, Source], sample: int | None) -> list[Condition]:
    """The conditions to take out: all, or so many by a hash of function and condition, the same on every machine."""
    found = [condition for source in sources.values() for condition in source.conditions()]
    if sample is None or sample >= len(found):
        return found
    kept = {id(condition) for condition in sorted(found, key=_digest)[:sample]}
    return [condition for condition in found if id(condition) in kept]


def _digest(condition: Condition) -> bytes:
    return hashlib.sha256(f"{condition.module} {condition.function} {condition.what}".encode()).digest()


if __name__ == "__main__":
    sys.exit(main())
