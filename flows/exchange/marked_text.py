"""A text with marks and links between them, as annotation tools have it: how rows become marks, and marks what a person means by them.

Marks of four layers: `name` (a mention), `quote` (a piece of what is said; pieces of one quote are linked by `continues`), `part` (a
speaker or a cue, linked to its quote) and `passage` (a block that is not `body`). Identities are those of a tool; what comes back is
known by its place alone.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, get_args

from qantar.exchange.build_documents import BuildDocument, speaker_and_cue
from qantar.schema import Label, Quote, QuoteKind, Role
from qantar.stages.blocks import KEPT

Layer = Literal["name", "quote", "part", "passage"]
SPEAKER, CUE, CONTINUES = "speaker", "cue", "continues"
BODY = "body"
LABELS: dict[Layer, tuple[str, ...]] = {
    "name": get_args(Label),
    "quote": get_args(QuoteKind),
    "part": (SPEAKER, CUE),
    "passage": tuple(role for role in get_args(Role) if role != BODY),
}
"""What a mark of each layer may be."""
ROLES = (SPEAKER, CUE, CONTINUES)
"""What a link may be: from a quote to its speaker or cue, or to its next piece."""
Span = tuple[int, int]
MOST_MARKS = 20_000
"""Marks of one article."""


class Mark(NamedTuple):
    """One marked passage; `where` is the place in a file that it was read from."""

    key: str
    layer: Layer
    start: int
    end: int
    label: str
    entity: str = ""
    where: str = ""


class Link(NamedTuple):
    """A link between two marks, by their keys."""

    source: str
    target: str
    role: str
    where: str = ""


class Refused(NamedTuple):
    """Something in a file that cannot be used: where it stands, and why."""

    where: str
    reason: str


@dataclass
class Marked:
    """The marks of one article's text."""

    document_id: str
    text: str
    marks: list[Mark] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


@dataclass
class Edited:
    """One article as it came back from a tool. `text` is None where the file does not have it."""

    document_id: str
    where: str
    text: str | None
    marks: list[Mark] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    tokens: list[tuple[int, int, str, str]] = field(default_factory=list)
    """Start, end in UTF-16, words and place in the file of each token, where the format has tokens."""
    in_utf16: bool = False
    """Whether the marks' places count the units of UTF-16 (see `utf16_places`)."""


class Name(NamedTuple):
    """A name as a person marked it."""

    span: Span
    label: str
    entity: str
    where: str = ""


class Said(NamedTuple):
    """A quote as a person marked it."""

    segments: tuple[Span, ...]
    kind: str
    speaker: Span | None
    cue: Span | None
    entity: str
    where: str = ""


class Passage(NamedTuple):
    """A passage and its role."""

    span: Span
    role: str
    where: str = ""


@dataclass
class Meaning:
    """What the marks of an article say."""

    names: list[Name] = field(default_factory=list)
    quotes: list[Said] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    left_over: list[Refused] = field(default_factory=list)
    """Marks that say nothing, and cannot be taken for the loss of a row."""


# --- from rows to marks --------------------------------------------------------------------------------------------


def marks_of(document: BuildDocument) -> Marked:
    """The marks of an article of a build."""
    marked = Marked(document.document_id, document.text)
    marked.marks += [Mark(f"m{m.start}", "name", m.start, m.end, m.label, m.entity_id or "") for m in document.mentions]
    parts: dict[str, Mark] = {}
    for quote in document.quotes:
        _mark_quote(quote, marked, parts)
    marked.marks += sorted(parts.values(), key=lambda mark: (mark.start, mark.end))
    for b in document.blocks:
        if b.role in KEPT and b.role != BODY and b.start is not None and b.end is not None:
            marked.marks.append(Mark(f"p{b.position}", "passage", *trimmed(document.text, b.start, b.end), b.role))
    return marked


def _mark_quote(quote: Quote, marked: Marked, parts: dict[str, Mark]) -> None:
    """Mark the pieces of a quote and link them; its speaker and cue, which other quotes may share, go to `parts` by their keys."""
    base = quote.quote_id.rpartition("-")[2] if "-q" in quote.quote_id else quote.quote_id
    pieces = joined([(start, end) for start, end in quote.segments], marked.text)
    keys = [f"{base}.{n}" for n in range(len(pieces))]
    for n, (key, (start, end)) in enumerate(zip(keys, pieces, strict=True)):
        marked.marks.append(Mark(key, "quote", start, end, quote.kind, "" if n else quote.speaker_entity_id or ""))
    marked.links += [Link(one, other, CONTINUES) for one, other in itertools.pairwise(keys)]
    for role, start, end in speaker_and_cue(quote):
        key = f"{role[0]}{start}-{end}"
        parts[key] = Mark(key, "part", start, end, role)
        marked.links.append(Link(keys[0], key, role))


