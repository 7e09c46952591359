"""Dates and amounts are looked for where they can begin only, and found wherever they stand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.stages.mentions import date_expressions
from qantar.stages.mentions.date_expressions import find_dates, find_money
from qantar.text.known_names import words_of

PIECES = """Monday |January |Sept. |the |5th |of |2022 |5 |31-|2022-01-05 |1990s |the '90s |spring |last |Next |TONIGHT |yesterday |morning
 |a |twelve |weeks |ago |US$|AU$|$|€|RUB |Rs. |3.5 |bn |million |dollars |to |–|, |x|_|May |March |("""
TEXTS = st.lists(st.sampled_from(PIECES.split("|")), max_size=12).map("".join)


@given(TEXTS)
def test_every_date_is_found(text: str) -> None:
    found = {(e.start, e.end) for e in find_dates(text, words_of(text), None)}
    anywhere = {m.span(): m.lastgroup for m in date_expressions._date_pattern().finditer(text)}
    assert found <= anywhere.keys()
    assert all(kind in ("month", "year") for span, kind in anywhere.items() if span not in found)  # these need what stands around


@given(TEXTS)
def test_every_amount_is_found(text: str) -> None:
    assert [(e.start, e.end) for e in find_money(text)] == [m.span() for m in date_expressions._money_pattern().finditer(text)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("from March 3 to March 9, 2022", ["2022-03-03", "2022-03-09"]),
        ("It began in June and ended in July 2021.", ["2021-06", "2021-07"]),
        ("from March 3, 2021 to March 9, 2022", ["2021-03-03", "2022-03-09"]),
        ("On 2022-01-05, two days ago, 5 years ago, a year ago", ["2022-01-05", "2024-03-11", "2019", "2023"]),
        ("next Friday, last week and this morning", ["2024-03-15", "2024-W10", "2024-03-13"]),
        ("from November to February 2021", ["2020-11", "2021-02"]),
        ("March 3, 2022 until 9 April", ["2022-03-03", "2022-04-09"]),
        ("December 30, 2021 to January 3", ["2021-12-30", "2022-01-03"]),
        ("In June he said that July 2021 was wet.", ["2024-06", "2021-07"]),
        ("on March 3, and in 2019", ["2024-03-03", "2019"]),
        ("On January 4 and 5, 2022, on 7 and 9 May 2020", ["2022-01-04/2022-01-05", None]),
        ("On January 4 and 5 people died. Last Friday 6 died.", ["2024-01-04", "2024-03-08"]),
        ("From 5 to 7 May 2023", ["2023-05-05/2023-05-07"]),
        ("March 3 to 5, 2022", ["2022-03-03/2022-03-05"]),
        ("on the night of 4 to 5 January", ["2024-01-04/2024-01-05"]),
        ("FY2022, FY 23, fiscal 2023 and Q3 2023", [None, None, None, None]),
        ("the fiscal year 2023-24", ["2023/2024"]),
        ("the '80s, ’90s and '20s", ["1980/1989", "1990/1999", None]),
        ("in the 19th century and the twenty-first century", ["1801/1900", "2001/2100"]),
        ("in the third century", [None]),
        ("in mid-February, mid-May 2020", ["2024-02", "2020-05"]),
        ("in mid-February and mid-May 2020", ["2020-02", "2020-05"]),
        ("Two years ago, in March, he fell; last year, in May, she rose.", ["2022", "2022-03", "2023", "2023-05"]),
        ("in May last year; on 3 June of next year", ["2023-05", "2023", "2025-06-03", "2025"]),
        ("In 2019, in May, and in 2018 the 3 men left in June 2017", ["2019", "2019-05", "2018", "2017-06"]),
        ("last year was wet; in May, last week", ["2023", "2024-05", "2024-W10"]),
        ("last year, in May 2019", ["2023", "2019-05"]),
        ("the last week of June, The next year, last week", [None, "2024-06", None, "2024-W10"]),
        ("Tuesday week, Friday the 13th, on Friday the mayor", [None, None, "2024-03-08"]),
        ("It will open on Friday. It won’t open Monday. Tuesday’s vote will decide.", ["2024-03-15", "2024-03-18", "2024-03-19"]),
        ("It will open, she said on Friday. It opened Monday. It will open Wednesday.", ["2024-03-08", "2024-03-11", "2024-03-13"]),
        ("He will go. On Friday he came; the coming Monday he sleeps.", ["2024-03-08", "2024-03-18"]),
        ("this Friday, this Monday, last Wednesday, Wednesday", ["2024-03-15", "2024-03-11", "2024-03-06", "2024-03-13"]),
        ("in the 1800s and the 1870s, mid-2015", [None, "1870/1879", "2015"]),
        ("25.12.2021, 12/25/2021, 5/6/2021, 7/7/2021, 1.2/2021", ["2021-12-25", "2021-12-25", None, "2021-07-07"]),
        ("Route 2010, page 1984, 1 in 2000, aged 1990, at 2000 GMT", []),
        ("On July Fourth", ["2024-07-04"]),
        ("On Christmas Day and New Year’s Eve, Halloween 2019, Thanksgiving", ["2023-12-25", "2023-12-31", "2019-10-31", None]),
    ],
)
def test_what_a_date_lacks_it_takes_from_its_span_and_else_it_has_no_value(text: str, values: list[str | None]) -> None:
    assert [e.value for e in find_dates(text, words_of(text), date(2024, 3, 13))] == values


def test_pence_are_amounts_and_sizes_of_pictures_are_none() -> None:
    text = "12p and 3.5p, 720p at 5p.m."
    assert [text[e.start : e.end] for e in find_money(text)] == ["12p", "3.5p"]
