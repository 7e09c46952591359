"""Articles with the rows that come of them, as data: one example for each condition of the rules that find duplicates."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qantar.stages.duplicates import Text, find_duplicates
from tests.stages.test_deduplicate import with_arrays

FILE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("duplicate_examples.toml").read_text("utf-8"))
TEXTS: dict[str, str] = {name: " ".join(text.split()) for name, text in FILE["texts"].items()}


def text_of(name: str, told: str | dict[str, Any]) -> Text:
    """An article of an example: its text, or that with changes and what else is known of it. `{ferry}` stands for a text of the file."""
    known: dict[str, Any] = {"text": told} if isinstance(told, str) else told
    text = known["text"].format_map(TEXTS)
    for before, after in known.get("changes", {}).items():
        assert before in text, before
        text = text.replace(before, after)
    return Text(name, date(2022, 1, known["day"]) if "day" in known else None, text, known.get("origin"))


def rows_of(example: dict[str, Any]) -> dict[str, list[list[Any]]]:
    """The rows of an example's articles, as it has them."""
    articles = [text_of(name, told) for name, told in example["articles"].items()]
    texts = {article.document_id: article.text for article in articles}
    found = find_duplicates(articles)
    rows: dict[str, list[list[Any]]] = {
        "duplicates": [[d.document_id, d.canonical_id, d.kind, d.similarity, d.method, *_some(d.margin)] for d in found.duplicates],
        "templates": [
            [t.document_id, t.other_id, t.frame_id, t.n_documents, t.similarity, t.margin, [texts[t.document_id][s:e] for s, e in t.slots]]
            for t in found.templates
        ],
        "passages": [[p.document_id, texts[p.document_id][p.start : p.end]] for p in found.passages],
    }
    return {name: some for name, some in rows.items() if name in example}


def _some(value: float | None) -> list[float]:
    return [] if value is None else [value]


@pytest.mark.parametrize("native", [True, False], ids=["compiled", "arrays"])
@pytest.mark.parametrize("example", FILE["example"], ids=lambda e: e["shows"])
def test_articles_give_their_rows(example: dict[str, Any], native: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not native:
        with_arrays(monkeypatch)
    assert rows_of(example) == {name: some for name, some in example.items() if name in ("duplicates", "templates", "passages")}
