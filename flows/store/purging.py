"""What is removed from the stored results when an article has to go."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qantar.store.cache import content_of, entries, remove_entry
from qantar.store.parquet import read_columns


def purge_cache(cache: Path, ids: Collection[str], texts: Collection[str]) -> int:
    """Remove every stored result that holds documents of these ids, or others of these texts; returns how many.

    What tells of all documents together, and does not say of which, goes too. What is kept of the language model's work holds no word.
    """
    everything = [Path(entry) for entry, *_ in entries(cache)]
    folders = [entry for entry in everything if entry.is_dir()]
    wanted = pa.array(sorted({*ids, *texts}), pa.string())
    for entry in folders:  # the same text under another id
        for path in entry.glob("documents.parquet"):
            table = read_columns(path, ["document_id", "text_sha256"])
            same = table.column("document_id").filter(pc.is_in(table.column("text_sha256"), value_set=wanted))
            wanted = pa.concat_arrays([wanted, *same.chunks])
    keys = [key.encode() for key in wanted.to_pylist()]
    doomed = [entry for entry in everything if (_may_hold(entry, wanted) if entry.is_dir() else _file_may_hold(entry, keys))]
    for entry in doomed:
        remove_entry(entry)
    shutil.rmtree(cache / "comparison", ignore_errors=True)
    return len(doomed)


def _may_hold(entry: Path, wanted: pa.Array) -> bool:
    """Whether a stored result holds one of some documents, by their ids or texts, or says of none which it holds."""
    tells = False
    for path in entry.rglob("*.parquet"):
        names = [name for name in ("document_id", "shared_id", "text_sha256") if name in pq.read_schema(path).names]
        tells = tells or "document_id" in names
        if any(pc.any(pc.is_in(column, value_set=wanted)).as_py() for column in read_columns(path, names).columns):
            return True
    for path in entry.glob("*.pickle*"):
        tells = True
        with pa.input_stream(path, compression="detect") as file:
            written = file.read()
        if any(key.encode() in written for key in wanted.to_pylist()):
            return True
    return not tells


def _file_may_hold(entry: Path, keys: Collection[bytes]) -> bool:
    """Whether a result that is kept in one file holds one of some documents, by their ids or texts, or is damaged and cannot say."""
    written = content_of(entry)
    if written is None:
        return True
    with suppress(zlib.error):  # it is not compressed
        written = zlib.decompress(written)
    return any(key in written for key in keys)
