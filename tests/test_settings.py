"""corpus.toml: every key takes what its description says, and says what it takes otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from qantar.settings import Corpus, QantarError

VALUES: dict[str, list[Any]] = {
    "name": ["valley"],
    "title": ["News of the valley"],
    "description": ["What was written."],
    "homepage": ["https://valley.example/", "http://valley.example/"],
    "licence": ["Ask first"],
    "annotations_licence": ["CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC0-1.0", "ODC-By-1.0"],
    "contact": ["desk@valley.example"],
    "operator": ["Valley Lab"],
    "authors": [["A", "B"], []],
    "language": ["en"],
    "other_languages": ["reject", "keep"],
    "max_rejected": [0, 0.3, 1],
    "warn_rejected": [0, 0.1, 1],
    "warn_drop": [0.2],
    "warn_rows": [["quotes 500-2000", "documents 100-", "mentions -9"], []],
    "max_characters": [1, 1_000_000],
    "copy_common": [0.2],
    "copy_reach": [0.7],
    "template_differs": [0.2],
    "template_same": [0.65],
    "tokens": [True, False],
    "name_correctors": [True, False],
    "errors_to": ["desk@valley.example", "https://valley.example/issues/new"],
    "gold": [["gold"]],
}


def load(folder: Path, key: str, value: Any) -> Corpus:
    (folder / "corpus.toml").write_text(f"{key} = {json.dumps(value)}\n")
    return Corpus.load(folder)


def test_every_key_is_tried_here() -> None:
    assert VALUES.keys() == get_type_hints(Corpus).keys()


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in VALUES.items() for value in values])
def test_every_documented_value_is_taken(tmp_path: Path, key: str, value: Any) -> None:
    assert getattr(load(tmp_path, key, value), key) == value


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("other_languages", "drop", 'should be one of "reject", "keep", not'),
        ("annotations_licence", "mine", 'should be one of "CC-BY-4.0"'),
        ("max_rejected", 7, "should be a number from 0 to 1"),
        ("max_rejected", "half", "should be a number from 0 to 1"),
        ("max_characters", 0, "should be a whole number above 0"),
        ("max_characters", True, "should be a whole number above 0"),
        ("max_characters", 0.5, "should be a whole number above 0"),
        ("authors", "A", "should be a list of texts"),
        ("title", 7, "should be a text"),
        ("homepage", "javascript:alert(1)", "begins with https:// or http://"),
        ("errors_to", "javascript:alert(1)", "an e-mail address or an address that begins with https://"),
        ("name_correctors", "yes", "should be true or false"),
        ("colour", "red", "unknown key"),
    ],
)
def test_another_value_is_refused_with_what_is_taken(tmp_path: Path, key: str, value: Any, said: str) -> None:
    with pytest.raises(QantarError) as refused:
        load(tmp_path, key, value)
    assert said in str(refused.value)


def test_a_bare_folder_claims_no_licence(tmp_path: Path) -> None:
    assert Corpus.load(tmp_path).annotations_licence is None
