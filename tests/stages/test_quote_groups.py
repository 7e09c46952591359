"""Which wordings are one utterance, and which are not."""

from __future__ import annotations

import random
import tomllib
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.schema import Quote, QuoteKind, SpeakerBasis
from qantar.stages.quote_groups import group_quotes, group_wordings
from qantar.stages.quote_groups.noted_words import words_of
from qantar.stages.quote_groups.wordings_alike import in_order, most_there, similarity
from qantar.stages.quote_groups.wordings_read import LIGHT

HOUSE = "One lesson of our history is that once guests are in your kitchen, it is often very hard to make them go."


def quote(
    number: int,
    text: str,
    speaker: str | None = "lee",
    document: str | None = None,
    kind: QuoteKind = "direct",
    basis: SpeakerBasis = "name",
) -> Quote:
    document = document or f"{number:012d}"
    return Quote(
        quote_id=f"{document}-q{number}",
        document_id=document,
        sentence_id=f"{document}-s0",
        kind=kind,
        text=text,
        start=0,
        end=len(text),
        raw_start=None,
        raw_end=None,
        segments=[[0, len(text)]],
        cue=None,
        cue_start=None,
        cue_end=None,
        speaker=None,
        speaker_start=None,
        speaker_end=None,
        speaker_entity_id=speaker,
        speaker_basis=basis,
        parent_quote_id=None,
        quote_group_id=None,
        method="test",
        score=1.0,
    )


@pytest.mark.parametrize(
    "wording",
    [
        HOUSE,
        HOUSE.upper(),
        "I believe a lesson of our history is that, once guests feel at ease, it is often very hard to make them go",
        "that once guests are there, it's very hard to make them go",
        "Well, let me say this about the matter of last week: "
        + HOUSE
        + " And that is all that I have to say about the matter today, thank you.",
    ],
)
def test_wordings_of_one_utterance_are_a_group(wording: str) -> None:
    groups, members = group_quotes([quote(1, HOUSE), quote(2, wording, kind="indirect")])
    assert [(g.n_quotes, g.n_documents, g.speaker_entity_id) for g in groups] == [(2, 2, "lee")]
    assert {m.quote_id for m in members} == {"000000000001-q1", "000000000002-q2"}
    assert all(0.6 < m.similarity <= 1 for m in members)


@pytest.mark.parametrize(
    "statement",
    [
        "We do not see why the guests were ever asked into the kitchen, and we have put that to the family.",
        "It is very hard for the family to make peace after what happened in the kitchen.",
        "The guests ought to go at once.",
        "Our history shows that families do not forget.",
    ],
)
def test_the_same_stance_in_other_words_stays_apart(statement: str) -> None:
    assert group_quotes([quote(1, HOUSE), quote(2, statement)]).groups == []


def test_words_are_compared_without_case_and_the_commonest_endings() -> None:
    words = words_of("Kings’ cities, the king's boss; RED ring needed twelve gladly fixed lasting bosses")
    assert words == (*("king", "city", "the", "king", "boss", "red", "ring", "need", "12", "glad", "fix", "last", "boss"),)


@pytest.mark.parametrize(
    "statement",
    [
        "Seven, eight and nine boats sank off Aktau",  # numbers in words
        "7, 8 and 9 boats sank off Aktau, 40 of them small",  # a figure more
    ],
)
def test_the_same_figures_are_one_utterance(statement: str) -> None:
    said = "7, 8 and 9 boats sank off Aktau"
    for one, other in ((said, statement), (statement, said)):
        assert len(group_quotes([quote(1, one), quote(2, other)]).groups) == 1


def test_a_speaker_who_is_not_named_may_be_another() -> None:
    assert len(group_quotes([quote(1, HOUSE), quote(2, HOUSE, speaker="ray", basis="pronoun")]).groups) == 1


def test_an_unknown_speaker_needs_less_than_another() -> None:
    other = HOUSE.replace("kitchen", "garden")
    for speakers in (("lee", None), (None, "lee")):
        quotes = [quote(n, text, speaker) for n, (text, speaker) in enumerate(zip((HOUSE, other), speakers, strict=True))]
        assert len(group_quotes(quotes).groups) == 1
    assert group_quotes([quote(1, HOUSE), quote(2, other, speaker="ray", basis="pronoun")]).groups == []


NOUNS = ["anchor", "barrel", "canvas", "dolphin", "ember", "falcon", "garnet"]


@pytest.mark.parametrize(("shared", "n_groups"), [(NOUNS, 0), ([*NOUNS, "hammock"], 1)])
def test_six_of_ten_words_by_weight_are_in_common(shared: list[str], n_groups: int) -> None:
    one, other = " ".join(shared), " ".join(shared)
    quotes = [quote(1, f"{one} quartz ribbon saddle timber"), quote(2, f"{other} umbrella velvet walnut yeast zinc")]
    assert len(group_quotes(quotes).groups) == n_groups


def test_words_that_are_far_from_each_other_are_no_wording() -> None:
    scattered = " of the and in to it ".join(NOUNS)
    assert group_quotes([quote(1, " ".join(NOUNS)), quote(2, scattered)]).groups == []


@pytest.mark.parametrize(("short", "long", "weight"), [("0011", "0101", 5.0), ("0020", "0120", 2.5), ("01", "10", 2.0)])
def test_the_heaviest_words_in_order_are_found(short: str, long: str, weight: float) -> None:
    places = {int(word): [n for n, other in enumerate(long) if other == word] for word in long}
    assert in_order([*map(int, short)], places, [1.0, 2.0, 0.5], 0, len(long)) == weight


