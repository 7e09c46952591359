"""What every step is given: the raw folder and what describes it, the corpus, where results are stored, under which keys."""

from __future__ import annotations

import hashlib
import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qantar.pipeline.shards import Piece
from qantar.schema import Takedown
from qantar.settings import Corpus, QantarError
from qantar.stages.articles.slices import Slice, slice_digest
from qantar.store.cache import alike_bytes, entry_of, is_whole, kept_bytes, sha256, stored, stored_bytes, use_bytes
from qantar.text.identity import digest
from qantar.version import reading_digest

_READING = "reading"
_LEVEL = 1
"""Compressed more, a reading takes a tenth less space, and as long again."""
_MOST_ALIKE = 4
"""Texts with parts of one that are looked through for them."""
_KEY, _MARK, _MARKS = 40, 4, 20
"""Behind a text's key, so many digits of each of so many parts stand in its file's name: which holds one is seen without reading any."""


@dataclass(frozen=True)
class Readings:
    """Where readings of the network are kept: under what it was given, its weights, and the code that runs it alone.

    The parts of a text are one file. Where a text is new, those of its parts that a text of the same anchor holds are not read again,
    however many texts have this anchor, as those that quote one sentence do.
    """

    cache: Path
    fresh: bool

    def __call__(self, anchor: bytes, keys: Sequence[bytes], read: Callable[[int], bytes]) -> list[bytes]:
        """The readings kept under these keys, those made now that no text of this anchor has."""
        code = reading_digest().encode()
        names = [hashlib.sha256(code + key).digest()[:16] for key in keys]
        alike = hashlib.sha256(code + anchor).hexdigest()[:16]
        marks = sorted({name.hex()[:_MARK] for name in names})[:_MARKS]

        def shared(key: str) -> int:
            return len({key[at : at + _MARK] for at in range(_KEY, len(key), _MARK)}.intersection(marks))

        made: list[tuple[bytes, bytes]] = []

        def make() -> bytes:
            known: dict[bytes, bytes] = {}
            if not self.fresh:
                for data in alike_bytes(self.cache, _READING, alike, _MOST_ALIKE, shared):
                    known = dict(_unpacked(data)) | known
            made.extend((name, known[name] if name in known else read(number)) for number, name in enumerate(names))
            return zlib.compress(pickle.dumps(made, protocol=5), _LEVEL)

        key = alike + hashlib.sha256(b"".join(names)).hexdigest()[len(alike) : _KEY] + "".join(marks)
        kept = stored_bytes(self.cache, _READING, key, make, fresh=self.fresh)
        return [part for _, part in made or _unpacked(kept)]


def _unpacked(data: bytes) -> list[tuple[bytes, bytes]]:
    parts: list[tuple[bytes, bytes]] = pickle.loads(zlib.decompress(data))
    return parts


