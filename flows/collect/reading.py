"""What a page says: read as the pipeline reads it, in another process, and so is what a feed lists."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from qantar.collect.failures import FetchError
from qantar.collect.listings import Listing, read_listing
from qantar.collect.relevance import Page
from qantar.stages.articles import limit
from qantar.stages.articles.encodings import MOST_CHARACTERS, NotTextError, decode
from qantar.stages.articles.language import identify_language

P = ParamSpec("P")
T = TypeVar("T")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)


class Reader:
    """Reads pages and listings, one at a time, each within the time that a document may take."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading")

    def close(self) -> None:
        """Stop the thread that reads."""
        self._thread.shutdown()

    async def page(self, body: bytes, url: str, content_type: str) -> Page:
        """What a page says. Raises NotTextError where it holds no article."""
        return await self._call(look_at, body, url, content_type, self._language)

    async def listing(self, data: bytes, most: int) -> Listing:
        """What a feed or sitemap lists. Raises FetchError where it takes too long to read."""
        try:
            return await self._call(read_listing, data, most)
        except NotTextError as error:
            raise FetchError("unreadable_list", str(error)) from error

    async def _call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: _within_time(function, *args, **kwargs))


def _within_time(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return limit.call(function, *args, **kwargs)
    except limit.OutOfTimeError:
        raise NotTextError("timeout", f"takes more than {limit.MOST_SECONDS:g} seconds to read") from None
    except limit.CrashError as error:
        raise NotTextError("crash", f"makes its parser crash ({error})") from None


def look_at(body: bytes, url: str, content_type: str, language: str) -> Page:
    """The text of a page and what it says of itself."""
    from qantar.stages.articles.pages import read_page

    if content_type.startswith("text/plain"):
        text = decode(body, MOST_CHARACTERS).text
        return Page(text, language=identify_language(text, language)[0])
    charset = _CHARSET.search(content_type)
    found = read_page(body, url, charset[1] if charset else None)
    return Page(found.text, found.title, found.published_on, found.language or identify_language(found.text, language)[0])
