"""The command line. Each command calls one function; what is slow to import is imported when it is needed."""

from __future__ import annotations

import gc
import json
import os
import shutil
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer

from qantar.processor import processor_trouble
from qantar.service.prefect_settings import configure_prefect
from qantar.settings import QantarError, Settings
from qantar.text.plurals import counted

app = typer.Typer(
    name="qantar",
    help="An open, annotated dataset of news, rebuilt from a folder of articles.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)

Raw = Annotated[Path, typer.Option("--raw", help="The folder of articles.")]
Notify = Annotated[
    str | None,
    typer.Option(help="A command to run when a build failed, recovered or lost rows; QANTAR_EVENT says which."),
]
Out = Annotated[Path, typer.Option("--out", help="The folder of builds.")]


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
    _state["debug"] = debug
    os.umask(os.umask(0o077) | 0o022)  # what is made is for others to read at most, whatever was set


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
    corrections: Annotated[bool, typer.Option(help="Apply raw/corrections.csv, or build as if it were not there.")] = True,
    force: Annotated[bool, typer.Option("--force", help="Use no stored results: compute everything again.")] = False,
    keep: Annotated[int, typer.Option(min=1, help="Builds that stay on disk.")] = 5,
    on_failure: Annotated[str | None, typer.Option(help="A command to run when the build fails; QANTAR_MESSAGE tells it why.")] = None,
    notify: Notify = None,
) -> None:
    """Build the dataset: raw → a validated, published build."""
    if dask_address and runner != "dask":
        raise typer.BadParameter("--dask-address needs --runner dask")
    given: dict[str, Any] = {"workers": workers} if workers else {}
    settings = Settings(
        raw=raw,
        out=out,
        runner=runner,
        dask_address=dask_address,
        model=model,
        annotate=annotate,
        corrections=corrections,
        force=force,
        keep=keep,
        on_failure=on_failure,
        notify=notify,
        **given,
    )
    from qantar.service.making import make_build
    from qantar.store.retention import describe_disk

    run = make_build(settings, debug=_state["debug"])

    typer.echo(f"{out / 'latest'}: {run.message}")
    typer.echo(f"disk: {describe_disk(out)}")


@app.command()
def collect(
    raw: Raw = Path("raw"),
    out: Annotated[Path, typer.Option("--out", help="The folder of builds, whose history tells what was collected.")] = Path("processed"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would be fetched: lists are read, nothing is stored.")] = False,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only articles published since this day. [default: as sources.toml says]")
    ] = None,
    notify: Notify = None,
) -> None:
    """Fetch what raw/sources.toml follows, politely, and store it under raw/collected/."""
    from qantar.collect.collection import collect as fetch
    from qantar.collect.run_report import describe_due, describe_source
    from qantar.pipeline.fetching_first import describe_silent, tell_collected

    collected = fetch(raw, since=since.date() if since else None, dry_run=dry_run, say=typer.echo)
    typer.echo("\n".join([*map(describe_source, collected.rows), *describe_silent(collected.rows)]))
    if dry_run:
        typer.echo("\n".join(["would fetch:", *describe_due(collected.due)]))
    else:
        tell_collected(Settings(raw=raw, out=out, notify=notify), collected.rows, collected.newly_silent)


@app.command()
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
    """Serve the latest build with Datasette and the explorer."""
    from qantar.explorer.editor import check_editor
    from qantar.explorer.serve import serve as serve_builds

    if behind_login and not edit:
        raise typer.BadParameter("--behind-login needs --edit")
    editor = check_editor(raw, out, host, behind_login) if edit else None
    serve_builds(out, host, port, _seconds(max_age, "--max-age"), editor, language)


@app.command()
def schedule(
    raw: Raw = Path("raw"),
    out: Out = Path("processed"),
    cron: Annotated[str | None, typer.Option(help='When to build, as in cron: "0 6 * * *" is each day at six, UTC.')] = None,
    every: Annotated[str | None, typer.Option(help="How often to build: 90s, 15m, 6h, 1d.")] = None,
    on_change: Annotated[bool, typer.Option("--on-change", help="Build when articles have changed, once they stop changing.")] = False,
    collect: Annotated[bool, typer.Option("--collect", help="Fetch what raw/sources.toml follows before each build.")] = False,
    now: Annotated[bool, typer.Option("--now", help="Also build at once.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the Prefect server that is started if none answers.")] = 4200,
    keep: Annotated[int, typer.Option(min=1, help="Builds that stay on disk.")] = 5,
    on_failure: Annotated[str | None, typer.Option(help="A command to run when a build fails; QANTAR_MESSAGE tells it why.")] = None,
    notify: Notify = None,
) -> None:
    """Build again and again, on a schedule or when articles arrive, until stopped."""
    from qantar.service.schedule import When, serve_schedule

    when = When(cron=cron, every=_seconds(every, "--every"), now=now, on_change=on_change, collects=collect)
    if collect:
        from qantar.collect.collection import check_collect

        check_collect(raw)
    is_new = not out.exists()
    configure_prefect(out / ".prefect", debug=_state["debug"])
    try:
        when.check()
    except QantarError:
        if is_new:  # made for Prefect, which reads its settings when it is imported to check the expression
            shutil.rmtree(out)
        raise
    serve_schedule(Settings(raw=raw, out=out, keep=keep, on_failure=on_failure, notify=notify, wait=True, collect=collect), when, port)


