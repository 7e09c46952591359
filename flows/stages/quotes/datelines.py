"""Datelines and regions: what heads a passage, `PARIS (AP) — `, and a state behind its town, `in Salem, Ohio, `."""

from __future__ import annotations

from qantar.stages.quotes.tokens import MARKS, Token, classes, region_names

_DATELINE = 9  # tokens: a longer head of a passage is no dateline
_REGION = 7  # tokens: how far behind a town the comma behind its state may stand


def past_dateline(tokens: list[Token]) -> int:
    """Past `PARIS (AP) — ` or `PARIS, Jan 4 (AP) — ` at the head of a passage."""
    dash = next((k for k in range(1, min(len(tokens) - 1, _DATELINE)) if tokens[k].text in MARKS - {","} or ends_place(tokens, k)), None)
    if dash is None or not (tokens[0].text.isupper() or tokens[dash].text == ":" or tokens[dash - 1].text == ")"):
        return 0
    aside = any(t.text == tokens[dash].text for t in tokens[dash + 1 :])  # `NATO — the old alliance — has`
    placed = all(t.is_capital or t.low.isdigit() or not t.is_word for t in tokens[:dash])
    return _past_date(tokens, dash + 1) if placed and not aside else 0


def ends_place(tokens: list[Token], colon: int) -> bool:
    """Whether a colon stands behind a place at the head of a passage and before a subject: `NEW DELHI: The minister`."""
    following = tokens[colon + 1]
    dated = tokens[colon].text == ":" and (following.is_capital or following.text[0].isdigit() or following.text in "$£€")
    return dated and all(t.is_capital and len(t.text) > 1 for t in tokens[:colon] if t.text != ",")


def _past_date(tokens: list[Token], at: int) -> int:
    """Past a date and its colon: `CAIRO – 3 May 2021: The town …`."""
    end = at
    while end < len(tokens) and (tokens[end].low in classes().times or tokens[end].low.isdigit() or tokens[end].text == ","):
        end += 1
    return end + 1 if end < len(tokens) and tokens[end].text == ":" else at


def past_region(tokens: list[Token], comma: int, stop: int) -> int:
    """The comma behind a state or country that follows a town and a comma, `in Salem, Ohio, “…”`; else the same place."""
    end = next((k for k in range(comma + 1, min(stop, comma + _REGION)) if tokens[k].text == ","), comma)
    region = " ".join(t.text for t in tokens[comma + 1 : end])
    return end if region.rstrip(".") in region_names() else comma
