"""Step deduplicate: the signatures of all shards → `duplicates`, `shared_passages` and `templates`."""

from __future__ import annotations

from pathlib import Path

from qantar.pipeline.context import Context
from qantar.pipeline.shard_rows import SIGNATURES, table_of, write_shard
from qantar.store.cache import sums_of
from qantar.store.parquet import write_columns


def deduplicate(context: Context, cleaned: list[Path]) -> Path:
    """The signatures of all shards → three tables; those of shards that were compared in an earlier build are not read."""
    from qantar.stages.duplicates import Thresholds, compare_shards

    shards = {sums_of(shard)[SIGNATURES]: shard / SIGNATURES for shard in cleaned}

    corpus = context.corpus
    set_ = (corpus.copy_common, corpus.copy_reach, corpus.template_differs, corpus.template_same)
    thresholds = Thresholds._make(round(1000 * share) for share in set_)

    def make(folder: Path) -> None:
        found = compare_shards(context.cache / "comparison", shards, context.code, context.fresh, thresholds)
        for name, rows in (("duplicates", found.duplicates), ("shared_passages", found.passages)):
            write_columns(folder / f"{name}.parquet", table_of(name), rows.columns())
        write_shard(folder, "templates", found.templates)

    return context.stored("deduplicate", [*sorted(shards), str(thresholds)], make)
