from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

SOURCES: str

Array = NDArray[Any]

def scan(
    texts: tuple[str, ...],
    table: Array,
    function: Callable[[int], bytes],
    words: Array,
    starts: Array,
    lengths: Array,
    shapes: Array,
    counts: Array,
    /,
) -> int: ...
def sign(
    words: Array,
    first: Array,
    before: int,
    short_words: int,
    sample: int,
    most: int,
    sampled: Array,
    hashes: Array,
    digests: Array,
    repeating: Array,
    /,
) -> int: ...
def sort(sampled: Array, hashes: Array, first: Array, order: Array, lists: Array, documents: Array, places: Array, /) -> None: ...
def join(
    hashes: Array,
    documents: Array,
    places: Array,
    ranks: Array,
    counts: Array,
    involved: Array,
    sizes: Array,
    segments: Array,
    needed: Array,
    common: int,
    least_joins: int,
    /,
) -> bytes: ...
def compare(
    words: Array, shapes: Array, lengths: Array, lexicon: Array, begins: Array, sizes: Array, limits: Array, common: Array, /
) -> None: ...
def shared_passages(
    words: Array,
    first: Array,
    sampled: Array,
    hashes: Array,
    below: int,
    lists: Array,
    documents: Array,
    places: Array,
    groups: Array,
    held: int,
    /,
) -> tuple[bytes, bytes, bytes, bytes]: ...
def passages(places: Array, documents: Array, hashes: Array, onward: Array, groups: Array, /) -> tuple[bytes, bytes, bytes, bytes]: ...
def release() -> None: ...
def changed_pairs(hashes: Array, documents: Array, was: Array, now: Array, common: int, /) -> tuple[bytes, bytes]: ...
def spread(segments: Array, hashes: Array, bounds: Array, others: Array, other_bounds: Array, pairs: Array, spreads: Array, /) -> None: ...
def run_places(
    words: Array,
    runs: Array,
    offsets: Array,
    low: Array,
    times: Array,
    documents: Array,
    places: Array,
    first: Array,
    segment_words: Array,
    /,
) -> tuple[bytes, bytes]: ...
