"""Texts as bad copies leave them, with odd spaces, marks, breaks, letters and words, are annotated and pass every expectation."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from random import Random

import qantar

EXAMPLES = Path(__file__).parents[1] / "stages" / "quote_examples.toml"
TOGETHER = 12
"""Examples that make a text."""
SPACES = ["  ", "   ", "\u00a0", "\u2009 ", " \t", "\u3000", " \u200b"]
BREAKS = ["\n", "\n\n", "\r\n", "\u2028", "\x0b", "\x85", " \n "]
MARKS = "“”\"'‘’«»„"
INSERTED = [
    *("“", "”", "(", ")", "[", "]", "—", "said", '"', "...", "U.S.", "’s", ",", "the", "Mr.", "@", "#tag", "https://x.example/a"),
    *("1,000", "$5m", "😀", "e\u0301", "\ufeff", "\u202e"),
    *("the White House ", "the  European Union ", "New\u00a0York ", "Jan. 5, 2022 ", "Mr. Bo  Quill "),
]


def _each(replace: Callable[[str, Random], str]) -> Callable[[str, Random], str]:
    return lambda text, random: "".join(replace(character, random) for character in text)


def _with_words(text: str, random: Random) -> str:
    return " ".join(random.choice(INSERTED) + word if random.random() < 0.05 else word for word in text.split(" "))


DAMAGES: dict[str, Callable[[str, Random], str]] = {
    "spaces": _each(lambda c, r: r.choice(SPACES) if c == " " and r.random() < 0.1 else c),
    "breaks": _each(lambda c, r: r.choice(BREAKS) if c == " " and r.random() < 0.03 else c),
    "marks": _each(lambda c, r: r.choice(MARKS) if c in MARKS or r.random() < 0.004 else c),
    "letters lost": _each(lambda c, r: "" if r.random() < 0.02 else c),
    "points lost": _each(lambda c, r: "" if c in ".,;:!?" and r.random() < 0.7 else c),
    "soft hyphens": _each(lambda c, r: c + ("\u00ad" if r.random() < 0.03 else "\u200b" if r.random() < 0.01 else "")),
    "words": _with_words,
    "capitals": lambda text, random: text.upper() if random.random() < 0.5 else text.title(),
    "paragraphs turned round": lambda text, random: "\n\n".join(reversed(text.split("\n"))),
}


def test_damaged_texts_are_annotated_and_pass_every_expectation(tmp_path: Path) -> None:
    examples = tomllib.loads(EXAMPLES.read_text("utf-8"))["example"]
    said = [text for example in examples for text in example["text"] if isinstance(text, str)]
    said = said[::3]
    texts = ["\n\n".join(said[n : n + TOGETHER]) for n in range(0, len(said), TOGETHER)]
    lines = []
    for number, text in enumerate(texts):
        random = Random(number)
        for name in random.sample([*DAMAGES], random.randint(1, 3)):
            text = DAMAGES[name](text, random)
        lines.append(json.dumps({"id": str(number), "text": text}))
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "damaged.jsonl").write_text("\n".join(lines), "utf-8")
    (tmp_path / "raw" / "corpus.toml").write_text('title = "Damaged"\nmax_rejected = 1.0\n', "utf-8")
    build = qantar.build(tmp_path / "raw", tmp_path / "out")  # raises where an expectation does not hold
    assert len(build.arrow("documents")) + len(build.arrow("rejected")) == len(lines)
    assert len(build.arrow("quotes")) > len(lines)
