"""Every package that is imported is declared in pyproject.toml, where it is needed: to run, for an extra, or for the tests."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.conftest import ROOT
from tests.test_house import modules

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OWN = {"qantar", "tests", "benchmarks", *sys.stdlib_module_names}
EXTRAS = {
    "qantar.lexicon.make_places": "lexicon",
    "qantar.service.one_run": "dask",
    "qantar.collect.web_addresses": "collect",
    "qantar.collect.fetching": "collect",
    "qantar.collect.listings": "collect",
    "qantar.collect.politeness": "collect",
}
"""Modules that import what an extra installs, and say so where it lacks."""
BY_HAND = {"torch", "safetensors"}
"""Of the recipe that trains the model, and of comparisons with other systems: installed by whoever runs these."""


def names(requirements: list[str]) -> set[str]:
    """The names of distributions, as PyPI compares them."""
    return {re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-").replace(".", "-") for requirement in requirements}


@cache
def of_modules() -> Mapping[str, list[str]]:
    """The distributions that hold each module: all that are installed are looked through, for more than a second."""
    return {**packages_distributions(), "google": ["protobuf"]}


RUN = names(PROJECT["dependencies"])
OPTIONAL = {extra: names(requirements) for extra, requirements in PROJECT["optional-dependencies"].items()}


def imports(path: Path) -> Iterator[str]:
    """The top-level modules that a file imports, those for type checkers only left out."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def undeclared(path: Path, declared: set[str]) -> set[str]:
    """The modules that a file imports of which no declared distribution is the source."""
    return {module for module in set(imports(path)) - OWN - BY_HAND if not names(of_modules().get(module, [module])) & declared}


def test_what_the_package_imports_is_declared_to_run_it() -> None:
    lacking = {}
    for name, path in modules().items():
        extra = OPTIONAL[EXTRAS[name]] if name in EXTRAS else set[str]()
        if found := undeclared(path, RUN | extra):
            lacking[name] = sorted(found)
    assert lacking == {}


def test_what_the_tests_import_is_declared() -> None:
    every = RUN.union(*OPTIONAL.values())
    paths = sorted((ROOT / "tests").rglob("*.py"))
    assert {p.relative_to(ROOT).as_posix(): sorted(found) for p in paths if (found := undeclared(p, every))} == {}


def test_what_is_declared_is_imported() -> None:
    used = {name for path in modules().values() for module in imports(path) for name in names(of_modules().get(module, [module]))}
    assert RUN - used == {
        "lxml-html-clean",  # trafilatura's
        "pandas",  # Arrow's, for Build.pandas
        "cryptography",  # pypdf's
        "sqlalchemy",  # Prefect's, held to versions with which it works
    }


def test_an_import_that_is_not_declared_is_found(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text("import json\nimport pandas\n\n\ndef late():\n    from hypothesis.strategies import text\n    return text\n")
    assert undeclared(path, RUN) == {"hypothesis"}
    assert undeclared(path, RUN | OPTIONAL["test"]) == set()
