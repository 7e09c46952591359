"""Quotes: how right they are, whether their scores mean it, and what they and their groups cost, in processor time.

    python -m benchmarks.quotes TEXTS [--annotations FOLDER] [--wordings 20000 50000]

TEXTS is a folder of articles as .txt, annotated in one process; the model's time and that of the rules for quotes are counted apart.

With --annotations, brat files NAME_ANNOTATOR.ann of attributions, as in PolNeAR, it prints the figures of `benchmarks.accuracy
attributions` for all quotes, for all but those of thought, and with each part in marks left out where the clause it stands in is
right (such a corpus has one attribution there, Qantar two rows); then, for each tenth of `score`, how many such quotes were right.

For grouping, wordings are made from the quotes found: each is told by several outlets, whole, in part, with words swapped, by a
seeded generator; besides the time, it prints how many pairs of one utterance were joined and how many of two.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from benchmarks.accuracy import Attribution, markdown, read_attributions, score_attributions
from qantar.pipeline.annotator import Annotator
from qantar.quality.scoring import Annotated, Places, Row, Score, matched, segments_of
from qantar.schema import Article, Block, Quote
from qantar.settings import Corpus
from qantar.stages.articles import list_sources, load_catalogue, read_articles
from qantar.stages.blocks import Cleaned, clean_article
from qantar.stages.mentions import find_mentions
from qantar.stages.quote_groups import group_quotes
from qantar.stages.quotes import find_quotes
from qantar.stages.sentences import split_sentences
from qantar.text.known_names import load_names

_FIGURES = ("attributions with their source", "quotation-marked with their source", "indirect with their source")
_MARKED = {"direct", "mixed"}


class Found(NamedTuple):
    """What was found in one text."""

    name: str
    raw: str
    blocks: list[Block]
    quotes: list[Quote]


def annotate(folder: Path) -> list[Found]:
    """The quotes of a folder's texts; prints what share of the model's time finding them took."""
    annotator = Annotator(None, load_names(None))
    catalogue, seconds, n_words = load_catalogue(folder), defaultdict[str, float](float), 0
    found = []
    for source in list_sources(folder)[0]:
        for article in read_articles(folder, source, catalogue, Corpus()):
            cleaned = clean_article(article) if isinstance(article, Article) else article
            if not isinstance(article, Article) or not isinstance(cleaned, Cleaned):
                continue
            document, blocks = cleaned
            sentences = split_sentences(document, blocks)
            start = time.process_time()
            doc = annotator.parse(annotator.pipeline.make_doc(document.text), sentences)
            seconds["model"] += time.process_time() - start
            mentions = find_mentions(doc, document, sentences, annotator.names)
            start = time.process_time()
            quotes = find_quotes(doc, document, blocks, sentences, mentions)
            seconds["quotes"] += time.process_time() - start
            n_words += len(doc)
            found.append(Found(Path(source.path).stem, article.text, blocks, quotes))
    n_quotes = sum(len(f.quotes) for f in found)
    print(f"{n_quotes:,} quotes in {len(found)} texts, {n_words:,} words", end="; ")
    print(f"rules {seconds['quotes']:.1f} s, model {seconds['model']:.1f} s: {seconds['quotes'] / seconds['model']:.1%} of it")
    return found


# --- right or wrong -----------------------------------------------------------------------------------------------


def accuracy(found: list[Found], gold: dict[str, list[Attribution]]) -> None:
    """Print the figures for all quotes, without those of thought, and without parts of clauses that are right."""
    kept: dict[str, Callable[[Found], list[Quote]]] = {
        "all": lambda text: text.quotes,
        "without thoughts": lambda text: [q for q in text.quotes if "thought" not in q.method.split()],
        "parts counted with their clause": lambda text: _without_parts(text, gold[text.name]),
    }
    for name, keep in kept.items():
        score = Score()
        for text in found:
            rows = {"blocks": [asdict(b) for b in text.blocks], "quotes": [asdict(q) for q in keep(text)]}
            score_attributions(text.name, text.raw, gold[text.name], rows, score)
        head, rule, *lines = markdown(score).split("\n")
        print("", name, "", head, rule, *(line for line in lines if any(figure in line for figure in _FIGURES)), sep="\n")


def _without_parts(text: Found, gold: list[Attribution]) -> list[Quote]:
    quotes, right, _ = _judged(text, gold)
    ids = {quotes[i].quote_id for i in right}
    return [q for i, q in enumerate(quotes) if not (q.kind in _MARKED and i not in right and q.parent_quote_id in ids)]


def _judged(text: Found, gold: list[Attribution]) -> tuple[list[Quote], set[int], set[int]]:
    """The attributed quotes, which of them are right with their source, and which are parts in marks of an attribution."""
    quotes = [q for q in text.quotes if q.kind != "unattributed" and q.raw_start is not None]
    rows: list[Row] = [asdict(q) for q in quotes]
    article = Annotated(text.name, {"boilerplate": []}, text.raw, [asdict(b) for b in text.blocks], [], [], rows)
    places = Places(article, article.paragraphs())
    mine, theirs = [places.characters(segments_of(row, places)) for row in rows], [places.characters(a["content"]) for a in gold]
    speakers = [
        places.characters([] if q.speaker_start is None or q.speaker_end is None else places.in_raw(q.speaker_start, q.speaker_end))
        for q in quotes
    ]
    sources = [places.characters(a["source"]) for a in gold]
    right = {i for i, j in matched(mine, theirs).items() if speakers[i] & sources[j] or not (speakers[i] or sources[j])}
    parts = {
        i
        for i, q in enumerate(quotes)
        if q.kind in _MARKED
        and any(mine[i] and mine[i] <= held and speakers[i] & source for held, source in zip(theirs, sources, strict=True))
    }
    return quotes, right, parts


def reliability(found: list[Found], gold: dict[str, list[Attribution]]) -> None:
    """Print for each tenth of the score how often such quotes are right; a part in marks of what an attribution holds is right."""
    tenths: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for text in found:
        quotes, right, parts = _judged(text, gold[text.name])
        for i, quote in enumerate(quotes):
            tenths[min(9, int(quote.score * 10))].append((quote.score, i in right | parts))
    print("", "| score | quotes | stated | right |", "| --- | ---: | ---: | ---: |", sep="\n")
    error, n = 0.0, sum(len(pairs) for pairs in tenths.values())
    for tenth, pairs in sorted(tenths.items()):
        stated, share = (sum(x[k] for x in pairs) / len(pairs) for k in (0, 1))
        error += abs(stated - share) * len(pairs) / n
        print(f"| {tenth / 10:.1f}–{tenth / 10 + 0.1:.1f} | {len(pairs):,} | {stated:.3f} | {share:.3f} |")
    print(f"\nexpected calibration error {error:.3f}")


# --- groups -------------------------------------------------------------------------------------------------------


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


def grouping(pool: list[Quote], n: int) -> None:
    """Print how long `n` wordings take to group, and how rightly they are."""
    made = list(retold(pool, n))
    start = time.process_time()
    groups = group_quotes(row for _, row in made)
    seconds = time.process_time() - start
    tellings, joined = defaultdict(list), defaultdict(list)
    for utterance, row in made:
        tellings[utterance].append(row.quote_id)
    for member in groups.members:
        joined[member.quote_group_id].append(member.quote_id)
    pairs = {p for g in tellings.values() for p in combinations(sorted(g), 2)}
    found = {p for g in joined.values() for p in combinations(sorted(g), 2)}
    print(f"groups: {n:,} wordings  {seconds:.1f} s  {len(groups.groups):,} groups", end="  ")
    print(f"pairs joined {len(found & pairs) / len(pairs):.3f} of one utterance, {len(found - pairs):,} of two")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--annotations", type=Path)
    parser.add_argument("--wordings", type=int, nargs="*", default=[20_000])
    options = parser.parse_args()
    found = annotate(options.texts)
    if options.annotations:
        gold = defaultdict(list, read_attributions(options.annotations))
        annotated = [text for text in found if text.name in gold]
        accuracy(annotated, gold)
        reliability(annotated, gold)
    pool = [q for text in found for q in text.quotes if q.kind != "unattributed" and len(q.text.split()) >= 10]
    for n in options.wordings:
        grouping(pool, n)


if __name__ == "__main__":
    main()
