"""How much work a call is, counted: the same on every machine, however busy it is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def count_work(function: Callable[[], Any]) -> int:
    """The number of calls of Python's and C's functions that a call makes, the second time: what it caches is left out."""
    function()
    n = 0

    def note(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal n
        n += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(before)
    return n
