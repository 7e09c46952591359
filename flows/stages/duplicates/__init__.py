"""Duplicates: which articles repeat another one, and which passages several articles share.

Articles are compared by their words alone (`signatures`). Candidates are pairs that share a sample of their shingles
(runs of five words); each is then verified on all of its words, and only what is verified counts: nothing is joined by
way of a third article.

* `exact`: the same words.
* `near`: the same article edited, respun, cut, furnished or badly scanned: wording in common throughout both texts.
* `contained`: wording in common throughout the shorter text, less than half of the longer one.
* `version`: either of the two, of the id or address (without what counts visits) of what it repeats, or of what has the same words as
  that: an update, a correction, a live blog that grew.

Two articles that fill in one frame (earnings, court lists, weather) are rows of `templates` and no copies, see `differences` and
`third_articles`.
One long passage in common, such as a quotation or a footer, makes no duplicate: it is a row of `shared_passages`.

The canonical article of a group is the earliest published, then the fullest, then the first by id; a contained article
gives way to the one that contains it, whichever came first, or the rest of the longer one would be lost. So of two versions it
is the fuller where one holds the other, else the earlier.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from qantar.stages.duplicates.comparison import DEFAULT, Comparison, compare
from qantar.stages.duplicates.hashed_words import Places
from qantar.stages.duplicates.relations import Thresholds, likeness_of
from qantar.stages.duplicates.signatures import Signatures, Text, sign_documents
from qantar.stages.duplicates.templates import find_templates

if TYPE_CHECKING:
    import pyarrow as pa

    from qantar.schema import Duplicate, DuplicateEvidence, SharedPassage, Template

__all__ = [
    "DuplicateRows",
    "Duplicates",
    "SharedPassages",
    "Signatures",
    "Text",
    "Thresholds",
    "compare_shards",
    "compare_signatures",
    "find_duplicates",
    "sign_documents",
]

Row = TypeVar("Row")

_OCTETS = np.frombuffer(bytes(range(256)).hex().encode("ascii"), np.uint16)  # as two digits each


class _Rows(Sequence[Row]):
    """Rows of a table, in its order; there may be millions, so that they are held by column and made one by one."""

    @abstractmethod
    def row(self, number: int) -> Row:
        """One of them."""

    @overload
    def __getitem__(self, which: int) -> Row: ...
    @overload
    def __getitem__(self, which: slice) -> list[Row]: ...
    def __getitem__(self, which: int | slice) -> Row | list[Row]:
        numbers = range(len(self))[which]
        return self.row(numbers) if isinstance(numbers, int) else [self.row(number) for number in numbers]

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]


class DuplicateRows(_Rows["Duplicate"]):
    """Rows of `duplicates`."""

    def __init__(self, comparison: Comparison) -> None:
        ids, groups = comparison.index.document_ids, comparison.groups
        copies = np.flatnonzero(groups != np.arange(len(groups)))
        copies = copies[np.argsort(ids[copies])]
        first, canonical = comparison.same[copies], groups[copies]  # of an exact copy, the one that was compared
        edited = np.flatnonzero(first != canonical)
        self.document_id: list[str] = ids[copies].tolist()
        self.canonical_id: list[str] = ids[canonical].tolist()
        self.kind, self.similarity, self.method = (len(copies) * [same] for same in ("exact", 1.0, "same words"))
        self.margin: list[float | None] = [None for _ in copies]
        found = likeness_of(comparison.verdicts, first[edited], canonical[edited])
        versions = _are_versions(comparison, copies[edited], canonical[edited])
        for number, version, near, similarity, reach, margin in zip(*(c.tolist() for c in (edited, versions, *found)), strict=True):
            self.kind[number] = "version" if version else "near" if near else "contained"
            self.similarity[number], self.margin[number] = round(similarity, 4), margin / 1000
            self.method[number] = _method("same address or id, common runs" if version else "common runs", reach)

    def __len__(self) -> int:
        return len(self.document_id)

    def row(self, number: int) -> Duplicate:
        """One of them."""
        from qantar.schema import Duplicate

        return Duplicate(**{name: column[number] for name, column in vars(self).items()})

    def columns(self) -> dict[str, pa.Array]:
        """All rows as Arrow arrays, by column."""
        import pyarrow as pa

        columns = {
            name: pa.array(column, pa.float64() if name in ("similarity", "margin") else pa.string()) for name, column in vars(self).items()
        }
        return columns | dict.fromkeys(("source_id", "source_evidence"), pa.nulls(len(self), pa.string()))  # see `sources`


class SharedPassages(_Rows["SharedPassage"]):
    """Rows of `shared_passages`."""

    def __init__(self, comparison: Comparison) -> None:
        self._found, self._ids = comparison.passages, comparison.index.document_ids

    def __len__(self) -> int:
        return len(self._found.digest)

    @cached_property
    def _n_documents(self) -> NDArray[np.integer]:
        return self._found.n_documents()

    def row(self, number: int) -> SharedPassage:
        """One of them."""
        from qantar.schema import SharedPassage

        found = self._found
        return SharedPassage(
            passage_id=f"{int(found.digest[number]):016x}",
            document_id=str(self._ids[found.document[number]]),
            start=int(found.start[number]),
            end=int(found.end[number]),
            n_documents=int(self._n_documents[number]),
        )

    def columns(self) -> dict[str, pa.Array]:
        """All rows as Arrow arrays, by column."""
        import pyarrow as pa

        found, n = self._found, len(self)
        digits = _OCTETS[found.digest.astype(">u8").view(np.uint8)]
        ends = np.arange(0, 16 * n + 1, 16, dtype=np.int32)

        def numbers(column: NDArray[Any]) -> pa.Array:
            return pa.array(column.astype(np.int64, copy=False))

        return {
            "passage_id": pa.Array.from_buffers(pa.string(), n, [None, pa.py_buffer(ends), pa.py_buffer(digits)]),
            "document_id": pa.array(self._ids.tolist(), pa.string()).take(pa.array(found.document)),
            "start": numbers(found.start),
            "end": numbers(found.end),
            "n_documents": numbers(self._n_documents),
        }


class TemplateRows(_Rows["Template"]):
    """Rows of `templates`, found when they are asked for."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison

    @cached_property
    def _rows(self) -> list[Template]:
        return find_templates(self._comparison)

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, number: int) -> Template:
        """One of them."""
        return self._rows[number]


