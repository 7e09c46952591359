"""One article annotated in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from qantar.model import load_model
from qantar.pipeline.annotator import Annotator
from qantar.schema import Block
from qantar.settings import QantarError
from tests.stages.articles import article, lexicon

TEXT = 'Joanna Lillis was in Almaty. "Troops will leave Kazakhstan," President Kassym-Jomart Tokayev said.'


def body(document_id: str, text: str) -> Block:
    return Block(
        block_id="aaaaaaaaaaaa-b0",
        document_id=document_id,
        position=0,
        role="body",
        rule="test",
        raw_start=0,
        raw_end=len(text),
        start=0,
        end=len(text),
        text=text,
    )


def test_a_date_has_a_value_whoever_found_it() -> None:
    text = "The coup in Ukraine came in 2014, after the wars of the 1990s."
    document, _ = article(text)
    annotator = Annotator.__new__(Annotator)
    annotator.pipeline, annotator.names = load_model(None), lexicon()
    dates = [m for m in annotator.annotate(document, [body(document.document_id, text)]).mentions if m.label == "DATE"]
    assert [(m.text, m.value) for m in dates] == [("2014", "2014"), ("1990s", "1990/1999")]
    assert "model" in {m.method for m in dates}


def test_a_document_is_counted() -> None:
    document, _ = article(TEXT)
    block = body(document.document_id, TEXT)
    annotator = Annotator.__new__(Annotator)
    annotator.pipeline, annotator.names = load_model(None), lexicon()
    found = annotator.annotate(document, [block])
    counts = (found.document.n_sentences, found.document.n_mentions, found.document.n_quotes)
    assert counts == (len(found.sentences), len(found.mentions), len(found.quotes)) == (2, 4, 1)
    assert found.document.n_tokens == sum(s.n_tokens for s in found.sentences)
    assert found.quotes[0].speaker == "Kassym-Jomart Tokayev"


def test_a_second_article_reads_no_file_of_the_lexicon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    document, _ = article(TEXT)
    annotator = Annotator.__new__(Annotator)
    annotator.pipeline, annotator.names = load_model(None), lexicon()
    first = annotator.annotate(document, [body(document.document_id, TEXT)])
    monkeypatch.setattr("qantar.text.lexicon.HERE", tmp_path)
    assert annotator.annotate(document, [body(document.document_id, TEXT)]) == first


def test_a_pipeline_that_is_not_installed_is_an_error_that_names_the_command() -> None:
    with pytest.raises(QantarError, match="python -m spacy download en_core_web_nowhere"):
        load_model("en_core_web_nowhere")
