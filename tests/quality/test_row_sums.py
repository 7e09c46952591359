"""Hashes of the rows of units of documents: of the rows alone, however they are cut into batches."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qantar.quality.row_sums import OutOfOrderError, sum_units

SCHEMA = pa.schema(
    {
        "document_id": pa.string(),
        "text": pa.string(),
        "n": pa.int64(),
        "score": pa.float64(),
        "is": pa.bool_(),
        "day": pa.date32(),
        "names": pa.list_(pa.string()),
        "spans": pa.list_(pa.list_(pa.int64())),
    }
)
TEXTS = st.text("aé\n", max_size=3)
VALUES = st.fixed_dictionaries(
    {
        "text": st.none() | TEXTS,
        "n": st.none() | st.integers(0, 1),
        "score": st.none() | st.sampled_from([0.0, 0.5]),
        "is": st.none() | st.booleans(),
        "day": st.none() | st.sampled_from([date(1970, 1, 1), date(2022, 1, 7)]),
        "names": st.none() | st.lists(st.none() | TEXTS, max_size=2),
        "spans": st.none() | st.lists(st.none() | st.lists(st.integers(0, 1), max_size=2), max_size=2),
    }
)
ROWS = st.lists(st.tuples(st.integers(0, 3), VALUES), min_size=1, max_size=8).map(lambda rows: sorted(rows, key=lambda row: row[0]))


def units(documents: pa.Array) -> NDArray[np.int64]:
    return np.array([int(key) // 2 for key in documents.to_pylist()], np.int64)


def table(rows: list[tuple[int, dict[str, Any]]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([{"document_id": str(document), **values} for document, values in rows], SCHEMA)


@given(ROWS, st.lists(st.integers(0, 8), max_size=3))
def test_the_hashes_of_rows_do_not_depend_on_how_they_are_cut(rows: list[tuple[int, dict[str, Any]]], cuts: list[int]) -> None:
    whole = table(rows)
    at = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    batches = [whole.slice(start, end - start) for start, end in pairwise(at)]
    pieces = list(sum_units(batches, units))
    assert pieces == list(sum_units([whole], units))
    assert [(set(map(int, piece.documents)), piece.n) for piece in pieces] == [
        ({document for document, _ in rows if document // 2 == unit}, sum(document // 2 == unit for document, _ in rows))
        for unit in sorted({document // 2 for document, _ in rows})
    ]


@given(ROWS, ROWS)
def test_other_rows_have_other_hashes(rows: list[tuple[int, dict[str, Any]]], others: list[tuple[int, dict[str, Any]]]) -> None:
    one, other = ([piece.total for piece in sum_units([table(some)], units)] for some in (rows, others))
    by_unit = [[(document, values) for document, values in some if document // 2 == unit] for some in (rows, others) for unit in (0, 1)]
    expected = [group for group in by_unit[:2] if group], [group for group in by_unit[2:] if group]
    assert (one == other) == (expected[0] == expected[1])


def test_rows_behind_those_of_a_later_unit_are_out_of_order() -> None:
    values = dict.fromkeys(SCHEMA.names[1:])
    with pytest.raises(OutOfOrderError):
        list(sum_units([table([(2, values)]), table([(0, values)])], units))
