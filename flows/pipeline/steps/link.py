"""Step link: `mentions` and `quotes` → the same with their entities."""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from qantar.corrections import Fix, of_tables
from qantar.pipeline.context import Context
from qantar.pipeline.shard_rows import PLACED, by_document, shard_digest, table_of
from qantar.pipeline.steps.correct import keys_of, outcomes_in, write_outcomes
from qantar.schema import Mention, Quote
from qantar.store.cache import sum_of
from qantar.store.parquet import rewrite_rows

if TYPE_CHECKING:
    from qantar.stages.entities import PlacedName


def link_shard(context: Context, cleaned: Path, annotated: Path, links: Path, corrections: Sequence[Fix] = ()) -> Path:
    """`mentions` and `quotes` → the same with the entities they name and are spoken by."""
    from qantar.corrections.corrected_mentions import links_lost
    from qantar.corrections.corrected_quotes import speakers_lost, without_unknown
    from qantar.stages.entities import link_names, read_links
    from qantar.stages.entities.role_descriptions import resolve_roles
    from qantar.stages.quotes import resolve_speakers

    fixes = [fix for fix in of_tables(corrections, "mentions", "quotes") if fix.field in ("entity_id", "speaker_entity_id")]

    def make(shard: Path) -> None:
        found = json.loads(links.read_text("utf-8"))
        resolution, there = read_links(found), frozenset(found["there"])
        joined = resolution.regrouping.joined
        blocks, sentences = by_document(cleaned, "blocks"), by_document(annotated, "sentences")
        linked: list[Mention] = []
        spoken: list[Quote] = []
        placed: dict[str, list[PlacedName]] = pickle.loads((annotated / PLACED).read_bytes())
        for document_id, rows in by_document(annotated, "mentions").items():
            linked += link_names(rows, resolution, placed[document_id])
        mentions = {key: list(group) for key, group in groupby(linked, key=lambda mention: mention.document_id)}
        for document_id, quotes in by_document(annotated, "quotes").items():
            named = mentions.get(document_id, [])
            quotes = without_unknown(quotes, there, joined)
            quotes = resolve_speakers(quotes, named, sentences[document_id], blocks[document_id], resolution.genders)
            spoken += resolve_roles(quotes, named, resolution.roles)
        for table, rows, changed in (
            ("mentions", linked, ("entity_id", "link_method", "link_score")),
            ("quotes", spoken, ("speaker_entity_id", "speaker_entity_ids", "speaker_score", "score")),
        ):
            rewrite_rows(shard / f"{table}.parquet", annotated / f"{table}.parquet", table_of(table), rows, changed)
        told = outcomes_in(annotated)
        write_outcomes(shard, [*links_lost(fixes, told, linked, joined), *speakers_lost(fixes, told, there, joined)])

    return context.stored("link", [shard_digest(cleaned), shard_digest(annotated), sum_of(links), *keys_of(fixes)], make)
