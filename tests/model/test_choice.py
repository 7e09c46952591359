"""Another language model than ours: any spaCy pipeline, and the build knows which."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from qantar.model import describe_model, load_model
from qantar.pipeline import steps
from qantar.pipeline.plan import make_plan
from qantar.pipeline.shard_rows import rows_of
from qantar.pipeline.shards import cut_shards
from qantar.settings import QantarError, Settings
from qantar.stages.articles.versions import Renaming

TEXT = "Ministers met in the capital on Monday, and Jane Mwangi said that the price of bread would not rise this year.\n"


def pipeline(folder: Path, name: str, label: str) -> Path:
    """A pipeline that knows one name."""
    folder.parent.mkdir(exist_ok=True)
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": label, "pattern": name}])  # type: ignore[attr-defined]
    nlp.to_disk(folder)
    return folder


def mentions(raw: Path, out: Path, model: Path) -> set[tuple[str, str]]:
    """What the annotate stage stores of the articles, found with a model."""
    plan = make_plan(Settings(raw=raw, out=out, model=str(model)))
    (read,) = steps.read_shard(plan.context, cut_shards(plan.context.raw, plan.sources)[0])
    cleaned = steps.clean_shard(plan.context, read.folder, {}, Renaming())
    annotated = steps.annotate_shard(plan.context, cleaned, [])
    return {(row.text, row.label) for row in rows_of(annotated, "mentions")}


def test_the_names_are_those_of_the_pipeline_chosen_and_new_ones_when_it_changes(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text(TEXT)
    model = tmp_path / "model"
    assert ("Jane Mwangi", "PERSON") in mentions(raw, tmp_path / "out", pipeline(model, "Jane Mwangi", "PERSON"))
    assert ("Jane Mwangi", "ORG") in mentions(raw, tmp_path / "out", pipeline(model, "Jane Mwangi", "ORG"))


def test_a_pipeline_in_a_folder_is_described_by_its_files_wherever_the_folder_lies(tmp_path: Path) -> None:
    first = describe_model(str(pipeline(tmp_path / "a" / "model", "Jane", "PERSON")))
    assert first == describe_model(str(pipeline(tmp_path / "b" / "model", "Jane", "PERSON")))
    assert first != describe_model(str(pipeline(tmp_path / "a" / "model", "Jane", "ORG")))
    assert str(tmp_path) not in first


@pytest.mark.parametrize("ask", [load_model, describe_model])
def test_a_pipeline_that_is_not_installed_is_an_error_that_names_the_command(ask: object) -> None:
    with pytest.raises(QantarError, match="python -m spacy download en_core_web_nowhere"):
        ask("en_core_web_nowhere")  # type: ignore[operator]
