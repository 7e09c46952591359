"""What hostile requests cost `qantar serve`: its memory, and how long other readers wait meanwhile.

    python -m benchmarks.hostile [--out processed] [--keep]

Starts `qantar serve` on 127.0.0.1, sends it some hundred kinds of request that want much memory, time or files, four at a time
and each three times, while another reader asks for the home page. Prints each kind's status and seconds, the largest memory of
the server and the longest wait of the reader; ends with 1 where memory passed 400 MB, the reader waited longer than a second, or
anything was answered with a 500.
"""

from __future__ import annotations

import argparse
import asyncio
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

import httpx

from benchmarks.figures import keep

MOST_MEMORY, LONGEST_WAIT = 400.0, 1.0
"""MB of the server, seconds of any other reader."""

_X = "replace(replace(printf('%0200d', 0), '0', printf('%0200d', 0)), '0', 'xxxxxxxxxxxxxxxxxxxxxxxxx')"  # a million
_BIG = "(select group_concat(text, ' ') from blocks)"
_COUNTED = "with recursive n(x) as (select 1 union all select x + 1 from n{limit}) "
STATEMENTS = [
    *(f"select length({f})" for f in ("randomblob(999999999)", "zeroblob(300000000)", "randomblob(2000000)", "zeroblob(9)")),
    *(f"select length({f})" for f in ("printf('%.*c', 400000000, 'x')", "printf('%400000000d', 1)", "printf('%.100000000f', 1.0)")),
    "select format('%*d', 2000000000, 1)",
    "select hex(hex(hex(hex(hex(printf('%.*c', 900000, 'x'))))))",
    f"select replace({_X}, 'x', {_X})",
    f"select replace({_X}, 'xx', 'y'), replace({_X}, {_X}, 'y')",
    f"select instr({_X}, printf('%.*c', 500000, 'x') || 'y')",
    f"select trim({_X}, {_X})",
    f"select rtrim({_X}, printf('%.*c', 90, 'x'))",
    f"select {_X} like '%x%x%x%x%x%x%x%x%x%x%x%x%x%x%x%x%x%x%x%x%y'",
    f"select {_X} glob '*x*x*x*x*x*x*x*x*x*x*x*x*x*x*x*x*y'",
    f"select {_X} like printf('%.*c', 40000, '%')",
    "select " + ", ".join([_X] * 190),
    "select " + ", ".join(["text"] * 190) + " from documents",
    "select " + ", ".join(["1"] * 3000),
    f"select group_concat({_X}) from sentences, sentences",
    f"select json_group_array({_X}) from sentences",
    f"select json_group_object(sentence_id, {_X}) from sentences",
    "select json_array(" + ", ".join([_X] * 90) + ")",
    f"select quote({_X}), upper({_X}), lower({_X}), reverse({_X})",
    f"select char({', '.join(['65'] * 90)})",
    "select json_extract(printf('%.*c', 900000, '['), '$')",
    "select json(printf('%.*c', 900000, '[') || printf('%.*c', 900000, ']'))",
    _COUNTED.format(limit="") + "select count(*) from n",
    _COUNTED.format(limit="") + "select group_concat(x) from n",
    _COUNTED.format(limit=" limit 100000000") + "select max(x) from n",
    _COUNTED.format(limit="") + "select x from n order by x desc",
    _COUNTED.format(limit="") + f"select x, {_X} from n",
    "with recursive w(t) as (select 'x' union all select t || t from w) select length(t) from w",
    "with recursive w(t) as (select 'x' union all select t || t from w limit 40) select max(length(t)) from w",
    "select count(*) from mentions a, mentions b, mentions c, mentions d",
    "select * from sentences a, sentences b, sentences c order by random()",
    "select distinct a.text || b.text || c.text from sentences a, sentences b, sentences c",
    "select a.text, count(*) from sentences a, sentences b, sentences c group by a.text || b.text || c.text",
    "select *, row_number() over (order by a.text || b.text) from sentences a, sentences b, sentences c",
    "select sum(length(a.text)) over (partition by b.text) from sentences a, sentences b, sentences c",
    "select * from blocks, blocks, blocks",
    "select a.text, b.text from documents a, documents b, documents c, documents d, documents e",
    "select " + " + ".join(["1"] * 20_000),
    "select " + "(" * 900 + "1" + ")" * 900,
    " union all ".join(["select 1"] * 400),
    "select 1 where " + " or ".join(f"1 = {n}" for n in range(5_000)),
    "select * from " + ", ".join(f"quotes q{n}" for n in range(70)),
    "select * from " + ", ".join(f"mentions m{n}" for n in range(60)) + " where m1.text like '%zz%'",
    *(f"select * from documents_fts where documents_fts match '{m}'" for m in ("a* b* c*", '"', "NEAR(a b, 1000000)", "(" * 200, "*")),
    "select snippet(documents_fts, 0, '<b>', '</b>', '…', 64) from documents_fts where documents_fts match 'a* OR t* OR s*'",
    *(f"select * from pragma_{name}" for name in ("database_list", "function_list", "module_list", "compile_options", "collation_list")),
    "select * from pragma_table_info('documents')",
    "select load_extension('/tmp/x')",
    "select readfile('/etc/passwd'), writefile('/tmp/x', 'x')",
    "select fts3_tokenizer('simple')",
    "select sqlite_compileoption_get(1), sqlite_source_id()",
    "attach database '/etc/passwd' as x",
    "vacuum into '/tmp/qantar-x.db'",
    "pragma hard_heap_limit=1",
    "pragma mmap_size=999999999999",
    "create temp table x as select * from mentions",
    "delete from quotes",
    "explain query plan select * from quotes",
    "select * from sqlite_master, sqlite_schema",
    "select * from generate_series(1, 1000000000)",
    "select zeroblob(1) || x'00'",
    "select cast(x'00ff00' as text), x'" + "ff" * 20_000 + "'",
    "select 1; select 2",
    "select",
    "",
    "se\0lect 1",
    "select '" + "ж" * 20_000 + "'",
    "select :p",
    "select like('" + "%a" * 90 + "', text) from sentences",
]
PATHS = [
    *(f"/search?q={quote(q)}" for q in ("a*", '"', "NEAR(a b)", "(" * 500, "x " * 3_000, "\0", "a OR " * 500)),
    "/quotes?page=999999999",
    "/quotes?page=-1",
    "/articles?page=1e9",
    "/qantar/mentions?_size=max&_facet=text&_facet=mention_id&_facet=entity_id&_facet=score",
    "/qantar/mentions.json?_size=1000000",
    "/qantar/mentions.csv?_stream=on",
    "/qantar/documents?_sort=nothere",
    "/qantar/documents?_where=1=1 or randomblob(99999999)",
    "/qantar/documents?text__like=" + "%25a" * 200,
    "/qantar/documents.json?_shape=array&_labels=on&_size=max",
    "/qantar.json?sql=select+text+from+documents&_shape=objects&_size=max",
    "/download/latest/../../../etc/passwd",
    "/download/latest/%2e%2e/%2e%2e/etc/passwd",
    "/static/../../pyproject.toml",
    "/-/databases",
    "/-/threads",
    "/-/versions.json",
    "/_internal",
    "/article/" + "a" * 3_000,
    "/entity/%00",
    "/quotes?" + "&".join(f"x{n}=1" for n in range(900)),
    "/" + "a/" * 2_000,
    # the pages of readers
    *(f"/quotes{form}?sort={sort}" for form in ("", ".csv") for sort in ("longest", "doubtful", "nothere")),
    *(f"/quotes.csv?q={quote(q)}" for q in ("a*", "t* s* a*", '"' * 200, "x " * 3_000, "\0", "е" * 3_000)),
    "/quotes?" + "&".join(f"{name}=" + "x" * 3_000 for name in ("speaker", "outlet", "article")),
    "/quotes?score=1e308&from=99999999-01-01",
    "/quotes?page=2000&sort=longest",
    "/quote/" + "q" * 3_000,
    "/quote/%00?build=%00",
    "/quote/x?build=" + "../" * 200,
    "/compare",
    "/compare?first_q=a*&second_q=t*",
    "/compare?first_score=0&second_score=0.001",
    "/compare.csv?first_from=0001-01-01&second_to=9999-12-31",
    "/compare?" + "&".join(f"{side}_{name}=" + "x" * 2_000 for side in ("first", "second") for name in ("outlet", "speaker", "q")),
    "/same?page=2000",
    *(f"/pictures/{name}.{form}" for name in ("quoted", "heat", "places", "dates", "nothere") for form in ("json", "csv", "exe")),
    "/pictures/../quotes.csv",
    "/changes",
    "/changes?since=" + "../" * 300,
    "/changes?since=%00&table=quotes",
    "/changes?table=sqlite_master",
    "/changes.csv?since=latest&table=mentions",
    "/article/%00/raw",
    "/article/x/raw?span=" + "s" * 3_000,
    "/entity/x?build=" + "b" * 3_000,
    "/utterance/%F0%9F%92%A3?build=x",
    *(f"/docs/{path}" for path in ("", "index.html", "../pyproject.toml", "%2e%2e/%2e%2e/etc/passwd", "a/" * 500, "%00", "s" * 3_000)),
    "/feed.atom?page=1",
    "/?" + "&".join(f"page={n}" for n in range(900)),
    "/entities?page=2000&q=" + "x" * 3_000,
    "/entities?label=%00&sort=nothere",
    "/utterances?page=2000",
    "/pictures?" + "x" * 6_000,
    "/quality?" + "x" * 6_000,
    "/robots.txt?" + "x" * 6_000,
    "/-/health?" + "x" * 6_000,
    "/article/x/beside/" + "y" * 3_000,
    "/report",
    "/report?table=sqlite_master&row=x",
    "/report?table=quotes&row=" + "q" * 3_000,
    "/report?table=quotes&row=%00&build=%00",
    "/report?" + "&".join(f"{name}=" + "=cmd|" * 600 for name in ("table", "row", "field", "value", "reason", "by")),
    "/corrections?page=2000",
    "/corrections?status=" + "x" * 3_000,
    "/doubtful?page=2000",
    "/doubtful?page=1e9&kind=%00",
    "/runs?outcome=failed&page=2000",
    "/downloads?" + "&".join(f"x{n}=1" for n in range(900)),
]
OF_THE_BUILD = {"documents": "document_id", "quotes": "quote_id", "entities": "entity_id", "quote_groups": "quote_group_id"}
"""Tables of whose first row the own page is asked for, too, and its key."""


