"""Who is who within one article: surnames, first names, acronyms and short forms lead to the fullest name.

Works from the mentions alone (their words, labels and places), so that it gives the same whenever it is asked.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from qantar.schema import Mention
from qantar.stages.entities.likeness import compare_persons, surname_likeness
from qantar.stages.entities.name_forms import group_of, initials, is_acronym, normal, skeleton, tokens_of
from qantar.text.lexicon import read_lines

Form = tuple[str, str]
"""A group of labels and a name's normal form."""


@dataclass(eq=False)
class LocalName:
    """Mentions of one article that name the same: its fullest name, its entity if known, the mentions that are short forms of it."""

    name: str
    group: str
    entity_id: str | None = None
    of_country: str | None = None
    """For a name that each country has ("Foreign Ministry"), the entity beside it that says which; "" where nothing does."""
    mentions: list[Mention] = field(default_factory=list)
    short_forms: set[str] = field(default_factory=set)

    @property
    def key(self) -> str:
        """What the name is called beyond this article."""
        form = normal(self.name, self.group)
        return form if self.of_country is None else f"{form} | {self.of_country}"

    @property
    def is_bare(self) -> bool:
        """Whether the name alone does not say who is meant: a surname only, or a body that each country has."""
        return self.entity_id is None and (self.of_country == "" or (self.group == "PERSON" and len(tokens_of(self.name)) == 1))

    @property
    def acronyms(self) -> list[str]:
        """Acronyms that the article explains by this name."""
        return sorted({m.text.replace(".", "") for m in self.mentions if is_acronym(m.text) and m.mention_id in self.short_forms})


