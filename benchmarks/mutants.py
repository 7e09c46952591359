"""Which rules no example needs: take out one condition at a time and see whether a test notices.

    python -m benchmarks.mutants [ROOM[/MODULE] ...] [--sample N] [--arrays] [--list] [--processes N]
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
import importlib
import inspect
import itertools
import multiprocessing
import os
import signal
import sys
import time
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest
from _pytest.tmpdir import tmppath_result_key

from benchmarks.conditions import OF_ARRAYS, PROBES, Condition, Decided, Probes, Source, function_of, names_in
from qantar.stages.articles import limit

ROOT = Path(__file__).parents[1]
ROOMS = {
    room: [f"tests/stages/test_{name}.py" for name in names.split()]
    for room, names in {
        "articles": "read encoding_rules file_rules language versions records record_files record_rules spreadsheets packed_folders"
        " pages page_texts page_metadata archive_examples newspaper_archives several_articles pdf_layout odd_inputs",
        "blocks": "roles clean block_rows outlets literals line_rules",
        "sentences": "sentences",
        "mentions": "mention_examples mentions dates model_names things name_passages passages",
        "entities": "entity_examples persons lone_names entities",
        "duplicates": "duplicate_examples duplicate_rows sources",
        "quote_groups": "quote_groups",
        "quotes": "grammar quote_examples quote_rules quotes quotes_by_grammar quotation_marks passages",
    }.items()
}
"""The tests that hold the rules of each room, by the name of its folder in flows/stages/."""


class Held(NamedTuple):
    """What is asked of a room in .ci/run: the largest share that may go unnoticed, of so many mutants or of all."""

    most: float
    sample: int | None = None


HELD = {
    "articles": Held(0.10, 150),
    "blocks": Held(0.10, 80),
    "sentences": Held(0.10),
    "mentions": Held(0.10),
    "entities": Held(0.10, 120),
    "duplicates": Held(0.10, 100),
    "quote_groups": Held(0.10),
    "quotes": Held(0.10, 150),
}
"""`tokens`, which has no rules, is the one room of the stages that is not here."""

LONGEST = 20
"""Seconds of processor time after which a test counts as failed; thirty times as many of the clock, for one that waits."""


Codes: TypeAlias = Mapping[types.FunctionType, types.CodeType]


@contextmanager
def replaced(codes: Codes) -> Iterator[None]:
    """Functions with other code, for a while."""
    before = {function: function.__code__ for function in codes}
    for function, code in codes.items():
        function.__code__ = code
    try:
        yield
    finally:
        for function, code in before.items():
            function.__code__ = code


class Turns:
    """What several processes do one by one: each takes the next."""

    def __init__(self) -> None:
        self.next = multiprocessing.get_context("fork").Value("i", 0)

    def of(self, n: int) -> Iterator[int]:
        """Those of the numbers below n that fall to this process."""
        while True:
            with self.next:
                number = self.next.value
                self.next.value += 1
            if number >= n:
                return
            yield number


class Told(NamedTuple):
    """What one run with probes told."""

    passed: bool
    seconds: float
    decided: set[Decided]
    seen: set[tuple[str, int]]
    asked: set[int]
    """The numbers of the loaders that were asked."""

    def decides(self, condition: Condition) -> bool:
        """Whether a condition decided something, or may have where the run did not pass with probes."""
        place = f"{condition.module} {condition.function}", condition.node
        return (*place, condition.part) in self.decided or (not self.passed and place in self.seen)


Functions: TypeAlias = Mapping[tuple[str, str], types.FunctionType]
"""The functions that have conditions, by module and name."""
Share: TypeAlias = Callable[[list[Any]], list[list[Any]]]
"""Gives each process what all have found."""


class Run:
    """A pytest plugin: in place of running the tests once, run them for each mutant until one fails."""

    def __init__(self, sources: Mapping[str, Source], conditions: list[Condition], n_processes: int) -> None:
        self.sources, self.conditions, self.n_processes = sources, conditions, n_processes
        self.unnoticed: list[Condition] = []
        self.n_tried = 0
        self.loaders: list[Any] = []
        """Caches of functions without arguments: they hold what is read of the lexicon. `qantar.text` knows no rules."""
        self.loaded: dict[Condition, set[int]] = {}
        """The numbers of the loaders in which a condition decides something, or in one that they call."""
        self.caches: list[Any] = []
        self.remembered: set[str] = set()
        """The last parts of the names of the functions that may run within the other caches."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In several processes, run each test once to see which conditions decide something in it; then those of each mutant."""
        call: Any = limit.call
        names = {(condition.module, condition.function) for condition in self.conditions}
        functions = {name: found for name in names if (found := function_of(*name))}
        items = [item for item in session.items if not item.get_closest_marker("ends_process")]
        items = [item for item in items if not hasattr(getattr(item, "obj", None), "hypothesis")]  # texts by chance are no examples
        probed = self._probed(functions)
        files, mutants = Turns(), Turns()
        with replaced({call: _call_here.__code__}):
            self._find_caches()
            with replaced(probed):
                self._probe_loaders()

            def work(share: Share) -> None:
                tests = self._deciding_tests(items, probed, share, files)
                self._try_mutants(functions, tests, share, mutants)

            in_processes(work, self.n_processes)
        return True

    def _probed(self, functions: Functions) -> Codes:
        found = {}
        for (module, name), function in functions.items():
            code = self.sources[module].probed(name)
            if code is not None and code.co_freevars == function.__code__.co_freevars:
                found[function] = code
        return found

    def _try_mutants(self, functions: Functions, tests: Mapping[Condition, list[Any]], share: Share, turns: Turns) -> None:
        mutants = []
        for condition in self.conditions:
            function, code = functions.get((condition.module, condition.function)), self.sources[condition.module].without(condition)
            if function is not None and code is not None and function.__code__.co_freevars == code.co_freevars:
                mutants.append((condition, function, code))
        self.n_tried = len(mutants)
        found = share([n for n in turns.of(len(mutants)) if not self._is_noticed(*mutants[n], tests[mutants[n][0]])])
        self.unnoticed = [mutants[n][0] for n in sorted(itertools.chain.from_iterable(found))]

    def _is_noticed(self, condition: Condition, function: types.FunctionType, code: types.CodeType, tests: list[Any]) -> bool:
        """Whether a test fails with a mutant; where what it says is remembered by a cache, nothing is of before, nor afterwards."""
        is_remembered = condition.function.rpartition(".")[2] in self.remembered
        to_clear = [*(self.loaders[n] for n in self.loaded[condition]), *(self.caches if is_remembered else ())] if tests else []
        for cache in to_clear:
            cache.cache_clear()
        try:
            with replaced({function: code}):
                return any(not self._passes_in_time(test) for test in tests)
        finally:
            for cache in to_clear:
                cache.cache_clear()

    def _deciding_tests(self, items: list[Any], probed: Codes, share: Share, turns: Turns) -> dict[Condition, list[Any]]:
        """The tests in which each condition decides something, the quickest first; none of those that fail by themselves.

        What a loader runs, it runs once: it decides in every test that asks the loader.
        """
        files = [list(numbers) for _, numbers in itertools.groupby(range(len(items)), lambda n: items[n].path)]
        with replaced(probed):
            own = [(n, self._probe(functools.partial(self._passes, items[n]))) for file in turns.of(len(files)) for n in files[file]]
        own = [(n, told) for n, told in own if told.passed or self._passes(items[n])]
        deciding: dict[Condition, list[Any]] = {condition: [] for condition in self.conditions}
        for n, told in sorted(itertools.chain.from_iterable(share(own)), key=lambda one: one[1].seconds):
            for condition, tests in deciding.items():
                if told.decides(condition) or not told.asked.isdisjoint(self.loaded[condition]):
                    tests.append(items[n])
        for cache in (*self.loaders, *self.caches):
            cache.cache_clear()
        return deciding

    def _probe_loaders(self) -> None:
        """Find in which loaders each condition decides something; afterwards, all have loaded."""
        for loader in self.loaders:
            loader.cache_clear()
        found: dict[int, set[Condition]] = {}
        for loader in self.loaders:
            told = self._probe(functools.partial(_loads, loader))
            decided = set(filter(told.decides, self.conditions)).union(*(found.get(n, ()) for n in told.asked))
            found |= dict.fromkeys(told.asked - found.keys(), decided)
        self.loaded = {condition: {n for n, decided in found.items() if condition in decided} for condition in self.conditions}

    def _probe(self, passes: Callable[[], bool]) -> Told:
        for cache in self.caches:
            cache.cache_clear()
        before = [loader.cache_info() for loader in self.loaders]
        probes = Probes()
        setattr(builtins, PROBES, probes)
        started = time.perf_counter()
        passed = passes()
        seconds = time.perf_counter() - started
        asked = {n for n, loader in enumerate(self.loaders) if loader.cache_info() != before[n]}
        return Told(passed, seconds, probes.decided, probes.seen, asked)

    def _find_caches(self) -> None:
        """Those of the stages, and which functions may run within those that are no loaders: by the names that their code has."""
        for name in self.sources:
            importlib.import_module(name)
        values = [value for name, module in [*sys.modules.items()] if name.startswith("qantar.stages") for value in vars(module).values()]
        found = {id(value): value for value in values if isinstance(value, functools._lru_cache_wrapper)}
        uses: dict[str, set[str]] = {}
        for source in self.sources.values():
            for name, (_, function) in source.functions.items():
                uses.setdefault(name.rpartition(".")[2], set()).update(names_in(function))
        for cache in found.values():
            if not inspect.signature(cache).parameters:
                self.loaders.append(cache)
                continue
            self.caches.append(cache)
            following = [cache.__name__]
            while following:
                name = following.pop()
                if name not in self.remembered:
                    self.remembered.add(name)
                    following += uses.get(name, ())

    def _passes_in_time(self, item: Any) -> bool:
        """Whether a test passes and ends: a loop whose condition was taken out may not."""
        timers = (signal.SIGPROF, signal.ITIMER_PROF, LONGEST), (signal.SIGALRM, signal.ITIMER_REAL, 30 * LONGEST)
        for name, timer, seconds in timers:
            signal.signal(name, _late)
            signal.setitimer(timer, seconds)
        try:
            return self._passes(item)
        except _LateError:
            return False
        finally:
            for _, timer, _ in timers:
                signal.setitimer(timer, 0)

    def _passes(self, item: Any) -> bool:
        """Whether a test passes or is left out, run without what pytest reports of it."""
        item._initrequest()
        item.stash[tmppath_result_key] = {}
        state = item.session._setupstate
        state.teardown_exact(item.parent)  # what the last test set up and this one does not need
        try:
            state.setup(item)
            item.runtest()
        except pytest.skip.Exception:
            return True
        except (Exception, pytest.fail.Exception):
            return False
        finally:
            state.teardown_exact(item.parent)
        return True


