"""Names by the language model alone, without the lexicon and the rules of `stages/mentions.py`, printed as a Markdown table.

    python -m benchmarks.names FILE.jsonl [--case lower|upper] [--without-hints] [--weights FOLDER]

FILE: JSON lines {"name", "text", "entities": [[start, end, label]]} with the labels of English Worldwide Newswire. Right is the same span
with the same label. Sentences are Qantar's, words spaCy's, names made consistent over each article. `--case` rewrites the texts,
`--without-hints` hides from the model what the lexicon and the rest of the article say of its words. Intervals are 95 %, by resampling
of texts.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import spacy

from benchmarks.accuracy import markdown
from qantar.model import runtime
from qantar.model.consistency import settle
from qantar.model.runtime import WEIGHTS, Model
from qantar.quality.scoring import Score
from qantar.stages.sentences import sentence_spans

CASES = {"lower": str.lower, "upper": str.upper}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--case", choices=CASES)
    parser.add_argument("--without-hints", action="store_true")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    if options.without_hints:
        runtime.hints_of = lambda words: [0] * len(words)  # type: ignore[attr-defined]
    model, tokenizer, score = Model(options.weights), spacy.blank("en").tokenizer, Score()
    for line in options.file.read_text("utf-8").splitlines():
        article = json.loads(line)
        text = recased(article["text"], options.case)
        got = names(model, tokenizer, text)
        want = {(start, end, label) for start, end, label in article["entities"]}
        for label in ("all", *sorted({*model.labels["ner"]} - {"O"})):
            members = [{span for span in spans if label in ("all", f"S-{span[2]}")} for spans in (want, got)]
            if label == "all" or label.startswith("S-"):
                score.add(label.removeprefix("S-"), (article["name"], 0), len(members[0] & members[1]), len(members[1]), len(members[0]))
    print(markdown(score))


def recased(text: str, case: str | None) -> str:
    """The text in another letter case; a character whose other case is longer stays as it is, so that offsets do."""
    if case is None:
        return text
    return "".join(new if len(new := CASES[case](c)) == 1 else c for c in text)


def names(model: Model, tokenizer: Any, text: str) -> set[tuple[int, int, str]]:
    """The model's names in a text as (start, end, label)."""
    tokens = [token for token in tokenizer(text) if not token.is_space]
    ends = [0, *(token.idx + len(token) for token in tokens)]
    gaps = [text[end : token.idx] for end, token in zip(ends, tokens, strict=False)]
    firsts = {start for start, _ in sentence_spans(text)}
    words = [token.text for token in tokens]
    sentences = [i for i, token in enumerate(tokens) if i == 0 or token.idx in firsts]
    found = settle(model.analyse(words, gaps, sentences).names, words)
    return {(tokens[n.start].idx, ends[n.end], n.label) for n in found}


if __name__ == "__main__":
    main()
