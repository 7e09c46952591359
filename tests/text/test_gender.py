"""What a text says of the gender and number of the persons it names."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from qantar.schema import Mention, Sentence
from qantar.stages.sentences import sentence_spans
from qantar.text.gender import (
    Evidence,
    Judged,
    agrees,
    conflicts,
    find_evidence,
    genders_by_entity,
    given_name_gender,
    judge,
    phrase_gender,
    phrase_number,
    pronoun,
)

RULES = tomllib.loads((Path(__file__).parent / "gender.toml").read_text("utf-8"))["rule"]
EXAMPLES = [(rule["name"], e["text"], e["says"].replace(" ", "")) for rule in RULES for e in rule["examples"]]


def read(marked: str) -> tuple[str, list[Mention], list[Sentence]]:
    """A text without the square brackets around its names, the names as mentions of persons, and its sentences."""
    text = ""
    mentions: list[Mention] = []
    for part in re.split(r"(\[[^\]]+\])", marked):
        if part.startswith("["):
            start, name = len(text), part[1:-1]
            m = Mention(
                mention_id=str(len(mentions)),
                document_id="d",
                sentence_id="",
                entity_id=name.split()[-1],
                label="PERSON",
                start=start,
                end=start + len(name),
                raw_start=None,
                raw_end=None,
                text=name,
                value=None,
                method="rule",
                score=1.0,
            )
            mentions.append(m)
            part = name
        text += part
    sentences = [
        Sentence(
            sentence_id=str(n),
            document_id="d",
            block_id=str(text[:a].count("\n\n")),
            position=n,
            start=a,
            end=b,
            raw_start=None,
            raw_end=None,
            text=text[a:b],
            n_tokens=0,
            is_heading=False,
        )
        for n, (a, b) in enumerate(sentence_spans(text))
    ]
    return text, mentions, sentences


@pytest.mark.parametrize(("rule", "marked", "says"), EXAMPLES, ids=[f"{rule}-{n}" for n, (rule, _, _) in enumerate(EXAMPLES)])
def test_a_text_says_the_gender_of_its_persons(rule: str, marked: str, says: str) -> None:
    text, mentions, sentences = read(marked)
    evidence = find_evidence(text, mentions, sentences)
    found = "".join(
        "mf"[e.female + e.female_titles > e.male + e.male_titles] if (e := evidence.get(m.mention_id)) else "-" for m in mentions
    )
    assert found == says, rule


def test_the_text_goes_before_the_given_name() -> None:
    assert judge([Evidence(male_titles=1)], ["Carol Burnside"]) == Judged("male", by_text=True)
    assert judge([Evidence(male=1)], ["Carol Burnside"]) == Judged("female")
    assert judge([Evidence(male_titles=1), Evidence(female_titles=1)], ["Carol Burnside"]) == Judged(None)
    assert judge([Evidence(male=1), Evidence(male=1)], []) == Judged("male", by_text=True)


def test_a_given_name_alone_makes_no_conflict_with_another() -> None:
    assert conflicts(Judged("male", by_text=True), Judged("female"))
    assert not conflicts(Judged("male"), Judged("female"))
    assert not conflicts(Judged("male", by_text=True), Judged(None))


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Hillary Clinton", "female"),
        ("Donald J. Trump", "male"),
        ("Baroness Loretta Vane", "female"),
        ("Jordan Pike", None),
        ("Li Mei", None),
        ("Malvina", None),
        ("Zhuldyz Karimova", "female"),
        ("Zhuldyz Karimov", "male"),
        ("Bakhyt Villanueva", None),
        ("Qwert Serikqyzy", "female"),
    ],
)
def test_names_tell_a_gender(name: str, gender: str | None) -> None:
    assert given_name_gender(name) == gender


def test_words_tell_gender_and_number() -> None:
    assert [phrase_gender(p) for p in ("his wife", "the waiter", "a mother of three", "the mayor", "former Congresswoman", "")] == [
        "female",
        "male",
        "female",
        None,
        "female",
        None,
    ]
    assert [phrase_number(p) for p in ("officials", "the Clintons", "two women", "police", "the boss", "Ann and Bo", "", "Jones")] == [
        *("plural",) * 4,
        "singular",
        "plural",
        None,
        None,
    ]


@pytest.mark.parametrize("phrase", ["his crew", "the crowd", "her staff"])
def test_a_body_of_people_is_no_he_or_she(phrase: str) -> None:
    """A crew that had spoken was taken for the “he” of the next quote, and its captain lost it."""
    assert phrase_number(phrase) == "plural"


def test_pronouns_agree_with_persons() -> None:
    assert not agrees("she", Judged("male"))
    assert agrees("they", Judged("male", by_text=True))
    assert not agrees("Mrs", Judged("male"))
    assert agrees("he", None)
    it = pronoun("Its")
    assert it is not None
    assert it.is_thing and it.is_possessive
    assert pronoun("table") is None


def test_a_persons_mentions_are_judged_together() -> None:
    text, mentions, sentences = read("[Robin Vale] spoke. Mrs [Vale] smiled at [Kim Dorn], and [Zoltan Quist] waited.")
    assert genders_by_entity(text, mentions, sentences) == {"Vale": Judged("female", by_text=True), "Quist": Judged("male")}
