"""sources.toml: every key takes what its description says, and says what it takes otherwise."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qantar.collect import collection
from qantar.collect.collection import check_collect
from qantar.collect.followed_sources import Keep, Source, Sources, load_sources, user_agent
from qantar.settings import QantarError

FEED = "https://harbour.example/rss.xml"
TRIED: dict[type, dict[str, tuple[Any, Any]]] = {
    Sources: {
        "delay": (2.5, -1),
        "pages": (10, 0),
        "minutes": (5, 0),
        "at_once": (2, 65),
        "megabytes": (1.5, 0),
        "seconds": (10, "long"),
        "redirects": (0, -1),
        "listed": (100, 0),
        "listings": (3, 0),
        "recheck_days": ([1, 2.5], [0]),
        "private": (["127.0.0.1:8000"], "127.0.0.1:8000"),
        "keep": ({"days": 30}, {"weeks": 3}),
        "source": ([{"outlet": "H", "feeds": [FEED]}], []),
    },
    Keep: {"days": (30, 0), "gigabytes": (0.5, -1)},
    Source: {
        "outlet": ("Harbour Times", ""),
        "name": ("Harbour: world", ""),
        "feeds": ([FEED], FEED),
        "sitemaps": (["https://harbour.example/map.xml"], 7),
        "addresses": (["https://harbour.example/a"], 7),
        "address_files": ([], ["missing.txt"]),
        "licence": ("Ask first", ""),
        "hosts": (["harbour.example"], "harbour.example"),
        "words": (["Almat*", "fuel price"], "Almaty"),
        "without": (["football"], "football"),
        "words_in": ("page", "title"),
        "since": (date(2022, 1, 2), "yesterday"),
        "until": (date(2022, 2, 2), "tomorrow"),
        "sections": (["/world/", "Politics"], "/world/"),
        "languages": (["en", "ru"], "en"),
        "delay": (3, -1),
        "pages": (5, 0),
        "silent_days": (2, 0),
    },
}
CASES = [(model, key, *values) for model, keys in TRIED.items() for key, values in keys.items()]


def toml(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + "}"
    return f"[{', '.join(map(toml, value))}]" if isinstance(value, list) else json.dumps(value)


def load(raw: Path, model: type, key: str, value: Any) -> Sources:
    """A file with one key set and what else is needed."""
    of = {"outlet": "H", "feeds": [FEED], **({key: value} if model is Source else {})}
    source = "[[source]]\n" + "\n".join(f"{name} = {toml(given)}" for name, given in of.items())
    keep = f"[keep]\n{key} = {toml(value)}\n" if model is Keep else ""
    top = f"{key} = {toml(value)}\n" if model is Sources else ""
    (raw / "sources.toml").write_text(f"{top}{keep}{'' if key == 'source' else source}\n", "utf-8")
    return load_sources(raw)


def test_every_key_is_tried_here() -> None:
    for model in (Sources, Keep, Source):
        assert TRIED[model].keys() == model.model_fields.keys()


@pytest.mark.parametrize(("model", "key", "good", "bad"), CASES)
def test_a_key_takes_what_it_says_and_nothing_else(tmp_path: Path, model: type, key: str, good: Any, bad: Any) -> None:
    taken = load(tmp_path, model, key, good)
    holder = next(part for part in (taken, taken.keep, taken.source[0]) if type(part) is model)
    if key not in ("keep", "source"):
        assert getattr(holder, key) == good
    with pytest.raises(QantarError, match=f"sources.toml: .*{key}"):
        load(tmp_path, model, key, bad)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour = 1\n[[source]]\noutlet = 'H'\nfeeds = ['x']", "unknown key colour; known are delay, pages"),
        ("[[source]]\noutlet = 'H'\nfeed = 'x'", r"unknown key source\.1\.feed; known are outlet, name, feeds"),
        ("[[source]]\noutlet = 'H'", r"source\.1: give feeds, sitemaps, addresses or address_files"),
        ("[[source]]\nfeeds = ['x']", r"source\.1\.outlet: Field required"),
        ("[[source]]\noutlet = 'H'\nfeeds = ['x']\n" * 2, "two sources are called 'H'; give each a name"),
        ("[[source]]\noutlet = 'A b'\nfeeds = ['x']\n[[source]]\noutlet = 'A-B'\nfeeds = ['x']", "would share the folder a-b"),
        (f"delay = 0.2\n[[source]]\noutlet = 'H'\nfeeds = ['{FEED}']", "only private hosts may be asked faster"),
        (f"[[source]]\noutlet = 'H'\nfeeds = ['{FEED}']\ndelay = 0", "only private hosts may be asked faster"),
        ("[[source]]\noutlet = 'H'\naddress_files = ['list.txt']", "is inside the raw folder, where it is read as an article"),
        ("source = ", "cannot be read as TOML"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "sources.toml").write_text(text, "utf-8")
    with pytest.raises(QantarError, match=said):
        load_sources(tmp_path)


def test_without_a_file_it_is_said_where_it_is_described(tmp_path: Path) -> None:
    with pytest.raises(QantarError, match=r"there is no such file; it says what to collect \(see docs/how-to/collect.md\)"):
        load_sources(tmp_path)


@pytest.mark.parametrize(
    ("corpus", "said"),
    [
        ('contact = "a@b.example"', "set operator"),
        ('operator = "Lab"', "and contact"),
        ('operator = "Lab"\ncontact = "the office"', "to an e-mail or web address"),
        ('operator = "Жанна"\ncontact = "a@b.example"', "in Latin letters"),
        ('operator = "Lab (main)"\ncontact = "a@b.example"', "without brackets"),
    ],
)
def test_without_an_operator_nothing_runs(tmp_path: Path, corpus: str, said: str) -> None:
    (tmp_path / "corpus.toml").write_text(corpus, "utf-8")
    with pytest.raises(QantarError, match=said):
        user_agent(tmp_path)


def test_a_package_that_lacks_is_named_with_the_extra_that_brings_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection, "find_spec", lambda name: None if name == "feedparser" else name)
    with pytest.raises(QantarError, match=r"needs feedparser: install it with: .* -m pip install 'qantar\[collect\]'"):
        check_collect(tmp_path)