def _seconds(duration: str | None, option: str) -> float | None:
    if duration is None:
        return None
    units = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
    number, unit = duration[:-1], duration[-1:]
    if unit not in units or not number.isdigit() or int(number) == 0:
        raise typer.BadParameter(f"{duration!r}: a number and s, m, h or d, as in 6h", param_hint=option)
    return float(int(number) * units[unit])


@app.command()
def rollback(
    build: Annotated[str | None, typer.Argument(help="The build to go back to. [default: the one before the latest]")] = None,
    out: Out = Path("processed"),
) -> None:
    """Make an earlier build the latest; the build it replaces is not published again by itself."""
    from qantar.store.retention import roll_back

    typer.echo(f"{roll_back(out, build)} is the latest")


@app.command()
def verify(
    build: Annotated[Path | None, typer.Argument(help="A build or an unpacked release. [default: processed/latest]")] = None,
) -> None:
    """Check a build or a release: checksums, schema, keys, offsets."""
    from qantar.publish.verify import verify_build

    folder = build or Path("processed/latest")
    problems = verify_build(folder)
    if problems:
        raise QantarError("\n".join([f"{folder}: {counted(len(problems), 'problem')}", *map(str, problems)]))
    typer.echo(f"{folder}: complete and valid")


@app.command()
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


@app.command()
def evaluate(
    gold: Path,
    build: Annotated[Path, typer.Option(help="The build to measure.")] = Path("processed/latest"),
    faults: Annotated[bool, typer.Option("--faults", help="Also list each wrong item.")] = False,
    pin: Annotated[bool, typer.Option("--pin", help="Write these items to GOLD/known_faults.csv, to compare later builds with.")] = False,
) -> None:
    """Measure precision, recall and F1 of every layer against a folder of annotated articles.

    Where GOLD holds known_faults.csv, the items lost and gained since are listed. Exit code 1 where a figure is below its floor
    or more items were lost than chance explains.
    """
    from qantar.expectations.floors import compare_faults, read_faults, write_faults
    from qantar.quality.evaluate import measure, print_compared, print_quality, problems_of

    measured = measure(build, gold)
    print_quality(measured.figures)
    if faults:
        typer.echo("\n".join(map(str, measured.faults)))
    if pin:
        typer.echo(f"{write_faults(gold, measured.faults)}: {counted(len(measured.faults), 'item')}")
    pinned = read_faults(gold)
    compared = None if pinned is None else compare_faults(pinned, measured.faults)
    if compared:
        print_compared(compared)
    if problems := problems_of(measured.figures, compared):
        raise QantarError("\n".join(f"accuracy check failed: {problem}" for problem in problems))


