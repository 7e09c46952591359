"""What a build gets right of one article annotated by hand: for each layer, hits beside what was predicted and what the gold holds.

The gold's offsets are code points of the raw text; the build's rows are compared by theirs (`raw_start`, `raw_end`). Everything
is noted by paragraph (a line of the raw text), so that intervals can be drawn by resampling paragraphs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, compress, groupby
from typing import Any, TypeAlias

from qantar.expectations.floors import Fault

Row: TypeAlias = dict[str, Any]
Span: TypeAlias = tuple[int, int]
Unit: TypeAlias = tuple[str, int]
"""An article's stem and a paragraph's number."""

_EDGE = " \t\r\n\u00a0.,;:!?\"'“”‘’«»()[]-–—"
SCORED_LABELS = {"PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "DATE"}
"""Kinds of names that are measured; dates as they stand, no amounts."""
_PLACE = {"GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE"}
_ROLES = ("boilerplate", "byline", "credit", "title", "heading")
_ROLE_IN_GOLD = {"speaker_heading": "heading", "dateline": "body"}
_FAMILY = {"direct": "marked", "mixed": "marked", "indirect": "indirect", "block": "block", "scare": "none", "unattributed": "none"}
QUOTES = {"marked": "quotes with marks", "indirect": "indirect quotes", "block": "block quotes"}
"""The layers of quotes, by the gold's families of kinds."""
SAME_QUOTE = 0.5
"""Two quotes are the same when this share of their visible characters (Jaccard) is."""
WHOLE_QUOTE = 0.9


_TEXT_SHOWN = 80


@dataclass
class Score:
    """What was counted. `counts` has for each layer and paragraph: right among the predicted, right among the gold's, predicted, gold."""

    counts: dict[str, dict[Unit, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(lambda: [0.0] * 4)))
    paragraphs: set[Unit] = field(default_factory=set)
    """Every paragraph that says something."""
    named: list[tuple[str, str, Unit, Fault]] = field(default_factory=list)
    """(predicted entity, gold entity) of the mentions found; the fault it is if these are not one."""
    speakers: list[tuple[str, list[str | None], Unit, Fault]] = field(default_factory=list)
    """(predicted entity, the entities the gold accepts) of the quotes found; the fault it is if none of these is that one."""
    groups: dict[tuple[str, str], str | None] = field(default_factory=dict)
    """The quote group of each gold quote found, by the gold's article and quote."""
    faults: list[Fault] = field(default_factory=list)
    """Each item that is not right, of the layers whose items are right or wrong as a whole."""

    def add(self, layer: str, unit: Unit, hits: float, predicted: float, gold: float, found: float | None = None) -> None:
        """Add to a layer's counts in one paragraph; `found` is the gold's share of right ones where it is not `hits`."""
        cell = self.counts[layer][unit]
        for i, value in enumerate((hits, hits if found is None else found, predicted, gold)):
            cell[i] += value

    def units(self) -> list[Unit]:
        """What is resampled: every paragraph, and where anything was counted."""
        return sorted(self.paragraphs.union(*self.counts.values()))


@dataclass(frozen=True)
class Annotated:
    """One article: the gold, its raw text, and the build's rows of it."""

    stem: str
    gold: Row
    raw: str
    blocks: list[Row]
    sentences: list[Row]
    mentions: list[Row]
    quotes: list[Row]

    def paragraphs(self) -> list[int]:
        """The number of the paragraph of each character, its end included."""
        return [0, *accumulate(c == "\n" for c in self.raw)]


def score_article(article: Annotated, score: Score) -> None:
    """Add what a build got right of one article to `score`."""
    paragraph = article.paragraphs()
    score.paragraphs |= {(article.stem, number) for number in compress(paragraph, map(bool, map(str.strip, article.raw)))}
    places = Places(article, paragraph)
    _score_roles(article, places, score)
    _score_sentences(article, places, score)
    _score_mentions(article, places, score)
    _score_quotes(article, places, score)


