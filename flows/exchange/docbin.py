"""spaCy's DocBin: names are `doc.ents`; quotations, speakers, cues and blocks are span groups.

`doc.user_data` holds the quotes and entities as rows.

Tokens that a span cuts are split (`aligned_tokens`), so that every span of the build is one of the Doc's.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from qantar.exchange.aligned_tokens import aligned_tokens, covered
from qantar.exchange.build_documents import BuildDocument, speaker_and_cue
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
    cells = [_of_space(i, words[i]) if n is None else _of_token(tokens[n], at, starts) for i, n in enumerate(numbers)]
    columns: dict[str, Any] = {name: [getattr(cell, name) for cell in cells] for name in _Cells._fields}
    if any(token.head is None for token in tokens):
        del columns["heads"], columns["deps"]
    doc = Doc(vocab, words=words, spaces=spaces, **columns)
    if doc.text != text:
        raise AssertionError(f"document {document.document_id}: its tokens do not give its text")
    _add_spans(doc, document, at, tokens)
    doc.user_data["qantar"] = json.dumps(_about_document(document, about), ensure_ascii=False)
    return doc


class _Cells(NamedTuple):
    """What spaCy is told of one word; the fields have the names of Doc's arguments."""

    lemmas: str
    pos: str
    tags: str
    heads: int
    deps: str
    sent_starts: bool


def _of_token(token: Token, at: Mapping[int, int], starts: Collection[int]) -> _Cells:
    own = at[token.position]
    head = own if token.head is None else at[token.head]
    relation = "ROOT" if head == own else token.relation or ""
    return _Cells(token.lemma or "", token.pos or "", token.tag or "", head, relation, own == 0 or token.start in starts)


def _of_space(number: int, text: str) -> _Cells:
    """White space depends on the word before it."""
    return _Cells(text, "SPACE", "_SP", max(0, number - 1), "ROOT" if number == 0 else "dep", number == 0)


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

    def span(start: int, end: int, label: str, span_id: str, kb_id: str | None = None) -> Any:
        first, after = covered(tokens, start, end)
        found = Span(doc, at[first], at[after - 1] + 1, label=label, kb_id=kb_id or "", span_id=span_id)
        if doc.text[start:end].strip() != found.text.strip():
            raise AssertionError(f"document {document.document_id}: {start}–{end} is {found.text!r} in spaCy's tokens")
        return found

    doc.set_ents([span(m.start, m.end, m.label, m.mention_id, m.entity_id) for m in document.mentions])
    groups: dict[str, list[Any]] = {"quotes": [], "speakers": [], "cues": []}
    for q in document.quotes:
        groups["quotes"] += [span(start, end, q.kind, q.quote_id, q.speaker_entity_id) for start, end in q.segments]
        for part, start, end in speaker_and_cue(q):
            groups[f"{part}s"].append(span(start, end, part, q.quote_id, q.speaker_entity_id if part == "speaker" else None))
    for name, spans in groups.items():
        doc.spans[name] = spans
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
