"""The flow: the whole pipeline on one screen.

Articles are read and cleaned, duplicates found, what is left annotated; names are resolved to entities; the tables are written,
validated, and published by one switch. A stage works shard by shard; what an earlier run stored is not computed again.
"""

import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from httpx import HTTPError
from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from qantar.pipeline import steps
from qantar.pipeline.fetching_first import Brought, fetch_sources
from qantar.pipeline.plan import Plan, make_plan
from qantar.pipeline.publishing import (
    EARLY,
    check_early,
    conclude,
    in_order,
    publish_build,
    ready_to_validate,
    share_tables,
    summary,
    validate_tables,
)
from qantar.pipeline.run import Run, open_run
from qantar.pipeline.shard_rows import count_rows
from qantar.pipeline.shards import count_records, cut_shards, hold_few
from qantar.pipeline.workers import compute, in_turn, make_ready, use_one, worker_processes
from qantar.pipeline.writing import (
    Parts,
    Shards,
    check_rejected,
    measure_build,
    sums_of_parts,
    write_blocks,
    write_csvs,
    write_documents,
    write_quotes,
    write_sqlite,
    write_tables,
)
from qantar.publish.description import sum_files
from qantar.publish.shared_parts import find_shared
from qantar.schema import BuildRun
from qantar.settings import QantarError, Settings
from qantar.store import builds

LEAST_TASKS, LEAST_AGAIN = 16, 4
"""Tasks for each worker, if there are as many shards: enough that no worker waits long for another at the end. The second number is for
a re-run, where most shards are stored."""
MOST_SHARDS = 16
"""Shards of a task at most: a task costs a hundredth of a second, which several share."""
FEW_ARTICLES = 8
"""So many to a task at least: a second process would take longer to load what reads and annotates them than these take."""


@flow(name="qantar", persist_result=False)
def build_dataset(settings: Settings) -> BuildRun:
    """raw → a validated, published build. Raises QantarError when there is nothing to publish; the latest build then stays."""
    brought = fetch(settings)  # before the folder is held: it takes an hour where hosts are slow
    with open_run(settings, brought) as run, worker_processes(settings):
        plan = make_plan(settings)
        if not run.is_published(plan):
            run.tell_plan(plan)
            here = plan.context
            pieces = cut_shards(here.raw, plan.sources)
            if hold_few(pieces, FEW_ARTICLES):
                use_one()
            read = each(run, steps.read_shard, here, pieces, n=map(count_records, pieces))
            shards_read = list(chain.from_iterable(read))
            articles = [shard.folder for shard in shards_read]
            if len(articles) < settings.workers:  # a core is idle
                make_ready(validate_tables, ready_to_validate)
            n = [count_rows(shard, "articles") for shard in articles]
            recurring, renaming = together(run, "recurring", (steps.recurring_lines, articles), (steps.find_repeated, shards_read))
            corrections = steps.place_corrections(plan.corrections, shards_read, renaming)
            cleaned = each(run, steps.clean_shard, here, articles, recurring, renaming, corrections.shards, n=n)
            check_rejected(plan, cleaned, run.progress.say)
            staged = builds.stage(settings.out, plan.build.build_id)
            comparing = (steps.deduplicate, here, cleaned, corrections.of_all)
            deduplicated, blocks = together(run, "deduplicate", comparing, (write_blocks, plan, cleaned, staged, run.before))
            annotated, resolved, linked = [], None, []
            if settings.annotate:
                copies = steps.duplicates_in(cleaned, deduplicated)
                annotated = each(run, steps.annotate_shard, here, cleaned, copies, corrections.shards, n=n)
                resolved = one(run, steps.resolve_names, here, annotated, corrections)
                links = steps.links_of(resolved, annotated)
                linked = each(run, steps.link_shard, here, cleaned, annotated, links, corrections.shards, n=n)
            shards = Shards(
                read=shards_read,
                renaming=renaming,
                corrections=corrections,
                cleaned=cleaned,
                deduplicated=deduplicated,
                annotated=annotated,
                resolved=resolved,
                linked=linked,
            )
            make_dataset(run, plan, shards, staged, blocks)
        with suppress(HTTPError):  # a server that is gone makes no build that is published a failed one
            create_markdown_artifact(key="qantar-build", markdown=summary(run), description="What the build read, made and rejected")
        return run.row()


