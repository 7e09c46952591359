"""The language model that annotates the articles, carried as a spaCy pipeline."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from flows.settings import QantarError

if TYPE_CHECKING:
    from spacy.language import Language

MAX_LENGTH = 10_000_000
"""Characters of the longest text a pipeline takes."""


def load_model(name: str | None) -> Language:
    """The spaCy pipeline `name`, or for None the carrier that tokenises and leaves the rest to the lexicon and rules.

    Raises QantarError, with the command that installs it, if there is no such pipeline.
    """
    import spacy

    if name is None:
        pipeline = spacy.blank("en")
    else:
        try:
            pipeline = spacy.load(name)
        except OSError as error:
            raise QantarError(f"The language model {name} is not installed; install it with: python -m spacy download {name}") from error
    pipeline.max_length = MAX_LENGTH
    return pipeline


def describe_model(name: str | None) -> str:
    """Name and version of a pipeline, as written into each build."""
    spacy = version("spacy")
    if name is None:
        return f"lexicon and rules (tokens of spacy {spacy})"
    return f"{name} {load_model(name).meta['version']} (spacy {spacy})"
