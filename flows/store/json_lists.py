"""Lists as they stand in SQLite and CSV: JSON text without spaces, made by Arrow a column at a time."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""JSON text without spaces."""
_ESCAPED = r'[\x00-\x1f"\\]'
"""What JSON writes otherwise in a string."""


def lists_as_json(values: pa.Array) -> pa.Array:
    """A column of lists of strings, or of lists of numbers in lists, as JSON text; null stays null.

    >>> lists_as_json(pa.array([["a", '"b"'], [], None], pa.list_(pa.string()))).to_pylist()
    ['["a","\\\\"b\\\\""]', '[]', None]
    >>> lists_as_json(pa.array([[[1, 2], [3, 4]]], pa.list_(pa.list_(pa.int64())))).to_pylist()
    ['[[1,2],[3,4]]']
    """
    elements = values.flatten()
    if pa.types.is_list(elements.type):
        texts = lists_as_json(elements)
    elif pa.types.is_string(elements.type):
        texts = _strings_as_json(elements)
    else:
        texts = elements.cast(pa.string())
    lengths = pc.fill_null(pc.list_value_length(values), 0).to_numpy()
    starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    joined = pc.binary_join(pa.ListArray.from_arrays(starts, pc.fill_null(texts, "null")), ",")
    return pc.if_else(values.is_valid(), pc.binary_join_element_wise("[", joined, "]", ""), None)


def _strings_as_json(strings: pa.Array) -> pa.Array:
    texts = pc.binary_join_element_wise('"', strings, '"', "")
    escaped = pc.fill_null(pc.match_substring_regex(strings, _ESCAPED), False)
    if not pc.any(escaped).as_py():
        return texts
    return pc.replace_with_mask(texts, escaped, pa.array(map(as_json, strings.filter(escaped).to_pylist()), pa.string()))
