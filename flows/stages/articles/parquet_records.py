"""Parquet files: a row is an article."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.record_columns import no_text_column, text_columns, unwrap, used_columns
from qantar.stages.articles.record_fields import article_in

_BATCH = 64


def read_parquet(path: Path) -> Iterator[Found | Refused]:
    """The rows of a Parquet file, some at a time; only the columns that are used are read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            names = file.schema_arrow.names
            columns = sorted(used_columns(names))
            nested = any(pa.types.is_nested(file.schema_arrow.field(name).type) for name in columns)
            if not text_columns(names) and not nested:
                yield no_text_column(names)
                return
            for batch in file.iter_batches(batch_size=_BATCH, columns=columns, use_threads=False):
                for record in batch.to_pylist():
                    number += 1
                    yield article_in(next(unwrap(record)), number)
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        yield Refused(str(number + 1), "broken_record", f"cannot be read as Parquet: {str(error)[:200]}; write it again")
