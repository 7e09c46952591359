"""Which conditions of a function decide something: what `python -m benchmarks.mutants` need not run a test for."""

from __future__ import annotations

import builtins
import types

import pytest

from benchmarks.conditions import PROBES, Probes, Source

TEXT = """
def pick(a, b, c, e):
    if a and b and c:
        return "all"
    if b:
        return [x for x in (a, b, c) if x]
    if (d := c) and e:
        return d
    return a or "none"
"""


def decided(*given: object) -> tuple[object, set[str]]:
    """What the function returns, and the conditions that decide something for these arguments; an assignment is not tried twice."""
    source = Source("made", TEXT)
    code, probes = source.probed("pick"), Probes()
    assert code is not None
    setattr(builtins, PROBES, probes)
    try:
        returned = types.FunctionType(code, {})(*given)
    finally:
        delattr(builtins, PROBES)
    return returned, {c.what for c in source.conditions() if (f"{c.module} {c.function}", c.node, c.part) in probes.decided}


@pytest.mark.parametrize(
    ("given", "returned", "names"),
    [
        ((1, 1, 1, 0), "all", set()),
        ((1, 1, 0, 0), [1, 1], {"without and c", "never b", "without if x"}),
        ((0, 1, 0, 0), [1], {"never b", "without if x"}),
        ((1, 0, 1, 0), 1, {"without and b", "without and (d := c)", "without and e", "without or a"}),
        ((1, 0, 0, 0), 1, {"without and (d := c)", "without and e", "without or a"}),
    ],
)
def test_a_condition_decides_where_the_outcome_would_be_another_without_it(
    given: tuple[int, ...], returned: object, names: set[str]
) -> None:
    assert decided(*given) == (returned, names)


ARRAYS = """
def some(a, b, c, native):
    a &= b > 1
    d = (a & (b > 0) & ~c) | (c == 2) if native else b & ~1
    return d
"""


def test_operands_of_arrays_are_conditions_and_bits_and_the_choice_of_a_twin_are_none() -> None:
    source = Source("made", ARRAYS)
    conditions = list(source.conditions())
    assert [condition.what for condition in conditions] == [
        "without a &= b > 1",
        "without | a & (b > 0) & ~c",
        "without | c == 2",
        "without & a",
        "without & b > 0",
        "without & ~c",
    ]
    found = []
    for condition in conditions:
        code = source.without(condition)
        assert code is not None
        found.append(types.FunctionType(code, {})(True, 1, False, True))
    assert found == [1, 0, 0, 1, 0, 0]


def test_a_mutant_lacks_one_condition() -> None:
    source = Source("made", TEXT)
    never = next(condition for condition in source.conditions() if condition.what == "never b")
    code = source.without(never)
    assert code is not None
    assert types.FunctionType(code, {})(0, 1, 0, 0) == "none"
