"""Two sets of quotes beside each other, by outlet, period or any filters: wordings of one utterance, who is quoted, how directly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import BadRequest, Response

from qantar.explorer import queries
from qantar.explorer.differing_words import differing_words
from qantar.explorer.pages import check_parameters, given_value, show
from qantar.explorer.plain_csv import MARK, csv_text, headers_for
from qantar.explorer.quote_filters import QuoteFilters, given_day, read_filters
from qantar.explorer.translation import gettext, word
from qantar.explorer.wording import QUOTES_OF_A_KIND

OUTLETS = 300
SPEAKERS = 200
SHOWN = 60
FIRST = 20
"""Of a list of people, so many are shown before the reader opens it."""
SIDES = ("first", "second")
FILTERS = ("outlet", "speaker", "from", "to", "kind", "score", "q")
KNOWN = (*SIDES, "from", "to", *(f"{side}_{name}" for side in SIDES for name in FILTERS))
"""`first` and `second` are short for the outlet of a side, `from` and `to` for the days of both."""
ORDER = ("direct", "mixed", "indirect", "block")
SPEAKING = (("people", ("PERSON",)), ("organisations", ("ORG",)), ("countries and cities", ("GPE",)), ("peoples and groups", ("NORP",)))
COLUMNS = ["what", "name", "first", "second", "first_low", "first_high", "second_low", "second_high", "first_id", "second_id"]
Row = dict[str, Any]


def _asked_or_first(request: Any, presets: list[Row]) -> list[QuoteFilters]:
    """The two sets that are asked for, or those of the first preset."""
    sides = _sides(request)
    if any(side.values for side in sides) or not presets:
        return sides
    return [QuoteFilters(dict(given), dict(given), prefix=f"{side}_") for side, given in zip(SIDES, presets[0]["sides"], strict=True)]


async def compare(request: Any, datasette: Any) -> Any:
    """The choice of two sets of quotes, and what they have in common and apart."""
    check_parameters(request, *KNOWN)
    outlets = [o for o in await queries.rows_of_build(datasette, "outlets", size=OUTLETS) if o["outlet"]]
    presets = await _presets(datasette, outlets)
    sides = _asked_or_first(request, presets)
    context: Row = {
        "presets": presets,
        "outlets": outlets,
        "speakers": await queries.rows_of_build(datasette, "most_quoted", size=SPEAKERS),
        "sides": [{"name": name, "asked": side.given} for name, side in zip(SIDES, sides, strict=True)],
        "compared": None,
    }
    if any(side.values for side in sides):
        found = await _compared(datasette, sides)
        context["compared"] = {
            **found,
            "wordings": [_with_differences(w) for w in found["wordings"][:SHOWN]],
            "n_wordings": len(found["wordings"]),
            "query": urlencode({f"{side.prefix}{name}": value for side in sides for name, value in side.given.items()}),
            "quotes": [urlencode({name: value for name, value in side.given.items() if name != "speaker"}) for side in sides],
        }
    return await show(datasette, request, "compare.html", {**context, "shown": SHOWN, "first_shown": FIRST})


async def compare_csv(request: Any, datasette: Any) -> Any:
    """All of the comparison as one CSV: shares with their intervals, speakers, wordings."""
    check_parameters(request, *KNOWN)
    sides = _sides(request)
    if not any(side.values for side in sides):
        raise BadRequest(gettext("name a filter of one side at least, such as first_outlet"))
    found = await _compared(datasette, sides)
    text = MARK + csv_text([COLUMNS, *([row.get(c) for c in COLUMNS] for row in _rows(found))])
    return Response(text, headers=headers_for(f"comparison-{datasette.qantar.build_id}.csv"), content_type="text/csv; charset=utf-8")


def _sides(request: Any) -> list[QuoteFilters]:
    """The two sets of filters of the address; raises BadRequest where both ask for the same."""
    both = {name: value for name in ("from", "to") if (value := given_day(request, name))}
    sides = []
    for name in SIDES:
        side = read_filters(request, f"{name}_")
        outlet = given_value(request, name)
        short = both | ({"outlet": outlet} if outlet else {})
        sides.append(QuoteFilters(short | side.given, short | side.values, side.sort, side.prefix))
    if sides[0].values and sides[0].values == sides[1].values:
        raise BadRequest(gettext("both sides ask for the same quotes; change a filter of one"))
    return sides


async def _presets(datasette: Any, outlets: list[Row]) -> list[Row]:
    """Comparisons to begin with: the two outlets with most articles, the two halves of the time, the two people most quoted."""
    found: list[Row] = []
    if len(outlets) > 1:
        found.append({"name": gettext("Two outlets"), "sides": [{"outlet": o["outlet"]} for o in outlets[:2]]})
    (days,) = await queries.rows_of_build(datasette, "days")
    if days["middle"]:
        before = (date.fromisoformat(days["middle"]) - timedelta(days=1)).isoformat()
        found.append(
            {"name": gettext("Two periods"), "sides": [{"from": days["first"], "to": before}, {"from": days["middle"], "to": days["last"]}]}
        )
    speakers = await queries.rows_of_build(datasette, "most_quoted", size=SPEAKERS)
    if len(speakers) > 1:
        found.append({"name": gettext("Two speakers"), "sides": [{"speaker": s["entity_id"]} for s in speakers[:2]]})
    for preset in found:
        given = {f"{side}_{k}": v for side, filters in zip(SIDES, preset["sides"], strict=True) for k, v in filters.items()}
        preset["query"] = urlencode(given)
    return found


def _with_differences(wording: Row) -> Row:
    """Two wordings of an utterance, each with the words marked that the other lacks."""
    first, second = wording["first_text"], wording["second_text"]
    return {**wording, "first_html": differing_words(first, second), "second_html": differing_words(second, first)}


def _apart_and_both(speakers: list[Row]) -> Row:
    """The speakers whom one set alone quotes, each set's, and those of both."""
    only = [[s for s in speakers if not s["n_second"]], [s for s in speakers if not s["n_first"]]]
    return {"only": only, "both": [s for s in speakers if s["n_first"] and s["n_second"]]}