def requests(ids: dict[str, str]) -> Iterator[str]:
    """Each hostile address, once; `ids` is the first row of some tables."""
    pages = {"documents": "article", "quotes": "quote", "entities": "entity", "quote_groups": "utterance"}
    for table, key in ids.items():
        yield f"/{pages[table]}/{quote(key, safe='')}?build={'x' * 90}"
        yield f"/{pages[table]}/{quote(key, safe='')}?build=a&build=b"
    if "documents" in ids:
        yield from (f"/article/{ids['documents']}/raw?{query}" for query in ("page=2000", "page=-1", "span=x", "span=&page=1"))
    for statement in STATEMENTS:
        yield f"/qantar.json?sql={quote(statement)}"
    for statement in STATEMENTS[::7]:
        yield f"/qantar?sql={quote(statement)}"
    yield from PATHS


def first_rows(database: Path) -> dict[str, str]:
    """The id of the first row of each table whose rows have pages."""
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        found = {t: connection.execute(f"SELECT {key} FROM {t} LIMIT 1").fetchone() for t, key in OF_THE_BUILD.items()}
    return {table: row[0] for table, row in found.items() if row}


def memory(pid: int) -> tuple[float, float]:
    """Megabytes of a process: now, and at most so far (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    found = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith(("VmRSS", "VmHWM"))}
    return int(found["VmRSS"]) / 1024, int(found["VmHWM"]) / 1024


async def ask(client: httpx.AsyncClient, path: str) -> int:
    """The status of an answer, of which no more than 50 MB are read; 400 for an address that httpx will not send."""
    size = 0
    try:
        async with client.stream("GET", path) as response:
            async for part in response.aiter_bytes():
                size += len(part)
                if size > 50_000_000:
                    break
    except httpx.InvalidURL:
        return 400
    return response.status_code


async def fire(address: str, ids: dict[str, str]) -> tuple[list[tuple[str, int, float]], list[float]]:
    """Send every request; gives (path, status, seconds) of each, and the seconds of the other reader's pages."""
    waits: list[float] = []
    answers: list[tuple[str, int, float]] = []
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=httpx.Limits(max_connections=40)) as client:
        done = asyncio.Event()

        async def read() -> None:
            number = 0
            while not done.is_set():
                number += 1
                began = time.monotonic()
                response = await client.get("/search", params={"q": f"people OR n{number}"})  # a page that is made anew
                waits.append(time.monotonic() - began)
                assert response.status_code == 200, response.status_code
                await asyncio.sleep(0.1)

        turns = asyncio.Semaphore(4)

        async def attack(path: str) -> None:
            async with turns:
                began = time.monotonic()
                status = await ask(client, path)
                answers.append((path, status, time.monotonic() - began))

        reader = asyncio.create_task(read())
        await asyncio.gather(*(attack(path) for _ in range(3) for path in requests(ids)))
        done.set()
        await reader
    return answers, waits


