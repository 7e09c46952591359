"""Whether a folder of articles is the one that a build was made from: corrections of one corpus are no use to another."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from qantar.settings import QantarError

_SOME = 200
"""Files of a build that are looked for."""


def check_folder(raw: Path, build: Path) -> None:
    """Raise QantarError where a folder holds none of the files that a build's articles came from; no build raises nothing."""
    database = build / "qantar.db"
    if not database.is_file():
        return
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        paths = [row[0] for row in connection.execute(f"SELECT DISTINCT source_path FROM documents LIMIT {_SOME}")]
    if paths and not any((raw / path).exists() for path in paths):
        raise QantarError(
            f"{raw}: {build} was not made from this folder, which has no {paths[0]}; name the folder of its articles with --raw, "
            "or that of the builds of yours with --out"
        )