class Places:
    """Where things stand in an article's raw text."""

    def __init__(self, article: Annotated, paragraph: list[int]) -> None:
        self.article, self.raw, self._paragraph = article, article.raw, paragraph
        self._shifts = [
            (b["start"], b["end"], b["raw_start"] - b["start"])
            for b in article.blocks
            if b["start"] is not None and b["raw_start"] is not None
        ]
        gold = article.gold
        self.outside = [_span(part) for part in gold["boilerplate"]] + [_span(gold[k]) for k in ("byline", "credit") if gold.get(k)]
        self.outside += [_span(part) for part in gold.get("roles", []) if part["role"] != "title"]
        """What is neither title, heading nor body: nothing found there counts."""

    def unit(self, position: int) -> Unit:
        """The paragraph of a place, the unit that intervals are drawn from."""
        return self.article.stem, self._paragraph[position]

    def fault(self, layer: str, kind: str, span: Span) -> Fault:
        """What is wrong with an item of this article."""
        text = " ".join(self.raw[slice(*span)].split())
        return Fault(layer, self.article.stem, *span, kind, text if len(text) <= _TEXT_SHOWN else text[: _TEXT_SHOWN - 1] + "…")

    def is_outside(self, position: int) -> bool:
        """Whether a place is in a passage that the gold does not annotate."""
        return any(a <= position < b for a, b in self.outside)

    def in_raw(self, start: int, end: int) -> list[Span]:
        """The raw places of a passage of the kept text, one for each block it touches."""
        return [(max(start, a) + shift, min(end, b) + shift) for a, b, shift in self._shifts if a < end and start < b]

    def characters(self, pieces: list[Span]) -> set[int]:
        """The visible characters of the pieces, punctuation at the edges left out."""
        found: set[int] = set()
        for start, end in pieces:
            while start < end and self.raw[start] in _EDGE:
                start += 1
            while end > start and self.raw[end - 1] in _EDGE:
                end -= 1
            found.update(i for i in range(start, end) if not self.raw[i].isspace())
        return found

    def trimmed(self, start: int, end: int) -> Span:
        """A span without white space at its edges."""
        while start < end and self.raw[start].isspace():
            start += 1
        while end > start and self.raw[end - 1].isspace():
            end -= 1
        return start, end


def _span(part: Row) -> Span:
    return part["start"], part["end"]


def _located(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["raw_start"] is not None]


def _score_roles(article: Annotated, places: Places, score: Score) -> None:
    gold, raw = article.gold, article.raw
    want = ["body"] * len(raw)
    parts = [("boilerplate", part) for part in gold["boilerplate"]]
    parts += [(key, gold[key]) for key in ("byline", "credit", "title") if gold.get(key)]
    parts += [(part["role"], part) for part in gold.get("roles", [])]
    parts += [("heading", part) for part in gold["headings"]]
    for role, part in parts:
        want[part["start"] : part["end"]] = [role] * (part["end"] - part["start"])
    got: list[str | None] = [None] * len(raw)
    for block in _located(article.blocks):
        found = _ROLE_IN_GOLD.get(block["role"], block["role"])
        got[block["raw_start"] : block["raw_end"]] = [found] * (block["raw_end"] - block["raw_start"])
    visible = [i for i, character in enumerate(raw) if not character.isspace()]
    for (unit, given, wanted), n in Counter(zip(map(places.unit, visible), _at(visible, got), _at(visible, want), strict=True)).items():
        right = n * (given == wanted)
        score.add("characters with a role", unit, n * (given is not None), n, n)
        score.add("characters with the right role", unit, right, n, n)
        for name in {wanted, given}.intersection(_ROLES):
            score.add(f"role {name}", unit, right, n * (given == name), n * (wanted == name))
    wrong = [i for i in visible if got[i] != want[i]]
    for _, its in groupby(wrong, places.unit):
        at = list(its)
        score.faults.append(places.fault("characters with the right role", "wrong", (at[0], at[-1] + 1)))


