"""The rules that find quotes, by name: what `method` begins with. Each has its examples in tests/stages/quote_rules.toml."""

from __future__ import annotations

from enum import StrEnum


class Rule(StrEnum):
    """How plainly a construction says that words are somebody's, and whose."""

    TURN = "turn"
    """Under the speaker's heading."""
    LABEL = "label"
    """`LEE: …`, `A: …`"""
    SIGNATURE = "signature"
    """`(Ann Lee, The Herald)`, `“…” – Ann Lee`"""
    INTERRUPTED = "interrupted"
    """The cue is inside the marks."""
    BEHIND = "behind"
    """`“…,” she said`"""
    MARKS = "marks"
    """`she said: “…”`"""
    THAT = "that"
    """`she said that …`"""
    CLAUSE = "clause"
    """`she said …`"""
    ACCORDING = "according"
    VIEW = "view"
    """`in her view, …`"""
    AS_TOLD = "as-told"
    """`as told by Ann Lee, …`"""
    QUESTION = "question"
    """`she asked whether …`"""
    PASSIVE = "passive"
    """`she was accused by Tom Ray of …`"""
    IMPERSONAL = "impersonal"
    """`it was reported that …`"""
    VERDICT = "verdict"
    """`“…” was the verdict of Ann Lee`"""
    ADJ = "adj"
    """`she is sure that …`"""
    NOUN = "noun"
    """`her claim that …`"""
    NAMING = "naming"
    """`she called it a trap`"""
    OBJECT = "object"
    """`she denounced …`"""
    INFINITIVE = "infinitive"
    """`she vowed to …`"""
    ORDER = "order"
    """`she urged them to …`"""
    COLON = "colon"
    """No cue at all: `The mayor went further: “…”`"""
    ANNOUNCED = "announced"
    """The sentence before announces it."""
    GOES_ON = "goes-on"
    """The sentence before reports the same speaker."""
    ALONE = "alone"
    """The sentence before shows somebody, or nobody is known."""
    TERM = "term"
    """Words in marks that are a term in what is reported."""


GOVERNED = frozenset({Rule.OBJECT, Rule.NAMING, Rule.INFINITIVE, Rule.ORDER})
"""A cue governs less than a clause."""
QUOTING = frozenset({Rule.VIEW, Rule.AS_TOLD})
"""Words in marks are speech, however few."""
CLAUSES = frozenset({Rule.CLAUSE, Rule.THAT, Rule.BEHIND, Rule.QUESTION, Rule.ACCORDING})
"""A report within a passage that is attributed as a whole."""
REPORTS = frozenset({Rule.CLAUSE, Rule.THAT, Rule.BEHIND, Rule.ACCORDING, Rule.VIEW, Rule.MARKS})
"""A report that stands beside another."""