async def _compared(datasette: Any, sides: list[QuoteFilters]) -> Row:
    parts = {name: side.conditions() for name, side in zip(SIDES, sides, strict=True)}
    bound = {**sides[0].bound(), **sides[1].bound()}
    kinds = [await queries.rows_where(datasette, "quotes_by_kind", side.parts(), **side.bound(), size=9) for side in sides]
    counted = [{row["value"]: row["n"] for row in found} for found in kinds]
    totals = [sum(counts.values()) for counts in counted]
    speakers = await queries.rows_where(datasette, "compared_speakers", parts, **bound)
    pronouns = {row["entity_id"]: row for row in await queries.rows_of_build(datasette, "speaker_pronouns")}
    return {
        "names": [await _described(datasette, side) for side in sides],
        "totals": totals,
        "overlap": (await queries.rows_where(datasette, "compared_overlap", parts, **bound))[0]["n"],
        "shares": shares(ORDER, counted, totals),
        "speaking": shares([name for name, _ in SPEAKING], [_by_kind_of_speaker(speakers, side) for side in SIDES], totals),
        "men": men(speakers, pronouns),
        "speakers": speakers,
        **_apart_and_both(speakers),
        "wordings": await queries.rows_where(datasette, "compared_wordings", parts, **bound),
    }


