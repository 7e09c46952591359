"""A small build to exchange: the ferry's articles and one with emoji, pieces of quotes and a paragraph in two blocks."""

from __future__ import annotations

from pathlib import Path

from qantar.model import describe_model
from qantar.pipeline.shard_tables import write_rows_table
from qantar.schema import TABLES, Build, Quality
from qantar.store.sqlite import write_build_database
from tests.corrections.ferry import make_tables, write_folder
from tests.handmade import row

A, D = "evegj7z54r7f", "d.txt"
BRIDGE = (
    "Bridge at Port Lind reopens \U0001f309\n\n"
    "“The bridge is safe,” Anna Reed said on Tuesday, “and the ferry \U0001f6a2 stays.” Crews of the Lind-based union disagreed.\n\n"
    "Tom Hale, of the Anglo-Lind Line, told Anna_Reed’s \u200bpaper that “nobody\u00a0asked” the [crews] | 50 \\ 50; a “plan” *.\n"
)


def write_articles(raw: Path) -> Path:
    """Write the articles."""
    write_folder(raw)
    (raw / D).write_text(BRIDGE, "utf-8")
    return raw


def make_build(raw: Path, out: Path) -> Path:
    """A build of the articles with its database, unvalidated; what is stored in `out` is used again."""
    staged = make_tables(raw, out)
    known = {"settings": "{}", "packages": "{}", "raw_sha256": "0" * 64, "model": describe_model(None), "title": "Ferry"}
    write_rows_table(staged, TABLES["build"], [row(Build, build_id=staged.name, **known)])
    quality: list[Quality] = []
    write_rows_table(staged, TABLES["quality"], quality)
    write_build_database(staged)
    return staged
