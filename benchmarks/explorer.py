"""How fast the explorer answers on a large build, beside plain Datasette on the same file.

    python -m benchmarks.explorer [BUILD] [--articles 10000] [--clients 8] [--seconds 10] [--only WORD]

The build (default: processed/latest) is grown to the number of articles asked for by repeating its own: ids are made anew, and
names below the most frequent get an entity of their own in every fifty copies, so that frequent names stay frequent and rare
ones rare. Then a server is started and asked: first for 60 addresses one by one (cold), then by all clients at once, at random
(median and 95th percentile). Milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pyarrow as pa

from qantar.schema import TABLES, PossibleSame, Table
from qantar.store.parquet import parts, read_rows, to_arrow
from qantar.store.sqlite import write_database

IDS = (
    "document_id",
    "canonical_id",
    "block_id",
    "sentence_id",
    "mention_id",
    "quote_id",
    "parent_quote_id",
    "quote_group_id",
    "passage_id",
)
ENTITY_IDS = ("entity_id", "speaker_entity_id", "other_id")
FREQUENT = 12
PAGES = (
    *("home", "articles", "article", "raw text", "entity", "frequent entity", "quotes", "filtered quotes", "quote", "quotes as CSV"),
    *("utterances", "compare outlets", "compare periods", "pictures", "same", "quality", "downloads", "search", "table"),
)
"""Kinds of page that are asked for."""
GROUP = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", type=Path, default=Path("processed/latest"))
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--only", default="", help="ask only for pages whose kind has this word in it, as in the first column")
    parser.add_argument("--keep", type=Path, help="keep the grown build in this folder, or use the one that is there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        out = options.keep or Path(scratch)
        if not (out / "latest").exists():
            grow(options.build, out, options.articles)
        addresses = sample(out / "latest" / "qantar.db")
        explorer = f"from pathlib import Path; from qantar.explorer.serve import serve; serve(Path({str(out)!r}), port={{port}})"
        plain = ["datasette", "serve", "--immutable", str((out / "latest" / "qantar.db").resolve()), "--port", "{port}"]
        print(f"{'':34}{'requests':>9}{'cold':>8}{'median':>8}{'95 %':>8}")
        for kind in PAGES:
            if addresses[kind] and options.only in kind:
                measure(f"explorer: {kind}", [sys.executable, "-c", explorer], addresses[kind], options)
        for kind in ("plain row", "table", "plain search"):
            if options.only not in kind:
                continue
            measure(f"plain Datasette: {kind}", [sys.executable, "-m", *plain], addresses[kind], options)


def grow(build: Path, out: Path, n_articles: int) -> None:
    """Write `out/builds/grown` with `n_articles` articles, made of those of `build`."""
    started = time.monotonic()
    rows = {name: [r for part in parts(build, t) for r in read_rows(part, t)] for name, t in TABLES.items()}
    n_copies = max(1, n_articles // max(1, len(rows["documents"])))
    frequent = {e.entity_id for e in sorted(rows["entities"], key=lambda e: -e.n_mentions)[:FREQUENT]}

    def copied(row: Any, n: int) -> Any:
        changed: dict[str, Any] = {}
        for name, value in vars(row).items():
            if value is None:
                continue
            if name in IDS:
                changed[name] = f"{n:06}{value[6:]}" if name in ("document_id", "canonical_id") else f"{n:06}{value}"
            elif name in ENTITY_IDS and value not in frequent and not (name == "other_id" and type(row) is not PossibleSame):
                changed[name] = f"{value}-{n // GROUP}"
        return replace(row, **changed)

    def batches(table: Table) -> Iterator[pa.RecordBatch]:
        once = table.name in ("build", "quality", "rejected", "takedowns")
        for n in range(1 if once else n_copies):
            found = rows[table.name]
            if table.name == "entities":
                found = [replace(e, n_mentions=e.n_mentions * (n_copies if e.entity_id in frequent else GROUP)) for e in found]
                found = [e for e in found if n == 0 or (n % GROUP == 0 and e.entity_id not in frequent)]
            elif table.name == "possible_same":
                found = [p for p in found if n == 0 or (n % GROUP == 0 and not {p.entity_id, p.other_id} & frequent)]
            yield from to_arrow(table, found if once else [copied(r, n) for r in found]).to_batches()

    folder = out / "builds" / "grown"
    folder.mkdir(parents=True)
    write_database(folder / "qantar.db", TABLES, batches)
    (out / "latest").symlink_to("builds/grown")
    size = (folder / "qantar.db").stat().st_size / 1e6
    print(f"{n_copies * len(rows['documents'])} articles, {size:.0f} MB, grown in {time.monotonic() - started:.0f} s")


def sample(database: Path, n: int = 300) -> dict[str, list[str]]:
    """Addresses of each kind of page, drawn from the build."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:

        def ids(sql: str) -> list[str]:
            return [row[0] for row in connection.execute(sql)]

        documents = ids("select document_id from documents where is_canonical")
        entities = ids("select entity_id from entities order by n_mentions desc")
        quotes = ids(f"select quote_id from quotes where rowid % (1 + (select count(*) from quotes) / {n}) = 0")
        outlets = ids("select outlet from documents where outlet is not null group by 1 order by count(*) desc")
        days = ids("select published_on from documents where published_on is not null group by 1 order by 1")
        words = sorted(
            {w for (t,) in connection.execute("select text from sentences limit 300") for w in t.split() if w.isalpha() and len(w) > 3}
        )
    pick = random.Random(1)
    return {
        "home": ["/"],
        "article": [f"/article/{d}" for d in pick.sample(documents, min(n, len(documents)))],
        "entity": [f"/entity/{e}" for e in pick.sample(entities, min(n, len(entities)))],
        "frequent entity": [f"/entity/{e}" for e in entities[:FREQUENT]],
        "quotes": [f"/quotes?page={page}" for page in range(1, 21)],
        "filtered quotes": [
            f"/quotes?{urlencode({'speaker': e, 'sort': sort})}" for e in entities[:20] for sort in ("newest", "longest", "doubtful")
        ],
        "quote": [f"/quote/{q}" for q in quotes],
        "quotes as CSV": [f"/quotes.csv?{urlencode({'speaker': e})}" for e in entities[FREQUENT : 2 * FREQUENT]],
        "utterances": ["/utterances"],
        "articles": [f"/articles?page={page}" for page in range(1, 21)],
        "raw text": [f"/article/{d}/raw" for d in pick.sample(documents, min(n, len(documents)))],
        "compare outlets": [f"/compare?{urlencode({'first': a, 'second': b})}" for a in outlets[:6] for b in outlets[:6] if a < b],
        "compare periods": [f"/compare?{urlencode({'first_to': a, 'second_from': b})}" for a, b in pairwise(days)][:30],
        "pictures": ["/pictures"],
        "same": ["/same"],
        "quality": ["/quality"],
        "downloads": ["/downloads"],
        "search": [f"/search?q={w}" for w in pick.sample(words, min(n, len(words)))],
        "table": ["/qantar/quotes", "/qantar/entities", "/qantar/documents", "/qantar/mentions"],
        "plain row": [f"/qantar/documents/{d}" for d in pick.sample(documents, min(n, len(documents)))],
        "plain search": [f"/qantar/sentences?_search={w}" for w in pick.sample(words, min(n, len(words)))],
    }


