"""Speakers: from the phrase beside a cue to the span that names them, and from there to an entity."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from qantar.schema import Block, Mention, Quote, Sentence, SpeakerBasis
from qantar.stages.quotes.phrases import Phrase
from qantar.stages.quotes.tokens import Token, classes

NAMED = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "PRODUCT", "WORK_OF_ART"})
_SINGULAR = frozenset({"he", "she", "him", "her", "his"})
_TITLE_REACH = 80  # characters around a name in which its title is looked for
_WHO_REACH = 60  # characters between a name and the "who" that takes it up


class Speaker(NamedTuple):
    """Who is quoted, as written: offsets of `documents.text`."""

    start: int
    end: int
    basis: SpeakerBasis


class MentionIndex:
    """The named mentions of a document by place."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self.mentions = sorted((m for m in mentions if m.label in NAMED), key=lambda m: (m.start, -m.end))
        self._starts = [m.start for m in self.mentions]

    def within(self, start: int, end: int) -> list[Mention]:
        return [m for m in self.mentions[bisect_left(self._starts, start) : bisect_right(self._starts, end)] if m.end <= end]

    def before(self, place: int) -> list[Mention]:
        return self.mentions[: bisect_left(self._starts, place)]


def span_of(tokens: Sequence[Token], phrase: Phrase, index: MentionIndex) -> Speaker:
    """The speaker's span in a phrase: a name without title, a description with its article, or a pronoun."""
    known = classes()
    words = tokens[phrase.first : phrase.last + 1]
    comma = max((k for k, t in enumerate(words) if t.text == ","), default=-1)
    if 0 < comma < len(words) - 1 and all(t.is_capital for t in words[comma + 1 :]):
        words = words[comma + 1 :]  # `the head of the council, Ann Lee`
    start, end = words[0].start, words[-1].end
    if len(words) == 1 and words[0].low in known.pronouns | known.possessives | {"him", "them"}:
        return Speaker(start, end, "pronoun")
    named = _name(words, index)
    if named:
        return Speaker(*named, "name")
    return Speaker(start, end, "description")


def _name(words: Sequence[Token], index: MentionIndex) -> tuple[int, int] | None:
    """The name that heads a phrase, if a name does."""
    known = classes()
    start, end = words[0].start, words[-1].end
    mentions = index.within(start, end)
    # a person behind another name, `the correspondent of the Guardian Ann Lee`, is who the description describes
    followers = {b.start for a, b in pairwise(mentions) if a.end + 1 == b.start and a.label != "PERSON"}
    described = words[0].low in known.determiners
    links = [t.start for t in words if t.low in known.prepositions]
    head_end = links[0] if links else end
    for mention in mentions:
        if mention.label == "PERSON" and _follows(words, mention) != "'s" and not _modifies(words, mention):
            behind_link = mention.start > head_end
            if (
                behind_link
                and mention.start not in followers
                and (described or _before(words, mention) in known.prepositions or _lower_head(words))
            ):
                continue
            return mention.start, mention.end
    for mention in mentions:
        if mention.end >= head_end - 1 and mention.start <= head_end and mention.label != "NORP" and _follows(words, mention) != "'s":
            last = [t for t in words if t.end <= head_end][-1:]
            if last and mention.end >= last[0].end:
                return mention.start, mention.end
    # capitals at the head's end, where no mention is known
    head = [t for t in words if t.end <= head_end] or list(words)
    run: list[Token] = []
    for token in reversed(head):
        if token.is_capital and token.low.rstrip(".") not in known.determiners:
            run.insert(0, token)
        else:
            break
    while len(run) > 1 and run[0].low.rstrip(".") in known.titles:
        run.pop(0)
    if run and run[0].low.rstrip(".") not in known.titles:
        return run[0].start, run[-1].end
    return None


def _modifies(words: Sequence[Token], mention: Mention) -> bool:
    """Whether a name stands before the noun it describes: `the Lee campaign`, `Lee supporters`."""
    following = next((t for t in words if t.start >= mention.end), None)
    return following is not None and following.pos == "NOUN" and not following.is_capital


