"""The conditions of functions: what each function becomes without one of them, and the calls in which one of them decides something.

A condition is an operand of `and` or `or`, the test of an `if`, or a filter of a comprehension; of arrays, an operand of `&` or `|`
beside a comparison. It decides where the outcome would be another without it. That is seen by running the function with a probe around
each: one run of a test says for every condition whether the test can need it, so that a mutant need only be tried with those tests.
"""

from __future__ import annotations

import ast
import copy
import functools
import importlib
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["operand", "never", "filter", "array", "step"]
OF_ARRAYS: tuple[Kind, ...] = ("array", "step")
"""Operands of `&` and `|`, and those of `&=` and `|=`."""
_EFFECTS = {"add", "append", "discard", "extend", "insert", "next", "pop", "popleft", "remove", "setdefault", "update"}
"""Calls that are not made once more to see what a condition decides."""
PROBES = "__qantar_probes__"
"""The name under which probed code finds `Probes`, among the builtins."""


@dataclass(frozen=True)
class Condition:
    """One condition of one function: the number of its node among the function's, and which operand or filter of the node it is."""

    module: str
    function: str
    node: int
    kind: Kind
    part: int
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.function}: {self.what}"


class Source:
    """A module's functions, with and without their conditions."""

    def __init__(self, module: str, text: str) -> None:
        self.module = module
        self.tree = ast.parse(text)
        self.functions = {".".join(path): (path, function) for path, function in _functions(self.tree)}

    def conditions(self) -> Iterator[Condition]:
        """Every condition in order of place, but those of asserts, and those that are no rules."""
        for name, (_, function) in self.functions.items():
            for number, node, found in _numbered(function):
                line = getattr(node, "lineno", function.lineno)
                yield from (Condition(self.module, name, number, kind, part, line, what) for kind, part, what in found)

    def without(self, condition: Condition) -> types.CodeType | None:
        """The code of a function with one condition taken out."""
        path, function = self.functions[condition.function]
        changed = copy.deepcopy(function)
        _take_out(next(node for i, node in enumerate(ast.walk(changed)) if i == condition.node), condition.kind, condition.part)
        return self._code(path, changed)

    def probed(self, name: str) -> types.CodeType | None:
        """The code of a function that reports to `Probes` which of its conditions decide."""
        path, function = self.functions[name]
        changed = copy.deepcopy(function)
        _mark(changed, {number for number, _, _ in _numbered(function)}, f"{self.module} {name}")
        return self._code(path, _Probing().visit(changed))

    def _code(self, path: tuple[str, ...], function: ast.FunctionDef) -> types.CodeType | None:
        """A function compiled within its class if it has one; the rest of its module is not compiled anew."""
        body: list[ast.stmt] = [function]
        for name in reversed(path[:-1]):
            body = [ast.ClassDef(name=name, bases=[], keywords=[], body=body, decorator_list=[])]
        future = [node for node in self.tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
        module = ast.fix_missing_locations(ast.Module(body=[*future, *body], type_ignores=[]))
        code = compile(module, f"<{self.module}>", "exec")
        for name in path:
            found = [c for c in code.co_consts if isinstance(c, types.CodeType) and c.co_name == name]
            if len(found) != 1:
                return None
            code = found[0]
        return code


def _functions(tree: ast.Module) -> Iterator[tuple[tuple[str, ...], ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield (node.name,), node
        elif isinstance(node, ast.ClassDef):
            yield from (((node.name, part.name), part) for part in node.body if isinstance(part, ast.FunctionDef))


def _numbered(function: ast.FunctionDef) -> Iterator[tuple[int, ast.AST, list[tuple[Kind, int, str]]]]:
    """The nodes of a function that have conditions, by number, and these."""
    left_out = {id(part) for node in ast.walk(function) if isinstance(node, ast.Assert) for part in ast.walk(node)}
    for number, node in enumerate(ast.walk(function)):
        found = [] if id(node) in left_out else list(_conditions(node))
        if isinstance(node, ast.BinOp) and isinstance(node.left, ast.BinOp) and type(node.left.op) is type(node.op):
            left_out.add(id(node.left))  # a part of the same chain
        if found:
            yield number, node, found


def _conditions(node: ast.AST) -> Iterator[tuple[Kind, int, str]]:
    if isinstance(node, ast.BoolOp):
        word = "and" if isinstance(node.op, ast.And) else "or"
        yield from (("operand", i, f"without {word} {_shown(value)}") for i, value in enumerate(node.values) if not _is_no_rule(value))
    elif isinstance(node, ast.If | ast.IfExp) and not isinstance(node.test, ast.BoolOp) and not _is_no_rule(node.test):
        yield "never", 0, f"never {_shown(node.test)}"
    elif isinstance(node, ast.comprehension):
        yield from (("filter", i, f"without if {_shown(test)}") for i, test in enumerate(node.ifs) if not isinstance(test, ast.BoolOp))
    elif isinstance(node, ast.BinOp) and any(map(_is_true_or_not, _operands(node))):
        word = "&" if isinstance(node.op, ast.BitAnd) else "|"
        yield from (("array", i, f"without {word} {_shown(value)}") for i, value in enumerate(_operands(node)))
    elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.BitAnd | ast.BitOr) and _is_true_or_not(node.value):
        yield "step", 0, f"without {_shown(node)}"


def _operands(node: ast.expr, of: type[ast.operator] | None = None) -> list[ast.expr]:
    """What `a & b & c` joins, or `|`; the node alone where it is neither."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, of or (ast.BitAnd, ast.BitOr)):
        return [*_operands(node.left, type(node.op)), node.right]
    return [node]


def _is_true_or_not(node: ast.expr) -> bool:
    """Whether an operand of `&` or `|` is an array of truths, not of numbers or sets: a comparison, `~` of something, or both joined."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.BitAnd | ast.BitOr) and any(map(_is_true_or_not, _operands(node)))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
        return not isinstance(node.operand.args[0] if isinstance(node.operand, ast.Call) else node.operand, ast.Constant)  # `~1` is bits
    return isinstance(node, ast.Compare)


def _is_no_rule(node: ast.expr) -> bool:
    """Whether a condition decides nothing of what is found.

    It is the type checker's: a test for None, or the constant in its place. Or it chooses between `native` code and its twin in
    arrays, which find the same (`tests/stages/test_native.py`).
    """
    asked = node.operand if isinstance(node, ast.UnaryOp) else node
    if isinstance(asked, ast.Name) and asked.id == "native":
        return True
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Is | ast.IsNot))


