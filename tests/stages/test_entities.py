"""Names become entities: within an article, across articles, and with the corpus's authority."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qantar.schema import Mention, Quote, Sentence
from qantar.stages.entities import Resolution, link_mentions, name_document, resolve_entities, unlinked_names
from qantar.stages.entities.compared_before import Compared, Comparison
from qantar.stages.entities.evidence import Merged
from qantar.stages.entities.gathering import countries_of
from qantar.stages.entities.likeness import Likeness
from qantar.stages.entities.name_forms import first_word_of_place, group_of, normal
from qantar.stages.entities.role_descriptions import resolve_roles
from qantar.text.known_names import Known, Names, load_names
from tests.stages.articles import article, lexicon, mentions_of, names_of

PAIRS = [
    [part.strip() for part in line.split("|")]
    for line in (Path(__file__).parent / "name_pairs.txt").read_text("utf-8").splitlines()
    if line.startswith(("+", "-", "?"))
]


QUOTE = Quote(
    quote_id="aaaaaaaaaaaa-q0",
    document_id="a" * 12,
    sentence_id="aaaaaaaaaaaa-s0",
    kind="indirect",
    text="so",
    start=0,
    end=2,
    raw_start=None,
    raw_end=None,
    segments=[[0, 2]],
    cue=None,
    cue_start=None,
    cue_end=None,
    speaker="the mayor",
    speaker_start=3,
    speaker_end=8,
    speaker_entity_id=None,
    speaker_basis="description",
    parent_quote_id=None,
    quote_group_id=None,
    method="test",
    score=1.0,
)


def read_marked(marked: str, label: str, document_id: str) -> tuple[str, list[Mention], Mention]:
    """A text, its mentions, and the one that stands in square brackets in `marked`; an acronym in it is a mention of its own."""
    before, name, after = marked.replace("]", "[").split("[")
    text = before + name + after
    start = len(before)
    full, _, acronym = name.partition(" (")
    spans = [(start, start + len(full))] + ([(start + len(full) + 2, start + len(name) - 1)] if acronym else [])
    found = mentions_of(text, document_id=document_id)
    inside = [m for m in found if (m.start, m.end) == spans[0] and m.label == label and m.entity_id]
    others = [m for m in found if m.end <= spans[0][0] or m.start >= spans[-1][1]]
    _, sentences = article(text, document_id)
    template = replace(
        (found or mentions_of("Kazakhstan", document_id=document_id))[0],
        sentence_id=sentences[0].sentence_id,
        label=label,  # type: ignore[arg-type]
        entity_id=None,
        link_method=None,
        link_score=None,
        metonym_of=None,
        method="model",
    )
    made = [replace(template, mention_id=f"{document_id}-m{a}", start=a, end=b, text=text[a:b]) for a, b in spans]
    if inside:
        made[0] = inside[0]
    return text, sorted([*others, *made], key=lambda m: m.start), made[0]


def resolve(articles: list[tuple[str, list[Mention]]], names: Names | None = None) -> Resolution:
    uses = [use for text, mentions in articles for use in name_document(mentions, text, sentences_of(text, mentions))]
    return resolve_entities(uses, names or names_of("\n".join(text for text, _ in articles)))


def sentences_of(text: str, mentions: list[Mention]) -> list[Sentence]:
    return article(text, mentions[0].document_id if mentions else "a" * 12)[1]


def linked_mentions(text: str, mentions: list[Mention], names: Names | None = None) -> list[Mention]:
    """The mentions of one article, linked as in a corpus of it alone."""
    return link_mentions(mentions, resolve([(text, mentions)], names), text, sentences_of(text, mentions))


def are_one(label: str, first: str, second: str) -> bool:
    texts = [read_marked(first, label, "a" * 12), read_marked(second, label, "b" * 12)]
    resolution = resolve([(text, mentions) for text, mentions, _ in texts])
    ids = []
    for text, mentions, marked in texts:
        linked = {m.mention_id: m for m in link_mentions(mentions, resolution, text, sentences_of(text, mentions))}
        ids.append(linked[marked.mention_id].entity_id)
    assert all(ids)
    return ids[0] == ids[1]


@pytest.mark.parametrize(("mark", "label", "first", "second"), PAIRS)
def test_names_become_one_entity_or_stay_two_as_they_are_marked(mark: str, label: str, first: str, second: str) -> None:
    assert are_one(label, first, second) == (mark == "+")


def test_most_of_the_pairs_that_are_one_become_one() -> None:
    n = Counter(mark for mark, *_ in PAIRS)
    assert min(n["+"], n["-"]) >= 60
    assert n["?"] <= 0.15 * (n["+"] + n["?"])


# --- within an article ---------------------------------------------------------------------------------------


def linked(text: str, names: Names | None = None) -> dict[str, str | None]:
    """Entity by spelling, of the last mention of each."""
    mentions = mentions_of(text, names)
    return {m.text: m.entity_id for m in linked_mentions(text, mentions, names)}


@pytest.mark.parametrize(
    ("text", "short", "full"),
    [
        ("Joanna Lillis wrote from Almaty. Lillis said so.", "Lillis", "Joanna Lillis"),
        ("President Ngozi Adebayo spoke. Mr Adebayo's aides agreed.", "Adebayo", "Ngozi Adebayo"),
        ("Joanna Lillis wrote. Readers told Joanna that.", "Joanna", "Joanna Lillis"),
        (
            "The Bulan Institute for Peace Innovations met. The Bulan Institute said so.",
            "Bulan Institute",
            "Bulan Institute for Peace Innovations",
        ),
        ("The National Rescue Committee (NRC) met. Then the NRC voted.", "NRC", "National Rescue Committee"),
        ("Sergei Shoigulov spoke. Shoygulov said no.", "Shoygulov", "Sergei Shoigulov"),
    ],
)
def test_a_short_form_leads_to_the_full_name_of_the_article(text: str, short: str, full: str) -> None:
    entities = linked(text)
    assert entities[short] == entities[full] is not None


def test_two_people_of_one_surname_stay_two_and_a_bare_surname_is_the_one_named_last_before() -> None:
    text = "Maria Rossi won. Rossi smiled. David Rossi lost. Rossi said nothing."
    mentions = mentions_of(text)
    ids = [m.entity_id for m in linked_mentions(text, mentions)]
    assert ids == ["person-maria-rossi", "person-maria-rossi", "person-david-rossi", "person-david-rossi"]


def test_an_acronym_in_brackets_that_begins_otherwise_is_another_name() -> None:
    entities = linked("The National Rescue Committee (BBC) met.")
    assert entities["BBC"] == "bbc" != entities["National Rescue Committee"]


def test_a_name_that_a_headline_or_a_dateline_gives_in_capitals_is_called_as_the_text_has_it() -> None:
    text = "MARIA ROSSI WINS. Maria Rossi smiled."
    assert [e.name for e in resolve([(text, mentions_of(text))]).entities] == ["Maria Rossi"]


# --- across articles -----------------------------------------------------------------------------------------

ARTICLES = [
    "President Ngozi Adebayo of Nigeria met Anna Lindberg. Adebayo said the OSCE had agreed.",
    "Ngozi Adébayo spoke in Nigeria. The Supreme Court of Nigeria ruled; the Supreme Court said so.",
    "Anna Lindberg wrote from Sweden. Khan said no in Pakistan.",
    "Khan said yes in Fiji. Moscow has denied it, the Kazakh said.",
]


def resolved(order: list[int]) -> Resolution:
    texts = [(ARTICLES[i], mentions_of(ARTICLES[i], document_id=f"{i}" * 12)) for i in order]
    return resolve(texts)


def test_the_order_of_articles_makes_no_difference() -> None:
    order = list(range(len(ARTICLES)))
    first = resolved(order)
    for seed in range(5):
        random.Random(seed).shuffle(order)
        assert resolved(order) == first


def test_ids_stay_when_an_article_is_added_or_removed() -> None:
    everything = {e.entity_id for e in resolved([0, 1, 2, 3]).entities}
    for without in range(4):
        some = {e.entity_id for e in resolved([i for i in range(4) if i != without]).entities}
        assert some <= everything


def test_a_bare_surname_of_two_articles_without_evidence_is_two_people() -> None:
    ids = {e.entity_id for e in resolved([2, 3]).entities if e.name == "Khan"}
    assert ids == {"person-khan-222222222222", "person-khan-333333333333"}


def test_counts_and_aliases_are_those_of_the_mentions() -> None:
    entity = next(e for e in resolved([0, 1]).entities if e.entity_id == "person-ngozi-adebayo")
    assert (entity.n_mentions, entity.n_documents, entity.source) == (3, 2, "text")
    assert entity.aliases == ["Adebayo", "Ngozi Adebayo", "Ngozi Adébayo"]


def test_a_people_brings_the_row_of_its_country_and_a_metonym_that_of_its_government() -> None:
    entities = {e.entity_id: e for e in resolved([3]).entities}
    assert entities["kazakh"].related_id == "kazakhstan"
    assert entities["kazakhstan"].n_mentions == 0
    assert entities["russia"].n_mentions == 0


def test_places_have_coordinates_and_ids_that_a_package_or_a_person_verified() -> None:
    text = "He went from Almaty to Moscow."
    entities = {e.entity_id: e for e in resolve([(text, mentions_of(text))], names_of(text, among=lexicon())).entities}
    assert (entities["moscow-ru"].wikidata_id, round(entities["moscow-ru"].latitude or 0)) == ("Q649", 56)
    assert (entities["almaty-kz"].wikidata_id, round(entities["almaty-kz"].longitude or 0)) == ("Q35493", 77)


def test_the_commonest_unlinked_names_are_listed() -> None:
    assert [e.name for e in unlinked_names(resolved([0, 1, 2]).entities, 2)] == ["Ngozi Adebayo", "Supreme Court of Nigeria"]


# --- with an authority ---------------------------------------------------------------------------------------


def person(identity: str, name: str, *aliases: str, roles: tuple[str, ...] = ()) -> Known:
    return Known(identity, name, "PERSON", "authority", description="Mayor", aliases=aliases, roles=roles)


def test_the_authority_comes_before_similarity() -> None:
    names = names_of("", [person("ada-obi", "Ada Obi", "Obi", "Adah Oby")])
    assert linked("Mayor Adah Oby spoke. Obi laughed.", names) == {"Adah Oby": "ada-obi", "Obi": "ada-obi"}


def test_a_spelling_that_the_authority_lacks_leads_to_it_by_likeness() -> None:
    names = names_of("", [person("sergei-obolensky", "Sergei Obolensky")])
    mentions = mentions_of("Sergey Obolenskiy spoke.", names)
    (mention,) = linked_mentions("Sergey Obolenskiy spoke.", mentions, names)
    assert (mention.entity_id, mention.link_method) == ("sergei-obolensky", "similarity")


def test_a_slip_is_linked_only_in_its_passage_and_says_so() -> None:
    text = "They fled to neighboring Kurdistan. Kurdistan is in Iraq too."
    names = names_of(text, [Known("kyrgyzstan", "Kyrgyzstan", "GPE", "authority", slips=("neighboring [Kurdistan]",))])
    slip, right = mentions_of(text, names)[:2]
    assert (slip.text, slip.entity_id, slip.link_method, slip.link_score) == ("Kurdistan", "kyrgyzstan", "slip", 0.5)
    assert (right.text, right.entity_id, right.link_method) == ("Kurdistan", "kurdistan", "lexicon")


def test_a_description_leads_to_the_one_holder_of_the_role_whom_the_article_names() -> None:
    obi = person("ada-obi", "Ada Obi", roles=("mayor of Lagos", "Lagos mayor"))
    names = names_of("", [obi, person("bo-li", "Bo Li", roles=("mayor of Kano",))])
    mentions = mentions_of("Ada Obi spoke.", names)
    roles = resolve([("Ada Obi spoke.", mentions)], names).roles
    quotes = [replace(QUOTE, speaker=speaker) for speaker in ("the Lagos mayor", "The mayor of Kano", "the mayor")]
    quotes.append(replace(QUOTE, speaker="the Lagos mayor", speaker_basis="pronoun"))
    assert [q.speaker_entity_id for q in resolve_roles(quotes, mentions, roles)] == ["ada-obi", None, None, None]


def test_an_authority_moves_nothing_to_another_country(tmp_path: Path) -> None:
    """What is gathered of a shard's names is stored whatever the authority says."""
    authority = tmp_path / "authority.csv"
    rows = "kazakhstan,Qazaqstan,GPE,,,\nkazakh,Qazaq,NORP,,,\nzarb,Zarb,GPE,,,\n"
    authority.write_text(f"id,name,label,wikidata_id,description,aliases\n{rows}", "utf-8")
    assert countries_of(load_names(authority)) == countries_of(lexicon())


