"""Words a second of the language model, one thread a process, beside a spaCy CNN pipeline with the same heads.

    python -m benchmarks.model TEXTS [--processes 2] [--corpora FOLDER | --spacy FOLDER]

TEXTS is JSON lines with a `text` each (`worldwide/dev.jsonl`). The spaCy pipeline is trained first on the corpora of a folder, as ours
was, and how well it does is printed too (`benchmarks/spacy_cnn.py`); or it is one that was trained before. `annotate` is the whole
stage: sentences, model, mentions, quotes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

Work = Callable[[list[str]], int]


def ours(_: Path | None) -> Work:
    """Our model, as a spaCy pipeline."""
    from qantar.model import load_model

    pipeline = load_model(None)
    return lambda texts: sum(len(pipeline(text)) for text in texts)


def spacy_cnn(trained: Path | None) -> Work:
    """A spaCy pipeline with the heads of ours, trained on the same data by `benchmarks/spacy_cnn.py`."""
    import spacy

    assert trained
    nlp = spacy.load(trained)
    return lambda texts: sum(len(doc) for doc in nlp.pipe(texts))


def annotate(_: Path | None) -> Work:
    """The whole stage: sentences, model, mentions and quotes of cleaned articles."""
    from qantar.pipeline.annotator import Annotator
    from qantar.schema import Block, Document, Rejected
    from qantar.settings import Corpus
    from qantar.stages.articles import list_sources, load_catalogue, read_articles
    from qantar.stages.blocks import Cleaned, clean_article
    from qantar.text.known_names import load_names

    annotator = Annotator(None, load_names(None))

    def cleaned(texts: list[str]) -> Iterator[tuple[Document, list[Block]]]:
        with tempfile.TemporaryDirectory() as folder:
            for i, text in enumerate(texts):
                (Path(folder) / f"{i:06}.txt").write_text(text, "utf-8")
            sources, _ = list_sources(Path(folder))
            catalogue = load_catalogue(Path(folder))
            for source in sources:
                for article in read_articles(Path(folder), source, catalogue, Corpus()):
                    result = clean_article(article) if not isinstance(article, Rejected) else article
                    if isinstance(result, Cleaned):
                        yield result.document, result.blocks

    return lambda texts: sum(annotator.annotate(*one).document.n_tokens or 0 for one in cleaned(texts))


SYSTEMS: dict[str, Callable[[Path | None], Work]] = {"qantar model": ours, "qantar annotate": annotate, "spacy CNN": spacy_cnn}


def timed(name: str, trained: Path | None, texts: list[str]) -> tuple[int, float, float, float]:
    """Words, processor time, when the work began and when it ended, in one process; loading and a first text are left out."""
    work = SYSTEMS[name](trained)
    work(texts[:1])
    began, used = time.monotonic(), time.process_time()
    words = work(texts)
    return words, time.process_time() - used, began, time.monotonic()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--corpora", type=Path, help="train the spaCy pipeline on these")
    parser.add_argument("--spacy", type=Path, help="a spaCy pipeline that was trained before")
    options = parser.parse_args()
    texts = [json.loads(line)["text"] for line in options.texts.read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        if options.corpora:
            subprocess.run([sys.executable, "-m", "benchmarks.spacy_cnn", str(options.corpora), folder], check=True)
        compare(texts, options.processes, options.spacy or (options.corpora and Path(folder)))


def compare(texts: list[str], processes: int, trained: Path | None) -> None:
    """Print the speed of each system; that of spaCy's only where there is a trained one."""
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
    print(f"{len(texts)} texts, {processes} processes of one thread")
    for name in SYSTEMS if trained else list(SYSTEMS)[:2]:
        parts = [texts[i::processes] for i in range(processes)]
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            results = list(pool.map(timed, [name] * processes, [trained] * processes, parts))
        words, used = sum(n for n, *_ in results), sum(cpu for _, cpu, *_ in results)
        seconds = max(end for *_, end in results) - min(begin for *_, begin, _ in results)
        print(f"{name:<16} {words:>8} words {words / seconds:>8.0f} words/s {words / used:>8.0f} words a second of processor time")


if __name__ == "__main__":
    main()
