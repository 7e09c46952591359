"""Commands that show builds, check them, compare them and give them to others."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from qantar.commands.arguments import Out, Raw, seconds
from qantar.settings import QantarError
from qantar.text.plurals import counted


def serve(
    out: Out = Path("processed"),
    raw: Raw = Path("raw"),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8001,
    max_age: Annotated[
        str | None, typer.Option(help="/-/health reports a failure when no run has succeeded for this long: 26h, 2d.")
    ] = None,
    edit: Annotated[
        bool,
        typer.Option("--edit", help="Let people correct rows in the browser, on this machine only; writes to raw/corrections.csv."),
    ] = False,
    behind_login: Annotated[
        str | None,
        typer.Option(
            help="With --edit: the address of your own web server, which lets in only people who logged in: https://news.example.org"
        ),
    ] = None,
    language: Annotated[Path | None, typer.Option(help="A catalogue of the pages' words in another language: kk.po.")] = None,
) -> None:
    """Show the latest build in a browser: articles, people, quotes, search, SQL."""
    from qantar.explorer.editor import check_editor
    from qantar.explorer.serve import serve as serve_builds

    if behind_login and not edit:
        raise typer.BadParameter("--behind-login needs --edit")
    editor = check_editor(raw, out, host, behind_login) if edit else None
    serve_builds(out, host, port, seconds(max_age, "--max-age"), editor, language)


def verify(
    build: Annotated[Path | None, typer.Argument(help="A build or an unpacked release; without it, processed/latest.")] = None,
) -> None:
    """Check a build or a release: checksums, schema, keys, offsets."""
    from qantar.publish.verify import verify_build

    folder = build or Path("processed/latest")
    problems = verify_build(folder)
    if problems:
        raise QantarError("\n".join([f"{folder}: {counted(len(problems), 'problem')}", *map(str, problems)]))
    typer.echo(f"{folder}: complete and valid")


def diff(
    old: Path,
    new: Path,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    rows: Annotated[bool, typer.Option("--rows", help="Print each row that changed, with the old and new value of each column.")] = False,
    table: Annotated[str | None, typer.Option(help="With --rows: of this table alone.")] = None,
) -> None:
    """Show what changed between two builds: documents and rows added, changed, removed."""
    from dataclasses import asdict

    from qantar.publish.diff import diff_builds, row_changes
    from qantar.schema import TABLES

    if table is not None and table not in TABLES:
        raise typer.BadParameter(f"there is no table {table}; there are {', '.join(TABLES)}")
    if rows:
        for change in row_changes(old, new, table):
            typer.echo(json.dumps(asdict(change), ensure_ascii=False) if as_json else str(change))
        return
    difference = diff_builds(old, new)
    typer.echo(json.dumps(difference.to_json(), indent=2, ensure_ascii=False) if as_json else difference.summary())


def release(
    version: Annotated[str, typer.Argument(help="MAJOR.MINOR.PATCH: a step that fits what changed since the release before.")],
    out: Out = Path("processed"),
    edition: Annotated[
        Literal["full", "annotations"], typer.Option(help="With the articles' texts, or without, so that it can be shared.")
    ] = "full",
    date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the release; without it, the build's.")] = None,
    because: Annotated[str | None, typer.Option(help="Why the step is greater than what changed asks for; published.")] = None,
) -> None:
    """Make a versioned, self-describing folder and archive of the latest build."""
    from qantar.publish.release import make_release

    day = date.date() if date else None
    released = make_release(out / "latest", version, out / "releases", edition=edition, released_on=day, because=because)
    typer.echo(f"{released.folder}\n{released.archive}")


def rehydrate(
    release: Annotated[Path, typer.Argument(help="An unpacked release of the annotations edition.")],
    raw: Annotated[Path, typer.Argument(help="Your own copies of the articles.")],
    into: Annotated[Path, typer.Option(help="A new folder for the full tables.")] = Path("rehydrated"),
) -> None:
    """Put the articles' texts back into a release that was made without them, each checked by its hash."""
    from qantar.publish.rehydrate import rehydrate as put_back

    result = put_back(release, raw, into)
    typer.echo(result.summary())
    if not result.is_whole:
        raise typer.Exit(1)
