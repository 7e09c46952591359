"""Qantar as a library: `open_build`, `Build`, `build`, `annotate`, `Annotated` and `QantarError`; all else may change between versions.

Importing the package imports nothing else; what a name needs is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qantar.api import Annotated, Build, annotate, build, open_build
    from qantar.settings import QantarError

__all__ = ["Annotated", "Build", "QantarError", "annotate", "build", "open_build"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'qantar' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("qantar.settings" if name == "QantarError" else "qantar.api"), name)


def __dir__() -> list[str]:
    return [*__all__, *globals()]
