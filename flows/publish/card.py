"""The dataset card (`README.md`): Hugging Face's YAML header, then what a user has to know."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from qantar.publish.description import Description
from qantar.publish.rights import licence_of, rights
from qantar.quality.other_news import scores_as_markdown
from qantar.schema import Span, Table

if TYPE_CHECKING:
    from jinja2 import Template

_TYPES = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "true or false",
    date: "date",
    list[str]: "list of texts",
    Span: "list of [start, end]",
}
_MEASURES = "precision recall F1 accuracy"  # in this order
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"))


def dataset_card(described: Description) -> str:
    """The card, as Markdown with a YAML header that has one configuration a table."""
    return str(
        _template().render(
            d=described,
            header="".join(_yaml(key, value) for key, value in card_header(described).items()),
            tables={t.table.name: t for t in described.tables},
            reference=table_reference,
            rights=rights(described),
            licence=licence_of(described),
            settings=json.dumps(without_shares(described.build["settings"]), sort_keys=True),
            calibration=json.loads(described.build["settings"]).get("calibration"),
            measures=sorted({q["metric"] for q in described.quality}, key=lambda m: (_MEASURES.find(m) if m in _MEASURES else 99, m)),
            figures=_figures(described.quality),
            weakest=_weakest(described.quality),
            scores=scores_as_markdown(),
            words=[f"`{t.table.name}.{c.name}`" for t in described.tables for c in t.table if c.is_words],
        )
    )


def without_shares(settings: str) -> dict[str, Any]:
    """The settings of a build to show: of a calibration its judgements alone, for its table is long.

    >>> without_shares('{"model": null, "calibration": {"judged": 140, "wrong": 23, "shares": [0, 1]}}')
    {'model': None, 'calibration': {'judged': 140, 'wrong': 23}}
    """
    said: dict[str, Any] = json.loads(settings or "{}")
    if "calibration" in said:
        said["calibration"] = {name: value for name, value in said["calibration"].items() if name != "shares"}
    return said


def _licence_header(described: Description) -> dict[str, str]:
    licence = licence_of(described)
    if licence is None:
        return {"license": "unknown"}
    name = licence.spdx.lower()
    if not described.holds_texts:
        return {"license": name}
    return {"license": "other", "license_name": f"{name}-annotations-only", "license_link": licence.url}


def card_header(described: Description) -> dict[str, Any]:
    """The card's metadata as Hugging Face reads them; `datasets` cannot load a table without rows, so it has no configuration."""
    filled = [t.table.name for t in described.tables if t.n_rows]
    n_documents = next(t.n_rows for t in described.tables if t.table.name == "documents")
    return {
        "pretty_name": described.title,
        "language": [described.corpus.language],
        **_licence_header(described),
        "annotations_creators": ["machine-generated"],
        "language_creators": ["found"],
        "source_datasets": ["original"],
        "size_categories": [next((size for most, size in _SIZES if n_documents < most), "n>10M")],
        "task_categories": ["token-classification", "text-classification"],
        "task_ids": ["named-entity-recognition", "coreference-resolution"],
        "tags": described.keywords,
        "configs": [
            {"config_name": name, "data_files": f"data/{name}/*.parquet", **({"default": True} if name == "documents" else {})}
            for name in filled
        ],
    }


def _yaml(key: str, value: Any) -> str:
    # JSON is YAML, and needs no care for special characters
    if isinstance(value, list):
        return f"{key}:\n" + "".join(f"- {json.dumps(item, ensure_ascii=False)}\n" for item in value)
    return f"{key}: {json.dumps(value, ensure_ascii=False)}\n"


def table_reference(table: Table) -> str:
    """A table's columns as a Markdown table."""
    lines = [f"{table.description}\n", "| column | type | meaning |", "| --- | --- | --- |"]
    for column in table:
        kind = _TYPES[column.type] + (", may be null" if column.nullable else "")
        notes = [column.description]
        if column.is_key:
            notes.append("Key." if len(table.key) == 1 else "Part of the key.")
        if column.references:
            notes.append(f"Refers to `{column.references}`.")
        if column.values:
            notes.append("One of " + ", ".join(f"`{value}`" for value in column.values) + ".")
        lines.append(f"| `{column.name}` | {kind} | {_joined(notes)} |")
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class _Figures:
    """One layer's figures on one gold, as written in the card."""

    layer: str
    gold: str
    n: int
    values: dict[str, str]


def _figures(quality: Iterable[Mapping[str, Any]]) -> list[_Figures]:
    rows: dict[tuple[str, str], _Figures] = {}
    for q in quality:
        row = rows.setdefault((q["layer"], q["gold"]), _Figures(q["layer"], q["gold"], q["n"], {}))
        interval = "" if q["low"] is None or q["high"] is None else f" ({q['low']:.2f}–{q['high']:.2f})"
        row.values[q["metric"]] = f"{q['value']:.3f}{interval}"
    return list(rows.values())


def _weakest(quality: Iterable[Mapping[str, Any]]) -> list[str]:
    """The lowest figures that sum up a layer, lowest first."""
    sums = sorted((q["value"], q["layer"], q["metric"]) for q in quality if q["metric"] in ("F1", "accuracy") and q["value"] < 1)
    return [f"{layer} ({metric} {value:.3f})" for value, layer, metric in sums[:3]]


def _joined(notes: list[str]) -> str:
    return " ".join(note if note.endswith(".") else f"{note}." for note in notes).replace("|", "\\|")


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False)
    return environment.from_string(files("qantar.publish").joinpath("card.md").read_text("utf-8"))
