"""How fast articles are read and cleaned on one core, and how much of web pages is found, beside trafilatura alone.

    python -m benchmarks.reading [--texts raw] [--pages FOLDER] [--repeat 3]

TEXTS is a folder of .txt; FOLDER one of .html, and without it pages are made of the texts, with the furniture that news sites have
around an article. "Alone" is trafilatura with metadata and without comments, on the same bytes; ours adds decoding, furniture, mending,
language, catalogue, roles and blocks. Speed is articles by second of processor time, the best of the rounds.

Where beside a page lies NAME.txt with the text of its article, without headline and captions, the texts found are compared with it:
the words of four at a time that both have, as a share of those found (precision) and of those that should be (recall), each the mean
over the pages, and F1 of the two. Where beside it lies NAME.json with some of {"title": ..., "day": "2022-01-05", "authors": [...]}, null
where the page says none, the share of pages is printed of which each is right: letters and digits are compared, and all authors.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from qantar.schema import Article
from qantar.settings import Corpus
from qantar.stages.articles import list_sources, load_catalogue, read_articles
from qantar.stages.articles.limit import seconds_spent
from qantar.stages.blocks import Cleaned, clean_article

N_TEXTS, N_PAGES = 600, 60
SHINGLE = 4
KINDS = ("title", "day", "authors")


class Read(NamedTuple):
    """What was found in a page, as a reader would write it down."""

    text: str = ""
    title: str | None = None
    day: str | None = None
    authors: str | None = None


Texts = dict[str, str]  # by the stem of a page's name
Pages = dict[str, Read]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--texts", type=Path, default=Path("raw"))
    arguments.add_argument("--pages", type=Path)
    arguments.add_argument("--repeat", type=int, default=3)
    options = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    texts = [path.read_text("utf-8") for path in sorted(options.texts.glob("*.txt"))]
    gold = {path.stem: path.read_text("utf-8") for path in sorted(options.pages.rglob("*.txt"))} if options.pages else {}
    marked = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(options.pages.rglob("*.json"))} if options.pages else {}
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        plain, pages = here / "plain", here / "pages"
        plain.mkdir()
        pages.mkdir()
        for n in range(N_TEXTS):
            (plain / f"{n:05}.txt").write_text(f"{texts[n % len(texts)]}\n\nArticle {n}.\n", "utf-8")
        for n in range(0 if options.pages else N_PAGES):
            (pages / f"{n:05}.html").write_text(page_of(texts[n % len(texts)], n), "utf-8")
        for path in sorted(options.pages.rglob("*.htm*")) if options.pages else []:
            shutil.copy(path, pages / f"{path.stem}.html")
        n_pages = len(list(pages.iterdir()))
        rows = [
            ("plain text: read and clean", N_TEXTS / best(lambda: read_and_clean(plain), options.repeat)),
            ("web pages: read and clean", n_pages / best(lambda: read_and_clean(pages), options.repeat)),
            ("web pages: trafilatura alone", n_pages / best(lambda: trafilatura_alone(pages), options.repeat)),
        ]
        found = {"trafilatura alone": trafilatura_alone(pages), "read and clean": read_and_clean(pages)} if gold or marked else {}
    rows.append(("web pages: ours / trafilatura alone", rows[1][1] / rows[2][1]))
    print(f"{'on one core':<40}{'articles/s':>12}")
    for name, figure in rows:
        print(f"{name:<40}{figure:>12.2f}")
    for name, pages_found in found.items():
        if gold:
            precision, recall = agreement({stem: page.text for stem, page in pages_found.items()}, gold)
            f1 = 2 * precision * recall / (precision + recall)
            print(f"{name:<28} F1 {f1:.4f}  precision {precision:.4f}  recall {recall:.4f}  ({len(gold)} pages)")
        if marked:
            shares = (right(kind, pages_found, marked) for kind in KINDS)
            print(f"{name:<28} {'  '.join(f'{kind} {n / of:.3f} of {of}' for kind, (n, of) in zip(KINDS, shares, strict=True) if of)}")


def best(run: Callable[[], object], repeat: int) -> float:
    """Seconds of processor time of the quickest round, after one that warms up."""
    run()
    seconds = []
    for _ in range(repeat):
        started = time.process_time() + seconds_spent()
        run()
        seconds.append(time.process_time() + seconds_spent() - started)
    return min(seconds)


def read_and_clean(folder: Path) -> Pages:
    catalogue, corpus = load_catalogue(folder), Corpus(other_languages="keep")
    pages: Pages = {}
    for source in list_sources(folder)[0]:
        for row in read_articles(folder, source, catalogue, corpus):
            if isinstance(row, Article) and isinstance(cleaned := clean_article(row), Cleaned):
                document = cleaned.document
                day = document.published_on.isoformat() if document.published_on else None
                pages[Path(source.path).stem] = Read(document.text, document.title, day, document.author)
    return pages


def trafilatura_alone(folder: Path) -> Pages:
    from trafilatura import bare_extraction

    pages: Pages = {}
    for path in sorted(folder.iterdir()):
        document = bare_extraction(path.read_bytes(), with_metadata=True, include_comments=False)
        if document is not None and not isinstance(document, dict):
            pages[path.stem] = Read(document.text or "", document.title, document.date, document.author)
    return pages


def right(kind: str, found: Pages, marked: dict[str, dict[str, Any]]) -> tuple[int, int]:
    """Of how many pages the title, day or authors are right, and of how many they are known."""
    known = [stem for stem, page in marked.items() if kind in page]
    return sum(plain(getattr(found.get(stem, Read()), kind)) == plain(marked[stem][kind]) for stem in known), len(known)


def plain(value: str | list[str] | None) -> list[str]:
    """Letters and digits of each name or of the whole, in an order of their own."""
    values = value if isinstance(value, list) else (value or "").split(";")
    return sorted(key for one in values if (key := re.sub(r"[\W_]+", "", one).casefold()))


def agreement(found: Texts, gold: Texts) -> tuple[float, float]:
    """Mean precision and recall of the shingles of the texts found; a page without any text has neither."""
    shares = []
    for name, wanted in gold.items():
        mine, theirs = shingles(found.get(name, "")), shingles(wanted)
        both = (mine & theirs).total()
        shares.append((both / mine.total() if mine else 0.0, both / theirs.total() if theirs else 0.0))
    return sum(p for p, _ in shares) / len(shares), sum(r for _, r in shares) / len(shares)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + SHINGLE]) for i in range(max(min(len(words), 1), len(words) - SHINGLE + 1)))


def page_of(text: str, number: int) -> str:
    """A page as a news site would serve it: some 70 kB and 1,000 elements of menus, teasers, scripts and styles around the article."""
    title, *paragraphs = [line for line in text.splitlines() if line.strip()]
    menu = "".join(f'<li class="menu-item"><span><a href="/section/{n}">Section {n}</a></span></li>' for n in range(80))
    story = (
        '<div class="card"><div class="card-image"><a href="/story/{0}"><img src="/{0}.jpg" alt=""></a></div><div class="card-text">'
        '<h3><a href="/story/{0}">Another story of the day, number {0}</a></h3><span class="kicker">World</span> <time>3 hours ago</time>'
        "<p>A few words on what it is about.</p></div></div>"
    )
    cards = "".join(story.format(n) for n in range(50))
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    script = "<script>window.data = [" + ",".join(f'{{"id": {n}, "kind": "story", "weight": 0.5}}' for n in range(600)) + "];</script>"
    style = "<style>" + "".join(f".c{n} {{ color: #333; margin: 0 auto }}\n" for n in range(300)) + "</style>"
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title[:80])} - Courier</title>'
        f'<meta property="og:site_name" content="Courier"><meta name="author" content="Jane Smith">'
        f'<meta property="article:published_time" content="2022-01-07T10:33:00Z">'
        f'<link rel="canonical" href="https://example.org/{number}">{script}{style}</head><body><header><nav><ul>{menu}</ul></nav></header>'
        f'<main><article><h1>{escape(title[:80])}</h1><div class="share"><a href="#">Share</a></div>{body}</article>'
        f'<aside class="related">{cards}</aside></main>'
        f"<footer><ul>{menu}</ul><p>© 2022 Courier. All rights reserved.</p></footer></body></html>"
    )


if __name__ == "__main__":
    main()
