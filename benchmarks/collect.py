"""What collecting costs: pages a second and memory of `qantar collect`, beside trafilatura's own downloads in the same run.

    python -m benchmarks.collect [--addresses 10000] [--hosts 20] [--at-once 8]

Serves pages of some 20 kB from hosts of our own on 127.0.0.1, in a process of their own, and fetches all of them: with
`qantar collect`, which checks each address, asks for robots.txt, stores request and response as a web archive and notes what it
knows of each, without pauses; and with `trafilatura.downloads.buffered_downloads`, which gives the pages' texts to the caller. Each
runs in a process of its own; its processor seconds and its largest resident memory are the system's own figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

LINE = "the harbour was closed on monday and ships waited outside while dockers talked of pay in the rain near berth {n} of {path} "


def page(path: str) -> bytes:
    """A page of some 20 kB, another for each path."""
    body = "".join(f"<p>{LINE.format(n=n, path=path)}{LINE.format(n=n + 1, path=path)}</p>" for n in range(80))
    return f"<html><head><title>Story {path}</title></head><body><article><h1>Story {path}</h1>{body}</article></body></html>".encode()


def serve(hosts: int, told: Connection) -> None:
    """Serve pages on so many ports of 127.0.0.1, which are sent back."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode()
                body, status = (b"", b"404 Not Found") if path == "/robots.txt" else (page(path), b"200 OK")
                writer.write(
                    b"HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body
                )
                await writer.drain()
        writer.close()

    async def run() -> None:
        servers = [await asyncio.start_server(answer, "127.0.0.1", 0) for _ in range(hosts)]
        told.send([server.sockets[0].getsockname()[1] for server in servers])
        await asyncio.Event().wait()

    asyncio.run(run())


def by_qantar(urls: list[str], at_once: int) -> int:
    """Collect the addresses; the number of pages stored."""
    from qantar.collect.collection import collect

    with tempfile.TemporaryDirectory(prefix="qantar-benchmark-") as folder:
        raw = Path(folder) / "raw"
        raw.mkdir()
        hosts = sorted({url.split("/")[2] for url in urls})
        (Path(folder) / "addresses.txt").write_text("\n".join(urls), "utf-8")
        (raw / "corpus.toml").write_text('operator = "A benchmark"\ncontact = "nobody@harbour.example"\n', "utf-8")
        (raw / "sources.toml").write_text(
            f"delay = 0\nat_once = {at_once}\npages = {len(urls)}\nprivate = {json.dumps(hosts)}\n[[source]]\noutlet = 'Harbour'\n"
            f"hosts = {json.dumps(hosts)}\naddress_files = ['../addresses.txt']\n",
            "utf-8",
        )
        (row,) = collect(raw).rows
        return row.n_new


def by_trafilatura(urls: list[str], at_once: int) -> int:
    """Download the addresses in as many threads; the number of pages had."""
    from trafilatura.downloads import buffered_downloads
    from trafilatura.settings import Extractor, use_config

    config = use_config()
    config["DEFAULT"]["SSRF_PROTECTION"] = "false"  # or it asks nothing of this machine
    return sum(text is not None for _, text in buffered_downloads(urls, at_once, Extractor(config=config)))


SYSTEMS: dict[str, Callable[[list[str], int], int]] = {"qantar collect": by_qantar, "trafilatura's downloads": by_trafilatura}


def measure(name: str, urls: list[str], at_once: int) -> dict[str, float]:
    """One system in a process of its own."""
    asked = json.dumps([name, urls, at_once])
    done = subprocess.run([sys.executable, "-m", "benchmarks.collect", "--one"], input=asked, stdout=subprocess.PIPE, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def one() -> None:
    """In that process: fetch what standard input says, and print what it took."""
    name, urls, at_once = json.loads(sys.stdin.read())
    started = time.monotonic()
    n = SYSTEMS[name](urls, at_once)
    seconds = time.monotonic() - started
    own = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"n": n, "seconds": seconds, "cpu": own.ru_utime + own.ru_stime, "mb": own.ru_maxrss / 1024}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--addresses", type=int, default=10_000)
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one()
        return
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(given.hosts, theirs), daemon=True)
    server.start()
    try:
        ports = ours.recv()
        urls = [f"http://127.0.0.1:{ports[n % len(ports)]}/story/{n}" for n in range(given.addresses)]
        print(f"{len(urls):,} addresses of {len(ports)} hosts, {given.at_once} at once, pages of {len(page('/story/1')):,} bytes\n")
        print(f"| system | pages | pages/s | processor seconds | peak memory, MB |\n|{' --- |' * 5}")
        for name in SYSTEMS:
            took = measure(name, urls, given.at_once)
            print(f"| {name} | {took['n']:,.0f} | {took['n'] / took['seconds']:,.0f} | {took['cpu']:.1f} | {took['mb']:,.0f} |", flush=True)
    finally:
        server.terminate()
        server.join()


if __name__ == "__main__":
    main()
