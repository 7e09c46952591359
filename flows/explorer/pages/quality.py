"""How far the data can be trusted: measured accuracy, what was rejected, repeated or left out, what changed since the last build."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from qantar.explorer import queries
from qantar.explorer.pages import check_parameters, show
from qantar.explorer.pages.home import HEADLINES, when_published
from qantar.publish.card import without_shares
from qantar.quality.other_news import figures_on_other_news

AUDITED = ("quotes", "links", "duplicates", "roles")
"""Layers of an audit, which stand beside the headlines: they are of this corpus."""


async def quality(request: Any, datasette: Any) -> Any:
    """The accuracy of the build, what was rejected, and what changed since the build before."""
    check_parameters(request)
    published = datasette.qantar
    figures = await queries.rows_of_build(datasette, "quality")
    changes, changed = [], []
    if queries.has_history(datasette):
        changes = await queries.rows(datasette, "changes", database="history", build_id=published.build_id)
        changed = await queries.rows(datasette, "changed_documents", database="history", build_id=published.build_id, size=50)
    build = (await queries.rows_of_build(datasette, "build"))[0]
    context = {
        "build": build,
        "published": await when_published(datasette),
        "layers": in_order(by_layer(figures)),
        "headlines": (*HEADLINES, *AUDITED),
        "golds": sorted({f["gold"] for f in figures}),
        "other_news": figures_on_other_news(),
        "settings": without_shares(build["settings"]),
        "packages": json.loads(build["packages"] or "{}"),
        "roles": by_role(await queries.rows_of_build(datasette, "left_out")),
        "metrics": sorted({f["metric"] for f in figures}, key=_metric_order),
        "validation": published.validation,
        "rejected": await queries.rows_of_build(datasette, "rejected", size=50),
        "corrections": await queries.rows_of_build(datasette, "correction_statuses"),
        "duplicate_kinds": await queries.rows_of_build(datasette, "duplicate_kinds"),
        "duplicates": await queries.rows(datasette, "duplicates", size=20),
        "changes": changes,
        "changed": changed,
        "titles": await _titles(datasette, [c["document_id"] for c in changed]),
        "reports": [file for path, file in published.files.items() if path.startswith("validation/")],
    }
    return await show(datasette, request, "quality.html", context)


async def _titles(datasette: Any, ids: list[str]) -> dict[str, str]:
    """The titles of articles, or how they begin."""
    found = await queries.rows(datasette, "titles", ids=json.dumps(ids)) if ids else []
    return {row["document_id"]: " ".join((row["title"] or row["beginning"]).split()) for row in found}


def by_layer(figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row a layer and gold, its figures by metric."""
    several = len({f["gold"] for f in figures}) > 1
    rows = []
    for (layer, gold), found in groupby(sorted(figures, key=_layer), key=_layer):
        by_metric = {f["metric"]: f for f in found}
        n = max(f["n"] for f in by_metric.values())
        rows.append({"layer": layer, "gold": gold if several else None, "figures": by_metric, "n": n})
    return rows


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The layers that readers ask for first, then the others as they are."""
    known = {layer: n for n, layer in enumerate((*HEADLINES, *AUDITED))}
    return sorted(rows, key=lambda row: known.get(row["layer"], len(known)))


def by_role(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the cleaning decided, by role, those with most characters first, each with its rules.

    >>> by_role([{"role": "body", "rule": "paragraph", "n": 2, "n_characters": 90}])[0]["n_characters"]
    90
    """
    found = [
        {"role": role, "rules": rules, "n": sum(r["n"] for r in rules), "n_characters": sum(r["n_characters"] for r in rules)}
        for role, rules in ((role, list(group)) for role, group in groupby(rows, key=lambda row: row["role"]))
    ]
    return sorted(found, key=lambda row: -row["n_characters"])


def _layer(figure: dict[str, Any]) -> tuple[str, str]:
    return figure["layer"], figure["gold"]


def _metric_order(metric: str) -> tuple[int, str]:
    known = ["precision", "recall", "f1", "accuracy"]
    return (known.index(metric.lower()) if metric.lower() in known else len(known)), metric
