"""How long the bytes of pages stay. An archive that is too old becomes the texts of its articles: its rows stay, its bytes go."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from qantar.collect.followed_sources import Keep
from qantar.collect.known_pages import KnownPages
from qantar.collect.page_archives import SUFFIX
from qantar.stages.articles.found import Found
from qantar.stages.articles.web_archives import read_warc

TEXTS = ".jsonl.gz"


def reduce_archives(collected: Path, keep: Keep, state: KnownPages, now: datetime) -> list[str]:
    """Reduce the archives older than `keep.days`, then the oldest until no more than `keep.gigabytes` are left; returns their names."""
    _finish(collected, state)
    archives = sorted(collected.glob(f"*/[!.]*{SUFFIX}"), key=lambda path: (path.name, path.parent.name))
    sizes = {path: path.stat().st_size for path in archives}
    left = sum(sizes.values()) + sum(path.stat().st_size for path in collected.glob(f"*/*{TEXTS}"))
    oldest, today = f"{now - timedelta(days=keep.days):%Y-%m-%d}", f"{now:%Y-%m-%d}"
    done = []
    for path in archives:
        day = path.name.removesuffix(SUFFIX)
        if day >= today or (day >= oldest and left <= keep.gigabytes * 2**30):
            continue
        left += _reduce(path, state) - sizes[path]
        done.append(f"{path.parent.name}/{path.name}")
    return done


def _reduce(path: Path, state: KnownPages) -> int:
    """Write the texts of an archive beside it, then remove it; the bytes that the texts take."""
    texts = path.with_name(path.name.removesuffix(SUFFIX) + TEXTS)
    fresh = path.with_name(f".{texts.name}.new")
    with fresh.open("wb") as file:
        with gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
            for record in _records(path):
                packed.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    state.note_reduced(f"{path.parent.name}/{path.name}")
    fresh.replace(texts)
    path.unlink()
    return texts.stat().st_size


def _records(path: Path) -> Iterator[dict[str, Any]]:
    for found in read_warc(path):
        if isinstance(found, Found):
            values = {
                "id": found.id,
                "url": found.url,
                "outlet": found.outlet,
                "title": found.title,
                "author": found.author,
                "published_on": found.published_on.isoformat() if found.published_on else None,
                "licence": found.licence,
                "text": found.text,
            }
            yield {name: value for name, value in values.items() if value is not None}


def _finish(collected: Path, state: KnownPages) -> None:
    """Remove the archives of which a killed run had written the texts, and what it left half written."""
    for name in state.reduced():
        path = collected / name
        if path.exists() and path.with_name(path.name.removesuffix(SUFFIX) + TEXTS).exists():
            path.unlink()
    for path in collected.glob("*/.*.new"):
        path.unlink()
