"""Parts of speech, lemmas and trees of the language model on a treebank, from raw text, printed as a Markdown table.

    python -m benchmarks.words FOLDER

FOLDER holds CoNLL-U files, a document each (`gum/dev`). Their text is put together anew, paragraphs parted by a blank line, and
annotated with Qantar's sentences and spaCy's words. A word that is cut otherwise than in the treebank counts as wrong; F1 as in the CoNLL
shared tasks: right words over the mean of the treebank's and ours. LAS is given with relations as annotated and, as is usual, less their
subtypes (`nmod:poss` is `nmod`). Intervals are 95 %, by resampling of documents.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import spacy

from qantar.model.component import ModelComponent
from qantar.model.decoding import apply_lemma_rule
from qantar.model.training.corpora import Text, read_trees
from qantar.quality.intervals import f1, interval

FIGURES = {
    "words": "words",
    "upos": "part of speech (UPOS)",
    "tag": "tag (Penn)",
    "lemma": "lemma",
    "uas": "head (UAS)",
    "las": "head and relation (LAS)",
    "las_subtypes": "head and relation with its subtype",
}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    model = ModelComponent()
    nlp = spacy.blank("en")
    gold = [text for path in sorted(parser.parse_args().folder.glob("*.conllu")) for text in read_trees(path)]
    counts = [count(model(nlp.make_doc(running_text(text))), text) for text in gold]
    print(f"{len(gold)} documents\n\n| | F1 | 95 % |\n| --- | ---: | ---: |")
    for figure, name in FIGURES.items():
        table = np.array([[c[figure], c[figure], c["ours"], c["theirs"]] for c in counts], dtype=np.float64)
        low, high = interval(table, f1, float(table[:, 3].sum()))
        print(f"| {name} | {100 * f1(table.sum(axis=0, keepdims=True))[0]:.1f} | {100 * low:.1f}–{100 * high:.1f} |")


def running_text(text: Text) -> str:
    """The document as it is read: its words and what stands between them, a blank line between paragraphs."""
    return "".join(("\n\n" if "\n" in gap else gap) + word for word, gap in zip(text.words, text.gaps, strict=True))


def places(words: list[str]) -> Iterator[tuple[int, int]]:
    """Where words stand in a text without white space."""
    end = 0
    for word in words:
        start, end = end, end + len("".join(word.split()))
        yield start, end


def count(doc: spacy.tokens.Doc, gold: Text) -> Counter[str]:
    """How many words of a document are cut, tagged and attached as in the treebank."""
    assert gold.upos and gold.tag and gold.lemma and gold.heads and gold.rel
    theirs = list(places(gold.words))
    at = {place: i for i, place in enumerate(theirs)}
    tokens = [token for token in doc if not token.is_space]
    ours = dict(zip((token.i for token in tokens), places([token.text for token in tokens]), strict=True))
    found = Counter(ours=len(tokens), theirs=len(theirs))
    for token in tokens:
        i = at.get(ours[token.i])
        if i is None:
            continue
        head = None if token.head == token else ours[token.head.i]
        is_head = head == (None if gold.heads[i] == -1 else theirs[gold.heads[i]])
        relation = "root" if token.dep_ == "ROOT" else token.dep_
        found["words"] += 1
        found["upos"] += token.pos_ == gold.upos[i]
        found["tag"] += token.tag_ == gold.tag[i]
        found["lemma"] += token.lemma_ == apply_lemma_rule(gold.words[i], gold.lemma[i])
        found["uas"] += is_head
        found["las"] += is_head and relation.split(":")[0] == gold.rel[i].split(":")[0]
        found["las_subtypes"] += is_head and relation == gold.rel[i]
    return found


if __name__ == "__main__":
    main()