def measure(name: str, command: list[str], addresses: list[str], options: argparse.Namespace) -> None:
    """Start a server, ask it, print one line, stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [word.replace("{port}", str(port)) for word in command]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        cold, warm, failed = asyncio.run(_ask(f"http://127.0.0.1:{port}", addresses, options))
    finally:
        server.terminate()
        server.wait()
    figures = (statistics.median(cold), statistics.median(warm), statistics.quantiles(warm, n=20)[-1])
    print(f"{name:34}{len(warm):9}" + "".join(f"{figure:8.0f}" for figure in figures) + (f"  {failed} failed" if failed else ""))


async def _ask(origin: str, addresses: list[str], options: argparse.Namespace) -> tuple[list[float], list[float], int]:
    cold: list[float] = []
    warm: list[float] = []
    failed = 0
    async with httpx.AsyncClient(base_url=origin, timeout=60, limits=httpx.Limits(max_connections=options.clients)) as client:

        async def timed(address: str, into: list[float]) -> None:
            nonlocal failed
            started = time.perf_counter()
            response = await client.get(address)
            into.append(1000 * (time.perf_counter() - started))
            failed += response.status_code != 200

        for _ in range(600):
            try:
                await client.get("/-/versions.json")
                break
            except httpx.ConnectError:
                await asyncio.sleep(0.1)
        for address in addresses[:60]:
            await timed(address, cold)
        until = time.monotonic() + options.seconds

        async def reader(seed: int) -> None:
            pick = random.Random(seed)
            while time.monotonic() < until:
                await timed(pick.choice(addresses), warm)

        await asyncio.gather(*(reader(n) for n in range(options.clients)))
    return cold, warm, failed


if __name__ == "__main__":
    main()
