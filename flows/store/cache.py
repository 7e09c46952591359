"""Stored results of stages: made once for the same input, code and settings, in this build and every later one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path

MANIFEST, MADE_OF = "manifest.json", "made_of.json"
"""The sums of an entry's files, and beside it the stored results that it was made of, by their paths in the cache."""

_made_of: ContextVar[list[str] | None] = ContextVar("made_of", default=None)
"""The stored results that were used since the one being made was begun."""


def stored(cache: Path, stage: str, key: str, make: Callable[[Path], None], *, fresh: bool = False) -> Path:
    """The folder that `make` fills, from the cache if it holds it whole under `key`, else made now.

    An entry appears by one rename, so that a killed run leaves none half made; a damaged one is made again, and so is
    any when `fresh`.
    """
    entry = _note(cache, entry_of(cache, stage, key))
    if not fresh and is_whole(entry):
        _touch(cache, entry)
        return entry
    making = cache / "making" / f"{stage}-{key[:16]}-{os.getpid()}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    outer = _made_of.set([])
    try:
        make(making)
        if used := _made_of.get():
            (making / MADE_OF).write_text(json.dumps(sorted(set(used))), "utf-8")
        sums = {path.relative_to(making).as_posix(): sha256(path) for path in sorted(making.rglob("*")) if path.is_file()}
        (making / MANIFEST).write_text(json.dumps(sums), "utf-8")
        shutil.rmtree(entry, ignore_errors=True)
        entry.parent.mkdir(parents=True, exist_ok=True)
        try:
            making.replace(entry)
        except OSError:
            if not is_whole(entry):  # else another process has made the same meanwhile
                raise
    finally:
        _made_of.reset(outer)
        shutil.rmtree(making, ignore_errors=True)
    return entry


def stored_bytes(cache: Path, stage: str, key: str, make: Callable[[], bytes], *, fresh: bool = False) -> bytes:
    """The bytes that `make` gives, kept likewise in one file: for results of a few kilobytes, of which there are as many as articles."""
    entry = _note(cache, entry_of(cache, stage, key))
    if not fresh and (kept := _used_bytes(cache, entry)) is not None:
        return kept
    outer = _made_of.set([])
    try:
        data = make()
        used = sorted(set(_made_of.get() or ()))
    finally:
        _made_of.reset(outer)
    for name in used:
        _note(cache, cache / name)
    _write_bytes(cache, entry, f"{stage}-{key[:16]}", "\n".join(used).encode() + b"\0" + data)
    return data


def use_bytes(cache: Path, stage: str, key: str) -> bytes | None:
    """The bytes under a key, if there are any; it is noted that they, and what they were made of, are used by the result being made."""
    return _used_bytes(cache, _note(cache, entry_of(cache, stage, key)))


def _used_bytes(cache: Path, entry: Path) -> bytes | None:
    """The bytes of an entry, if it is whole; it is noted what they were made of."""
    if (kept := _whole_bytes(entry)) is None:
        return None
    names, data = kept
    _touch(cache, entry)
    for name in names:
        _touch(cache, _note(cache, cache / name))
    return data


def _write_bytes(cache: Path, entry: Path, name: str, content: bytes) -> None:
    """Write the file of an entry: the sum of all that follows, what it was made of, and the bytes."""
    making = cache / "making" / f"{name}-{os.getpid()}"
    try:
        making.parent.mkdir(parents=True, exist_ok=True)
        making.write_bytes(hashlib.sha256(content).digest() + content)
        entry.parent.mkdir(parents=True, exist_ok=True)
        making.replace(entry)
    finally:
        making.unlink(missing_ok=True)


def kept_bytes(cache: Path, stage: str, key: str) -> bytes | None:
    """The bytes that are kept under a key; None where there are none, or they are damaged."""
    entry = entry_of(cache, stage, key)
    if (content := content_of(entry)) is not None:
        _touch(cache, entry)
    return content


def content_of(entry: Path) -> bytes | None:
    """The bytes in the file of an entry; None where it is damaged."""
    kept = _whole_bytes(entry)
    return kept and kept[1]