def _at(places: Iterable[int], items: Sequence[str | None]) -> Iterator[str | None]:
    return map(items.__getitem__, places)


def _score_sentences(article: Annotated, places: Places, score: Score) -> None:
    title = _span(article.gold["title"]) if article.gold.get("title") else (-1, -1)
    want = {places.trimmed(*_span(s)) for s in article.gold["sentences"]}
    got = {places.trimmed(s["raw_start"], s["raw_end"]) for s in _located(article.sentences)}
    got = {span for span in got if not title[0] <= span[0] < title[1]}
    for span in want | got:
        score.add("sentences", places.unit(span[0]), span in want and span in got, span in got, span in want)
    score.faults += [places.fault("sentences", "missed" if span in want else "extra", span) for span in want ^ got]


def _score_mentions(article: Annotated, places: Places, score: Score) -> None:
    predicted = [m for m in _located(article.mentions) if m["label"] in SCORED_LABELS and not places.is_outside(m["raw_start"])]
    wanted = [m for m in article.gold["mentions"] if m["zone"] in ("body", "heading", "title")]
    folds: list[tuple[str, dict[str, str]]] = [("mentions", {}), ("mentions, places as one label", _PLACE)]
    for layer, fold in folds:
        hits = _hits(predicted, wanted, fold)
        for m in predicted:
            score.add(layer, places.unit(m["raw_start"]), 0, 1, 0)
        for m, hit in zip(wanted, hits, strict=True):
            unit = places.unit(m["start"])
            if hit is not None:
                score.add(layer, unit, 1, 0, 1)
            elif m.get("optional"):
                score.add(layer, unit, 0, 0, 0)
            else:
                score.add(layer, unit, 0, 0, 1)
                score.faults.append(places.fault(layer, "missed", (m["start"], m["end"])))
        extra = [(p["raw_start"], p["raw_end"]) for i, p in enumerate(predicted) if i not in hits]
        score.faults += [places.fault(layer, "extra", span) for span in extra]
    _name_hits(predicted, wanted, places, score)


def _name_hits(predicted: list[Row], wanted: list[Row], places: Places, score: Score) -> None:
    """Note the entities of the mentions that were found, as they were linked and as the gold links them."""
    for m, hit in zip(wanted, _hits(predicted, wanted, {}), strict=True):
        if hit is not None and m.get("entity") and not str(m["entity"]).startswith("date:"):
            fault = places.fault("entities of mentions found", "wrong", (m["start"], m["end"]))
            score.named.append((str(predicted[hit]["entity_id"]), m["entity"], places.unit(m["start"]), fault))


def _hits(predicted: list[Row], wanted: list[Row], fold: dict[str, str]) -> list[int | None]:
    """For each mention of the gold the first that was found in its place, labels folded; each counts once."""
    found = [(p["raw_start"], p["raw_end"], fold.get(p["label"], p["label"])) for p in predicted]
    hits: list[int | None] = []
    for m in wanted:
        answers = {(a, b, fold.get(label, label)) for a, b, label in _answers(m)}
        hits.append(next((i for i, place in enumerate(found) if place in answers and i not in hits), None))
    return hits


def _answers(mention: Row) -> Iterator[tuple[int, int, str]]:
    """The spans and labels that the gold accepts for a mention."""
    for label in [mention["type"], *mention.get("alt_types", [])]:
        yield mention["start"], mention["end"], label
    for other in mention.get("alt", []):
        yield other["start"], other["end"], other.get("type", mention["type"])


