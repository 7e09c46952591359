"""Speakers: from the phrase beside a cue to the span that names them, and from there to an entity."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from flows.schema import Block, Mention, Quote, Sentence, SpeakerBasis
from flows.stages.quotes_phrases import Phrase
from flows.stages.quotes_words import Token, classes

NAMED = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "PRODUCT", "WORK_OF_ART"})
_SINGULAR = frozenset({"he", "she", "him", "her", "his"})
_OFFICES = frozenset(
    {
        "president",
        "minister",
        "secretary",
        "governor",
        "senator",
        "chairman",
        "chancellor",
        "leader",
        "mayor",
        "candidate",
        "nominee",
        "spokesman",
        "spokeswoman",
    }
)


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
        if mention.label == "PERSON" and _follows(words, mention) != "'s":
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
    person before them; descriptions that of the name they stand with, if there is just one.
    """
    index = MentionIndex(mentions)
    sentence_starts = [s.start for s in sentences]
    spans = [(b.start, b.end) for b in blocks if b.start is not None and b.end is not None]
    resolved: list[Quote] = []
    for quote in quotes:
        entity = None
        if quote.speaker_start is not None and quote.speaker_end is not None:
            if quote.speaker_basis == "pronoun":
                entity = _pronoun(quote, resolved, index, sentences, sentence_starts, spans)
            elif quote.speaker_basis == "description":
                entity = _description(quote, index)
            else:
                entity = _named(quote, index)
        resolved.append(replace(quote, speaker_entity_id=entity))
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


def _pronoun(
    quote: Quote,
    earlier: Sequence[Quote],
    index: MentionIndex,
    sentences: Sequence[Sentence],
    starts: Sequence[int],
    blocks: Sequence[tuple[int, int]],
) -> str | None:
    assert quote.speaker_start is not None
    place = quote.speaker_start
    word = (quote.speaker or "").lower()
    if word in classes().first_persons:
        return None
    if word == "who":
        nearest = [m for m in index.before(place) if m.entity_id and place - m.end < 60]
        return nearest[-1].entity_id if nearest else None
    number = bisect_right(starts, place) - 1
    block = next((b for b in blocks if b[0] <= place < b[1]), (0, place))
    persons = word in _SINGULAR
    labels = {"PERSON"} if persons else {"ORG", "NORP", "GPE", "PERSON"}
    same_sentence = _candidates(index, sentences[number].start if number >= 0 else 0, place, labels, quote)
    previous_start = sentences[number - 1].start if number > 0 else block[0]
    chain = next(
        (
            q
            for q in reversed(earlier)
            if q.speaker_entity_id and q.speaker_start is not None and q.speaker_start < place and q.kind != "block"
        ),
        None,
    )
    if (
        chain
        and chain.speaker_start is not None
        and block[0] <= chain.speaker_start
        and chain.speaker_start >= previous_start
        and _fits(chain, index, labels)
    ):
        return chain.speaker_entity_id
    if same_sentence:
        return same_sentence[0].entity_id
    if chain and chain.speaker_start is not None and block[0] <= chain.speaker_start and _fits(chain, index, labels):
        between = _candidates(index, chain.speaker_start + 1, place, labels, quote)
        if all(m.entity_id == chain.speaker_entity_id for m in between):
            return chain.speaker_entity_id
    for back in range(number - 1, max(-1, number - 5), -1):
        found = _candidates(index, sentences[back].start, sentences[back].end, labels, quote)
        if found:
            return found[0].entity_id
    return None


def _candidates(index: MentionIndex, start: int, end: int, labels: set[str], quote: Quote) -> list[Mention]:
    """Mentions a pronoun can stand for, the likeliest first: names outside the quotation, subjects before possessors."""
    inside = [tuple(s) for s in quote.segments]
    found = [m for m in index.within(start, end) if m.label in labels and m.entity_id and not any(a <= m.start < b for a, b in inside)]
    return sorted(found, key=lambda m: m.start)


def _fits(quote: Quote, index: MentionIndex, labels: set[str]) -> bool:
    own = [m for m in index.mentions if m.entity_id == quote.speaker_entity_id]
    return not own or own[0].label in labels


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
