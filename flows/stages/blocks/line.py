"""One line of an article, and what it looks like by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qantar.schema import Role
from qantar.stages.blocks.block_rules import BlockRule
from qantar.stages.blocks.line_rules import Opens
from qantar.text.passages import Passage

LONG = 25  # words: a paragraph, whatever surrounds it
LIST_MARK = re.compile(r"(?:[•*▪●■–—-]|\(?(?:\d{1,2}|[a-z])\)|\d{1,2}\.)\s")
_PARAGRAPH = 12  # words: a paragraph, if it ends like a sentence
_MOST_SCRAP = 10  # words of a line that is not a sentence
_LONGEST_WORD = 40
_STOPS, _PAUSES = (".", "!", "?", "…"), (".", "!", "?", "…", ":", ";", ",")
_QUOTES, _CLOSERS = ('"', "”", "»"), "\"'”’»)]"


@dataclass(slots=True)
class Line:
    """One passage and what is known of it."""

    passage: Passage
    text: str
    n_words: int
    ends: bool
    role: Role | None = None
    rule: str = ""
    opens: Opens | None = None
    closing: bool = False
    needs_comments: bool = False

    def be(self, role: Role, rule: str) -> None:
        """Give the line its role, and the rule that decided it."""
        self.role, self.rule = role, str(rule)  # rows hold no members of BlockRule

    def undo(self) -> None:
        """Forget what a rule said of the line."""
        self.role, self.rule, self.opens, self.closing, self.needs_comments = None, "", None, False, False

    @property
    def is_sentence(self) -> bool:
        """Whether it ends as a sentence, a question or a quotation does."""
        return self.text.endswith(_QUOTES) or self.text.rstrip(_CLOSERS).endswith(_STOPS)

    @property
    def is_text(self) -> bool:
        """Whether it could be a sentence or a paragraph, and not a heading, label or scrap."""
        if self.n_words > _MOST_SCRAP or self.text.endswith(_QUOTES) or self.text.rstrip(_CLOSERS).endswith(_PAUSES):
            return True
        return LIST_MARK.match(self.text) is not None

    @property
    def is_paragraph(self) -> bool:
        """Whether the line is long, or a sentence of some words: body text rather than a heading."""
        return self.n_words >= LONG or (self.ends and self.n_words >= _PARAGRAPH)


def line_of(passage: Passage) -> Line:
    """A passage as a line without a role, blank ones aside."""
    text = passage.text
    n_words = max(text.count(" ") + 1, len(text) // _LONGEST_WORD)  # a line of hundreds of characters without a space is not a short line
    line = Line(passage, text, n_words, text[-8:].rstrip(_CLOSERS).endswith(_STOPS))
    if not passage.visible:
        line.be("boilerplate", BlockRule.INVISIBLE)
    return line
