"""A name behind a dash below a quotation says who said that, and is no byline."""

from __future__ import annotations

import pytest

from qantar.stages.blocks.roles import assign_roles
from qantar.text.passages import split_passages


@pytest.mark.parametrize(
    ("above", "line", "role"),
    [
        ("“The tram is late every single morning, and it is cold.”", "– Jonas Weill, student", "body"),
        ("The tram is late every single morning, and it is cold.", "– Jonas Weill, student", "byline"),
    ],
)
def test_a_name_below_a_quotation_is_no_byline(above: str, line: str, role: str) -> None:
    text = f"What readers say\n\n{above}\n{line}\n\nThe company says that it is sorry and will run more trams from May on."
    lines = assign_roles(split_passages(text), None)
    assert next(found.role for found in lines if found.text == line) == role
