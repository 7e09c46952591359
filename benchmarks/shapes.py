"""What articles of one sign, word or shape cost in every stage: seconds for a length, and for twice that.

    python -m benchmarks.shapes [--characters 100000] [--only WORDS] [--most 60] [--without-model]

Each shape is made an article of so many characters, and one of twice as many: each printable sign, signs in turn, nested brackets, one
word, emoji, capitals, digits and dots, sentences said again and again. Every stage gets what the one before it gave, in one process of
its own. Seconds are the processor's. A stage is linear where twice the text takes about twice the time: those that take more than three
times as long are marked, and the command ends with 1. A shape that takes longer than `--most` seconds is ended, and marked too.

The language model takes most of the time: a token a third of a millisecond, whatever it is. Without it, ten times the length is tried in
the same time, but what is read off its trees and names is not.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import multiprocessing
import string
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from qantar.pipeline.annotator import Annotator
from qantar.schema import Article, Rejected
from qantar.settings import Corpus
from qantar.stages.articles import Catalogue, list_sources, read_articles
from qantar.stages.blocks import Cleaned, clean_article
from qantar.stages.duplicates import Text, find_duplicates
from qantar.stages.entities import link_mentions, name_document, resolve_entities
from qantar.stages.mentions import find_mentions
from qantar.stages.quote_groups import group_quotes
from qantar.stages.quotes import find_quotes, resolve_speakers
from qantar.stages.sentences import split_sentences
from qantar.text.known_names import load_names

SHAPES = {
    **{f"{sign} over and over": sign for sign in string.punctuation + "“”‘’«»…–—"},
    **{f"{sign} and spaces": f"{sign} " for sign in "\"'.,-([{“”‘’:;!?*#"},
    "dots and commas in turn": ".,",
    "marks in turn": "“”",
    "marks and words in turn": "“a” b ",
    "signs in turn": "-!?/:;%$&*_#@=~|<^`",
    "nested brackets": "([{",
    "brackets that close": "()",
    "one letter": "a",
    "one long word": "word",
    "one word, again and again": "word ",
    "one capital": "A",
    "capitals": "A B ",
    "capitals and dots": "A.",
    "capitals, dots, spaces": "A. ",
    "names": "Mr. Smith ",
    "digits": "7",
    "digits and spaces": "7 ",
    "digits and dots": "7.",
    "digits and commas": "7,",
    "days": "5 January 2022, ",
    "emoji": "😀",
    "emoji and spaces": "😀 ",
    "joined emoji": "👩‍👧",
    "marks on letters": "a\u0301\u0302",
    "lines of one letter": "a\n",
    "paragraphs of one word": "word.\n\n",
    "quotes": "“No,” he said. ",
    "quotes that never end": "“No, he said. ",
    "said that he said that": "he said that ",
    "said, and, said": "he said and she said and ",
    "of the of the": "of the minister of the ",
    "a list": "bread, milk, ",
    "names in a list": "Ann Lee, Bo Ray, ",
    "apostrophes": "don't ",
    "a page of tags": "<b>a</b>",
    "an address": "https://example.org/a/",
}
FRAME = "The harbour of Lund was opened on Monday by Anna Reed.\n\n{}\n\nIt was closed again on Friday, Reed said.\n"
STAGES = ("read", "blocks", "sentences", "network", "mentions", "quotes", "entities", "groups", "duplicates")
MOST = 3.0
LEAST = 0.05
"""Seconds below which nothing is compared."""


def timed(function: Callable[..., Any], *arguments: Any) -> tuple[float, Any]:
    """The processor's seconds of a call, and what it gives."""
    began = time.process_time()
    result = function(*arguments)
    return time.process_time() - began, result


def read(folder: Path) -> Article | Rejected:
    """The article in a folder, whatever its length."""
    (source,), _ = list_sources(folder)
    (article,) = read_articles(folder, source, Catalogue(), Corpus(max_characters=10**9))
    return article


