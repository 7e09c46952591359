"""Sentences against peers: exact spans on annotated running text, all systems in one run, printed as a Markdown table.

    python -m benchmarks.sentences FILE.jsonl [--misses]

FILE: JSON lines {"name", "text", "sentences": [[start, end]]}, paragraphs parted by a blank line, names as GUM's (`GUM_news_iodine`).
Every system gets one paragraph at a time. blingfire (x86-64 wheels only) and sentencex take part where they are installed:
`pip install blingfire sentencex`. `--misses` prints where ours and the annotators differ.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from qantar.stages.sentences import sentence_spans

Spans = list[tuple[int, int]]
NEWS_LIKE = frozenset({"news", "interview", "speech", "voyage"})
"""GUM's genres nearest to news articles: reports, interviews, speeches, travel guides."""


def blingfire() -> Callable[[str], Spans]:
    """blingfire's offsets, trimmed."""
    from blingfire import text_to_sentences_and_offsets

    return lambda text: [(a, b) for a, b in text_to_sentences_and_offsets(text)[1]]


def sentencex() -> Callable[[str], Spans]:
    """sentencex's segments, looked up in the text."""
    from sentencex import segment

    return lambda text: list(_placed(text, segment("en", text)))


def sentencizer() -> Callable[[str], Spans]:
    """spaCy's sentencizer."""
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return lambda text: [(sent.start_char, sent.end_char) for sent in nlp(text).sents]


def _placed(text: str, parts: Any) -> Iterator[tuple[int, int]]:
    at = 0
    for part in parts:
        inner = part.strip()
        start = text.find(inner, at)
        if inner and start >= 0:
            at = start + len(inner)
            yield start, at


SYSTEMS = {"blingfire": blingfire, "sentencex": sentencex, "spaCy sentencizer": sentencizer}


def spans_of(split: Callable[[str], Spans], text: str) -> set[tuple[int, int]]:
    """The sentences of a text, a paragraph at a time, white space at the edges left out."""
    found = set()
    for paragraph in re.finditer(r"(?:(?!\n\s*\n).)+", text, re.DOTALL):
        for a, b in split(paragraph[0]):
            inner = paragraph[0][a:b]
            if inner.strip():
                start = paragraph.start() + a + len(inner) - len(inner.lstrip())
                found.add((start, start + len(inner.strip())))
    return found


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    texts = [json.loads(line) for line in options.file.read_text("utf-8").splitlines() if line.strip()]
    systems: dict[str, Callable[[str], Spans]] = {"Qantar": sentence_spans}
    systems |= {name: make() for name, make in SYSTEMS.items() if find_spec("spacy" if name.startswith("spaCy") else name)}
    print(f"{len(texts)} texts; news-like: {', '.join(sorted(NEWS_LIKE))}\n")
    print("| | P | R | F1 | news-like P | R | F1 | n | CPU s |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, split in systems.items():
        began = time.process_time()
        found = [spans_of(split, text["text"]) for text in texts]
        seconds = time.process_time() - began
        cells = []
        for genres in (None, NEWS_LIKE):
            counts = [0, 0, 0]
            for text, got in zip(texts, found, strict=True):
                want = {(a, b) for a, b in text["sentences"]}
                if genres is None or text["name"].split("_")[1] in genres:
                    counts = [n + m for n, m in zip(counts, (len(want & got), len(got), len(want)), strict=True)]
            right, n_got, n_want = counts
            cells += [right / max(1, n_got), right / max(1, n_want), 2 * right / max(1, n_got + n_want)]
        total = sum(len(text["sentences"]) for text in texts)
        print(f"| {name} | {' | '.join(f'{cell:.3f}' for cell in cells)} | {total:,} | {seconds:.2f} |")
    if options.misses:
        for text in texts:
            print_misses(text["name"], text["text"], {(a, b) for a, b in text["sentences"]})


def print_misses(name: str, text: str, want: set[tuple[int, int]]) -> None:
    """Where only ours (+) or only the annotators (-) end a sentence, with the text around."""
    ours, theirs = {b for _, b in spans_of(sentence_spans, text)}, {b for _, b in want}
    for end in sorted(ours ^ theirs):
        mark = "+" if end in ours else "-"
        print(f"{name} {mark} {text[max(0, end - 60) : end]!r} | {text[end : end + 40]!r}")


if __name__ == "__main__":
    main()
