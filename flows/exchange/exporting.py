"""Writing a build's articles in another tool's format."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

from qantar.exchange.build_documents import BuildDocument, Reader, model_reader, open_database, read_documents
from qantar.exchange.formats import FORMATS, About, writer_of
from qantar.exchange.gold import complete_documents
from qantar.settings import QantarError


def latest(out: Path) -> Path:
    """The build in a folder: itself, or the latest of a folder of builds."""
    return out / "latest" if (out / "latest").exists() else out


def export(to: str, destination: Path, out: Path, wanted: Sequence[str] = (), say: Callable[[str], None] = print) -> int:
    """Write the annotated articles of the latest build in `out`, or those with the ids that are wanted, to a new file or folder.

    `to` is a name of `FORMATS`; `say` is told what a person should know. Returns how many articles were written; nothing is left at
    `destination` where it fails.

    Raises QantarError where there is no build, an id is unknown, or `destination` exists.
    """
    build, found = latest(out), FORMATS[to]
    if destination.exists() and not (found.is_folder and destination.is_dir() and not any(destination.iterdir())):
        raise QantarError(f"{destination}: already exists; name a new {'folder' if found.is_folder else 'file'}")
    about, model = _about(build)
    if to == "gold":
        wanted = complete_documents(build, wanted, say)
    reader = _reader(build, model, say) if found.with_tokens else None
    destination.parent.mkdir(parents=True, exist_ok=True)
    staged = destination.with_name(f".{destination.name}.new")
    _remove(staged)
    if found.is_folder:
        staged.mkdir()
    n = 0

    def documents() -> Iterator[BuildDocument]:
        nonlocal n
        for document in read_documents(build, wanted, reader):
            n += 1
            yield document

    try:
        writer_of(to).write(documents(), staged, about)
        if destination.is_dir():
            destination.rmdir()
        staged.rename(destination)
    finally:
        _remove(staged)
    return n


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _about(build: Path) -> tuple[About, tuple[str | None, str]]:
    """What the files say of the build, and its language model: the name it was asked for by, and its description."""
    with closing(open_database(build)) as connection:
        row = connection.execute("SELECT build_id, title, model, settings FROM build").fetchone()
    package = build / "datapackage.json"
    licences = json.loads(package.read_text("utf-8")).get("licenses", []) if package.is_file() else []
    licence = ", ".join(str(item.get("name") or item.get("title")) for item in licences)
    return About(row["build_id"], row["title"], licence), (json.loads(row["settings"]).get("model"), row["model"])


def _reader(build: Path, model: tuple[str | None, str], say: Callable[[str], None]) -> Reader:
    """What reads tokens where the build has none; the model is loaded for the first article only."""

    @cache
    def loaded() -> Reader:
        from qantar.model import describe_model

        name, described = model
        if (here := describe_model(name)) != described:
            say(f"{build}: the build used the model {described}; {here} makes the tokens now, so some may differ")
        return model_reader(name)

    return lambda document, sentences: loaded()(document, sentences)
