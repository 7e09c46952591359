"""How far the data can be trusted: measured accuracy, what was rejected, repeated or left out, what changed since the last build."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from qantar.explorer import queries
from qantar.explorer.pages import show
from qantar.explorer.pages.home import when_published


async def quality(request: Any, datasette: Any) -> Any:
    published = datasette.qantar
    figures = await queries.rows_of_build(datasette, "quality")
    changes, changed = [], []
    if queries.has_history(datasette):
        changes = await queries.rows(datasette, "changes", database="history", build_id=published.build_id)
        changed = await queries.rows(datasette, "changed_documents", database="history", build_id=published.build_id, size=50)
    context = {
        "build": (await queries.rows_of_build(datasette, "build"))[0],
        "published": await when_published(datasette),
        "layers": by_layer(figures),
        "metrics": sorted({f["metric"] for f in figures}, key=_metric_order),
        "validation": published.validation,
        "rejected": await queries.rows_of_build(datasette, "rejected", size=50),
        "duplicate_kinds": await queries.rows_of_build(datasette, "duplicate_kinds"),
        "duplicates": await queries.rows(datasette, "duplicates", size=20),
        "left_out": await queries.rows_of_build(datasette, "left_out"),
        "changes": changes,
        "changed": changed,
        "reports": [file for path, file in published.files.items() if path.startswith("validation/")],
    }
    return await show(datasette, request, "quality.html", context)


def by_layer(figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row a layer and gold, its figures by metric."""
    several = len({f["gold"] for f in figures}) > 1
    rows = []
    for (layer, gold), found in groupby(sorted(figures, key=_layer), key=_layer):
        by_metric = {f["metric"]: f for f in found}
        n = max(f["n"] for f in by_metric.values())
        rows.append({"layer": layer, "gold": gold if several else None, "figures": by_metric, "n": n})
    return rows


def _layer(figure: dict[str, Any]) -> tuple[str, str]:
    return figure["layer"], figure["gold"]


def _metric_order(metric: str) -> tuple[int, str]:
    known = ["precision", "recall", "f1", "accuracy"]
    return (known.index(metric.lower()) if metric.lower() in known else len(known)), metric
