"""Who is who among persons and bodies: small corpora in which names are marked, and must be one entity or two as they are marked."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from qantar.schema import Mention, PossibleSame, Sentence
from qantar.stages.entities import (
    Resolution,
    likeliest_same,
    link_mentions,
    name_document,
    read_links,
    resolve_entities,
    select_links,
    units_of,
)
from qantar.text.known_names import Names
from tests.stages.articles import article, few_names, lexicon, mentions_of, names_of

RULES = tomllib.loads((Path(__file__).parent / "persons.toml").read_text("utf-8"))["rule"]
CORPORA = [(rule["name"], corpus) for rule in RULES for corpus in rule["corpora"]]

Read = tuple[str, list[Mention], list[Sentence], dict[str, str]]


def read(marked: str, number: int, names: Names | None = None) -> Read:
    """A text whose names are marked as [name|who] or [name|who|label], its mentions and sentences, and who each marked mention is."""
    names = names or few_names()
    document_id = f"{number:012d}"
    text, spans = "", []
    for part in re.split(r"(\[[^\]|]+\|\w+(?:\|[A-Z]+)?\])", marked):
        if part.startswith("["):
            name, who, *label = part[1:-1].split("|")
            spans.append((len(text), len(text) + len(name), who, *(label or ["PERSON"])))
            part = name
        text += part
    _, sentences = article(text, document_id)
    template = replace(mentions_of("Kazakhstan", few_names(), document_id=document_id)[0], method="model", label="PERSON")
    template = replace(template, entity_id=None, link_method=None, link_score=None)
    known = [m for m in mentions_of(text, names, document_id=document_id) if m.entity_id]
    mentions = [m for m in known if not any(a < m.end and m.start < b for a, b, *_ in spans)]
    named = {}
    for start, end, who, label in spans:
        sentence_id = next(s.sentence_id for s in sentences if s.start <= start < s.end)
        place = f"{document_id}-m{start}"
        at = {"start": start, "end": end, "text": text[start:end], "label": label}
        mentions.append(replace(template, mention_id=place, sentence_id=sentence_id, **at))
        named[place] = who
    return text, sorted(mentions, key=lambda m: m.start), sentences, named


def resolved(texts: list[Read], days: list[date] | None = None, *more: str) -> Resolution:
    """Who is who in some texts; `more` are the ids of known entities that no text spells."""
    uses = [
        use
        for n, (text, mentions, sentences, _) in enumerate(texts)
        for use in name_document(mentions, text, sentences, days[n] if days else None)
    ]
    resolution = resolve_entities(uses, names_of("\n".join(text for text, *_ in texts), map(lexicon().entities.__getitem__, more)))
    assert read_links(select_links(resolution, units_of(use.unit for use in uses))).links == resolution.links
    return resolution


def entities_of(texts: list[Read], resolution: Resolution) -> list[tuple[str, str, str | None]]:
    """Name, who and entity of each marked mention."""
    found = []
    for text, mentions, sentences, named in texts:
        linked = {m.mention_id: m for m in link_mentions(mentions, resolution, text, sentences)}
        found += [(linked[place].text, who, linked[place].entity_id) for place, who in named.items()]
    return found


@pytest.mark.parametrize(("rule", "corpus"), CORPORA, ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(CORPORA)])
def test_names_are_one_or_two_as_they_are_marked(rule: str, corpus: list[str]) -> None:
    texts = [read(marked, n) for n, marked in enumerate(corpus)]
    named = entities_of(texts, resolved(texts))
    assert all(entity for *_, entity in named)
    wrong = [(a[:2], b[:2]) for a, b in combinations(named, 2) if (a[1] == b[1]) != (a[2] == b[2])]
    assert wrong == [], rule


def test_a_surname_years_apart_stays_alone() -> None:
    corpus = ["Senator [Loretta Quill|a] spoke to [Bo Stern|b] in Nigeria.", "Senator [Quill|a] met [Bo Stern|b] in Nigeria."]
    texts = [read(marked, n) for n, marked in enumerate(corpus)]
    near, far = ([date(2020, 1, 1), date(year, 1, 1)] for year in (2021, 1990))
    assert len({e for _, who, e in entities_of(texts, resolved(texts, near)) if who == "a"}) == 1
    assert len({e for _, who, e in entities_of(texts, resolved(texts, far)) if who == "a"}) == 2


def test_a_surname_joined_by_dominance_says_how_and_how_surely() -> None:
    corpus = ["Senator [Loretta Quill|a] spoke to [Bo Stern|b] in Nigeria.", "Senator [Quill|a] met [Bo Stern|b] in Nigeria."]
    texts = [read(marked, n) for n, marked in enumerate(corpus)]
    text, mentions, sentences, _ = texts[1]
    (quill,) = (m for m in link_mentions(mentions, resolved(texts), text, sentences) if m.text == "Quill")
    assert (quill.entity_id, quill.link_method) == ("person-loretta-quill", "surname")
    assert 0.5 < (quill.link_score or 0) < 1


def test_what_may_be_one_is_listed_with_what_speaks_for_it() -> None:
    corpus = ["[Loretta Quill|a] spoke in Nigeria.", "[Quill|q] wept in Nigeria.", "[Loretta M. Quill|a] spoke."]
    texts = [read(marked, n) for n, marked in enumerate(corpus)]
    resolution = resolved(texts)
    assert resolution.possible_same == [
        PossibleSame(entity_id="person-loretta-m-quill", other_id="person-quill-000000000001", score=0.38, evidence="surname, country")
    ]
    ((one, other, why),) = likeliest_same(resolution.possible_same, resolution.entities)
    assert (one.name, other.name, why) == ("Loretta M. Quill", "Quill", "surname, country")


def test_a_person_is_called_by_the_full_name_however_many_articles_give_the_surname_alone() -> None:
    full, short = "President [Loretta Quill|a] met [Bo Stern|b] in Nigeria.", "President [Quill|a] met [Bo Stern|b] in Nigeria."
    entities = resolved([read(marked, n) for n, marked in enumerate([full, full, short, short, short])]).entities
    assert [e.name for e in entities if e.label == "PERSON"] == ["Bo Stern", "Loretta Quill"]


def test_a_name_without_a_country_is_the_body_of_the_only_one_that_has_it() -> None:
    of_two, alone = "The [Supreme Army Council|a|ORG] met in Nigeria.", "The [Supreme Army Council|a|ORG] met."
    for corpus, ids in (
        ([of_two, alone], {"org-supreme-army-council-nigeria"}),
        (
            [of_two, alone, of_two.replace("Nigeria", "Norway")],
            {"org-supreme-army-council-nigeria", "org-supreme-army-council-000000000001"},
        ),
        ([of_two.replace("Supreme ", ""), alone.replace("Supreme ", "")], {"org-army-council-nigeria", "org-army-council-000000000001"}),
    ):
        texts = [read(marked, n) for n, marked in enumerate(corpus)]
        assert {e for _, _, e in entities_of(texts, resolved(texts))} - {"org-supreme-army-council-norway"} == ids


def test_the_security_council_is_that_of_the_united_nations_where_an_article_names_them() -> None:
    corpus = [
        "The [Security Council|a|ORG] met the UN in Nigeria.",
        "The [Security Council|b|ORG] met in Nigeria.",
        "The [Council|c|ORG] of the UN.",
    ]
    texts = [read(marked, n) for n, marked in enumerate(corpus)]
    assert [e for _, _, e in entities_of(texts, resolved(texts, None, "un-security-council"))] == [
        "un-security-council",
        "org-security-council-nigeria",
        "org-council-000000000002",
    ]


def test_an_adjective_names_its_people() -> None:
    texts = [read("A [Democratic|d|NORP] plan.", 0)]
    assert [e for _, _, e in entities_of(texts, resolved(texts, None, "democrat"))] == ["democrat"]


def test_genders_are_told_of_persons_and_nobody_else() -> None:
    texts = [read("Mrs [Vale|v] met [Zoltan Quist|z] in Nigeria.", 0)]
    genders = resolved(texts).genders
    assert {i: told.gender for i, told in genders.items()} == {"person-vale-000000000000": "female", "person-zoltan-quist": "male"}
