"""Who is who within one article: surnames, first names, acronyms and short forms lead to the fullest name.

Works from the mentions alone (their words, labels and places), so that it gives the same whenever it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from flows.schema import Mention
from flows.stages.name_forms import are_one_person, group_of, initials, is_acronym, normal, skeleton, tokens_of


@dataclass
class LocalName:
    """Mentions of one article that name the same: its fullest name, its entity if known, its spellings with their counts."""

    name: str
    group: str
    label: str
    entity_id: str | None = None
    spellings: dict[str, int] = field(default_factory=dict)
    mentions: list[Mention] = field(default_factory=list)

    def add(self, mention: Mention) -> None:
        self.mentions.append(mention)
        self.spellings[mention.text] = self.spellings.get(mention.text, 0) + 1

    @property
    def key(self) -> str:
        """What the name is called beyond this article."""
        return normal(self.name, self.group)

    @property
    def is_bare(self) -> bool:
        """A person of whom only a surname or a first name is given."""
        return self.group == "PERSON" and self.entity_id is None and len(tokens_of(self.name)) == 1


def local_names(mentions: list[Mention]) -> list[LocalName]:
    """The distinct names of one article, in the order in which they first occur; dates and amounts are none."""
    named = [m for m in mentions if group_of(m.label)]
    names: list[LocalName] = []
    by_id: dict[str, LocalName] = {}
    by_form: dict[tuple[str, str], LocalName] = {}
    waiting: list[Mention] = []
    for mention in named:
        group = group_of(mention.label)
        form = (group, normal(mention.text, group))
        if mention.entity_id is not None:
            if mention.entity_id not in by_id:
                by_id[mention.entity_id] = LocalName(mention.text, group, mention.label, mention.entity_id)
                names.append(by_id[mention.entity_id])
            by_id[mention.entity_id].add(mention)
            if len(mention.text) > len(by_id[mention.entity_id].name):
                by_id[mention.entity_id].name = mention.text
            by_form.setdefault(form, by_id[mention.entity_id])
        elif len(tokens_of(mention.text)) > 1 and not is_acronym(mention.text):
            local = by_form.get(form) or (next(_same_person(mention, names), None) if group == "PERSON" else None)
            if local is None:
                local = LocalName(mention.text, group, mention.label)
                names.append(local)
            elif local.entity_id is None and len(mention.text) > len(local.name):
                local.name = mention.text
            by_form[form] = local
            local.add(mention)
        else:
            waiting.append(mention)
    for mention in waiting:
        group = group_of(mention.label)
        form = (group, normal(mention.text, group))
        found = _fuller(mention, named, names, by_form) or by_form.get(form)
        if found is None:
            found = by_form[form] = LocalName(mention.text, group, mention.label)
            names.append(found)
        found.add(mention)
    _join_short_forms(names)
    for local in names:
        local.mentions.sort(key=lambda m: m.start)
    return sorted((n for n in names if n.mentions), key=lambda n: n.mentions[0].start)


def _same_person(mention: Mention, names: list[LocalName]) -> Iterator[LocalName]:
    return (n for n in names if n.group == "PERSON" and len(tokens_of(n.name)) > 1 and are_one_person(mention.text, n.name))


def _fuller(mention: Mention, named: list[Mention], names: list[LocalName], by_form: dict[tuple[str, str], LocalName]) -> LocalName | None:
    """The name that a single word or an acronym is short for."""
    if is_acronym(mention.text):
        return _spelled_out(mention, named, names)
    if mention.label != "PERSON":
        return None
    word = normal(mention.text, "PERSON")
    people = [n for n in names if n.group == "PERSON" and len(tokens_of(n.name)) > 1]
    bearers = [n for n in people if word in normal(n.name, "PERSON").split()]
    last = [n for n in bearers if normal(n.name, "PERSON").split()[-1] == word]
    bearers = last or bearers
    if not bearers and len(word) > 4:  # a slip or another transliteration of a name that the article spells out
        bearers = [n for n in people if skeleton(normal(n.name, "PERSON").split()[-1]) == skeleton(word)]
        return bearers[0] if len(bearers) == 1 else None
    if len(bearers) > 1:  # two of one name: the one named last before
        before = [(m.start, i) for i, n in enumerate(bearers) for m in n.mentions if m.start < mention.start]
        return bearers[max(before)[1]] if before else None
    return bearers[0] if bearers else None


def _spelled_out(mention: Mention, named: list[Mention], names: list[LocalName]) -> LocalName | None:
    """The body whose name an acronym stands for: written in brackets behind it, or of these initials."""
    at = {id(m): n for n in names for m in n.mentions}
    short = mention.text.replace(".", "")
    for other in named:
        in_brackets = other.end + 2 == mention.start and other.sentence_id == mention.sentence_id
        if id(other) in at and in_brackets and initials(other.text)[:1] == short[:1]:
            return at[id(other)]
    fitting = [n for n in names if n.group == "ORG" and len(short) > 2 and len(tokens_of(n.name)) > 1 and initials(n.name) == short]
    return fitting[0] if len(fitting) == 1 else None


def _join_short_forms(names: list[LocalName]) -> None:
    """Bodies named in part ("Bulan Institute") join the one that begins so ("Bulan Institute for Peace Innovations")."""
    bodies = [n for n in names if n.group == "ORG"]
    for short in bodies:
        if short.entity_id is not None or len(tokens_of(short.name)) < 2:
            continue
        fuller = [n for n in bodies if n is not short and n.mentions and n.key.startswith(short.key + " ")]
        if len(fuller) == 1:
            for mention in short.mentions:
                fuller[0].add(mention)
            short.mentions = []
