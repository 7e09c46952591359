"""The sample of an audit: rows of a build to be judged, drawn by strata, the same for the same seed.

A row's place in the draw is the hash of the seed and its id. So a larger sample holds the smaller one, and rows that come or go change
nothing else.
"""

from __future__ import annotations

import heapq
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

from qantar.quality.calibration import Calibration, is_calibrated, of_setting
from qantar.settings import QantarError
from qantar.text.identity import digest

LEAST = 5
"""Rows of each stratum that are judged, if it has as many."""
_AROUND = 160
"""Characters of context on each side."""

_SAID = "coalesce(raw_score(score, kind, method), score)"
_BAND = f"CASE WHEN {_SAID} >= 0.8 THEN 'sure' WHEN {_SAID} >= 0.6 THEN 'likely' ELSE 'doubtful' END"
_PASSAGES = (
    "SELECT b.block_id, 'passages' FROM blocks AS b JOIN documents AS d ON d.document_id = b.document_id"
    " WHERE b.role = 'body' AND d.n_quotes IS NOT NULL"
)
_LAYERS = {
    "quotes": f"SELECT quote_id, kind || ', ' || {_BAND} FROM quotes",
    "mentions": "SELECT mention_id, label FROM mentions",
    "links": "SELECT mention_id, link_method FROM mentions WHERE entity_id IS NOT NULL",
    "duplicates": "SELECT document_id, kind FROM duplicates",
    "roles": "SELECT block_id, role FROM blocks",
    "missed": _PASSAGES,
    "missed names": _PASSAGES,
}
"""For each layer, its rows and their strata."""
MISSED = {"missed": "quotes", "missed names": "mentions"}
"""Layers of passages that are read for what was not found, and the layer whose recall they tell."""
LAYERS = tuple(_LAYERS)

_AS_JUDGED = {
    "quotes": "SELECT q.document_id, q.start, q.end, q.text, q.kind || coalesce(' by ' || q.speaker, ', no speaker')"
    " || coalesce(' = ' || e.name, '') AS found, d.text FROM quotes AS q JOIN documents AS d USING (document_id)"
    " LEFT JOIN entities AS e ON e.entity_id = q.speaker_entity_id WHERE q.quote_id = ?",
    "mentions": "SELECT m.document_id, m.start, m.end, m.text, m.label, d.text FROM mentions AS m JOIN documents AS d USING (document_id)"
    " WHERE m.mention_id = ?",
    "links": "SELECT m.document_id, m.start, m.end, m.text, e.name || coalesce(', ' || e.description, ''), d.text FROM mentions AS m"
    " JOIN documents AS d USING (document_id) JOIN entities AS e ON e.entity_id = m.entity_id WHERE m.mention_id = ?",
    "duplicates": "SELECT x.document_id, NULL, NULL, x.canonical_id, x.kind || ' of: ' || substr(c.text, 1, 400), d.text"
    " FROM duplicates AS x JOIN documents AS d USING (document_id) JOIN documents AS c ON c.document_id = x.canonical_id"
    " WHERE x.document_id = ?",
    "roles": "SELECT b.document_id, b.start, b.end, b.text, b.role, d.text FROM blocks AS b JOIN documents AS d USING (document_id)"
    " WHERE b.block_id = ?",
    "missed": "SELECT b.document_id, b.start, b.end, b.text, 'quotes found: ' || (SELECT count(*) FROM quotes AS q"
    " WHERE q.document_id = b.document_id AND q.kind <> 'unattributed' AND q.start >= b.start AND q.start < b.end), d.text"
    " FROM blocks AS b JOIN documents AS d USING (document_id) WHERE b.block_id = ?",
    "missed names": "SELECT b.document_id, b.start, b.end, b.text, 'found: ' || coalesce((SELECT group_concat(text, '; ') FROM (SELECT"
    " m.text FROM mentions AS m WHERE m.document_id = b.document_id AND m.start >= b.start AND m.start < b.end ORDER BY m.start)),"
    " 'nothing'), d.text FROM blocks AS b JOIN documents AS d USING (document_id) WHERE b.block_id = ?",
}
QUESTIONS = {
    "quotes": "Are kind, words and speaker right?",
    "mentions": "Is this a name of this kind, from its first letter to its last?",
    "links": "Is this who or what is meant?",
    "duplicates": "Is the first a copy or a version of the second?",
    "roles": "Is this what the passage is?",
    "missed": "How many quotes of somebody here were missed?",
    "missed names": "How many names, dates and amounts here were missed?",
}


