"""The language model that annotates the articles, carried as a spaCy pipeline."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from qantar.compat import import_spacy
from qantar.settings import QantarError

if TYPE_CHECKING:
    from spacy.language import Language

    from qantar.model.readings import Keep

MAX_LENGTH = 10_000_000
"""Characters of the longest text a pipeline takes."""

WORDS = 100_000
"""Words and what is written on to them ("said,") whose tokens are remembered."""


def load_model(name: str | None, keep: Keep | None = None, *, with_lemmas: bool = True) -> Language:
    """The spaCy pipeline `name`, or for None spaCy's English tokens with the model that ships, whose readings are kept by `keep`.

    That model gives words lemmas unless nobody needs them.

    Raises QantarError, with the command that installs it, if there is no such pipeline.
    """
    import_spacy()
    import spacy
    from spacy.tokenizer import Tokenizer

    from qantar.model.bounded_tokens import BoundedTokenizer

    if name is None:
        from qantar.model.component import FACTORY, ModelComponent

        pipeline = spacy.blank("en")
        component = pipeline.add_pipe(FACTORY)
        assert isinstance(component, ModelComponent)
        component.keep, component.with_lemmas = keep, with_lemmas
        assert isinstance(pipeline.tokenizer, Tokenizer)
        pipeline.tokenizer.max_cache_size = WORDS
    else:
        try:
            pipeline = spacy.load(name)
        except OSError as error:
            raise _missing(name) from error
    if isinstance(pipeline.tokenizer, Tokenizer):
        pipeline.tokenizer = BoundedTokenizer(pipeline.tokenizer)
    pipeline.max_length = MAX_LENGTH
    return pipeline


def describe_model(name: str | None) -> str:
    """Name and version of a pipeline, as written into each build; of one in a folder the digest of its files.

    Raises QantarError as `load_model` does.
    """
    spacy = _spacy()
    if name is None:
        from qantar.model.runtime import ARITHMETIC

        return f"qantar {_shipped()[:12]} (spacy {spacy}, arithmetic {ARITHMETIC})"
    folder = Path(name)
    if folder.is_dir():
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        sums = [f"{path.relative_to(folder).as_posix()} {sha256(path.read_bytes()).hexdigest()}" for path in files]
        return f"{folder.name} {sha256(repr(sums).encode()).hexdigest()[:12]} (spacy {spacy})"
    try:
        return f"{name} {version(name)} (spacy {spacy})"
    except PackageNotFoundError as error:
        raise _missing(name) from error


@cache
def _spacy() -> str:
    return version("spacy")


@cache
def _shipped() -> str:
    """The digest of the weights that ship, once a process: they are part of the code that it runs."""
    from qantar.model.runtime import check_weights

    return check_weights()


def _missing(name: str) -> QantarError:
    return QantarError(f"The language model {name} is not installed; install it with: python -m spacy download {name}")