class _Article:
    """The names of one article, as they are put together."""

    def __init__(self, mentions: list[Mention]) -> None:
        self.named = sorted((m for m in mentions if group_of(m.label)), key=lambda m: m.start)
        self.names: list[LocalName] = []
        self.by_id: dict[str, LocalName] = {}
        self.by_form: dict[Form, LocalName] = {}
        self.at: dict[str, LocalName] = {}
        self.surnames: dict[str, list[LocalName]] = defaultdict(list)
        self.words: dict[str, list[LocalName]] = defaultdict(list)

    def put(self, mention: Mention, local: LocalName, is_short: bool = False) -> None:
        local.mentions.append(mention)
        self.at[mention.mention_id] = local
        if is_short:
            local.short_forms.add(mention.mention_id)

    def new(self, mention: Mention, of_country: str | None = None) -> LocalName:
        local = LocalName(mention.text, group_of(mention.label), mention.entity_id, of_country)
        self.names.append(local)
        return local

    def index_person(self, name: str, local: LocalName) -> None:
        words = normal(name, "PERSON").split()
        for word in words:
            if local not in self.words[word]:
                self.words[word].append(local)
        if local not in self.surnames[skeleton(words[-1])]:
            self.surnames[skeleton(words[-1])].append(local)

    def add_known(self, mention: Mention) -> None:
        assert mention.entity_id is not None
        local = self.by_id.get(mention.entity_id) or self.by_id.setdefault(mention.entity_id, self.new(mention))
        self.put(mention, local)
        if len(mention.text) > len(local.name):
            local.name = mention.text
        self.by_form.setdefault((local.group, normal(mention.text, local.group)), local)
        if mention.label == "PERSON" and len(tokens_of(mention.text)) > 1:
            self.index_person(mention.text, local)

    def add_full(self, mention: Mention, of_country: str | None) -> None:
        group = group_of(mention.label)
        form = (group, normal(mention.text, group) + ("" if of_country is None else f" | {of_country}"))
        local = self.by_form.get(form) or (self.same_person(mention.text) if group == "PERSON" else None)
        if local is None:
            local = self.new(mention, of_country)
        elif local.entity_id is None and len(mention.text) > len(local.name):
            local.name = mention.text
        self.by_form[form] = local
        self.put(mention, local)
        if group == "PERSON":
            self.index_person(mention.text, local)

    def same_person(self, name: str) -> LocalName | None:
        """The person of this article of whose name another spelling is given; to stand in one article is evidence of one kind."""
        for local in self.surnames.get(skeleton(normal(name, "PERSON").split()[-1]), []):
            likeness = compare_persons(name, local.name)
            if likeness and likeness.needs <= 1:
                return local
        return None

    def add_short(self, mention: Mention) -> None:
        group = group_of(mention.label)
        form = (group, normal(mention.text, group))
        fuller = self.spelled_out(mention) if is_acronym(mention.text) else self.bearer(mention)
        local = fuller or self.by_form.get(form)
        if local is None:
            local = self.by_form[form] = self.new(mention)
        self.put(mention, local, is_short=fuller is not None)

    def bearer(self, mention: Mention) -> LocalName | None:
        """The person a surname or first name stands for: its only bearer, or of several the one named last before."""
        if mention.label != "PERSON":
            return None
        word = normal(mention.text, "PERSON")
        bearers = self.words.get(word, [])
        surnamed = [n for n in bearers if normal(n.name, "PERSON").split()[-1] == word]
        bearers = surnamed or bearers
        if not bearers:  # a slip, or another transliteration, of a name that the article spells out
            alike = [n for n in self.surnames.get(skeleton(word), []) if surname_likeness(word, normal(n.name, "PERSON").split()[-1])]
            return alike[0] if len(alike) == 1 else None
        if len(bearers) > 1:
            before = [(m.start, i) for i, n in enumerate(bearers) for m in n.mentions if m.start < mention.start]
            return bearers[max(before)[1]] if before else None
        return bearers[0] if bearers else None

    def spelled_out(self, mention: Mention) -> LocalName | None:
        """The body an acronym stands for: the one it follows in brackets, or the only one of these initials."""
        short = mention.text.replace(".", "")
        for other in self.named:
            if other.end + 2 == mention.start and other.sentence_id == mention.sentence_id and other.mention_id in self.at:
                letters = initials(other.text)
                if other.text != mention.text and letters[:1] == short[:1] and len(letters) > 1:
                    return self.at[other.mention_id]
        fitting = [
            n for n in self.names if n.group == "ORG" and len(short) > 2 and len(tokens_of(n.name)) > 1 and initials(n.name) == short
        ]
        return fitting[0] if len(fitting) == 1 else None

    def join_short_forms(self) -> None:
        """Bodies named in part ("Bulan Institute") join the one that begins so ("Bulan Institute for Peace Innovations")."""
        bodies = [n for n in self.names if n.group == "ORG"]
        for short in bodies:
            if short.entity_id is not None or short.of_country is not None or len(tokens_of(short.name)) < 2:
                continue
            form = normal(short.name, "ORG") + " "
            fuller = [n for n in bodies if n is not short and n.mentions and normal(n.name, "ORG").startswith(form)]
            if len(fuller) == 1:
                for mention in short.mentions:
                    self.put(mention, fuller[0], is_short=True)
                short.mentions = []


def local_names(mentions: list[Mention]) -> list[LocalName]:
    """The distinct names of one article, in the order in which they first occur; dates and amounts are none."""
    article = _Article(mentions)
    short: list[Mention] = []
    before: Mention | None = None
    for mention in article.named:
        if mention.entity_id is not None:
            article.add_known(mention)
        elif mention.label == "ORG" and _is_generic(mention.text):
            beside = before is not None and before.entity_id and before.end + 1 == mention.start and before.label in ("NORP", "GPE")
            article.add_full(mention, before.entity_id if beside and before else "")
        elif len(tokens_of(mention.text)) > 1 and not is_acronym(mention.text):
            article.add_full(mention, None)
        else:
            short.append(mention)
        before = mention
    for mention in short:
        article.add_short(mention)
    article.join_short_forms()
    for local in article.names:
        local.mentions.sort(key=lambda m: m.start)
    return sorted((n for n in article.names if n.mentions), key=lambda n: n.mentions[0].start)


def _is_generic(name: str) -> bool:
    """Whether a body's name is one that each country or city has: "Foreign Ministry", "Supreme Court"."""
    return set(normal(name, "ORG").split()) <= _generic_words()


@cache
def _generic_words() -> frozenset[str]:
    return frozenset(read_lines("generic_bodies.txt"))
