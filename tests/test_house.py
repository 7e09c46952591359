"""The house: rooms import each other in one direction, and no file name stands for two things."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from radon.visitors import ComplexityVisitor

from tests.conftest import ROOT

FOLDERS = {"qantar": ROOT / "flows", "qantar.expectations": ROOT / "expectations"}


def modules() -> dict[str, Path]:
    """Every module of the package, by its full name."""
    found = {}
    for package, folder in FOLDERS.items():
        for path in sorted(folder.rglob("*.py")):
            name = ".".join((package, *path.relative_to(folder).with_suffix("").parts)).removesuffix(".__init__")
            found[name] = path
    return found


def room(module: str) -> str:
    """The package below `qantar` that a module belongs to; each stage is a room of its own."""
    parts = module.split(".")
    return ".".join(parts[1 : 3 if parts[1:2] == ["stages"] else 2])


def imported(path: Path) -> Iterator[str]:
    """The names of the modules that a module imports, early or late."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_rooms_import_each_other_in_one_direction() -> None:
    known = modules()
    arrows: dict[str, set[str]] = defaultdict(set)
    for name, path in known.items():
        arrows[room(name)] |= {room(other) for other in imported(path) if other in known} - {room(name)}
    order = list(TopologicalSorter(arrows).static_order())  # raises CycleError, naming the circle
    assert order.index("schema") < order.index("pipeline") < order.index("cli")


def test_stages_know_nothing_of_prefect_great_expectations_or_sqlite() -> None:
    outside = {"prefect", "great_expectations", "sqlite3", "datasette"}
    for name, path in modules().items():
        if name.startswith(("qantar.stages", "qantar.text", "qantar.model")):
            assert not outside & {other.split(".")[0] for other in imported(path)}, name


def test_prefect_is_known_to_the_pipeline_and_the_service_alone() -> None:
    known = {room(name) for name, path in modules().items() if "prefect" in {other.split(".")[0] for other in imported(path)}}
    assert known <= {"pipeline", "service", "compat"}


def test_no_file_name_stands_for_two_things() -> None:
    names = Counter(path.name for path in FOLDERS["qantar"].rglob("*.py") if path.name != "__init__.py")
    assert [name for name, n in names.items() if n > 1] == []


def test_great_expectations_is_known_to_the_expectations_and_their_validation_alone() -> None:
    outside = {name for name, path in modules().items() if "great_expectations" in {other.split(".")[0] for other in imported(path)}}
    assert {name for name in outside if room(name) != "expectations"} == {"qantar.quality.validation", "qantar.compat"}


def undocumented(node: ast.AST) -> Iterator[str]:
    """The definitions in a module or a class that others may use and that have no docstring."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if child.name.startswith("_"):
                continue
            if not ast.get_docstring(child):
                yield child.name
            if isinstance(child, ast.ClassDef):
                yield from (f"{child.name}.{name}" for name in undocumented(child))
        elif not isinstance(child, ast.expr):
            yield from undocumented(child)


def test_every_definition_that_is_not_private_has_a_docstring() -> None:
    assert [f"{name}: {found}" for name, path in modules().items() for found in undocumented(ast.parse(path.read_text("utf-8")))] == []


def test_a_function_fits_on_a_screen() -> None:
    """None is longer than 60 lines, but the lists of expectations, which only declare."""
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not (
                name.startswith("qantar.expectations.") and node.name == "suite"
            ):
                assert node.end_lineno is not None
                assert node.end_lineno - node.lineno < 60, f"{name}.{node.name}"


MOST_BRANCHES = 15


def branches() -> dict[str, int]:
    """The cyclomatic complexity of every function, as radon counts it: boolean operators and comprehensions too."""
    found: dict[str, int] = {}
    for name, path in modules().items():
        visitor = ComplexityVisitor.from_code(path.read_text("utf-8"))
        functions = [*visitor.functions, *(method for a_class in visitor.classes for method in a_class.methods)]
        found |= {f"{name}.{f.name}:{f.lineno}": f.complexity for f in functions}
    return found


def test_a_function_has_few_branches() -> None:
    """Split one that has more at what it decides."""
    assert {name: n for name, n in branches().items() if n > MOST_BRANCHES} == {}