def test_the_beginning_of_a_wording_is_all_of_it_though_its_first_words_weigh_little() -> None:
    short = "It is in the kitchen that guests stay longest"
    _, members = group_quotes([quote(1, short), quote(2, f"{short} every single winter")])
    assert [m.similarity for m in members] == [1.0, 1.0]


def test_the_place_of_a_wording_in_a_far_longer_one_begins_with_a_word_that_carries_meaning() -> None:
    assert similarity([1, 0], [1, 0, *[2] * 20], [1.0, LIGHT, 1.0]) == 1 / (1 + LIGHT)


def test_words_are_counted_as_often_as_they_are_said() -> None:
    weights = [1.0, 2.0, 4.0]
    assert [*most_there([0, 0, 1], [0, 0, 0, 2, 1, 0], weights, range(6), 3)] == [2.0, 2.0, 3.0, 3.0, 3.0, 1.0]


def test_what_another_person_says_stays_apart_even_in_the_same_words() -> None:
    assert group_quotes([quote(1, HOUSE), quote(2, HOUSE, speaker="ray")]).groups == []


def test_what_a_whole_passage_says_is_no_evidence_for_indirect_speech_but_for_a_quotation() -> None:
    assert group_quotes([quote(1, HOUSE, kind="block"), quote(2, HOUSE + " All know it.", kind="indirect")]).groups == []
    assert len(group_quotes([quote(1, HOUSE, kind="block"), quote(2, HOUSE + " All know it.")]).groups) == 1


def test_a_wording_whose_speaker_is_unknown_needs_more_words_in_common() -> None:
    assert len(group_quotes([quote(1, HOUSE), quote(2, HOUSE[:-8], speaker=None)]).groups) == 1
    assert group_quotes([quote(1, HOUSE), quote(2, "once guests are there, it's very hard to make them go", speaker=None)]).groups == []


def test_utterances_of_one_speaker_are_told_apart_and_their_translations_joined() -> None:
    utterances = tomllib.loads((Path(__file__).parent / "utterances.toml").read_text("utf-8"))["utterance"]
    said = [(n, text) for n, u in enumerate(utterances) for text in u["wordings"]] + [
        (-1, text) for u in utterances for text in u["others"]
    ]
    group_of = {m.quote_id: m.quote_group_id for m in group_quotes([quote(i, text) for i, (_, text) in enumerate(said)]).members}
    groups = [group_of.get(f"{i:012d}-q{i}") for i in range(len(said))]
    pairs = [
        (said[i][0] == said[j][0] >= 0, groups[i] is not None and groups[i] == groups[j]) for i, j in combinations(range(len(said)), 2)
    ]
    assert sum(joined for one, joined in pairs if not one) == 0
    assert sum(joined for one, joined in pairs if one) / sum(one for one, _ in pairs) > 0.9


def test_the_same_sentence_with_other_figures_is_another_utterance() -> None:
    monday = "We have counted 120 new cases in the city and 14 in the villages around it since the morning."
    tuesday = "We have counted 95 new cases in the city and 11 in the villages around it since the morning."
    assert group_quotes([quote(1, monday), quote(2, tuesday)]).groups == []


def test_a_common_phrase_does_not_chain_two_utterances() -> None:
    phrase = "harbour towns rebuild"
    first = f"Fishermen lost nets, boats, houses: {phrase}"
    second = f"Ministers promised loans, grants, engineers: {phrase}"
    groups, _ = group_quotes([quote(1, first), quote(2, second), quote(3, phrase)])
    assert [g.n_quotes for g in groups] == [2]


def test_repetition_within_one_article_is_no_group() -> None:
    assert group_quotes([quote(1, HOUSE, document="a" * 12), quote(2, HOUSE, document="a" * 12)]).groups == []


def test_scare_quotes_and_short_phrases_are_no_evidence() -> None:
    assert [len(rows) for rows in group_wordings([], lambda _: {})] == [0, 0]
    assert group_quotes([quote(1, "very hard"), quote(2, "very hard")]).groups == []
    assert group_quotes([quote(1, HOUSE, kind="unattributed"), quote(2, HOUSE, kind="unattributed")]).groups == []


def test_the_fullest_wording_in_marks_stands_for_the_group() -> None:
    short, longer = HOUSE[40:], "My own view of it all: " + HOUSE
    (group,), members = group_quotes([quote(1, short), quote(2, longer), quote(3, longer + " He said more.", kind="indirect")])
    assert group.text == longer
    assert {m.quote_id: m.similarity for m in members}["000000000002-q2"] == 1.0


def test_the_result_does_not_depend_on_the_order_of_the_quotes() -> None:
    quotes = [quote(n, f"{HOUSE} Number {n // 3} of the series is about subject{n // 3} and topic{n // 3}.") for n in range(30)]
    shuffled = random.Random(3).sample(quotes, len(quotes))
    assert group_quotes(quotes) == group_quotes(shuffled)


def test_a_statement_that_hundreds_of_outlets_carry_is_one_group() -> None:
    quotes = [quote(n, HOUSE if n % 2 else HOUSE + f" Edition{n} has it all.") for n in range(400)]
    (group,) = group_quotes(iter(quotes)).groups
    assert (group.n_quotes, group.n_documents) == (400, 400)


@given(st.lists(st.integers(0, 11), min_size=1, max_size=8), st.lists(st.integers(0, 11), max_size=40), st.integers(4, 12))
def test_no_place_of_the_longer_wording_has_more_than_is_said_of_it(short: list[int], long: list[int], room: int) -> None:
    weights, starts = [0.2 if n % 3 == 0 else 1 + n / 16 for n in range(12)], range(0, len(long), 2)
    for start, most in zip(starts, most_there(short, long, weights, starts, room), strict=True):
        both = Counter(short) & Counter(long[start : start + room])
        assert most == pytest.approx(sum(weights[word] * n for word, n in both.items()))