_SCORE = "SELECT raw_score(score, kind, method) FROM quotes WHERE quote_id = ?"


class Drawn(NamedTuple):
    """One row to be judged."""

    layer: str
    stratum: str
    of: int
    """Rows of the stratum in the build."""
    row_id: str
    document: str
    start: int | None
    end: int | None
    text: str
    found: str
    context: str
    score: float | None
    """Of a quote, before calibration, where it has one to calibrate."""


def draw_sample(build: Path, n: int, seed: int, layers: tuple[str, ...] = LAYERS) -> list[Drawn]:
    """About `n` rows of each layer of a build, the strata by their size, and at least some of each.

    Raises QantarError where the folder holds no build.
    """
    database = build / "qantar.db"
    if not database.is_file():
        raise QantarError(f"{database}: there is no build to audit; make one with qantar build")
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        (settings,) = connection.execute("SELECT settings FROM build").fetchone()
        connection.create_function("raw_score", 3, partial(_raw_score, of_setting(json.loads(settings).get("calibration"))))
        return [row for layer in layers for row in _drawn(connection, layer, n, seed)]


def _drawn(connection: sqlite3.Connection, layer: str, n: int, seed: int) -> Iterator[Drawn]:
    sizes: dict[str, int] = defaultdict(int)
    for _, stratum in connection.execute(_LAYERS[layer]):
        sizes[stratum] += 1
    total = sum(sizes.values())
    wanted = {stratum: min(size, max(LEAST, round(n * size / total))) for stratum, size in sizes.items()}
    chosen: dict[str, list[tuple[str, str]]] = defaultdict(list)  # heaps of what comes last, by hash
    for row_id, stratum in connection.execute(_LAYERS[layer]):
        place = _turned(digest(str(seed), layer, row_id))
        if len(chosen[stratum]) < wanted[stratum]:
            heapq.heappush(chosen[stratum], (place, row_id))
        else:
            heapq.heappushpop(chosen[stratum], (place, row_id))
    for stratum in sorted(chosen):
        for _, row_id in sorted(chosen[stratum], reverse=True):
            document, start, end, text, found, whole = connection.execute(_AS_JUDGED[layer], (row_id,)).fetchone()
            context = _context(whole, start, end) if start is not None else whole[:400] if layer == "duplicates" else text
            (score,) = connection.execute(_SCORE, (row_id,)).fetchone() if layer == "quotes" else (None,)
            yield Drawn(layer, stratum, sizes[stratum], row_id, document, start, end, text, found, context, score)


def _raw_score(calibration: Calibration | None, score: float, kind: str, method: str) -> float | None:
    """The score of a quote as the pipeline gave it; None where that is none to calibrate."""
    if not is_calibrated(kind, method):
        return None
    return calibration.raw(score) if calibration else score


def _turned(place: str) -> str:
    """A hash of which the smallest comes last: the heaps of Python keep what is largest."""
    return place.translate(_TURN)


_TURN = str.maketrans("0123456789abcdef", "fedcba9876543210")


def _context(text: str, start: int, end: int) -> str:
    """The words in brackets between those around them."""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return f"{'…' * (start > _AROUND)}{before}⟦{text[start:end]}⟧{after}{'…' * (end + _AROUND < len(text))}"