def _lower_head(words: Sequence[Token]) -> bool:
    return bool(words) and not words[0].is_capital


def _before(words: Sequence[Token], mention: Mention) -> str:
    return next((t.low for t in reversed(words) if t.end <= mention.start), "")


def _follows(words: Sequence[Token], mention: Mention) -> str:
    return next((t.low for t in words if t.start >= mention.end), "")


# --- entities -------------------------------------------------------------------------------------------------------


def resolve_speakers(
    quotes: Sequence[Quote], mentions: Sequence[Mention], sentences: Sequence[Sentence], blocks: Sequence[Block]
) -> list[Quote]:
    """The quotes of one document with `speaker_entity_id` filled where it is certain enough; others stay null.

    Names take the entity of the mention they are; pronouns that of the speaker before them in the passage or of the likeliest
    person before them; descriptions that of the name they stand with, or of who bears them as a title, if there is just one.
    """
    index = MentionIndex(mentions)
    antecedents = _Antecedents(quotes, index, sentences, blocks)
    resolved: list[Quote] = []
    for quote in quotes:
        entity = None
        if quote.speaker_start is not None and quote.speaker_end is not None:
            if quote.speaker_basis == "pronoun":
                entity = antecedents.of(quote, resolved)
            elif quote.speaker_basis == "description":
                entity = _description(quote, index) or antecedents.holder(quote)
            else:
                entity = _named(quote, index)
        resolved.append(quote if entity == quote.speaker_entity_id else replace(quote, speaker_entity_id=entity))
    return resolved


def _named(quote: Quote, index: MentionIndex) -> str | None:
    assert quote.speaker_start is not None and quote.speaker_end is not None
    start, end = quote.speaker_start, quote.speaker_end
    over = [m for m in index.mentions if m.start < end and start < m.end and m.entity_id]
    if over:
        return max(over, key=lambda m: (min(m.end, end) - max(m.start, start), -m.start)).entity_id
    words = (quote.speaker or "").split()
    if not words:
        return None
    for place in (slice(-1, None), slice(0, 1)):  # by surname, else by first name
        same = {m.entity_id for m in index.mentions if m.entity_id and m.label == "PERSON" and m.text.split()[place] == words[-1:]}
        if len(same) == 1:
            return same.pop()
    return None