def make_dataset(run: Run, plan: Plan, shards: Shards, staged: Path, blocks: Parts) -> None:
    """The rows of all shards → a validated, published build. Tasks that do not need each other's results run together."""
    tables = together(run, "write", *((write, plan, shards, staged) for write in (write_documents, write_quotes, write_tables)))
    one(run, measure_build, plan, shards, staged)
    parts = dict(chain.from_iterable(its.items() for its in (blocks, *tables)))
    sums = sums_of_parts(parts)
    shared = find_shared(staged, sums, run.before)
    shares = share_tables(staged, run.settings.workers, shared)
    early, late = ([share for share in shares if (share.places == EARLY) is is_early] for is_early in (True, False))
    others = (check_early, plan.context, staged, shards, shared, early), (write_csvs, staged, parts)
    _, (unproven, found), digests = together(run, "formats", (write_sqlite, staged, shared), *others)
    *checked, more = together(run, "validate", *((validate_tables, staged, some, unproven) for some in late), (sum_files, staged))
    conclude(run, staged, in_order([*zip(early, found, strict=True), *zip(late, checked, strict=True)]), unproven.proofs)
    publish_build(run, staged, digests, sums | more, shared)


def fetch(settings: Settings) -> Brought:
    """Fetch what raw/sources.toml follows, if that is wanted, as a task in this process: the folder is here. Its failure fails no build."""
    if not settings.collect:
        return Brought()
    collecting: Any = fetch_sources
    first: Any = task(
        collecting,
        name="collect",
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=2,
        retry_delay_seconds=[10, 60],
        retry_condition_fn=_may_pass,
    )
    try:
        brought: Brought = first(settings)
    except (QantarError, OSError, sqlite3.Error) as error:
        return Brought(warnings=[f"nothing was collected: {error}"])
    return brought


def each(run: Run, step: Callable[..., Any], context: Any, *shards: Iterable[Any], n: Iterable[int]) -> list[Any]:
    """Run a step on every shard, which holds `n` articles, some shards a task; their results in the shards' order."""
    calls = list(zip(*shards, strict=True))
    counts = list(n)
    for_each = LEAST_TASKS if run.before is None else LEAST_AGAIN
    tasks = min(for_each * run.settings.workers, -(-sum(counts) // FEW_ARTICLES) or 1)
    size = min(MOST_SHARDS, -(-len(calls) // tasks)) or 1
    firsts = range(0, len(calls), size)
    submitted = [_task(step).submit(partial(in_turn, step, context, calls[i : i + size])) for i in firsts]
    done = run.progress.each(step.__name__.removesuffix("_shard"), submitted, [sum(counts[i : i + size]) for i in firsts])
    return [result for future in done for result in future.result()]


def one(run: Run, step: Callable[..., Any], *arguments: Any) -> Any:
    """Run a step that sees all shards at once, as one task."""
    with run.progress.stage(step.__name__.split("_")[0]):
        return _task(step).submit(partial(step, *arguments)).result()


def together(run: Run, name: str, *calls: tuple[Any, ...]) -> list[Any]:
    """Call functions that do not need each other's results, as a task each; what they return, in order."""
    with run.progress.stage(name):
        submitted = [_task(function).submit(partial(function, *arguments)) for function, *arguments in calls]
        return [future.result() for future in submitted]


def _task(step: Callable[..., Any]) -> Any:
    compute_step: Any = compute
    return task(
        compute_step,
        name=step.__name__,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=2,
        retry_delay_seconds=[1, 10],
        retry_condition_fn=_can_pass,
    )


def _may_pass(task: Any, task_run: Any, state: Any) -> bool:
    """A disk or a database that was busy may not be so the next time; settings that are wrong stay wrong."""
    try:
        state.result()
    except (OSError, sqlite3.Error):
        return True
    except Exception:
        return False
    return False


def _can_pass(task: Any, task_run: Any, state: Any) -> bool:
    """A killed worker or a lost connection may be another's fault, and gone the next time; all else would fail again."""
    try:
        state.result()
    except (BrokenProcessPool, ConnectionError, TimeoutError):
        return True
    except Exception:
        return False
    return False
