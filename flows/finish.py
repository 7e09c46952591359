"""The last room: validate a staged build, add what describes it, publish it, and say what was done."""

from __future__ import annotations

from pathlib import Path

from flows.assemble import WORKING
from flows.run import Run
from flows.schema import TABLES
from flows.settings import QantarError
from flows.store import builds
from flows.store.parquet import parts, read_rows
from flows.store.retention import prune_builds, prune_cache


def validate(staged: Path) -> None:
    """Prove the staged build's expectations. Raises QantarError, naming what failed and in which rows, if one does not hold."""
    from flows.stages.validate import validate_build

    validation = validate_build(staged, staged / WORKING)
    (staged / WORKING).unlink()
    if not validation.success:
        raise QantarError(f"the build is not valid, so it was not published:\n{validation.summary()}")


def publish_build(run: Run, staged: Path) -> None:
    """Describe and seal the staged build, and make it the latest."""
    from flows.publish.diff import document_changes
    from flows.publish.package import write_package

    assert run.plan
    with run.progress.stage("publish"):
        write_package(staged, run.plan.corpus)
        before = builds.latest_build(run.settings.out)
        run.changes = document_changes(before, staged)
        run.build = builds.publish(run.settings.out, staged)
        run.outcome = "published"
        run.message = f"published {run.build}"
        prune_builds(run.settings.out, run.settings.keep)
        prune_cache(run.settings.out / ".cache")


def summary(run: Run) -> str:
    """What a run did, in Markdown."""
    assert run.build
    (row,) = read_rows(parts(run.build, TABLES["build"])[0], TABLES["build"])
    counts = {name.removeprefix("n_").replace("_", " "): getattr(row, name) for name in row.__dataclass_fields__ if name.startswith("n_")}
    lines = [f"**{row.title}**, build `{row.build_id}`: {run.message}", "", "| | rows |", "| --- | ---: |"]
    lines += [f"| {name} | {n:,} |" for name, n in counts.items()]
    lines += ["", "| stage | seconds |", "| --- | ---: |", *(f"| {name} | {s} |" for name, s in run.progress.seconds.items())]
    return "\n".join(lines)
