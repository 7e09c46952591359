"""Names of many cultures in short texts, read and resolved together as a build does it: what a careful reader expects holds.

A check of name_passages.toml is ["SAME" or "DIFF", name, name]: one entity, or none in common, where a name may be "passage:name", of
another text, or several with "|"; ["M", "name|or", "LABEL", "value"]: a mention, with its value if one is given; ["NM", name]: none; ["ND",
words]: no date in these words; ["NV", words, value]: no date that holds these words has that value.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.stages.test_passages import Read, mentioned, plain, read_passages

PASSAGES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("name_passages.toml").read_text("utf-8"))["passage"]
OPEN = {
    ("firms", "SAME", "Oakham Coal"),
    ("firms", "M", "Oakham"),
    ("bodies of a town", "M", "Dallas Morning Ledger"),
    ("teams", "M", "Cleveland Herons"),
    ("headline capitals", "NM", "Housekeeping"),
    ("senator in full", "SAME", "Loretta Quillfeather"),
    ("senator in full", "M", "Mont"),
    ("streets and places", "M", "Oval Office"),
}
"""Checks that do not hold: passage, kind and name."""


def read(passage: dict[str, Any], folder: Path) -> dict[str, Read]:
    """A passage and those that its checks name, by name."""
    named = {names.partition(":")[0] for kind, *check in passage["checks"] if kind in ("SAME", "DIFF") for names in check if ":" in names}
    return read_passages([p for p in PASSAGES if p["name"] in {passage["name"], *named}], folder)


def entities(found: dict[str, Read], passage: str, names: str) -> set[str | None]:
    """The entities of a name, "passage:name" or several."""
    out: set[str | None] = set()
    for name in names.split("|"):
        place, _, words = name.rpartition(":")
        out |= {m.entity_id for m in found[place or passage].mentions if plain(m.text) == plain(words)}
    return out


def holds(found: dict[str, Read], passage: dict[str, Any], kind: str, *check: str) -> bool:
    """Whether a check holds."""
    mentions = found[passage["name"]].mentions
    if kind in ("SAME", "DIFF"):
        one, other = (entities(found, passage["name"], names) for names in check)
        return bool(one and other) and bool(one & other) == (kind == "SAME")
    if kind == "M":
        return mentioned(found[passage["name"]], *check)
    if kind == "NM":
        return all(plain(m.text) != plain(check[0]) for m in mentions)
    dates = [m for m in mentions if m.label == "DATE"]
    if kind == "NV":
        return not any(check[0] in m.text and m.value == check[1] for m in dates)
    start = passage["text"].strip().index(check[0])
    return not any(m.start < start + len(check[0]) and start < m.end for m in dates)


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda p: str(p["name"]))
def test_names_are_read_as_a_careful_reader_reads_them(passage: dict[str, Any], tmp_path: Path) -> None:
    found = read(passage, tmp_path)
    wrong = [check for check in passage["checks"] if not holds(found, passage, *check)]
    assert [check for check in wrong if (passage["name"], *check[:2]) not in OPEN] == []


def test_what_is_said_to_be_open_is(tmp_path: Path) -> None:
    found = read_passages(PASSAGES, tmp_path)
    wrong = {(p["name"], *check[:2]) for p in PASSAGES for check in p["checks"] if not holds(found, p, *check)}
    assert wrong == OPEN
