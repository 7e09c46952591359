"""Dates and amounts are looked for where they can begin only, and found wherever they stand."""

from __future__ import annotations

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
