"""The rules that decide the roles of blocks, by name: what `rule` holds. Those of `flows/lexicon/boilerplate.toml` are named there."""

from __future__ import annotations

from enum import StrEnum


class BlockRule(StrEnum):
    """The rules of the code, about in the order in which they are tried."""

    INVISIBLE = "invisible characters"
    NAME = "name with a colon"
    OPINION = "opinion of a speaker"
    INTERVIEW = "heading of an interview"
    SIGNATURE = "signature below a quotation"
    SEPARATOR = "separator"
    """A line without a letter."""
    RECURS = "recurs across articles"
    SITE_VOICE = "the site's own voice"
    CONTROL = "control of the page"
    PAYWALL = "paywall"
    BREAK = "break between sections"
    READERS_COMMENTS = "readers' comments"
    GIVEN_TITLE = "headline given beside the text"
    SIGNED_TITLE = "line above a byline or day"
    ABOVE_TITLE = "above the title"
    FIRST_LINE = "first line"
    BYLINE = "name below the title"
    PLACE = "place in capitals"
    SCRAP = "scrap of furniture"
    COLON = "heading with a colon"
    QUESTION = "question as heading"
    HEADING = "short line before a paragraph"
    PARAGRAPH = "paragraph"

    # rules of the lexicon that the code knows too
    COMMENT_FORM = "comment form"
    RELATED = "related stories"
    POST = "post signature"
    PUBLISHED = "time of publication"
    ADDRESS = "web address"


OF_LEXICON = (BlockRule.COMMENT_FORM, BlockRule.RELATED, BlockRule.POST, BlockRule.PUBLISHED, BlockRule.ADDRESS)
"""Those that boilerplate.toml has to have."""