@app.command()
def release(
    version: Annotated[str, typer.Argument(help="MAJOR.MINOR.PATCH: a step that fits what changed since the release before.")],
    out: Out = Path("processed"),
    edition: Annotated[
        Literal["full", "annotations"], typer.Option(help="With the articles' texts, or without, so that it can be shared.")
    ] = "full",
    date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the release. [default: the build's]")] = None,
    because: Annotated[str | None, typer.Option(help="Why the step is greater than what changed asks for; published.")] = None,
) -> None:
    """Make a versioned, self-describing folder and archive of the latest build."""
    from qantar.publish.release import make_release

    day = date.date() if date else None
    released = make_release(out / "latest", version, out / "releases", edition=edition, released_on=day, because=because)
    typer.echo(f"{released.folder}\n{released.archive}")


@app.command()
def rehydrate(
    release: Annotated[Path, typer.Argument(help="An unpacked release of the annotations edition.")],
    raw: Annotated[Path, typer.Argument(help="Your own copies of the articles.")],
    into: Annotated[Path, typer.Option(help="A new folder for the full tables.")] = Path("rehydrated"),
) -> None:
    """Put the texts back into the annotations edition, each checked by its hash."""
    from qantar.publish.rehydrate import rehydrate as put_back

    result = put_back(release, raw, into)
    typer.echo(result.summary())
    if not result.is_whole:
        raise typer.Exit(1)


@app.command()
def takedown(
    document: Annotated[str, typer.Argument(help="The document's id, URL or path under raw/.")],
    reason: Annotated[str, typer.Option(help="Why it is removed; published.")],
    raw: Raw = Path("raw"),
    out: Out = Path("processed"),
    purge: Annotated[bool, typer.Option("--purge", help="Build without it now; delete earlier builds and stored results with it.")] = False,
) -> None:
    """Remove a document from all later builds, leaving a tombstone."""
    from qantar.publish.takedown import describe_purge, take_down
    from qantar.publish.takedown import purge as delete_builds

    removal = take_down(raw, out / "latest", document, reason, datetime.now(UTC).date())
    ids = ", ".join(removed.document_id for removed in removal.removed)
    typer.echo(f"{ids}: left out of all later builds")
    if removal.repeats:
        typer.echo(f"these duplicates of it stay unless they are taken down too: {', '.join(removal.repeats)}")
    if not purge:
        typer.echo("run qantar build to publish a build without it")
        return
    build(raw=raw, out=out)
    typer.echo("\n".join(describe_purge(delete_builds(raw, out, removal.removed), raw)))


@app.command()
def restore(
    release: Annotated[Path, typer.Argument(help="The last release, unpacked; readers are served the full edition at once.")],
    raw: Raw = Path("raw"),
    out: Out = Path("processed"),
) -> None:
    """Rebuild a lost output folder from raw/ and the last release: its takedowns, history and versions, then the build."""
    from qantar.publish.restore import compare_documents, restore_release

    restored = restore_release(release, raw, out)
    typer.echo(f"{restored.folder}: restored{'; it is served until the build is made' if restored.is_served else ''}")
    if restored.takedowns:
        typer.echo(f"{raw / 'takedowns.csv'}: {counted(len(restored.takedowns), 'takedown')} of the release added")
    build(raw=raw, out=out)
    again = compare_documents(release, out / "latest")
    typer.echo(f"{again.same} of {again.n} documents of the release have the same id and text as before")
    if again.missing:
        typer.echo(f"missing: {', '.join(again.missing)}; qantar diff {release} {out / 'latest'} shows every difference")


@app.command()
def correct(
    table: Annotated[str, typer.Argument(help="documents, blocks, sentences, mentions, quotes, duplicates or entities.")] = "",
    field: Annotated[str, typer.Argument(help="What is wrong: a column, or delete, add, split, join, merge, joined, apart.")] = "",
    value: Annotated[str, typer.Argument(help="What is right.")] = "",
    row: Annotated[str | None, typer.Option(help="Id of the row in the latest build; it fills in the four options below.")] = None,
    document: Annotated[str, typer.Option(help="The article: id, path under raw/ or address.")] = "",
    start: Annotated[int | None, typer.Option(min=0, help="Where the words start in the article's text.")] = None,
    end: Annotated[int | None, typer.Option(min=1, help="Where they end, exclusive.")] = None,
    text: Annotated[str, typer.Option(help="The words, or the value, that stand there now.")] = "",
    by: Annotated[str, typer.Option(help="Who makes the correction.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    undo: Annotated[int | None, typer.Option(min=2, help="Remove this line of corrections.csv instead.")] = None,
    raw: Raw = Path("raw"),
    out: Out = Path("processed"),
) -> None:
    """Correct a row for this and all later builds: adds a checked line to raw/corrections.csv."""
    from qantar.corrections.corrections_file import cells_of, line_of_fix
    from qantar.publish.row_corrections import correct_row, remove_line

    if undo is not None:
        typer.echo(f"{raw / 'corrections.csv'}: line {undo} removed; the next build is made without it:\n{remove_line(raw, undo)}")
        return
    places = {name: "" if place is None else str(place) for name, place in (("start", start), ("end", end))}
    today = datetime.now(UTC).date().isoformat()
    cells = {"document": document, "table": table, "text": text, "field": field, "value": value, "by": by, "on": today, "reason": reason}
    fix, is_new = correct_row(raw, out / "latest", cells | places, row)
    said = "added; run qantar build to apply it" if is_new else "the file has this line already"
    typer.echo(f"{raw / 'corrections.csv'}: {said}\n{line_of_fix(cells_of(fix)).rstrip()}")


@app.command()
def export(
    destination: Annotated[Path, typer.Argument(help="The new file or folder.")],
    to: Annotated[
        Literal["docbin", "conllu", "jsonl", "brat", "label-studio", "webanno", "tei", "gold", "hf"],
        typer.Option("--to", help="The format."),
    ],
    out: Out = Path("processed"),
    document: Annotated[list[str] | None, typer.Option(help="Only the article with this id; can be repeated.")] = None,
) -> None:
    """Write the latest build for annotation tools and programs: spaCy, CoNLL-U, brat, Label Studio, INCEpTION, TEI, Hugging Face."""
    from qantar.exchange import export as write_export

    n = write_export(to, destination, out, document or [], lambda line: typer.echo(line, err=True))
    typer.echo(f"{destination}: {counted(n, 'article')}")


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="What the tool exported: a file, a folder or a .zip.")],
    of: Annotated[
        Literal["brat", "label-studio", "webanno"] | None,
        typer.Option("--from", help="The format. [default: from the names of the files]"),
    ] = None,
    raw: Raw = Path("raw"),
    out: Out = Path("processed"),
    by: Annotated[str, typer.Option(help="Who edited.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the lines; write nothing.")] = False,
) -> None:
    """Bring edits made in brat, Label Studio or INCEpTION back as lines of raw/corrections.csv.

    Exit code 1 where something in the files could not be used; the rest is written.
    """
    from qantar.exchange.import_report import report_import

    if not report_import(source, raw, out, by, reason, of, dry_run=dry_run, say=typer.echo):
        raise typer.Exit(1)


