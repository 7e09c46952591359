"""Exports of archives as data, each line with what it is: one example for each condition of their readers."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from qantar.stages.articles.archives import archive_page_kind, read_archive_page, read_archive_text, read_document
from qantar.stages.articles.encodings import NotTextError
from qantar.stages.articles.found import Found, Refused
from tests.stages.archive_exports import docx, rtf

FILE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("archive_examples.toml").read_text("utf-8"))
FIELDS = ("title", "author", "outlet", "day", "url", "id", "language", "likely_language")
GOES_ON, SPLIT, ALIKE = ">", "¦", ":"


def marked(lines: str) -> tuple[str, list[tuple[str, str]]]:
    """The text of marked lines, and its parts with what they are."""
    said: list[str] = []
    parts: list[tuple[str, str]] = []
    for row in lines.split("\n"):
        label, bar, line = row.partition("|")
        assert bar or not row, row
        line = line.removeprefix(" ")
        if label.strip().endswith(ALIKE):
            label = SPLIT.join([label.strip().removesuffix(ALIKE)] * 2)
            line = re.sub(r"(?<=:) |:$", rf"\g<0>{SPLIT}", line, count=1)
        said.append(line.replace(SPLIT, ""))
        if label.strip() == GOES_ON:
            parts[-1] = (parts[-1][0], f"{parts[-1][1]} {plain(line)}")
        elif bar and plain(line):
            named = zip(label.strip().split(SPLIT), map(plain, line.split(SPLIT)), strict=True)
            parts += [(name, said) for name, said in named if said]
    return "\n".join(said), parts


def plain(text: str) -> str:
    return " ".join(text.split())


def parts_of(article: Found) -> list[tuple[str, str]]:
    """The parts of an article: its text, roles, and by their rules, less the archive's name, what is boilerplate."""
    return [(name_of(role, rule), plain(article.text[start:end])) for start, end, role, rule in article.parts]


def name_of(role: str | None, rule: str) -> str:
    return ("label" if rule == "label of an archive" else rule.split(" ", 1)[-1]) if role == "boilerplate" else role or "text"


def known_of(article: Found) -> dict[str, str]:
    values = {name: getattr(article, name, None) for name in FIELDS} | {"day": article.published_on}
    return {name: str(value) for name, value in values.items() if value}


def read(kind: str, data: str, headings: list[str]) -> list[Found | Refused] | None:
    """What becomes of a file of that kind."""
    if kind == "txt":
        return read_archive_text(data)
    if kind == "html":
        page_kind = archive_page_kind(data.encode())
        return read_archive_page(data.encode(), page_kind) if page_kind else None
    made = docx(data.split("\n"), tuple(headings)) if kind == "docx" else rtf(data) if kind == "rtf" else data.encode()
    return read_document(made, kind)


@pytest.mark.parametrize("example", FILE["example"], ids=lambda example: example["shows"])
def test_an_export_is_read_as_it_is_marked(example: dict[str, Any]) -> None:
    expected = [(article, *marked(article.get("lines", ""))) for article in example.get("articles", ())]
    data = example.get("file") or "".join(text for _, text, _ in expected)
    kind, headings = example.get("kind", "txt"), example.get("headings", [])
    if "refused" in example:
        with pytest.raises(NotTextError, match=example["refused"]) as caught:
            read(kind, data, headings)
        assert caught.value.reason == example["reason"]
        return
    found = read(kind, data, headings)
    assert (found is None) == (not expected)
    for article, (known, _, parts) in zip(found or (), expected, strict=True):
        if isinstance(article, Refused):
            assert article.reason == known["reason"]
            continue
        assert parts_of(article) == parts
        assert known_of(article) == {name: value for name, value in known.items() if name in FIELDS}
