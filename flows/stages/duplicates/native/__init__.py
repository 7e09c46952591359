"""What is compiled of the comparison, the innermost loops. Each function has its twin in arrays, beside the place that calls it;
docs/explanation/comparison.md describes the algorithm of both."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any
from zlib import crc32  # hashlib takes longer to import than all else here

__all__ = ["is_compiled_of", "native"]

native: Any = None
"""The compiled module; None if no compiler was there when the package was installed."""


def is_compiled_of(digest: str, folder: Path) -> bool:
    """Whether a module with this digest (CRC-32) was compiled of the C sources that the folder holds; also if it holds none of them."""
    sources = sorted(folder.glob("*.[ch]"))
    return not sources or digest == f"{crc32(b''.join(path.read_bytes() for path in sources)):08x}"


try:
    from qantar.stages.duplicates.native import _native
except ImportError:
    pass
else:
    if is_compiled_of(getattr(_native, "SOURCES", ""), Path(__file__).parent):
        native = _native
    else:
        remedy = "run `python setup.py build_ext --inplace`"
        warnings.warn(f"{_native.__file__} is not of these sources, so arrays do its work, more slowly; {remedy}", stacklevel=1)
