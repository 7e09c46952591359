"""The house: rooms import each other in one direction, and no file name stands for two things."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

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