@dataclass(frozen=True, kw_only=True)
class Context:
    """What every step needs to know."""

    raw: Path
    cache: Path
    corpus: Corpus
    code: str
    model: str | None
    described: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each file that describes the articles, by its name, as the plan found it."""
    takedowns: tuple[Takedown, ...] = ()
    removed_texts: frozenset[str] = frozenset()
    fresh: bool = False

    def stored(self, stage: str, inputs: Iterable[str], make: Any) -> Path:
        """The folder of a stage's result; stored under the hash of the code, of what the corpus says of languages, and of the inputs."""
        return stored(self.cache, stage, self._key(stage, inputs), make, fresh=self.fresh)

    def stored_after(self, stage: str, first: str, inputs: Iterable[str], make: Callable[[Path, Path | None], None]) -> Path:
        """The folder of a shard's result, stored likewise; `make` is also given the shard's last result, unless that is gone or damaged.

        A shard is known again by its `first` document, while others of it change; one without documents ("") has no last result.
        """
        last = f"last_{stage}"
        is_made = False

        def make_after(folder: Path) -> None:
            nonlocal is_made
            name = self.kept_bytes(last, [first]) if first else None
            before = entry_of(self.cache, stage, name.decode()) if name else None
            make(folder, before if before and is_whole(before) else None)
            is_made = True

        entry = self.stored(stage, inputs, make_after)
        if is_made and first:
            stored_bytes(self.cache, last, self._key(last, [first]), entry.name.encode, fresh=True)
        return entry

    def stored_bytes_after(self, stage: str, first: str, inputs: Iterable[str], make: Callable[[bytes | None], bytes]) -> bytes:
        """Some kilobytes that a stage works out of a shard, stored likewise; `make` is also given the shard's last ones."""
        last, key = f"last_{stage}", self._key(stage, inputs)
        is_made = False

        def make_after() -> bytes:
            nonlocal is_made
            is_made = True
            name = self.kept_bytes(last, [first]) if first else None
            return make(kept_bytes(self.cache, stage, name.decode()) if name else None)

        data = stored_bytes(self.cache, stage, key, make_after, fresh=self.fresh)
        if is_made and first:
            stored_bytes(self.cache, last, self._key(last, [first]), key.encode, fresh=True)
        return data

    def stored_text(self, stage: str, inputs: Iterable[str], make: Callable[[], str]) -> str:
        """A few characters that a stage works out, stored likewise."""
        return self.stored_bytes(stage, inputs, lambda: make().encode()).decode()

    def stored_bytes(self, stage: str, inputs: Iterable[str], make: Callable[[], bytes]) -> bytes:
        """Some kilobytes that a stage works out, stored likewise."""
        return stored_bytes(self.cache, stage, self._key(stage, inputs), make, fresh=self.fresh)

    def kept_bytes(self, stage: str, inputs: Iterable[str]) -> bytes | None:
        """What `stored_bytes` keeps of these inputs, if it is there."""
        return None if self.fresh else kept_bytes(self.cache, stage, self._key(stage, inputs))

    def use_bytes(self, stage: str, inputs: Iterable[str]) -> bytes | None:
        """What `stored_bytes` keeps of these inputs, if it is there; it is noted as used, and kept as long as what is made of it."""
        return None if self.fresh else use_bytes(self.cache, stage, self._key(stage, inputs))

    @property
    def readings(self) -> Readings:
        """Where the network's readings of texts are kept."""
        return Readings(self.cache, self.fresh)

    def is_stored(self, stage: str, inputs: Iterable[str]) -> bool:
        """Whether a stage's result for these inputs is there."""
        return not self.fresh and is_whole(entry_of(self.cache, stage, self._key(stage, inputs)))

    def _key(self, stage: str, inputs: Iterable[str]) -> str:
        return digest(stage, self.code, self.corpus.language, self.corpus.other_languages, *inputs)


@contextmanager
def reading(raw: Path, sums: Mapping[str, str], pieces: Iterable[Piece] = ()) -> Iterator[None]:
    """Read files of raw/ that had these SHA-256 when the plan was made: what is stored under one text's hash is not made of another.

    Raises QantarError if one has another now, or was written to meanwhile.
    """
    read: list[tuple[Path, Slice | None, str]] = [(raw / name, None, expected) for name, expected in sums.items()]
    read += [(raw / source.path, part, part.sha256 if part else source.sha256) for source, part in pieces]
    before = [_state(path) for path, _, _ in read]
    yield
    for (path, part, expected), state in zip(read, before, strict=True):
        if _state(path) != state or (slice_digest(path, part) if part else file_digest(path)) != expected:
            raise QantarError(f"{path}: changed while it was read, so nothing was published; build again when it is at rest")


def _state(path: Path) -> tuple[int, ...]:
    """What differs after a file was written to, even if its bytes are the same again."""
    if not path.is_file():
        return ()
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def file_digest(path: Path) -> str:
    """SHA-256 of a file, or of nothing if there is none."""
    return sha256(path) if path.is_file() else ""
