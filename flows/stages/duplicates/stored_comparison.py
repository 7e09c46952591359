"""A comparison kept on disk, so that the next one costs what has changed; its index is mapped into memory.

A folder holds `kept.json`, which names the shards of signatures that were compared and two folders of arrays: the large
segment of the index, which stays from one comparison to the next, and the rest, which is rewritten: the small segment
and what was found. All that is kept is summed when it is used, a gigabyte in a tenth of a second: a bit that has flipped
on the disk costs a comparison from nothing, not a wrong row.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qantar.stages.duplicates.candidates import Pairs
from qantar.stages.duplicates.comparison import DEFAULT, Comparison, compare, compare_segment, update
from qantar.stages.duplicates.hashed_words import Places
from qantar.stages.duplicates.index import Index, Postings, Segment, rank
from qantar.stages.duplicates.mapped_arrays import ArrayFolder, give_back, read_arrays, read_told, write_arrays, write_told
from qantar.stages.duplicates.native import native
from qantar.stages.duplicates.relations import Thresholds, Verdicts
from qantar.stages.duplicates.shared_wording import Passages
from qantar.stages.duplicates.signatures import Signatures

GROWN = 1 / 8
"""Where so large a share of the articles comes or goes, all are compared again; where so many came and went since, all are indexed."""

LARGE = 1 << 26
"""Bytes of signatures that are kept on disk while they are compared."""

_FILE = "kept.json"


class Kept(NamedTuple):
    """A comparison, and which shard each of its articles is from."""

    comparison: Comparison
    shards: list[str]  # digests
    shard: Places  # one an article: number of its shard
    large: str  # folder of the large segment, if it is there


def compare_kept(
    folder: Path, shards: Mapping[str, Path], version: str, fresh: bool = False, thresholds: Thresholds = DEFAULT
) -> Comparison:
    """Compare the articles of all shards, given as files of signatures by their digests; the result is kept in the folder.

    What an earlier comparison by the same version of the code has kept there is used unless `fresh`. Shards compared before
    are not read again. Anything damaged there costs a comparison from nothing.
    """
    version = f"{version} {thresholds}"
    kept = None if fresh else _load(folder, version)
    now = kept and _renew(kept, shards, thresholds)
    if now is None:
        del kept
        now = _compare_all(folder, shards, thresholds)
    _save(folder, _compact(now), version)
    return now.comparison


def _compare_all(folder: Path, shards: Mapping[str, Path], thresholds: Thresholds) -> Kept:
    """Compare all articles; where there are many, their signatures are written to where they are kept, and read from there as needed."""
    if sum(path.stat().st_size for path in shards.values()) < LARGE:
        signatures, lengths = _load_all(shards.values())
        comparison, large = compare(signatures, thresholds=thresholds), ""
    else:
        folder.mkdir(parents=True, exist_ok=True)
        large = next(_free(folder))
        segment, lengths = _load_mapped(folder / large, shards.values())
        comparison = compare_segment(segment, thresholds=thresholds, between=lambda: _give_back(segment))
    return Kept(comparison, list(shards), np.repeat(np.arange(len(lengths)), lengths), large)


def _load_mapped(folder: Path, paths: Iterable[Path]) -> tuple[Segment, list[int]]:
    """All signatures as a large segment, in a folder, and how many are of each shard."""
    written, lengths, n_words = ArrayFolder(folder), [], 0
    ids: list[NDArray[np.str_]] = []
    for path in paths:
        part = Signatures.load(path)
        lengths.append(len(part))
        ids.append(part.document_ids)
        for name, values in part.arrays().items():
            if name != "document_ids":
                more = n_words if name in ("first", "sampled") else 0
                written.add(name, (values[:-1] if name == "first" else values) + values.dtype.type(more))
        n_words += len(part.words)
    written.add("first", np.array([n_words], np.int64))
    written.add("document_ids", np.concatenate(ids))
    signatures = Signatures(**written.arrays())
    for name, column in Segment.sort(signatures, rank(signatures)).postings._asdict().items():
        written.add(f"postings.{name}", column)
    written.close()
    return _segment_of(written.arrays(), ""), lengths


def _give_back(segment: Segment) -> None:
    give_back([*segment.postings, *segment.signatures.arrays().values()])
    if native:
        native.release()


def _load_all(paths: Iterable[Path]) -> tuple[Signatures, list[int]]:
    """All signatures, and how many are of each shard; one shard at a time is held besides."""
    lengths: list[int] = []

    def parts() -> Iterator[Signatures]:
        for path in paths:
            part = Signatures.load(path)
            lengths.append(len(part))
            yield part

    return Signatures.join(parts()), lengths


def _renew(kept: Kept, shards: Mapping[str, Path], thresholds: Thresholds) -> Kept | None:
    """What was kept brought up to date; None if too much has changed."""
    before, names = kept.comparison, list(shards)
    number = {name: i for i, name in enumerate(names)}
    shard = np.array([number.get(name, -1) for name in kept.shards], np.int64)[kept.shard] if len(kept.shards) else kept.shard
    shard[~before.alive] = -1
    known = set(kept.shards)
    new = [i for i, name in enumerate(names) if name not in known]
    come, lengths = _load_all(shards[names[i]] for i in new)
    of = np.repeat(np.array(new, np.int64), lengths)
    gone = np.flatnonzero(before.alive & (shard < 0))
    old, again = _unchanged(before.index, gone, come)
    shard[old] = of[again]
    gone = np.setdiff1d(gone, old)
    rest = np.setdiff1d(np.arange(len(come)), again)
    if len(gone) + len(rest) > GROWN * np.count_nonzero(before.alive):
        return None
    return Kept(update(before, gone, come.take(rest), thresholds), names, np.append(shard, of[rest]), kept.large)


def _unchanged(index: Index, gone: Places, come: Signatures) -> tuple[Places, Places]:
    """Which articles of shards that go are the same in shards that come: their numbers there and here."""
    _, old, again = np.intersect1d(index.document_ids[gone], come.document_ids, return_indices=True)
    old = gone[old]
    order = np.argsort(old)
    old, again = old[order], again[order]
    alike = (
        (index.days[old] == come.days[again])
        & (index.origins[old] == come.origins[again])
        & (index.digests[old] == come.digests[again]).all(axis=1)
    )
    old, again = old[alike], again[alike]
    one, other = index.take(old), come.take(again)
    moved = (one.starts != other.starts) | (one.lengths != other.lengths) | (one.shapes != other.shapes)
    same = np.setdiff1d(np.arange(len(old)), np.repeat(np.arange(len(old)), one.sizes)[moved])
    return old[same], again[same]


def _compact(kept: Kept) -> Kept:
    """The same with a large segment and a small one, or all in one, without the articles that are gone."""
    comparison, shards, shard, large = kept
    index, alive = comparison.index, comparison.alive
    if len(index.segments) == 1:
        return kept
    n = index.begins[1]
    recent = n + np.flatnonzero(alive[n:])
    if len(recent) + np.count_nonzero(~alive[:n]) > GROWN * n:
        large, documents = "", np.flatnonzero(alive)
        segments = [_segment(index, documents)]
    else:
        documents = np.append(np.arange(n), recent)
        segments = [index.segments[0], _segment(index, recent)]
    number = np.full(len(index), -1)
    number[documents] = np.arange(len(documents))

    def renumber(pairs: Pairs) -> Pairs:
        return Pairs(number[pairs.first], number[pairs.second])

    moved = Comparison(
        index=Index(segments),
        alive=alive[documents],
        same=number[comparison.same[documents]],
        compared=comparison.compared[documents],
        groups=number[comparison.groups[documents]],
        candidates=renumber(comparison.candidates),
        verdicts=comparison.verdicts._replace(keys=renumber(Pairs.of(comparison.verdicts.keys)).keys()),
        passages=comparison.passages._replace(document=number[comparison.passages.document].astype(np.int32)),
    )
    return Kept(moved, shards, shard[documents], large)


def _segment(index: Index, documents: Places) -> Segment:
    signatures = index.take(documents)
    return Segment.sort(signatures, rank(signatures))


# --- files ---------------------------------------------------------------------------------------------------------------


def _save(folder: Path, kept: Kept, version: str) -> None:
    """Write what is new beside what is there, name it in `kept.json`, and remove what that no longer names."""
    folder.mkdir(parents=True, exist_ok=True)
    free = _free(folder)
    comparison, large = kept.comparison, kept.large or next(free)
    if not kept.large:
        write_arrays(folder / large, _arrays_of(comparison.index.segments[0]))
    found = {
        **{name: getattr(comparison, name) for name in ("alive", "same", "compared", "groups")},
        **{f"candidates.{name}": column for name, column in comparison.candidates._asdict().items()},
        **{f"verdicts.{name}": column for name, column in comparison.verdicts._asdict().items()},
        **{f"passages.{name}": column for name, column in comparison.passages._asdict().items()},
        "shard": kept.shard,
    }
    for segment in comparison.index.segments[1:]:
        found |= {f"small.{name}": column for name, column in _arrays_of(segment).items()}
    rest = next(free)
    write_arrays(folder / rest, found)
    told = {"version": version, "large": large, "rest": rest, "shards": kept.shards}
    write_told(folder / f"{_FILE}.new", told)
    (folder / f"{_FILE}.new").replace(folder / _FILE)
    for path in folder.iterdir():
        if path.name not in (large, rest):
            shutil.rmtree(path, ignore_errors=True)  # leaves files alone


def _free(folder: Path) -> Iterator[str]:
    """Names that nothing in the folder has."""
    there = {path.name for path in folder.iterdir()}
    return (name for i in count() if (name := f"{i:04}") not in there)


def _load(folder: Path, version: str) -> Kept | None:
    """What is kept in the folder; None if it is not there, of another version, or not whole."""
    try:
        told = read_told(folder / _FILE)
        if told["version"] != version:
            return None
        large, found = read_arrays(folder / told["large"]), read_arrays(folder / told["rest"])
        segments = [_segment_of(large, "")]
        if "small.words" in found:
            segments.append(_segment_of(found, "small."))
        comparison = Comparison(
            index=Index(segments),
            **{name: found[name] for name in ("alive", "same", "compared", "groups")},
            candidates=Pairs(*(found[f"candidates.{name}"] for name in Pairs._fields)),
            verdicts=Verdicts(*(found[f"verdicts.{name}"] for name in Verdicts._fields)),
            passages=Passages(*(found[f"passages.{name}"] for name in Passages._fields)),
        )
        return Kept(comparison, told["shards"], found["shard"], told["large"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _arrays_of(segment: Segment) -> dict[str, NDArray[Any]]:
    return {**{f"postings.{name}": column for name, column in segment.postings._asdict().items()}, **segment.signatures.arrays()}


def _segment_of(arrays: Mapping[str, NDArray[Any]], prefix: str) -> Segment:
    signatures = Signatures(**{field.name: arrays[prefix + field.name] for field in fields(Signatures)})
    return Segment(signatures, Postings(*(arrays[f"{prefix}postings.{name}"] for name in Postings._fields)))
