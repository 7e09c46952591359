"""A column of lists is the same JSON text as each list by itself."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.store.json_lists import as_json, lists_as_json

STRINGS = st.lists(st.none() | st.text(st.characters(codec="utf-8")) | st.sampled_from(['"', "\\", "\x00\n", "\x7f\u2028"]))
SPANS = st.lists(st.none() | st.lists(st.none() | st.integers(-(2**63), 2**63 - 1)))


@pytest.mark.parametrize(("kind", "lists"), [(pa.string(), STRINGS), (pa.list_(pa.int64()), SPANS)], ids=["strings", "spans"])
@given(data=st.data(), start=st.integers(0, 3))
def test_lists_are_the_json_that_python_writes(kind: pa.DataType, lists: st.SearchStrategy[Any], data: st.DataObject, start: int) -> None:
    values = data.draw(st.lists(st.none() | lists, max_size=6))
    made = lists_as_json(pa.array(values, pa.list_(kind))[start:])
    assert made.to_pylist() == [None if value is None else as_json(value) for value in values[start:]]
