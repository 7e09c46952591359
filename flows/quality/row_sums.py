"""Hashes of the rows of each unit of documents: the same rows have the same one, whatever batches they come in.

The bytes that Arrow holds are hashed where they are: to copy each unit's rows into a batch of their own takes twice as long.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


class OutOfOrderError(Exception):
    """A table's rows are not in the order of the documents, or are of none."""


class Piece(NamedTuple):
    """The rows of a part that are of one unit: its documents, how many rows these are, and their hash."""

    documents: list[str]
    n: int
    total: str


class _Cut(NamedTuple):
    """Rows of a unit that one batch holds, and the bytes that tell what is in them."""

    rows: pa.RecordBatch
    told: list[memoryview]


def sum_units(batches: Iterable[pa.RecordBatch], unit_of: Callable[[pa.Array], NDArray[np.int64]]) -> Iterator[Piece]:
    """The rows of each unit that has any; `unit_of` tells the numbers of documents' units.

    Raises OutOfOrderError where a unit's rows stand behind those of a later one.
    """
    now, waiting = -1, list[_Cut]()
    for rows in batches:
        numbers = unit_of(rows.column("document_id"))
        if (np.diff(numbers, prepend=now) < 0).any():
            raise OutOfOrderError
        bounds = np.append(np.flatnonzero(np.diff(numbers, prepend=-1)), len(numbers))
        told = [its for column in rows.columns for its in _told(column, bounds)] if len(numbers) else []
        for place, number in enumerate(numbers[bounds[:-1]].tolist()):
            if number > now and waiting:
                yield _sum_rows(waiting)
                waiting = []
            now = number
            start, end = bounds[place : place + 2]
            waiting.append(_Cut(rows.slice(start, end - start), [data[at[place] : at[place + 1]] for data, at in told]))
    if waiting:
        yield _sum_rows(waiting)


def _sum_rows(cuts: Sequence[_Cut]) -> Piece:
    n = sum(len(cut.rows) for cut in cuts)
    total = hashlib.sha256(f"{n} {cuts[0].rows.schema}\0".encode())
    for of_all in zip(*(cut.told for cut in cuts), strict=True):
        for data in of_all:
            total.update(data)
    documents = pc.unique(pa.chunked_array([cut.rows.column("document_id") for cut in cuts]))
    return Piece(documents.to_pylist(), n, total.hexdigest())


def _told(values: pa.Array, bounds: NDArray[np.int64]) -> Iterator[tuple[memoryview, list[int]]]:
    """All that tells what a column holds, each as bytes, and where in these some rows begin: which values are missing, how long they
    are, and what they are.
    """
    yield _bytes(values.is_valid().cast(pa.int8()), bounds)
    if pa.types.is_list(values.type):
        lengths = pc.fill_null(pc.list_value_length(values), 0)
        yield _bytes(lengths, bounds)
        yield from _told(values.flatten(), np.append(0, np.cumsum(lengths))[bounds])
    elif pa.types.is_string(values.type):
        texts = pc.fill_null(values, "")
        yield _bytes(pc.binary_length(texts), bounds)
        _, offsets, data = texts.buffers()
        ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
        yield memoryview(data or b""), ends[bounds].tolist()
    else:
        plain = {pa.bool_(): pa.int8(), pa.date32(): pa.int32()}.get(values.type, values.type)
        yield _bytes(pc.fill_null(values.cast(plain), 0), bounds)


def _bytes(numbers: pa.Array, bounds: NDArray[np.int64]) -> tuple[memoryview, list[int]]:
    plain = numbers.to_numpy()
    return memoryview(plain).cast("B"), (bounds * plain.itemsize).tolist()
