"""An article of one sign, word or shape twice as long is twice the work, whatever stage it goes through."""

from __future__ import annotations

from contextlib import suppress

import pytest

import qantar
from qantar.settings import QantarError
from tests.work import count_work

SHAPES = {
    "marks": '"',
    "curly marks": "“",
    "dots": ". ",
    "dots and commas in turn": ".,",
    "other signs": "-!?/:;%$&*_#@=~|<^`",
    "nested brackets": "([{",
    "one long word": "word",
    "emoji": "😀 ",
    "names": "Mr. Smith ",
    "digits": "7 ",
    "quotes": "“No,” he said. ",
    "hashtags": "#tag ",
    "addresses": "a@b.org ",
    "places": "London, Paris, ",
    "said that he said that": "She said that he said that he said that they had left. ",
    "quotes that never end": "“No, he said. ",
}
LEAST = 1_100
"""Characters: enough that what is done once for an article does not count, and that no line of signs is taken for furniture."""


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_twice_the_text_is_twice_the_work(shape: str) -> None:
    def work(n: int) -> int:
        body = (shape * n)[:n]
        text = f"The harbour of Lund was opened on Monday.\n\n{body}\n\nIt was closed again on Friday."

        def annotate() -> None:
            with suppress(QantarError):  # nothing but boilerplate is left
                qantar.annotate(text)

        return count_work(annotate)

    assert work(2 * LEAST) < 3 * work(LEAST)
