"""Texts that hold several articles in no layout that is described here: known by the lines above or below each, which recur in kind.

Lines that are no sentences stand in clusters between passages of prose. One article has such a cluster above it and one below it; where a
cluster within a text has what the first or the last one has (a title and a day, a byline and a copyright), another article begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from qantar.stages.articles.archives.archive_parts import find_day, labels
from qantar.stages.articles.archives.shape_lines import (
    MONTH_NUMBERS,
    WEAK,
    WHOLE,
    Unit,
    is_person,
    may_have_fields,
    units_of,
    words_beside_day,
)
from qantar.text.lexicon import either

TITLE_WORDS = 3
"""The fewest of a title."""
_TIME = re.compile(r"(?<![\d.])\d{1,2}[:.]\d\d(?!\d|\.\d)")
_LEAST_WORDS, _LEAST_BELOW_A_HEAD = 40, 15  # of an article; of one with two fields
_MOST_OF_NAME = 80  # characters of a line that is a name
_MOST_SIGNED = 3  # lines between two articles that are signed
_MOST_FIELDS = 24  # lines of a cluster; more are a list or a table


class Cluster(NamedTuple):
    """The units [first:end], none of which is prose, and what kinds they are."""

    first: int
    end: int
    kinds: frozenset[str] = frozenset()
    title_words: int = 0

    @property
    def has_title(self) -> bool:
        """Whether a line of it may be a title; one of fewer words may be a reader's name."""
        return self.title_words >= TITLE_WORDS

    @property
    def strong(self) -> frozenset[str]:
        """The kinds that are fields of an article."""
        return frozenset(kind for kind in self.kinds if kind.partition(":")[0] not in WEAK)


class Shape(NamedTuple):
    """The units of a text of several articles, its clusters above, between and below these, and whether none between them is left out."""

    units: list[Unit]
    top: Cluster
    borders: list[Cluster]
    bottom: Cluster
    is_even: bool

    @property
    def n_articles(self) -> int:
        """How many articles the text holds."""
        return len(self.borders) + 1


def find_shape(text: str) -> Shape | None:
    """How a text is cut by lines that recur; None for one article."""
    is_signed = _may_be_signed(text)
    units = units_of(text) if is_signed or may_have_fields(text) else []
    clusters = list(_clusters(units))
    if len(clusters) < 2:
        return None
    signed = _signed(units, clusters) if is_signed else []
    top = clusters.pop(0) if clusters[0].first == 0 else Cluster(0, 0)
    bottom = clusters.pop() if clusters and clusters[-1].end == len(units) else Cluster(len(units), len(units))
    inner = [one for one in clusters if _may_part(units, one)]
    borders = list(_with_articles(units, top, [one for one in inner if _shows_another(one, top, bottom)], bottom))
    if len(signed) > len(borders):
        return Shape(units, top, signed, bottom, False)
    return Shape(units, top, borders, bottom, len(borders) == len(inner)) if borders and not _is_live(units, top, borders) else None


def _may_part(units: Sequence[Unit], cluster: Cluster) -> bool:
    """Whether a cluster is none of a list, and points to no other article."""
    return bool(cluster.kinds) and cluster.end - cluster.first <= _MOST_FIELDS and not _is_teaser(units, cluster)


def _may_be_signed(text: str) -> bool:
    """Whether the last line of a text is a person's name, or one of its first: a quick look."""
    bare = text.strip()
    ends = [bare[-_MOST_OF_NAME:].rpartition("\n")[2], *bare[: 3 * _MOST_OF_NAME].split("\n", 4)[:4]]
    return any(is_person(line.strip("()[]—–- \r")) for line in ends if len(line) < _MOST_OF_NAME)


def _clusters(units: Sequence[Unit]) -> Iterator[Cluster]:
    first = None
    for i, unit in enumerate([*units, None]):
        if unit is not None and unit.kind is not None:
            first = i if first is None else first
        elif first is not None:
            yield _cluster(units, first, i)
            first = None


def _cluster(units: Sequence[Unit], first: int, end: int) -> Cluster:
    kinds = frozenset(f"same:{unit.line.text}" if unit.kind == "same" else unit.kind for unit in units[first:end] if unit.kind)
    titles = [len(unit.line.text.split()) for unit in units[first:end] if unit.kind == ""]
    titles += [words_beside_day(unit.line.text) for unit in units[first:end] if unit.kind == "day"]
    return Cluster(first, end, kinds, max(titles, default=0))


def _with_articles(units: Sequence[Unit], top: Cluster, found: Sequence[Cluster], bottom: Cluster) -> Iterator[Cluster]:
    """The clusters with enough prose above and below them for an article each."""
    if not found:
        return
    words = [0, *accumulate(len(unit.line.text.split()) if unit.kind is None else 0 for unit in units)]
    at = top.end
    for one, below in pairwise([*found, bottom]):
        least = _LEAST_BELOW_A_HEAD if len(one.strong) > 1 else _LEAST_WORDS
        if min(words[one.first] - words[at], words[below.first] - words[one.end]) >= least:
            yield one
            at = one.end


