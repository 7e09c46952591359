"""One run of the pipeline around its stages: the lock, and what is told and kept of it."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from qantar.pipeline.alarms import keep_failure, note_killed, notify
from qantar.pipeline.fetching_first import Brought
from qantar.pipeline.plan import Plan, gold_folders, make_plan
from qantar.pipeline.progress import Progress
from qantar.schema import BuildRun, DocumentChange, Outcome
from qantar.settings import CORPUS_FILE, QantarError, Settings
from qantar.stages.articles import describe_columns
from qantar.store import builds, history
from qantar.store.log import log_run
from qantar.store.retention import describe_disk
from qantar.store.sqlite import Shared
from qantar.text.identity import short_id

STOPPED = "the run was stopped before it ended; the next run recovers"
_MOST_SHOWN = 10


@dataclass
class Run:
    """A run under way; holds the lock on the output folder."""

    settings: Settings
    progress: Progress
    plan: Plan | None = None
    outcome: Outcome = "failed"
    message: str = ""
    changes: list[DocumentChange] | None = None
    """Against the build before; None where the same build was made again."""
    build: Path | None = None
    warnings: list[str] = field(default_factory=list)
    """What somebody should look at though the build was published."""
    started: str = field(default_factory=history.now)
    brought: Brought = field(default_factory=Brought)
    """What was collected before the run."""

    def tell_plan(self, plan: Plan) -> None:
        """Say which columns of files of records were taken for what, the same mapping once, and which gold is not there."""
        for name, folder in gold_folders(self.settings.raw, plan.corpus).items():
            if folder is None:
                self.progress.say(f"{self.settings.raw / CORPUS_FILE}: gold: {name!r} is not there: this build is not measured on it")
        shown: set[str] = set()
        for source in plan.sources:
            found = describe_columns(self.settings.raw, source)
            if found and found not in shown and len(shown) < _MOST_SHOWN:
                shown.add(found)
                self.progress.say(f"{source.path}: {found}")

    @property
    def before(self) -> Path | None:
        """The latest build, whose rows and files this run takes where they are the same; None with `--force`."""
        return None if self.settings.force else builds.latest_build(self.settings.out)

    @cached_property
    def disk(self) -> str:
        """What the output folder takes at the end of the run, looked at once: it may hold a file for each article."""
        return describe_disk(self.settings.out)

    def row(self) -> BuildRun:
        """The run's row in the history."""
        return BuildRun(
            run_id=short_id("run", self.started, str(os.getpid())),
            build_id=self.plan.build.build_id if self.plan else None,
            started=self.started,
            finished=history.now(),
            seconds=json.dumps(self.progress.seconds),
            outcome=self.outcome,
            message="; ".join(filter(None, [self.brought.message, self.message])),
        )

    def is_published(self, plan: Plan) -> bool:
        """Whether a whole build of this plan is there already; then it is made the latest, if it is not."""
        build = self.settings.out / "builds" / plan.build.build_id
        self.plan = plan
        if self.settings.force or not (build / history.RUN_FILE).exists():
            return False
        self.build, self.outcome = build, "unchanged"
        if builds.latest_build(self.settings.out) == build.resolve():
            self.message = f"nothing has changed: build {build.name} stays the latest"
        elif history.is_withdrawn(self.settings.out, build.name):
            self.message = f"nothing has changed, and build {build.name} was withdrawn: it is not published again but with --force"
        else:
            self.note_changes(build)
            builds.point_latest(self.settings.out, build)
            self.outcome = "published"
            self.message = f"raw/ is again what build {build.name} was made from: it is the latest"
        return True

    def tell(self) -> BuildRun:
        """Write the run into the history and, last, beside the build it published: that says that all of it is done."""
        row = self.row()
        recovered = history.last_outcome(self.settings.out) == "failed"
        log_run(self.settings.out, row, self.disk)
        history.record_run(self.settings.out, row, self.changes)
        if self.outcome == "published" and self.build:
            history.write_run(self.build, row)
        if recovered:
            notify(self.settings, "recovered", row.message)
        for warning in self.warnings:
            notify(self.settings, "warning", warning)
        return row

    def note_changes(self, build: Path, shared: Shared | None = None) -> None:
        """Compare a build that is to be published with the one that readers have, before they have it; what they share is known."""
        from qantar.publish.diff import document_changes

        out = self.settings.out
        before = builds.latest_build(out)
        if before and not (before / history.RUN_FILE).exists():  # its run was killed before it could record it
            told = [out / "builds" / name for name in history.published(out) if name != before.name]
            before = next((folder for folder in reversed(told) if folder.is_dir()), None)
        if before is None or before.name != build.name:
            known = shared.pieces if shared and before and shared.database.parent == before else None
            self.changes = document_changes(before, build, known)


@contextmanager
def open_run(settings: Settings, brought: Brought | None = None) -> Iterator[Run]:
    """Hold the output folder for a run, and keep what became of it in the history, whether it published or failed."""
    with Progress() as progress:
        run = Run(settings, progress, brought=brought or Brought())
        run.progress.seconds.update(run.brought.seconds)
        run.warnings += run.brought.warnings
        try:
            with _held(settings, progress.say if settings.wait else None):
                yield run
                try:
                    run.tell()
                except (OSError, sqlite3.Error) as error:  # the build is published; the next run repeats it, and records it
                    progress.say(f"{settings.out / history.NAME}: the run could not be written into the history: {error}")
        except BaseException as error:
            told_to = not isinstance(error, Exception)  # Ctrl-C, or what Prefect makes of SIGTERM: nobody need be told
            run.outcome, run.message = "failed", STOPPED if told_to else str(error) or type(error).__name__
            keep_failure(settings, run.row(), alarm=not told_to)
            raise


@contextmanager
def _held(settings: Settings, waits: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the output folder; a run that was killed while it held it is recorded now."""
    with builds.locked(settings.out, waits) as left:
        if left:
            note_killed(settings, left)
        yield


def find_killed(settings: Settings) -> None:
    """Record a killed run at once instead of at the next run."""
    if builds.left_by_killed(settings.out):
        with suppress(QantarError, OSError), _held(settings):  # a run under way holds the folder
            pass


def find_unchanged(settings: Settings) -> BuildRun | None:
    """The run, if there is nothing to do because a whole build of the same input is there; it needs no flow, so it takes a second.

    A configured Prefect server records every run, so there is none to find; nor where anything is wrong: the flow reports it.
    """
    if settings.force or os.environ.get("PREFECT_API_URL") or not (settings.out / "builds").is_dir():
        return None
    try:
        with _held(settings):
            run = Run(settings, Progress(quiet=True))
            if not run.is_published(make_plan(settings)):
                return None
            return run.tell()
    except (QantarError, OSError, sqlite3.Error):
        return None
