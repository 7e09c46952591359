"""Who is who within one article: surnames, first names, acronyms and short forms lead to the fullest name.

Works from the article's text, its sentences and its mentions (their words, labels and places), so that it gives the same whenever it is
asked. No short form joins a person against a title, a word of kin or a pronoun.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise, permutations

from qantar.schema import Mention, Sentence
from qantar.stages.entities.bearers import Bearer, choose_bearer
from qantar.stages.entities.described import is_kin, kin_before, word_before, words_for
from qantar.stages.entities.likeness import compare_persons, surname_likeness
from qantar.stages.entities.local_name import LocalName
from qantar.stages.entities.name_forms import are_given_names, group_of, initials, is_acronym, normal, skeleton, tokens_of
from qantar.stages.entities.other_names import is_other_name
from qantar.stages.entities.person_names import Part, parse_person, part_of
from qantar.stages.entities.short_bodies import is_end, is_last_word, is_short_form
from qantar.text.gender import Judged, conflicts, find_evidence, judge
from qantar.text.lexicon import read_lines, read_toml
from qantar.text.person_titles import is_office, roles_before, roles_behind

PARTS: tuple[Part, ...] = ("surname", "given", "middle")
"""Parts of a name, the likeliest to stand alone first."""
_OWNED = re.compile(r"(?:['’]s?)? ")
"""What stands between a country and a body of its own."""
_BEHIND = len("'s ")
"""Characters after a name that show whether it owns what follows."""
Form = tuple[str, str]
"""A group of labels and a name's normal form."""


