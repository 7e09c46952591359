"""Arrays in files: written once, mapped into memory where they are large, and given back to the system while nothing reads them.

All arrays of a folder are summed when they are used, a gigabyte in a tenth of a second: a bit that has flipped on the disk
is told. What is mapped and given back takes no memory of the process until it is looked at again, at once from the system's cache.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from mmap import mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ARRAYS = "arrays.json"
MAPPED = 1 << 16  # bytes; smaller files are read
_BLOCK = 1 << 16  # bytes that are summed together
_GIVEN_BACK = 4  # MADV_DONTNEED: what is mapped from a file is read from it again


class ArrayFolder:
    """A new folder of arrays, each written at once or part by part."""

    def __init__(self, path: Path) -> None:
        path.mkdir()
        self._path = path
        self._told: dict[str, tuple[str, list[int]]] = {}

    def add(self, name: str, values: NDArray[Any]) -> None:
        """Write an array, or more rows of one."""
        rows, *row = values.shape
        _, (before, *_) = self._told.get(name, ("", [0]))
        self._told[name] = values.dtype.str, [before + rows, *row]
        with (self._path / name).open("ab") as file:
            np.ascontiguousarray(values).tofile(file)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What was written."""
        return {name: _octets(self._path / name).view(dtype).reshape(shape) for name, (dtype, shape) in self._told.items()}

    def close(self) -> None:
        """Sum what was written; nothing can be added any more."""
        told = {name: (*self._told[name], _digest(_octets(self._path / name))) for name in self._told}
        write_told(self._path / ARRAYS, told)


def write_arrays(folder: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write the arrays to a new folder."""
    written = ArrayFolder(folder)
    for name, array in arrays.items():
        written.add(name, array)
    written.close()


def read_arrays(folder: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a folder. Raises ValueError where one is damaged."""
    found = {}
    for name, (dtype, shape, digest) in read_told(folder / ARRAYS).items():
        octets = _octets(folder / name)
        if _digest(octets) != digest:
            raise ValueError(f"{folder / name} is damaged")
        found[name] = octets.view(dtype).reshape(shape)
    return found


def give_back(arrays: Iterable[NDArray[Any]]) -> None:
    """Let the system have the memory of those that are mapped; they are read again when they are looked at."""
    for array in arrays:
        base: Any = array
        while isinstance(base, np.ndarray):
            base = base.base
        if isinstance(base, mmap):
            base.madvise(_GIVEN_BACK)


def write_told(path: Path, told: Mapping[str, Any]) -> None:
    """Write what is told as JSON, with its digest."""
    digest = sha256(json.dumps(told).encode()).hexdigest()
    path.write_text(json.dumps({"told": told, "digest": digest}), "utf-8")


def read_told(path: Path) -> dict[str, Any]:
    """What `write_told` wrote. Raises ValueError where it is damaged."""
    whole = json.loads(path.read_text("utf-8"))
    if sha256(json.dumps(whole["told"]).encode()).hexdigest() != whole["digest"]:
        raise ValueError(f"{path} is damaged")
    told: dict[str, Any] = whole["told"]
    return told


def _octets(path: Path) -> NDArray[np.uint8]:
    return np.asarray(np.memmap(path, np.uint8, "r")) if path.stat().st_size > MAPPED else np.fromfile(path, np.uint8)


def _digest(octets: NDArray[np.uint8]) -> str:
    """Digest of the sums of blocks: no bit can flip, and no block be lost or out of place, without a change."""
    whole = len(octets) // _BLOCK * _BLOCK
    sums = np.add.reduce(octets[:whole].view(np.uint64).reshape(-1, _BLOCK // 8), axis=1)
    digest = sha256(sums.tobytes() + octets[whole:].tobytes()).hexdigest()
    give_back([octets])
    return digest
