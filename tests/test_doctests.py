"""The examples in docstrings are run, and give what they say."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_house import modules

MODULES = modules() | {f"benchmarks.{path.stem}": path for path in sorted((ROOT / "benchmarks").glob("*.py"))}
WITH_EXAMPLES = {name: path for name, path in MODULES.items() if ">>> " in path.read_text("utf-8")}


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.REPORT_NDIFF)
    assert (result.failed, result.attempted > 0) == (0, True)


def test_examples_stand_in_many_modules_and_each_is_known() -> None:
    assert len(WITH_EXAMPLES) > 30
    assert all(isinstance(path, Path) for path in WITH_EXAMPLES.values())
