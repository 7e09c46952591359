"""spaCy's DocBin: names are `doc.ents`; quotations, speakers, cues and blocks are span groups.

`doc.user_data` holds the quotes and entities as rows.

Tokens that a span cuts are split (`aligned_tokens`), so that every span of the build is one of the Doc's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from qantar.exchange.aligned_tokens import aligned_tokens, covered
from qantar.exchange.build_documents import BuildDocument
from qantar.exchange.formats import About
from qantar.schema import Token


def write(documents: Iterable[BuildDocument], destination: Path, about: About) -> None:
    """Write all articles into one `.spacy` file; `spacy.blank("en").vocab` reads it."""
    import spacy
    from spacy.tokens import DocBin

    vocab = spacy.blank("en").vocab
    packed = DocBin(
        attrs=["ORTH", "LEMMA", "POS", "TAG", "DEP", "HEAD", "SENT_START", "ENT_IOB", "ENT_TYPE", "ENT_KB_ID"], store_user_data=True
    )
    for document in documents:
        packed.add(make_doc(document, vocab, about))
    destination.write_bytes(packed.to_bytes())


def make_doc(document: BuildDocument, vocab: Any, about: About) -> Any:
    """An article as a spaCy Doc, `doc.text` being the article's text."""
    from spacy.tokens import Doc

    text, tokens = document.text, aligned_tokens(document)
    words, spaces, numbers = _with_spaces(text, tokens)
    at = {n: i for i, n in enumerate(numbers) if n is not None}
    starts = {sentence.start for sentence in document.sentences}
    columns: dict[str, Any] = {"lemmas": [], "pos": [], "tags": [], "deps": [], "heads": [], "sent_starts": []}
    for i, n in enumerate(numbers):
        token = None if n is None else tokens[n]
        head = i if token is None or token.head is None else at[token.head]
        if token is None:  # white space hangs on the word before it
            head = max(0, i - 1)
        relation = "dep" if token is None else token.relation or ""
        columns["lemmas"].append(words[i] if token is None else token.lemma or "")
        columns["pos"].append("SPACE" if token is None else token.pos or "")
        columns["tags"].append("_SP" if token is None else token.tag or "")
        columns["heads"].append(head)
        columns["deps"].append("ROOT" if head == i else relation)
        columns["sent_starts"].append(i == 0 or (token is not None and token.start in starts))
    if any(token.head is None for token in tokens):
        del columns["heads"], columns["deps"]
    doc = Doc(vocab, words=words, spaces=spaces, **columns)
    if doc.text != text:
        raise AssertionError(f"document {document.document_id}: its tokens do not give its text")
    _add_spans(doc, document, at, tokens)
    doc.user_data["qantar"] = json.dumps(_about_document(document, about), ensure_ascii=False)
    return doc


def _with_spaces(text: str, tokens: list[Token]) -> tuple[list[str], list[bool], list[int | None]]:
    """Words as spaCy has them: one space belongs to the word before it, other white space is a word; and which token each is."""
    words: list[str] = []
    spaces: list[bool] = []
    numbers: list[int | None] = []
    reached = 0
    for n, token in enumerate([*tokens, None]):
        start = len(text) if token is None else token.start
        gap = text[reached:start]
        if gap[:1] == " " and words:
            spaces[-1], gap = True, gap[1:]
        if gap:
            tail = gap.endswith(" ") and len(gap) > 1
            words.append(gap[:-1] if tail else gap)
            spaces.append(tail)
            numbers.append(None)
        if token is not None:
            words.append(token.text)
            spaces.append(False)
            numbers.append(n)
            reached = token.end
    return words, spaces, numbers


def _add_spans(doc: Any, document: BuildDocument, at: dict[int, int], tokens: list[Token]) -> None:
    from spacy.tokens import Span

    def span(start: int, end: int, label: str, span_id: str, kb_id: str = "") -> Any:
        first, after = covered(tokens, start, end)
        found = Span(doc, at[first], at[after - 1] + 1, label=label, kb_id=kb_id, span_id=span_id)
        if doc.text[start:end].strip() != found.text.strip():
            raise AssertionError(f"document {document.document_id}: {start}–{end} is {found.text!r} in spaCy's tokens")
        return found

    doc.set_ents([span(m.start, m.end, m.label, m.mention_id, m.entity_id or "") for m in document.mentions])
    doc.spans["quotes"] = [
        span(start, end, q.kind, q.quote_id, q.speaker_entity_id or "") for q in document.quotes for start, end in q.segments
    ]
    doc.spans["speakers"] = [
        span(q.speaker_start, q.speaker_end, "speaker", q.quote_id, q.speaker_entity_id or "")
        for q in document.quotes
        if q.speaker_start is not None and q.speaker_end is not None
    ]
    doc.spans["cues"] = [
        span(q.cue_start, q.cue_end, "cue", q.quote_id) for q in document.quotes if q.cue_start is not None and q.cue_end is not None
    ]
    doc.spans["blocks"] = [
        span(b.start, b.end, b.role, b.block_id)
        for b in document.blocks
        if b.start is not None and b.end is not None and doc.text[b.start : b.end].strip()
    ]


def _about_document(document: BuildDocument, about: About) -> dict[str, Any]:
    """What a Doc has no place for: the article's particulars, its quotes as rows, its entities."""
    row = document.document
    return {
        "build_id": about.build_id,
        "document_id": row.document_id,
        "title": row.title,
        "outlet": row.outlet,
        "published_on": row.published_on and row.published_on.isoformat(),
        "quotes": [asdict(quote) for quote in document.quotes],
        "entities": [asdict(entity) for entity in document.entities.values()],
    }
