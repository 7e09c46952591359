"""Pin what the model says of a fixed text and the rows of the build of raw/: `tests/pinned_digests.json`, which `make test` compares.

    python -m benchmarks.pin_digests [BUILD]

BUILD is a build of raw/ (`processed/latest`); without it only the model's digest is pinned anew. Run it when rows or results changed
on purpose, and say why in the commit. The digests are the same on every machine: a test that fails on one only has found a fault.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import spacy

from qantar.model.pieces import Encoded
from qantar.model.readings import Analysis
from qantar.model.runtime import Model
from qantar.publish.csv_tables import read_row_digests
from qantar.stages.sentences import sentence_spans

PINNED = Path("tests/pinned_digests.json")
TEXTS = Path("tests/model/machine_texts.txt")
VERSIONED = "build"
"""The table whose one row holds the versions of code and packages."""


class Recorded:
    """A network that hands on what another one computes, and remembers a digest of it."""

    def __init__(self, model: Model):
        self._network, self.name = model.network, model.network.name
        self.digest, self.windows = sha256(), list[Encoded]()

    def run(self, window: Encoded) -> dict[str, np.ndarray]:
        """The scores of a window."""
        scores = self._network.run(window)
        self.windows.append(window)
        for head in sorted(scores):
            self.digest.update(np.ascontiguousarray(scores[head]).astype("<f4").tobytes())
        return scores


def analyses(model: Model) -> Iterator[Analysis]:
    """What the model says of each of the fixed texts."""
    tokenizer = spacy.blank("en").tokenizer
    for text in TEXTS.read_text("utf-8").split("\n%\n"):
        tokens = [token for token in tokenizer(text) if not token.is_space]
        ends = [0, *(token.idx + len(token) for token in tokens)]
        firsts = {start for start, _ in sentence_spans(text)}
        gaps = [text[end : token.idx] for end, token in zip(ends, tokens, strict=False)]
        yield model.analyse([token.text for token in tokens], gaps, [i for i, token in enumerate(tokens) if i == 0 or token.idx in firsts])


def run_texts(model: Model) -> tuple[str, list[Encoded]]:
    """A digest of all scores and annotations of the fixed texts, and their windows."""
    recorded = Recorded(model)
    model.network = recorded
    said = repr(list(analyses(model)))
    recorded.digest.update(said.encode())
    return recorded.digest.hexdigest(), recorded.windows


def pinned_rows(build: Path) -> dict[str, str]:
    """The row digests of a build's tables, but for the one that holds versions."""
    return {table: digest for table, digest in sorted(read_row_digests(build).items()) if table != VERSIONED}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path, nargs="?")
    build = parser.parse_args().build
    before = json.loads(PINNED.read_text("utf-8"))
    rows = pinned_rows(build) if build else before["rows"]
    after = {"model": run_texts(Model())[0], "rows": rows}
    for name in sorted({*before["rows"], *rows}):
        if before["rows"].get(name) != rows.get(name):
            print(f"{name}: rows changed")
    print("model: " + ("unchanged" if before["model"] == after["model"] else "changed"))
    PINNED.write_text(json.dumps(after, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
