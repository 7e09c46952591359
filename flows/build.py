"""The flow: the whole pipeline on one screen.

Articles are read and cleaned, duplicates found, what is left annotated; names are resolved to entities; the tables are written,
validated, and published by one switch. A stage works shard by shard; what an earlier run stored is not computed again.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import Any

from httpx import HTTPError
from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.settings import PREFECT_API_URL, get_current_settings, temporary_settings
from prefect.task_runners import ThreadPoolTaskRunner

from flows import steps
from flows.assemble import Shards, check_rejected, measure_build, write_csvs, write_quotes, write_sqlite, write_tables, write_texts
from flows.finish import conclude, publish_build, share_tables, summary, validate_tables
from flows.run import Run, make_plan, open_run, start_server
from flows.schema import BuildRun
from flows.settings import QantarError, Settings
from flows.shards import count_records, cut_shards
from flows.store import builds, history
from flows.workers import compute, in_turn, worker_processes

LEAST_TASKS, MOST_SHARDS = 16, 16
"""So many tasks for each worker, if there are as many shards, so that none waits long for another at the end; but a task costs a
hundredth of a second, so that it may be so many shards."""


@flow(name="qantar", persist_result=False)
def build_dataset(settings: Settings) -> BuildRun:
    """raw → a validated, published build. Raises QantarError when there is nothing to publish; the latest build then stays."""
    with open_run(settings) as run, worker_processes(settings):
        plan = make_plan(settings)
        if not run.is_published(plan):
            run.tell_plan(plan)
            here = plan.context
            pieces = cut_shards(here.raw, plan.sources)
            read = each(run, steps.read_shard, here, pieces, n=map(count_records, pieces))
            shards_read = list(chain.from_iterable(read))
            articles = [shard.folder for shard in shards_read]
            n = [steps.count_rows(shard, "articles") for shard in articles]
            recurring = one(run, steps.recurring_lines, articles)
            cleaned = each(run, steps.clean_shard, here, articles, recurring, steps.find_repeated(shards_read), n=n)
            check_rejected(plan, cleaned, run.progress.say)
            deduplicated = one(run, steps.deduplicate, here, cleaned)
            annotated, resolved, linked = [], None, []
            if settings.annotate:
                annotated = each(run, steps.annotate_shard, here, cleaned, steps.duplicates_in(cleaned, deduplicated), n=n)
                resolved = one(run, steps.resolve_names, here, annotated)
                linked = each(run, steps.link_shard, here, cleaned, annotated, steps.links_of(resolved, annotated), n=n)
            shards = Shards(
                read=shards_read, cleaned=cleaned, deduplicated=deduplicated, annotated=annotated, resolved=resolved, linked=linked
            )
            staged = builds.stage(settings.out, plan.build.build_id)
            together(run, "write", (write_quotes, shards, staged), (write_tables, plan, shards, staged))
            one(run, measure_build, plan, shards, staged)
            _, _, digests = together(run, "formats", (write_sqlite, staged), (write_texts, staged, shards), (write_csvs, staged))
            checked = together(run, "validate", *((validate_tables, staged, some) for some in share_tables(staged, settings.workers)))
            conclude(staged, settings.out / "failed" / staged.name, list(chain.from_iterable(checked)))
            publish_build(run, staged, digests)
        with suppress(HTTPError):  # a server that is gone makes no build that is published a failed one
            create_markdown_artifact(key="qantar-build", markdown=summary(run), description="What the build read, made and rejected")
        return run.row()


def run_build(settings: Settings) -> BuildRun:
    """Run the flow with its tasks on this machine, or on a Dask cluster.

    Raises QantarError when there is nothing to publish, or Prefect's server goes before all is done; what comes of the run after
    it was published is no matter.
    """
    tasks: Any = ThreadPoolTaskRunner(max_workers=settings.workers)
    if settings.runner == "dask":
        os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "warning")
        from prefect_dask.task_runners import DaskTaskRunner

        here = {"n_workers": settings.workers, "threads_per_worker": 1, "dashboard_address": None}
        where: Any = {"address": settings.dask_address} if settings.dask_address else {"cluster_kwargs": here}
        tasks = DaskTaskRunner(**where)
    began = history.now()
    try:
        with temporary_settings({PREFECT_API_URL: get_current_settings().api.url or start_server(settings)}):
            return build_dataset.with_options(task_runner=tasks)(settings)
    except HTTPError as error:
        run = history.read_told(settings.out / history.NAME).newest
        if run is None or run.outcome == "failed" or run.finished < began:
            remedy = "start it again, or unset PREFECT_API_URL, and run again"
            raise QantarError(f"Prefect's server does not answer any more ({error}), so nothing was published; {remedy}") from error
        return run


def each(run: Run, step: Callable[..., Any], context: Any, *shards: Iterable[Any], n: Iterable[int]) -> list[Any]:
    """Run a step on every shard, which holds `n` articles, some shards a task; their results in the shards' order."""
    calls = list(zip(*shards, strict=True))
    size = min(MOST_SHARDS, -(-len(calls) // (LEAST_TASKS * run.settings.workers))) or 1
    firsts, counts = range(0, len(calls), size), list(n)
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


def _can_pass(task: Any, task_run: Any, state: Any) -> bool:
    """A killed worker or a lost connection may be another's fault, and gone the next time; all else would fail again."""
    try:
        state.result()
    except (BrokenProcessPool, ConnectionError, TimeoutError):
        return True
    except Exception:
        return False
    return False
