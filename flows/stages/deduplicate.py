"""Duplicates: which articles repeat another one, and which passages several articles share.

Articles are compared by their words alone (`signatures`). Candidates are pairs that share a sample of their shingles
(runs of five words); each is then verified on all of its words, and only what is verified counts: nothing is joined by
way of a third article.

* `exact`: the same words.
* `near`: the same article edited, respun, cut, furnished or badly scanned: wording in common throughout both texts.
* `contained`: wording in common throughout the shorter text, less than half of the longer one.

One long passage in common, such as a quotation or a footer, makes no duplicate: it is a row of `shared_passages`.

The canonical article of a group is the earliest published, then the fullest, then the first by id; a contained article
gives way to the one that contains it, whichever came first, or the rest of the longer one would be lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, overload

import numpy as np

from flows.schema import Duplicate, SharedPassage
from flows.stages.comparing.comparison import Comparison, compare
from flows.stages.comparing.kept import compare_kept
from flows.stages.comparing.relations import relations_of
from flows.stages.comparing.signatures import Signatures, Text, sign_documents

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "Duplicates",
    "SharedPassages",
    "Signatures",
    "Text",
    "compare_shards",
    "compare_signatures",
    "find_duplicates",
    "sign_documents",
]

_HEXADECIMAL = np.frombuffer(b"0123456789abcdef", np.uint8)


class Duplicates(NamedTuple):
    """Rows of `duplicates` and `shared_passages`."""

    duplicates: list[Duplicate]
    passages: SharedPassages


class SharedPassages(Sequence[SharedPassage]):
    """Rows of `shared_passages`, in the table's order; there may be millions, so that they are made one by one, or as Arrow columns."""

    def __init__(self, comparison: Comparison) -> None:
        self._found, self._ids = comparison.passages, comparison.index.document_ids
        self._n_documents = self._found.n_documents()

    def __len__(self) -> int:
        return len(self._n_documents)

    @overload
    def __getitem__(self, which: int) -> SharedPassage: ...
    @overload
    def __getitem__(self, which: slice) -> list[SharedPassage]: ...
    def __getitem__(self, which: int | slice) -> SharedPassage | list[SharedPassage]:
        if isinstance(which, slice):
            return [self[i] for i in range(*which.indices(len(self)))]
        found = self._found
        return SharedPassage(
            passage_id=f"{int(found.digest[which]):016x}",
            document_id=str(self._ids[found.document[which]]),
            start=int(found.start[which]),
            end=int(found.end[which]),
            n_documents=int(self._n_documents[which]),
        )

    def __iter__(self) -> Iterator[SharedPassage]:
        return (self[i] for i in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def columns(self) -> dict[str, pa.Array]:
        """All rows as Arrow arrays, by column."""
        import pyarrow as pa

        found, n = self._found, len(self)
        octets = found.digest.astype(">u8").view(np.uint8)
        digits = np.stack([_HEXADECIMAL[octets >> 4], _HEXADECIMAL[octets & 15]], axis=1)
        ends = np.arange(0, 16 * n + 1, 16, dtype=np.int32)

        return {
            "passage_id": pa.Array.from_buffers(pa.string(), n, [None, pa.py_buffer(ends), pa.py_buffer(digits)]),
            "document_id": pa.array(self._ids.tolist(), pa.string()).take(pa.array(found.document)),
            "start": pa.array(found.start),
            "end": pa.array(found.end),
            "n_documents": pa.array(self._n_documents),
        }


def find_duplicates(documents: Iterable[Text]) -> Duplicates:
    """What repeats what among the articles; they are read once, in any order, and their texts are not kept.

    >>> wire = "The ministry said on Monday that trains would run again between the two cities once the bridge was checked"
    >>> found = find_duplicates([Text("a", None, wire), Text("b", None, wire.upper() + "!")])
    >>> [(d.document_id, d.canonical_id, d.kind) for d in found.duplicates]
    [('b', 'a', 'exact')]
    """
    return compare_signatures(sign_documents(documents))


def compare_signatures(signatures: Signatures, passages: bool = True) -> Duplicates:
    """What repeats what among the articles with these signatures (those of several shards: `Signatures.join`)."""
    return found_in(compare(signatures, passages))


def compare_shards(folder: Path, shards: Mapping[str, Path], version: str, fresh: bool = False) -> Duplicates:
    """What repeats what among the articles of all shards, given as files of signatures by their digests.

    What an earlier comparison, by the same version of the code, has left in the folder is used unless `fresh`.
    """
    return found_in(compare_kept(folder, shards, version, fresh))


def found_in(comparison: Comparison) -> Duplicates:
    """The rows of a comparison, in the tables' order."""
    ids, groups = comparison.index.document_ids, comparison.groups
    copies = np.flatnonzero(groups != np.arange(len(groups)))
    copies = copies[np.argsort(ids[copies])]
    first, canonical = comparison.same[copies], groups[copies]  # of an exact copy, the one that was compared
    edited = first != canonical
    relations = iter(relations_of(comparison.verdicts, first[edited], canonical[edited]))
    rows = []
    for name, other, changed in zip(ids[copies].tolist(), ids[canonical].tolist(), edited.tolist(), strict=True):
        if changed:
            kind, similarity, reach = next(relations)
            similarity, method = round(similarity, 4), f"common runs over {reach:.0%}"
            rows.append(Duplicate(document_id=name, canonical_id=other, kind=kind, similarity=similarity, method=method))
        else:
            rows.append(Duplicate(document_id=name, canonical_id=other, kind="exact", similarity=1.0, method="same words"))
    return Duplicates(rows, SharedPassages(comparison))