def _take_out(node: Any, kind: Kind, part: int) -> None:
    if kind == "operand":
        del node.values[part]
        if len(node.values) == 1:
            node.values = [node.values[0], node.values[0]]
    elif kind == "array":
        left = [operand for i, operand in enumerate(_operands(node)) if i != part]
        whole = functools.reduce(lambda one, other: ast.BinOp(one, node.op, other), left[:-1]) if left[1:] else left[0]
        node.left, node.right = whole, left[-1]
    elif kind == "step":
        node.value = copy.deepcopy(node.target)
        node.value.ctx = ast.Load()
    elif kind == "never":
        node.test = ast.copy_location(ast.Constant(False), node.test)
    else:
        del node.ifs[part]


def _shown(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:80]


def function_of(module: str, name: str) -> types.FunctionType | None:
    """A function by its name, under its decorators."""
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        found = vars(found).get(part)
        if isinstance(found, property):
            found = found.fget
        elif isinstance(found, functools.cached_property):
            found = found.func
        elif isinstance(found, classmethod | staticmethod):
            found = found.__func__
        while hasattr(found, "__wrapped__"):
            found = found.__wrapped__
    return found if isinstance(found, types.FunctionType) else None


def names_in(function: ast.FunctionDef) -> set[str]:
    """The names and attributes that a function uses."""
    found = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    return found | {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}


# --- where conditions decide -------------------------------------------------------------------------------------------

Decided: TypeAlias = tuple[str, int, int]
"""Module and name of a function, the number of a node, the number of its operand or filter."""


class Probes:
    """What probed functions call."""

    def __init__(self) -> None:
        self.decided: set[Decided] = set()
        self.seen: set[tuple[str, int]] = set()
        """The nodes that ran at all."""
        self._is_asking = False

    def chain(self, function: str, node: int, is_and: bool, is_test: bool, *operands: Callable[[], Any]) -> Any:
        """`and` or `or` of operands; which of them decides is noted."""
        value: Any = None
        for i, operand in enumerate(operands):
            before, value = value, operand()
            if i == len(operands) - 1 or bool(value) is not is_and:
                break
        if not self._is_asking:
            self.seen.add((function, node))
            ends = _truth(value) is not is_and
            if ends and i < len(operands) - 1:
                decides = self._differs(operands[i + 1 :], is_and, is_test, value)
            else:  # without the last, the one before it is the value
                decides = ends or not (is_test or _are_alike(before, value))
            if decides:
                self.decided.add((function, node, i))
        return value

    def _differs(self, rest: tuple[Callable[[], Any], ...], is_and: bool, is_test: bool, value: Any) -> bool:
        """Whether the operands after the one that ended a chain would end it otherwise; they may fail without it."""
        self._is_asking = True
        try:
            for operand in rest:
                other = operand()
                if bool(other) is not is_and:
                    return not (is_test or _are_alike(value, other))
        except Exception:
            return True
        finally:
            self._is_asking = False
        return True

    def test(self, function: str, node: int, part: int, is_filter: bool, value: Any) -> Any:
        """The value of an `if` or a filter: the one decides where it is true, the other where it is not."""
        if not self._is_asking:
            self.seen.add((function, node))
            if bool(value) is not is_filter:
                self.decided.add((function, node, part))
        return value

    def run(self, function: str, node: int, n: int) -> None:
        """A node whose operands are not run twice: all may decide."""
        self.seen.add((function, node))
        self.decided |= {(function, node, part) for part in range(n)}


