"""What is exported, read by the tools' own readers: spaCy, conllu, datasets, lxml; and every offset proved."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qantar.exchange import FORMATS, export
from qantar.exchange.aligned_tokens import aligned_tokens, by_sentence, covered
from qantar.exchange.build_documents import BuildDocument, prove
from qantar.exchange.formats import module_of
from qantar.schema import Mention, Token
from qantar.settings import QantarError
from tests.exchange.small_builds import D
from tests.handmade import row

Written = Callable[[str], Path]


@pytest.fixture(scope="module")
def written(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The small build in a format, written once."""
    folder = tmp_path_factory.mktemp("written")

    def of(name: str) -> Path:
        if not (folder / name).exists():
            assert export(name, folder / name, small) == 3
        return folder / name

    return of


def test_spacy_reads_every_name_and_quote_at_its_place(written: Written, documents: list[BuildDocument]) -> None:
    import spacy
    from spacy.tokens import DocBin

    docs = list(DocBin().from_disk(written("docbin")).get_docs(spacy.blank("en").vocab))
    assert [doc.text for doc in docs] == [document.text for document in documents]
    for doc, document in zip(docs, documents, strict=True):
        assert [(e.start_char, e.end_char, e.label_, e.kb_id_) for e in doc.ents] == [
            (m.start, m.end, m.label, m.entity_id or "") for m in document.mentions
        ]
        assert [(s.start_char, s.end_char, s.label_, s.id_) for s in doc.spans["quotes"]] == [
            (start, end, q.kind, q.quote_id) for q in document.quotes for start, end in q.segments
        ]
        assert [s.text for s in doc.spans["speakers"]] == [q.speaker for q in document.quotes if q.speaker]
        assert [s.text for s in doc.spans["cues"]] == [q.cue for q in document.quotes if q.cue]
        assert {s.start_char for s in doc.sents} >= {s.start for s in document.sentences}
        about = json.loads(doc.user_data["qantar"])
        assert [q["quote_id"] for q in about["quotes"]] == [q.quote_id for q in document.quotes]
        words = [t for t in doc if not t.is_space]
        assert [(t.lemma_, t.pos_, t.tag_) for t in words] == [(t.lemma or "", t.pos, t.tag) for t in aligned_tokens(document)]


def test_conllu_reads_trees_with_one_root_and_the_text_of_each_sentence(written: Written, documents: list[BuildDocument]) -> None:
    import conllu

    sentences = conllu.parse(written("conllu").read_text("utf-8"))
    assert len(sentences) == sum(len(document.sentences) for document in documents)
    by_id = {s.sentence_id: (document, s) for document in documents for s in document.sentences}
    for sentence in sentences:
        document, of_build = by_id[sentence.metadata["sent_id"]]
        assert sentence.metadata["text"] == " ".join(of_build.text.split())
        assert [t["id"] for t in sentence.filter(head=0)] == [sentence.to_tree().token["id"]]
        for token in sentence:
            assert document.text[int(token["misc"]["Start"]) : int(token["misc"]["End"])] == token["form"]
    names = [t["misc"]["Name"] for s in sentences for t in s if "Name" in t["misc"]]
    assert sum(name.startswith("B-") for name in names) == sum(len(document.mentions) for document in documents)
    quoted = {key for s in sentences for t in s for key in (t["misc"] or {}).get("Quote", "").split(",") if key}
    assert quoted == {q.quote_id for document in documents for q in document.quotes}


