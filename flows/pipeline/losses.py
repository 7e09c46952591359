"""What a build has less of than the one before it, or than the corpus is to have: warnings for those who do not read every summary."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pyarrow.compute as pc

from qantar.pipeline.shard_tables import count
from qantar.schema import TABLES
from qantar.settings import BAND, Corpus
from qantar.store.parquet import parts, read_columns, read_rows

CUT_RULES = ("cut by its service", "paywall")
"""Rules of blocks that say that there is the beginning of an article alone."""
ARTICLE_STAGES, NO_INPUT = ("read", "clean"), "list"
"""Rejects of these stages are articles; others are lines of the catalogue, and files that nobody put there as an article (`list`)."""


def find_losses(before: Path | None, staged: Path, corpus: Corpus) -> list[str]:
    """A sentence for each thing that somebody should look at, by the limits of corpus.toml.

    Too large a share of articles rejected, and a table whose rows are out of its band; against the build before, where there is one, more
    inputs rejected, and a table that shrank.
    """
    found = [*_rejected_share(staged, corpus.warn_rejected), *_out_of_band(staged, corpus.warn_rows)]
    cut, had_cut = _n_cut(staged), _n_cut(before) if before is not None and (before / "data").is_dir() else 0
    if cut > had_cut:
        found.append(
            f"{cut:,} articles are beginnings alone, cut by a paywall or by their service: "
            f"select document_id from blocks where rule in ({', '.join(map(repr, CUT_RULES))})"
        )
    if before is None or not (before / "data").is_dir():
        return found
    old, new = _reasons(before), _reasons(staged)
    if new.total() > old.total():
        reasons = ", ".join(f"{reason} ({n - old[reason]} more)" for reason, n in sorted(new.items()) if n > old[reason])
        found.append(f"{new.total() - old.total()} more inputs were rejected than in build {before.name}: {reasons}")
    for name, table in TABLES.items():
        had, has = count(before, table), count(staged, table)
        if name != "rejected" and has < (1 - corpus.warn_drop) * had:
            found.append(f"table {name} has {has:,} rows; it had {had:,} in build {before.name}")
    return found


def _rejected_share(staged: Path, most: float) -> Iterator[str]:
    """Where a larger share of the articles was rejected."""
    table = TABLES["rejected"]
    stages = Counter(stage for part in parts(staged, table) for stage in read_columns(part, ["stage"]).column(0).to_pylist())
    n = sum(stages[stage] for stage in ARTICLE_STAGES)
    share = n / max(1, n + count(staged, TABLES["documents"]))
    if share > most:
        yield f"{share:.1%} of the articles were rejected, more than warn_rejected = {most:g} of corpus.toml"


def _out_of_band(staged: Path, bands: list[str]) -> Iterator[str]:
    """Where a table has fewer or more rows than corpus.toml says."""
    for band in bands:
        match = re.fullmatch(BAND, band)
        assert match  # as settings has checked
        name, low, high = match.groups()
        if name not in TABLES:
            yield f"warn_rows of corpus.toml: there is no table {name}"
        elif not int(low or 0) <= (has := count(staged, TABLES[name])) <= int(high or has):
            yield f"table {name} has {has:,} rows, outside of {low}-{high}, as warn_rows of corpus.toml has it"


def _n_cut(build: Path) -> int:
    """How many blocks say that the rest of their article is not there."""
    rules = (read_columns(part, ["rule"]).column(0) for part in parts(build, TABLES["blocks"]))
    counted = chain.from_iterable(pc.value_counts(rule).to_pylist() for rule in rules)  # to look these up, Arrow would import pandas
    return sum(found["counts"] for found in counted if found["values"] in CUT_RULES)


def _reasons(build: Path) -> Counter[str]:
    """How many inputs were rejected for each reason."""
    rows = chain.from_iterable(read_rows(part, TABLES["rejected"]) for part in parts(build, TABLES["rejected"]))
    return Counter(row.reason for row in rows if row.stage != NO_INPUT)
