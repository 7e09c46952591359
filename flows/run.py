"""One run of the pipeline around its stages: the lock, the plan, the staging folder, and what is told and kept of it."""

from __future__ import annotations

import json
import os
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from flows.progress import Progress
from flows.schema import Build, BuildRun, DocumentChange, Outcome, Rejected
from flows.settings import AUTHORITY_FILE, CATALOGUE_FILE, CORPUS_FILE, TAKEDOWNS_FILE, Corpus, QantarError, Settings
from flows.stages.identity import digest, short_id
from flows.stages.read import Source, describe_columns, list_sources, load_catalogue
from flows.steps import Context, file_digest
from flows.store import builds, history
from flows.store.log import log_run
from flows.store.retention import describe_disk
from flows.version import code_version, package_versions, stage_digest


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is in the raw folder, and what it is to become."""

    corpus: Corpus
    sources: list[Source]
    rejected: list[Rejected]
    context: Context
    build: Build
    """The build's row, its counts still 0."""


def make_plan(settings: Settings) -> Plan:
    """Look at everything the build depends on, and name it by the hash of that.

    Raises QantarError when the raw folder is missing or holds nothing to read.
    """
    raw = settings.raw
    if not raw.is_dir():
        raise QantarError(f"{raw}: there is no such folder; name the folder of your articles with --raw")
    described = _describing(raw)
    corpus = Corpus.load(raw)
    sources, rejected = list_sources(raw)
    rejected = [*rejected, *load_catalogue(raw).rejected]
    if not sources:
        raise QantarError(f"{raw}: there is no article in it; put .txt, .html, .jsonl, .csv, .parquet or .warc.gz files there")
    from flows.model import describe_model
    from flows.publish.takedown import load_takedowns

    takedowns = load_takedowns(raw)
    build = Build(
        build_id="",
        title=corpus.title,
        raw_sha256=digest(
            *(f"{name} {sha256}" for name, sha256 in described.items()),
            _gold_digest(raw, corpus),
            *(f"{source.path} {source.sha256}" for source in sources),
            *map(repr, rejected),
        ),
        code_version=code_version(),
        settings=json.dumps(settings.shaping, sort_keys=True),
        model=describe_model(settings.model),
        packages=json.dumps(package_versions()),
        **{f"n_{name}": 0 for name in _COUNTS},
    )
    build = replace(build, build_id=short_id("build", repr(build)))
    context = Context(
        raw=raw.resolve(),
        cache=(settings.out / ".cache").resolve(),
        corpus=corpus,
        code=stage_digest(),
        model=settings.model,
        described=described,
        takedowns=tuple(takedown.row for takedown in takedowns),
        removed_texts=frozenset(takedown.text_sha256 for takedown in takedowns),
        fresh=settings.force,
    )
    return Plan(corpus=corpus, sources=sources, rejected=rejected, context=context, build=build)


def check_described(plan: Plan) -> None:
    """Raise QantarError if what describes the articles is no longer what the plan was made of: a takedown, above all."""
    raw = plan.context.raw
    changed = [name for name, sha256 in _describing(raw).items() if sha256 != plan.context.described[name]]
    if changed:
        raise QantarError(f"{raw / changed[0]}: changed while the build was made, so it was not published; build again")


def _describing(raw: Path) -> dict[str, str]:
    return {name: file_digest(raw / name) for name in (AUTHORITY_FILE, CATALOGUE_FILE, CORPUS_FILE, TAKEDOWNS_FILE)}


ROOM = 2**20
"""Bytes that Prefect's database may need for a run."""
STOPPED = "the run was told to stop before it was done; the next one makes it good"
_MOST_SHOWN = 10
SOURCE_TREE = Path(__file__).parents[1]
_COUNTS = ["articles", "documents", "canonical", "rejected", "sentences", "mentions", "entities", "quotes", "quote_groups"]


def _gold_digest(raw: Path, corpus: Corpus) -> str:
    found = [path for folder in gold_folders(raw, corpus).values() if folder for path in sorted(folder.glob("*.json"))]
    return digest(*(f"{path.parent.name} {path.name} {file_digest(path)}" for path in found))


