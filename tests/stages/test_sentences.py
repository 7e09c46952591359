"""Where sentences end, and that their offsets hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.stages.sentences import sentence_spans
from tests.stages.annotated import annotated


def cut(text: str) -> list[str]:
    return [text[a:b] for a, b in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["He met then-Sen. Ann Moss and ex-Gov. Ray in May.", "The D-Ore. Democrat left on a follow-up.", "Ann stayed."],
        ["Prices rose.", "Crowds met in the square."],
        ["Mr. Adams met Dr. Lee and Sen. Ray at St. Mary's.", "They spoke for an hour."],
        ["The U.S. Senate met at 5 p.m. on Jan. 6 with J. K. Moss.", "Nobody came."],
        ["He lives in the U.S.", "The rest moved to Spain."],
        ["Troops, i.e. the army, came at about 6.30 a.m. in the morning."],
        ["“Go home.", "It is late,” he said.", "They went."],
        ['"Why now?" she asked.', '"Nobody knows!" said Ray.'],
        ['"Who are they?" Anna Ray asked.', "Nobody knew."],
        ['There were twenty men ".', "Then they left."],
        ["`` We stay . ''", "Then they left ."],
        ["She said so .", '" We stay . "', "Then they left ."],
        ["The allies… in the east have gone.", "More will come…", "And others stay."],
        ["It changed the whole country..", "(Ann Lee, The Herald)"],
        ["It was quick.", "it was over by noon."],
        ["It fell to No. 7 on the list, cf. p. 12, of Acme Inc. in May."],
        ["The army left the city.", "The mayor (an old man) stayed."],
        ["Three points: first; second; third – and a last one."],
        ["He asked: Who pays?", "Nobody answered."],
        ["A note stands here. [17]", "The text goes on. [3, 4]", "It ends."],
        ["The drawbacks include a) the cost and b) the time."],
        ["Yahoo! is a firm.", "What a name!"],
        ["They came in.", "from the footage, it is seen.", "He fell ill.", "the doctor came.", "She said no.", "then she left."],
        ["It is 3 in. wide and fell 2 in. in May.", "See no. 5 and fig. 3 at 10 am. on Monday."],
        ["The rate is 3.5 percent of 1.2 million.", "That is much."],
        ["They waited.. then left."],
        ["They waited the whole of the long night by the harbour… then left."],
        ["She wrote “Go.”", "He stayed."],
        ["It is lost.", "Ray said."],
        ["“It is lost.” Ray said.", "Then he left."],
        ["“It is lost.”", "Ray said they had left."],
        ["He wrote “in the U.S.”", "Rest came later."],
        ["He asked “Why?”", "Nobody came."],
        ['He asked "Why?"', "Ann Lee left."],
        ['He asked "Why?"', "Ann Lee praised him."],
        ["Is it true that the harbour master left the town at noon?", "nobody knows."],
        ["Really?", "it was shut."],
        ["“Is it true that the harbour master left the town at noon?” they asked."],
        ["1. Go home.", "2. Stay there."],
        ["They left.", "20 men stayed."],
        ["Gen. He Lei and Dr. So met."],
        ["He heads the N.R.C. in Torvik."],
        ["So did I.", "Ann left."],
        ["The index stood at 3.5.", "Ann left."],
        ["He joined the NATO.", "Ann left."],
        ["They won by 5.", "Ann left."],
        ["It fills a vol.", "Ann read it."],
        ["They left. ***"],
        ["They wait…Then he left."],
        ["They wait...Then he left."],
        ["He lives in the U.S.(Ohio) now."],
        ["They left.(the rest stayed)"],
        ["The U.S.Army left."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences: list[str]) -> None:
    assert cut(" ".join(sentences)) == sentences


@pytest.mark.parametrize("opener", ["A man came.", "I stayed.", "‘Go home.", "(Ann stayed.)"])
def test_a_sentence_begins_at_once_behind_a_full_stop_whose_space_is_missing(opener: str) -> None:
    assert cut(f"They left.{opener}") == ["They left.", opener]


def test_a_missing_space_after_a_full_stop_does_not_join_sentences() -> None:
    assert cut("They left the city.The army stayed.”He agreed.") == ["They left the city.", "The army stayed.”", "He agreed."]


def test_addresses_and_numbers_are_not_cut() -> None:
    text = "Write to ann.lee@example.com or see www.example.com/News.Today at 10.30."
    assert cut(text) == [text]


def test_titles_and_headings_are_one_sentence_each_and_boilerplate_none() -> None:
    _, blocks, sentences, _ = annotated(("title", "War? No. Peace."), ("boilerplate", "Read. More."), ("heading", "What now?"), "One. Two.")
    assert [(s.text, s.is_heading) for s in sentences] == [("War? No. Peace.", True), ("What now?", True), ("One.", False), ("Two.", False)]
    assert [s.block_id for s in sentences] == [blocks[0].block_id, blocks[2].block_id, blocks[3].block_id, blocks[3].block_id]


def test_raw_offsets_follow_from_the_block() -> None:
    document, blocks, sentences, _ = annotated("Ours is here.", ("boilerplate", "Follow us."), "One more. And two.")
    raw = "\n".join(b.text for b in blocks)
    for sentence in sentences:
        assert raw[sentence.raw_start : sentence.raw_end] == sentence.text == document.text[sentence.start : sentence.end]


@given(st.text(alphabet="abAB .!?…\n\"”“')(1", max_size=80))
def test_every_visible_character_is_in_exactly_one_sentence(text: str) -> None:
    covered = [i for a, b in sentence_spans(text) for i in range(a, b)]
    assert len(covered) == len(set(covered))
    assert {i for i, c in enumerate(text) if not c.isspace()} <= set(covered)
    assert all(not text[a].isspace() and not text[b - 1].isspace() for a, b in sentence_spans(text))
