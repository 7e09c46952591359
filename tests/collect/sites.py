"""Newspapers of our own on 127.0.0.1, for the collector: they answer as they are told, also badly, and note what they are asked."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from qantar.collect.clock import Clock

EPOCH = datetime(2022, 1, 5, 6, tzinfo=UTC)


@dataclass
class Answer:
    """What a site answers. `drip` sends a byte at a time for so many seconds each; `promised` is a length that is not kept."""

    body: bytes | str = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0
    promised: int | None = None
    chunked: bool = False

    @property
    def data(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


Route = Answer | Callable[[dict[str, str]], Answer]


class Paper:
    """A site: its routes, and the requests that came."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.gone = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.paper = self
        self._port: int = self._server.server_address[1]
        self._serve()

    def _serve(self) -> None:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, but for robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def go_down(self) -> None:
        """No longer listen: connections are refused."""
        self.gone.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def come_back(self) -> None:
        """Listen again, on the same port."""
        self.gone.clear()
        self._server = _Server(("127.0.0.1", self._port), _Handler)
        self._server.paper = self
        self._serve()


class _Server(ThreadingHTTPServer):
    allow_reuse_address = True
    daemon_threads = True
    paper: Paper

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no matter."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""

    def do_GET(self) -> None:
        paper = self.server.paper
        headers = {name.lower(): value for name, value in self.headers.items()}
        paper.asked.append((self.path, headers))
        route = paper.routes.get(self.path, Answer(status=404))
        answer = route if isinstance(route, Answer) else route(headers)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        data = answer.data
        if answer.chunked:
            self.send_header("Transfer-Encoding", "chunked")
            data = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (data[:7], data[7:]) if part) + b"0\r\n\r\n"
        else:
            self.send_header("Content-Length", str(len(data) if answer.promised is None else answer.promised))
        self.end_headers()
        if answer.drip:
            for at in range(len(data)):
                self.wfile.write(data[at : at + 1])
                if self.server.paper.gone.wait(answer.drip):
                    return
        else:
            self.wfile.write(data)
        if answer.promised is not None:
            self.close_connection = True


class Hours(Clock):
    """A clock that a test sets: sleeping takes no time, and moves it on."""

    def __init__(self, at: datetime = EPOCH) -> None:
        self.at = at
        self.slept = 0.0

    def now(self) -> datetime:
        return self.at + timedelta(seconds=self.slept)

    def monotonic(self) -> float:
        return self.slept

    async def sleep(self, seconds: float) -> None:
        self.slept += seconds

    def pass_time(self, **by: float) -> None:
        self.at += timedelta(**by)


def page(title: str, *paragraphs: str, more: str = "") -> str:
    """A page of an article."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article>{more}</body></html>"


def story(place: str, n: int = 4) -> str:
    """The page of an article of some sentences about a place."""
    return page(
        f"Dockers walk out at {place}",
        *(
            f"The harbour of {place} was closed on day {k} of the strike, and {k + 2} ships waited outside, said Ana Duarte, "
            f"who leads the union of dockers in {place}. Nobody knows when berth {k} will open again."
            for k in range(n)
        ),
    )


WHO = ["bakers", "teachers", "miners", "drivers", "nurses", "farmers", "weavers", "judges", "sailors", "clerks", "masons", "painters"]
DID = ["repaired", "counted", "refused", "bought", "measured", "praised", "closed", "opened", "questioned", "carried", "lost", "found"]
WHAT = ["bridges", "kettles", "tunnels", "ledgers", "orchards", "engines", "lanterns", "meadows", "ferries", "bells", "wells", "chapels"]
WHERE = [
    "market",
    "old mill",
    "north gate",
    "river bank",
    "railway yard",
    "town hall",
    "salt works",
    "upper valley",
    "light house",
    "school",
]


def tale(place: str) -> str:
    """The page of an article that has no more than its grammar in common with that of another place."""
    pick = random.Random(place)

    def sentence() -> str:
        first, second = pick.sample(WHO, 2)
        did, had = pick.sample(DID, 2)
        return (
            f"{pick.randint(20, 990)} {first} {did} the {pick.choice(WHAT)} near the {pick.choice(WHERE)} after {pick.randint(3, 60)} "
            f"{second} had {had} {pick.choice(WHAT)} at the {pick.choice(WHERE)}."
        )

    return page(f"News of {place}", *(f"In {place} {sentence()} {sentence()} {sentence()}" for _ in range(5)))


def feed(paper: Paper, paths: Iterable[str], at: datetime = EPOCH, titles: dict[str, str] | None = None) -> Answer:
    """An RSS feed of some paths, each an hour older than the one before; an empty path leaves an hour out."""
    items = "".join(
        f"<item><title>{(titles or {}).get(path, 'Story ' + path)}</title><link>{paper.url(path)}</link>"
        f"<pubDate>{format_datetime(at - timedelta(hours=n))}</pubDate></item>"
        for n, path in enumerate(paths)
        if path
    )
    return Answer(f"<rss version='2.0'><channel><title>Paper</title>{items}</channel></rss>", type="application/rss+xml")


@contextmanager
def papers(n: int) -> Iterator[list[Paper]]:
    """Some sites, and none of them left behind."""
    made = [Paper() for _ in range(n)]
    try:
        yield made
    finally:
        for paper in made:
            if paper._thread.is_alive():
                paper.go_down()


def write_sources(raw: Path, text: str, *private: Paper, more: str = "") -> Path:
    """A raw folder with sources.toml, in which some sites are named as private and asked without pause."""
    raw.mkdir(exist_ok=True)
    (raw / "corpus.toml").write_text('operator = "Harbour Lab"\ncontact = "lab@harbour.example"\nlanguage = "en"\n', "utf-8")
    hosts = ", ".join(f'"{paper.host}"' for paper in private)
    (raw / "sources.toml").write_text(f"delay = 0\nprivate = [{hosts}]\n{more}\n{text}", "utf-8")
    return raw


def follow(paper: Paper, outlet: str = "Harbour Times", more: str = "") -> str:
    """A source that follows a site's feed."""
    return f'[[source]]\noutlet = "{outlet}"\nfeeds = ["{paper.url("/feed")}"]\n{more}\n'
