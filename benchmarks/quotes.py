"""How fast sentences are cut, quotes found and utterances grouped, and how the work of grouping grows; in processor time.

    python -m benchmarks.quotes TEXTS [--quotes 20000 200000]

TEXTS is a folder of articles as .txt. Sentences and quotes are timed on them, in one process; mentions are left out, as they are
found before. For grouping, wordings are made from the quotes found: each is told by several outlets, whole, in part, with words
swapped, by a seeded generator; besides the time, it prints how many pairs of one utterance were joined and how many of two.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from flows.schema import Block, Document, Quote
from flows.stages.quote_groups import group_quotes
from flows.stages.quotes import find_quotes
from flows.stages.sentences import split_sentences


def read(path: Path, number: int) -> tuple[Document, list[Block]]:
    """An article as one block a line."""
    text = path.read_text("utf-8")
    name = f"{number:012d}"
    lines = [m for m in re.finditer(r"[^\n]+", text) if m[0].strip()]
    blocks = [
        Block(
            block_id=f"{name}-b{i}",
            document_id=name,
            position=i,
            role="body",
            rule="line",
            raw_start=m.start(),
            raw_end=m.end(),
            start=m.start(),
            end=m.end(),
            text=m[0],
        )
        for i, m in enumerate(lines)
    ]
    known: dict[str, Any] = {f.name: None for f in fields(Document)}
    known |= {"document_id": name, "source_path": path.name, "text": text, "n_characters": len(text)}
    document = Document(**known)
    return document, blocks


def retold(quotes: list[Quote], n: int, seed: int = 7) -> Iterator[tuple[int, Quote]]:
    """`n` wordings: utterances told whole, in part or with a word in eight swapped, each by an outlet of its own."""
    dice = random.Random(seed)
    words = [w for q in quotes for w in q.text.split()]
    made = utterance = 0
    while made < n:
        base = dice.choice(quotes).text.split()
        # a word of its own in five keeps the utterances of one base apart
        base = [w if dice.random() > 0.2 else f"{w}{utterance}" for w in base]
        for telling in range(min(dice.choice((1, 1, 2, 3, 6)), n - made)):
            wording = [w if dice.random() > 0.12 or not telling else dice.choice(words) for w in base]
            if telling and dice.random() < 0.3:
                wording = wording[: max(8, len(wording) * 2 // 3)]
            name = f"{made:012d}"
            row = replace(
                quotes[0], quote_id=f"{name}-q0", document_id=name, text=" ".join(wording), speaker_entity_id=f"s{utterance % 500}"
            )
            yield utterance, replace(row, kind="direct", speaker_basis="name")
            made += 1
        utterance += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--quotes", type=int, nargs="+", default=[20_000, 200_000])
    arguments = parser.parse_args()
    articles = [read(path, i) for i, path in enumerate(sorted(arguments.texts.glob("*.txt")))]
    n_characters = sum(d.n_characters for d, _ in articles)
    n_words = sum(len(d.text.split()) for d, _ in articles)
    start = time.process_time()
    sentences = [split_sentences(d, b) for d, b in articles]
    seconds = time.process_time() - start
    print(f"sentences  {len(articles)} articles  {n_characters / seconds:,.0f} characters/s")
    start = time.process_time()
    quotes = [q for (d, b), s in zip(articles, sentences, strict=True) for q in find_quotes(None, d, b, s, [])]
    seconds = time.process_time() - start
    print(f"quotes     {len(quotes):,} found  {n_words / seconds:,.0f} words/s")
    pool = [q for q in quotes if len(q.text.split()) >= 10]
    for n in arguments.quotes:
        made = list(retold(pool, n))
        start = time.process_time()
        groups = group_quotes(row for _, row in made)
        seconds = time.process_time() - start
        of = {row.quote_id: utterance for utterance, row in made}
        tellings, joined = defaultdict(list), defaultdict(list)
        for quote_id, utterance in of.items():
            tellings[utterance].append(quote_id)
        for member in groups.members:
            joined[member.quote_group_id].append(member.quote_id)
        pairs = {p for g in tellings.values() for p in combinations(sorted(g), 2)}
        found = {p for g in joined.values() for p in combinations(sorted(g), 2)}
        print(f"groups     {n:,} wordings  {seconds:.1f} s  {len(groups.groups):,} groups", end="  ")
        print(f"pairs joined {len(found & pairs) / len(pairs):.3f} of one utterance, {len(found - pairs):,} of two")


if __name__ == "__main__":
    main()