def stages(text: str, annotator: Annotator) -> Iterator[tuple[str, float]]:
    """The seconds of each stage on an article of this text, in their order; they end where the article is rejected."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "a.txt").write_text(text, "utf-8")
        seconds, article = timed(read, Path(name))
    yield "read", seconds
    if isinstance(article, Rejected):
        article = _article(text)
    seconds, cleaned = timed(clean_article, article)
    yield "blocks", seconds
    if not isinstance(cleaned, Cleaned):
        return
    document, blocks = cleaned
    began = time.process_time()
    doc = annotator.pipeline.make_doc(document.text)
    starts = [token.idx for token in doc if not token.is_space]
    sentences = split_sentences(document, blocks, starts)
    yield "sentences", time.process_time() - began
    if annotator.pipeline.pipeline:
        seconds, doc = timed(annotator.parse, doc, sentences)
        yield "network", seconds
    seconds, mentions = timed(find_mentions, doc, document, sentences, annotator.names)
    yield "mentions", seconds
    seconds, quotes = timed(find_quotes, doc, document, blocks, sentences, mentions)
    yield "quotes", seconds

    def entities() -> Any:
        uses = name_document(mentions, document.text, sentences, None)
        resolution = resolve_entities(uses, annotator.names)
        linked = link_mentions(mentions, resolution, document.text, sentences)
        return resolve_speakers(quotes, linked, sentences, blocks, resolution.genders)

    seconds, spoken = timed(entities)
    yield "entities", seconds
    twice = [replace(quote, document_id="other", quote_id=f"o{quote.quote_id}") for quote in spoken]
    yield "groups", timed(group_quotes, [*spoken, *twice])[0]
    texts = [Text("a", None, document.text), Text("b", None, document.text + " Lund."), Text("c", None, document.text[::-1])]
    yield "duplicates", timed(lambda: list(map(list, find_duplicates(texts)[:1])))[0]


def _article(text: str) -> Article:
    """What is not English is annotated here all the same."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    known = dict.fromkeys(("url", "outlet", "title", "author", "credit", "published_on", "licence", "note"))
    return Article(
        document_id=digest[:12],
        source_path="a.txt",
        source_record="1",
        source_sha256=digest,
        format="txt",
        language="en",
        language_score=1.0,
        text=text,
        text_sha256=digest,
        has_raw_offsets=True,
        **known,  # type: ignore[arg-type]
    )


def measure(shape: str, n: int, annotator: Annotator, wire: Connection) -> None:
    """Send the seconds of each stage for `n` and for twice as many characters, in a process of its own."""
    gc.disable()  # a pass over all that is loaded would fall into one stage or another
    for length in (n, 2 * n):
        for stage, seconds in stages(FRAME.format((shape * length)[:length]), annotator):
            wire.send((length, stage, seconds))
    wire.close()


def seconds_of(shape: str, n: int, most: float, annotator: Annotator) -> tuple[dict[str, list[float]], bool]:
    """The seconds of each stage for both lengths, and whether all were made in time."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=measure, args=(shape, n, annotator, theirs))
    process.start()
    theirs.close()
    found: dict[str, list[float]] = {}
    until, is_whole = time.monotonic() + most, False
    try:
        while ours.poll(max(0.0, until - time.monotonic())):
            _, stage, seconds = ours.recv()
            found.setdefault(stage, []).append(seconds)
    except EOFError:
        is_whole = process.exitcode is None or process.exitcode == 0
    process.kill()
    process.join()
    return found, is_whole


def main() -> None:
    """Print a line for each shape."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shapes", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--characters", type=int, default=100_000)
    parser.add_argument("--only", nargs="+", default=[""])
    parser.add_argument("--most", type=float, default=60.0, help="seconds for a shape, by the clock")
    parser.add_argument("--without-model", action="store_true")
    options = parser.parse_args()
    print(f"Seconds for {options.characters:,} characters → for twice as many\n")
    print(f"| shape | {' | '.join(STAGES)} |\n| --- |{' ---: |' * len(STAGES)}", flush=True)
    annotator = Annotator(None, load_names(None))
    if options.without_model:
        for name in annotator.pipeline.pipe_names:
            annotator.pipeline.disable_pipe(name)
    for _ in stages(FRAME.format("A quiet day, he said. " * 20), annotator):
        pass  # what is loaded once
    marked = 0
    for name, shape in SHAPES.items():
        if not any(words in name for words in options.only):
            continue
        found, is_whole = seconds_of(shape, options.characters, options.most, annotator)
        cells = []
        for stage in STAGES:
            pair = found.get(stage, [])
            is_slow = len(pair) == 2 and pair[1] > max(LEAST, MOST * pair[0])
            marked += is_slow
            cells.append(" → ".join(f"{seconds:.2f}" for seconds in pair) + " **" * is_slow)
        marked += not is_whole
        print(f"| {name.replace('|', chr(92) + '|')} | {' | '.join(cells)} |{'' if is_whole else ' not ended in time'}", flush=True)
    print(f"\n{marked} above {MOST:g} times as long, or not ended in time")
    sys.exit(1 if marked else 0)


if __name__ == "__main__":
    main()
