"""The model's trees of the texts that rules are tested on, stored: a rule's test does not run the network.

    QANTAR_STORE_TREES=1 .venv/bin/pytest tests/stages/test_quotes_by_grammar.py tests/stages/test_quote_examples.py

stores those of all their texts anew, in trees.spacy. tests/model has the network's own tests.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin

from qantar.pipeline.annotator import Annotator
from qantar.schema import Document, Sentence
from qantar.text.known_names import load_names

FILE = Path(__file__).with_name("trees.spacy")
STORES = bool(os.environ.get("QANTAR_STORE_TREES"))
_new: dict[str, Doc] = {}
_readings: dict[bytes, bytes] = {}


@cache
def annotator() -> Annotator:
    """The model and the names that ship; what the network says of a text is kept: `make mutants` reads it again and again."""
    return Annotator(None, load_names(None), _keep)


def _keep(anchor: bytes, keys: Sequence[bytes], make: Callable[[int], bytes]) -> list[bytes]:
    for number, key in enumerate(keys):
        if key not in _readings:
            _readings[key] = make(number)
    return [_readings[key] for key in keys]


def tree_of(document: Document, sentences: list[Sentence]) -> Doc:
    """The stored Doc of a document, or with QANTAR_STORE_TREES the network's, which is stored when the tests end."""
    if STORES:
        if not _new:
            atexit.register(_write)
        _new[document.text] = parsed(document, sentences)
        return _new[document.text]
    assert document.text in _stored(), (
        "no tree is stored for this text: QANTAR_STORE_TREES=1 .venv/bin/pytest tests/stages/test_quotes_by_grammar.py "
        "tests/stages/test_quote_examples.py"
    )
    return _stored()[document.text]


def parsed(document: Document, sentences: list[Sentence]) -> Doc:
    """The network's Doc of a document."""
    return annotator().parse(annotator().pipeline.make_doc(document.text), sentences)


@cache
def _stored() -> dict[str, Doc]:
    return {doc.text: doc for doc in DocBin().from_disk(FILE).get_docs(spacy.blank("en").vocab)}


def _write() -> None:
    kept = DocBin(attrs=["ORTH", "SPACY", "POS", "TAG", "LEMMA", "DEP", "HEAD"], docs=[_new[text] for text in sorted(_new)])
    kept.to_disk(FILE)
