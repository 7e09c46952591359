"""Addresses of the explorer's pages."""

import re

import pytest

from benchmarks.hostile import OF_THE_BUILD, requests
from qantar.explorer.routes import ROUTES

ASKED = [path.partition("?")[0] for path in requests(dict.fromkeys(OF_THE_BUILD, "some-id"))]


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in ROUTES])
def test_every_page_is_among_the_hostile_requests(pattern: str) -> None:
    """A new page is tried by `python -m benchmarks.hostile`, too."""
    assert any(re.match(pattern, path) for path in ASKED), f"add a request that {pattern} answers to PATHS of benchmarks/hostile.py"