def half_open(port: int, n: int = 150) -> float:
    """Open connections that never send a whole request; seconds until the server has closed the last of them."""
    began = time.monotonic()
    held = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(n)]
    for connection in held:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
    for connection in held:
        with closing(connection), suppress(ConnectionError):
            connection.recv(1)
    return time.monotonic() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("processed"))
    parser.add_argument("--keep", action="store_true", help="write the figures to benchmarks/kept/hostile.json, which README.md tells")
    given = parser.parse_args()
    out = given.out
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("qantar"), "serve", "--out", out, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            _wait(port)
            before, _ = memory(server.pid)
            answers, waits = asyncio.run(fire(f"http://127.0.0.1:{port}", first_rows(out / "latest" / "qantar.db")))
            closed = half_open(port)
            after, most = memory(server.pid)
        finally:
            server.terminate()
    if given.keep:
        rows: list[tuple[str, float]] = [("kinds of hostile request", len(answers) // 3), ("memory at most, MB", round(most))]
        waited = sorted(waits)
        rows += [("another reader waits at most, s", round(waited[-1], 2)), ("in the median, s", round(waited[len(waited) // 2], 2))]
        keep("hostile", ("figure", "value"), rows)
    return report(answers, waits, (before, after, most), closed)


def report(answers: list[tuple[str, int, float]], waits: list[float], sizes: tuple[float, float, float], closed: float) -> int:
    """Print what came of it; the exit status."""
    slowest = sorted(answers, key=lambda answer: -answer[2])[:8]
    print("| slowest requests | status | seconds |\n| --- | ---: | ---: |")
    for path, status, seconds in slowest:
        print(f"| `{path[:90]}` | {status} | {seconds:.2f} |")
    failed = sorted({path[:200] for path, status, _ in answers if status >= 500 and status != 503})
    counted = {status: sum(s == status for _, s, _ in answers) for status in sorted({s for _, s, _ in answers})}
    before, after, most = sizes
    print(f"\n{len(answers)} requests of {len(answers) // 3} kinds; by status: {counted}")
    print(f"memory of the server, MB: {before:.0f} before, {after:.0f} after, {most:.0f} at most ({MOST_MEMORY:.0f} allowed)")
    print(f"the other reader: {len(waits)} pages, median {sorted(waits)[len(waits) // 2]:.3f} s, longest {max(waits):.3f} s")
    print(f"150 connections with half a request were closed after {closed:.1f} s")
    print(*(f"answered with an error of ours: {path}" for path in failed), sep="\n")
    return int(bool(failed) or most > MOST_MEMORY or max(waits) > LONGEST_WAIT)


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError, httpx.HTTPError):
            if httpx.get(f"http://127.0.0.1:{port}/-/health").status_code == 200:
                return
        time.sleep(0.2)
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    sys.exit(main())
