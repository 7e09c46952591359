from typing import Any

from numpy.typing import NDArray

def scan(encoded: NDArray[Any], folded: NDArray[Any], words: NDArray[Any], starts: NDArray[Any], ends: NDArray[Any], /) -> int: ...
