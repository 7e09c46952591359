"""Roles on articles of made-up outlets, whose furniture was written before any rule was tried on it (see outlets/README.md)."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from qantar.schema import Block
from tests.stages.test_clean import check_promises, clean

OUTLETS = sorted(Path(__file__).with_name("outlets").glob("*.txt"))
ROLES = {
    "t": "title",
    "b": "byline",
    "c": "credit",
    "d": "dateline",
    "h": "heading",
    "s": "speaker_heading",
    "x": "boilerplate",
    "p": "body",
}
KEPT = {"title", "heading", "speaker_heading", "body"}  # "k" in a file: a line below the headline that may be any of them


class Labelled(NamedTuple):
    text: str
    role: str
    block: Block

    @property
    def is_right(self) -> bool:
        return self.block.role in KEPT if self.role == "kept" else self.block.role == self.role


def labelled(path: Path) -> list[Labelled]:
    """The lines of a file with their roles and the blocks they became."""
    rows = [line.partition("|")[::2] for line in path.read_text("utf-8").splitlines() if line]
    raw = "\n\n".join(text for _, text in rows)
    result = clean(raw)
    check_promises(raw, result)
    found = []
    at = 0
    for mark, text in rows:
        block = next(b for b in result.blocks if b.raw_start is not None and b.raw_end is not None and b.raw_start <= at < b.raw_end)
        found.append(Labelled(text, ROLES.get(mark, "kept"), block))
        at += len(text) + 2
    return found


def visible(text: str) -> int:
    return sum(not c.isspace() for c in text)


def wrong(lines: list[Labelled]) -> list[str]:
    return [f"{line.block.role} by {line.block.rule!r}, not {line.role}: {line.text}" for line in lines if not line.is_right]


def test_roles_are_right_in_the_articles_of_all_outlets() -> None:
    lines = [line for path in OUTLETS for line in labelled(path)]
    n_right, n = (sum(visible(line.text) for line in lines if keep(line)) for keep in (lambda line: line.is_right, lambda line: True))
    assert n_right >= 0.99 * n, wrong(lines)
    said = sum(visible(line.text) for line in lines if line.block.role == "boilerplate")
    meant = sum(visible(line.text) for line in lines if line.role == "boilerplate")
    both = sum(visible(line.text) for line in lines if line.role == line.block.role == "boilerplate")
    assert 2 * both / (said + meant) >= 0.98, wrong(lines)


@pytest.mark.parametrize("path", OUTLETS, ids=lambda path: path.stem)
def test_no_paragraph_of_an_outlets_article_is_lost(path: Path) -> None:
    assert [line.text for line in labelled(path) if line.role == "body" and line.block.role not in KEPT] == []
