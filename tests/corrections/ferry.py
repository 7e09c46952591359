"""A folder of three articles of invented people, and its tables made by the steps of the flow, in this process and unvalidated."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from qantar.pipeline import steps
from qantar.pipeline.plan import Plan, make_plan
from qantar.pipeline.shard_rows import count_rows
from qantar.pipeline.shards import cut_shards
from qantar.pipeline.writing import (
    Shards,
    measure_build,
    sums_of_parts,
    write_blocks,
    write_csvs,
    write_documents,
    write_quotes,
    write_sqlite,
    write_tables,
)
from qantar.publish.shared_parts import find_shared
from qantar.schema import TABLES
from qantar.settings import Settings
from qantar.store.parquet import parts, read_rows

ARTICLES = {
    "a.txt": """Harbour council votes on the ferry

The council of Port Lind met on Monday. Anna Reed, the mayor, said: "We will keep the ferry running." She said that the costs had risen. Tom Hale of the Lind Transport Union called the plan a mistake.

Read more about this on our site

"Nobody asked the crews," Hale said. Mr. Reed was not there. The vote is on 12 May 2021.
""",  # noqa: E501
    "b.txt": """Ferry crews protest in Port Lind

Crews of the ferry gathered at the harbour on Tuesday. "Nobody asked the crews," Tom Hale said. The mayor, Anna Reed, promised to listen to them again.

A second meeting will be held in June, the Lind Transport Union said.
""",  # noqa: E501
    "c.txt": """Crews of the ferry in protest

Crews of the ferry came to the harbour on Tuesday and sang. "Nobody asked us at all," Tom Hale told them. Anna Reed has promised that she will listen.

Another meeting will take place in June, the Lind Transport Union said.
""",  # noqa: E501
}
HEADER = "document,table,start,end,text,field,value,by,on,reason"
Line = tuple[str, str, int | str, int | str, str, str, str]
"""A correction: document, table, start, end, text, field, value."""


def write_folder(raw: Path) -> Path:
    """Write the three articles."""
    raw.mkdir(exist_ok=True)
    for name, text in ARTICLES.items():
        (raw / name).write_text(text, "utf-8")
    return raw


def write_lines(raw: Path, lines: Sequence[Line]) -> None:
    """Write corrections.csv, or remove it where there is no line."""
    path = raw / "corrections.csv"
    if not lines:
        path.unlink(missing_ok=True)
        return
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([*line, "ann", "2022-03-01", "seen"] for line in lines)
    path.write_text(f"{HEADER}\n{text.getvalue()}", "utf-8")


def make_shards(raw: Path, out: Path) -> tuple[Plan, Shards]:
    """What the stages make of `raw`, shard by shard as the flow does; stored results stay in `out`."""
    plan = make_plan(Settings(raw=raw, out=out, workers=1))
    here = plan.context
    read = list(chain.from_iterable(steps.read_shard(here, piece) for piece in cut_shards(here.raw, plan.sources)))
    articles = [shard.folder for shard in read]
    assert all(count_rows(shard, "articles") for shard in articles)
    renaming = steps.find_repeated(read)
    placed = steps.place_corrections(plan.corrections, read, renaming)
    recurring = steps.recurring_lines(articles)
    cleaned = [steps.clean_shard(here, *given) for given in zip(articles, recurring, renaming, placed.shards, strict=True)]
    deduplicated = steps.deduplicate(here, cleaned, placed.of_all)
    copies = steps.duplicates_in(cleaned, deduplicated)
    annotated = [steps.annotate_shard(here, *given) for given in zip(cleaned, copies, placed.shards, strict=True)]
    resolved = steps.resolve_names(here, annotated, placed)
    links = steps.links_of(resolved, annotated)
    linked = [steps.link_shard(here, *given) for given in zip(cleaned, annotated, links, placed.shards, strict=True)]
    return plan, Shards(
        read=read,
        renaming=renaming,
        corrections=placed,
        cleaned=cleaned,
        deduplicated=deduplicated,
        annotated=annotated,
        resolved=resolved,
        linked=linked,
    )


def make_tables(raw: Path, out: Path, *, with_csv: bool = False, before: Path | None = None) -> Path:
    """The tables of a build of `raw` as Parquet and SQLite; what the build `before` has of them is not made again."""
    plan, shards = make_shards(raw, out)
    staged = out / plan.build.build_id
    made = write_blocks(plan, shards.cleaned, staged, before)
    for write in (write_documents, write_quotes, write_tables):
        made |= write(plan, shards, staged)
    measure_build(plan, shards, staged)
    write_sqlite(staged, find_shared(staged, sums_of_parts(made), before))
    if with_csv:
        write_csvs(staged, made)
    return staged


def rows_of(staged: Path, table: str) -> list[Any]:
    """The rows of one table."""
    return [row for part in parts(staged, TABLES[table]) for row in read_rows(part, TABLES[table])]


def all_rows(staged: Path) -> dict[str, list[Any]]:
    """The rows of all tables that are written, by table, but for `build`, which names the input."""
    return {name: rows_of(staged, name) for name in TABLES if (staged / "data" / name).is_dir() and name != "build"}


def digests_of(staged: Path) -> dict[str, str]:
    """The checksum of every file of a build: Parquet and SQLite."""
    files = sorted(path for path in staged.rglob("*") if path.is_file())
    return {path.relative_to(staged).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