@app.command()
def audit(
    sheet: Annotated[Path, typer.Argument(help="The sheet to judge: a .csv for a spreadsheet.")] = Path("audit.csv"),
    rows: Annotated[int, typer.Option("-n", "--rows", min=5, help="Rows of each layer, about.")] = 100,
    seed: Annotated[int, typer.Option(help="Another seed draws other rows.")] = 1,
    score: Annotated[bool, typer.Option("--score", help="Estimate error rates of the whole corpus from the judged sheet.")] = False,
    other: Annotated[Path | None, typer.Option(help="With --score: another person's sheet, for Cohen's kappa and disagreements.")] = None,
    width: Annotated[float | None, typer.Option(min=0.005, max=1, help="With --score: how many rows this width needs.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="With --score: write the figures to raw/audit.csv, for later builds.")] = False,
    correct_rows: Annotated[bool, typer.Option("--correct", help="With --score: write wrong rows to raw/corrections.csv.")] = False,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="With --score: fit the scores of quotes to this corpus, in raw/calibration.csv.")
    ] = False,
    raw: Raw = Path("raw"),
    out: Out = Path("processed"),
) -> None:
    """Measure the error of your own corpus: draws rows to judge, then gives precision and recall with intervals.

    Without --score the sheet is written, or added to; what was judged stays.
    """
    from qantar.quality.audit_sheet import write_sheet

    if not score:
        n, judged = write_sheet(out / "latest", sheet, rows, seed)
        typer.echo(
            f"{sheet}: {counted(n, 'row')}, {judged} judged; write right, wrong or unsure into verdict, then: qantar audit {sheet} --score"
        )
        return
    from qantar.quality.audit_report import report_audit

    typer.echo(
        "\n".join(
            report_audit(
                sheet,
                other,
                width,
                keep=raw if keep else None,
                correct=raw if correct_rows else None,
                calibrated=raw if calibrate else None,
            )
        )
    )


@app.command()
def doctor(out: Out = Path("processed")) -> None:
    """Check that this machine has what Qantar needs; exit code 1 where something is missing."""
    from qantar.doctor import examine

    findings = examine(out)
    typer.echo("\n".join(map(str, findings)))
    if any(finding.state == "lacks" for finding in findings):
        raise typer.Exit(1)


def main() -> NoReturn:
    """Run the command; an error is printed in a line or two."""
    if trouble := processor_trouble():
        typer.echo(f"qantar: {trouble}", err=True)
        sys.exit(1)
    gc.set_threshold(100_000, 20, 20)  # what is imported is much, and no garbage: looked through as usual, it takes a sixth longer
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
    if isinstance(error, MemoryError):
        return "out of memory, so nothing was published; build with fewer processes (--workers 1), or on a machine with more memory"
    if isinstance(error, sqlite3.Error):
        return f"a database could not be read or written: {error}; is the disk full? Nothing was published"
    return f"{type(error).__name__}: {error}; this is a bug in Qantar; nothing was published; qantar --debug shows a traceback to report"
