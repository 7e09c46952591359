"""Step deduplicate: the signatures of all shards → `duplicates` and `shared_passages`."""

from __future__ import annotations

from pathlib import Path

from qantar.pipeline.context import Context
from qantar.pipeline.shard_rows import SIGNATURES, table_of
from qantar.store.cache import sums_of
from qantar.store.parquet import write_columns


def deduplicate(context: Context, cleaned: list[Path]) -> Path:
    """The signatures of all shards → `duplicates` and `shared_passages`; those of shards compared in an earlier build are not read."""
    from qantar.stages.duplicates import compare_shards

    shards = {sums_of(shard)[SIGNATURES]: shard / SIGNATURES for shard in cleaned}

    def make(folder: Path) -> None:
        found = compare_shards(context.cache / "comparison", shards, context.code, fresh=context.fresh)
        for name, rows in (("duplicates", found.duplicates), ("shared_passages", found.passages)):
            write_columns(folder / f"{name}.parquet", table_of(name), rows.columns())

    return context.stored("deduplicate", sorted(shards), make)
