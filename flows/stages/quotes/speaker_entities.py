"""The entity of each speaker: names by their mention, pronouns and descriptions by whom they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from qantar.schema import CORRECTION, Block, Mention, Quote, Sentence, with_values
from qantar.stages.quotes.antecedents import NOBODY, Antecedent, Antecedents
from qantar.stages.quotes.speaker_spans import MentionIndex, names_in
from qantar.stages.quotes.tokens import classes
from qantar.text.gender import Judged
from qantar.text.lexicon import either
from qantar.text.person_titles import titles_before

_PLACED = frozenset({"GPE", "NORP"})  # what a part of a body's name may be
_TITLE_REACH = 80  # characters around a name in which its title is looked for
_DESCRIBED = 0.9  # how sure the entity of a description is
_BY_SURNAME = 0.9  # how sure that of a name is which is no mention
_EPITHET = re.compile(
    rf" (?:\d+(?:{either('clauses.toml', 'age_ends')})|(?:{either('gender_words.toml', 'parents')})[ -]of"
    rf"|{either('clauses.toml', 'players')})\b"
)


def resolve_speakers(
    quotes: Sequence[Quote],
    mentions: Sequence[Mention],
    sentences: Sequence[Sentence],
    blocks: Sequence[Block],
    genders: Mapping[str, Judged] = MappingProxyType({}),
) -> list[Quote]:
    """The quotes of one document with `speaker_entity_id` filled where it is certain enough; others stay null.

    Names take the entity of the mention they are; pronouns that of the speaker before them in the passage or of the likeliest
    person before them; descriptions that of the name they stand with, or of who bears them as a title, if there is just one.
    `genders` is what the corpus says of persons, for those of whom the document says nothing. No speaker stands against a title or
    a pronoun. `score` and `speaker_score` are lowered by how sure the entity is. What a correction gave stays as it is.
    """
    index = MentionIndex([m for m in mentions if m.entity_id])
    antecedents = Antecedents(quotes, index, sentences, blocks, genders)
    resolved: list[Quote] = []
    for quote in quotes:
        if quote.speaker_entity_id is not None:  # a correction gave it
            resolved.append(quote)
            continue
        found = NOBODY
        if quote.speaker_start is not None and quote.speaker_end is not None:
            if quote.speaker_basis == "pronoun":
                found = antecedents.of(quote, resolved)
            elif quote.speaker_basis == "description":
                found = _description(quote, index, antecedents, resolved)
            else:
                found = _named(quote, index)
            found = _without_conflict(quote, found, antecedents)
        resolved.append(_with_entities(quote, found))
    return resolved


def _with_entities(quote: Quote, found: Antecedent) -> Quote:
    first = found.entities[0] if found.entities else None
    several = list(found.entities) if len(found.entities) > 1 else []
    if quote.speaker_score is None or quote.method.split(" ", 1)[0] == CORRECTION:
        return with_values(quote, speaker_entity_id=first, speaker_entity_ids=several)
    return with_values(
        quote,
        speaker_entity_id=first,
        speaker_entity_ids=several,
        speaker_score=round(quote.speaker_score * found.score, 2),
        score=round(quote.score * found.score, 2),
    )


def _without_conflict(quote: Quote, found: Antecedent, antecedents: Antecedents) -> Antecedent:
    """What was found, or nobody where a title before the speaker goes against it."""
    assert quote.speaker_start is not None
    titles = titles_before(antecedents.text, quote.speaker_start)
    return found if not titles or all(antecedents.agrees(titles, entity) for entity in found.entities) else NOBODY


def _named(quote: Quote, index: MentionIndex) -> Antecedent:
    """The entities of the names that speak."""
    assert quote.speaker is not None
    called = _by_initials(quote.speaker, index)
    if len(called) == 1:
        return Antecedent((called.pop(),))
    spans = names_in(quote)
    entities = [entity for start, end in spans if (entity := _of_name(start, end, index))]
    if len(entities) == len(spans):
        return Antecedent(tuple(entities))
    words = quote.speaker.split()
    for place in (slice(-1, None), slice(0, 1)):  # by surname, else by first name
        same = {m.entity_id or "" for m in index.mentions if m.label == "PERSON" and m.text.split()[place] == words[-1:]}
        if len(same) == 1:
            return Antecedent((same.pop(),), _BY_SURNAME)
    return NOBODY


def _by_initials(speaker: str, index: MentionIndex) -> set[str]:
    """Whose full names begin with the letters by which an interview calls who speaks: `AL: It works.`"""
    alike = [m for m in index.mentions if m.text[0] == speaker[0]] if speaker.split() == [speaker] else []
    return {m.entity_id or "" for m in alike if "".join(word[0] for word in m.text.split()) == speaker}


def _of_name(start: int, end: int, index: MentionIndex) -> str | None:
    over = [m for m in index.mentions if m.start < end and start < m.end]
    over = [m for m in over if m.label not in _PLACED or (m.start <= start and m.end >= end)]  # `Save the Wells Norland`, `Norland Police`
    return max(over, key=lambda m: (min(m.end, end) - max(m.start, start), -m.start)).entity_id if over else None


def _description(quote: Quote, index: MentionIndex, antecedents: Antecedents, earlier: Sequence[Quote]) -> Antecedent:
    """The entity of `the ministry`, `the president` or `the 22-year-old`.

    The one body it shortens, else the one person who bears it as a title, or of whom the passage tells.
    """
    words = [w.strip(".,").lower() for w in (quote.speaker or "").split()]
    if words[0] not in classes().pointers:
        return NOBODY
    found = _shortened(words, quote, index) or _holders(words, index, antecedents.text) or _told_of(quote, index, antecedents, earlier)
    return Antecedent((found.pop(),), _DESCRIBED) if len(found) == 1 else NOBODY


def _told_of(quote: Quote, index: MentionIndex, antecedents: Antecedents, earlier: Sequence[Quote]) -> set[str]:
    """Whom a passage calls by age, kin, people or place in a team: `the 22-year-old`, `the father of two`, `the Swede`, `the striker`.

    Of several who may be meant, who has just spoken; and who has just spoken goes on in `The nurse added: “It works.”`
    """
    assert quote.speaker is not None and quote.speaker_start is not None and quote.speaker_end is not None
    names = index.within(quote.speaker_start, quote.speaker_end)
    is_epithet = _EPITHET.search(quote.speaker) is not None or any(m.label == "NORP" and m.end == quote.speaker_end for m in names)
    if not is_epithet:
        return antecedents.goes_on(quote, earlier)
    told = antecedents.told_of(quote.speaker, quote.speaker_start, earlier)
    last = antecedents.last_speaker(quote, earlier) if len(told) > 1 else None
    return {last} if last in told else told


def _shortened(words: Sequence[str], quote: Quote, index: MentionIndex) -> set[str]:
    """The bodies named before whose name holds the last word of a description."""
    assert quote.speaker_start is not None
    return {
        m.entity_id or ""
        for m in index.before(quote.speaker_start)
        if m.label == "ORG" and words[-1] in m.text.lower().split() and " " in m.text
    }


def _holders(words: Sequence[str], index: MentionIndex, text: str) -> set[str]:
    """The persons whom the document calls so: `President Lee` or `Lee, the president`."""
    if len(words) not in (2, 3) or words[-1] not in classes().titles - classes().title_bodies:
        return set()
    title = re.escape(" ".join(words[1:]))
    ahead = re.compile(rf"(?P<earlier>(?:[\w’'-]+\s+){{0,3}})\b{title}\s+\Z", re.IGNORECASE)
    behind = re.compile(rf",\s+(?P<earlier>(?:[\w’'-]+\s+){{0,3}}){title}\b", re.IGNORECASE)
    found = set()
    for m in index.mentions:
        if m.label == "PERSON":
            said = ahead.search(text[max(0, m.start - _TITLE_REACH) : m.start]) or behind.match(text[m.end : m.end + _TITLE_REACH])
            if said and not classes().no_holders & set(said["earlier"].lower().replace("-", " ").split()):
                found.add(m.entity_id or "")
    return found
