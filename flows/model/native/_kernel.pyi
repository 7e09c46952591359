from typing import Any

from numpy.typing import NDArray

SOURCES: str

Array = NDArray[Any]

def levels() -> list[str]: ...
def run(
    level: str,
    weights: Array,
    labels: int,
    pieces: Array,
    forms: Array,
    hints: Array,
    firsts: Array,
    heads: Array,
    arcs: Array,
    /,
) -> None: ...
