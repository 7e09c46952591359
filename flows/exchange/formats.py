"""The formats of `qantar export` and `qantar import`, in one place. Their modules are imported when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from qantar.exchange.build_documents import BuildDocument


@dataclass(frozen=True)
class Format:
    """One format: its name on the command line, its module, and what it holds."""

    name: str
    module: str
    what: str
    is_folder: bool = False
    with_tokens: bool = True
    is_read: bool = False


FORMATS = {
    f.name: f
    for f in (
        Format("docbin", "docbin", "spaCy's DocBin: one .spacy file"),
        Format("conllu", "conllu", "CoNLL-U: one file"),
        Format("jsonl", "jsonl", "JSON Lines: one file, one article a line, with all its rows"),
        Format("brat", "brat", "brat's standoff: a folder", is_folder=True, with_tokens=False, is_read=True),
        Format("label-studio", "label_studio", "Label Studio: a folder with tasks and labels", True, with_tokens=False, is_read=True),
        Format("webanno", "webanno", "WebAnno TSV 3.3, for INCEpTION: a folder with documents and layers", True, is_read=True),
        Format("tei", "tei", "TEI P5: a folder, one article a file", is_folder=True),
        Format("gold", "gold", "articles marked as complete, to measure builds on: a folder", is_folder=True, with_tokens=False),
        Format("hf", "hugging_face", "a folder for Hugging Face's `datasets`: sentences with tags, and documents", is_folder=True),
    )
}
"""The formats by name."""

READABLE = tuple(name for name, found in FORMATS.items() if found.is_read)
"""Those that edits come back in."""


@dataclass(frozen=True)
class About:
    """What a file says of the build it was made from."""

    build_id: str
    title: str
    licence: str


class Writer(Protocol):
    """The module of a format."""

    def write(self, documents: Iterable[BuildDocument], destination: Path, about: About) -> None:
        """Write documents to a new file, or into an empty folder."""


def module_of(name: str) -> Any:
    """The module of a format."""
    return import_module(f"qantar.exchange.{FORMATS[name].module}")


def writer_of(name: str) -> Writer:
    """What writes a format."""
    return cast(Writer, module_of(name))
