"""The shipped weights are the released ones, and what they say of a text does not depend on anything but the text."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from qantar.model.component import FACTORY, ModelComponent
from qantar.model.runtime import FILES, WEIGHTS, check_weights
from qantar.settings import QantarError

TEXT = (
    "Almaty, 6 January\n\nThousands of people gathered in Almaty and Astana on Wednesday. "
    "President Kassym-Jomart Tokayev said that he had dismissed the government of Askar Mamin.\n\n"
    '"We asked the Collective Security Treaty Organization for help," Mr Tokayev told Reuters. It was raining.'
)


@pytest.fixture(scope="module")
def pipeline() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe(FACTORY)
    return nlp


def read_off(doc: Doc) -> list[tuple[object, ...]]:
    words = [(t.text, t.pos_, t.tag_, t.lemma_, t.dep_, t.head.i, t.is_sent_start) for t in doc]
    return [*words, *((e.start_char, e.end_char, e.label_) for e in doc.ents)]


def names(doc: Doc) -> set[tuple[str, str]]:
    return {(e.text, e.label_) for e in doc.ents}


def test_the_weights_are_those_of_the_list_and_take_no_more_than_forty_megabytes() -> None:
    assert len(check_weights()) == 64
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) < 40_000_000


@pytest.mark.parametrize("name", FILES)
def test_a_changed_or_missing_file_of_the_weights_is_refused_by_name(tmp_path: Path, name: str) -> None:
    shutil.copytree(WEIGHTS, tmp_path / "weights")
    changed = tmp_path / "weights" / name
    changed.write_bytes(changed.read_bytes() + b"\n")
    with pytest.raises(QantarError, match=name.replace(".", r"\.")):
        check_weights(tmp_path / "weights")
    changed.unlink()
    with pytest.raises(QantarError, match="missing"):
        check_weights(tmp_path / "weights")


def test_plain_spacy_gets_names_sentences_parts_of_speech_lemmas_and_trees(pipeline: Language) -> None:
    doc = pipeline(TEXT)
    assert {("Kassym-Jomart Tokayev", "PERSON"), ("Almaty", "LOC"), ("Reuters", "ORG")} <= names(doc)
    assert any(e.label_ == "ORG" and "Collective Security Treaty Organization" in e.text for e in doc.ents)
    said = next(t for t in doc if t.text == "said")
    assert (said.pos_, said.lemma_, said.dep_) == ("VERB", "say", "ROOT")
    assert any(t.dep_ == "nsubj" and t.head == said for t in doc)
    assert [s.text.strip() for s in doc.sents][-1] == "It was raining."


def test_each_sentence_is_one_tree(pipeline: Language) -> None:
    for sentence in pipeline(TEXT).sents:
        assert sum(t.head == t for t in sentence) == 1
        assert all(t.head in sentence for t in sentence)


def test_a_text_is_annotated_alike_whatever_was_annotated_before_and_in_any_process(pipeline: Language) -> None:
    alone = read_off(pipeline(TEXT))
    others = list(pipeline.pipe(["Short.", TEXT * 3, "JORDAN WINS 3-0", TEXT], batch_size=4))
    assert read_off(others[-1]) == alone
    again = pickle.loads(pickle.dumps(ModelComponent()))
    assert read_off(again(spacy.blank("en")(TEXT))) == alone


def test_windows_find_the_names_that_one_reading_finds(pipeline: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = names(pipeline(TEXT))
    monkeypatch.setattr(ModelComponent().model, "budget", 60)  # a process has one model
    assert names(pipeline(TEXT)) == whole


def test_sentence_starts_that_are_set_are_kept(pipeline: Language) -> None:
    doc = pipeline.make_doc("He left the city on Monday and she stayed there.")
    for token in doc:
        token.is_sent_start = token.i in (0, 6)
    assert [s.text for s in pipeline.get_pipe(FACTORY)(doc).sents] == ["He left the city on Monday", "and she stayed there."]


@pytest.mark.parametrize("text", ["", " \n ", ".", "a" * 3000, "word " * 2000, "\u200b", "👩‍👩‍👧 " * 50, "\n\nA\n\n"])
def test_odd_texts_are_annotated_too(pipeline: Language, text: str) -> None:
    doc = pipeline(text)
    assert doc.text == text
    assert all(t.pos_ for t in doc)
