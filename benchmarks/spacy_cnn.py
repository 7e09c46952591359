"""A spaCy CNN pipeline with the heads of our model, trained on the same data: the peer of `benchmarks/model.py`.

    python -m benchmarks.spacy_cnn FOLDER OUT [--passes 4]

FOLDER holds the corpora as `qantar.model.train` reads them: `worldwide/train.jsonl` for names, `gum/train` for parts of speech, lemmas and
trees, and their dev parts. The architecture is that of spaCy's small English models: one tok2vec of width 96, no vectors, shared by
tagger, parser, entity recogniser and lemmatizer. spaCy's own scorer says how well it does on the dev parts, in the treebank's words.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import spacy
import spacy.util
from spacy.tokens import Doc
from spacy.training import Example

from qantar.model.decoding import apply_lemma_rule, tags_to_spans
from qantar.model.training.corpora import Text, read_entities, read_trees

BATCH = 3_000  # words, as in spaCy's own recipe
DROPOUT = 0.1
FIGURES = {"ents_f": "names, F1", "tag_acc": "tag (Penn)", "lemma_acc": "lemma", "dep_uas": "head", "dep_las": "head and relation (LAS)"}


def pipeline() -> Any:
    """The pipeline, untrained."""
    nlp = spacy.blank("en")
    tok2vec = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96, "upstream": "*"}
    nlp.add_pipe("tok2vec")
    for name, model in (("tagger", "spacy.Tagger.v2"), ("parser", None), ("ner", None), ("trainable_lemmatizer", "spacy.Tagger.v2")):
        config: dict[str, Any] = {"@architectures": model or "spacy.TransitionBasedParser.v2", "tok2vec": tok2vec}
        if model is None:
            config |= {"state_type": name, "extra_state_tokens": False, "hidden_width": 64, "maxout_pieces": 2, "use_upper": True}
        nlp.add_pipe(name, config={"model": config})
    return nlp


def examples(nlp: Any, folder: Path, part: str) -> tuple[list[Example], list[Example]]:
    """The articles of a part of the corpora, labelled with their names, and the documents with their words and trees."""
    articles = read_entities(folder / "worldwide" / f"{part}.jsonl")
    documents = chain.from_iterable(read_trees(path) for path in sorted((folder / "gum" / part).glob("*.conllu")))
    named, parsed = ([Example(_doc(nlp, text), _labelled(nlp, text)) for text in texts] for texts in (articles, documents))
    return named, parsed


def _doc(nlp: Any, text: Text, **labels: Any) -> Doc:
    return Doc(nlp.vocab, text.words, [gap != "" for gap in [*text.gaps[1:], ""]], **labels)


def _labelled(nlp: Any, text: Text) -> Doc:
    if text.ner is not None:
        labels = ["O"] * len(text.words)
        for start, end, label in tags_to_spans(text.ner):
            labels[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 1)]
        return _doc(nlp, text, ents=labels)
    assert text.tag and text.lemma and text.heads and text.rel
    heads = [i if head == -1 else head for i, head in enumerate(text.heads)]
    lemmas = [apply_lemma_rule(word, rule) for word, rule in zip(text.words, text.lemma, strict=True)]
    relations = ["ROOT" if head == -1 else relation for head, relation in zip(text.heads, text.rel, strict=True)]
    return _doc(nlp, text, tags=text.tag, lemmas=lemmas, heads=heads, deps=relations)


def train(nlp: Any, learned: list[Example], passes: int) -> None:
    """Train from nothing, seeded."""
    spacy.util.fix_random_seed(1)  # type: ignore[attr-defined]
    chance = random.Random(1)
    optimizer = nlp.initialize(lambda: learned)
    for number in range(passes):
        chance.shuffle(learned)
        losses: dict[str, float] = {}
        for batch in _batches(learned):
            nlp.update(batch, drop=DROPOUT, sgd=optimizer, losses=losses)
        print(f"pass {number + 1}: " + ", ".join(f"{name} {loss:.0f}" for name, loss in losses.items()), flush=True)


def _batches(learned: Iterable[Example]) -> Iterator[list[Example]]:
    batch: list[Example] = []
    for example in learned:
        batch.append(example)
        if sum(map(len, batch)) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--passes", type=int, default=4)
    options = parser.parse_args()
    nlp = pipeline()
    train(nlp, list(chain(*examples(nlp, options.folder, "train"))), options.passes)
    nlp.to_disk(options.out)
    named, parsed = map(nlp.evaluate, examples(nlp, options.folder, "dev"))
    for figure, name in FIGURES.items():
        print(f"{name}: {100 * (named if figure == 'ents_f' else parsed)[figure]:.1f}")


if __name__ == "__main__":
    main()
