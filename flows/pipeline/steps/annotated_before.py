"""What a shard was annotated to last: the rows of documents that are made of the same again are copied from there."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from qantar.pipeline.shard_rows import MADE_OF, NAMES, NAMES_SUM, PLACED, table_of
from qantar.pipeline.steps.correct import outcomes_in, write_outcomes
from qantar.store.parquet import join_rows, read_columns, rewrite_columns
from qantar.text.identity import digest

if TYPE_CHECKING:
    from qantar.pipeline.annotations import Article

_COUNTS = ("n_tokens", "n_sentences", "n_mentions", "n_quotes")


class Before(NamedTuple):
    """What a shard was annotated to last, if anything, and for each document a hash of all that its rows were made of."""

    folder: Path | None
    made_of: Mapping[str, str]

    @classmethod
    def of(cls, folder: Path | None) -> Before:
        """What a shard was annotated to last, and of what, as this folder has it."""
        return cls(folder, json.loads((folder / MADE_OF).read_text("utf-8")) if folder else {})


class Annotated(NamedTuple):
    """The documents of a shard that are annotated: what each is made of, and what was found in those that were made of something else."""

    cleaned: Path
    before: Before
    made_of: Mapping[str, str]
    anew: Mapping[str, Article]

    def write(self, shard: Path, tables: Iterable[str], fixes: Mapping[str, Sequence[str]]) -> None:
        """Write the rows of all, and what is kept beside them; `fixes` are the ids of each document's corrections."""
        kept = self.made_of.keys() - self.anew.keys()
        for name in tables:
            rows = chain.from_iterable(getattr(article.found, name) for article in self.anew.values())
            source = self.before.folder and self.before.folder / f"{name}.parquet"
            join_rows(shard / f"{name}.parquet", table_of(name), [*self.made_of], rows, source, kept)
        self._write_counts(shard)
        self._write_names(shard)
        (shard / MADE_OF).write_text(json.dumps(self.made_of), "utf-8")
        had = {outcome.id: outcome for outcome in outcomes_in(self.before.folder)} if self.before.folder else {}
        told = (self.anew[key].found.told if key in self.anew else [had[i] for i in fixes[key] if i in had] for key in self.made_of)
        write_outcomes(shard, chain.from_iterable(told))

    def _write_counts(self, shard: Path) -> None:
        """Write `documents`, counted."""
        found = _counts_in(self.cleaned)
        before = _counts_in(self.before.folder) if self.before.folder else {}
        counts_of = attrgetter(*_COUNTS)
        told = {key: counts_of(self.anew[key].found.document) if key in self.anew else before[key] for key in self.made_of}
        columns = dict(zip(_COUNTS, map(list, zip(*(found | told).values(), strict=True)), strict=True)) if found else {}
        rewrite_columns(shard / "documents.parquet", self.cleaned / "documents.parquet", table_of("documents"), columns)

    def _write_names(self, shard: Path) -> None:
        """Write what is kept of the names of all."""
        found: dict[str, dict[str, bytes]] = {
            NAMES: {key: pickle.dumps(article.uses, protocol=5) for key, article in self.anew.items()},
            PLACED: {key: pickle.dumps(article.placed, protocol=5) for key, article in self.anew.items()},
        }
        for name, new in found.items():
            kept = (pickle.loads((self.before.folder / name).read_bytes()) if self.before.folder else {}) | new
            (shard / name).write_bytes(pickle.dumps({key: kept[key] for key in self.made_of}, protocol=5))
        sums = json.loads((self.before.folder / NAMES_SUM).read_text("utf-8")) if self.before.folder else {}
        sums |= {key: digest(*map(repr, article.uses)) for key, article in self.anew.items()}  # equal names may be pickled to other bytes
        (shard / NAMES_SUM).write_text(json.dumps({key: sums[key] for key in self.made_of}), "utf-8")


def _counts_in(shard: Path) -> dict[str, tuple[int | None, ...]]:
    """What was counted in each document of a shard."""
    rows = read_columns(shard / "documents.parquet", ["document_id", *_COUNTS])
    return {key: tuple(counts) for key, *counts in zip(*(column.to_pylist() for column in rows.columns), strict=True)}