class _Article:
    """The names of one article, as they are put together."""

    def __init__(self, mentions: Sequence[Mention], text: str, sentences: Sequence[Sentence]) -> None:
        self.text = text
        self.named = sorted((m for m in mentions if group_of(m.label)), key=lambda m: m.start)
        self.ending_at = {m.end: m for m in self.named}
        self.alias_pairs = _alias_pairs(self.named, text)
        self.evidence = find_evidence(text, self.named, sentences)
        self.sentences = {s.sentence_id: s.position for s in sentences}
        self.origin_of = _origins(self.named, text)
        self.names: list[LocalName] = []
        self.by_id: dict[str, LocalName] = {}
        self.by_form: dict[Form, LocalName] = {}
        self.at: dict[str, LocalName] = {}
        self.surnames: dict[str, list[LocalName]] = defaultdict(list)
        self.words: dict[str, list[LocalName]] = defaultdict(list)

    def put(self, mention: Mention, local: LocalName, is_short: bool = False) -> None:
        local.mentions.append(mention)
        self.at[mention.mention_id] = local
        if local.name.isupper() and mention.text.upper() == local.name:
            local.name = mention.text  # capitals are those of a dateline or a headline
        if is_short:
            local.short_forms.add(mention.mention_id)
        if local.group == "PERSON":
            local.roles |= roles_before(self.text, mention.start) | roles_behind(self.text, mention.end)
            if (origin := self.origin_of.get(mention.mention_id)) is not None:
                local.origins.add(origin)
            if not is_short:
                local.described |= words_for(self.text, mention.start, mention.end)
                local.is_kin |= is_kin(self.text, mention.start, mention.end)
            if mention.mention_id in self.evidence:
                local.evidence.append(self.evidence[mention.mention_id])

    def new(self, mention: Mention, of_country: str | None = None) -> LocalName:
        local = LocalName(mention.text, group_of(mention.label), mention.entity_id, of_country)
        self.names.append(local)
        return local

    def index_person(self, name: str, local: LocalName) -> None:
        parsed = parse_person(name)
        for word in (*parsed.words, *filter(None, [parsed.nickname])):
            if local not in self.words[word]:
                self.words[word].append(local)
        if local not in self.surnames[skeleton(parsed.words[-1])]:
            self.surnames[skeleton(parsed.words[-1])].append(local)

    def add_known(self, mention: Mention) -> None:
        assert mention.entity_id is not None
        if mention.entity_id not in self.by_id:
            self.by_id[mention.entity_id] = self.new(mention)
        local = self.by_id[mention.entity_id]
        if self.is_against(mention, local):
            self.add_bare(replace(mention, entity_id=None))
            return
        self.put(mention, local)
        if len(mention.text) > len(local.name):
            local.name = mention.text
        self.by_form.setdefault((local.group, normal(mention.text, local.group)), local)
        if mention.label == "PERSON":
            self.index_person(mention.text, local)

    def add_full(self, mention: Mention, of_country: str | None) -> None:
        group = group_of(mention.label)
        form = (group, normal(mention.text, group) + ("" if of_country is None else f" | {of_country}"))
        local = self.by_form.get(form)
        if local is not None and self.is_against(mention, local):
            local = None
        if local is None and group == "PERSON":
            local = self.same_person(mention)
        if local is None:
            local = self.new(mention, of_country)
        elif local.entity_id is None and len(mention.text) > len(local.name):
            local.name = mention.text
        self.by_form[form] = local
        self.put(mention, local)
        if group == "PERSON":
            self.index_person(mention.text, local)

    def told(self, mention: Mention) -> Judged:
        """The gender that the text says beside one mention."""
        return judge([self.evidence[mention.mention_id]], []) if mention.mention_id in self.evidence else Judged(None)

    def is_against(self, mention: Mention, local: LocalName) -> bool:
        """Whether a title or a word of kin beside a mention says that it is another person."""
        return conflicts(self.told(mention), local.gender)

    def same_person(self, mention: Mention) -> LocalName | None:
        """The person of this article of whose name another spelling is given; to stand in one article is evidence of two kinds."""
        name = mention.text
        is_relative = kin_before(self.text, mention.start) is not None
        found = []
        for local in self.surnames.get(skeleton(parse_person(name).words[-1]), []):
            likeness = compare_persons(name, local.name)
            if likeness and likeness.needs <= (0 if is_relative else 2) and not self.is_against(mention, local):
                found.append((likeness.needs, local))
        least = min((needs for needs, _ in found), default=0)
        best = [local for needs, local in found if needs == least]
        return best[0] if len(best) == 1 else None

    def add_short(self, mention: Mention) -> None:
        """An acronym, or a name of one word that is not a person's."""
        group = group_of(mention.label)
        form = (group, normal(mention.text, group))
        fuller = self.spelled_out(mention) if is_acronym(mention.text) else None
        local = fuller or self.by_form.get(form)
        if local is None:
            local = self.by_form[form] = self.new(mention)
        self.put(mention, local, is_short=fuller is not None)

    # --- persons by a part of their name ----------------------------------------------------------------------------

    def add_short_persons(self, mentions: list[Mention]) -> None:
        """Short forms of persons: first those that can mean one person only, then the others."""
        unclear = []
        called: dict[str, LocalName] = {}
        """Whom other names that the text explains ("X, whose real name is Y") name again."""
        firsts = dict(self.alias_pairs)
        aliases = {b: a for a, b in self.alias_pairs} | firsts
        for mention in sorted(mentions, key=lambda m: (self.told(m).gender is None, m.start)):  # titled ones show who else is meant
            alias = self.at.get(aliases.get(mention.mention_id, ""))
            bearers = self.bearers(mention)
            leads = bool(bearers) and mention.mention_id in firsts  # `Marsh, née Rook` is the Marsh of the article first
            if alias is not None and not leads and not self.is_against(mention, alias):
                self.put(mention, alias, is_short=True)
                called[normal(mention.text, "PERSON")] = alias
            elif len(bearers) == 1:
                self.put(mention, bearers[0].local, is_short=bearers[0].local.name != mention.text)
            elif not bearers and self.told(mention).gender:
                self.add_bare(mention)
            else:
                unclear.append(mention)
        for mention in sorted(unclear, key=lambda m: m.start):
            said = roles_before(self.text, mention.start) | word_before(self.text, mention.start)
            other = called.get(normal(mention.text, "PERSON"))
            chosen = choose_bearer(mention.start, self.position(mention), self.bearers(mention), said) or other
            if chosen is not None:
                self.put(mention, chosen, is_short=chosen.name != mention.text)
            else:
                self.add_bare(mention)

    def position(self, mention: Mention) -> int:
        return self.sentences.get(mention.sentence_id, 0)

    def bearers(self, mention: Mention) -> list[Bearer]:
        """The persons of this article whom a surname, first name or other part of a name can mean."""
        words = parse_person(mention.text).words
        found = []
        for local in self.words.get(words[-1], []):
            part = _part_in(local, words)
            if part and not self.is_against(mention, local):
                found.append(self.bearer(mention, local, part))
        found += [self.bearer(mention, bare, "surname") for bare in self.titled(mention)]
        if not found:
            alike = self.alike(mention, " ".join(words))
            found = [self.bearer(mention, n, "surname") for n in alike] if len(alike) == 1 else []
        return self.likeliest(found, mention)

    def likeliest(self, found: list[Bearer], mention: Mention) -> list[Bearer]:
        """Of persons with a name, those of whom it is the likeliest part, but for who is called otherwise in the same sentence."""
        best = min((PARTS.index(b.part) for b in found), default=0)
        found = [b for b in found if PARTS.index(b.part) == best]
        return [b for b in found if not self.is_called_by_first_name(b.local, mention)] or found

    def is_called_by_first_name(self, local: LocalName, mention: Mention) -> bool:
        """Whether a sentence that holds a surname calls one of its bearers by the first name: then it means another of them."""
        first = parse_person(local.name).words[:1]
        there = (m for m in self.named if m.sentence_id == mention.sentence_id and m.label == "PERSON" and m is not mention)
        return any(parse_person(m.text).words == first for m in there)

    def titled(self, mention: Mention) -> list[LocalName]:
        """Persons of whom the article gives no more of the name, but a title with it."""
        forms = (("PERSON", f"{normal(mention.text, 'PERSON')}{apart}") for apart in ("", "female", "male"))
        bare = (self.by_form[form] for form in forms if form in self.by_form)
        return [local for local in dict.fromkeys(bare) if local.told.titles and not self.is_against(mention, local)]

    def alike(self, mention: Mention, surname: str) -> list[LocalName]:
        """The persons of whose surname, spelled out elsewhere, a word is a slip or another transliteration; "Chang" is none of "Ching"."""
        known = self.surnames.get(skeleton(surname), [])
        alone = ((n, last[-1]) for n in known if (last := parse_person(n.name).surnames[-1])[1:] == ())
        found = ((n, surname_likeness(surname, word)) for n, word in alone)
        return [n for n, likeness in found if likeness and likeness.needs <= 1 and not self.is_against(mention, n)]

    def bearer(self, mention: Mention, local: LocalName, part: Part) -> Bearer:
        words = parse_person(mention.text).words
        full = [(m.start, self.position(m)) for m in local.mentions if m.mention_id not in local.short_forms]
        ends = [m for m in local.mentions if m.mention_id in local.short_forms and parse_person(m.text).words[-len(words) :] == words]
        short = [(m.start, self.position(m)) for m in ends]  # not the first name, which is another way to call a person
        return Bearer(local, part, self.told(mention), sorted(full), sorted(short), _is_called_otherwise(local, words))

    def add_bare(self, mention: Mention) -> None:
        """A name of one word that no fuller name of the article explains; what reads alike is two where titles or pronouns say so."""
        form = ("PERSON", normal(mention.text, "PERSON"))
        told = self.told(mention)
        for apart in ("", "female", "male"):
            local = self.by_form.get((form[0], f"{form[1]}{apart}"))
            if local is None:
                local = self.by_form[form[0], f"{form[1]}{apart}"] = self.new(mention)
                local.apart = apart
                self.put(mention, local)
                return
            if not conflicts(told, local.gender):
                self.put(mention, local)
                return

    def tell_apart(self) -> None:
        """Note for each person whose names are like theirs and were not joined: in one article these are two people."""
        for bearers in self.words.values():
            for one, other in permutations(bearers, 2):
                words = parse_person(one.name).words
                is_turned = sorted(words) == sorted(parse_person(other.name).words) and not are_given_names(words)  # Orbán Viktor
                if not is_turned and compare_persons(one.name, other.name):
                    one.others.add(other.key)

    # --- bodies -----------------------------------------------------------------------------------------------------

    def spelled_out(self, mention: Mention) -> LocalName | None:
        """The body an acronym stands for: the one it follows in brackets, or the only one of these initials."""
        short = mention.text.replace(".", "")
        is_bracketed = self.text[max(0, mention.start - 2) : mention.start] in (" (", " [")
        before = self.ending_at.get(mention.start - 2) if is_bracketed else None
        if before is not None and before.label != "PERSON" and initials(before.text)[:1] == short[:1]:  # "Ada Dunn (AD)" is of a party
            return self.at[before.mention_id]
        fitting = [n for n in self.names if n.group == "ORG" and len(short) > 2 and initials(n.name) == short]
        return fitting[0] if len(fitting) == 1 else None

    def join_short_forms(self) -> None:
        """Bodies named in part ("Bulan Institute") join the one that begins so ("Bulan Institute for Peace Innovations")."""
        bodies = [n for n in self.names if n.group == "ORG"]
        for short in bodies:
            others = [n for n in bodies if n is not short and n.mentions]
            fuller = [n for n in others if is_short_form(short, n)] or [n for n in others if is_last_word(short, n) or is_end(short, n)]
            if short.entity_id is None and len(fuller) == 1:
                self.move(short, fuller[0])

    def join_storms(self) -> None:
        """Events named by one word ("Harvey") join the storm that ends so ("Hurricane Harvey")."""
        events = [n for n in self.names if n.group == "EVENT"]
        for short in events:
            fuller = [n for n in events if n.name.removesuffix(f" {short.name}") in read_toml("things.toml")["storms"]]
            if len(fuller) == 1:
                self.move(short, fuller[0])

    def join_aliases(self) -> None:
        """Two full names of one person that the text says to be one."""
        for a, b in self.alias_pairs:
            first, second = self.at[a], self.at[b]
            if first is second or (first.entity_id and second.entity_id) or conflicts(first.gender, second.gender):
                continue
            is_main = first.entity_id or (not second.entity_id and len(first.mentions) > len(second.mentions))
            self.move(*((second, first) if is_main else (first, second)))

    def move(self, source: LocalName, target: LocalName) -> None:
        for mention in source.mentions:
            self.put(mention, target, is_short=True)
        source.mentions = []
        for form, local in list(self.by_form.items()):
            if local is source:
                self.by_form[form] = target
        for index in (self.words, self.surnames):
            for locals_ in index.values():
                locals_[:] = dict.fromkeys(target if n is source else n for n in locals_)


