"""A page that hangs or crashes its parser costs its own row, in any thread, and the next one is read."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qantar.schema import Article, Rejected
from qantar.settings import Corpus
from qantar.stages.articles import limit, list_sources, load_catalogue, read_articles
from qantar.stages.articles.encodings import NotTextError
from tests.stages.test_pages import PARAGRAPHS, page

HANGS = page(f"<p {' '.join(f'a{chr(34)}{n}=x' for n in range(40_000))}>x</p>")
"""libxml2 compares each attribute of a tag with all others, in C code that no signal handler of Python interrupts."""


def read(raw: Path) -> list[Article | Rejected]:
    catalogue = load_catalogue(raw)
    return [row for source in list_sources(raw)[0] for row in read_articles(raw, source, catalogue, Corpus())]


def test_a_page_that_hangs_the_parser_is_rejected_in_a_thread_too_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limit, "MOST_SECONDS", 2.0)
    (tmp_path / "a.html").write_bytes(HANGS)
    (tmp_path / "b.html").write_bytes(page())
    hung, article = ThreadPoolExecutor(1).submit(read, tmp_path).result()
    assert isinstance(hung, Rejected)
    assert (hung.source_path, hung.reason) == ("a.html", "timeout")
    assert "save its text" in hung.detail
    assert isinstance(article, Article)
    assert article.text.split("\n") == PARAGRAPHS


def die() -> None:
    os.abort()


def refuse() -> None:
    raise NotTextError("no_article", "none")


def test_a_call_that_ends_its_process_is_a_crash_and_the_next_call_is_made() -> None:
    with pytest.raises(limit.CrashError, match="SIGABRT"):
        limit.call(die)
    assert limit.call(len, "abc") == 3


def test_what_a_call_raises_is_raised_here() -> None:
    with pytest.raises(NotTextError, match="none") as raised:
        limit.call(refuse)
    assert raised.value.reason == "no_article"


def test_calls_of_many_threads_each_get_their_own_result() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda n: limit.call(divmod, n, 7), range(60))) == [divmod(n, 7) for n in range(60)]


def test_a_process_that_was_forked_makes_its_own_calls() -> None:
    assert limit.call(os.getpid) == limit.call(os.getpid) != os.getpid()
    mine, (out, into) = limit.call(os.getpid), os.pipe()
    if (child := os.fork()) == 0:  # what follows must end without pytest's clearing up
        other = limit.call(os.getpid)
        os.write(into, b"same" if other == mine else b"other")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(out, 10) == b"other"
    assert limit.call(os.getpid) == mine
    os.close(out)
    os.close(into)