def test_datasets_loads_sentences_with_tags_and_documents_with_quotes(
    written: Written, documents: list[BuildDocument], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    folder = str(written("hf").resolve())
    sentences = datasets.load_dataset(folder, "sentences", cache_dir=str(tmp_path), split="train")
    tags = sentences.features["ner_tags"].feature
    for found, (document, sentence) in zip(sentences, [(d, s) for d in documents for s in d.sentences], strict=True):
        assert (found["document_id"], found["text"]) == (document.document_id, sentence.text)
        assert [found["text"][a:b] for a, b in zip(found["starts"], found["ends"], strict=True)] == found["tokens"]
        own = [m for m in document.mentions if m.sentence_id == sentence.sentence_id]
        assert [tags.int2str(n) for n in found["ner_tags"] if tags.int2str(n)[0] == "B"] == [f"B-{m.label}" for m in own]
    whole = datasets.load_dataset(folder, "documents", cache_dir=str(tmp_path), split="train")
    assert [[m["text"] for m in row["mentions"]] for row in whole] == [[m.text for m in d.mentions] for d in documents]
    assert [[q["segments"] for q in row["quotes"]] for row in whole] == [[q.segments for q in d.quotes] for d in documents]


def test_tei_holds_the_text_and_every_reference_leads_somewhere(written: Written, documents: list[BuildDocument]) -> None:
    from lxml import etree

    tei, xml_id = "{http://www.tei-c.org/ns/1.0}", "{http://www.w3.org/XML/1998/namespace}id"
    for document in documents:
        root = etree.parse(str(written("tei") / f"{document.document_id}.xml")).getroot()
        assert [child.tag for child in root] == [f"{tei}teiHeader", f"{tei}standOff", f"{tei}text"]
        (division,) = root.iter(f"{tei}div")
        assert "\n\n".join("".join(block.itertext()) for block in division) == document.text
        places: dict[str, int] = {}
        reached = 0
        for block in division:
            reached = _anchors(block, reached, places, f"{tei}anchor", xml_id) + 2
        ids = [element.get(xml_id) for element in root.iter() if element.get(xml_id)]
        assert len(ids) == len(set(ids))
        for element in root.iter():
            for name in ("ref", "ana", "from", "to"):
                assert element.get(name) is None or element.get(name)[1:] in ids, (element.tag, name)
        spans = [
            [(places[s.get("from")[1:]], places[s.get("to")[1:]], s.get("type")) for s in group] for group in root.iter(f"{tei}spanGrp")
        ]
        for found, quote in zip(spans, document.quotes, strict=True):
            assert [[a, b] for a, b, kind in found if kind == "piece"] == quote.segments
            assert [document.text[a:b] for a, b, kind in found if kind == "speaker"] == ([quote.speaker] if quote.speaker else [])
        named = [e for e in division.iter() if e.get(xml_id, "").startswith("m.")]
        assert ["".join(e.itertext()) for e in named] == [m.text for m in document.mentions]


def _anchors(element: Any, reached: int, places: dict[str, int], tag: str, key: str) -> int:
    """The place of each anchor below an element; returns the place of its end."""
    if element.tag == tag:
        places[element.get(key)] = reached
    reached += len(element.text or "")
    for child in element:
        reached = _anchors(child, reached, places, tag, key) + len(child.tail or "")
    return reached


def test_json_lines_hold_every_row(written: Written, documents: list[BuildDocument]) -> None:
    lines = [json.loads(line) for line in written("jsonl").read_text("utf-8").splitlines()]
    for line, document in zip(lines, documents, strict=True):
        assert line["document"]["text"] == document.text
        for name in ("blocks", "sentences", "tokens", "mentions", "quotes"):
            assert len(line[name]) == len(getattr(document, name)) > 0
        assert [m["text"] for m in line["mentions"]] == [document.text[m["start"] : m["end"]] for m in line["mentions"]]


def test_brat_s_lines_say_what_stands_at_their_places_and_cross_no_line(written: Written, documents: list[BuildDocument]) -> None:
    conf = (written("brat") / "annotation.conf").read_text("utf-8")
    for document in documents:
        text = (written("brat") / f"{document.document_id}.txt").read_bytes().decode("utf-8")
        assert text == document.text
        lines = (written("brat") / f"{document.document_id}.ann").read_text("utf-8").splitlines()
        for line in lines:
            if match := re.fullmatch(r"T\d+\t(\S+) ([\d ;]+)\t(.*)", line):
                pieces = [text[int(a) : int(b)] for a, b in (place.split() for place in match[2].split(";"))]
                assert " ".join(pieces) == match[3]
                assert not any("\n" in piece for piece in pieces)
                assert f"\n{match[1]}\n" in conf
        assert len([line for line in lines if line.startswith("R")]) == sum(
            (q.speaker is not None) + (q.cue is not None) for q in document.quotes
        )


def test_webanno_counts_as_java_does_and_names_its_layers(written: Written, documents: list[BuildDocument]) -> None:
    (document,) = (d for d in documents if d.document.source_path == D)
    wide = document.text.encode("utf-16-le")
    lines = (written("webanno") / f"{document.document_id}.tsv").read_text("utf-8").split("\n")
    tokens = [line.split("\t") for line in lines if re.match(r"\d+-\d+\t", line)]
    assert len(wide) > 2 * len(document.text)
    for cells in tokens:
        start, end = map(int, cells[1].split("-"))
        assert wide[2 * start : 2 * end].decode("utf-16-le") == cells[2]
        assert len(cells) == 3 + 7 + 1
    assert lines[lines.index("") : lines.index("") + 2] == ["", ""]
    layers = {layer["name"]: layer for layer in json.loads((written("webanno") / "layers.json").read_text("utf-8"))}
    for line in lines[1:5]:
        name, *features = line.partition("=")[2].split("|")
        assert {f["name"] for f in layers[name]["features"]} == {f for f in features if not f.startswith("BT_")}
    assert layers["webanno.custom.QantarLink"]["attach_type"]["name"] in layers


def test_label_studio_s_interface_has_every_control_and_label_of_the_tasks(written: Written) -> None:
    from lxml import etree

    interface = etree.parse(str(written("label-studio") / "labels.xml")).getroot()
    labels = {control.get("name"): {label.get("value") for label in control} for control in interface.iter("Labels")}
    relations = {relation.get("value") for relation in interface.iter("Relation")}
    for task in json.loads((written("label-studio") / "tasks.json").read_text("utf-8")):
        text, ids = task["data"]["text"], set()
        for item in task["predictions"][0]["result"]:
            if item["type"] == "labels":
                assert set(item["value"]["labels"]) <= labels[item["from_name"]]
                assert text[item["value"]["start"] : item["value"]["end"]] == item["value"]["text"]
                ids.add(item["id"])
        for item in task["predictions"][0]["result"]:
            if item["type"] == "relation":
                assert {item["from_id"], item["to_id"]} <= ids
                assert set(item["labels"]) <= relations


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "gold"])  # no article of it is marked as complete
def test_the_same_build_gives_the_same_bytes(name: str, written: Written, small: Path, tmp_path: Path) -> None:
    export(name, tmp_path / "again", small)
    one, other = written(name), tmp_path / "again"
    files = [path.relative_to(one) for path in sorted(one.rglob("*")) if path.is_file()] if one.is_dir() else [Path()]
    assert all((one / path).read_bytes() == (other / path).read_bytes() for path in files)