def _part_in(local: LocalName, words: tuple[str, ...]) -> Part | None:
    """Which part of a person's full names some words are: the first of `PARTS` that they can be."""
    parts = {part for m in local.mentions if (part := part_of(words, parse_person(m.text)))}
    return min(parts, key=PARTS.index, default=None)


def _is_called_otherwise(local: LocalName, words: tuple[str, ...]) -> bool:
    """Whether an article calls a person by a surname other than some words: "Ocampo" for Maria Ocampo Zuleta, who then is no "Zuleta"."""
    short = [parse_person(m.text).words for m in local.mentions]
    return any(len(other) == 1 and other != words and _part_in(local, other) in ("surname", "middle") for other in short)


def local_names(mentions: Sequence[Mention], text: str, sentences: Sequence[Sentence]) -> list[LocalName]:
    """The distinct names of one article, in the order in which they first occur; dates and amounts are none."""
    article = _Article(mentions, text, sentences)
    short: list[Mention] = []
    short_persons: list[Mention] = []
    before: Mention | None = None
    parts = _parts_in(article.named)
    for mention in article.named:
        words = tokens_of(mention.text)
        if mention.entity_id is not None:
            article.add_known(mention)
        elif mention.label == "ORG" and _is_generic(mention.text):
            article.add_full(mention, _country_beside(before, mention, text))
        elif mention.label == "PERSON" and (len(words) == 1 or parse_person(mention.text).words in parts):
            short_persons.append(mention)
        elif len(words) > 1:
            article.add_full(mention, None)
        else:
            short.append(mention)
        before = mention
    article.add_short_persons(short_persons)
    for mention in short:
        article.add_short(mention)
    article.join_short_forms()
    article.join_storms()
    article.join_aliases()
    article.tell_apart()
    for local in article.names:
        local.mentions.sort(key=lambda m: m.start)
    return sorted((n for n in article.names if n.mentions), key=lambda n: n.mentions[0].start)


