"""How right a build is about which names are one person: precision and recall over decisions made by reading, printed as a table.

    python -m benchmarks.merges CORPORA [--keep FOLDER] [--workers N]

CORPORA is a folder with PolNeAR's dev texts (polnear/dev/text/*.txt) and English Worldwide Newswire's (worldwide/dev.jsonl). Both are
built together by the flow of `qantar build`. `merges.jsonl` beside this file holds the decisions, without any text: two places each,
[the first twelve digits of the SHA-256 of the article's text in UTF-8, start, end] in code points, and whether both name one person.
They were drawn from a seed among one-word names of persons, within and across articles, and pairs of names with one surname. A pair is
joined where the mentions that overlap the two places most have the same entity.

The last line counts one-word names left to themselves though the corpus names one person of that surname in full far more often than
any other: each such row is one that a merge should have taken in, or a person of whom the corpus says too little.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from benchmarks.accuracy import build_corpus, rows_of_build
from qantar.settings import Settings
from qantar.stages.entities.name_forms import normal

DECISIONS = Path(__file__).with_suffix(".jsonl")
DOMINANT = 0.5
"""The share of the full-named mentions of a surname from which on one person dominates it."""


class Place(NamedTuple):
    """Where a name stands: the article by its text's digest, first character and end."""

    article: str
    start: int
    end: int


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--keep", type=Path, help="a folder for the texts and their build, to stay")
    parser.add_argument("--workers", type=int, default=Settings().workers)
    parser.add_argument("-v", "--verbose", action="store_true", help="print each decision that the build gets wrong")
    options = parser.parse_args()
    texts = read_texts(options.corpora)
    with tempfile.TemporaryDirectory() as temporary:
        work = options.keep or Path(temporary)
        build_corpus(texts, work, options.workers)
        print(report(work / "processed" / "latest", options.verbose))


def read_texts(corpora: Path) -> dict[str, str]:
    """The texts of both corpora's dev parts, by the digest of their text."""
    texts = [path.read_bytes().decode("utf-8") for path in sorted((corpora / "polnear/dev/text").glob("*.txt"))]
    with (corpora / "worldwide/dev.jsonl").open(encoding="utf-8") as file:
        texts += [json.loads(line)["text"] for line in file]
    if not texts:
        sys.exit(f"{corpora}: no texts; the folder must hold polnear/dev/text and worldwide/dev.jsonl")
    return {hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]: text for text in texts}


def report(build: Path, verbose: bool) -> str:
    """Precision and recall by kind of decision, and the rows of one-word persons, as a Markdown table."""
    articles = {row["document_id"]: Path(row["source_path"]).stem for row in rows_of_build(build, "documents")}
    mentions: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for row in rows_of_build(build, "mentions"):
        if row["entity_id"] and row["raw_start"] is not None:
            mentions[articles[row["document_id"]]].append((row["raw_start"], row["raw_end"], row["entity_id"]))
    counts: defaultdict[str, Counter[tuple[bool, bool]]] = defaultdict(Counter)
    lines = []
    for line in DECISIONS.read_text("utf-8").splitlines():
        decision = json.loads(line)
        first, second = (_entity_at(mentions, Place(*decision[key])) for key in ("first", "second"))
        is_joined = first is not None and first == second
        for kind in (decision["kind"], "all"):
            counts[kind][decision["same"], is_joined] += 1
        if verbose and is_joined != decision["same"]:
            lines.append(
                f"{'apart' if decision['same'] else 'joined'}, wrongly: {first} {decision['first']}, {second} {decision['second']}"
            )
    lines += ["| decisions | n | precision | recall |", "| --- | --- | --- | --- |"]
    for kind in sorted(counts, key=lambda kind: (kind == "all", kind)):
        n = counts[kind]
        right, joined, same = n[True, True], n[True, True] + n[False, True], n[True, True] + n[True, False]
        lines.append(f"| {kind} | {n.total()} | {right / max(joined, 1):.3f} | {right / max(same, 1):.3f} |")
    alone, dominated = one_word_persons(build)
    return "\n".join([*lines, "", f"{alone} persons of one word, {dominated} of them with a surname that one full-named person dominates"])


def _entity_at(mentions: dict[str, list[tuple[int, int, str]]], place: Place) -> str | None:
    over = [m for m in mentions.get(place.article, []) if m[0] < place.end and place.start < m[1]]
    return max(over, key=lambda m: min(m[1], place.end) - max(m[0], place.start))[2] if over else None


def one_word_persons(build: Path) -> tuple[int, int]:
    """How many persons a build knows by one word alone, and of how many of them one full-named person dominates the surname."""
    persons = [row for row in rows_of_build(build, "entities") if row["label"] == "PERSON" and row["n_mentions"]]
    bearers: defaultdict[str, list[int]] = defaultdict(list)
    for row in persons:
        if " " in row["name"]:
            bearers[normal(row["name"], "PERSON").split()[-1]].append(row["n_mentions"])
    alone = [normal(row["name"], "PERSON") for row in persons if " " not in row["name"]]
    return len(alone), sum(name in bearers and max(bearers[name]) >= DOMINANT * sum(bearers[name]) for name in alone)


if __name__ == "__main__":
    main()
