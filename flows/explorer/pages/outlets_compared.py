"""Two outlets beside each other: the same utterance in both wordings, who is quoted where, and how directly they quote."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import BadRequest, Response

from qantar.explorer import queries
from qantar.explorer.differing_words import differing_words
from qantar.explorer.pages import check_parameters, given_value, show
from qantar.explorer.plain_csv import MARK, csv_text, headers_for
from qantar.explorer.quote_filters import given_day

OUTLETS = 300
SHOWN = 60
KNOWN = ("first", "second", "from", "to")
ORDER = ("direct", "mixed", "indirect", "block")
COLUMNS = ["what", "name", "first", "second", "first_low", "first_high", "second_low", "second_high", "first_id", "second_id"]
Row = dict[str, Any]


async def compare(request: Any, datasette: Any) -> Any:
    """The choice of two outlets, and what they have in common and apart."""
    check_parameters(request, *KNOWN)
    outlets = [o for o in await queries.rows_of_build(datasette, "outlets", size=OUTLETS) if o["outlet"]]
    asked = _asked(request, outlets)
    context: Row = {"outlets": outlets, "asked": asked, "compared": None}
    if asked["first"] and asked["second"]:
        found = await _compared(datasette, asked)
        context["compared"] = {
            **found,
            "wordings": [
                {
                    **w,
                    "first_html": differing_words(w["first_text"], w["second_text"]),
                    "second_html": differing_words(w["second_text"], w["first_text"]),
                }
                for w in found["wordings"][:SHOWN]
            ],
            "n_wordings": len(found["wordings"]),
        }
    return await show(datasette, request, "compare.html", {**context, "shown": SHOWN})


async def compare_csv(request: Any, datasette: Any) -> Any:
    """All of the comparison as one CSV: shares with their intervals, speakers, wordings."""
    check_parameters(request, *KNOWN)
    asked = _asked(request, [])
    if not asked["first"] or not asked["second"]:
        raise BadRequest("first and second must both name an outlet")
    found = await _compared(datasette, asked)
    text = MARK + csv_text([COLUMNS, *([row.get(c) for c in COLUMNS] for row in _rows(found, asked))])
    return Response(text, headers=headers_for(f"outlets-{datasette.qantar.build_id}.csv"), content_type="text/csv; charset=utf-8")


def _asked(request: Any, outlets: list[Row]) -> Row:
    """The two outlets and the period of the address; where no outlet is given, the two with most articles."""
    asked: Row = {name: given_value(request, name) for name in ("first", "second")}
    if not any(asked.values()) and len(outlets) > 1:
        asked = {"first": outlets[0]["outlet"], "second": outlets[1]["outlet"]}
    if asked["first"] and asked["first"] == asked["second"]:
        raise BadRequest("first and second name the same outlet; choose another for one of them")
    return {**asked, "from": given_day(request, "from"), "to": given_day(request, "to")}


async def _compared(datasette: Any, asked: Row) -> Row:
    period: Row = {"from": asked["from"], "to": asked["to"]}
    kinds = [await queries.rows(datasette, "compared_kinds", outlet=asked[name], **period) for name in ("first", "second")]
    speakers = await queries.rows(datasette, "compared_speakers", **asked)
    return {
        "shares": shares(*({row["kind"]: row["n"] for row in found} for found in kinds)),
        "totals": [sum(row["n"] for row in found if row["kind"] in ORDER) for found in kinds],
        "speakers": speakers,
        "only": [[s for s in speakers if not s["n_second"]], [s for s in speakers if not s["n_first"]]],
        "both": [s for s in speakers if s["n_first"] and s["n_second"]],
        "wordings": await queries.rows(datasette, "compared_wordings", **asked),
    }


def shares(first: dict[str, int], second: dict[str, int]) -> list[Row]:
    """The share of each kind among the attributed quotes of two outlets, with Wilson's 95 % interval; `apart` where these do not meet.

    >>> row = shares({"direct": 3, "indirect": 1}, {"indirect": 2})[0]
    >>> row["kind"], row["first"]["share"], row["second"]["share"], row["apart"]
    ('direct', 0.75, 0.0, False)
    """
    from qantar.quality.intervals import wilson

    totals = [sum(counts.get(kind, 0) for kind in ORDER) for counts in (first, second)]
    rows = []
    for kind in ORDER:
        sides = []
        for counts, total in zip((first, second), totals, strict=True):
            share = counts.get(kind, 0) / total if total else 0.0
            low, high = wilson(share, total)
            sides.append({"n": counts.get(kind, 0), "share": share, "low": low, "high": high})
        apart = sides[0]["high"] < sides[1]["low"] or sides[1]["high"] < sides[0]["low"]
        rows.append({"kind": kind, "first": sides[0], "second": sides[1], "apart": apart})
    return rows


def _rows(found: Row, asked: Row) -> list[Row]:
    """Everything that the page shows, a row each."""
    rows = [{"what": "outlet", "name": "", "first": asked["first"], "second": asked["second"]}]
    rows += [{"what": "attributed quotes", "name": "", "first": found["totals"][0], "second": found["totals"][1]}]
    for share in found["shares"]:
        ends = {f"{side}_{end}": round(share[side][end], 4) for side in ("first", "second") for end in ("low", "high")}
        values = {side: round(share[side]["share"], 4) for side in ("first", "second")}
        rows.append({"what": "share of quotes", "name": share["kind"], **values, **ends})
    rows += [
        {"what": "quotes of a speaker", "name": s["name"], "first": s["n_first"], "second": s["n_second"], "first_id": s["entity_id"]}
        for s in found["speakers"]
    ]
    rows += [
        {
            "what": "the same utterance",
            "name": w["speaker_name"],
            "first": w["first_text"],
            "second": w["second_text"],
            "first_id": w["first_id"],
            "second_id": w["second_id"],
        }
        for w in found["wordings"]
    ]
    return rows
