"""Speakers: whether passages of annotated news go to the person who said them, judged against our own reading.

    python -m benchmarks.speakers CORPORA [-v]

CORPORA is a folder with `worldwide/dev.jsonl` (English Worldwide Newswire) and `polnear/dev/text` (PolNeAR). `speakers.csv` beside
this file holds our judgement of passages drawn at random from them, as offsets alone: document, the passage, its kind, and the places
that name or describe who said it (more than one where several spellings do). It was made by reading, before the rules were changed.

A passage is right when the quote that covers it (at least half of it) has a speaker whose span is one of these places, or says the
same words, or whose entity is that of a name there; wrong when its speaker is another; open when no quote covers it or its speaker is
not resolved.
Kinds: `alone` (goes on with the quotation before it), `solitary` (no quotation in the sentence before), `pronoun`, `marked`,
`indirect-pronoun`.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from qantar.pipeline.annotator import Annotator
from qantar.schema import Article, Block, Document, Mention, Quote, Sentence
from qantar.settings import Corpus
from qantar.stages.articles import list_sources, load_catalogue, read_articles
from qantar.stages.blocks import Cleaned, clean_article
from qantar.stages.entities import link_mentions, name_document, resolve_entities
from qantar.stages.entities.role_descriptions import resolve_roles
from qantar.stages.quotes import resolve_speakers
from qantar.text.known_names import load_names

JUDGEMENTS = Path(__file__).with_name("speakers.csv")
Verdict = Literal["right", "wrong", "open"]


class Passage(NamedTuple):
    """A passage and where the text says who said it; offsets of the raw text."""

    corpus: str
    document: str
    start: int
    end: int
    kind: str
    speaker: tuple[tuple[int, int], ...]


class Linked(NamedTuple):
    """One article with its rows, speakers resolved."""

    name: str
    raw: str
    document: Document
    blocks: list[Block]
    sentences: list[Sentence]
    mentions: list[Mention]
    quotes: list[Quote]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true", help="name every passage that is not right")
    options = parser.parse_args()
    verdicts: defaultdict[str, Counter[Verdict]] = defaultdict(Counter)
    passages = read_judgements()
    for corpus in sorted({p.corpus for p in passages}):
        articles = {article.name: article for article in linked(texts_of(options.corpora, corpus))}
        for passage in passages:
            if passage.corpus != corpus:
                continue
            verdict, found = judge(passage, articles.get(passage.document))
            verdicts[passage.kind][verdict] += 1
            verdicts["all"][verdict] += 1
            if options.verbose and verdict != "right":
                print(f"{verdict}: {passage.kind} {passage.corpus} {passage.document} {passage.start}: {found}")
    print("| passages | n | right | wrong | open |", "| --- | ---: | ---: | ---: | ---: |", sep="\n")
    for kind, counts in sorted(verdicts.items()):
        n = counts.total()
        print(f"| {kind} | {n} | {counts['right'] / n:.3f} | {counts['wrong'] / n:.3f} | {counts['open'] / n:.3f} |")


def read_judgements(path: Path = JUDGEMENTS) -> list[Passage]:
    """The judged passages."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    places = [tuple((int(a), int(b)) for a, b in (place.split("-") for place in row["speaker"].split())) for row in rows]
    return [Passage(r["corpus"], r["document"], int(r["start"]), int(r["end"]), r["kind"], at) for r, at in zip(rows, places, strict=True)]


def texts_of(corpora: Path, corpus: str) -> dict[str, str]:
    """The texts of a corpus's development part, by name."""
    if corpus == "worldwide":
        with (corpora / "worldwide" / "dev.jsonl").open(encoding="utf-8", newline="\n") as lines:
            return {row["name"]: row["text"] for row in map(json.loads, lines)}
    return {path.stem: path.read_bytes().decode("utf-8") for path in sorted((corpora / "polnear" / "dev" / "text").glob("*.txt"))}


def linked(texts: dict[str, str]) -> Iterator[Linked]:
    """The texts annotated, and their names and speakers resolved among all of them, without a build."""
    names = load_names(None)
    annotator = Annotator(None, names)
    found = []
    for name, (document, blocks) in _cleaned(texts):
        made = annotator.annotate(document, blocks)
        found.append(Linked(name, texts[name], made.document, blocks, made.sentences, made.mentions, made.quotes))
    uses = (use for a in found for use in name_document(a.mentions, a.document.text, a.sentences, a.document.published_on))
    resolution = resolve_entities(uses, names)
    for article in found:
        mentions = link_mentions(article.mentions, resolution, article.document.text, article.sentences)
        quotes = resolve_speakers(article.quotes, mentions, article.sentences, article.blocks, resolution.genders)
        yield article._replace(mentions=mentions, quotes=resolve_roles(quotes, mentions, resolution.roles))


def _cleaned(texts: dict[str, str]) -> Iterator[tuple[str, tuple[Document, list[Block]]]]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, text in texts.items():
            (folder / f"{name}.txt").write_bytes(text.encode("utf-8"))
        catalogue = load_catalogue(folder)
        for source in list_sources(folder)[0]:
            for article in read_articles(folder, source, catalogue, Corpus()):
                cleaned = clean_article(article) if isinstance(article, Article) else article
                if isinstance(cleaned, Cleaned):
                    yield Path(source.path).stem, (cleaned.document, cleaned.blocks)


def judge(passage: Passage, article: Linked | None) -> tuple[Verdict, str]:
    """Whether a passage has its speaker, and what was found."""
    best = _covering(passage, article.quotes) if article else None
    if article is None or best is None:
        return "open", "no quote"
    spans = [(b.raw_start - b.start, b.start, b.end) for b in article.blocks if b.start is not None and b.raw_start is not None]
    named = [(m.raw_start, m.raw_end, m.entity_id) for m in article.mentions if m.raw_start is not None and m.raw_end is not None]
    right = {entity for a, b, entity in named if entity and any(a < y and x < b for x, y in passage.speaker)}
    found = f"{best.kind} {best.method}: {best.speaker} ({best.speaker_entity_id})"
    if best.speaker_entity_id is not None:
        return ("right" if best.speaker_entity_id in right else "wrong"), found
    if best.speaker_start is None or best.speaker_end is None:
        return "open", found
    shift = next((d for d, a, b in spans if b is not None and a <= best.speaker_start <= b), 0)
    start, end = best.speaker_start + shift, best.speaker_end + shift
    words = (best.speaker or "").lower()
    if any((start < y and x < end) or article.raw[x:y].lower() in words for x, y in passage.speaker):
        return "right", found
    return ("open" if best.speaker_basis == "pronoun" else "wrong"), found


def _covering(passage: Passage, quotes: list[Quote]) -> Quote | None:
    """The quote that covers the passage: at least half of it, the most of it, the shortest."""

    def shared(quote: Quote) -> int:
        if quote.raw_start is None:
            return 0
        shift = quote.raw_start - quote.start
        return sum(max(0, min(b + shift, passage.end) - max(a + shift, passage.start)) for a, b in quote.segments)

    found = [(shared(q), -(q.end - q.start), q) for q in quotes if q.kind != "unattributed"]
    covering = [f for f in found if 2 * f[0] >= passage.end - passage.start]
    return max(covering, key=lambda f: (f[0], f[1], f[2].quote_id))[2] if covering else None


if __name__ == "__main__":
    main()
