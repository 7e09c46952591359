"""The table of tokens: in a build that asks for it, and in no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qantar.api import open_build
from qantar.publish.release import make_release
from qantar.publish.verify import verify_build
from qantar.schema import KNOWN, TABLES
from tests.conftest import Qantar
from tests.corrections.ferry import ARTICLES, all_rows, make_tables, write_folder


@pytest.fixture(scope="module")
def built(qantar: Qantar, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published build with tokens."""
    folder = tmp_path_factory.mktemp("tokens")
    raw = write_folder(folder / "raw")
    (raw / "corpus.toml").write_text('name = "ferry"\ntokens = true\n')
    done = qantar("build", "--raw", raw, "--out", folder / "out")
    assert done.returncode == 0, done.stderr
    return (folder / "out/latest").resolve()


def test_tokens_are_the_words_of_their_documents_with_their_trees(built: Path) -> None:
    build = open_build(built)
    assert build.tables == tuple(KNOWN)
    documents = {d["document_id"]: d for d in build.arrow("documents").to_pylist()}
    tokens = build.arrow("tokens").to_pylist()
    assert len(documents) == len(ARTICLES)
    assert {t["document_id"] for t in tokens} == {key for key, d in documents.items() if d["n_tokens"]}
    for key, document in documents.items():
        own = [t for t in tokens if t["document_id"] == key]
        assert len(own) == (document["n_tokens"] or 0)
        assert all(document["text"][t["start"] : t["end"]] == t["text"] for t in own)
        assert [t["position"] for t in own] == list(range(len(own)))
    first = [t for t in tokens if t["document_id"] == "evegj7z54r7f"]
    (said,) = [t for t in first if (t["text"], t["start"]) == ("said", documents["evegj7z54r7f"]["text"].index("said:"))]
    assert (said["lemma"], said["pos"], said["tag"], said["relation"], said["head"]) == ("say", "VERB", "VBD", "root", said["position"])
    reed = first[said["position"] - 5]
    assert (reed["text"], reed["pos"], reed["relation"], first[first[reed["head"]]["head"]]["text"]) == ("Reed", "PROPN", "flat", "said")


def test_a_build_with_tokens_is_whole_and_described(built: Path) -> None:
    assert verify_build(built) == []
    package = json.loads((built / "datapackage.json").read_text("utf-8"))
    assert [r["name"] for r in package["resources"]].count("tokens") == 1
    assert (built / "csv/tokens.csv.gz").is_file()


def test_a_build_without_tokens_has_the_same_rows_and_no_such_table(tmp_path: Path) -> None:
    raw = write_folder(tmp_path / "raw")
    without = all_rows(make_tables(raw, tmp_path / "out"))
    (raw / "corpus.toml").write_text("tokens = true\n")
    staged = make_tables(raw, tmp_path / "out")
    assert (staged / "data/tokens").is_dir()
    assert all_rows(staged) == without
    assert not any((path / "data/tokens").exists() for path in (tmp_path / "out").iterdir() if path != staged)


def test_a_release_without_texts_has_no_tokens(built: Path, tmp_path: Path) -> None:
    full = make_release(built, "1.0.0", tmp_path)
    assert (full.folder / "data/tokens").is_dir()
    assert verify_build(full.folder) == []
    shared = make_release(built, "1.0.0", tmp_path, edition="annotations")
    assert {path.name for path in (shared.folder / "data").iterdir()} == set(TABLES)
    assert verify_build(shared.folder) == []
