"""How `python -m benchmarks.mutants` finds the tests of a mutant: of what a loader runs once, all that ask the loader."""

from __future__ import annotations

import builtins
import functools
import types
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.conditions import PROBES, Source
from benchmarks.mutants import Run, Share, Turns, in_processes, replaced

TEXT = """
def pick(a):
    return a if a else "none"

def words():
    return pick("")

def apart():
    return pick("apart")

def both():
    return words() + apart()
"""


@pytest.fixture
def _no_probes_afterwards(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(builtins, PROBES, None, raising=False)
    yield


@pytest.mark.usefixtures("_no_probes_afterwards")
@pytest.mark.parametrize("order", [("words", "apart", "both"), ("both", "words", "apart")])
def test_a_condition_is_needed_by_the_tests_that_ask_a_loader_in_which_it_decides(order: tuple[str, ...]) -> None:
    names: dict[str, Any] = {}
    exec(TEXT, names)
    for loader in order:
        names[loader] = functools.cache(names[loader])
    source = Source("made", TEXT)
    (condition,) = source.conditions()
    run = Run({"made": source}, [condition], 1)
    run.loaders = [names[loader] for loader in order]
    function, code = names["pick"], source.probed("pick")
    assert isinstance(function, types.FunctionType)
    assert code is not None
    with replaced({function: code}):
        run._probe_loaders()
    held = {order[n] for n in run.loaded[condition]}
    assert {"apart", "both"} <= held
    assert "words" not in held or order[0] == "both", "what is loaded within another counts as that"
    asked = run._probe(lambda: bool(names["both"]())).asked
    assert [order[n] for n in asked] == ["both"]


def test_each_of_several_processes_takes_the_next_and_gets_what_all_have_found() -> None:
    turns, found = Turns(), []

    def work(share: Share) -> None:
        found.extend(share([list(turns.of(5))]))

    in_processes(work, 3)
    assert sorted(n for (own,) in found for n in own) == list(range(5))
    assert len(found) == 3
