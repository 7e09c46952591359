"""Speakers as they are written: from the phrase beside a cue to the span that names or describes who speaks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import dropwhile, pairwise
from typing import NamedTuple

from qantar.schema import Mention, Quote, SpeakerBasis
from qantar.stages.quotes.appositions import is_name, is_of_name, past_occupation, without_origin
from qantar.stages.quotes.phrases import Phrase, names_campaign
from qantar.stages.quotes.tokens import VERBAL, Token, can_speak, classes

NAMED = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "PRODUCT", "WORK_OF_ART"})
_JOINED = frozenset({"PERSON", "ORG", "GPE"})  # names that speak together
_SPEAKERS = frozenset({"PERSON", "ORG"})  # what a sentence can show speaking
_OF_PEOPLES = ("s", "ese", "sh", "ch", "ss", "i")  # names of whole peoples end so, and of parties: `the British`
_CLAUSE = 9  # tokens: how long a clause between a description and a name may be
_POSSESSIVE = frozenset({"'s", "'"})  # behind a name: `the Lees' house`
Offsets = tuple[int, int]


class Speaker(NamedTuple):
    """Who is quoted, as written: offsets of `documents.text`; `parts` are those of each where several speak together."""

    start: int
    end: int
    basis: SpeakerBasis
    parts: tuple[Offsets, ...] = ()


class MentionIndex:
    """The named mentions of a document by place; `asked` is filled with the places that are looked at with `within`."""

    def __init__(self, mentions: Sequence[Mention], asked: set[Offsets] | None = None) -> None:
        self._asked: set[Offsets] = set() if asked is None else asked
        self.mentions = sorted((m for m in mentions if m.label in NAMED), key=lambda m: (m.start, -m.end))
        self._starts = [m.start for m in self.mentions]

    def within(self, start: int, end: int) -> list[Mention]:
        """The mentions that lie between two offsets."""
        self._asked.add((start, end))
        return [m for m in self.mentions[bisect_left(self._starts, start) : bisect_right(self._starts, end)] if m.end <= end]

    def before(self, place: int) -> list[Mention]:
        """The mentions that begin before an offset."""
        return self.mentions[: bisect_left(self._starts, place)]


def names_in(quote: Quote) -> list[Offsets]:
    """The span of each who speaks a quote: of one speaker, or of several together."""
    assert quote.speaker_start is not None and quote.speaker_end is not None
    return [(a, b) for a, b in quote.speakers] or [(quote.speaker_start, quote.speaker_end)]


def span_of(tokens: Sequence[Token], phrase: Phrase, index: MentionIndex) -> Speaker:
    """The speaker's span in a phrase: a name without title, names joined by "and", a description with its article, or a pronoun."""
    known = classes()
    owner = tokens[phrase.last].low == "'s" and phrase.first < phrase.last  # `Ann Lee's claim that`
    words = _behind_role(tokens[phrase.first : phrase.last + (not owner)])
    acronym = words[0].text.isupper() and len(words[0].text) > 1  # the WHO
    if len(words) == 1 and words[0].low in known.pronouns | known.possessives | known.object_pronouns and not acronym:
        return Speaker(words[0].start, words[0].end, "pronoun")
    joint = _joint(words, index)
    if joint:
        return Speaker(joint[0][0], joint[-1][1], "name", joint)
    named = _name(words, index)
    if named := named or _named_behind_clause(tokens, phrase, index):
        return Speaker(*named, "name")
    return Speaker(words[0].start, words[-1].end, "description")


def speaks(text: str, speaker: Speaker, index: MentionIndex) -> bool:
    """Whether a subject can have the floor: a person, a body, "he" or "she", or a noun for people."""
    words = text[speaker.start : speaker.end].lower().split()
    links = [k for k, word in enumerate(words) if word in classes().prepositions]
    if speaker.basis == "pronoun":
        return words[0] in classes().third_persons
    if speaker.basis == "name":
        return any(m.label in _SPEAKERS for m in index.within(speaker.start, speaker.end))
    return can_speak(words[links[0] - 1] if links else words[-1])  # `the engineer of the Liemba`


def _named_behind_clause(tokens: Sequence[Token], phrase: Phrase, index: MentionIndex) -> Offsets | None:
    """The person between commas whom a description and a clause lead up to: `A trader I spoke to, | Ann Lee, said`.

    Not where the clause is about another of whom the name may be: `A guard who saw the driver, Ann Lee, said`.
    """
    comma = _clause_end(tokens, phrase) if _can_be_named(tokens, phrase) else None
    if comma is None:
        return None
    begins = tokens[comma + 1].start
    person = next((m for m in index.mentions if m.start == begins and m.label == "PERSON"), None)
    closed = person is not None and any(t.start == person.end and t.text == "," for t in tokens[comma + 2 : comma + 8])
    return (person.start, person.end) if person and closed else None


