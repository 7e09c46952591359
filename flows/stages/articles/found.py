"""An article as a file holds it, before the catalogue and the corpus have their say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from qantar.schema import DateBasis, ReadingReason, Role


@dataclass(frozen=True, kw_only=True)
class Found:
    """Text and what the file itself says of it. `record` is the record's own id, else its number from 1.

    `language` is what the file says for certain, `likely_language` what holds unless the text shows another that newspapers are written in.
    `raw_start` is where the text begins in the decoded text of its file. `parts` are the text's paragraphs and fields, where the file
    tells them apart: start, end, role and rule; the role is None where cleaning has to find it.
    """

    text: str
    record: str = "1"
    id: str | None = None
    url: str | None = None
    outlet: str | None = None
    title: str | None = None
    author: str | None = None
    published_on: date | None = None
    published_basis: DateBasis | None = None
    licence: str | None = None
    encoding: str | None = None
    is_repaired: bool = False
    has_raw_offsets: bool = True
    language: str | None = None
    likely_language: str | None = None
    raw_start: int = 0
    parts: tuple[tuple[int, int, Role | None, str], ...] = ()

    @property
    def own_text(self) -> str:
        """What is the article's own in the text, less the fields of an archive."""
        return "\n".join(self.text[start:end] for start, end, role, _ in self.parts if role is None) or self.text


class Refused(NamedTuple):
    """A record that is not an article, and why; `record` is None where the whole file is meant."""

    record: str | None
    reason: ReadingReason
    detail: str
