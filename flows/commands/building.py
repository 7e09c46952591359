"""Commands that make builds and look after them."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from qantar.commands.arguments import Keep, Notify, OnFailure, Out, Raw, seconds, session
from qantar.service.prefect_settings import configure_prefect
from qantar.settings import QantarError, Settings
from qantar.text.plurals import counted


def build(
    raw: Raw = Path("raw"),
    out: Out = Path("processed"),
    workers: Annotated[int | None, typer.Option(min=1, help="Processes that compute; without it, one for each core.")] = None,
    runner: Annotated[Literal["local", "dask"], typer.Option(help="On this machine, or on a Dask cluster.")] = "local",
    dask_address: Annotated[str | None, typer.Option(help="A Dask scheduler's address; without it, a cluster on this machine.")] = None,
    model: Annotated[str | None, typer.Option(help="An installed spaCy pipeline to find names with; without it, Qantar's own.")] = None,
    annotate: Annotated[bool, typer.Option(help="Find sentences, names and quotes, or stop after duplicates.")] = True,
    corrections: Annotated[bool, typer.Option(help="Apply raw/corrections.csv, or build as if it were not there.")] = True,
    force: Annotated[bool, typer.Option("--force", help="Use no stored results: compute everything again.")] = False,
    keep: Keep = 5,
    on_failure: OnFailure = None,
    notify: Notify = None,
) -> None:
    """Make the dataset of a folder of articles, check it, and publish it as the latest build."""
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

    run = make_build(settings, debug=session.debug, alone=True)

    typer.echo(f"{out / 'latest'}: {run.message}")
    typer.echo(f"disk: {describe_disk(out)}")


def collect(
    raw: Raw = Path("raw"),
    out: Annotated[Path, typer.Option("--out", help="The folder of builds, whose history tells what was collected.")] = Path("processed"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would be fetched: lists are read, nothing is stored.")] = False,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only articles published since this day; without it, as sources.toml says."),
    ] = None,
    notify: Notify = None,
) -> None:
    """Fetch new articles from the feeds and sitemaps that raw/sources.toml names, and store them under raw/collected/."""
    from qantar.collect.collection import collect as fetch
    from qantar.collect.run_report import describe_due, describe_source
    from qantar.pipeline.fetching_first import describe_silent, tell_collected

    collected = fetch(raw, since=since.date() if since else None, dry_run=dry_run, say=typer.echo)
    typer.echo("\n".join([*map(describe_source, collected.rows), *describe_silent(collected.rows)]))
    if dry_run:
        typer.echo("\n".join(["would fetch:", *describe_due(collected.due)]))
    else:
        tell_collected(Settings(raw=raw, out=out, notify=notify), collected.rows, collected.newly_silent)


def schedule(
    raw: Raw = Path("raw"),
    out: Out = Path("processed"),
    cron: Annotated[str | None, typer.Option(help='When to build, as in cron: "0 6 * * *" is each day at six, UTC.')] = None,
    every: Annotated[str | None, typer.Option(help="How often to build: 90s, 15m, 6h, 1d.")] = None,
    on_change: Annotated[bool, typer.Option("--on-change", help="Build when articles have changed, once they stop changing.")] = False,
    collect: Annotated[bool, typer.Option("--collect", help="Fetch what raw/sources.toml follows before each build.")] = False,
    now: Annotated[bool, typer.Option("--now", help="Also build at once.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the Prefect server that is started if none answers.")] = 4200,
    keep: Keep = 5,
    on_failure: OnFailure = None,
    notify: Notify = None,
) -> None:
    """Build again and again, on a schedule or when articles arrive, until stopped."""
    from qantar.service.schedule import When, serve_schedule

    when = When(cron=cron, every=seconds(every, "--every"), now=now, on_change=on_change, collects=collect)
    if collect:
        from qantar.collect.collection import check_collect

        check_collect(raw)
    is_new = not out.exists()
    configure_prefect(out / ".prefect", debug=session.debug)
    try:
        when.check()
    except QantarError:
        if is_new:  # made for Prefect, which reads its settings when it is imported to check the expression
            shutil.rmtree(out)
        raise
    serve_schedule(Settings(raw=raw, out=out, keep=keep, on_failure=on_failure, notify=notify, wait=True, collect=collect), when, port)


def rollback(
    build: Annotated[str | None, typer.Argument(help="The build to go back to; without it, the one before the latest.")] = None,
    out: Out = Path("processed"),
) -> None:
    """Make an earlier build the latest; the build it replaces is not published again by itself."""
    from qantar.store.retention import roll_back

    typer.echo(f"{roll_back(out, build)} is the latest")


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
        typer.echo("they name documents, not texts: take down copies of them under other names again, if raw/ holds any")
    build(raw=raw, out=out)
    again = compare_documents(release, out / "latest")
    typer.echo(f"{again.same} of {again.n} documents of the release have the same id and text as before")
    if again.missing:
        typer.echo(f"missing: {', '.join(again.missing)}; qantar diff {release} {out / 'latest'} shows every difference")


def doctor(out: Out = Path("processed")) -> None:
    """Check that this machine has what Qantar needs; exit code 1 where something is missing."""
    from qantar.doctor import examine

    findings = examine(out)
    typer.echo("\n".join(map(str, findings)))
    if any(finding.state == "lacks" for finding in findings):
        raise typer.Exit(1)
