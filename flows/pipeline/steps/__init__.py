"""What a task of the flow does: take shards of rows, call a stage, store its rows under the hash of its inputs.

A shard is a folder of Parquet files, one a table, of some hundred articles. Each step takes and gives paths, runs in any
process of any machine that sees them, and does nothing when its result is stored already.
"""

from qantar.pipeline.steps.annotate import annotate_shard, duplicates_in
from qantar.pipeline.steps.clean import clean_shard, find_repeated, recurring_lines
from qantar.pipeline.steps.compare import deduplicate
from qantar.pipeline.steps.correct import place_corrections
from qantar.pipeline.steps.link import link_shard
from qantar.pipeline.steps.read import read_shard
from qantar.pipeline.steps.resolve import links_of, resolve_names

__all__ = [
    "annotate_shard",
    "clean_shard",
    "deduplicate",
    "duplicates_in",
    "find_repeated",
    "link_shard",
    "links_of",
    "place_corrections",
    "read_shard",
    "recurring_lines",
    "resolve_names",
]
