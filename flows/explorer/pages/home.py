"""Home: what this is, how much, how good, and five ways in."""

from __future__ import annotations

from typing import Any

from qantar.explorer import queries
from qantar.explorer.pages import check_parameters, show
from qantar.quality.other_news import figures_on_other_news

HEADLINES = (
    "sentences",
    "mentions",
    "entities of mentions found",
    "quotes with marks",
    "indirect quotes",
    "speaker",
    "same utterance across articles",
)
"""Layers of `quality` that home shows; the rest stands on the page about quality."""


async def home(request: Any, datasette: Any) -> Any:
    """The first page: what the build holds, and where to begin."""
    check_parameters(request)
    return await show(
        datasette,
        request,
        "home.html",
        {
            "build": (await queries.rows_of_build(datasette, "build"))[0],
            "published": await when_published(datasette),
            "quality": headline_figures(await queries.rows_of_build(datasette, "quality")),
            "other_news": [f for f in figures_on_other_news() if f.layer],
            "named": await queries.rows_of_build(datasette, "most_named", size=18),
            "quoted": await queries.rows_of_build(datasette, "most_quoted", size=8),
            "utterances": await queries.rows_of_build(datasette, "utterances", size=3, skipped=0),
            "articles": await queries.rows_of_build(datasette, "articles", size=5, skipped=0, outlet=None),
            "outlets": await queries.rows_of_build(datasette, "outlets", size=12),
        },
    )


async def when_published(datasette: Any) -> dict[str, Any] | None:
    """The run of the pipeline that published this build, where the history has it."""
    if not queries.has_history(datasette):
        return None
    return await queries.row(datasette, "published", database="history", build_id=datasette.qantar.build_id)


def headline_figures(quality: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One figure a layer (F1 where it was measured; of several golds the lowest), those of `HEADLINES`; all where none of them is there."""
    shown: dict[str, dict[str, Any]] = {}
    for figure in sorted(quality, key=lambda q: (q["metric"].lower() != "f1", q["value"], q["gold"])):
        shown.setdefault(figure["layer"], figure)
    return [shown[layer] for layer in HEADLINES if layer in shown] or list(shown.values())