def _score_quotes(article: Annotated, places: Places, score: Score) -> None:
    mine = [(q, places.characters(segments_of(q, places))) for q in _located(article.quotes)]
    mine = [(q, c) for q, c in mine if c and not places.is_outside(min(c))]
    theirs = [(q, places.characters([_span(piece) for piece in q["content"]])) for q in article.gold["quotes"]]
    theirs = [(q, c) for q, c in theirs if q["zone"] != "boilerplate"]
    pairs = matched([c for _, c in mine], [c for _, c in theirs])
    for kind, layer in QUOTES.items():
        _score_family(kind, layer, mine, theirs, pairs, places, score)
    for i, j in pairs.items():
        q, g = mine[i][0], theirs[j][0]
        score.groups[article.stem, g["id"]] = q["quote_group_id"]
        if g["certainty"] == "clear" and q["kind"] != "unattributed":
            _score_speaker(q, g, places, places.unit(min(mine[i][1])), score)


def _score_family(
    kind: str,
    layer: str,
    mine: list[tuple[Row, set[int]]],
    theirs: list[tuple[Row, set[int]]],
    pairs: dict[int, int],
    places: Places,
    score: Score,
) -> None:
    """Count the quotes of one family of kinds: half of a quote, or nearly all of it (the whole span), is to be in common."""
    whole = f"{layer}, whole span"
    right: dict[str, set[int]] = {layer: set(), whole: set()}
    for i, (q, c) in enumerate(mine):
        if _FAMILY[q["kind"]] != kind:
            continue
        g, d = theirs[pairs[i]] if i in pairs else (None, set())
        if g and g["certainty"] != "clear":
            continue  # borderline: neither right nor wrong
        is_right = g is not None and kind in _families(g)
        for name, hit in ((layer, is_right), (whole, is_right and _overlap(c, d) >= WHOLE_QUOTE)):
            score.add(name, places.unit(min(c)), hit, 1, 0)
            if hit:
                right[name].add(pairs[i])
            else:
                score.faults.append(places.fault(name, "extra", (min(c), max(c) + 1)))
    for j, (g, d) in enumerate(theirs):
        if _FAMILY[g["kind"]] != kind or g["certainty"] != "clear":
            continue
        for name, found in right.items():
            score.add(name, places.unit(min(d, default=g["content"][0]["start"])), 0, 0, 1)
            if j not in found:
                score.faults.append(places.fault(name, "missed", (g["content"][0]["start"], g["content"][-1]["end"])))


def _families(quote: Row) -> set[str]:
    """The families of kinds that the gold accepts for a quote."""
    return {_FAMILY[kind] for kind in [quote["kind"], *quote.get("acceptable_kinds", [])]}


def _score_speaker(q: Row, g: Row, places: Places, unit: Unit, score: Score) -> None:
    quoted = (g["content"][0]["start"], g["content"][-1]["end"])
    if g["speaker_entity"]:
        accepted = [g["speaker_entity"], *g.get("acceptable_speakers", [])]
        score.speakers.append((str(q["speaker_entity_id"]), accepted, unit, places.fault("speaker", "wrong", quoted)))
    if g["speaker"]:
        at = [] if q["speaker_start"] is None else places.in_raw(q["speaker_start"], q["speaker_end"])
        said = " ".join(places.raw[a:b] for a, b in at).lower()
        is_right = bool(set(said.split()) & set(g["speaker"]["text"].lower().split()))
        score.add("speaker's words", unit, is_right, 1, 1)
        if not is_right:
            score.faults.append(places.fault("speaker's words", "wrong", quoted))


def segments_of(quote: Row, places: Places) -> list[Span]:
    """A quote's segments as spans of the raw text."""
    pieces = quote["segments"] or [(quote["start"], quote["end"])]
    return [place for a, b in pieces for place in places.in_raw(a, b)]


def _overlap(a: set[int], b: set[int]) -> float:
    return len(a & b) / len(a | b) if a or b else 0.0


def matched(mine: list[set[int]], theirs: list[set[int]]) -> dict[int, int]:
    """Pair what overlaps by half or more, the best pairs first; each is used once."""
    scored = sorted(((_overlap(c, d), i, j) for i, c in enumerate(mine) for j, d in enumerate(theirs)), reverse=True)
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for value, i, j in scored:
        if value >= SAME_QUOTE and i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs
