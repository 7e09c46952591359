"""Private interfaces of dependencies that Qantar needs, each in one function that says what for and what breaks without it.

`tests/test_compat.py` has a test for each, which fails when an upgrade changes it. Nothing else in the package uses a name that its
dependency keeps to itself; dependencies are imported late.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import threading
import uuid
from contextlib import contextmanager, suppress
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from re import _constants as pattern_parts  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import ModuleType

__all__ = [
    "end_at_once",
    "end_writing_thread",
    "feature_bytes",
    "feature_counts",
    "feature_tables",
    "fork_worker_server",
    "holds",
    "http_protocol",
    "import_fastapi",
    "import_great_expectations",
    "import_prefect",
    "import_spacy",
    "keep_arrow_from_pandas",
    "language_identifier",
    "load_page",
    "page_licence",
    "parse_pattern",
    "pattern_parts",
    "prefect_app",
    "stop_runner_by",
    "with_server",
    "without_certificates",
    "without_garbage",
]


def parse_pattern(pattern: str) -> Any:
    """The parts of a regular expression, whose kinds `pattern_parts` names (`re._parser`, `re._constants`).

    Without it, stages/blocks/literals.py cannot tell which words a rule's pattern needs, and each rule is tried on each line.
    """
    return _parser.parse(pattern)


def load_page(html: str) -> Any:
    """The tree of a page, None for none (`trafilatura.utils.load_html`). Without it, no page is read."""
    from trafilatura.utils import load_html

    return load_html(html)


def page_licence(tree: Any) -> str | None:
    """The licence that a page names (`trafilatura.metadata.extract_license`). Without it, `documents.licence` of pages is empty."""
    from trafilatura.metadata import extract_license

    found: str | None = extract_license(tree)
    return found


def language_identifier() -> Any:
    """py3langid's identifier with its shipped model, whose numbers are used as they lie in the file (`_rowbase`, and what a model holds).

    Without it, the model goes by a temporary file and through lists, and takes half as long again to load.
    """
    import lzma

    import numpy as np
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    from qantar.stored_arrays import arrays_in

    data: dict[str, Any] = arrays_in(lzma.decompress(Path(MODEL_DIR, MODEL_FILE).read_bytes()))  # which checks them
    tables = memoryview(data["nextmove"]), memoryview(data["out_feat"])
    identifier = LanguageIdentifier(data["ptc"], data["pc"], data["classes"].tolist(), *tables, norm_probs=True, tk_row=[])
    identifier._rowbase = memoryview(data["nextmove_row"].astype(np.uint32) << 8)
    return identifier


def feature_counts(identifier: Any, text: str) -> tuple[dict[int, int], int]:
    """How often each feature of py3langid's model is in a text, by its number, and the bytes looked at.

    Uses `_encode`, `_rowbase` and `visit_counts`. Without it, languages are identified by floating-point products whose last bits depend
    on the processor.
    """
    from py3langid.langid import visit_counts

    encoded = identifier._encode(text)
    return visit_counts(identifier.tk_nextmove, identifier._rowbase, identifier.tk_output, encoded) or {}, len(encoded)


def feature_tables(identifier: Any) -> tuple[Any, Any, Any]:
    """What `feature_counts` walks on, as arrays: where a letter leads from a state's row, the row of each state, and the state's feature.

    A feature below 0 is none. Uses `tk_nextmove`, `_rowbase` and `tk_output`. Without it, texts are walked one by one, which takes thrice
    the time.
    """
    import numpy as np

    tables = identifier.tk_nextmove, identifier._rowbase, identifier.tk_output
    return np.frombuffer(tables[0], np.uint32), np.array(tables[1], np.int64), np.array(tables[2], np.int64)


def feature_bytes(identifier: Any, text: str) -> bytes:
    """The bytes of a text in which py3langid looks for features (`_encode`)."""
    encoded: bytes = identifier._encode(text)
    return encoded


_GX = "great_expectations"
_GX_SPARED = ("checkpoint", "core.validation_definition", "data_context", "execution_engine", "expectations.metrics", "render.view")
"""What runs expectations on data of its own, and renders results."""
_EXPECTATIONS = frozenset(
    {
        "expect_column_pair_values_to_be_equal",
        "expect_column_values_to_be_between",
        "expect_column_values_to_be_in_set",
        "expect_column_values_to_be_unique",
        "expect_column_values_to_match_regex",
        "expect_column_values_to_not_be_null",
        "expect_compound_columns_to_be_unique",
        "expect_table_columns_to_match_ordered_list",
        "unexpected_rows_expectation",
    }
)
"""Its modules of the expectations that ours are or build on; one that is not named here is an empty class."""


def import_great_expectations() -> None:
    """Import Great Expectations' suites and those of its expectations that are used, but nothing that runs them on data of its own.

    `holds` gives them what was found elsewhere: its contexts, engines, metrics, checkpoints and pages are given as empty modules, and
    statistics and plots (scipy, altair), pandas and SQLAlchemy, which those need, are left out, as is what writes suites into files
    (marshmallow); the first two are not even installed by requirements.lock, 140 MB less. Whoever needs these afterwards imports them
    as usual. Without it, the import takes ten times the time.
    """
    if _GX not in sys.modules:
        core = Path(str(find_spec(_GX).origin)).parent.joinpath("expectations", "core")  # type: ignore[union-attr]
        others = {path.stem for path in core.glob("*.py")} - _EXPECTATIONS - {"__init__"}
        spared = [*(f"{_GX}.{name}" for name in _GX_SPARED), *(f"{_GX}.expectations.core.{name}" for name in others)]
        spared += {"altair", "pandas", "scipy"} - set(sys.modules)
        empty: dict[str, dict[str, Any]] = {name: {"__getattr__": _empty_class} for name in spared}
        empty["marshmallow"] = {"__getattr__": _unused}
        with _spared(empty, refused="sqlalchemy"):
            import great_expectations  # noqa: F401


class _UnusedError(Exception):
    """A class, an error, a decorator or a field, made of whatever, that nothing uses."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """Whatever it is made of."""

    def __call__(self, *_: Any, **__: Any) -> _UnusedError:
        """A decorator takes what it stands before."""
        return self


def _unused(name: str) -> type:
    if name.startswith("__") or name in ("fields", "validate"):  # modules
        raise AttributeError(name)
    return _UnusedError


def _empty_class(name: str) -> type:
    if name.startswith("__"):
        raise AttributeError(name)
    return type(name, (), {})


def keep_arrow_from_pandas() -> None:
    """Let Arrow find that there is no pandas; it asks for it once a process, when it makes its first array.

    Without it, the process that forks the workers imports pandas, which nothing there uses.
    """
    with _spared({}, refused="pandas"):
        import pyarrow as pa

        pa.array([""])


@contextmanager
def without_certificates() -> Iterator[None]:
    """For a while, have Prefect's clients read no certificates: their server is this machine's own, by HTTP.

    Each of five clients of a run reads them all (`ssl.create_default_context`). A server asked by HTTPS would be refused. Without it,
    a build takes a tenth of a second more.
    """
    import ssl

    from prefect._internal import version_checking
    from prefect.client import orchestration

    bare = SimpleNamespace(**vars(ssl) | {"create_default_context": lambda **_: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)})
    with _instead(version_checking, "ssl", bare), _instead(orchestration, "ssl", bare):
        yield


def import_spacy() -> None:
    """Import spaCy without its command line (`spacy.cli`), of which it offers `spacy.info` alone.

    Without it, the import takes half as much time again. The command line may be imported as usual afterwards.
    """
    if "spacy" not in sys.modules:
        with _spared({"spacy.cli": {}, "spacy.cli.info": {"info": None}}):
            import spacy
        for name in ("cli", "info"):
            delattr(spacy, name)


def import_prefect() -> None:
    """Import Prefect for a process that runs one flow, without what reads descriptions of parameters and blocks (griffe), what sends
    messages (`prefect.blocks.notifications`, `webhook`), draws flows (graphviz), and httpx's command line (`httpx._main`).

    Of its settings, those that set up its log are written out alone, not all (`to_environment_variables`). Without it, the import takes
    a third longer. What is left out may be imported as usual afterwards.
    """
    if "prefect" not in sys.modules:
        reader: dict[str, Any] = {"parse": lambda *_: [], **dict.fromkeys(("Docstring", "DocstringSection", "DocstringSectionKind"), _Idle)}
        spared: dict[str, dict[str, Any]] = {"griffe": {**reader, "Parser": SimpleNamespace(google=None)}}
        spared["graphviz"] = {"__getattr__": _empty_class}
        spared |= {"prefect.blocks.notifications": {}, "prefect.blocks.webhook": {}}
        with _spared(spared, refused="httpx._main"), without_garbage():
            from prefect import settings

            class Logged(dict[str, str]):
                def __missing__(self, name: str) -> str:
                    return str(getattr(settings, name.replace("INTERNAL_LOGGING", "LOGGING_INTERNAL")).value())

            with _instead(settings.Settings, "to_environment_variables", lambda *_, **__: Logged()):
                import prefect.main  # noqa: F401


def import_fastapi() -> None:
    """Import what Prefect's server and a flow both need of FastAPI; the models of its documentation are made when one is used.

    While it is imported, that is Pydantic's default (`pydantic._internal._config.config_defaults`). Without it, the import takes twice
    the time.
    """
    from pydantic._internal._config import config_defaults

    its_own = config_defaults.get("defer_build", False)
    config_defaults["defer_build"] = True
    try:
        from fastapi import encoders  # noqa: F401
    finally:
        config_defaults["defer_build"] = its_own


@contextmanager
def with_server(url: str | None) -> Iterator[None]:
    """For a while, have Prefect report to this server (`SettingsContext`).

    `temporary_settings` reads all settings of the environment and of files once more, which takes a fortieth of a second.
    """
    from prefect.context import SettingsContext, get_settings_context

    context = get_settings_context()
    api = context.settings.api.model_copy(update={"url": url})
    with SettingsContext(profile=context.profile, settings=context.settings.model_copy(update={"api": api})):
        yield


@contextmanager
def _spared(packages: dict[str, dict[str, Any]], refused: str = "") -> Iterator[None]:
    """For a while, give empty modules in place of some packages and all in them, but for these names in them, and one not at all."""
    spared = _Spared(packages, refused)
    sys.meta_path.insert(0, spared)
    try:
        yield
    finally:
        sys.meta_path.remove(spared)
        for name, module in list(sys.modules.items()):
            if getattr(getattr(module, "__spec__", None), "loader", None) is spared:
                del sys.modules[name]


class _Spared(MetaPathFinder, Loader):
    """Finds the empty modules."""

    def __init__(self, packages: dict[str, dict[str, Any]], refused: str) -> None:
        self._packages, self._refused = packages, refused

    def _nearest(self, name: str) -> str:
        while name and name not in self._packages:
            name = name.rpartition(".")[0]
        return name

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """An empty module for a package that is spared, None for those that are imported as usual."""
        if fullname == self._refused:
            raise ModuleNotFoundError(fullname)
        return ModuleSpec(fullname, self, is_package=True) if self._nearest(fullname) else None

    def exec_module(self, module: ModuleType) -> None:
        """Leave it empty but for its names."""
        vars(module).update(self._packages[self._nearest(module.__name__)])


def holds(expectation: Any, metrics: dict[str, Any]) -> bool:
    """What an expectation says of metrics that were computed elsewhere (`Expectation._validate`).

    Without it, Great Expectations computes them itself, in pandas and SQLAlchemy, in ten times the time.
    """
    return bool(expectation._validate(metrics, runtime_configuration={"result_format": "BOOLEAN_ONLY"})["success"])


def end_at_once(code: int | str | None) -> NoReturn:
    """End this process as `sys.exit(code)` would, but without tearing down its modules.

    Threads are joined (`threading._shutdown`), exit functions called (`atexit._run_exitfuncs`) and output is flushed. Without it, a build
    takes half a second of processor time more, to tear down what Prefect imported.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    if isinstance(code, str):
        print(code, file=sys.stderr)
        code = 1
    for stream in _open_streams():
        try:
            stream.flush()
        except OSError:  # nobody reads it any more
            code = code or 120
    os._exit(code or 0)


def _open_streams() -> list[TextIO]:
    """Standard output and standard error; a service may start a process without either."""
    return [stream for stream in (sys.stdout, sys.stderr) if stream and not stream.closed]


def fork_worker_server(prepare: Callable[[], object]) -> None:
    """Start the server that forks workers (`multiprocessing.forkserver`) as a fork of this process, which must have one thread.

    It need not import again what this process has imported, and calls `prepare` first. As a program of its own would, it keeps no file
    of this process open but those it is given. While it starts, a function stands in for `multiprocessing.util.spawnv_passfds`; the lock
    held then (`ForkServer._lock`) is released in the fork. Should it fail, `multiprocessing` starts one of its own when a worker is
    wanted. Without it, each build imports the same twice.
    """
    from multiprocessing import forkserver, resource_tracker, util

    def fork(_program: str, _arguments: Sequence[str], passed: Sequence[int]) -> int:
        for stream in _open_streams():
            stream.flush()  # or each worker would write it out, too
        pid = os.fork()
        if pid:
            return pid
        try:
            on_interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
            for number in {int(path.name) for path in Path("/proc/self/fd").iterdir()}.difference(range(3), passed):
                with suppress(OSError):  # the listing itself
                    os.close(number)
            forkserver._forkserver._lock.release()  # type: ignore[attr-defined]
            prepare()
            signal.signal(signal.SIGINT, on_interrupt)  # for its workers; it heeds none itself
            listener, alive, *key = passed
            more: dict[str, Any] = {"authkey_r": key[0]} if key else {}  # from Python 3.14 on
            forkserver.main(listener, alive, [], **more)
        finally:
            os._exit(0)

    resource_tracker.ensure_running()
    with _instead(util, "spawnv_passfds", fork):
        forkserver.ensure_running()


def prefect_app() -> Any:
    """The ASGI application of Prefect's server, without its pages (`create_app(ephemeral=True)`), what a run asks first (`API_ROUTERS`).

    The parts that a run uses are at its front; routes that it does not ask for are made when somebody asks for one (`LateRoutes`).
    Without it, a build waits for Prefect's own temporary server, which may outlive a killed build.

    What works through its tasks in the background (docket, with Redis and beartype) is left out where none is enabled: it is a third of
    what the server imports. So are the parts for deployments and their workers, of which there are none here (`_UNASKED`). Settings are
    not written out three times to tell this application from others, of which there are none here (`Settings.hash_key`), nor to set up
    the log once more (`setup_logging`): that takes half as long as all else that makes it.
    """
    from fastapi import APIRouter
    from prefect.logging import configuration
    from prefect.settings import Settings, get_current_settings

    from qantar.late_routes import LateRoutes

    serving = get_current_settings().server
    services = serving.services
    idle = {"Docket", "Worker", "CurrentDocket", "Depends", "Logged", "Perpetual", "Retry"}
    docket: dict[str, dict[str, Any]] = {
        "docket": dict.fromkeys(idle, _Idle),
        "docket.dependencies": {"get_single_dependency_parameter_of_type": _Idle},
        "docket.execution": {"TaskFunction": _Idle},
    }
    needed = services.db_vacuum.enabled_vacuum_types or services.triggers.enabled or serving.register_blocks_on_start
    needed = needed or "docket" in sys.modules
    part = {"router": APIRouter(), "WorkerLookups": type("WorkerLookups", (), {})}
    part |= dict.fromkeys(("flows", "flow_runs", "schemas", "task_runs"), SimpleNamespace(router=part["router"]))  # those of `ui`
    if services.triggers.enabled:
        import prefect.blocks.notifications
        import prefect.blocks.webhook  # noqa: F401  # both are what automations send
    webhook: dict[str, dict[str, Any]] = {"prefect.blocks.webhook": {"Webhook": _Idle}}
    spared = {} if needed else docket | webhook | {f"prefect.server.api.{name}": part for name in _UNASKED}
    from prefect.server.utilities.server import PrefectRouter

    late = LateRoutes(PrefectRouter.add_api_route)
    with _spared(spared), without_garbage(), _instead(PrefectRouter, "add_api_route", lambda *its, **options: late.keep(*its, **options)):
        from prefect.server import api
        from prefect.server.api import server

    asked = ("admin", "csrf_token", "flows", "flow_runs", "events", "artifacts", "task_runs", "logs", "root")
    first = [getattr(api, name).router for name in asked]
    server.API_ROUTERS = (*first, *(router for router in server.API_ROUTERS if router not in first))
    with _instead(Settings, "hash_key", lambda _: "the only one"), _instead(configuration, "setup_logging", dict):
        late.app = server.create_app(ephemeral=True)
    return late


_UNASKED = (
    *("automations", "collections", "concurrency_limits", "concurrency_limits_v2", "deployments", "saved_searches", "task_workers"),
    *("templates", "ui", "variables", "work_queues", "workers"),
)
"""Parts of the server's API that nothing asks of a server of one run."""


@contextmanager
def without_garbage() -> Iterator[None]:
    """Look for no garbage while much is imported, nor ever among what was."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


@contextmanager
def _instead(owner: Any, name: str, stands_in: object) -> Iterator[None]:
    """For a while, put another function or module in the place of one that is there."""
    its_own = getattr(owner, name)
    setattr(owner, name, stands_in)
    try:
        yield
    finally:
        setattr(owner, name, its_own)


class _Idle:
    """Stands for what docket offers: takes anything, and does nothing."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """Whatever it is made of."""

    @classmethod
    def forever(cls, **_: Any) -> _Idle:
        """Whatever is tried again."""
        return cls()

    async def __aenter__(self) -> _Idle:
        return self

    async def __aexit__(self, *_: object) -> None:
        """There is nothing to end."""

    def register_collection(self, path: str) -> None:
        """No task is ever asked for."""

    async def run_forever(self) -> None:
        """Wait until cancelled."""
        import asyncio

        await asyncio.Event().wait()


def stop_runner_by(runner: Any, stop: Callable[[], object]) -> None:
    """Have Prefect's runner call `stop` for SIGTERM (`Runner.handle_sigterm`). Without it, it waits for the run under way to end."""
    assert callable(runner.handle_sigterm)
    runner.handle_sigterm = lambda *_: stop()


def end_writing_thread(database: Any) -> None:
    """End the thread in which Datasette writes its own catalogue (`Database._write_queue`); it never does itself.

    Without it, each switch to a new build leaves a thread behind.
    """
    if database._write_queue is not None:
        database._write_queue.put(_Leave())


class _Leave:
    """A task for Datasette's writing thread that ends it."""

    task_id = uuid.UUID(int=0)

    def fn(self, _connection: object) -> None:
        sys.exit()


def http_protocol() -> Any:
    """Uvicorn's protocol for HTTP/1.1, a class to build on (`uvicorn.protocols.http.h11_impl.H11Protocol`).

    explorer/patience.py uses its `cycle`, `loop` and `transport`. Without them, a slow reader can hold a connection permanently.
    """
    from uvicorn.protocols.http.h11_impl import H11Protocol

    return H11Protocol
