"""Short texts with the entities of their names, as data: one or more for each condition of the rules that tell who is who."""

from __future__ import annotations

import pickle
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from qantar.schema import CORRECTION
from qantar.stages.entities import (
    NameUse,
    Resolution,
    gather_names,
    link_mentions,
    name_document,
    read_links,
    regroup_entities,
    resolve_entities,
    resolve_gathered,
    select_links,
    units_of,
)
from qantar.stages.entities.compared_before import Compared
from qantar.stages.entities.likeness import Likeness, compare_bodies, compare_persons
from qantar.stages.entities.name_forms import are_forms_of_one_given_name, initials, is_acronym, normal, skeleton, sound_of, tokens_of
from qantar.stages.entities.other_names import is_other_name
from qantar.stages.entities.person_names import parse_person, part_of
from qantar.stages.entities.regrouping import Parted, Regrouping, entity_id_of
from qantar.text.identity import digest
from qantar.text.known_names import Known, Names
from tests.stages.articles import lexicon, names_of
from tests.stages.test_persons import Read, read

DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("entity_examples.toml").read_text("utf-8"))
EXAMPLES: list[dict[str, Any]] = DATA["example"]


def known(row: str) -> Known:
    """An entity of an authority: "id|name|label|description|alias, alias|role, role"."""
    identity, name, label, description, aliases, roles = (row + "|" * (5 - row.count("|"))).split("|")
    spelled, held = (tuple(part for part in cell.split(", ") if part) for cell in (aliases, roles))
    return Known(identity, name, label, "authority", None, description or None, spelled, held)


def texts_of(example: dict[str, Any]) -> list[str]:
    """The texts of an example; "3 x" before one stands for three articles of it."""
    found = []
    for text in example["texts"]:
        times = re.match(r"(\d+) x ", text)
        found += [text[times.end() :]] * int(times[1]) if times else [text]
    return found


def resolve_parts(uses: list[NameUse], names: Names) -> Resolution:
    """Who is who, each article's names gathered by themselves and stored, as those of a shard are, the last article added later.

    It is the same as of all at once.
    """
    gathered = []
    for document_id, own in groupby(uses, lambda use: use.document_id):
        part = [*own]
        one = gather_names(part, names, {document_id: digest(repr(part))})
        gathered.append((pickle.dumps(one.told()), pickle.dumps(one.tallies)))
    compared = None
    for some in (gathered[:-1], gathered):
        parts = [[*map(pickle.loads, part)] for part in some]
        resolution = resolve_gathered([told for told, _ in parts], [tallies for _, tallies in parts], names, compared)
        compared = Compared.read(resolution.compared.write())
    assert resolution == resolve_entities(uses, names)
    return resolution


def resolved(example: dict[str, Any]) -> tuple[list[Read], list[NameUse], Resolution]:
    """The texts of an example, their names and who is who in them."""
    marked = texts_of(example)
    authority = [*map(known, example.get("known", ())), *map(lexicon().entities.__getitem__, example.get("listed", ()))]
    names = names_of(re.sub(r"\[([^|\]]+)\|?[^\]]*\]", r"\1", "\n".join(marked)), authority)
    given = example.get("given", {})
    texts = [read(re.sub(r"\[([^|\]]+)(\|[A-Z_]+)?\]", r"[\1|x\2]", text), n, names) for n, text in enumerate(marked)]
    for _, found, *_ in texts:
        found[:] = [replace(m, entity_id=given[m.text], link_method=CORRECTION) if m.text in given else m for m in found]
    days = [date.fromisoformat(day) if day else None for day in example.get("days", ())] or [None] * len(texts)
    uses = [use for (text, m, s, _), day in zip(texts, days, strict=True) for use in name_document(m, text, s, day)]
    resolution = resolve_parts(uses, names)
    if "joined" in example or "parted" in example:
        rows = (row.split("|") for row in example.get("parted", ()))
        parted = [Parted(entity, spelling, article or None, new) for entity, spelling, article, new in rows]
        resolution = regroup_entities(resolution, uses, names, Regrouping(example.get("joined", {}), parted))
    return texts, uses, resolution


def shown(example: dict[str, Any]) -> dict[str, list[str]]:
    """What becomes of an example, as it stands in the file."""
    texts, uses, resolution = resolved(example)
    linked = [m for text, mentions, sentences, _ in texts for m in link_mentions(mentions, resolution, text, sentences)]
    last = linked[-1].document_id
    there = sorted({m.entity_id for m in linked if m.entity_id})
    selected = select_links(resolution, units_of(use.unit for use in uses if use.document_id == uses[0].document_id), there[:1])
    assert read_links(selected).links.items() <= resolution.links.items()
    names = [(m.document_id, f"{m.text} = {m.entity_id}, {m.link_method} {m.link_score}") for m in linked]
    return {
        "names": [row for _, row in names],
        "last": [row for document_id, row in names if document_id == last],
        "pairs": [f"{p.entity_id} ? {p.other_id}: {p.evidence} {p.score}" for p in resolution.possible_same],
        "entities": [
            f"{e.entity_id}: {e.name}, {e.label}, {' / '.join(e.aliases)}, {e.n_mentions} in {e.n_documents}, {e.description}, {e.source}"
            for e in resolution.entities
        ],
        "uses": [
            f"{u.group} {u.key} ({u.name}): {'/'.join(u.roles)}; {'/'.join(u.acronyms)}; {'/'.join(u.apart)}; {'/'.join(u.origins)}; "
            f"{'/'.join(f'{i} {n}' for i, n in u.company)}; {'/'.join(u.others)}; {'/'.join(u.metonym_of)}"
            for u in uses
        ],
        "genders": [f"{identity}: {told.gender}" for identity, told in resolution.genders.items()],
        "selected": [f"{key}: {value}" for key, value in selected.items()],
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: str(e["rule"]))
def test_names_have_their_entities(example: dict[str, Any]) -> None:
    found = shown(example)
    assert {key: found[key] for key in found if key in example} == {key: example[key] for key in found if key in example}


def _likeness(found: Likeness | None) -> str:
    return f"{found.score} needs {found.needs}" if found else "none"


def _parts_of(name: str) -> str:
    parsed = parse_person(name)
    own = [" ".join(parsed.words), *(" ".join(words) for words in parsed.surnames)]
    return ", ".join([*own, *(f"({part})" for part in (parsed.generation, parsed.nickname) if part)])


FORMS: dict[str, Callable[..., str]] = {
    "persons": lambda a, b: _likeness(compare_persons(a, b)),
    "bodies": lambda a, b: _likeness(compare_bodies(a, b)),
    "parts": _parts_of,
    "part": lambda short, name: str(part_of(tuple(short.split()), parse_person(name))),
    "normal": lambda group, name: normal(name, group),
    "words": lambda name: " ".join(tokens_of(name)),
    "sounds": sound_of,
    "skeletons": skeleton,
    "initials": initials,
    "acronyms": lambda name: str(is_acronym(name)),
    "given": lambda a, b: str(are_forms_of_one_given_name(a, b)),
    "parted": lambda label, spelling, other: entity_id_of(label, spelling, other),
    "between": lambda text: str(is_other_name(text.strip("_"))),
}
"""What is told of single names and of pairs of them, by the name of its list in the file."""


@pytest.mark.parametrize("kind", FORMS)
def test_names_have_their_forms(kind: str) -> None:
    rows = DATA["forms"][kind]
    assert [f"{given} = {FORMS[kind](*given.split(' | '))}" for given in (row.rpartition(" = ")[0] for row in rows)] == rows