# --- tokens ---------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_span_whatsoever_cuts_a_token_after_alignment(data: st.DataObject, documents: list[BuildDocument]) -> None:
    document = data.draw(st.sampled_from(documents))
    place = st.integers(0, len(document.text) - 1)
    spans = data.draw(st.lists(st.tuples(place, st.integers(1, 30)), max_size=8))
    names = [
        row(Mention, start=start, end=min(len(document.text), start + length), text="", document_id=document.document_id, label="ORG")
        for start, length in spans
    ]
    tokens = aligned_tokens(replace(document, mentions=names))
    assert [t.position for t in tokens] == list(range(len(tokens)))
    assert all(document.text[t.start : t.end] == t.text for t in tokens)
    assert re.sub(r"\s", "", document.text) == "".join(t.text for t in tokens)
    for name in names:
        first, after = covered(tokens, name.start, name.end)
        words = document.text[name.start : name.end]
        assert re.sub(r"\s", "", words) == "".join(t.text for t in tokens[first:after])
    for own in by_sentence(tokens, document.sentences):
        inside = {t.position for t in own}
        assert sum(t.head == t.position for t in own) == 1
        assert all(t.head in inside for t in own)
        for token in own:
            _climb(token, tokens)


def _climb(token: Token, tokens: list[Token]) -> None:
    seen: set[int] = set()
    while token.head != token.position:
        assert token.position not in seen
        seen.add(token.position)
        assert token.head is not None
        token = tokens[token.head]


