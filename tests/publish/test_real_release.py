"""The five articles' own build, released: every validator passes, and the edition without texts holds none of them."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from jsonschema import Draft7Validator

from qantar.publish.description import Edition
from qantar.publish.rehydrate import rehydrate
from qantar.publish.release import make_release
from qantar.publish.verify import verify_build
from qantar.schema import TABLES
from tests.conftest import RAW
from tests.publish.test_package import CFF, frictionless_errors
from tests.publish.test_rehydrate import everything_in

LEAST_WORDS = 8
"""So many words in a row, as they stand in an article, are its text and no name."""


@pytest.fixture(scope="module")
def released(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    out = tmp_path_factory.mktemp("released")
    editions: tuple[Edition, ...] = ("full", "annotations")
    return {edition: make_release(dataset, "1.0.0", out, edition=edition).folder for edition in editions}


@pytest.mark.parametrize("edition", ["full", "annotations"])
def test_a_release_of_the_corpus_passes_every_validator(released: dict[str, Path], edition: str, tmp_path: Path) -> None:
    import datasets
    import mlcroissant

    folder = released[edition]
    assert verify_build(folder) == []
    assert frictionless_errors(folder) == []
    assert list(Draft7Validator(CFF).iter_errors(yaml.load((folder / "CITATION.cff").read_text("utf-8"), yaml.BaseLoader))) == []
    assert subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=folder, check=False).returncode == 0
    croissant = mlcroissant.Dataset(str(folder / "croissant.json"))
    assert (croissant.metadata.issues.errors, croissant.metadata.issues.warnings) == (set(), set())
    for name in ("documents", "quotes"):
        n_rows = pq.read_table(folder / "data" / name).num_rows
        assert len(list(croissant.records(name))) == n_rows
        assert datasets.load_dataset(str(folder), name, split="train", cache_dir=str(tmp_path)).num_rows == n_rows


def test_the_edition_without_texts_holds_no_passage_of_an_article(released: dict[str, Path]) -> None:
    said = " ".join(re.findall(r"\w+", everything_in(released["annotations"])))
    for path in sorted(RAW.glob("*.txt")):
        words = re.findall(r"\w+", path.read_text("utf-8"))
        passages = (" ".join(words[i : i + LEAST_WORDS]) for i in range(len(words) - LEAST_WORDS + 1))
        assert [passage for passage in passages if passage in said] == []


def test_with_the_articles_it_becomes_the_full_dataset_byte_for_byte(released: dict[str, Path], dataset: Path, tmp_path: Path) -> None:
    result = rehydrate(released["annotations"], RAW, tmp_path / "full")
    assert (result.is_whole, result.same_bytes) == (True, True)
    for name in TABLES:
        part = Path("data", name, "part-00000.parquet")
        assert (tmp_path / "full" / part).read_bytes() == (dataset / part).read_bytes()


def test_the_citation_names_the_corpus_and_its_makers(released: dict[str, Path]) -> None:
    package = json.loads((released["full"] / "datapackage.json").read_text("utf-8"))
    assert package["title"] in (released["full"] / "CITATION.cff").read_text("utf-8")
    assert [c["title"] for c in package["contributors"]] == package["corpus"]["authors"]
