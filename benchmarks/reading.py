"""How fast articles are read and cleaned on one core: plain text, and web pages beside trafilatura alone.

    python -m benchmarks.reading [--texts raw] [--pages FOLDER] [--repeat 3]

TEXTS is a folder of .txt; FOLDER one of .html, and without it pages are made of the texts, with the furniture that news sites have
around an article. "Alone" is trafilatura with metadata and without comments, on the same bytes; ours adds decoding, links and
`articleBody`, mending, language, catalogue, roles and blocks. Speed is articles by second of processor time, the best of the rounds.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import tempfile
import time
from collections.abc import Callable
from html import escape
from pathlib import Path

from flows.schema import Article
from flows.settings import Corpus
from flows.stages.clean import clean_article
from flows.stages.read import list_sources, load_catalogue, read_articles

N_TEXTS, N_PAGES = 600, 60


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--texts", type=Path, default=Path("raw"))
    arguments.add_argument("--pages", type=Path)
    arguments.add_argument("--repeat", type=int, default=3)
    options = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    texts = [path.read_text("utf-8") for path in sorted(options.texts.glob("*.txt"))]
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
    rows.append(("web pages: ours / trafilatura alone", rows[1][1] / rows[2][1]))
    print(f"{'on one core':<40}{'articles/s':>12}")
    for name, figure in rows:
        print(f"{name:<40}{figure:>12.2f}")


def best(run: Callable[[], None], repeat: int) -> float:
    """Seconds of processor time of the quickest round, after one that warms up."""
    run()
    seconds = []
    for _ in range(repeat):
        started = time.process_time()
        run()
        seconds.append(time.process_time() - started)
    return min(seconds)


def read_and_clean(folder: Path) -> None:
    catalogue, corpus = load_catalogue(folder), Corpus(other_languages="keep")
    for source in list_sources(folder)[0]:
        for row in read_articles(folder, source, catalogue, corpus):
            if isinstance(row, Article):
                clean_article(row)


def trafilatura_alone(folder: Path) -> None:
    from trafilatura import bare_extraction

    for path in sorted(folder.iterdir()):
        bare_extraction(path.read_bytes(), with_metadata=True, include_comments=False)


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
