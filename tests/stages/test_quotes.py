"""Who is reported to have said what: kinds, spans, cues, speakers, turns, signatures."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.schema import Label, Quote
from qantar.stages.quotes import find_quotes, resolve_speakers
from qantar.stages.quotes.antecedents import Antecedents
from qantar.stages.quotes.certainty import score_of
from qantar.stages.quotes.drafts import Draft, rows_of
from qantar.stages.quotes.nouns import cue_nouns
from qantar.stages.quotes.rules import Rule
from qantar.stages.quotes.speaker_spans import MentionIndex
from qantar.stages.quotes.tokens import cues
from tests.stages.annotated import annotated, quotes_of

NAMES: dict[str, Label] = {
    "Ann Lee": "PERSON",
    "Tom Ray": "PERSON",
    "Lee": "PERSON",
    "Ray": "PERSON",
    "Norland": "GPE",
    "Harbour Council": "ORG",
    "Oslo": "GPE",
}


def said(quotes: list[Quote]) -> list[tuple[str, str | None, str]]:
    return [(q.kind, q.speaker, q.text) for q in quotes]


@pytest.mark.parametrize(
    ("text", "kind", "speaker", "words", "cue"),
    [
        # quotation marks
        ("“We will stay,” Ann Lee said.", "direct", "Ann Lee", "We will stay,", "said"),
        ("“We will stay,” said Ann Lee, the mayor.", "direct", "Ann Lee", "We will stay,", "said"),
        ("Ann Lee said: “We will stay.”", "direct", "Ann Lee", "We will stay.", "said"),
        ("Ann Lee told reporters in Oslo on Monday, “We will stay.”", "direct", "Ann Lee", "We will stay.", "told"),
        ("“Why should we go?” Ann Lee asked.", "direct", "Ann Lee", "Why should we go?", "asked"),
        ("“We will,” Ann Lee said, “stay here for good.”", "direct", "Ann Lee", "We will, stay here for good.", "said"),
        ("“We will - he declared - stay here for good ”.", "direct", "he", "We will stay here for good", "declared"),
        ("Continued Ann Lee: “We will stay.”", "direct", "Ann Lee", "We will stay.", "Continued"),
        ("Ann Lee, the mayor of Oslo, called the plan “a gift to thieves and liars of all kinds.”", "mixed", "Ann Lee", None, "called"),
        ("In what he described as a «gross mistake», they left.", "mixed", "he", "gross mistake", "described"),
        # reported without marks
        ("Ann Lee said that the plan had failed.", "indirect", "Ann Lee", "the plan had failed", "said"),
        ("Ann Lee said the plan had failed.", "indirect", "Ann Lee", "the plan had failed", "said"),
        ("The plan had failed, Ann Lee said on Monday.", "indirect", "Ann Lee", "The plan had failed", "said"),
        ("The plan, said Ann Lee, had failed twice.", "indirect", "Ann Lee", "The plan had failed twice", "said"),
        ("According to the ministry, the plan had failed.", "indirect", "the ministry", "the plan had failed", "According to"),
        ("The plan had failed, according to Ann Lee.", "indirect", "Ann Lee", "The plan had failed", "according to"),
        ("In his view, the plan had failed.", "indirect", "his", "the plan had failed", "In his view"),
        ("He concluded that, in his view, the plan had failed.", "indirect", "He", "the plan had failed", "concluded"),
        ("Norland has more openly blamed Ann Lee for the riots.", "indirect", "Norland", "Ann Lee for the riots", "blamed"),
        ("Ann Lee accused the rebels of lying, although she named nobody.", "indirect", "Ann Lee", "the rebels of lying", "accused"),
        ("Ann Lee compared the riots to a fire.", "indirect", "Ann Lee", "the riots to a fire", "compared"),
        ("Norland questioned whether the plan was legal.", "indirect", "Norland", "whether the plan was legal", "questioned"),
        ("The news of his flight was officially denied.", "indirect", None, "The news of his flight", "denied"),
        ("The mayor has urged the strikers to go home.", "indirect", "The mayor", "to go home", "urged"),
        ("Ann Lee did not fail to point out that the plan had failed.", "indirect", "Ann Lee", "the plan had failed", "point out"),
        (
            "Ann Lee described the plan at a rally in Oslo as “a gift to thieves.”",
            "mixed",
            "Ann Lee",
            "the plan at a rally in Oslo as “a gift to thieves.”",
            "described",
        ),
        ("“The plan will fail,” warned Ann Lee.", "direct", "Ann Lee", "The plan will fail,", "warned"),
        ("“The plan has failed,” it said.", "direct", "it", "The plan has failed,", "said"),
        ("The plan had failed, the Harbour Council reported.", "indirect", "Harbour Council", "The plan had failed", "reported"),
        ("“The plan has failed,” said Sally, drawing a map.", "direct", "Sally", "The plan has failed,", "said"),
        ("As told by Ann Lee, the plan had failed.", "indirect", "Ann Lee", "the plan had failed", "told"),
        ("Ann Lee met the press on Monday, saying the plan had failed.", "indirect", "Ann Lee", "the plan had failed", "saying"),
        ("They agreed, with mayor Ann Lee saying the plan had failed.", "indirect", "Ann Lee", "the plan had failed", "saying"),
        ("Ann Lee, who was there, warned the crowd that the plan had failed.", "indirect", "Ann Lee", "the plan had failed", "warned"),
        ("The head of the council, Ann Lee, said the plan had failed.", "indirect", "Ann Lee", "the plan had failed", "said"),
        ("A spokesman for Ann Lee said the plan had failed.", "indirect", "A spokesman for Ann Lee", "the plan had failed", "said"),
        ("In a statement on Monday the foreign ministry said the plan had failed.", "indirect", "the foreign ministry", None, "said"),
        ("It was reported that the plan had failed.", "indirect", None, "the plan had failed", "reported"),
    ],
)
def test_a_report_is_found_with_its_words_speaker_and_cue(text: str, kind: str, speaker: str | None, words: str | None, cue: str) -> None:
    found = [q for q in quotes_of(text, names=NAMES) if q.kind == kind and q.cue == cue]
    assert len(found) == 1, said(quotes_of(text, names=NAMES))
    assert found[0].speaker == speaker
    assert words is None or found[0].text == words


@pytest.mark.parametrize(
    "text",
    [
        "I think the plan has failed.",
        "We said so at the time, and I believe it still.",
        "It goes without saying that the plan has failed.",
        "He was denied access to the town.",
        "The states' reports of the claims are long.",
        "She called her mother on Monday.",
        "Only time will tell if it was a mistake.",
        "He thanked Ann Lee for her help and wants more of it.",
        "According to plan, the work began.",
        "The demand for oil fell, and so did the call for more.",
    ],
)
def test_the_author_s_own_voice_and_plain_verbs_are_no_reports(text: str) -> None:
    assert said(quotes_of(text, names=NAMES)) == []


@pytest.mark.parametrize("text", ["The so-called “experts” left.", "She read “The Long Road” at school.", "A ‘quick’ fix is no fix."])
def test_scare_quotes_and_titles_are_kept_as_unattributed(text: str) -> None:
    assert [(q.kind, q.speaker) for q in quotes_of(text, names=NAMES)] == [("unattributed", None)]


def test_a_clause_of_which_little_is_quoted_is_one_mixed_quote_with_its_marks() -> None:
    said = "the new plan of the harbour council was “a disaster in slow motion” for all the farmers on the coast"
    (clause,) = quotes_of(f"Ann Lee said {said}.", names=NAMES)
    assert (clause.kind, clause.text, clause.speaker) == ("mixed", said, "Ann Lee")


def test_a_term_in_marks_is_left_to_the_clause_that_reports_it() -> None:
    clause, term = quotes_of("Ann Lee said that the “living wills” of the big banks had never been tested by anybody.", names=NAMES)
    assert (clause.kind, term.kind, term.text) == ("indirect", "unattributed", "living wills")
    assert term.parent_quote_id == clause.quote_id


def test_what_something_is_called_is_quoted_with_the_thing_where_the_name_is_the_lesser_part() -> None:
    (clause,) = quotes_of("Ann Lee called the harbour plan of the town council “a gift” to the rich in March.", names=NAMES)
    assert (clause.kind, clause.text) == ("mixed", "the harbour plan of the town council “a gift” to the rich in March")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ann Lee called the plan “a gift” in March.", ["a gift"]),
        ("It is what Ann Lee called “a gift” or “a trap” of the old council.", ["a gift a trap"]),
    ],
)
def test_what_something_is_called_is_quoted_alone_where_little_else_is_said(text: str, words: list[str]) -> None:
    assert [q.text for q in quotes_of(text, names=NAMES)] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ann Lee yelled “You lie!” at the mayor during his long speech to the council.", "You lie!"),
        ("Ann Lee said, “We’ll see,” when asked whether she would run for the office.", "We’ll see,"),
        ("Ann Lee wrote: “The struggle goes on” and vowed to fight to the end of the year.", "The struggle goes on"),
        ("“It is a trap,” Ann Lee said on Norland Radio’s “Morning Talk.”", "It is a trap,"),
    ],
)
def test_a_short_utterance_is_quoted_without_what_stands_beside_it(text: str, words: str) -> None:
    assert [q.text for q in quotes_of(text, names=NAMES) if q.kind == "direct"] == [words]


def test_a_gloss_and_the_quotation_behind_its_colon_are_two_quotes_of_one_speaker() -> None:
    quotes = quotes_of("Ann Lee fuelled fears by suggesting the army will not leave: “Once they are in, they stay.”", names=NAMES)
    assert said(quotes) == [("indirect", "Ann Lee", "the army will not leave"), ("direct", "Ann Lee", "Once they are in, they stay.")]


def test_a_quotation_that_stands_alone_goes_on_with_the_one_before_it() -> None:
    (quote,) = quotes_of("“We will stay,” Ann Lee said. “We like it here.”", names=NAMES)
    assert (quote.text, len(quote.segments), quote.speaker) == ("We will stay, We like it here.", 2, "Ann Lee")


def test_a_quotation_of_several_paragraphs_is_one_quote() -> None:
    (quote,) = quotes_of("Ann Lee said: “We will stay.", "“And we will win.”", names=NAMES)
    assert quote.text == "We will stay. And we will win."


@pytest.mark.parametrize(
    "paragraphs",
    [("“We will stay,” Ann Lee said. And “we like it here.”",), ("“We will stay,” Ann Lee said.", "“We have always liked it here.”")],
)
def test_a_quotation_goes_on_behind_a_word_that_leads_over_or_in_the_next_paragraph(paragraphs: tuple[str, ...]) -> None:
    (quote,) = quotes_of(*paragraphs, names=NAMES)
    assert (quote.speaker, len(quote.segments)) == ("Ann Lee", 2)


def test_a_quotation_within_a_quotation_has_its_parent() -> None:
    outer, inner = quotes_of("“The mayor told us, ‘Go home now,’ and then he left,” Ann Lee said.", names=NAMES)
    assert (outer.speaker, inner.speaker, inner.text) == ("Ann Lee", "The mayor", "Go home now,")
    assert inner.parent_quote_id == outer.quote_id


@pytest.mark.parametrize(
    ("text", "words", "around"),
    [
        ("The ‘book of “odd” lies’ sank.", "odd", None),  # nobody says what it stands in
        ("“It was good,” Ann Lee said when asked if she slept. “I slept well.”", "if she slept", None),  # between two parts of a quotation
        ("Ann Lee said that Tom Ray said that it rained.", "it rained", "Tom Ray said that it rained"),
    ],
)
def test_a_quote_has_the_smallest_around_it_as_parent(text: str, words: str, around: str | None) -> None:
    quotes = quotes_of(text, names=NAMES)
    texts = {q.quote_id: q.text for q in quotes}
    (quote,) = (q for q in quotes if q.text == words)
    assert texts.get(quote.parent_quote_id or "") == around


def test_a_report_within_another_is_less_sure_than_alone_and_a_quotation_is_not() -> None:
    alone, _, inside = quotes_of("Tom Ray said that it rained. Ann Lee said that Tom Ray said that it rained.", names=NAMES)
    assert inside.score < alone.score
    alone, inside = (
        next(q for q in quotes_of(text, names=NAMES) if q.text == "Go home now,")
        for text in ("Tom Ray told us, ‘Go home now,’ and left.", "“Tom Ray told us, ‘Go home now,’ and then he left,” Ann Lee said.")
    )
    assert inside.score == alone.score


def test_quotes_that_begin_at_one_place_have_ids_of_their_own() -> None:
    document, blocks, sentences, _ = annotated("It was a day of rain and wind in town.")
    drafts = [Draft("direct", [(0, end)], Rule.MARKS, attitude="speech") for end in range(1, 30)]
    ids = [q.quote_id.rpartition("-q")[2] for q in rows_of(document.text, document, sentences, blocks, drafts)]
    assert [ids[0], ids[1], ids[25], ids[26], ids[28]] == ["0", "0b", "0z", "0-26", "0-28"]


def test_further_reports_beside_the_first_share_its_speaker() -> None:
    quotes = quotes_of("Ann Lee said the plan had failed, adding that the mayor knew, and accused the council of lying.", names=NAMES)
    assert [(q.speaker, q.cue) for q in quotes] == [("Ann Lee", "said"), ("Ann Lee", "adding"), ("Ann Lee", "accused")]


def test_a_speaker_by_name_is_surer_than_nobody() -> None:
    assert score_of("direct", "behind", "speech", "name") > score_of("direct", "behind", "speech", None)


def test_a_list_without_an_end_of_a_sentence_reports_nothing() -> None:
    assert quotes_of("Ann Lee said it rained and " + "boats and " * 400 + "so on.") == []


def test_names_without_an_entity_give_nobody() -> None:
    texts = (
        "Ann Lee came. She said it rained. The president said no. “Stay,” said Ray. President Tom Ray, who left, said it was late.",
        "The Harbour Council met. The council said it rained.",
    )
    names: dict[str, Label] = {"Ann Lee": "PERSON", "Tom Ray": "PERSON", "Harbour Council": "ORG"}
    for text in texts:
        document, blocks, sentences, mentions = annotated(text, names=names)
        unknown = [replace(m, entity_id=None) for m in mentions]
        quotes = resolve_speakers(find_quotes(None, document, blocks, sentences, unknown), unknown, sentences, blocks)
        assert {(q.speaker_entity_id, *q.speaker_entity_ids) for q in quotes} == {(None,)}


def test_negated_and_modal_reports_are_marked() -> None:
    negated, modal = quotes_of("Ann Lee did not say that the plan had failed.", "Ann Lee would say that the plan had failed.", names=NAMES)
    assert negated.method.split()[2:] == ["negated"]
    assert modal.method.split()[2:] == ["modal"]


def test_who_did_not_fail_to_say_it_said_it() -> None:
    texts = ("Ann Lee failed to point out that the plan was old.", "Ann Lee did not fail to point out that the plan was old.")
    failed, said = quotes_of(*texts, names=NAMES)
    assert "negated" in failed.method
    assert "negated" not in said.method


def test_the_attitude_is_told_from_the_cue() -> None:
    quotes = quotes_of(
        "Ann Lee believes that the plan had failed.", "Ann Lee wrote that it had.", "Ann Lee denied that it had.", names=NAMES
    )
    assert [q.method.split()[1] for q in quotes] == ["thought", "speech", "denial"]


# --- speakers -------------------------------------------------------------------------------------------------------


def test_pronouns_lead_to_the_speaker_before_them() -> None:
    quotes = quotes_of("“We will stay,” Ann Lee said.", "Tom Ray was there. He said it rained. “It was cold,” he added.", names=NAMES)
    assert [(q.speaker, q.speaker_basis, q.speaker_entity_id) for q in quotes] == [
        ("Ann Lee", "name", "lee"),
        ("He", "pronoun", "ray"),
        ("he", "pronoun", "ray"),
    ]


@pytest.mark.parametrize(("pronoun", "entity"), [("She", "lee"), ("He", "ray")])
def test_titles_tell_whom_a_pronoun_can_stand_for(pronoun: str, entity: str) -> None:
    quotes = quotes_of(f"Mr. Ray met Ms. Lee in Oslo. {pronoun} said it rained.", names=NAMES)
    assert [q.speaker_entity_id for q in quotes] == [entity]


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("The mayor said the port was open. Mayor Ann Lee went home.", "lee"),
        ("Ann Lee, the mayor of Oslo, went home. The mayor said the port was open.", "lee"),
        ("Former mayor Ann Lee met Mayor Bo Ray. The mayor said the port was open.", "ray"),
        ("Mayor Ann Lee met Mayor Bo Ray. The mayor said the port was open.", None),
        ("Ann Lee, a former mayor, went home. The mayor said the port was open.", None),
        ("Deputy mayor Ann Lee went home. The mayor said the port was open.", None),
    ],
)
def test_an_office_stands_for_the_one_person_whom_the_article_gives_it_to(text: str, entity: str | None) -> None:
    (quote,) = (q for q in quotes_of(text, names={"Ann Lee": "PERSON", "Bo Ray": "PERSON"}) if q.cue == "said")
    assert (quote.speaker or "").lower() == "the mayor"
    assert quote.speaker_entity_id == entity


def test_names_within_quotations_are_nobody_s_antecedent() -> None:
    quotes = quotes_of("Ann Lee spoke at noon. “Tom Ray is ill.” It rained. She said so twice: “It rained.”", names=NAMES)
    assert quotes[-1].speaker_entity_id == "lee"


def test_who_takes_up_the_name_before_it() -> None:
    (quote,) = quotes_of("They met Tom Ray, who said it rained.", names=NAMES)
    assert (quote.speaker, quote.speaker_entity_id) == ("who", "ray")


def test_a_pronoun_without_anybody_before_it_has_no_entity() -> None:
    (quote,) = quotes_of("He said it rained.", names=NAMES)
    assert (quote.speaker, quote.speaker_entity_id) == ("He", None)


def test_a_capital_or_a_body_can_speak() -> None:
    quotes = quotes_of("Oslo said the plan had failed.", "The Harbour Council denied that it had.", names=NAMES)
    assert [q.speaker_entity_id for q in quotes] == ["oslo", "council"]


# --- passages attributed as a whole ------------------------------------------------------------------------------------

SPEECH = "The plan is a good one for the town, and people will see it in time."


def test_an_interview_s_turns_go_on_over_headings_and_leave_the_questions_out() -> None:
    quotes = quotes_of(
        ("speaker_heading", "Opinion by Ann Lee, mayor of Oslo:"),
        "Is the plan a good one? Will it last?",
        SPEECH,
        ("heading", "The costs"),
        SPEECH + " It is cheap.",
        ("boilerplate", "Read more: the plan"),
        SPEECH + " Why not?",
        "And what of the price?",
        ("speaker_heading", "Tom’s opinion:"),
        "It is dear.",
        names={**NAMES, "Tom": "PERSON"},
    )
    blocks = [q for q in quotes if q.kind == "block"]
    assert [(q.speaker, q.speaker_basis, len(q.segments)) for q in blocks] == [("Ann Lee", "turn", 3), ("Tom", "turn", 1)]
    assert "Will it last" not in blocks[0].text and "price" not in blocks[0].text and blocks[0].text.endswith("Why not?")


def test_labels_at_the_head_of_paragraphs_are_turns() -> None:
    quotes = quotes_of("Q: Is it a good plan?", "A: It is.", "REPORTER: And now?", "ANN LEE: " + SPEECH, "And it is cheap.")
    blocks = [(q.speaker, q.text) for q in quotes if q.kind == "block"]
    assert blocks == [(None, "It is."), ("ANN LEE", SPEECH + " And it is cheap.")]


@pytest.mark.parametrize(("signature", "speaker"), [("(Ann Lee, The Herald)", "Ann Lee"), ("(Ann Lee on Oslo Post)", "Ann Lee")])
def test_a_paragraph_signed_in_brackets_is_a_block(signature: str, speaker: str) -> None:
    (quote,) = quotes_of(f"{SPEECH} {signature}", names=NAMES)
    assert (quote.kind, quote.text, quote.speaker, quote.speaker_basis) == ("block", SPEECH, speaker, "signature")


def test_quotes_within_a_signed_passage_have_it_as_parent() -> None:
    block, inner = quotes_of(f"{SPEECH} “We will stay,” said Tom Ray. It was late. (Ann Lee, The Herald)", names=NAMES)
    assert (block.kind, inner.kind, inner.parent_quote_id) == ("block", "direct", block.quote_id)


def test_an_aside_in_brackets_is_no_signature() -> None:
    assert quotes_of(f"{SPEECH} It cost a lot (in Oslo).", names=NAMES) == []


# --- invariants -----------------------------------------------------------------------------------------------------

_PIECES = [
    "“We will stay,”",
    "said",
    "Ann Lee",
    "he",
    "that",
    "the plan had failed",
    ",",
    ".",
    ":",
    "«",
    "”",
    '"',
    "according to",
    "accused",
    "of",
    "- he added -",
    "?",
]


@given(st.lists(st.lists(st.sampled_from(_PIECES), max_size=14).map(" ".join), min_size=1, max_size=4))
def test_any_text_gives_quotes_whose_offsets_hold(paragraphs: list[str]) -> None:
    quotes = quotes_of(*paragraphs, names={"Ann Lee": "PERSON"})  # which proves the offsets of each
    assert [(q.start, q.end) for q in quotes] == sorted(((q.start, q.end) for q in quotes), key=lambda s: (s[0], -s[1])) or quotes
    assert all(0 <= q.score <= 1 for q in quotes)


def test_the_order_of_mentions_does_not_matter() -> None:
    from qantar.stages.quotes import find_quotes

    document, blocks, sentences, mentions = annotated("“We will stay,” said Ann Lee of Oslo. Tom Ray said it rained.", names=NAMES)
    shuffled = random.Random(1).sample(mentions, len(mentions))
    assert find_quotes(None, document, blocks, sentences, shuffled) == find_quotes(None, document, blocks, sentences, mentions)


def test_every_cue_has_forms_a_frame_and_a_known_attitude() -> None:
    found = [cue for by_form in cues().values() for cue in by_form]
    frames = {
        "clause",
        "that",
        "question",
        "infinitive",
        "order",
        "object",
        "addressee",
        "marks",
        "document",
        "people",
        "predicate",
        "as",
        "court",
        "prospect",
        "cry",
    }
    assert {cue.attitude for cue in found} == {"speech", "writing", "thought", "accusation", "denial", "order"}
    assert all(cue.frames and cue.frames <= frames for cue in found)
    assert {"said", "says", "saying", "say"} <= set(cues())
    assert "" not in cue_nouns()


def test_a_pronoun_looks_through_the_last_quotes_alone() -> None:
    class Unwalked(list[Quote]):
        """Earlier quotes of which the last are taken; to walk through all of them for each pronoun costs their square."""

        def __iter__(self) -> Iterator[Quote]:
            raise AssertionError("walked through")

    document, blocks, sentences, mentions = annotated("“No,” Ann Lee said. “Never,” she said.", names={"Ann Lee": "PERSON"})
    named, spoken = find_quotes(None, document, blocks, sentences, mentions)
    (first,) = resolve_speakers([named], mentions, sentences, blocks)
    antecedents = Antecedents([named, spoken], MentionIndex(mentions), sentences, blocks, {})
    assert antecedents.of(spoken, Unwalked([first] * 200)).entities == ("lee",)


def test_a_body_whose_name_reads_like_a_pronoun_is_no_pronoun() -> None:
    assert [q.speaker_basis for q in quotes_of("WHO said it was late.")] == ["name"]