class _Antecedents:
    """Whom the pronouns of one document stand for."""

    def __init__(self, quotes: Sequence[Quote], index: MentionIndex, sentences: Sequence[Sentence], blocks: Sequence[Block]) -> None:
        self._index = index
        self._sentences = sentences
        self._starts = [s.start for s in sentences]
        self._blocks = [(b.start, b.end, b.text) for b in blocks if b.start is not None and b.end is not None]
        self._spoken = sorted((a, b) for q in quotes if q.kind in ("direct", "mixed", "unattributed") for a, b in q.segments)
        self._labels = {m.entity_id: m.label for m in index.mentions}
        self._told = self._tell()

    def of(self, quote: Quote, earlier: Sequence[Quote]) -> str | None:
        """The entity of the pronoun that speaks: in a chain the last speaker, else the first name of the nearest sentence before."""
        assert quote.speaker_start is not None
        place, word = quote.speaker_start, (quote.speaker or "").lower()
        if word in classes().first_persons:
            return None
        if word == "who":
            nearest = [m for m in self._index.before(place) if m.entity_id and place - m.end < _WHO_REACH]
            return nearest[-1].entity_id if nearest else None
        number = max(0, bisect_right(self._starts, place) - 1)
        sentence = self._sentences[number].start if self._sentences else 0
        before = self._sentences[number - 1].start if number else sentence
        block = next((a for a, b, _ in self._blocks if a <= place < b), 0)
        chain = next((q for q in reversed(earlier) if self._leads(q, place, word)), None)
        said = chain.speaker_start if chain and chain.speaker_start is not None and chain.speaker_start >= block else None
        if chain and said is not None and said >= before:
            return chain.speaker_entity_id
        here = self._candidates(sentence, place, word)
        if here:
            return here[0].entity_id
        if chain and said is not None and all(m.entity_id == chain.speaker_entity_id for m in self._candidates(said + 1, place, word)):
            return chain.speaker_entity_id
        for back in range(number - 1, max(-1, number - 5), -1):
            found = self._candidates(self._sentences[back].start, self._sentences[back].end, word)
            if found:
                return found[0].entity_id
        return None

    def holder(self, quote: Quote) -> str | None:
        """The entity of `the president`: the one person whom the document calls so, `President Lee` or `Lee, the president`."""
        words = (quote.speaker or "").lower().split()
        if len(words) not in (2, 3) or words[0] != "the" or words[-1] not in classes().titles:
            return None
        title = " ".join(words[1:])
        ahead = re.compile(rf"(?P<earlier>(?:[\w’'-]+\s+){{0,3}})\b{re.escape(title)}\s+\Z", re.IGNORECASE)
        behind = re.compile(rf",\s+(?P<earlier>(?:[\w’'-]+\s+){{0,3}}){re.escape(title)}\b", re.IGNORECASE)
        found = set()
        for m in self._index.mentions:
            if m.label == "PERSON" and m.entity_id:
                before, after = self._beside(m)
                said = ahead.search(before) or behind.match(after)
                if said and not classes().no_holders & set(said["earlier"].lower().replace("-", " ").split()):
                    found.add(m.entity_id)
        return found.pop() if len(found) == 1 else None

    def _beside(self, mention: Mention) -> tuple[str, str]:
        """What stands before and behind a mention in its block, as far as its title is looked for."""
        a, text = next(((a, text) for a, b, text in self._blocks if a <= mention.start < b), (0, ""))
        start, end = mention.start - a, mention.end - a
        return text[max(0, start - _TITLE_REACH) : start], text[end : end + _TITLE_REACH]

    def _leads(self, quote: Quote, place: int, word: str) -> bool:
        """Whether a quote's speaker can be whom a later pronoun stands for."""
        if not quote.speaker_entity_id or quote.speaker_start is None or quote.speaker_start >= place or quote.kind == "block":
            return False
        return self._fits(quote.speaker_entity_id, self._labels.get(quote.speaker_entity_id, "PERSON"), word)

    def _candidates(self, start: int, end: int, word: str) -> list[Mention]:
        """The names of a stretch that a pronoun can stand for, in order; names within quotations are not the reporter's."""
        found = [m for m in self._index.within(start, end) if m.entity_id and self._fits(m.entity_id, m.label, word)]
        return [m for m in found if not any(a <= m.start < b for a, b in self._spoken)]

    def _fits(self, entity: str, label: str, word: str) -> bool:
        if word not in _SINGULAR:
            return label in ("ORG", "NORP", "GPE")
        told = self._told.get(entity, set())
        return label == "PERSON" and (len(told) != 1 or told == {"she" if word in ("she", "her") else "he"})

    def _tell(self) -> dict[str, set[str]]:
        """The pronouns that titles and appositions give away: `Mrs. Lee`, `Ann Lee, a spokeswoman`."""
        known = classes()
        told: dict[str, set[str]] = {}
        for m in self._index.mentions:
            if m.label != "PERSON" or not m.entity_id:
                continue
            before, after = self._beside(m)
            around = before.replace(".", " ").lower().split()[-2:]
            if after.startswith(", "):
                around += after[2:].lower().replace(",", " ").split()[:3]
            for word in around:
                if word in known.male_titles:
                    told.setdefault(m.entity_id, set()).add("he")
                if word in known.female_titles:
                    told.setdefault(m.entity_id, set()).add("she")
        return told


def _description(quote: Quote, index: MentionIndex) -> str | None:
    """The entity of `the ministry` or `the president`: a name in the description itself, or the one name it shortens."""
    assert quote.speaker_start is not None and quote.speaker_end is not None
    words = [w.strip(".,").lower() for w in (quote.speaker or "").split()]
    if not words or words[0] not in ("the", "this", "that"):
        return None
    head = words[-1]
    ends = {
        m.entity_id
        for m in index.before(quote.speaker_start)
        if m.entity_id and m.label == "ORG" and head in m.text.lower().split() and len(m.text.split()) > 1
    }
    return ends.pop() if len(ends) == 1 else None