def joined(spans: Iterable[Span], text: str) -> tuple[Span, ...]:
    """Pieces in order, those with nothing but white space between them as one."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and (start <= out[-1][1] or not text[out[-1][1] : start].strip()):
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple(out)


def trimmed(text: str, start: int, end: int) -> Span:
    """A span without white space at its ends."""
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())


# --- from marks to what they mean --------------------------------------------------------------------------------------


def meaning_of(marks: Sequence[Mark], links: Sequence[Link], text: str, known_parts: set[Span]) -> tuple[Meaning, list[Refused]]:
    """What marks and links say, and what of them cannot be understood.

    `known_parts` are the speakers and cues of the build, which may be left over where their quote is taken away.
    """
    if len(marks) > MOST_MARKS:
        return Meaning(), [Refused(marks[0].where, f"the article has {len(marks):,} marks; the limit is {MOST_MARKS:,}")]
    sound, refused = _sound(marks, text)
    meaning = Meaning(
        [Name((m.start, m.end), m.label, m.entity, m.where) for m in sound.values() if m.layer == "name"],
        [],
        [Passage((m.start, m.end), m.label, m.where) for m in sound.values() if m.layer == "passage"],
    )
    groups, parts, more = _linked(sound, links)
    refused += more
    used = {key for own in parts.values() for key in own}
    for head, keys in groups.items():
        said = _said([sound[key] for key in keys], [sound[key] for key in parts[head]], text)
        if isinstance(said, Refused):
            refused.append(said)
        else:
            meaning.quotes.append(said)
    meaning.left_over += _left_over((mark for key, mark in sound.items() if key not in used), known_parts, text)
    return meaning, refused


def _left_over(unused: Iterable[Mark], known_parts: set[Span], text: str) -> Iterator[Refused]:
    """The speakers and cues that no quote has and that the build does not know."""
    for mark in unused:
        if mark.layer == "part" and (mark.start, mark.end) not in known_parts:
            yield Refused(mark.where, f"the {mark.label} {text[mark.start : mark.end][:60]!r} is not linked to a quote")


def _sound(marks: Sequence[Mark], text: str) -> tuple[dict[str, Mark], list[Refused]]:
    """The marks that can be used, by their keys and without white space at their ends, and why others cannot."""
    sound: dict[str, Mark] = {}
    refused: list[Refused] = []
    for mark in marks:
        if trouble := _trouble(mark, text):
            refused.append(Refused(mark.where, trouble))
        elif mark.key in sound:
            refused.append(Refused(mark.where, f"two marks have the id {mark.key[:40]!r}"))
        else:
            start, end = trimmed(text, mark.start, mark.end)
            sound[mark.key] = mark._replace(start=start, end=end)
    return sound, refused


def _trouble(mark: Mark, text: str) -> str | None:
    if mark.label not in LABELS[mark.layer]:
        return f"{mark.label[:40]!r} is not a label of a {mark.layer}; labels are {', '.join(LABELS[mark.layer])}"
    if not 0 <= mark.start < mark.end <= len(text):
        return f"{mark.start}–{mark.end} is outside the article, which has {len(text)} characters"
    return None if text[mark.start : mark.end].strip() else f"{mark.start}–{mark.end} is white space"


def _linked(sound: dict[str, Mark], links: Sequence[Link]) -> tuple[dict[str, list[str]], dict[str, list[str]], list[Refused]]:
    """The pieces of each quote by its first one, and the speakers and cues linked to it."""
    head = {key: key for key, mark in sound.items() if mark.layer == "quote"}
    of_parts: list[tuple[str, str]] = []
    refused: list[Refused] = []

    def root(key: str) -> str:
        while head[key] != key:
            key = head[key]
        return key

    for link in links:
        ends = [sound.get(link.source), sound.get(link.target)]
        layers = {mark.layer for mark in ends if mark}
        if None in ends:
            continue  # a mark that was refused, or another layer's
        if layers == {"quote"}:
            one, other = sorted((root(link.source), root(link.target)))
            head[other] = one
        elif layers == {"quote", "part"}:
            part, quote = (link.source, link.target) if sound[link.source].layer == "part" else (link.target, link.source)
            of_parts.append((quote, part))
        else:
            refused.append(
                Refused(link.where, f"links {' and '.join(sorted(layers))}; a link goes from a quote to its next piece, speaker or cue")
            )
    groups: dict[str, list[str]] = defaultdict(list)
    for key in head:
        groups[root(key)].append(key)
    parts: dict[str, list[str]] = defaultdict(list)
    for quote, part in of_parts:
        if part not in parts[root(quote)]:
            parts[root(quote)].append(part)
    return groups, parts, refused


def _said(pieces: list[Mark], parts: list[Mark], text: str) -> Said | Refused:
    pieces = sorted(pieces, key=lambda mark: (mark.start, mark.end))
    where, kinds = pieces[0].where, {mark.label for mark in pieces}
    if len(kinds) > 1:
        return Refused(where, f"the pieces of one quote have different kinds ({', '.join(sorted(kinds))}); give them the same")
    found: dict[str, Span] = {}
    for part in parts:
        if found.setdefault(part.label, (part.start, part.end)) != (part.start, part.end):
            return Refused(where, f"a quote has two {part.label}s; keep one")
    entity = next((mark.entity for mark in pieces if mark.entity), "")
    segments = joined(((mark.start, mark.end) for mark in pieces), text)
    return Said(segments, pieces[0].label, found.get(SPEAKER), found.get(CUE), entity, where)


def parts_of(document: BuildDocument) -> Iterator[Span]:
    """Where the speakers and cues of an article's quotes stand."""
    for quote in document.quotes:
        yield from ((start, end) for _, start, end in speaker_and_cue(quote))