def test_a_name_inside_a_word_is_a_token_of_its_own(documents: list[BuildDocument]) -> None:
    (document,) = (d for d in documents if d.document.source_path == D)
    start = document.text.index("Anna_Reed") + len("Anna_")
    (whole,) = (t for t in document.tokens if t.start < start < t.end)
    name = row(Mention, start=start, end=start + 4, text="Reed", document_id=document.document_id, label="PERSON")
    cut = aligned_tokens(replace(document, mentions=[name]))
    first, after = covered(cut, whole.start, whole.end)
    pieces = cut[first:after]
    assert [piece.text for piece in pieces[:2]] == ["Anna_", "Reed"]
    assert "".join(piece.text for piece in pieces) == whole.text
    assert [piece.relation for piece in pieces[:-1]] == ["dep"] * (len(pieces) - 1)
    assert (pieces[-1].relation, pieces[-1].tag) == (whole.relation, whole.tag)


# --- what is refused -------------------------------------------------------------------------------------------------


def test_an_offset_that_does_not_hold_names_the_document_and_the_span(documents: list[BuildDocument]) -> None:
    document = documents[0]
    wrong = replace(document, mentions=[replace(document.mentions[0], end=document.mentions[0].end + 1)])
    with pytest.raises(
        QantarError, match=rf"document {document.document_id}: mentions 0–8 should be 'Harbour', but the text has 'Harbour '"
    ):
        prove(wrong)
    said = replace(document.quotes[0], cue_start=0)
    with pytest.raises(QantarError, match=r"quotes.cue 0–"):
        prove(replace(document, quotes=[said]))


def test_a_build_whose_offsets_are_damaged_is_not_exported(small: Path, tmp_path: Path) -> None:
    shutil.copyfile(small / "qantar.db", tmp_path / "qantar.db")
    with closing(sqlite3.connect(tmp_path / "qantar.db")) as connection, connection:
        connection.execute("UPDATE mentions SET text = 'Ferry' WHERE start = 51 AND document_id = 'evegj7z54r7f'")
    with pytest.raises(QantarError, match=r"document evegj7z54r7f: mentions 51–60"):
        export("brat", tmp_path / "out", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"qantar.db"}


def test_what_stands_at_the_destination_is_left_alone(small: Path, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    for name in FORMATS:
        with pytest.raises(QantarError, match="already exists; name a new"):
            export(name, tmp_path / "there", small)
    assert (tmp_path / "there").read_text() == "mine"


def test_one_article_alone_and_an_unknown_one(small: Path, tmp_path: Path) -> None:
    assert export("jsonl", tmp_path / "one.jsonl", small, ["evegj7z54r7f"]) == 1
    with pytest.raises(QantarError, match="no annotated article has the id zzzzzzzzzzzz"):
        export("jsonl", tmp_path / "none.jsonl", small, ["zzzzzzzzzzzz"])
    assert not (tmp_path / "none.jsonl").exists()
    with pytest.raises(QantarError, match="no build here; make one with qantar build"):
        export("jsonl", tmp_path / "none.jsonl", tmp_path)


def test_every_format_has_a_module_that_writes_and_reads_what_it_says() -> None:
    for name, found in FORMATS.items():
        assert callable(module_of(name).write)
        assert hasattr(module_of(name), "read") == found.is_read
