"""Arrays of an archive, as views of its bytes."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from qantar.stored_arrays import arrays_in


def archive(**arrays: Any) -> bytes:
    stored = BytesIO()
    np.savez(stored, **arrays)
    return stored.getvalue()


def test_arrays_are_those_that_numpy_reads() -> None:
    grid = np.arange(6, dtype=np.float32).reshape(2, 3)
    arrays = {
        "a": np.array([1, 2], np.int8),
        "grid": grid,
        "turned": grid.T,
        "none": grid[:0],
        "one": np.array(7),
        "words": np.array(["ä", "b"]),
    }
    stored = archive(**arrays)
    found = arrays_in(stored)
    assert list(found) == list(arrays)
    for name, array in np.load(BytesIO(stored)).items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        assert found[name].flags.aligned
        assert found[name].tobytes() == array.tobytes()


def test_what_is_no_plain_array_is_refused() -> None:
    stored = archive(a=np.arange(100))
    for data in (stored[:-50], stored[:60], b"", archive(a=np.array([{}]))):
        with pytest.raises((ValueError, zipfile.BadZipFile)):
            arrays_in(data)
    packed = BytesIO()
    np.savez_compressed(packed, a=np.arange(100))
    with pytest.raises(ValueError, match=r"a\.npy is compressed"):
        arrays_in(packed.getvalue())
