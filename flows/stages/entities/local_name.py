"""A name as one article uses it: its mentions, and what the article tells of who bears it."""

from __future__ import annotations

from dataclasses import dataclass, field

from qantar.schema import Mention
from qantar.stages.entities.name_forms import is_acronym, normal, tokens_of
from qantar.text.gender import Evidence, Judged, judge, sum_evidence


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
    evidence: list[Evidence] = field(default_factory=list)
    """What the text says of a person's gender."""
    roles: set[str] = field(default_factory=set)
    """Titles that stand before a person's name, in small letters."""
    described: set[str] = field(default_factory=set)
    """What else is said beside a person's full name: "master" in "X, the harbour master"."""
    is_kin: bool = False
    """Whether a person is brought in as somebody's relative: "his wife, X"."""
    origins: set[str] = field(default_factory=set)
    """Known places and peoples right before a person's name or office: "Zarb's president, X"."""
    others: set[str] = field(default_factory=set)
    """Names like this one that the article gives to other people."""
    apart: str = ""
    """What tells a bare name from another of the article that reads alike: "mrs" and "mr" Tighe."""

    @property
    def key(self) -> str:
        """What the name is called beyond this article."""
        form = normal(self.name, self.group) + (f" | {self.apart}" if self.apart else "")
        return form if self.of_country is None else f"{form} | {self.of_country}"

    @property
    def is_bare(self) -> bool:
        """Whether the name alone does not say who is meant: a surname only, or a body that each country has."""
        return self.entity_id is None and (self.of_country == "" or (self.group == "PERSON" and len(tokens_of(self.name)) == 1))

    @property
    def acronyms(self) -> list[str]:
        """Acronyms that the article explains by this name."""
        return sorted({m.text.replace(".", "") for m in self.mentions if is_acronym(m.text) and m.mention_id in self.short_forms})

    @property
    def gender(self) -> Judged:
        """The person's gender by the article, else by the name."""
        return judge(self.evidence, [self.name])

    @property
    def told(self) -> Evidence:
        """What the article says of the person's gender, all mentions together."""
        return sum_evidence(self.evidence)
