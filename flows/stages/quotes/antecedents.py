"""Antecedents: whom the pronouns and descriptions that speak stand for.

A pronoun goes to the speaker before it where the passage goes on with that speaker, else to the nearest sentence's likeliest name.
What the text says of a person's gender is a veto. Where two are as likely, nobody is chosen.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import NamedTuple

from qantar.schema import Block, Mention, Quote, Sentence
from qantar.stages.quotes.portraits import is_of_one_gender, most_named
from qantar.stages.quotes.speaker_spans import MentionIndex
from qantar.stages.quotes.tokens import can_speak, classes, cues, question_forms
from qantar.text.gender import Judged, agrees, genders_by_entity, phrase_gender, phrase_number, pronoun
from qantar.text.lexicon import either, read_toml

_WHO_REACH = 60  # characters between a name and the "who" that takes it up
_LINK = 3  # words: `of the`, between a person and the body whose "who" is that person's
_SENTENCES_BACK = 6  # how far a pronoun reaches back
_QUOTES_BACK = 100  # beyond which nobody is looked for who spoke: their number would be squared
_ROLE_WORDS = 2  # `the nurse`
_HEAD = 50  # characters from a sentence's start within which its subject begins
_BODY_HEAD = 80  # characters from a sentence's start within which the body begins that it is about
_NEWCOMER = re.compile(rf"\b(?i:{either('clauses.toml', 'newcomers')})\s+(?P<words>[a-z-]+(?:\s+[a-z-]+)?)")
_ROLE = re.compile(r"\s+(?:[a-z-]+\s+)?(?P<noun>[a-z-]+)\s+(?=[A-ZÀ-Ý])")
_OWNERS = ("'s", "’s", "s'", "s’")
_AGENTS = tuple(read_toml("clauses.toml")["agent_endings"])
_OF_BODIES = frozenset(read_toml("clauses.toml")["agents_of_bodies"])
_BODIES = frozenset({"ORG", "NORP", "GPE"})
_OWNER = rf"(?:(?i:{either('clauses.toml', 'possessives')})|(?:[A-ZÀ-Ý][\w.-]*\s+){{0,3}}[A-ZÀ-Ý][\w.-]*['’]s)"
_KIN = re.compile(rf"{_OWNER}\s+(?P<words>[a-z-]+(?:\s+[a-z-]+)?)(?P<named>,?\s+[A-ZÀ-Ý])?")
"""The subject of a sentence who is somebody's relative or companion: `Ann Lee's mother`, `Her old friend`."""
_WORD = re.compile(r"[\w’'-]+")
_JOINS = either("clauses.toml", "joiners")
_JOINED_TO = re.compile(rf"\s+(?:{_JOINS})\s+[A-ZÀ-Ý]")
_TO_JOIN = re.compile(rf"(?<!\S)[A-ZÀ-Ý]\S*\s+(?:{_JOINS})\s+\Z")


class Antecedent(NamedTuple):
    """Whom a speaker stands for: entities in order, none where nobody is certain, and how sure that is."""

    entities: tuple[str, ...] = ()
    score: float = 1.0


NOBODY = Antecedent()
_BESIDE, _CHAIN, _SUBJECT, _NEAR, _FAR = 0.97, 0.95, 0.9, 0.8, 0.6
"""How sure an antecedent is: the name before "who", the last speaker, the last sentence's subject, another name of it, one further back."""


def _is_one_person(noun: str) -> bool:
    """Whether a noun names one person, and no body or text: `nurse`, `driver`; not `committee`, `letter`, `regulator`."""
    names = noun in classes().companions or noun.endswith(_AGENTS)
    return names and noun not in _OF_BODIES and noun not in classes().documents


@cache
def _asking() -> re.Pattern[str]:
    """The head of a sentence with who was asked: `Asked whether`, `When pressed on`."""
    forms, leads = "|".join(sorted(question_forms())), "|".join(sorted(classes().subordinators))
    return re.compile(rf"\W*(?:(?:{leads})\W+)?(?:{forms})\b", re.IGNORECASE)


def _is_companion(words: str) -> bool:
    """Whether a description is of somebody's relative or helper: `her lawyer`, `Ann Lee's mother`, but not `her account`."""
    found = _KIN.match(words)
    nouns = found["words"].split() if found else []
    return any(can_speak(noun) and noun not in classes().documents for noun in nouns)


