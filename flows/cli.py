"""The command line: its commands by what a person wants to do, and what is said of an error."""

from __future__ import annotations

import gc
import os
import sqlite3
import sys
from collections.abc import Callable
from typing import Annotated, NoReturn

import typer

from qantar.commands import building, correcting, sharing
from qantar.commands.arguments import session
from qantar.processor import processor_trouble
from qantar.settings import QantarError

app = typer.Typer(
    name="qantar",
    help="An open, annotated dataset of news, rebuilt from a folder of articles.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)

GROUPS: dict[str, tuple[Callable[..., None], ...]] = {
    "Build and look": (building.build, sharing.serve, building.schedule, building.collect, building.doctor),
    "Measure and correct": (correcting.evaluate, correcting.audit, correcting.correct, correcting.export, correcting.import_),
    "Compare and publish": (sharing.diff, sharing.verify, sharing.release, sharing.rehydrate),
    "Take back": (building.takedown, building.rollback, building.restore),
}
EXTRAS = {
    **dict.fromkeys(("courlan", "feedparser", "httpcore", "protego"), "collect"),
    **dict.fromkeys(("distributed", "prefect_dask"), "dask"),
}
"""Modules that are installed on request only, and the extra that brings them."""
for title, commands in GROUPS.items():
    for command in commands:
        app.command(command.__name__.rstrip("_"), rich_help_panel=title)(command)  # import_: a name that Python keeps for itself


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"qantar {version('qantar')}")
        raise typer.Exit


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks and Prefect's log.")] = False,
    _: Annotated[bool, typer.Option("--version", help="Show Qantar's version.", callback=_show_version, is_eager=True)] = False,
) -> None:
    """Exit codes: 0 done; 1 failed or not valid, and nothing was published; 2 wrong usage."""
    session.debug = debug
    os.umask(os.umask(0o077) | 0o022)  # what is made is for others to read at most, whatever was set


def main() -> NoReturn:
    """Run the command; an error is printed in a line or two."""
    if trouble := processor_trouble():
        typer.echo(f"qantar: {trouble}", err=True)
        sys.exit(1)
    gc.set_threshold(100_000, 20, 20)  # what is imported is much, and no garbage: looked through as usual, it takes a sixth longer
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # it would look for some in every package that is installed
    code: int | str | None = 1
    try:
        app(standalone_mode=True)
    except SystemExit as ended:
        code = ended.code
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        typer.echo(f"qantar: {_told(error)}", err=True)
    from qantar.compat import end_at_once

    end_at_once(code)


def _told(error: Exception) -> str:
    if isinstance(error, QantarError):
        return str(error)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}; nothing was published"
    if isinstance(error, ModuleNotFoundError) and (extra := EXTRAS.get((error.name or "").partition(".")[0])):
        return f"this needs packages that are not installed; install them with: {sys.executable} -m pip install 'qantar[{extra}]'"
    if isinstance(error, MemoryError):
        return "out of memory, so nothing was published; build with fewer processes (--workers 1), or on a machine with more memory"
    if isinstance(error, sqlite3.Error):
        return f"a database could not be read or written: {error}; is the disk full? Nothing was published"
    return f"{type(error).__name__}: {error}; this is a bug in Qantar; nothing was published; qantar --debug shows a traceback to report"