def _call_here(function: Any, *args: Any, **kwargs: Any) -> Any:
    """What stands for `limit.call`: readers run in this process, where the mutants are."""
    return function(*args, **kwargs)


def _loads(loader: Callable[[], Any]) -> bool:
    try:
        loader()
    except Exception:
        return False
    return True


class _LateError(BaseException):
    pass


def _late(*_: Any) -> None:
    raise _LateError


def in_processes(work: Callable[[Share], None], n: int) -> None:
    """Run a function in n processes at once, of which this is the first; the others begin as copies of it."""
    context = multiprocessing.get_context("fork")
    others: list[Any] = []
    for _ in range(1, n):
        here, there = context.Pipe()
        context.Process(target=lambda end=there: work(lambda own: _shared(end, own)), daemon=True).start()
        there.close()
        others.append(here)

    def share(own: list[Any]) -> list[list[Any]]:
        found = [own, *(other.recv() for other in others)]
        for other in others:
            other.send(found)
        return found

    work(share)


def _shared(end: Any, own: list[Any]) -> list[list[Any]]:
    end.send(own)
    return end.recv()


def main() -> int:
    """Run the command; 1 where a held room has more than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rooms", nargs="*", metavar="ROOM[/MODULE]", help=f"of {', '.join(ROOMS)}; all without one")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--held", action="store_true", help="the rooms and samples of HELD, and 1 where one has more than it may")
    parser.add_argument("--list", action="store_true", help="name each that no test noticed")
    parser.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)), help="all cores without it")
    parser.add_argument(
        "--arrays", action="store_true", help="take out operands of & and | of arrays, too, which HELD does not ask for yet"
    )
    given = parser.parse_args()
    gc.disable()
    over = False
    print("| room | mutants | unnoticed | share | seconds |\n| --- | ---: | ---: | ---: | ---: |", flush=True)
    for room in HELD if given.held else given.rooms or ROOMS:
        started = time.monotonic()
        name, _, module = room.partition("/")
        sources = sources_of(name)
        conditions = chosen(sources, HELD[room].sample if given.held else given.sample, module, given.arrays)
        run = Run(sources, conditions, given.processes)
        ended = pytest.main(
            ["-o", "addopts=--import-mode=importlib", "-p", "no:cacheprovider", "-p", "no:terminal", *ROOMS[name]], plugins=[run]
        )
        if ended:
            sys.exit("The tests could not be run.")
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
    paths = (ROOT / "flows/stages" / room).rglob("*.py")
    for path in sorted(path for path in paths if path.name != "limit.py"):  # what it does in other processes is done here instead
        parts = path.relative_to(ROOT / "flows").with_suffix("").parts
        name = ".".join(("qantar", *parts)).removesuffix(".__init__")
        found[name] = Source(name, path.read_text("utf-8"))
    return found


def chosen(sources: Mapping[str, Source], sample: int | None, module: str = "", arrays: bool = False) -> list[Condition]:
    """The conditions to take out: all, or so many by a hash of function and condition, the same on every machine; of one module alone.

    Those of arrays are among them if asked for.
    """
    parts = [source for name, source in sources.items() if not module or name.endswith(f".{module}")]
    found = [condition for source in parts for condition in source.conditions() if arrays or condition.kind not in OF_ARRAYS]
    if sample is None or sample >= len(found):
        return found
    kept = {id(condition) for condition in sorted(found, key=_digest)[:sample]}
    return [condition for condition in found if id(condition) in kept]


def _digest(condition: Condition) -> bytes:
    return hashlib.sha256(f"{condition.module} {condition.function} {condition.what}".encode()).digest()


if __name__ == "__main__":
    sys.exit(main())