def _outer_last(chain: Sequence[Quote]) -> list[Quote]:
    """Quotes in order, a report behind those that stand in it: `Ann Lee said a guard had told her that …` leads on to Ann Lee."""
    found: list[Quote] = []
    held: list[Quote] = []  # reports whose parts follow
    for quote in chain:
        while held and quote.parent_quote_id != held[-1].quote_id:
            found.append(held.pop())
        held.append(quote)
    return found + held[::-1]


class Antecedents:
    """Whom the pronouns of one document stand for."""

    def __init__(
        self,
        quotes: Sequence[Quote],
        index: MentionIndex,
        sentences: Sequence[Sentence],
        blocks: Sequence[Block],
        genders: Mapping[str, Judged],
    ) -> None:
        self.text = "\n\n".join(b.text for b in blocks if b.start is not None)
        self._index, self._sentences = index, sentences
        self._starts = [s.start for s in sentences]
        self._blocks = [b.start for b in blocks if b.start is not None]
        self._spoken = sorted((a, b) for q in quotes if q.kind in ("direct", "mixed", "unattributed") for a, b in q.segments)
        self._spoken_starts = [a for a, _ in self._spoken]
        self._portrayals: dict[str, Antecedent] = {}
        self._labels = {m.entity_id: m.label for m in index.mentions}
        self._genders_elsewhere = genders

    @cached_property
    def _genders(self) -> Mapping[str, Judged]:
        """What is known of persons, by the document, else by the corpus; looked for where a pronoun or a title asks."""
        return {**self._genders_elsewhere, **genders_by_entity(self.text, self._index.mentions, self._sentences)}

    def agrees(self, word: str, entity: str) -> bool:
        """Whether a pronoun or a title can stand for an entity, by what the text and the corpus say of it."""
        return agrees(word, self._genders.get(entity))

    def of(self, quote: Quote, earlier: Sequence[Quote]) -> Antecedent:
        """Whom the pronoun stands for that speaks a quote; `earlier` are the quotes before it, resolved."""
        assert quote.speaker_start is not None
        place, word = quote.speaker_start, (quote.speaker or "").lower()
        meant = pronoun(word)
        if word in classes().relatives:
            return self._relative(place)
        if meant is None or meant.person != 3:
            return NOBODY
        earlier = earlier[-_QUOTES_BACK:]
        found = self._third(quote, place, word, earlier, meant.gender is not None)
        told_by = [q.speaker_entity_id for q in earlier if q.kind == "direct" and any(a <= place < b for a, b in q.segments)]
        return NOBODY if found.entities and found.entities[0] in told_by else found  # `“I met Ray. He said …”`

    def told_of(self, description: str, place: int, earlier: Sequence[Quote]) -> set[str]:
        """The persons whom an epithet can mean: of the nearest sentence of its passage, or of the one before it, that names any.

        Nobody, if one of them is neither whom the sentence is about nor has spoken.
        """
        opens = self._blocks[bisect_right(self._blocks, place) - 1]
        spoke = {q.speaker_entity_id for q in earlier[-_QUOTES_BACK:]}
        for back in range(self._at(place), -1, -1):
            sentence = self._sentences[back]
            if names := self._names(sentence.start, min(place, sentence.end), description):
                is_told = all(m.entity_id in spoke or self._is_subject(m, back) for m in names)
                return {m.entity_id or "" for m in names} if is_told else set()
            if sentence.start < opens:
                break
        return set()

    def last_speaker(self, quote: Quote, earlier: Sequence[Quote]) -> str | None:
        """The person who has spoken in the same paragraph, in the sentence before a quote's speaker or in the same one."""
        last = earlier[-1] if earlier else None
        if last is None or last.speaker_start is None or quote.speaker_start is None:
            return None
        is_near = self._at(quote.speaker_start) - self._at(last.speaker_start) <= 1
        beside = is_near and bisect_right(self._blocks, last.speaker_start) == bisect_right(self._blocks, quote.speaker_start)
        return last.speaker_entity_id if beside and self._labels.get(last.speaker_entity_id) == "PERSON" else None

    def goes_on(self, quote: Quote, earlier: Sequence[Quote]) -> set[str]:
        """Who has just spoken, where an unnamed person adds something whom the text has not shown apart: `The nurse added`."""
        words = (quote.speaker or "").split()
        last = self.last_speaker(quote, earlier)
        goes = last is not None and (quote.cue or "").lower() in classes().going_on and len(words) == _ROLE_WORDS
        if not goes or not _is_one_person(words[-1]) or phrase_number(quote.speaker or "") != "singular":
            return set()
        apart = re.search(rf"(?i:\b{either('clauses.toml', 'newcomers')}) (?:[a-z-]+ )?{re.escape(words[-1])}\b", self.text)
        return {last or ""} if apart is None and self.agrees(quote.speaker or "", last or "") else set()

    def _third(self, quote: Quote, place: int, word: str, earlier: Sequence[Quote], is_person: bool) -> Antecedent:
        """Whom "he", "she", "they" or "it" stands for."""
        chain = _outer_last([q for q in earlier if q.speaker_start is not None and q.speaker_start < place])
        if not is_person:
            return self._body(place, word, chain)
        asker = self._asker(quote, earlier)
        chain = [q for q in chain if q.speaker_entity_id != asker] if asker else chain
        return self._prefer_portrayed(self._singular(place, word, chain, asker), place, word)

    def _asker(self, quote: Quote, earlier: Sequence[Quote]) -> str | None:
        """Who asked what a quote replies to: `Ann Lee asked him why. “No reason,” | he replied`; None where nobody is known to have."""
        cue = (quote.cue or "").lower().split()[:1]
        answers = [c for word in cue for c in cues().get(word, ()) if c.lemma in classes().answers]
        asked = answers and earlier and (earlier[-1].cue or "").lower() in question_forms()
        near = asked and self._at(quote.start) - self._at(earlier[-1].end - 1) <= 1
        return earlier[-1].speaker_entity_id if near else None

    def _relative(self, place: int) -> Antecedent:
        """The name before "who", or the person of the town or body whose name stands there: not `Ann Lee's children, who`."""
        before = [m for m in self._index.before(place) if place - m.end < _WHO_REACH]
        if not before:
            return NOBODY
        name = before[-2] if self._is_of_body(before) else before[-1]
        between = self.text[name.end : place].strip()
        apart = between[0] in ",(–—-" if between else name.label == "PERSON"  # `a professor at the Harbour Council who`
        apart = apart or name is not before[-1]
        return Antecedent((name.entity_id or "",), _BESIDE) if apart else NOBODY

    def _is_of_body(self, names: Sequence[Mention]) -> bool:
        """Whether the last of some names is the place or body of the person before it: `Ann Lee of Norland, who`."""
        if len(names) < 2 or names[-1].label == "PERSON" or names[-2].label != "PERSON":
            return False
        link = self.text[names[-2].end : names[-1].start].split()
        return bool(link) and (link[0][0] in ",(" or (len(link) < _LINK and link[0] in classes().prepositions))

    # --- he, she

    def _singular(self, place: int, word: str, chain: Sequence[Quote], asker: str | None) -> Antecedent:
        at = self._at(place)
        last = self._leader(word, self._answerable(chain, place, at))
        spoke = self._spoke_at(last)
        away, told = 0, self._is_spoken(place)
        for back in range(at, -1, -1):
            if away >= _SENTENCES_BACK:
                break
            if last is not None and spoke == back:
                return self._answering(last, chain, word) if back < at else self._speaker(last)
            goes_on = self._goes_on(back, place, at, word)
            if back < at and self._is_about_kin(back, word):
                return NOBODY
            found = [] if goes_on else self._unpast(self._candidates(back, place, word, spoke), chain, asker)
            if found:
                return self._chosen(found, away, back, chain[-1:], word)
            if self._is_about_newcomer(back, at, word):
                return NOBODY
            away += back == at or told or self._is_step(back, goes_on)
        return NOBODY if told or self._may_be_unnamed(place, chain) else self._portrayed(word)

    def _may_be_unnamed(self, place: int, chain: Sequence[Quote]) -> bool:
        """Whether a pronoun can mean somebody without a name: the last speaker, or a newcomer in this sentence or the one before."""
        if chain and chain[-1].speaker_basis == "description" and chain[-1].speaker_entity_id is None:
            return True
        start = self._sentences[max(0, self._at(place) - 1)].start
        shown = (noun for m in _NEWCOMER.finditer(self.text, start, place) for noun in m["words"].split())
        return any(can_speak(noun) and noun not in classes().documents for noun in shown)

    def _portrayed(self, word: str) -> Antecedent:
        """The person whom the text names most by far, for a pronoun that no name is near; looked for once."""
        if word not in self._portrayals:
            self._portrayals[word] = self._find_portrayed(word)
        return self._portrayals[word]

    def _find_portrayed(self, word: str) -> Antecedent:
        names = [m.entity_id or "" for m in self._names(0, len(self.text), word)]
        entity = most_named(names)
        told = entity is not None and (self._genders.get(entity, Judged(None)).gender is not None or is_of_one_gender(self.text, word))
        return Antecedent((entity,), _FAR) if entity is not None and told else NOBODY

    def _prefer_portrayed(self, found: Antecedent, place: int, word: str) -> Antecedent:
        """Whom a text portrays, not who is named in one earlier paragraph only: `said Tom Ray, a friend.` | `Her father …, she said`."""
        opens = self._blocks[bisect_right(self._blocks, place) - 1]
        if not found.entities or not self._opens_with_possessive(opens, word):
            return found
        places = [m.start for m in self._index.mentions if m.entity_id in found.entities]
        passing = len({bisect_right(self._blocks, p) for p in places}) == 1 and max(places) < opens
        portrayed = self._portrayed(word) if passing else NOBODY
        return portrayed if portrayed.entities else found

    def _opens_with_possessive(self, at: int, word: str) -> bool:
        """Whether a possessive of the same gender as a pronoun stands there: `Her father`, for "she"."""
        first, meant = _WORD.match(self.text, at), pronoun(word)
        owner = pronoun(first[0]) if first else None
        return owner is not None and meant is not None and owner.is_possessive and owner.gender == meant.gender

    def _answerable(self, chain: Sequence[Quote], place: int, at: int) -> Sequence[Quote]:
        """The quotes but for that of who asks in the same sentence: `Asked by a reporter if …, she said`."""
        asked = self._is_asked(at, place)
        return [q for q in chain if q.cue_start is None or self._at(q.cue_start) < at] if asked else chain

    def _leader(self, word: str, chain: Sequence[Quote]) -> Quote | None:
        """The last quote whose speaker a pronoun can stand for."""
        return next((q for q in reversed(chain) if self._leads(q, word) and not self._is_past(q.speaker_entity_id, chain)), None)

    def _is_told_of(self, name: Mention, last: Sequence[Quote], word: str) -> bool:
        """Whether somebody unnamed, whom a pronoun may mean, has just told of a name: `The press secretary said Ann Lee had left.`"""
        for quote in last:
            head = (quote.speaker or "").split()[-1:]
            is_unnamed = quote.speaker_entity_id is None and any(noun in classes().titles - classes().title_bodies for noun in head)
            if is_unnamed and agrees(word, Judged(phrase_gender(quote.speaker or ""))):
                return any(start <= name.start < end for start, end in quote.segments)
        return False

    def _unpast(self, names: list[Mention], chain: Sequence[Quote], asker: str | None) -> list[Mention]:
        """The names of persons who can go on to speak: not who has asked, nor who has had their say before the last speaker."""
        last = chain[-1].speaker_start if chain else None
        past = (m.entity_id for m in names if (last is None or m.start < last) and self._is_past(m.entity_id, chain))
        barred = {asker, *past} - {None}
        return [m for m in names if m.entity_id not in barred]

    def _is_past(self, entity: str | None, chain: Sequence[Quote]) -> bool:
        """Whether somebody whose gender nobody knows has spoken, and somebody else since."""
        if entity is None or self._genders.get(entity, Judged(None)).gender is not None:
            return False
        return any(q.speaker_entity_id == entity for q in chain) and chain[-1].speaker_entity_id != entity

    def _candidates(self, back: int, place: int, word: str, spoke: int) -> list[Mention]:
        """The persons of a sentence, the likeliest first; none where the last speaker, of sentence `spoke`, is likelier."""
        found = self._names(self._sentences[back].start, min(place, self._sentences[back].end), word)
        if not found or spoke < 0:
            return found
        chained = spoke == back - 1 and not self._is_subject(found[0], back)
        return [] if chained or self._is_rivalled(found[0], back, word) else found

    def _is_about_kin(self, back: int, word: str) -> bool:
        """Whether a sentence's subject is somebody's relative or companion without a name: `Ann Lee's mother wept.`"""
        subject = _KIN.match(self.text, self._sentences[back].start, self._sentences[back].end)
        if subject is None or subject["named"]:
            return False
        nouns = subject["words"].split()
        genders = [gender for noun in nouns if (gender := phrase_gender(noun))]
        return agrees(word, Judged(genders[0])) if genders else not classes().companions.isdisjoint(nouns)

    def _is_about_newcomer(self, back: int, at: int, word: str) -> bool:
        """Whether an earlier sentence is about somebody new without a name, and the pronoun can stand for nobody else in it."""
        if back == at:
            return False
        start, end = self._sentences[back].start, self._sentences[back].end
        subject = _NEWCOMER.match(self.text, start, end)
        person = next(
            (noun for noun in (subject["words"].split() if subject else ()) if phrase_gender(noun) or noun.endswith(_AGENTS)), None
        )
        if person is None or not can_speak(person) or person in classes().documents or not agrees(word, Judged(phrase_gender(person))):
            return False
        meant = pronoun(word)
        others = (pronoun(found) for found in _WORD.findall(self.text.lower(), start, end))
        return meant is not None and all(other is None or other.gender != meant.gender for other in others)

    def _is_about_parent(self, back: int, word: str) -> bool:
        """Whether a sentence is about a parent, named, of the person whom a pronoun means: `His father, Tom Ray, ran a mill.`"""
        subject = _KIN.match(self.text, self._sentences[back].start, self._sentences[back].end)
        if subject is None or subject["named"] is None or subject["words"] not in read_toml("gender_words.toml")["parents"]:
            return False
        return self._opens_with_possessive(self._sentences[back].start, word)

    def _is_rivalled(self, mention: Mention, back: int, word: str) -> bool:
        """Whether a name whose gender nobody knows stands beside a pronoun for somebody else: `His friend Robin Lee talked him into it.`"""
        assert mention.entity_id is not None
        if self._genders.get(mention.entity_id, Judged(None)).gender is not None:
            return False
        words = _WORD.findall(self.text.lower(), self._sentences[back].start, self._sentences[back].end)
        meant = pronoun(word)
        assert meant is not None
        same = [w for w in words if (other := pronoun(w)) and other.gender == meant.gender]
        return len(same) > 1 and same[0] == words[0]

    def _spoke_at(self, quote: Quote | None) -> int:
        """The number of the sentence in which somebody is named who speaks; -1 without one."""
        return -1 if quote is None or quote.speaker_start is None else self._at(quote.speaker_start)

    def _is_step(self, back: int, goes_on: bool) -> bool:
        """Whether a sentence counts as one step away: not one that goes on with the same person, nor one within a quotation."""
        return not (goes_on or self._is_spoken(self._sentences[back].start + 1))

    def _goes_on(self, back: int, place: int, at: int, word: str) -> bool:
        """Whether a sentence names nobody new for a pronoun: who is asked about, or a sentence whose subject is that pronoun too."""
        if back == at:
            return self._is_asked(back, place)
        if self._is_about_parent(back, word):
            return True
        start, end = self._sentences[back].start, self._sentences[back].end
        first = _WORD.search(self.text, start, end)
        if first is not None and first[0].lower() == word:
            return True
        return self._is_asked(back, end) and re.search(rf",\s+{word}\b", self.text[start:end]) is not None

    def _answering(self, last: Quote, chain: Sequence[Quote], word: str) -> Antecedent:
        """The last speaker; whom that speaker asked, where the asker is nobody known: `“Why?” a reporter asked Ann Lee. “No,” she said.`"""
        if last.speaker_entity_id or last is not chain[-1] or last.cue_end is None or (last.cue or "").lower() not in question_forms():
            return self._speaker(last)
        asked = self._names(last.cue_end, self._sentences[self._at(last.cue_end)].end, word)
        return Antecedent((asked[0].entity_id or "",), _SUBJECT) if len(asked) == 1 else NOBODY

    @staticmethod
    def _speaker(quote: Quote) -> Antecedent:
        return Antecedent((quote.speaker_entity_id,), _CHAIN) if quote.speaker_entity_id else NOBODY

    def _chosen(self, found: Sequence[Mention], away: int, at: int, last: Sequence[Quote], word: str) -> Antecedent:
        """The likeliest of a sentence's names: its subject."""
        first = found[0]
        assert first.entity_id is not None
        if self._is_told_of(first, last, word):
            return NOBODY
        sure = _SUBJECT if self._is_subject(first, at) or len({m.entity_id for m in found}) == 1 else _NEAR
        return Antecedent((first.entity_id,), sure if away <= 1 else _FAR)

    def _names(self, start: int, end: int, word: str) -> list[Mention]:
        """The persons of a stretch that a pronoun can stand for, the likeliest first; names within quotations are not the reporter's."""
        found = [m for m in self._index.within(start, end) if m.label == "PERSON" and self.agrees(word, m.entity_id or "")]
        told = [m for m in found if not self._is_spoken(m.start) and not self._is_joined(m) and not self._is_attribute(m)]
        return sorted(told, key=lambda m: (self._is_aside(m), m.start))

    def _is_joined(self, mention: Mention) -> bool:
        """Whether a name is one of two that "and" or "or" joins, so that no single person is meant."""
        before = self.text[max(0, mention.start - 30) : mention.start]
        return _JOINED_TO.match(self.text, mention.end) is not None or _TO_JOIN.search(before) is not None

    def _is_attribute(self, mention: Mention) -> bool:
        """Whether a name belongs to the role of the person behind it, or to a dateline: `Lee coach | Tom Ray`, `TORVIK: `."""
        role = _ROLE.match(self.text, mention.end)
        if role and can_speak(role["noun"]):
            return any(m.start == role.end() and m.label == "PERSON" for m in self._index.within(role.end(), role.end() + _WHO_REACH))
        return self.text[mention.end : mention.end + 1] == ":" and mention.text.isupper()

    def _is_aside(self, mention: Mention) -> bool:
        """Whether a name stands behind a preposition or before "'s", so that the sentence is hardly about its bearer."""
        before = self.text[max(0, mention.start - 40) : mention.start].split()
        while before and (before[-1].endswith(_OWNERS) or before[-1].rstrip(".").lower() in classes().titles):
            owned = before.pop().endswith(_OWNERS)  # `with the Herald's Ann Lee`, `for Sen. Ann Lee`
            while owned and before and before[-1][0].isupper():
                before.pop()
        owner = self.text[mention.end : mention.end + 2] in ("'s", "’s")
        return owner or bool(before and before[-1].lower() in classes().prepositions)

    def _is_subject(self, mention: Mention, at: int) -> bool:
        return mention.start - self._sentences[at].start <= _HEAD and not self._is_aside(mention)

    def _is_asked(self, at: int, place: int) -> bool:
        """Whether a sentence begins with who was asked what: `Asked whether Ann Lee would go, he said`."""
        return _asking().match(self.text, self._sentences[at].start, place) is not None

    def _leads(self, quote: Quote, word: str) -> bool:
        """Whether a quote's speaker can be whom a later pronoun stands for, one without a row in `entities` included."""
        if quote.speaker is None:
            return False
        if quote.speaker_entity_id:
            person = self._labels.get(quote.speaker_entity_id, "PERSON") == "PERSON"
            return person and self.agrees(word, quote.speaker_entity_id)
        known = pronoun(quote.speaker)
        if known:
            return known.gender is not None and agrees(word, Judged(known.gender))
        # `a doctor`, `her lawyer` is somebody else, `the doctor` may be not
        new = quote.speaker.split()[0].lower() in classes().newcomers or _is_companion(quote.speaker)
        described = new and phrase_number(quote.speaker) == "singular"
        return described and agrees(word, Judged(phrase_gender(quote.speaker)))

    # --- they, it

    def _body(self, place: int, word: str, chain: Sequence[Quote]) -> Antecedent:
        """Those who spoke last, or the body that the sentence before is about."""
        at = self._at(place)
        last = chain[-1] if chain and chain[-1].speaker_basis != "pronoun" else None
        if last and last.speaker_start is not None and self._at(last.speaker_start) >= at - 1:
            return self._body_of(last, word)
        return self._body_before(place, at)

    def _body_of(self, last: Quote, word: str) -> Antecedent:
        """The last speaker, where that is a body or names one, or several where the pronoun is plural."""
        joint = tuple(last.speaker_entity_ids)
        if joint and word in classes().plural_subjects:
            return Antecedent(joint, _CHAIN)
        assert last.speaker_start is not None and last.speaker_end is not None
        bodies = [m for m in self._index.within(last.speaker_start, last.speaker_end) if m.label == "ORG"]
        if len(bodies) == 1 and last.speaker_entity_id is None and word not in classes().plural_subjects:
            return Antecedent((bodies[0].entity_id or "",), _NEAR)  # `A spokesman for the Harbour Council said no. It …`
        return self._speaker(last) if self._labels.get(last.speaker_entity_id) in _BODIES else NOBODY

    def _body_before(self, place: int, at: int) -> Antecedent:
        """The one body at the head of the sentence, or of the one before."""
        for back in range(at, max(-1, at - 2), -1):
            start = self._sentences[back].start
            found = [m for m in self._index.within(start, min(place, start + _BODY_HEAD)) if m.label in _BODIES - {"GPE"}]
            if len({m.entity_id for m in found}) == 1:
                return Antecedent((found[0].entity_id or "",), _NEAR)
        return NOBODY

    # --- places

    def _at(self, place: int) -> int:
        """The number of the sentence that holds a place."""
        return max(0, bisect_right(self._starts, place) - 1)

    def _is_spoken(self, place: int) -> bool:
        at = bisect_right(self._spoken_starts, place) - 1
        return any(a <= place < b for a, b in self._spoken[max(0, at - 3) : at + 1])
