"""Short news texts of many kinds, read as a build reads them: what a careful reader expects of each is found.

A check of passages.toml and speakers.toml is ["Q", words, "speaker|or another", kinds, whole]: a quote with these words (nothing else, if
whole), whose speaker's entity or words hold one of these; ["NQ", words]: no quote but an unattributed one; ["M", "name|or", "LABEL|or",
"value|or"]: a mention, with its value if one is given; ["NM", name]: none; ["SAME" or "DIFF", name, name]: one entity, or none in common.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from qantar.schema import Article, Mention, Quote
from qantar.settings import Corpus
from qantar.stages.articles import list_sources, load_catalogue, read_articles
from qantar.stages.blocks import Cleaned, clean_article
from qantar.stages.entities import link_mentions, name_document, resolve_entities
from qantar.stages.mentions import names_spelled
from qantar.stages.quotes import resolve_speakers
from qantar.text.known_names import Names
from tests.stages.trees import annotator

FILES = ("passages.toml", "speakers.toml")
PASSAGES: list[dict[str, Any]] = [p for file in FILES for p in tomllib.loads(Path(__file__).with_name(file).read_text("utf-8"))["passage"]]
OPEN = {
    "I never wanted to be captain",
    "Port expansion to create",
    "The expansion of Sohar's",
    "We expect passengers to be",
    "Our men responded",
    "an inquiry was under way",
    "Why should they stop",
    "I read it in the queue",
    "Nobody had the decency",
}
"""Words of checks that do not hold: headlines that are nobody's, pronouns for those who have no name, dashes for marks."""


class Read(NamedTuple):
    """What was found in one text."""

    quotes: list[Quote]
    mentions: list[Mention]
    names: dict[str | None, str]


def read_passages(passages: list[dict[str, Any]], folder: Path) -> dict[str, Read]:
    """Passages by name, their names and speakers resolved together, each published on one day; `folder` is for their files."""
    for passage in passages:
        (folder / f"{passage['name']}.txt").write_text(passage["text"].strip() + "\n", "utf-8")
    (folder / "articles.csv").write_text("path,published_on\n" + "".join(f"{p['name']}.txt,2024-03-13\n" for p in passages), "utf-8")
    catalogue, made = load_catalogue(folder), {}
    for source in list_sources(folder)[0]:
        for article in read_articles(folder, source, catalogue, Corpus()):
            cleaned = clean_article(article) if isinstance(article, Article) else article
            assert isinstance(cleaned, Cleaned)
            made[Path(source.path).stem] = (cleaned.blocks, annotator().annotate(cleaned.document, cleaned.blocks))
    uses = (u for _, a in made.values() for u in name_document(a.mentions, a.document.text, a.sentences, a.document.published_on))
    resolution = resolve_entities(uses, spelled(" ".join(a.document.text for _, a in made.values())))
    names: dict[str | None, str] = {e.entity_id: e.name for e in resolution.entities}
    read = {}
    for name, (blocks, a) in made.items():
        mentions = link_mentions(a.mentions, resolution, a.document.text, a.sentences)
        read[name] = Read(resolve_speakers(a.quotes, mentions, a.sentences, blocks, resolution.genders), mentions, names)
    return read


def spelled(text: str) -> Names:
    """Those of the known names that a text spells, and their countries: all that resolving its names needs (test_names_spelled.py)."""
    every = annotator().names
    names = Names(first_names=every.first_names, common=every.common)
    for identity in every.with_countries(names_spelled(text, every)):
        names.add(every.entities[identity])
    return names


def plain(text: str | None) -> str:
    return " ".join((text or "").replace("’", "'").split())


def quoted(read: Read, words: str, speakers: str, kinds: list[str], whole: bool) -> bool:
    """Whether one of some speakers is given a quote with these words."""
    right = [q for q in read.quotes if q.kind in kinds]
    said = plain(words).strip(" ,.")
    hits = [q for q in right if plain(q.text).strip(" ,.") == said] if whole else [q for q in right if said in plain(q.text)]
    told = [f"{read.names.get(q.speaker_entity_id, '')} {q.speaker or ''}".lower() for q in hits]
    return any(speaker.lower() in words for words in told for speaker in speakers.split("|"))


def mentioned(read: Read, names: str, labels: str, values: str = "") -> bool:
    """Whether one of some names is a mention with one of the labels and values."""
    hits = [m for m in read.mentions if plain(m.text) in map(plain, names.split("|")) and m.label in labels.split("|")]
    return any(not values or m.value in values.split("|") for m in hits)


def holds(read: Read, kind: str, *check: Any) -> bool:
    """Whether a check holds."""
    if kind == "Q":
        return quoted(read, *check)
    if kind == "NQ":
        return not any(plain(q.text).strip("., ") == plain(check[0]) and q.kind != "unattributed" for q in read.quotes)
    if kind == "M":
        return mentioned(read, *check)
    if kind == "NM":
        return all(plain(m.text) != plain(check[0]) for m in read.mentions)
    one, other = ({m.entity_id for m in read.mentions if plain(m.text) == plain(name)} for name in check)
    return bool(one and other) and bool(one & other) == (kind == "SAME")


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda p: str(p["name"]))
def test_a_passage_is_read_as_a_careful_reader_reads_it(passage: dict[str, Any], tmp_path: Path) -> None:
    (found,) = read_passages([passage], tmp_path).values()
    assert [c for c in passage["checks"] if not holds(found, *c) and c[1] not in OPEN] == []


def test_what_is_said_to_be_open_is() -> None:
    assert {c[1] for p in PASSAGES for c in p["checks"]} >= OPEN