def test_names_are_compared_again_where_a_mark_or_what_is_common_is_another() -> None:
    found = iter(range(9))
    one, two, three = ("PERSON", "ana moss", ""), ("PERSON", "anna moss", ""), ("PERSON", "moss", "")

    def compare(common: str, marks: tuple[int, ...], told: str, before: Compared | None) -> tuple[list[Any], Compared]:
        comparison = Comparison(frozenset([common]), before)
        named = dict(zip((one, two, three), marks, strict=False))
        pairs = comparison.block(("PERSON", "ms"), named, lambda a, b: Likeness(next(found), 0) if three not in (a, b) else None)
        assert comparison.block(("PERSON", "mos~1"), named, lambda *_: None) == pairs, "two names are compared once"
        lone = comparison.of_lone("moss", told, lambda: ({one: Merged(str(next(found)), (), "name", 0.5)}, []))
        return [pairs[0][2].score, lone[0][one].known_id], Compared.read(comparison.now.write())

    first, before = compare("x", (1, 2), "a", None)
    assert first == [0, "1"]
    assert compare("x", (1, 2), "a", before)[0] == first
    assert compare("x", (1, 2, 3), "a", before)[0] == first
    assert compare("x", (1, 3), "b", before)[0] == [2, "3"]
    assert compare("y", (1, 2), "a", before)[0] == [4, "5"]


def test_the_first_word_of_a_place_is_that_of_its_normal_form() -> None:
    places = [one for one in lexicon().entities.values() if group_of(one.label) == "PLACE"]
    names = [spelling for one in places for spelling in (one.name, *one.aliases)]
    odd = ["Centre Hill", "Town's End", "'s Gate", "", " Lee", "Cape 's Bay"]
    read = {name: word for name in [*names, *odd] if (word := first_word_of_place(name))}
    assert {name: normal(name, "PLACE").partition(" ")[0] for name in read} == read
    assert len(read) > len(names) / 2
