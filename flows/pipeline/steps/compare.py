"""Step deduplicate: the signatures of all shards → `duplicates`, `shared_passages` and `templates`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qantar.corrections import Fix, of_tables
from qantar.pipeline.context import Context
from qantar.pipeline.shard_rows import SIGNATURES, rows_of, table_of, write_shard
from qantar.pipeline.steps.correct import keys_of, texts_of, write_outcomes
from qantar.store.cache import sums_of
from qantar.store.parquet import write_columns


def deduplicate(context: Context, cleaned: list[Path], corrections: Sequence[Fix] = ()) -> Path:
    """The signatures of all shards → three tables; those of shards that were compared in an earlier build are not read."""
    compared = _compare(context, cleaned)
    fixes = of_tables(corrections, "duplicates")
    return _correct(context, compared, cleaned, fixes) if fixes else compared


def _correct(context: Context, compared: Path, cleaned: list[Path], fixes: list[Fix]) -> Path:
    """The three tables as people corrected them."""
    from qantar.corrections.corrected_duplicates import correct_duplicates, group_of, without_joined

    duplicates = list(rows_of(compared, "duplicates"))
    texts = texts_of(cleaned, group_of(duplicates, fixes))

    def make(folder: Path) -> None:
        there = [fix for fix in fixes if fix.document in texts and fix.value in texts]
        corrected, told = correct_duplicates(duplicates, there, texts)
        write_shard(folder, "duplicates", corrected)
        write_shard(folder, "shared_passages", rows_of(compared, "shared_passages"))
        write_shard(folder, "templates", without_joined(list(rows_of(compared, "templates")), corrected))
        write_outcomes(folder, told)

    inputs = [*sums_of(compared).values(), *keys_of(fixes), *(f"{key} {text}" for key, text in sorted(texts.items()))]
    return context.stored("joined", inputs, make)


def _compare(context: Context, cleaned: list[Path]) -> Path:
    """What the signatures tell."""
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
