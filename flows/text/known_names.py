"""Names: what the shipped lexicon and the corpus's own `raw/authority.csv` know, and where it occurs in a text.

`raw/authority.csv` has a row for each person, body or place that the corpus needs:

    id,name,label,wikidata_id,description,aliases[,roles][,slips]

`aliases` are further spellings, joined by `|`; a spelling without capitals or all in capitals matches as it is written. `roles` are
descriptions that stand for the name where a quote needs it ("Kazakh president"). `slips` are evident slips of a source, each a
passage with the wrong name in square brackets ("neighboring [Kurdistan]"): only there does the name lead to this entity.
A row whose id is one of the lexicon's adds to that entity; what it leaves blank is kept. Lines that begin with `#` are remarks.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from qantar.schema import Label
from qantar.settings import QantarError
from qantar.text.lexicon import read_columns, read_lines, read_table

LIKELY = 100_000_000  # stands for a population: countries, regions and bodies are likelier meant than a city of their name
_POPULATIONS = {"country": LIKELY, "province": 600_000}  # a province, whose people no package counts, is likelier meant than a town

COLUMNS = ("id", "name", "label", "wikidata_id", "description", "aliases")
OPTIONAL = ("roles", "slips")
LABELS = get_args(Label)

Word = tuple[str, int, int]
"""A word or mark of a text, its start and its end."""

_WORD = re.compile(r"[^\W_]+|[^\s\w]|_")
_WORDS_APART = re.compile(f"({_WORD.pattern})")
_END = ""  # the key, in a node of the trie, of the names that end there; no word is empty


@dataclass(frozen=True, slots=True)
class Known:
    """An entity known before any article is read."""

    id: str
    name: str
    label: str
    source: Literal["authority", "lexicon"]
    wikidata_id: str | None = None
    description: str | None = None
    aliases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    slips: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    country: str | None = None
    """ISO 3166-1 code of the country a place lies in."""
    population: int = 0
    related_id: str | None = None
    """The country or region of a people."""
    is_capital: bool = False
    is_country: bool = False


_UNREAD: dict[str, Any] = {"wikidata_id": None, "description": None, "roles": (), "latitude": None, "longitude": None}
"""What finding names does not read of an entity."""


class Match(NamedTuple):
    """A known name in a text: the entities it may stand for, the likeliest first."""

    start: int
    end: int
    ids: tuple[str, ...]
    is_slip: bool


@dataclass
class Names:
    """Known entities by id, and a trie of their spellings, word by word in lower case."""

    entities: dict[str, Known] = field(default_factory=dict)
    first_names: frozenset[str] = frozenset()
    trie: dict[str, Any] = field(default_factory=dict)
    common: frozenset[str] = frozenset()
    countries: dict[str, str] = field(default_factory=dict)
    """Ids of the countries by ISO 3166-1 code."""
    shipped: tuple[Known, ...] = ()
    """The lexicon's own entities that the authority adds to, as they are without it."""

    def add(self, known: Known) -> None:
        """Add an entity, or put it in the place of the one of its id, and index its spellings."""
        self.entities[known.id] = known
        if known.is_country and known.country:
            self.countries[known.country] = known.id
        for spelling in (known.name, *known.aliases):
            self._index(spelling, known.id, None)
        for slip in known.slips:
            before, name, after = re.split(r"[\[\]]", slip)
            self._index(before + name + after, known.id, (len(words_of(before)), len(words_of(after))))

    def _index(self, spelling: str, identity: str, context: tuple[int, int] | None) -> None:
        node = self.trie
        for word in _WORD.findall(spelling.replace("’", "'")):
            node = node.setdefault(word.lower(), {})
        entries = node.setdefault(_END, [])
        entry = (spelling.replace("’", "'"), identity, context)
        if entry not in entries:
            entries.append(entry)

    def find(self, words: list[Word], text: str) -> Iterator[Match]:
        """Known names among the words of a text, the longest at each place; names inside names are left out."""
        trie, n, free = self.trie, len(words), 0
        lower = [word.lower() for word, _, _ in words]
        for i in [i for i, word in enumerate(lower) if word in trie]:
            if i < free:
                continue
            node, best, j = trie[lower[i]], None, i
            while node is not None:
                j += 1
                if _END in node:
                    match = self._accept(node[_END], words[i:j], text)
                    if match:
                        best, free = match, j
                node = node.get(lower[j]) if j < n else None
            if best is not None:
                yield best

    def spelled(self, words: list[Word]) -> set[str]:
        """The ids of all entities that `find` can find among these words: each that has a spelling there, in whatever letters."""
        lower = [word.lower() for word, _, _ in words]
        ids: set[str] = set()
        for i, word in enumerate(lower, 1):
            node = self.trie.get(word)
            while node is not None:
                ids.update(identity for _, identity, _ in node.get(_END, ()))
                node = node.get(lower[i]) if i < len(lower) else None
                i += 1
        return ids

    def told(self, ids: Iterable[str]) -> list[str]:
        """All that finding names reads of these entities and those they lead to."""
        wanted = self.with_countries(ids)
        for identity in wanted:
            if identity not in self._told:
                self._told[identity] = repr(replace(self.entities[identity], **_UNREAD))
        return [self._told[identity] for identity in wanted]

    def with_countries(self, ids: Iterable[str]) -> list[str]:
        """These entities and the countries and regions that they lead to, in the order of the lists."""
        wanted = set(ids)
        wanted |= {related for i in wanted if (related := self.entities[i].related_id) in self.entities}
        wanted |= {self.countries[country] for i in wanted if (country := self.entities[i].country) in self.countries}
        return sorted(wanted, key=self._order.__getitem__)

    @cached_property
    def _told(self) -> dict[str, str]:
        """What was told of entities, by their ids."""
        return {}

    @cached_property
    def _order(self) -> dict[str, int]:
        return {identity: n for n, identity in enumerate(self.entities)}

    def _accept(self, entries: list[tuple[str, str, tuple[int, int] | None]], words: list[Word], text: str) -> Match | None:
        start, end = words[0][1], words[-1][2]
        surface = re.sub(r"\s+", " ", text[start:end]).replace("’", "'")
        ids: dict[str, None] = {}
        for spelling, identity, context in entries:
            if context is not None and surface.lower() == spelling.lower():
                inner = words[context[0] : len(words) - context[1]]
                return Match(inner[0][1], inner[-1][2], (identity,), True)
            if context is None and self._is_case_of(surface, spelling, len(words)) and not self._is_of_another(words, spelling, identity):
                ids[identity] = None
        if not ids:
            return None
        return Match(start, end, tuple(sorted(ids, key=self._likeliest)), False)

    def _is_case_of(self, surface: str, spelling: str, n_words: int) -> bool:
        """Whether a text's letter case is one that the name may be written in."""
        if surface == spelling:
            return True
        if surface.lower() != spelling.lower() or spelling.isupper():
            return False
        if surface.isupper():
            return len(surface) > 3
        if surface.islower():
            return n_words > 3 or (n_words == 1 and spelling[1:].islower() and surface not in self.common)
        return n_words > 1

    def _is_of_another(self, words: list[Word], spelling: str, identity: str) -> bool:
        """Whether a text means what is called so without "The", which the name has: `the Atlantic` is the ocean."""
        if words[0][0] != "the" or not spelling.startswith("The "):
            return False
        node: dict[str, Any] | None = self.trie
        for word, _, _ in words[1:]:
            node = node and node.get(word.lower())
        return node is not None and any(other != identity for _, other, _ in node.get(_END, ()))

    def _likeliest(self, identity: str) -> tuple[bool, int, str]:
        known = self.entities[identity]
        return (
            known.source != "authority",
            -known.population - (LIKELY // 2 if known.is_capital and known.population > 100_000 else 0),
            identity,
        )


def words_of(text: str) -> list[Word]:
    """The words and marks of a text with their places; a typographic apostrophe is given as a plain one."""
    parts = _WORDS_APART.split(text.replace("’", "'"))
    ends = list(accumulate(map(len, parts)))  # of what stands before each word, and of the word
    return list(zip(parts[1::2], ends[::2], ends[1::2], strict=False))


def load_names(authority: Path | None) -> Names:
    """The lexicon's names and, before them, those of `authority` (a CSV file, or None).

    Raises QantarError, with file and line, for a missing column, an unknown label, a repeated id, an alias given twice and
    two entities of one label that claim the same alias.
    """
    names = Names(first_names=frozenset(read_lines("first_names.txt")), common=frozenset(read_lines("common_words.txt")))
    lexicon = {known.id: known for known in _lexicon()}
    added = _read_authority(authority, lexicon) if authority and authority.exists() else []
    names.shipped = tuple(lexicon[known.id] for known in added if known.id in lexicon)
    lexicon |= {known.id: known for known in added}
    for known in lexicon.values():
        names.add(known)
    return names


_OF_PLACES = ("id", "name", "kind", "country", "wikidata_id", "aliases", "latitude", "longitude", "population")


def _lexicon() -> Iterator[Known]:
    countries = {}
    for identity, name, kind, country, wikidata_id, aliases, latitude, longitude, people in read_columns("places.csv", *_OF_PLACES):
        if kind == "country":
            countries[country] = identity
        yield Known(
            id=identity,
            name=name,
            label="GPE",
            source="lexicon",
            wikidata_id=wikidata_id or None,
            aliases=tuple(aliases.split("|")) if aliases else (),
            latitude=_degrees(latitude),
            longitude=_degrees(longitude),
            country=country,
            population=_POPULATIONS.get(kind) or int(people or 0),
            is_capital=kind == "capital",
            is_country=kind == "country",
        )
    for table in ("regions.csv", "bodies.csv"):
        for row in read_table(table):
            yield Known(
                id=row["id"],
                name=row["name"],
                label=row["label"],
                source="lexicon",
                wikidata_id=row["wikidata_id"] or None,
                aliases=tuple(n for n in row["names"].split("|") if n),
                latitude=_degrees(row.get("latitude")),
                longitude=_degrees(row.get("longitude")),
                population=LIKELY,
            )
    for row in read_table("demonyms.csv"):
        forms = tuple(row["forms"].split("|"))
        related = countries.get(row["of"], row["of"]) or None
        yield Known(id=row["id"], name=forms[0], label="NORP", source="lexicon", aliases=forms, population=LIKELY, related_id=related)


def _degrees(cell: str | None) -> float | None:
    return float(cell) if cell else None


def _read_authority(path: Path, lexicon: dict[str, Known]) -> list[Known]:
    """Rows of an authority file, checked; a row with an id of the lexicon's adds to what that says."""
    numbered = _numbered_lines(path)
    if not numbered:
        return []
    header = _header(path, *numbered[0])
    rows: list[Known] = []
    ids: dict[str, int] = {}
    claims: dict[tuple[str, str], tuple[str, int]] = {}
    for number, line in numbered[1:]:
        where = f"{path}, line {number}"
        cells = next(csv.reader([line]))
        if len(cells) != len(header):
            raise QantarError(f"{where}: {len(cells)} cells where the header has {len(header)}; put cells with commas in quotation marks")
        known = _authority_row(dict(zip(header, (c.strip() for c in cells), strict=True)), where)
        if known.id in ids:
            raise QantarError(f"{where}: the id {known.id} is already that of line {ids[known.id]}")
        ids[known.id] = number
        for spelling in _spellings(known, where):
            other, line_of_other = claims.setdefault((known.label, spelling), (known.id, number))
            if other != known.id:
                raise QantarError(f"{where}: {spelling!r} is already claimed by {other} (line {line_of_other}), which is {known.label} too")
        rows.append(_extend(lexicon.get(known.id), known))
    return rows


def _numbered_lines(path: Path) -> list[tuple[int, str]]:
    """The lines of a file with their numbers, without empty ones and remarks."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QantarError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    return [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]


def _header(path: Path, number: int, line: str) -> list[str]:
    """The columns of an authority file, checked."""
    header = next(csv.reader([line]))
    if missing := [c for c in COLUMNS if c not in header]:
        raise QantarError(f"{path}, line {number}: no column {', '.join(missing)}; the header must be {','.join(COLUMNS)}")
    if unknown := [c for c in header if c not in COLUMNS + OPTIONAL]:
        raise QantarError(f"{path}, line {number}: unknown column {', '.join(unknown)}; known are {', '.join(COLUMNS + OPTIONAL)}")
    return header


def _spellings(known: Known, where: str) -> list[str]:
    """The name and the aliases of a row, each of which may stand once."""
    spelled = [known.name, *known.aliases]
    for spelling in spelled:
        if spelled.count(spelling) > 1:
            raise QantarError(f"{where}: {spelling!r} stands twice; each spelling once, the name not among the aliases")
    return spelled


def _authority_row(row: dict[str, str], where: str) -> Known:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", row["id"]):
        raise QantarError(f"{where}: the id {row['id']!r} must be of lower-case letters, digits, hyphens and underscores")
    if not row["name"]:
        raise QantarError(f"{where}: {row['id']} has no name")
    if row["label"] not in LABELS:
        raise QantarError(f"{where}: unknown label {row['label']!r}; known are {', '.join(LABELS)}")
    if row["wikidata_id"] and not re.fullmatch(r"Q[1-9][0-9]*", row["wikidata_id"]):
        raise QantarError(f"{where}: {row['wikidata_id']!r} is not a Wikidata id (Q and digits)")

    def several(column: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in row.get(column, "").split("|") if part.strip())

    for slip in several("slips"):
        if not re.fullmatch(r"[^\[\]]*\[[^\[\]]+\][^\[\]]*", slip) or re.fullmatch(r"\[[^\[\]]+\]", slip):
            raise QantarError(
                f"{where}: the slip {slip!r} must be a passage with the wrong name in square brackets, as in 'near [Kurdistan]'"
            )
    return Known(
        id=row["id"],
        name=row["name"],
        label=row["label"],
        source="authority",
        wikidata_id=row["wikidata_id"] or None,
        description=row["description"] or None,
        aliases=several("aliases"),
        roles=several("roles"),
        slips=several("slips"),
    )


def _extend(shipped: Known | None, ours: Known) -> Known:
    if shipped is None:
        return ours
    return replace(
        ours,
        wikidata_id=ours.wikidata_id or shipped.wikidata_id,
        description=ours.description or shipped.description,
        aliases=tuple(dict.fromkeys((*ours.aliases, *shipped.aliases))),
        latitude=shipped.latitude,
        longitude=shipped.longitude,
        country=shipped.country,
        population=shipped.population,
        related_id=shipped.related_id,
        is_capital=shipped.is_capital,
        is_country=shipped.is_country,
    )
