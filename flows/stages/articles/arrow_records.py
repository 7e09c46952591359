"""Parquet and Arrow files: a row is an article."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from qantar.schema import Format
from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.record_columns import no_text_column, text_columns, unwrap, used_columns
from qantar.stages.articles.record_fields import article_in

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 64


def read_parquet(path: Path) -> Iterator[Found | Refused]:
    """The rows of a Parquet file, some at a time; only the columns that are used are read."""
    yield from _articles(path, "parquet", "Parquet")


def read_arrow(path: Path) -> Iterator[Found | Refused]:
    """The rows of an Arrow file, with or without a list of its parts at its end, as Feather and stored datasets are."""
    yield from _articles(path, "arrow", "Arrow")


def arrow_columns(path: Path, format: Format) -> list[str]:
    """The columns of a Parquet or Arrow file. Raises OSError and ValueError, as Arrow's own errors are."""
    with _opened(path, format) as (schema, _):
        return list(schema.names)


def _articles(path: Path, format: Format, called: str) -> Iterator[Found | Refused]:
    import pyarrow as pa

    number = 0
    try:
        with _opened(path, format) as (schema, batches):
            columns = sorted(used_columns(schema.names))
            if not text_columns(schema.names) and not any(pa.types.is_nested(schema.field(name).type) for name in columns):
                yield no_text_column(schema.names)
                return
            for batch in batches:
                for record in batch.to_pylist():
                    number += 1
                    yield article_in(next(unwrap(record)), number)
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        yield Refused(str(number + 1), "broken_record", f"cannot be read as {called}: {str(error)[:200]}; write it again")


@contextmanager
def _opened(path: Path, format: Format) -> Iterator[tuple[pa.Schema, Iterator[pa.RecordBatch]]]:
    """The schema of a file and its rows, some at a time, of the columns that are used."""
    import pyarrow as pa

    if format == "parquet":
        import pyarrow.parquet as pq

        with pq.ParquetFile(path, pre_buffer=False) as file:
            names = sorted(used_columns(file.schema_arrow.names))
            yield file.schema_arrow, file.iter_batches(batch_size=_BATCH, columns=names, use_threads=False)
        return
    with pa.memory_map(str(path)) as source:
        try:
            parts = pa.ipc.open_file(source)
            batches = (parts.get_batch(number) for number in range(parts.num_record_batches))
        except pa.ArrowInvalid:
            source.seek(0)
            parts = batches = pa.ipc.open_stream(source)
        yield parts.schema, _in_pieces(batches, sorted(used_columns(parts.schema.names)))


def _in_pieces(batches: Iterator[pa.RecordBatch], columns: list[str]) -> Iterator[pa.RecordBatch]:
    """Parts of a file, some rows at a time. Raises ArrowInvalid where a part's own figures are false: they are used unchecked."""
    for batch in batches:
        batch.validate(full=True)
        for start in range(0, batch.num_rows, _BATCH):
            yield batch.select(columns).slice(start, _BATCH)