def gold_folders(raw: Path, corpus: Corpus) -> dict[str, Path | None]:
    """The folders of annotated articles that the corpus is measured on: beside its raw folder, else in the pipeline's own source tree.

    None where one that corpus.toml names is not there.
    """
    return {
        name: next((folder for place in (raw, SOURCE_TREE) if (folder := (place / name).resolve()).is_dir()), None) for name in corpus.gold
    }


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
    started: str = field(default_factory=history.now)

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

    def row(self) -> BuildRun:
        """The run's row in the history."""
        return BuildRun(
            run_id=short_id("run", self.started, str(os.getpid())),
            build_id=self.plan.build.build_id if self.plan else None,
            started=self.started,
            finished=history.now(),
            seconds=json.dumps(self.progress.seconds),
            outcome=self.outcome,
            message=self.message,
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
        log_run(self.settings.out, row, describe_disk(self.settings.out))
        history.record_run(self.settings.out, row, self.changes)
        if self.outcome == "published" and self.build:
            history.write_run(self.build, row)
        return row

    def note_changes(self, build: Path) -> None:
        """Compare a build that is to be published with the one that readers have, before they have it."""
        from flows.publish.diff import document_changes

        out = self.settings.out
        before = builds.latest_build(out)
        if before and not (before / history.RUN_FILE).exists():  # its run was killed before it could tell of it
            told = [out / "builds" / name for name in history.published(out) if name != before.name]
            before = next((folder for folder in reversed(told) if folder.is_dir()), None)
        if before is None or before.name != build.name:
            self.changes = document_changes(before, build)


@contextmanager
def open_run(settings: Settings) -> Iterator[Run]:
    """Hold the output folder for a run, and keep what became of it in the history, whether it published or failed."""
    with Progress() as progress:
        run = Run(settings, progress)
        try:
            with _held(settings, progress.say if settings.wait else None):
                yield run
                try:
                    run.tell()
                except (OSError, sqlite3.Error) as error:  # the build is out; the next run makes it again, and tells of it
                    progress.say(f"{settings.out / history.NAME}: the run could not be written into the history: {error}")
        except BaseException as error:
            told_to = not isinstance(error, Exception)  # Ctrl-C, or what Prefect makes of SIGTERM: nobody need be told
            run.outcome, run.message = "failed", STOPPED if told_to else str(error) or type(error).__name__
            keep_failure(settings, run.row(), alarm=not told_to)
            raise


@contextmanager
def _held(settings: Settings, waits: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the output folder; a run that was killed while it did is told of now, for it could not."""
    with builds.locked(settings.out, waits) as left:
        if left:
            note_killed(settings, left)
        yield


def note_killed(settings: Settings, left: str) -> None:
    """Tell the history, and who is to be told of failures, of a run that ended without a word."""
    started = left.rpartition("since ")[2]
    message = f"{left}: the run was killed, for want of memory perhaps, or the machine stopped; the next one makes it good"
    run_id, finished = short_id("run", left), history.now()
    row = BuildRun(run_id=run_id, build_id=None, started=started, finished=finished, seconds="{}", outcome="failed", message=message)
    keep_failure(settings, row)


def keep_failure(settings: Settings, row: BuildRun, *, alarm: bool = True) -> None:
    """Tell of a failed run wherever it can be told: a full disk, or none, must not hide what went wrong."""
    with suppress(OSError, sqlite3.Error):
        log_run(settings.out, row)
        history.record_run(settings.out, row)
    if alarm:
        tell_failure(settings, row.message)


def find_killed(settings: Settings) -> None:
    """Tell of a run that was killed now, rather than when the next one is due."""
    if builds.left_by_killed(settings.out):
        with suppress(QantarError, OSError), _held(settings):  # a run under way holds the folder
            pass


def find_unchanged(settings: Settings) -> BuildRun | None:
    """The run, if there is nothing to do because a whole build of the same input is there; it needs no flow, so it takes a second.

    A Prefect server that is configured is told of every run, so there is none to find; nor where anything is wrong: the flow reports it.
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


def check_room(settings: Settings, home: Path) -> None:
    """Raise QantarError, and tell of it, where Prefect's own database has no room: its server would be waited for in vain."""
    probe = home / ".room"
    try:
        probe.write_bytes(bytes(ROOM))
    except OSError as error:
        message = f"{home}: Prefect cannot write there ({error.strerror}), so nothing was published; free disk space or mend its rights"
        tell_failure(settings, message)
        raise QantarError(message) from error
    finally:
        with suppress(OSError):
            probe.unlink()


def start_server(settings: Settings) -> str | None:
    """The address of a Prefect server for this run. Raises QantarError, and tells of it, where none comes up.

    None for a cluster whose workers may be elsewhere, where it would not answer: Prefect starts one for each.
    """
    from flows.server import own_server

    check_room(settings, Path(os.environ["PREFECT_HOME"]))
    if settings.dask_address:
        return None
    try:
        return own_server()
    except QantarError as error:
        tell_failure(settings, str(error))
        raise


def tell_failure(settings: Settings, message: str) -> None:
    """Run the command that is to be told of a failed build, with what went wrong in QANTAR_MESSAGE."""
    if settings.on_failure is None:
        return
    environment = {**os.environ, "QANTAR_MESSAGE": message, "QANTAR_OUT": str(settings.out)}
    try:
        subprocess.run(shlex.split(settings.on_failure), env=environment, timeout=60, check=True)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        print(f"qantar: --on-failure {settings.on_failure!r} failed itself: {error}", file=sys.stderr)