def _can_be_named(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """Whether a phrase describes people, with an article."""
    known, head = classes(), tokens[phrase.last].low
    return tokens[phrase.first].low in known.articles and can_speak(head) and head not in known.documents


def _clause_end(tokens: Sequence[Token], phrase: Phrase) -> int | None:
    """The comma behind a short clause that tells of a phrase and of nobody else: `I spoke to`."""
    known, at = classes(), phrase.last + 1
    if at >= len(tokens) or tokens[at].low not in known.relatives | known.subject_pronouns:
        return None
    comma = next((k for k in range(at, min(at + _CLAUSE, len(tokens) - 1)) if tokens[k].text == ","), None)
    return comma if comma is not None and not any(can_speak(t.low) for t in tokens[at:comma]) else None


def _behind_role(words: Sequence[Token]) -> Sequence[Token]:
    """The name behind a role and a comma: `the head of the council, Ann Lee`, `the head of the council, retired judge Ann Lee`."""
    comma = max((k for k, t in enumerate(words) if t.text == ","), default=-1)
    name = words[past_occupation(words, comma + 1, len(words)) if comma > 0 else 0 :]
    if comma > 0:
        name = without_origin(name)
    if not is_name(name) or _is_place_of_named(words, comma):
        return words
    return words[:comma] if comma > 0 and _are_several(words[:comma]) else name


def _is_place_of_named(words: Sequence[Token], comma: int) -> bool:
    """Whether one word behind a full name's body tells where that is: `Ann Lee of the Harbour Council | , Norland`."""
    return 0 < comma == len(words) - 2 and words[0].is_capital and words[1].is_capital


def _are_several(role: Sequence[Token]) -> bool:
    """Whether a role is of several people, of one of whom the name behind it tells: `allies of the mayor | , Ann Lee`."""
    of = next((k for k, t in enumerate(role) if t.low in classes().prepositions), 0)
    return of > 0 and role[of - 1].low.endswith("s")


def _joint(words: Sequence[Token], index: MentionIndex) -> tuple[Offsets, ...]:
    """The names that "and" joins: `Ann Lee and the Harbour Council`; none where a part is no name, or one name holds the "and"."""
    mentions = index.within(words[0].start, words[-1].end)
    joints = [k for k, t in enumerate(words) if t.low == "and" and not any(m.start < t.start < m.end for m in mentions)]
    if len(joints) != 1 or words[0].low in classes().possessives:
        return ()
    parts = (words[: joints[0]], words[joints[0] + 1 :])
    named = [m for part in parts if (m := _heading_name(part, mentions))]
    return tuple((m.start, m.end) for m in named) if len(named) == len(parts) else ()


def _heading_name(part: Sequence[Token], mentions: Sequence[Mention]) -> Mention | None:
    """The name that ends one of two joined phrases and heads it: not that of `the census of Norland`."""
    named = next((m for m in mentions if part and m.end == part[-1].end and m.label in _JOINED), None)
    return named if named and _before(part, named) not in classes().prepositions else None


def _name(words: Sequence[Token], index: MentionIndex) -> Offsets | None:
    """The name that heads a phrase, if a name does; one in marks is a token of its own, `the group “Save the Wells”`."""
    marked = next((t for t in words if " " in t.text and t.quote < 0), None)
    if marked:
        return marked.start, marked.end
    mentions = index.within(words[0].start, words[-1].end)
    links = [t.start for t in words if t.low in classes().prepositions and not any(m.start < t.start < m.end for m in mentions)]
    head_end = links[0] if links else words[-1].end
    if _is_one_of_people(words, mentions):
        return None
    return _person(words, mentions, head_end) or _body(words, mentions, head_end) or _capitals(words, head_end)


def _is_one_of_people(words: Sequence[Token], mentions: Sequence[Mention]) -> bool:
    """Whether a phrase is of one who belongs to a people, not of that people: `the Norlander`, but not `the French`."""
    if len(words) < 2 or words[0].low not in classes().articles or len(mentions) != 1:
        return False
    people = mentions[0]
    return people.label == "NORP" and people.end == words[-1].end and not words[-1].low.endswith(_OF_PEOPLES)


def _person(words: Sequence[Token], mentions: Sequence[Mention], head_end: int) -> Offsets | None:
    """The person whom a phrase names: not one behind a preposition, whom the phrase is only about, `a spokesman for Ann Lee`."""
    known = classes()
    # a person behind another name, `the correspondent of the Guardian Ann Lee`, is who the description describes
    followers = {b.start for a, b in pairwise(mentions) if a.end + 1 == b.start}
    described = words[0].low in known.determiners
    for mention in _without_roles(words, mentions):
        if mention.label != "PERSON" or _follows(words, mention) in _POSSESSIVE or _modifies(words, mention):
            continue
        about = mention.start > head_end and (described or _acts(words, head_end) or _before(words, mention) in known.prepositions)
        if not about or mention.start in followers:
            return mention.start, mention.end
    return None


def _acts(words: Sequence[Token], head_end: int) -> bool:
    """Whether a participle stands in the head of a phrase, which tells of others: `Sailors looking | for the fisherman Ann Lee`."""
    return any(t.end <= head_end and t.pos == "VERB" and t.low.endswith("ing") for t in words[1:])


def _without_roles(words: Sequence[Token], mentions: Sequence[Mention]) -> list[Mention]:
    """The names but for one in the role of the person behind it: `Churchwarden Ann Lee`, `Lee senior adviser Tom Ray`."""
    persons = [(a, b) for a, b in pairwise(mentions) if a.label == b.label == "PERSON"]
    roles = {a.start for a, b in persons if all(_is_of_role(t) for t in words if a.end <= t.start < b.start)}
    return [m for m in mentions if m.start not in roles]


def _is_of_role(token: Token) -> bool:
    """Whether a word may stand in a role between two names."""
    links = classes().prepositions | classes().coordinators | classes().relatives | _POSSESSIVE
    return token.is_word and token.pos not in VERBAL and token.low not in links


def _body(words: Sequence[Token], mentions: Sequence[Mention], head_end: int) -> Offsets | None:
    """The body or place that ends the head of a phrase; a body before its place is the body, `Harbour Council Norland`."""
    head = [t for t in words if t.end <= head_end]
    ending = [m for m in mentions if head and m.end >= head[-1].end and m.start < head_end and m.label != "NORP"]
    for mention in ending:
        if _follows(words, mention) not in _POSSESSIVE:
            before = next((m for m in mentions if mention.label == "GPE" and m.end + 1 == mention.start), mention)
            return _titled_start(words, before), before.end
    return None


def _titled_start(words: Sequence[Token], mention: Mention) -> int:
    """Where a body's name begins of which a mention is the end: `Save the | Wells Norland`, `Rail | Norland`."""
    ahead = [t for t in words if t.end <= mention.start]
    if names_campaign(ahead):
        return ahead[0].start
    known = classes()
    led = known.titles | known.fronts | known.simple_adverbs | known.prepositions | known.determiners | known.times
    named = mention.label == "GPE" and ahead and ahead[-1].is_capital and ahead[-1].low not in led
    return ahead[-1].start if named else mention.start  # `Rail Norland`


def _capitals(words: Sequence[Token], head_end: int) -> Offsets | None:
    """Capitals at the end of a phrase's head, where no mention is known; titles alone are a description, `the Home Secretary`."""
    known = classes()
    run = _last_capitals([t for t in words if t.end <= head_end] or list(words))
    titled = len(run)
    while run and run[0].low.rstrip(".") in known.titles:
        run.pop(0)
    if not run or run[-1].low in known.times or _is_role(words, run, titled > len(run)):
        return None
    return run[0].start, run[-1].end


def _last_capitals(words: Sequence[Token]) -> list[Token]:
    """The words with a capital that end a phrase, from its last determiner on."""
    run: list[Token] = []
    for token in reversed(words):
        if not is_of_name(token) or token.low.rstrip(".") in classes().determiners:
            break
        run.insert(0, token)
    return list(dropwhile(lambda t: not t.is_capital, run))


def _is_role(words: Sequence[Token], run: Sequence[Token], titled: bool) -> bool:
    """Whether capitals name nobody: `a Texas Democrat`, `an opposition MP`, `Former White House Doctor`, `the Norland President`,
    a noun that opens, `Sources`."""
    first = run[0].start == words[0].start
    if words[0].low in classes().newcomers and words[1].start == run[0].start:
        return True
    if first and run[-1].pos not in ("", "PROPN"):
        return True
    if (titled and can_speak(run[-1].low)) or _ends_with_title(run):
        return True
    before = next((t for t in reversed(words) if t.end <= run[0].start), None)
    described = before is not None and not before.is_capital and before.low not in classes().determiners
    return len(run) == 1 and run[0].text.isupper() and described


def _ends_with_title(run: Sequence[Token]) -> bool:
    """Whether capitals end with the title of a person: `Norland President`."""
    return run[-1].low in classes().titles - classes().title_bodies


def _modifies(words: Sequence[Token], mention: Mention) -> bool:
    """Whether a name stands before the noun it describes: `the Lee campaign`, `Lee supporters`, `the Lee and Ray campaigns`."""
    behind = [t for t in words if t.start >= mention.end]
    if behind and behind[0].low == "and" and words[0].low in classes().determiners:
        behind = list(dropwhile(lambda t: t.is_capital, behind[1:]))
    return bool(behind) and behind[0].pos == "NOUN"


def _before(words: Sequence[Token], mention: Mention) -> str:
    """The word before a name and its titles: "to" in `aides to Senator Ann Lee`."""
    ahead = (t.low for t in reversed(words) if t.end <= mention.start)
    return next((low for low in ahead if low.rstrip(".") not in classes().titles - classes().offices), "")


def _follows(words: Sequence[Token], mention: Mention) -> str:
    return next((t.low for t in words if t.start >= mention.end), "")
