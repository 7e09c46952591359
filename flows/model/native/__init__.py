"""The language model's arithmetic in C, one kernel for each kind of processor; `twin.py` does the same with arrays."""

from __future__ import annotations

import warnings
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qantar.model.arrays import ARC, ARC_HEADS, LABEL_HEADS, LAYERS, Arrays, Floats, joined, n_labels
from qantar.model.pieces import Encoded

__all__ = ["Kernel", "levels", "pack"]

PANEL, GROUP, ALIGNMENT = 16, 4, 64
"""Columns whose weights lie together, rows of a column that do, and where sections begin, as in `kernel.h` and `module.c`."""

_kernel: Any
try:
    from qantar.model.native import _kernel
except ImportError:
    _kernel = None
else:
    sources = sorted(Path(__file__).parent.glob("*.[ch]"))
    if sources and getattr(_kernel, "SOURCES", "") != sha256(b"".join(path.read_bytes() for path in sources)).hexdigest():
        remedy = "run `python setup.py build_ext --inplace`"
        warnings.warn(f"{_kernel.__file__} was compiled from other sources; numpy is used instead, more slowly; {remedy}", stacklevel=1)
        _kernel = None


def levels() -> list[str]:
    """Names of the kernels that this processor can run, the fastest first; none if no compiler was there at installation."""
    return _kernel.levels() if _kernel else []


class Kernel:
    """The network on one of the `levels`."""

    def __init__(self, arrays: Arrays, level: str):
        self.name = level
        self._weights = pack(arrays)
        self._columns, at = {}, 0
        for head in LABEL_HEADS:
            self._columns[head] = slice(at, at + n_labels(arrays, head))
            at += n_labels(arrays, head)
        self._n_labels, self._n_columns = at, _padded(at + 2 * ARC)

    def run(self, window: Encoded) -> dict[str, Floats]:
        """The scores of each head for one window: rows are [CLS] and words; of `arcs`, dependants × heads."""
        numbers = [np.array(numbers, np.int64) for numbers in window]
        m = len(window.firsts)
        heads, arcs = np.empty((m, self._n_columns), np.float32), np.empty((m, m), np.float32)
        _kernel.run(self.name, self._weights, self._n_labels, *numbers, heads, arcs)
        return {head: heads[:, columns] for head, columns in self._columns.items()} | {"arcs": arcs}


def pack(arrays: Arrays) -> NDArray[np.uint8]:
    """The weights as the kernels read them: one buffer of sections, in the order of `read_weights` of `module.c`."""
    sections: list[NDArray[Any]] = [arrays[f"{name}.weight"] for name in ("words",)] + [arrays["words.scale"]]
    sections += [arrays[f"{name}.weight"] for name in ("positions", "forms", "hints", "norm")] + [arrays["norm.bias"]]
    for layer in (f"layers.{i}." for i in range(LAYERS)):
        for names in (("query", "key", "value"), ("mix",), ("inner",), ("outer",)):
            sections += _panels(*joined(arrays, tuple(layer + name for name in names)))
        sections += [arrays[f"{layer}{norm}.{part}"] for norm in ("norm1", "norm2") for part in ("weight", "bias")]
    sections += _panels(*joined(arrays, (*LABEL_HEADS, *ARC_HEADS)))
    sections += _panels(*joined(arrays, ("arc_mix",)))
    ends = np.cumsum([-(-section.nbytes // ALIGNMENT) * ALIGNMENT for section in sections]).tolist()
    room = np.zeros(ends[-1] + ALIGNMENT, np.uint8)
    start = -room.ctypes.data % ALIGNMENT
    blob = room[start : start + ends[-1]]
    for section, begin in zip(sections, [0, *ends], strict=False):
        blob[begin : begin + section.nbytes] = np.ascontiguousarray(section).view(np.uint8).ravel()
    return blob


def _panels(weight: NDArray[np.int8], scale: Floats, bias: Floats) -> list[NDArray[Any]]:
    """A matrix in panels of columns, with the scale, the bias and the sum of each column, filled up with columns of nothing."""
    inputs, outputs = weight.shape
    width = _padded(outputs)
    full = np.pad(weight, ((0, 0), (0, width - outputs)))
    panels = full.reshape(inputs // GROUP, GROUP, width // PANEL, PANEL).transpose(2, 0, 3, 1)
    return [panels, *(np.pad(row, (0, width - outputs)) for row in (scale, bias)), full.sum(0, dtype=np.int32)]


def _padded(columns: int) -> int:
    return -(-columns // PANEL) * PANEL
