"""Words a second of the language model, one thread a process, beside a spaCy CNN pipeline with the same heads.

    python -m benchmarks.model TEXTS [--processes 2]

TEXTS is JSON lines with a `text` each (`worldwide/dev.jsonl`). The spaCy pipeline has the architecture of its small English models
(one tok2vec of width 96, shared by tagger, parser, entity recogniser and lemmatizer) and weights that are hardly trained, which
take as long as trained ones. `annotate` is the whole stage: sentences, model, mentions, quotes.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

Work = Callable[[list[str]], int]


def ours() -> Work:
    """Our model, as a spaCy pipeline."""
    from flows.model import load_model

    pipeline = load_model(None)
    return lambda texts: sum(len(pipeline(text)) for text in texts)


def spacy_cnn() -> Work:
    """A spaCy pipeline of the architecture of `en_core_web_sm`."""
    import spacy
    from spacy.training import Example

    nlp = spacy.blank("en")
    tok2vec = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96, "upstream": "*"}
    nlp.add_pipe("tok2vec")
    for name, model in (("tagger", "spacy.Tagger.v2"), ("parser", None), ("ner", None), ("trainable_lemmatizer", "spacy.Tagger.v2")):
        config: dict[str, Any] = {"@architectures": model or "spacy.TransitionBasedParser.v2", "tok2vec": tok2vec}
        if model is None:
            config |= {"state_type": name, "extra_state_tokens": False, "hidden_width": 64, "maxout_pieces": 2, "use_upper": True}
        nlp.add_pipe(name, config={"model": config})
    words = ["Anna", "Lee", "saw", "two", "small", "dogs", "in", "Rome", "."]
    tags = {
        "tags": ["NNP", "NNP", "VBD", "CD", "JJ", "NNS", "IN", "NNP", "."],
        "lemmas": ["Anna", "Lee", "see", "two", "small", "dog", "in", "Rome", "."],
    }
    tree = {"heads": [1, 2, 2, 5, 5, 2, 7, 2, 2], "deps": ["flat", "nsubj", "ROOT", "nummod", "amod", "obj", "case", "obl", "punct"]}
    names = {"entities": ["B-PERSON", "L-PERSON", "O", "O", "O", "O", "O", "U-GPE", "O"]}
    doc = spacy.tokens.Doc(nlp.vocab, words)
    nlp.initialize(lambda: [Example.from_dict(doc, {**tags, **tree, **names})])
    return lambda texts: sum(len(doc) for doc in nlp.pipe(texts))


def annotate() -> Work:
    """The whole stage: sentences, model, mentions and quotes of cleaned articles."""
    from flows.schema import Block, Document
    from flows.settings import Corpus
    from flows.stages.annotate import Annotator
    from flows.stages.clean import Cleaned, clean_article
    from flows.stages.names import load_names
    from flows.stages.read import list_sources, load_catalogue, read_articles

    annotator = Annotator(None, load_names(None))

    def cleaned(texts: list[str]) -> Iterator[tuple[Document, list[Block]]]:
        with tempfile.TemporaryDirectory() as folder:
            for i, text in enumerate(texts):
                (Path(folder) / f"{i:06}.txt").write_text(text, "utf-8")
            sources, _ = list_sources(Path(folder))
            catalogue = load_catalogue(Path(folder))
            for source in sources:
                for article in read_articles(Path(folder), source, catalogue, Corpus()):
                    result = clean_article(article) if hasattr(article, "text") else article
                    if isinstance(result, Cleaned):
                        yield result.document, result.blocks

    return lambda texts: sum(annotator.annotate(*one).document.n_tokens for one in cleaned(texts))


SYSTEMS: dict[str, Callable[[], Work]] = {"qantar model": ours, "qantar annotate": annotate, "spacy CNN": spacy_cnn}


def timed(name: str, texts: list[str]) -> tuple[int, float, float, float]:
    """Words, processor time, when the work began and when it ended, in one process; loading and a first text are left out."""
    work = SYSTEMS[name]()
    work(texts[:1])
    began, used = time.monotonic(), time.process_time()
    words = work(texts)
    return words, time.process_time() - used, began, time.monotonic()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    texts = [json.loads(line)["text"] for line in arguments.texts.read_text("utf-8").splitlines()]
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
    print(f"{len(texts)} texts, {arguments.processes} processes of one thread")
    for name in SYSTEMS:
        parts = [texts[i :: arguments.processes] for i in range(arguments.processes)]
        with ProcessPoolExecutor(arguments.processes, mp_context=get_context("spawn")) as pool:
            results = list(pool.map(timed, [name] * len(parts), parts))
        words, used = sum(n for n, *_ in results), sum(cpu for _, cpu, *_ in results)
        seconds = max(end for *_, end in results) - min(begin for *_, begin, _ in results)
        print(f"{name:<16} {words:>8} words {words / seconds:>8.0f} words/s {words / used:>8.0f} words a second of processor time")


if __name__ == "__main__":
    main()