def _signed(units: Sequence[Unit], clusters: Sequence[Cluster]) -> list[Cluster]:
    """The clusters of a name and a title where the first or the last one has a name, too; none where the text speaks of one of these."""
    top, bottom = clusters[0], clusters[-1]
    below = bottom.first == len(units) - 1 and _signature(units[-1]) != ""
    above = top.first == 0 and top.end == _MOST_SIGNED - 1 and top.has_title and any(map(_signature, units[: top.end]))
    if not (below or above) or _speaks_of_names(units):
        return []
    last = bottom if below else Cluster(len(units), len(units))
    inner = [one for one in clusters[1 : -1 if below else None] if one.end - one.first == top.end + below]
    return list(_with_articles(units, top, [one for one in inner if _is_signed(units[one.first : one.end], below)], last))


def _speaks_of_names(units: Sequence[Unit]) -> bool:
    """Whether the surname of a person who stands alone in a line is in the prose as well."""
    prose = "\n".join(unit.line.text for unit in units if unit.kind is None)
    return any(name.split(",")[0].split()[-1] in prose for name in map(_signature, units) if name)


def _is_signed(lines: Sequence[Unit], below: bool) -> bool:
    """Whether lines between two articles are the name of an author, below the one or above the next, and a title."""
    names = [unit for unit in lines if _signature(unit)]
    titles = [unit for unit in lines if unit.kind == "" and unit not in names and len(unit.line.text.split()) >= TITLE_WORDS]
    return len(lines) <= _MOST_SIGNED and len(names) == 1 and bool(titles) and (names[0] is lines[0] or not below)


def _signature(unit: Unit) -> str:
    """The name of the person that a line is, bare of dashes and brackets; empty for any other line."""
    name = unit.line.text.strip("()[]—–- ")
    return name if unit.kind in ("", "same") and is_person(name) else ""


# --- what shows another article ------------------------------------------------------------------------------------


def _shows_another(cluster: Cluster, top: Cluster, bottom: Cluster) -> bool:
    return _recurs(cluster, top) or _recurs(cluster, bottom, is_below=True) or _is_head(cluster) or _is_parted(cluster, top)


def _recurs(cluster: Cluster, outer: Cluster, *, is_below: bool = False) -> bool:
    """Whether a cluster has what the first or last one of the text has: two kinds of fields, or all its fields beside a title."""
    shared = cluster.kinds & outer.kinds
    fields = {kind for kind in shared if not kind.startswith("same")}
    if (len(fields) > 1 and any(map(_is_known, fields))) or any(kind.startswith("tag") for kind in fields):
        return True
    if not (cluster.has_title and (outer.has_title or is_below)):
        return False
    return bool(shared & outer.strong) and not (outer.kinds & WHOLE) - cluster.kinds


def _is_known(kind: str) -> bool:
    """Whether a kind is that of a field of articles: no label of another thing."""
    return not kind.startswith("label") or kind.partition(":")[2] in labels("labelled")


def _is_head(cluster: Cluster) -> bool:
    """Whether a cluster has what stands above articles alone, whatever the others have: a title and who wrote it, or whence it came."""
    return cluster.has_title and bool(cluster.kinds & {"by", "dateline"} or {"day", "address"} <= cluster.kinds)


def _is_parted(cluster: Cluster, top: Cluster) -> bool:
    """Whether a wide rule and a title stand between texts, of which the first has a title and no more either."""
    return "wide rule" in cluster.kinds and min(cluster.title_words, top.title_words) > 1 and not top.kinds & WHOLE


def _is_live(units: Sequence[Unit], top: Cluster, borders: Sequence[Cluster]) -> bool:
    """Whether what recurs are the times of one day: entries of a live report."""
    if any(one.strong - {"day", "dateline"} for one in borders):
        return False
    said = [unit.line.text for one in (top, *borders) for unit in units[one.first : one.end] if unit.kind == "day"]
    days = {find_day(line) or MONTH_NUMBERS.findall(line)[0] for line in said}
    return len(said) > 1 and len(days) == 1 and all(_TIME.search(line) for line in said)


def _is_teaser(units: Sequence[Unit], cluster: Cluster) -> bool:
    """Whether a cluster points to another article: "Read also"."""
    return any(_teasers().match(unit.line.text) for unit in units[cluster.first : cluster.end])


@cache
def _teasers() -> re.Pattern[str]:
    return re.compile(rf"(?:{either('newspaper_archives.toml', 'words.teasers')})\b", re.IGNORECASE)