def _truth(value: Any) -> bool | None:
    try:
        return bool(value)
    except ValueError:  # an array's
        return None


def _are_alike(one: Any, other: Any) -> bool:
    return one is other or (type(one) is type(other) and isinstance(one, bool | int | str | None | tuple) and one == other)


def _mark(function: ast.FunctionDef, numbers: set[int], name: str) -> None:
    """Note on the nodes with conditions their number and name, and on `and` and `or` whether only their truth counts."""
    tests: set[int] = set()
    for number, node in enumerate(ast.walk(function)):  # from the outside to the inside
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            tests.add(id(node.test))
        elif isinstance(node, ast.comprehension):
            tests |= {id(test) for test in node.ifs}
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            tests.add(id(node.operand))
        elif isinstance(node, ast.BoolOp) and id(node) in tests:
            tests |= {id(value) for value in node.values}
        if number in numbers:
            node.probe = (name, number, id(node) in tests)  # type: ignore[attr-defined]


class _Probing(ast.NodeTransformer):
    """Puts a probe around each marked condition."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        """`a and b` becomes `chain(…, lambda: a, lambda: b)`; where that would change what runs, only that it ran is noted."""
        probe, is_bound = getattr(node, "probe", None), _has_effects(node)
        self.generic_visit(node)
        if probe is None:
            return node
        name, number, is_test = probe
        if is_bound:
            return _subscript([_call("run", [name, number, len(node.values)]), node], 1)
        nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        operands = [ast.Lambda(nothing, value) for value in node.values]
        return _call("chain", [name, number, isinstance(node.op, ast.And), is_test], operands)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Of `a & b` it is noted that it ran: of an array, any may decide for some of it."""
        self.generic_visit(node)
        if (probe := getattr(node, "probe", None)) is None:
            return node
        return _subscript([_call("run", [*probe[:2], len(_operands(node))]), node], 1)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AugAssign:
        """The same of `a &= b`."""
        self.generic_visit(node)
        if probe := getattr(node, "probe", None):
            node.value = _subscript([_call("run", [*probe[:2], 1]), node.value], 1)
        return node

    def visit_If(self, node: ast.If) -> ast.If:
        """`if a` becomes `if test(…, a)`."""
        return self._tested(node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.IfExp:
        """`x if a else y` becomes `x if test(…, a) else y`."""
        return self._tested(node)

    def _tested(self, node: Any) -> Any:
        self.generic_visit(node)
        if probe := getattr(node, "probe", None):
            node.test = _call("test", [*probe[:2], 0, False], [node.test])
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        """`for x in y if a` becomes `for x in y if test(…, a)`."""
        alone = [not isinstance(test, ast.BoolOp) for test in node.ifs]
        self.generic_visit(node)
        if probe := getattr(node, "probe", None):
            node.ifs = [
                _call("test", [*probe[:2], i, True], [test]) if is_alone else test
                for i, (test, is_alone) in enumerate(zip(node.ifs, alone, strict=True))
            ]
        return node


def _has_effects(node: ast.AST) -> bool:
    """Whether running an expression once more, or in a function of its own, changes something."""
    for part in ast.walk(node):
        if isinstance(part, ast.NamedExpr | ast.Yield | ast.YieldFrom | ast.Await):
            return True
        if isinstance(part, ast.Call):
            called = part.func
            if (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")) in _EFFECTS:
                return True
    return False


def _call(method: str, given: list[Any], arguments: list[Any] | None = None) -> ast.Call:
    function = ast.Attribute(ast.Name(PROBES, ast.Load()), method, ast.Load())
    return ast.Call(function, [*map(ast.Constant, given), *(arguments or [])], [])


def _subscript(items: list[Any], index: int) -> ast.Subscript:
    return ast.Subscript(ast.Tuple(items, ast.Load()), ast.Constant(index), ast.Load())
