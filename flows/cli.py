"""The command: each of its words calls one function, and imports late what is slow to import."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from flows.settings import QantarError, Settings, configure_prefect

app = typer.Typer(
    name="qantar",
    help="An open, annotated dataset of news, rebuilt from a folder of articles.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Raw = Annotated[Path, typer.Option("--raw", help="The folder of articles.")]
Out = Annotated[Path, typer.Option("--out", help="The folder of builds.")]


@app.callback()
def options(debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks and Prefect's log.")] = False) -> None:
    """Exit codes: 0 done; 1 failed or not valid, and nothing was published; 2 wrong usage."""
    _state["debug"] = debug


_state = {"debug": False}


@app.command()
def build(
    raw: Raw = Path("raw"),
    out: Out = Path("processed"),
    workers: Annotated[int | None, typer.Option(min=1, help="Processes that compute. [default: all cores]")] = None,
    runner: Annotated[Literal["local", "dask"], typer.Option(help="Where the work is done.")] = "local",
    dask_address: Annotated[str | None, typer.Option(help="A Dask scheduler's address; without it, a cluster on this machine.")] = None,
    model: Annotated[str | None, typer.Option(help="An installed spaCy pipeline to find names with. [default: Qantar's own]")] = None,
    annotate: Annotated[bool, typer.Option(help="Annotate, or stop after deduplication.")] = True,
    force: Annotated[bool, typer.Option(help="Compute everything anew.")] = False,
) -> None:
    """Build the dataset: raw → a validated, published build."""
    if dask_address and runner != "dask":
        raise typer.BadParameter("--dask-address needs --runner dask")
    given = {"workers": workers} if workers else {}
    settings = Settings(raw=raw, out=out, runner=runner, dask_address=dask_address, model=model, annotate=annotate, force=force, **given)
    configure_prefect(out / ".prefect", debug=_state["debug"])
    from flows.build import run_build

    run = run_build(settings)
    typer.echo(run.message)


@app.command()
def serve(
    out: Out = Path("processed"),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8001,
) -> None:
    """Serve the latest build with Datasette and the explorer."""
    from flows.explorer.serve import serve as serve_builds

    serve_builds(out, host, port)


@app.command()
def schedule(
    cron: Annotated[str, typer.Option(help='When to build, as in cron: "0 6 * * *" is each day at six, UTC.')],
    raw: Raw = Path("raw"),
    out: Out = Path("processed"),
) -> None:
    """Build again and again on a schedule, until stopped."""
    configure_prefect(out / ".prefect", debug=_state["debug"])
    from flows.schedule import serve_schedule

    serve_schedule(Settings(raw=raw, out=out), cron)


@app.command()
def verify(
    build: Annotated[Path | None, typer.Argument(help="A build or an unpacked release. [default: processed/latest]")] = None,
) -> None:
    """Check a build or a release: checksums, schema, keys, offsets."""
    from flows.publish.verify import verify_build

    folder = build or Path("processed/latest")
    problems = verify_build(folder)
    if problems:
        raise QantarError("\n".join([f"{folder}: {len(problems)} problems", *map(str, problems)]))
    typer.echo(f"{folder}: whole and valid")


@app.command()
def diff(
    old: Path,
    new: Path,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what changed between two builds: documents and rows added, changed, removed."""
    from flows.publish.diff import diff_builds

    difference = diff_builds(old, new)
    typer.echo(json.dumps(difference.to_json(), indent=2, ensure_ascii=False) if as_json else difference.summary())


@app.command()
def evaluate(
    gold: Path,
    build: Annotated[Path, typer.Option(help="The build to measure.")] = Path("processed/latest"),
) -> None:
    """Measure precision, recall and F1 of every layer against a folder of annotated articles."""
    from flows.evaluate import evaluate_build, print_quality

    print_quality(evaluate_build(build, gold))


@app.command()
def release(
    version: str,
    out: Out = Path("processed"),
) -> None:
    """Make a versioned, self-describing folder and archive of the latest build."""
    from flows.publish.release import make_release

    typer.echo(make_release(out / "latest", version, out / "releases"))


@app.command()
def takedown(
    document: Annotated[str, typer.Argument(help="The document's id.")],
    reason: Annotated[str, typer.Option(help="Why it is removed; published.")],
    raw: Raw = Path("raw"),
    out: Out = Path("processed"),
) -> None:
    """Remove a document from all later builds, leaving a tombstone."""
    from datetime import UTC, datetime

    from flows.publish.takedown import take_down

    take_down(raw, out / "latest", document, reason, datetime.now(UTC).date())
    typer.echo(f"{document} is in no later build; run qantar build to publish one without it")


def main() -> NoReturn:
    """Run the command; what went wrong is told in a line or two."""
    try:
        app(standalone_mode=True)
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        typer.echo(f"qantar: {_told(error)}", err=True)
    sys.exit(1)


def _told(error: Exception) -> str:
    if isinstance(error, QantarError):
        return str(error)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}; nothing was published"
    if isinstance(error, sqlite3.Error):
        return f"a database could not be read or written: {error}; is the disk full? Nothing was published"
    return f"{type(error).__name__}: {error}; this is a fault of the pipeline, and nothing was published; qantar --debug shows where"