async def _described(datasette: Any, side: QuoteFilters) -> str:
    """A side in words: what its filters ask for."""
    asked = side.given
    speaker = await queries.row(datasette, "entity", entity_id=asked["speaker"]) if "speaker" in asked else None
    who = (speaker["name"] if speaker else asked["speaker"]) if "speaker" in asked else None
    days = (
        gettext("%(first)s to %(last)s", first=asked.get("from", "…"), last=asked.get("to", "…")) if {"from", "to"} & asked.keys() else None
    )
    kind = word(QUOTES_OF_A_KIND[asked["kind"]]) if "kind" in asked else None
    words = f"“{asked['q']}”" if "q" in asked else None
    score = gettext("score %(least)s or more", least=asked["score"]) if "score" in asked else None
    return ", ".join(part for part in (who, asked.get("outlet"), days, kind, words, score) if part) or gettext("All quotes")


def _by_kind_of_speaker(speakers: list[Row], side: str) -> dict[str, int]:
    return {name: sum(s[f"n_{side}"] for s in speakers if s["label"] in labels) for name, labels in SPEAKING}


def men(speakers: list[Row], pronouns: dict[str, Row]) -> Row | None:
    """The share of men's quotes among those of people whom the articles call "he" or "she", and never both; None where there are none.

    >>> speakers = [{"entity_id": "vos", "n_first": 3, "n_second": 0}, {"entity_id": "lund", "n_first": 1, "n_second": 2}]
    >>> found = men(speakers, {"vos": {"n_he": 2, "n_she": 0}, "lund": {"n_he": 0, "n_she": 1}})
    >>> found["totals"], found["row"]["first"]["share"], found["row"]["second"]["share"]
    ([4, 2], 0.75, 0.0)
    """
    counts = [{"men": 0, "women": 0}, {"men": 0, "women": 0}]
    for speaker in speakers:
        known = pronouns.get(speaker["entity_id"], {"n_he": 0, "n_she": 0})
        if bool(known["n_he"]) != bool(known["n_she"]):
            for n, side in enumerate(SIDES):
                counts[n]["men" if known["n_he"] else "women"] += speaker[f"n_{side}"]
    totals = [sum(found.values()) for found in counts]
    return {"totals": totals, "row": shares(("men",), counts, totals)[0]} if all(totals) else None


def shares(names: Iterable[str], counted: list[dict[str, int]], totals: list[int]) -> list[Row]:
    """The share of each name among two totals, with Wilson's 95 % interval; `apart` where these do not meet.

    >>> row = shares(["direct"], [{"direct": 3, "indirect": 1}, {"indirect": 2}], [4, 2])[0]
    >>> row["name"], row["first"]["share"], row["second"]["share"], row["apart"]
    ('direct', 0.75, 0.0, False)
    """
    from qantar.quality.intervals import wilson

    rows = []
    for name in names:
        sides = []
        for counts, total in zip(counted, totals, strict=True):
            share = counts.get(name, 0) / total if total else 0.0
            low, high = wilson(share, total)
            sides.append({"n": counts.get(name, 0), "share": share, "low": low, "high": high})
        apart = sides[0]["high"] < sides[1]["low"] or sides[1]["high"] < sides[0]["low"]
        rows.append({"name": name, "first": sides[0], "second": sides[1], "apart": apart})
    return rows


def _rows(found: Row) -> list[Row]:
    """Everything that the page shows, a row each."""
    rows = [{"what": "side", "name": "", "first": found["names"][0], "second": found["names"][1]}]
    rows += [{"what": "quotes", "name": "", "first": found["totals"][0], "second": found["totals"][1]}]
    rows += [{"what": "quotes in both sides", "name": "", "first": found["overlap"], "second": found["overlap"]}]
    rows += [_share_row("share of quotes", share) for share in found["shares"]]
    rows += [_share_row("share by kind of speaker", share) for share in found["speaking"]]
    if found["men"]:
        rows.append(_share_row("share of those called he or she", found["men"]["row"]))
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


def _share_row(what: str, share: Row) -> Row:
    ends = {f"{side}_{end}": round(share[side][end], 4) for side in SIDES for end in ("low", "high")}
    return {"what": what, "name": share["name"], **{side: round(share[side]["share"], 4) for side in SIDES}, **ends}
