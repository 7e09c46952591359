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
    """The spaCy pipeline `name`, or for None spaCy's English tokens with the model that ships.

    Raises QantarError, with the command that installs it, if there is no such pipeline.
    """
    import spacy

    if name is None:
        from flows.model.component import FACTORY

        pipeline = spacy.blank("en")
        pipeline.add_pipe(FACTORY)
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
        from flows.model.runtime import check_weights

        return f"qantar {check_weights()[:12]} (spacy {spacy}, onnxruntime {version('onnxruntime')})"
    return f"{name} {load_model(name).meta['version']} (spacy {spacy})"
