"""Passages attributed as a whole: turns of an interview under the speaker's name, and passages signed in brackets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from qantar.schema import Block, Sentence
from qantar.stages.quotes.marks import Marked, trimmed
from qantar.stages.quotes.rules import Rule
from qantar.stages.quotes.speaker_spans import MentionIndex, Speaker
from qantar.stages.quotes.tokens import classes
from qantar.text.lexicon import either

_PARTICLES = either("clauses.toml", "name_particles")
_NAME = rf"(?:[A-ZÀ-Ý][\w.'’-]*|{_PARTICLES}|{either('clauses.toml', 'name_links')}|&)"
_CAPITALS = re.compile(rf"[A-ZÀ-Ý][\w.’'-]*(?:\s+(?:(?:{_PARTICLES})\s+)?[A-ZÀ-Ý][\w.’'-]*)*")
_BY = re.compile(rf"\b(?:{either('clauses.toml', 'name_leads')})\s+(?=[A-ZÀ-Ý])")
_POSSESSED = re.compile(r"[’']s?\s+[a-z]+\s*:?\s*\Z")
_LABEL = re.compile(r"\s*[*_]*[“\"]?(?P<name>[A-Z][A-Z.'’ -]{1,40}|Q|A|[A-ZÀ-Ý][\w.'’-]+(?: [A-ZÀ-Ý][\w.'’-]+){0,3}):[*_]*\s+(?=\S)")
_OUTLET = rf"(?:,|\s+(?:{either('clauses.toml', 'outlet_leads')}))\s+{_NAME}(?:\s+{_NAME}){{0,6}}"
_SIGNATURE = re.compile(
    rf"(?P<before>[.!?…\"”’»])\s*\((?P<inside>(?P<name>[A-ZÀ-Ý][\w.'’-]*(?:\s+{_NAME}){{0,6}}?)(?P<outlet>{_OUTLET})?)\)[.]?\s*\Z"
)
_DASHED = re.compile(
    rf"\s*(?:[―—–]|--?)\s*(?P<name>[A-ZÀ-Ý][\w.'’-]*(?:\s+{_NAME}){{0,5}})(?:,[^.!?\n]{{0,80}})?\s*[.]?\s*(?=\n|\Z|[“\"”])"
)
_OPENERS, _CLOSERS = '"“„«', '"”“»'
_INTERVIEW = re.compile(rf"\b(?i:{either('clauses.toml', 'interviews')})(?!\w)")
_LONGEST_QUESTION = 240  # characters
_FEWEST_QUESTIONS = 2
_SHORTEST = 60  # characters: a signed passage is longer than an aside


class Passage(NamedTuple):
    """A passage attributed as a whole: its segments in `documents.text` and its speaker, if it has one."""

    segments: tuple[tuple[int, int], ...]
    speaker: Speaker | None
    rule: Rule


def find_passages(text: str, blocks: Sequence[Block], sentences: Sequence[Sentence], index: MentionIndex) -> list[Passage]:
    """Turns and signed passages of one document, in order."""
    kept = [b for b in blocks if b.start is not None and b.end is not None]
    passages = [*_headed_turns(text, kept, sentences, index), *_labelled_turns(text, kept, index), *_signed(text, kept, index)]
    return sorted(passages or _interview(text, kept, sentences, index), key=lambda p: p.segments[0])


# --- an interview without names -------------------------------------------------------------------------------------


def _interview(text: str, blocks: Sequence[Block], sentences: Sequence[Sentence], index: MentionIndex) -> list[Passage]:
    """The answers of an interview whose heading alone says whose they are: `Interview: Ann Lee`, then paragraphs that ask."""
    headed = next((n for n, b in enumerate(blocks) if _heads_interview(text, b)), None)
    speaker = _interviewed(blocks[headed], index) if headed is not None else None
    if headed is None or speaker is None:
        return []
    asking = [n for n in range(headed + 1, len(blocks)) if _is_question(text, blocks[n], sentences)]
    if len(asking) < _FEWEST_QUESTIONS:
        return []
    answers = [blocks[n + 1 : end] for n, end in zip(asking, [*asking[1:], len(blocks)], strict=True)]
    spans = [tuple(_trimmed(text, b) for b in takewhile(lambda b: b.role == "body", said)) for said in answers]
    return [Passage(said, speaker, Rule.TURN) for said in spans if said]


def _heads_interview(text: str, block: Block) -> bool:
    """Whether a title or a heading says that an interview follows."""
    assert block.start is not None and block.end is not None
    return block.role in ("title", "heading") and _INTERVIEW.search(text, block.start, block.end) is not None


def _interviewed(heading: Block, index: MentionIndex) -> Speaker | None:
    """The first person whom a heading names."""
    assert heading.start is not None and heading.end is not None
    persons = [m for m in index.within(heading.start, heading.end) if m.label == "PERSON"]
    return Speaker(persons[0].start, persons[0].end, "turn") if persons else None


def _is_question(text: str, block: Block, sentences: Sequence[Sentence]) -> bool:
    """Whether a paragraph is nothing but a short question, without marks."""
    start, end = _trimmed(text, block)
    plain = end - start < _LONGEST_QUESTION and text[start] not in _OPENERS
    return plain and block.role in ("body", "heading") and _asks(text, block, sentences, False)


# --- under headings -------------------------------------------------------------------------------------------------


def _headed_turns(text: str, blocks: Sequence[Block], sentences: Sequence[Sentence], index: MentionIndex) -> list[Passage]:
    """Each speaker heading's paragraphs up to the next one, over topic headings, without the interviewer's questions."""
    headings = [i for i, b in enumerate(blocks) if b.role == "speaker_heading"]
    passages = []
    for place, i in enumerate(headings):
        end = headings[place + 1] if place + 1 < len(headings) else len(blocks)
        paragraphs = [b for b in blocks[i + 1 : end] if b.role == "body"]
        heads_next = place + 1 < len(headings)
        while len(paragraphs) > 1 and _asks(text, paragraphs[0], sentences, False):
            paragraphs.pop(0)
        while heads_next and len(paragraphs) > 1 and _asks(text, paragraphs[-1], sentences, True):
            paragraphs.pop()
        spans = tuple(_trimmed(text, b) for b in paragraphs)
        if spans:
            name = _heading_name(text, blocks[i], index)
            passages.append(Passage(spans, Speaker(*name, "turn") if name else None, Rule.TURN))
    return passages


def _asks(text: str, block: Block, sentences: Sequence[Sentence], throughout: bool) -> bool:
    """Whether a paragraph puts a question: its last sentence does, or every one."""
    own = [s for s in sentences if s.block_id == block.block_id]
    asking = [text[s.start : s.end].rstrip('"”’») ').endswith("?") for s in own]
    return all(asking) if throughout else asking[-1]


def _heading_name(text: str, block: Block, index: MentionIndex) -> tuple[int, int] | None:
    """Where a speaker heading names the speaker: `Opinion by X, …:`, `X’s opinion:`, `X:`."""
    assert block.start is not None and block.end is not None
    start, end = block.start, block.end
    persons = [m for m in index.within(start, end) if m.label == "PERSON"]
    if persons:
        return persons[0].start, persons[0].end
    by = _BY.search(text, start, end)
    match = _CAPITALS.search(text, by.end() if by else start, end)
    if not match:
        return None
    name_end = match.end()
    possessive = re.search(r"[’']s?\Z", text[match.start() : name_end])
    return match.start(), name_end - len(possessive[0]) if possessive else name_end


# --- labels at the head of a paragraph ------------------------------------------------------------------------------


def _labelled_turns(text: str, blocks: Sequence[Block], index: MentionIndex) -> list[Passage]:
    """`NAME: …` and `Q: … A: …`: only where two labels at least recur, are written in capitals or name a person of the article."""
    turns = _turns(text, blocks, index)
    if len({m["name"].lower() for _, m in turns}) < 2:
        return []
    passages = []
    for (i, match), following in zip(turns, [*(i for i, _ in turns[1:]), None], strict=True):
        label = match["name"].lower()
        if label in classes().askers:
            continue
        further = blocks[i + 1 : following] if following is not None else takewhile(lambda b: b.role == "body", blocks[i + 1 :])
        said = _trimmed(text, blocks[i], match.end())
        whole = _is_marked(text, *said)  # what follows an answer in marks is the reporter's
        spans = [said, *(_trimmed(text, b) for b in further if b.role == "body" and not whole)]
        own = Speaker(match.start("name"), match.end("name"), "turn")
        speaker = _interviewee(text, blocks[: turns[0][0]], index) if label in classes().answerers else own
        passages.append(Passage(tuple(spans), speaker, Rule.LABEL))
    return passages


def _is_marked(text: str, start: int, end: int) -> bool:
    """Whether a stretch stands in marks as a whole: `“It is.”`"""
    return text[start] in _OPENERS and text[end - 1] in _CLOSERS


def _turns(text: str, blocks: Sequence[Block], index: MentionIndex) -> list[tuple[int, re.Match[str]]]:
    """The blocks that begin with the label of a turn."""
    labelled = []
    for i, block in enumerate(blocks):
        assert block.start is not None and block.end is not None
        match = _LABEL.match(text, block.start, block.end) if block.role in ("body", "heading") else None
        if match:
            labelled.append((i, match))
    if not labelled:
        return []
    counts = Counter(m["name"].lower() for _, m in labelled)
    surnames = {m.text.split()[-1].lower() for m in index.within(0, len(text)) if m.label == "PERSON"}

    def is_turn(match: re.Match[str]) -> bool:
        name = match["name"]
        return counts[name.lower()] > 1 or name.isupper() or name.split()[-1].lower() in surnames

    return [(i, m) for i, m in labelled if is_turn(m)]


def _interviewee(text: str, intro: Sequence[Block], index: MentionIndex) -> Speaker | None:
    """Who answers as `A:`: the first person whom the title or the paragraphs before the interview name."""
    for block in intro:
        assert block.start is not None and block.end is not None
        persons = [m for m in index.within(block.start, block.end) if m.label == "PERSON"]
        if persons:
            return Speaker(persons[0].start, persons[0].end, "turn")
    return None


# --- signatures -----------------------------------------------------------------------------------------------------


def _signed(text: str, blocks: Sequence[Block], index: MentionIndex) -> list[Passage]:
    """Paragraphs that end in `(Name, Outlet)`, `(Name on Outlet)` or, where others do, `(Outlet)`."""
    found: list[tuple[Passage, bool]] = []
    for block in blocks:
        if block.role != "body":
            continue
        assert block.start is not None and block.end is not None
        match = _SIGNATURE.search(text, block.start, block.end)
        if not match or match.start() - block.start < _SHORTEST:
            continue
        start, _ = _trimmed(text, block)
        a, b = match.start("name"), match.end("name")
        if text[a:b].lower().startswith("the "):
            a += 4
        passage = Passage(((start, match.end("before")),), Speaker(a, b, "signature"), Rule.SIGNATURE)
        found.append((passage, bool(match["outlet"])))
    return [p for p, _ in found] if any(whole for _, whole in found) else []


def sign_quotations(text: str, blocks: Sequence[Block], marked: Sequence[Marked], index: MentionIndex) -> list[tuple[Marked, Speaker]]:
    """Quotations with a name behind a dash at the end of their block, or in the next: `"…" — Ann Lee`."""
    found: list[tuple[Marked, Speaker]] = []
    for m in marked:
        match = None if m.single else _dashed_name(text, blocks, m)
        if match is None:
            continue
        persons = [p for p in index.within(match.start("name"), match.end("name")) if p.label in ("PERSON", "ORG")]
        a, b = (persons[0].start, persons[0].end) if persons else match.span("name")
        found.append((m, Speaker(a, b, "signature")))
    return found


def _dashed_name(text: str, blocks: Sequence[Block], marked: Marked) -> re.Match[str] | None:
    """The name behind a dash right behind a quotation, or the next block where that is one and the quotation ends its own."""
    block = blocks[marked.block]
    assert block.end is not None
    match = _DASHED.match(text, marked.outer_end, block.end)
    if text[marked.outer_end : block.end].strip():
        return match
    following = next(((b.start, b.end) for b in blocks if b.position > block.position and b.start is not None and b.end is not None), None)
    return None if following is None else _DASHED.match(text, *following)


def _trimmed(text: str, block: Block, start: int | None = None) -> tuple[int, int]:
    assert block.start is not None and block.end is not None
    return trimmed(text, block.start if start is None else start, block.end)
