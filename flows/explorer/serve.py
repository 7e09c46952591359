"""`qantar serve`: Datasette on the latest build, with the explorer's pages, read-only and within limits."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from qantar.explorer.editor import Editor
from qantar.explorer.history_copy import copy_history, serve_history
from qantar.explorer.published import Published
from qantar.explorer.switch import Switch
from qantar.explorer.translation import read_catalogue, speak
from qantar.publish.datasette_metadata import datasette_metadata
from qantar.schema import TABLES
from qantar.settings import CORRECTIONS_FILE, QantarError
from qantar.store.sqlite import quoted

HERE = Path(__file__).parent
SETTINGS = {
    "allow_download": False,  # files come from /download, with their checksums
    "default_page_size": 50,
    "max_returned_rows": 1000,
    "num_sql_threads": 6,
    "sql_time_limit_ms": 1000,
    "default_facet_size": 8,
    "facet_time_limit_ms": 500,  # a million rows; the counts are held
    "suggest_facets": False,  # a guess at every column of a large table costs more than the page
    "max_csv_mb": 200,
    "default_cache_ttl": 5,
    "truncate_cells_html": 280,
}

CONNECTIONS = 200
"""Connections at a time; who comes beyond is told to come again (503)."""
LONGEST_HEAD = 32_768
"""Bytes of a request's first line and headers."""


def serve(
    out: Path,
    host: str = "127.0.0.1",
    port: int = 8001,
    max_age: float | None = None,
    editor: Editor | None = None,
    language: Path | None = None,
) -> None:
    """Serve `out/latest` until interrupted; a build published meanwhile is taken over without a failed request.

    `/-/health` is bad once the last good run is `max_age` seconds old. With an `editor` rows can be corrected by the browser.
    `language` is a catalogue (.po) of the pages' words.

    Raises QantarError where nothing was published yet, where the port is taken, or where the catalogue cannot be used.
    """
    import uvicorn

    from qantar.explorer.limits import limit_process
    from qantar.explorer.patience import PatientProtocol

    if language:
        catalogue, n, n_all = read_catalogue(language)
        speak(catalogue)
        print(f"{language}: {n} of {n_all} messages are translated{'' if n == n_all else '; the others are shown in English'}", flush=True)
    application = explorer(out, max_age=max_age, editor=editor)
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        raise QantarError(f"{host}:{port} is taken or not ours ({os.strerror(error.errno or 0)}); choose another with --port") from error
    print(f"Serving {out / 'latest'} at http://{host}:{port}/ until interrupted (Ctrl+C)", flush=True)
    if editor:
        print(f"Whoever reaches {editor.origin or 'this port of this machine'} can change {editor.raw / CORRECTIONS_FILE}", flush=True)
    limit_process()
    uvicorn.run(
        application,
        host=host,
        port=port,
        http=PatientProtocol,
        ws="none",
        limit_concurrency=CONNECTIONS,
        h11_max_incomplete_event_size=LONGEST_HEAD,
        timeout_keep_alive=5,
        log_level="warning",
        server_header=False,
    )


def explorer(out: Path, seconds: float = 1.0, max_age: float | None = None, editor: Editor | None = None) -> Switch:
    """The ASGI application behind `serve`; it looks every `seconds` whether `out/latest` points at another build."""
    latest, history = out / "latest", out / "history.db"
    if not (latest / "qantar.db").is_file():
        raise QantarError(f"{latest}: no build to serve; make one with `qantar build --out {out}`")
    check_tables(latest)
    switch = Switch(latest, lambda folder: open_build(folder, history), seconds, beside=history)
    switch.opened = lambda folder: open_build(folder, history, switch, max_age, editor)
    return switch


def open_build(
    folder: Path,
    history: Path | None = None,
    switch: Switch | None = None,
    max_age: float | None = None,
    editor: Editor | None = None,
) -> Any:
    """A Datasette of one build: its database immutable, a copy of `history` (if it exists) beside it, the explorer's pages on top."""
    from datasette.app import Datasette
    from datasette.plugins import pm

    from qantar.explorer import plugin
    from qantar.explorer.limits import LimitedDatabase

    if not pm.is_registered(plugin):
        pm.register(plugin, "qantar")
        # Datasette's own page for errors would be made as well as ours, and prints every 404 with all local variables.
        pm.unregister(name="datasette.handle_exception")
    datasette = Datasette(
        files=[],
        immutables=[str(folder.resolve() / "qantar.db")],
        metadata=metadata_of(folder),
        template_dir=str(HERE / "templates"),
        settings=SETTINGS,
        cors=True,
    )
    datasette.qantar = Published(folder.resolve(), switch, history, max_age, editor)
    datasette.remove_database("qantar")
    datasette.add_database(LimitedDatabase(datasette, path=str(folder.resolve() / "qantar.db"), is_mutable=False), name="qantar")
    if history:
        serve_history(datasette, copy_history(history))
    return datasette


def check_tables(folder: Path) -> None:
    """Raise QantarError where a build has not every table and column that the pages read: another version of Qantar made it."""
    lacking: list[str] = []
    with closing(sqlite3.connect(f"file:{folder / 'qantar.db'}?mode=ro", uri=True)) as connection:
        for table in TABLES.values():
            found = {row[1] for row in connection.execute(f"PRAGMA table_info({quoted(table.name)})")}
            lacking += [f"{table.name}.{column.name}" for column in table if column.name not in found] if found else [table.name]
    if lacking:
        raise QantarError(
            f"{folder}: another version of Qantar made this build (it has no {', '.join(lacking)}), and this one cannot show it; "
            f"run `qantar build`, or serve it with the version that made it"
        )


def metadata_of(folder: Path) -> dict[str, Any]:
    """Datasette's metadata for a build: the corpus's own words where the build's data package has them."""
    with closing(sqlite3.connect(f"file:{folder / 'qantar.db'}?mode=ro", uri=True)) as connection:
        row = connection.execute("SELECT title FROM build").fetchone()
    if row is None:
        raise QantarError(f"{folder / 'qantar.db'}: the table build is empty, so this is not a finished build")
    package: dict[str, Any] = {}
    if (folder / "datapackage.json").is_file():
        package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    licence: dict[str, Any] = next(iter(package.get("licenses") or []), {})
    said = folder / "metadata.json"
    errors_to = json.loads(said.read_text("utf-8")).get("errors_to") if said.is_file() else None
    return ({"errors_to": errors_to} if errors_to else {}) | datasette_metadata(
        title=row[0],
        description=package.get("description") or "",
        licence=licence.get("title") or licence.get("name"),
        licence_url=licence.get("path"),
        about="The dataset's page" if package.get("homepage") else None,
        about_url=package.get("homepage"),
    )