class Duplicates(NamedTuple):
    """Rows of `duplicates`, `shared_passages` and `templates`."""

    duplicates: DuplicateRows
    passages: SharedPassages
    templates: TemplateRows


def find_duplicates(documents: Iterable[Text], thresholds: Thresholds = DEFAULT) -> Duplicates:
    """What repeats what among the articles; they are read once, in any order, and their texts are not kept.

    >>> wire = "The ministry said on Monday that trains would run again between the two cities once the bridge was checked"
    >>> found = find_duplicates([Text("a", None, wire), Text("b", None, wire.upper() + "!")])
    >>> [(d.document_id, d.canonical_id, d.kind) for d in found.duplicates]
    [('b', 'a', 'exact')]
    """
    return compare_signatures(sign_documents(documents), thresholds=thresholds)


def compare_signatures(signatures: Signatures, passages: bool = True, thresholds: Thresholds = DEFAULT) -> Duplicates:
    """What repeats what among the articles with these signatures (those of several shards: `Signatures.join`)."""
    return _rows_of(compare(signatures, passages, thresholds))


def compare_shards(
    folder: Path, shards: Mapping[str, Path], version: str, fresh: bool = False, thresholds: Thresholds = DEFAULT
) -> Duplicates:
    """What repeats what among the articles of all shards, given as files of signatures by their digests.

    What an earlier comparison, by the same version of the code, has left in the folder is used unless `fresh`.
    """
    from qantar.stages.duplicates.stored_comparison import compare_kept

    return _rows_of(compare_kept(folder, shards, version, fresh, thresholds))


def _rows_of(comparison: Comparison) -> Duplicates:
    return Duplicates(DuplicateRows(comparison), SharedPassages(comparison), TemplateRows(comparison))


def _are_versions(comparison: Comparison, copies: Places, canonical: Places) -> NDArray[np.bool_]:
    """Whether each copy has the address or id of its canonical article, or of another with the same words as that."""
    origins, same = comparison.index.origins, comparison.same
    again = np.flatnonzero((same != np.arange(len(same))) & (origins > 0))
    elsewhere = set(zip(same[again].tolist(), origins[again].tolist(), strict=True))
    versions = comparison.index.same_origin(copies, canonical)
    versions |= np.array([pair in elsewhere for pair in zip(canonical.tolist(), origins[copies].tolist(), strict=True)], bool)
    return versions


def _method(evidence: DuplicateEvidence, reach: float) -> str:
    """The value of `duplicates.method` of an edited copy, with the share of the text over which common runs reach."""
    return f"{evidence} over {reach:.0%}"
