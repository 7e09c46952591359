"""Which of the listed articles are wanted: by day, section, language and words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit

from qantar.collect.followed_sources import Source
from qantar.collect.listings import Item


class Page(NamedTuple):
    """What is known of an article once its page is read."""

    text: str
    title: str | None = None
    published_on: date | None = None
    language: str | None = None


class Filter:
    """The filter of one source. A verdict is None for what is wanted, else the reason why it is not."""

    def __init__(self, source: Source, since: date | None = None) -> None:
        self._source = source
        self._since = since or source.since

    @cached_property
    def _words(self) -> re.Pattern[str] | None:
        return word_pattern(self._source.words)

    @cached_property
    def _without(self) -> re.Pattern[str] | None:
        return word_pattern(self._source.without)

    def of_listing(self, item: Item) -> str | None:
        """The verdict on what the listing alone says: what it does not say is not a reason."""
        source = self._source
        if item.published and (reason := self._by_day(item.published[:10])):
            return reason
        if item.language and source.languages and item.language not in source.languages:
            return "language"
        if source.sections and not _in_sections(item, source.sections):
            return "section"
        return self._by_words(f"{item.title}\n{item.text}") if item.is_described and source.words_in == "listing" else None

    def needs_page(self, item: Item) -> bool:
        """Whether the page itself has to be looked at: for words, a language or a day that the listing does not tell."""
        source = self._source
        for_words = bool(source.words or source.without) and (source.words_in == "page" or not item.is_described)
        for_day = bool(self._since or source.until) and not item.published
        return for_words or for_day or bool(source.languages and not item.language)

    def of_page(self, item: Item, page: Page) -> str | None:
        """The verdict on the page, in what the listing did not tell."""
        source = self._source
        if not item.published and page.published_on and (reason := self._by_day(page.published_on.isoformat())):
            return reason
        if source.languages and not item.language and page.language and page.language not in source.languages:
            return "language"
        if source.words_in == "page" or not item.is_described:
            return self._by_words(f"{page.title or ''}\n{page.text}")
        return None

    def _by_day(self, day: str) -> str | None:
        if self._since and day < self._since.isoformat():
            return "too_old"
        return "too_new" if self._source.until and day > self._source.until.isoformat() else None

    def _by_words(self, text: str) -> str | None:
        if self._words and not self._words.search(text):
            return "no_words"
        return "unwanted_words" if self._without and self._without.search(text) else None


def word_pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    """One expression for words and phrases, whatever their case and the spaces in them.

    >>> pattern = word_pattern(["Almat*", "fuel price"])
    >>> [bool(pattern.search(text)) for text in ("In ALMATY today", "Fuel  price", "fuel prices", "Alma")]
    [True, True, False, False]
    """
    parts = [r"\s+".join(re.escape(part).replace(r"\*", r"\w*") for part in word.split()) for word in words]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE) if parts else None


def _in_sections(item: Item, sections: list[str]) -> bool:
    path = urlsplit(item.url).path
    named = {section.lower() for section in item.sections}
    return any(path.startswith(section) if section.startswith("/") else section.lower() in named for section in sections)