def alike_bytes(cache: Path, stage: str, prefix: str, most: int, shared: Callable[[str], int]) -> Iterator[bytes]:
    """What is kept under keys that begin alike and have something to share, at most so many results: first those with the most."""
    found: list[tuple[int, float, str]] = []
    with suppress(OSError), os.scandir(cache / stage / prefix[:2]) as files:
        told = ((shared(file.name), file) for file in files if file.name.startswith(prefix))
        found = [(n, file.stat().st_mtime, file.path) for n, file in told if n]
    for _, _, path in sorted(found, reverse=True)[:most]:
        if (kept := _whole_bytes(Path(path))) is not None:
            yield kept[1]


def _note(cache: Path, entry: Path) -> Path:
    """The entry, noted as what the one being made, if there is one, is made of."""
    if (used := _made_of.get()) is not None:
        used.append(entry.relative_to(cache).as_posix())
    return entry


def _touch(cache: Path, entry: Path) -> None:
    """Say that a stored result is used now, and with it what it was made of: what was not used for long is pruned."""
    _touch_path(os.fspath(cache), os.fspath(entry))


def _touch_path(cache: str, entry: str) -> None:
    """The same by names alone: a shard is made of as many results as it has articles."""
    try:
        os.utime(f"{entry}/{MANIFEST}")
        names = json.loads(Path(entry, MADE_OF).read_text("utf-8"))
    except NotADirectoryError:  # a result in one file
        with suppress(OSError):
            os.utime(entry)
        return
    except (OSError, ValueError):
        return
    for name in names:
        _touch_path(cache, f"{cache}/{name}")


def _whole_bytes(entry: Path) -> tuple[list[str], bytes] | None:
    """What the file of an entry says that it was made of, and its bytes, if it is as it was written."""
    try:
        digest, content = (whole := entry.read_bytes())[:32], whole[32:]
    except OSError:
        return None
    if hashlib.sha256(content).digest() != digest:
        return None
    names, _, data = content.partition(b"\0")
    return names.decode().split("\n") if names else [], data


def entries(cache: Path) -> Iterator[tuple[str, str, os.stat_result]]:
    """The path of every stored result and of the file whose time says when it was used last, and the state of that file."""
    stages = (stage for stage in listed(cache) if stage.is_dir())
    for some in (some for stage in stages for some in listed(stage) if len(some.name) == 2 and some.is_dir()):
        for entry in listed(some):
            used = f"{entry.path}/{MANIFEST}" if entry.is_dir() else entry.path  # text: there are several for each article
            with suppress(OSError):  # it has been removed, or is no result
                yield entry.path, used, os.stat(used)  # noqa: PTH116  # likewise


def listed(folder: Path | str | os.DirEntry[str]) -> list[os.DirEntry[str]]:
    """What a folder holds, each known at once to be a file or a folder; nothing where it has been removed."""
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


def remove_entry(entry: Path) -> None:
    """Remove a stored result, if it can be."""
    if entry.is_dir():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        with suppress(OSError):
            entry.unlink()


def entry_of(cache: Path, stage: str, key: str) -> Path:
    """Where a result is, or would be."""
    return cache / stage / key[:2] / key


def is_whole(entry: Path) -> bool:
    """Whether an entry is there with every file as it was written."""
    try:
        sums = json.loads((entry / MANIFEST).read_text("utf-8"))
        return all(sha256(entry / name) == digest for name, digest in sums.items())
    except (OSError, ValueError, AttributeError):
        return False


def sums_of(entry: Path) -> dict[str, str]:
    """The SHA-256 of each file of an entry, by its path inside it."""
    sums: dict[str, str] = json.loads((entry / MANIFEST).read_text("utf-8"))
    return sums


def sum_of(path: Path) -> str:
    """The SHA-256 of a file of an entry, or of a folder of one, as its manifest has it: it was checked when the entry was asked for.

    Computed where there is no manifest.
    """
    for folder in (path.parent, path.parent.parent):
        if (folder / MANIFEST).exists():
            return sums_of(folder)[path.relative_to(folder).as_posix()]
    return sha256(path)


def link_file(source: Path, target: Path) -> None:
    """Give a file that is not written to again a second place, or a copy there where a disk cannot do that."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
