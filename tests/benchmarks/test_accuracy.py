"""The figures on corpora annotated by others, counted by hand for three sentences."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.accuracy import markdown, parse_brat, read_attributions, read_spans, score_attributions, score_spans
from qantar.quality.scoring import Row, Score

FIRST, SECOND, THIRD = SENTENCES = (
    "Anna Lee met Ben Roy in Oslo in May.",
    "“Rain is coming,” she said on Monday.",
    "Kenya warned that the roads would flood.",
)
TEXT = f"{FIRST}\n\n{SECOND} {THIRD}\n"


def at(words: str) -> tuple[int, int]:
    """Where words stand in the text the first time."""
    start = TEXT.index(words)
    return start, start + len(words)


def brat(words: str) -> str:
    return "{} {}".format(*at(words))


GOLD: Row = {
    "text": TEXT,
    "sentences": [at(sentence) for sentence in SENTENCES],
    "entities": [
        (*at("Anna Lee"), "PERSON"),
        (*at("Ben Roy"), "PERSON"),
        (*at("Oslo"), "LOC"),
        (*at("May"), "DATE"),
        (*at("Monday"), "DATE"),
        (*at("Kenya"), "LOC"),
        (*at("roads"), "MISC"),
    ],
}
BRAT = f"""T1\tSource {brat("she")}\tshe
T2\tCue {brat("said")}\tsaid
T3\tContent {brat("“Rain is coming,”")}\t“Rain is coming,”
E1\tAttribution:T9 Source:T1 Cue:T2 Content:T3
T4\tSource {brat("Kenya")}\tKenya
T5\tContent {brat("that the roads")};{brat("would flood")}\tthat the roads would flood
E2\tAttribution:T9 Content1:T5 Source:T4 Cue:T8
T6\tCue {brat("met")}\tmet
E3\tAttribution:T9 Cue:T6
"""


def quote(kind: str, said: str, speaker: str | None) -> Row:
    start, end = at(said)
    speaker_start, speaker_end = at(speaker) if speaker else (None, None)
    where = {"start": start, "end": end, "speaker_start": speaker_start, "speaker_end": speaker_end}
    return {"kind": kind, "segments": [[start, end]], **where}


def figures(score: Score) -> list[str]:
    """The lines of the table less their intervals."""
    cells = [line.split(" | ") for line in markdown(score).splitlines()[2:]]
    return [" | ".join([*row[:4], row[5]]) for row in cells]


def found(quotes: list[Row]) -> dict[str, list[Row]]:
    """A build that kept the text as it is, in one block."""
    return {"blocks": [{"start": 0, "end": len(TEXT), "raw_start": 0}], "quotes": quotes}


def test_only_the_same_span_with_the_same_label_is_right_and_places_are_one_label() -> None:
    mentions = [
        (*at("Anna Lee"), "PERSON"),
        (*at("Ben"), "PERSON"),
        (*at("Oslo"), "GPE"),
        (*at("Monday"), "ORG"),
        (*at("Kenya"), "GPE"),
        (*at("said"), "MONEY"),
    ]
    rows: dict[str, list[Row]] = {
        "sentences": [{"raw_start": a, "raw_end": b} for a, b in [at(FIRST), at(f"{SECOND} {THIRD}")]],
        "mentions": [{"raw_start": a, "raw_end": b, "label": label} for a, b, label in mentions],
    }
    score = Score()
    score_spans("sample", GOLD, rows, score)
    assert figures(score) == [
        "| sentences | 0.500 | 0.333 | 0.400 | 3 |",
        "| mentions | 0.600 | 0.500 | 0.545 | 6 |",
        '| mentions, "today" and the like left out | 0.600 | 0.500 | 0.545 | 6 |',
        "| mentions DATE | 0.000 | 0.000 | 0.000 | 2 |",
        "| mentions NORP | 0.000 | 0.000 | 0.000 | 0 |",
        "| mentions ORG | 0.000 | 0.000 | 0.000 | 0 |",
        "| mentions PERSON | 0.500 | 0.500 | 0.500 | 2 |",
        "| mentions PLACE | 1.000 | 1.000 | 1.000 | 2 |",
    ]


def test_dates_that_depend_on_the_day_of_reading_are_left_out_of_one_line_on_both_sides() -> None:
    text = "Today, two years ago, last week, last Friday, in May and in 2019"
    spans = [(text.index(part), text.index(part) + len(part)) for part in ("Today", "two years ago", "last week", "Friday", "May", "2019")]
    gold: Row = {"text": text, "entities": [(*spans[i], "DATE") for i in (0, 4, 5)]}
    mine = [{"raw_start": a, "raw_end": b, "label": "DATE"} for a, b in spans]
    score = Score()
    score_spans("sample", gold, {"mentions": mine}, score)
    assert figures(score)[:2] == [
        "| mentions | 0.500 | 1.000 | 0.667 | 3 |",
        '| mentions, "today" and the like left out | 0.667 | 1.000 | 0.800 | 2 |',
    ]


def test_the_interval_of_a_figure_holds_it_and_narrows_with_the_texts() -> None:
    widths = []
    for n in (4, 400):
        score = Score()
        for i in range(n):
            score_spans(str(i), {"sentences": [[0, 4], [5, 9]]}, {"sentences": [{"raw_start": 0, "raw_end": 4}]}, score)
        f1, interval = markdown(score).splitlines()[2].split(" | ")[3:5]
        low, high = map(float, interval.split("–"))
        assert low <= float(f1) <= high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_a_text_without_one_layer_is_not_measured_on_it_and_texts_add_up() -> None:
    score = Score()
    score_spans("one", {"sentences": [[0, 4], [5, 9]]}, {"sentences": [{"raw_start": 0, "raw_end": 4}]}, score)
    score_spans("nothing found", {"sentences": [[0, 4], [5, 9]]}, {"sentences": []}, score)
    assert figures(score) == ["| sentences | 1.000 | 0.250 | 0.400 | 4 |"]


def test_brat_events_have_the_pieces_of_their_roles_without_missing_spans_or_events_without_content() -> None:
    assert parse_brat(BRAT) == [
        {"source": [at("she")], "cue": [at("said")], "content": [at("“Rain is coming,”")]},
        {"source": [at("Kenya")], "cue": [], "content": [at("that the roads"), at("would flood")]},
    ]


def test_a_quote_is_right_by_half_of_its_characters_and_its_source_counts_apart() -> None:
    quotes = [
        quote("direct", "Rain is coming", "she"),
        quote("indirect", "the roads would flood", "Anna Lee"),
        quote("indirect", "met Ben Roy", None),
        quote("unattributed", "in Oslo", None),
    ]
    score = Score()
    score_attributions("sample", TEXT, parse_brat(BRAT), found(quotes), score)
    # visible characters: 12 of "Rain is coming", 18 of "the roads would flood", 9 of "met Ben Roy"; the gold's second has "that" too
    assert figures(score) == [
        "| content, by character | 0.769 | 0.882 | 0.822 | 34 |",
        "| attributions | 0.667 | 1.000 | 0.800 | 2 |",
        "| attributions with their source | 0.333 | 0.500 | 0.400 | 2 |",
        "| quotation-marked | 1.000 | 1.000 | 1.000 | 1 |",
        "| quotation-marked with their source | 1.000 | 1.000 | 1.000 | 1 |",
        "| indirect | 0.500 | 1.000 | 0.667 | 1 |",
        "| indirect with their source | 0.000 | 0.000 | 0.000 | 1 |",
    ]


def test_a_quote_of_which_less_than_half_is_the_attribution_is_wrong() -> None:
    score = Score()
    score_attributions("sample", TEXT, parse_brat(BRAT), found([quote("direct", "coming,” she said on Monday", "she")]), score)
    assert "| attributions | 0.000 | 0.000 | 0.000 | 2 |" in figures(score)


def test_the_first_annotator_of_a_text_counts(tmp_path: Path) -> None:
    (tmp_path / "a_b_zoe.ann").write_text("", "utf-8")
    (tmp_path / "a_b_amy.ann").write_text(BRAT, "utf-8")
    assert {name: len(events) for name, events in read_attributions(tmp_path).items()} == {"a_b": 2}


def test_lines_end_at_newlines_alone_and_the_last_needs_none(tmp_path: Path) -> None:
    texts = ["one\u2028line", "a\r\nb", "last"]
    lines = [json.dumps({"name": str(i), "text": text}, ensure_ascii=False) for i, text in enumerate(texts)]
    (tmp_path / "texts.jsonl").write_bytes("\n".join(lines).encode())
    assert [gold["text"] for gold in read_spans(tmp_path / "texts.jsonl")] == texts
