"""Known names: the shipped lexicon, the corpus's authority and the errors it may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from qantar.settings import QantarError
from qantar.text.known_names import Names, load_names, words_of
from tests.stages.articles import lexicon
from tests.work import count_work

HEADER = "id,name,label,wikidata_id,description,aliases"
ROOT = Path(__file__).parents[2]


def found(text: str, names: Names | None = None) -> list[tuple[str, str]]:
    names = names or lexicon()
    return [(text[m.start : m.end], m.ids[0]) for m in names.find(words_of(text), text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the U.S. and the UK", [("U.S.", "united-states"), ("UK", "united-kingdom")]),
        ("CÔTE D’IVOIRE", [("CÔTE D’IVOIRE", "ivory-coast")]),
        ("central Asia", [("central Asia", "central-asia")]),
        ("South Africans", [("South Africans", "south-african")]),
        ("Papua New Guinea", [("Papua New Guinea", "papua-new-guinea")]),
        ("a turkey in china", []),
        ("the United Nations Security Council", [("United Nations Security Council", "un-security-council")]),
        ("who asked who?", []),
        ("Oklahoma and Oklahoma City", [("Oklahoma", "oklahoma-us-region"), ("Oklahoma City", "oklahoma-city-us")]),
    ],
)
def test_known_names_are_found_whole_and_in_their_letter_case(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_every_country_has_a_verified_id_and_coordinates() -> None:
    countries = [known for known in lexicon().entities.values() if known.is_country]
    assert len(countries) > 240
    lacking = [known.id for known in countries if not known.wikidata_id or known.latitude is None]
    assert len(lacking) <= 6, lacking  # scattered islands and bases


def test_peoples_belong_to_places_that_exist() -> None:
    entities = lexicon().entities
    assert [k.id for k in entities.values() if k.related_id and k.related_id not in entities] == []


def test_the_lexicon_loads_and_matches_with_few_steps_a_name_and_a_word() -> None:
    names = load_names(None)
    assert count_work(lambda: load_names(None)) < 50 * len(names.entities)
    text = "President of Kazakhstan met the Russian foreign minister in Nur-Sultan on Friday . " * 200
    words = words_of(text)
    assert len(list(names.find(words, text))) == 600
    assert count_work(lambda: list(names.find(words, text))) < 10 * len(words)


def test_the_authority_of_this_corpus_is_sound() -> None:
    names = load_names(ROOT / "raw" / "authority.csv")
    assert names.entities["kyrgyzstan"].wikidata_id == "Q813"
    assert names.entities["kyrgyzstan"].latitude is not None, "a row with an id of the lexicon's adds to what that says"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["id,name,label"], "line 1: no column wikidata_id, description, aliases"),
        ([f"{HEADER},born"], "line 1: unknown column born"),
        ([HEADER, "a,Ann,HUMAN,,,"], "line 2: unknown label 'HUMAN'"),
        ([HEADER, "# remark", "A b,Ann,PERSON,,,"], "line 3: the id 'A b'"),
        ([HEADER, "a,Ann Lee,PERSON,,,", "a,Ann Poe,PERSON,,,"], "line 3: the id a is already that of line 2"),
        ([HEADER, "a,Ann Lee,PERSON,,,Lee|Lee"], "line 2: 'Lee' stands twice"),
        ([HEADER, "a,Ann Lee,PERSON,,,Lee", "b,Bob Lee,PERSON,,,Lee"], "line 3: 'Lee' is already claimed by a (line 2)"),
        ([HEADER, "a,Ann Lee,PERSON,X5,,"], "line 2: 'X5' is not a Wikidata id"),
        ([HEADER, "a,,PERSON,,,"], "line 2: a has no name"),
        ([HEADER, "a,Ann,PERSON,,"], "line 2: 5 cells where the header has 6"),
        ([f"{HEADER},slips", "a,Ann,PERSON,,,,Anne"], "line 2: the slip 'Anne'"),
    ],
)
def test_an_error_in_the_authority_names_its_line(tmp_path: Path, lines: list[str], says: str) -> None:
    path = tmp_path / "authority.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(QantarError) as error:
        load_names(path)
    assert says in str(error.value)
    assert str(path) in str(error.value)


def test_two_entities_of_different_labels_may_share_an_alias(tmp_path: Path) -> None:
    path = tmp_path / "authority.csv"
    path.write_text(f"{HEADER}\ngeorgia-x,Georgia Xu,PERSON,,,Xu\nxu-town,Xu,GPE,,,\n", "utf-8")
    assert {"georgia-x", "xu-town"} <= load_names(path).entities.keys()