def _country_beside(before: Mention | None, mention: Mention, text: str) -> str:
    """The entity of the country or people that stands right before a name: "Norwegian Foreign Ministry", "Norway's Foreign Ministry"."""
    if before is None or before.label not in ("NORP", "GPE") or not _OWNED.fullmatch(text, before.end, mention.start):
        return ""
    return before.entity_id or ""


def _alias_pairs(named: Sequence[Mention], text: str) -> list[tuple[str, str]]:
    """Pairs of mentions, the second another name of the first: "X, formerly Y", "X (née Y)", "X, better known as Y"."""
    persons = pairwise(m for m in named if m.label == "PERSON")
    return [(a.mention_id, b.mention_id) for a, b in persons if is_other_name(text[a.end : b.start], text[b.end : b.end + _BEHIND])]


def _origins(named: Sequence[Mention], text: str) -> dict[str, str | None]:
    """The entities, if known, of the places and peoples right before persons or their offices, by the mention of the person."""
    found: dict[str, str | None] = {}
    for one, other in pairwise(named):
        labels = (one.label, other.label)
        if labels in (("GPE", "PERSON"), ("NORP", "PERSON")) and is_office(text[one.end : other.start]):
            found[other.mention_id] = one.entity_id
        elif labels == ("PERSON", "GPE") and text[one.end : other.start] == ", " and roles_behind(text, one.end):
            found[one.mention_id] = other.entity_id
    return found


def _parts_in(mentions: Sequence[Mention]) -> set[tuple[str, ...]]:
    """The beginnings and ends, of several words, of the names of persons in an article: "Garcia Robledo" of "Luis Garcia Robledo"."""
    names = {parse_person(m.text).words for m in mentions if m.label == "PERSON"}
    return {part for words in names for n in range(2, len(words)) for part in (words[:n], words[-n:])}


def _is_generic(name: str) -> bool:
    """Whether a body's name is one that each country or city has: "Foreign Ministry", "Supreme Court"."""
    return set(normal(name, "ORG").split()) <= _generic_words()


@cache
def _generic_words() -> frozenset[str]:
    return frozenset(read_lines("generic_bodies.txt"))
