"""The tables of a build as plain CSV, their digests, and the checksums of its files."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv

from qantar.schema import Column, Span, Table
from qantar.store.json_lists import lists_as_json
from qantar.store.parquet import batches

CHECKSUMS = "SHA256SUMS"
ROW_DIGESTS = "ROWS.sha256"
UNSUMMED = frozenset({CHECKSUMS, "run.json"})
"""Files no checksum covers: the list itself, and the times of a run, which differ between two runs of the same input."""

_LISTS = (list[str], Span)
_GZIP, _PIECE = 31, 2**17
"""What zlib calls a gzip file, and bytes of one that are unpacked at once."""
_LEVEL = 2  # of gzip: 30 % of the time of the usual 6, for 12 % more bytes


@dataclass(frozen=True)
class File:
    """One file of a build: its path in the build (posix), size in bytes and SHA-256."""

    path: str
    n_bytes: int
    sha256: str


def describe_file(folder: Path, path: Path, sums: Mapping[str, str] | None = None) -> File:
    """Measure one file of a build; `sums` are the SHA-256 of files that are known, by their paths."""
    name = path.relative_to(folder).as_posix()
    return File(name, path.stat().st_size, (sums or {}).get(name) or file_digest(path))


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- CSV -----------------------------------------------------------------------------------------------------


def csv_path(table: Table) -> str:
    """Where a build holds a table's CSV."""
    return f"csv/{table.name}.csv.gz"


def csv_lines(table: Table, pieces: Iterable[pa.RecordBatch], *, header: bool = True) -> Iterator[bytes]:
    """A table as CSV in UTF-8, piece by piece, the header first.

    Lines end in LF; strings stand in quotes, so that an empty one differs from null, which is empty; dates are ISO 8601;
    truth values are `true` and `false`; lists are JSON.
    """
    names = [c.name for c in table]
    if header:
        yield (",".join(names) + "\n").encode()
    for piece in pieces:
        plain = pa.RecordBatch.from_arrays([_plain(c, piece.column(c.name)) for c in table], names=names)
        sink = io.BytesIO()
        pa_csv.write_csv(plain, sink, pa_csv.WriteOptions(include_header=False))
        yield sink.getvalue()


def _plain(column: Column, values: pa.Array) -> pa.Array:
    return lists_as_json(values) if column.type in _LISTS else values


def write_csv(folder: Path, table: Table) -> str:
    """Write a table of a build as gzip'd CSV and return its row digest."""
    path = folder / csv_path(table)
    path.parent.mkdir(exist_ok=True)
    digest = hashlib.sha256()

    def lines() -> Iterator[bytes]:
        for line in csv_lines(table, batches(folder, table)):
            digest.update(line)
            yield line

    write_packed(path, lines())
    return digest.hexdigest()


def write_packed(path: Path, lines: Iterable[bytes]) -> None:
    """Write lines of CSV, packed by gzip."""
    with path.open("wb") as file, gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed:
        for line in lines:
            packed.write(line)


def join_csv(folder: Path, table: Table, members: Iterable[Path]) -> str:
    """Write a table of a build as gzip'd CSV from its parts, packed each by itself, and return its row digest.

    Packed one after the other they are the whole, packed: so gzip has it.
    """
    path = folder / csv_path(table)
    path.parent.mkdir(exist_ok=True)
    digest = hashlib.sha256()
    with path.open("wb") as whole:
        for member in members:
            unpacking = zlib.decompressobj(_GZIP)
            with member.open("rb") as file:
                while piece := file.read(_PIECE):
                    whole.write(piece)
                    digest.update(unpacking.decompress(piece))
    return digest.hexdigest()


def write_row_digests(folder: Path, digests: Mapping[str, str]) -> None:
    """Write the row digests, by table, in the form that `sha256sum -c` reads once the CSV are unpacked."""
    lines = [f"{digest}  csv/{name}.csv\n" for name, digest in digests.items()]
    (folder / ROW_DIGESTS).write_text("".join(lines), "utf-8")


def read_row_digests(folder: Path) -> dict[str, str]:
    """The row digests of a build, by table."""
    lines = (folder / ROW_DIGESTS).read_text("utf-8").splitlines()
    return {Path(path).stem: digest for digest, path in (line.split("  ", 1) for line in lines)}


# --- checksums -----------------------------------------------------------------------------------------------


def listed_files(folder: Path) -> list[Path]:
    """The files of a build that the checksums cover, sorted by path."""
    found = (p for p in folder.rglob("*") if p.is_file() and p.relative_to(folder).as_posix() not in UNSUMMED)
    return sorted(found, key=lambda p: p.relative_to(folder).as_posix())


def write_checksums(folder: Path, known: Iterable[File] = ()) -> None:
    """Write `SHA256SUMS`; files in `known` have been measured already."""
    digests = {file.path: file.sha256 for file in known}
    lines = []
    for path in listed_files(folder):
        name = path.relative_to(folder).as_posix()
        lines.append(f"{digests.get(name) or file_digest(path)}  {name}\n")
    (folder / CHECKSUMS).write_text("".join(lines), "utf-8")


def read_checksums(folder: Path) -> dict[str, str]:
    """The digests of `SHA256SUMS`, by path.

    Raises ValueError for a line that is not a checksum.
    """
    digests = {}
    for number, line in enumerate((folder / CHECKSUMS).read_text("utf-8").splitlines(), 1):
        digest, _, path = line.partition("  ")
        if len(digest) != 64 or not path:
            raise ValueError(f"{CHECKSUMS}: line {number} is not a checksum: {line!r}")
        digests[path] = digest
    return digests
