"""Private interfaces of dependencies: one module names them, and each still does what Qantar needs it for."""

from __future__ import annotations

import ast
import asyncio
import inspect
import os
import ssl
import subprocess
import sys
import threading
from typing import Any

import pytest

from qantar import compat
from tests.conftest import ROOT


def test_patterns_are_read_into_their_parts() -> None:
    kinds = [kind for kind, _ in compat.parse_pattern(r"a{0,3}[bc]")]
    assert kinds == [compat.pattern_parts.MAX_REPEAT, compat.pattern_parts.IN]


def test_a_page_is_parsed_and_its_licence_read() -> None:
    tree = compat.load_page(
        '<html><body><p>Text.</p><a rel="license" href="https://creativecommons.org/licenses/by/4.0/">Free</a></body></html>'
    )
    assert tree.findtext(".//p") == "Text."
    assert compat.page_licence(tree) == "CC BY 4.0"
    assert compat.load_page("") is None


def test_features_of_a_text_are_counted() -> None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier, as_usual = compat.language_identifier(), LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    once, n_bytes = compat.feature_counts(identifier, "the harbour")
    twice, _ = compat.feature_counts(identifier, "the harbour, the harbour")
    assert n_bytes == 11
    assert once
    assert max(twice.values()) >= 2
    for text in ("the harbour, the harbour", "Le port est fermé.", "Порт закрыт."):
        assert compat.feature_counts(identifier, text) == compat.feature_counts(as_usual, text)
        assert identifier.rank(text) == as_usual.rank(text)
    moves, rows, outputs = compat.feature_tables(identifier)
    state, found = 0, []
    for letter in compat.feature_bytes(identifier, "the harbour"):
        state = moves[rows[state] + letter]
        found += [outputs[state]] if outputs[state] >= 0 else []
    assert sorted(found) == sorted(number for number, n in once.items() for _ in range(n))


def test_an_expectation_judges_what_was_computed_elsewhere() -> None:
    compat.import_great_expectations()
    import great_expectations.expectations as gxe

    never_missing = gxe.ExpectColumnValuesToNotBeNull(column="a")
    metrics = {"table.row_count": 2, "column_values.nonnull.unexpected_count": 0}
    assert compat.holds(never_missing, metrics)
    assert not compat.holds(never_missing, metrics | {"column_values.nonnull.unexpected_count": 1})


def test_great_expectations_is_imported_without_what_runs_it_on_data_of_its_own() -> None:
    code = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("scipy", "altair", "huggingface_hub"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())  # requirements-left-out.txt
from qantar.expectations import suites
suites()
import tokenizers
sys.meta_path.pop(0)
assert not {"scipy", "scipy.stats", "altair", "sqlalchemy", "pandas", "requests"} & set(sys.modules)
kept = ("data_context", "datasource", "execution_engine", "checkpoint", "metrics")
assert not [name for name in sys.modules if name.startswith(tuple(f"great_expectations.{part}" for part in kept))]
import pandas, scipy.stats, sqlalchemy  # whoever needs them has them
assert scipy.stats.norm.cdf(0) == 0.5
assert pandas.DataFrame({"a": [1]}).shape == (1, 1)
assert sqlalchemy.text("SELECT 1") is not None
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)


def test_arrow_makes_arrays_without_pandas() -> None:
    code = """
import sys
from qantar.compat import keep_arrow_from_pandas
keep_arrow_from_pandas()
import pyarrow as pa, pyarrow.compute as pc
assert pc.is_in(pa.array(["a", None]), value_set=pa.array(["a"])).to_pylist() == [True, False]
assert "pandas" not in sys.modules
import pandas
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)


@pytest.mark.parametrize(
    ("code", "ends_with", "said"), [("0", 0, ""), ("None", 0, ""), ("2", 2, ""), ("'no such ship'", 1, "no such ship\n")]
)
def test_a_process_ends_at_once_when_all_is_done(code: str, ends_with: int, said: str) -> None:
    program = f"""
import atexit, sys, threading, time
from qantar.compat import end_at_once
class Ship:
    def __del__(self): print("taken apart")
ship = Ship()
atexit.register(lambda: sys.stdout.write("called"))
threading.Thread(target=lambda: (time.sleep(0.1), sys.stdout.write("waited for, "))).start()
end_at_once({code})
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout, done.stderr) == (ends_with, "waited for, called", said)


def test_a_process_without_standard_output_ends_with_its_code() -> None:
    program = "import sys; from qantar.compat import end_at_once; sys.stdout = None; sys.stderr.close(); end_at_once(3)"
    assert subprocess.run([sys.executable, "-c", program], timeout=300).returncode == 3


@pytest.mark.skipif(sys.platform != "linux", reason="other systems start the server as a program of its own")
def test_workers_are_forked_from_what_this_process_has_imported() -> None:
    code = """
import multiprocessing, os, signal, sys
from concurrent.futures import ProcessPoolExecutor
from qantar.compat import fork_worker_server
sys.stdout.write("said once ")
import colorsys
signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell has what it starts in the background
fork_worker_server(lambda: __import__("stringprep"))
with ProcessPoolExecutor(1, multiprocessing.get_context("forkserver")) as pool:
    modules = pool.submit(eval, "list(__import__('sys').modules)").result()
    print({"colorsys", "stringprep"} <= set(modules), "stringprep" in sys.modules)
    print(pool.submit(signal.getsignal, signal.SIGINT).result() == signal.SIG_IGN)
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, timeout=300, capture_output=True, text=True)
    assert done.stdout.startswith("said once True False\nTrue\n")
    assert done.stdout.count("said once") == 1


def test_prefect_is_imported_without_what_a_run_does_not_use() -> None:
    code = """
import sys
from qantar.compat import import_prefect
import_prefect()
assert not {"griffe", "graphviz", "httpx._main", "prefect.blocks.notifications", "prefect.blocks.webhook"} & set(sys.modules)
from prefect.logging import configuration
from prefect.settings import PREFECT_LOGGING_INTERNAL_LEVEL, PREFECT_LOGGING_LEVEL
as_usual = configuration.load_logging_config(configuration.DEFAULT_LOGGING_SETTINGS_PATH)
assert configuration.PROCESS_LOGGING_CONFIG == as_usual | {"incremental": False}
assert "PREFECT_HOME" in __import__("prefect").settings.get_current_settings().to_environment_variables()
from prefect import flow
assert set(flow(lambda berth: berth, name="harbour").parameters.properties) == {"berth"}
import griffe, graphviz, prefect.blocks.notifications, prefect.blocks.webhook  # whoever needs them has them
assert griffe.Docstring("A ship.").value == "A ship."
assert prefect.blocks.notifications.SlackWebhook
assert prefect.blocks.webhook.Webhook(url="http://127.0.0.1:9").method == "POST"
"""
    env = os.environ | {"PREFECT_LOGGING_LEVEL": "ERROR", "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL"}
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300, env=env)


def test_prefects_clients_read_no_certificates_for_a_while() -> None:
    from prefect.client import orchestration
    from prefect.client.orchestration import PrefectClient, SyncPrefectClient

    def known(client: Any) -> int:
        return client._client._transport._pool._ssl_context.cert_store_stats()["x509_ca"]

    for kind in (PrefectClient, SyncPrefectClient):
        with compat.without_certificates():
            assert known(kind("http://127.0.0.1:9/api")) == 0
        assert known(kind("http://127.0.0.1:9/api")) > 9
    assert vars(orchestration)["ssl"] is ssl


def test_prefect_reports_to_a_server_for_a_while() -> None:
    from prefect.settings import PREFECT_API_URL, get_current_settings

    before = get_current_settings()
    with compat.with_server("http://127.0.0.1:9/api"):
        assert PREFECT_API_URL.value() == "http://127.0.0.1:9/api"
        assert get_current_settings().home == before.home
    assert get_current_settings() is before


def test_models_of_fastapis_documentation_are_made_when_one_is_used() -> None:
    code = """
from qantar.compat import import_fastapi
import_fastapi()
from pydantic import BaseModel
from fastapi import FastAPI
class Ship(BaseModel):
    name: str
assert Ship.__pydantic_complete__
app = FastAPI()
@app.get("/ships")
def ships(first: int = 1) -> list[Ship]:
    return []
assert app.openapi()["paths"]["/ships"]["get"]["parameters"][0]["name"] == "first"
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_routes_of_prefects_server_are_made_when_one_of_them_is_asked_for(tmp_path: Any) -> None:
    code = """
import asyncio, httpx
from qantar.compat import prefect_app
app = prefect_app()
n = len(app._kept)

async def asks(*paths):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://here/api") as client:
        return [(await client.get(path)).status_code for path in paths]

print(asyncio.run(asks("/ready", "/admin/version")), n == len(app._kept) > 50)
print(asyncio.run(asks("/admin/settings", "/nothing", "/admin/version")), len(app._kept))
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "PREFECT_HOME": str(tmp_path)})
    assert ran.stdout.splitlines() == ["[200, 200] True", "[200, 404, 200] 0"], ran.stderr


def test_prefects_server_is_made_once_for_good() -> None:
    from prefect.server.api import server

    before = server.API_ROUTERS
    assert "ephemeral" in inspect.signature(server.create_app).parameters
    assert callable(compat.prefect_app())
    assert len(server.API_ROUTERS) == len(before), "a part is asked of it later, or never; none is missing"
    assert set(map(id, server.API_ROUTERS)) == set(map(id, before))
    assert [router.prefix for router in server.API_ROUTERS[:3]] == ["/admin", "/csrf-token", "/flows"]


def test_prefects_runner_lets_another_handler_end_it() -> None:
    from prefect.runner import Runner

    runner, stopped = Runner(name="harbour"), threading.Event()
    compat.stop_runner_by(runner, stopped.set)
    runner.handle_sigterm(15, None)
    assert stopped.is_set()
    assert "self.handle_sigterm" in inspect.getsource(Runner.start)


def test_datasettes_writing_thread_ends() -> None:
    from datasette.app import Datasette

    async def write() -> Any:
        database = Datasette(memory=True).add_memory_database("harbour")
        await database.execute_write("CREATE TABLE ships (name TEXT)")
        return database

    before = set(threading.enumerate())
    database = asyncio.run(write())
    (thread,) = [t for t in threading.enumerate() if t not in before and "_execute_writes" in t.name]
    compat.end_writing_thread(database)
    thread.join(5)
    assert not thread.is_alive()


def test_uvicorns_protocol_has_what_patience_builds_on() -> None:
    import uvicorn

    async def made() -> Any:
        config = uvicorn.Config(lambda: None, lifespan="off")
        config.load()
        return compat.http_protocol()(config=config, server_state=uvicorn.server.ServerState(), app_state={})

    protocol = asyncio.run(made())
    assert protocol.cycle is None
    assert protocol.loop
    assert hasattr(protocol, "transport")
    methods = ("connection_made", "data_received", "pause_writing", "resume_writing", "connection_lost")
    assert all(callable(getattr(protocol, name)) for name in methods)


PRIVATE = {"datasette", "great_expectations", "prefect", "py3langid", "trafilatura", "uvicorn", "re"}


def test_no_other_module_uses_what_a_dependency_keeps_to_itself() -> None:
    """Neither what has an underscore nor the modules and attributes that compat names."""
    named = {"trafilatura.utils", "trafilatura.metadata", "prefect.server.api.server"}
    named |= {"uvicorn.protocols.http.h11_impl", "py3langid.langid.visit_counts"}
    attributes = {"_write_queue", "_rowbase", "_encode", "handle_sigterm", "_validate"}
    found = []
    for path in [*(ROOT / "flows").rglob("*.py"), *(ROOT / "expectations").rglob("*.py")]:
        if path.name == "compat.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
                parts = {part for name in names for part in name.split(".")[1:]}
                private = node.module.split(".")[0] in PRIVATE and any(part.startswith("_") for part in parts)
                if private or names & named:
                    found.append((path.name, node.lineno))
            elif isinstance(node, ast.Attribute) and node.attr in attributes:
                found.append((path.name, node.lineno))
    assert found == []


def test_spacy_is_imported_without_its_command_line_which_can_be_imported_later() -> None:
    imported = "import sys; from qantar.compat import import_spacy; import_spacy(); import spacy"
    used = "print('weasel' in sys.modules, len(spacy.blank('en')('So it goes.'))); import spacy.cli; print(callable(spacy.cli.download))"
    ran = subprocess.run([sys.executable, "-c", f"{imported}; {used}"], capture_output=True, text=True)
    assert ran.stdout.split() == ["False", "4", "True"], ran.stderr


def test_a_server_whose_background_services_are_off_is_made_without_them() -> None:
    off = {"PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": ",", "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false"}
    off["PREFECT_SERVER_REGISTER_BLOCKS_ON_START"] = "false"
    told = """
import sys
from qantar.compat import prefect_app
app = prefect_app()
print({"docket", "redis", "prefect.server.api.deployments", "prefect.server.api.ui"} & set(sys.modules))
import prefect.server.api.deployments as deployments
print(len(deployments.router.routes) > 9)
"""
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, env={**os.environ, **off})
    assert ran.stdout.splitlines() == ["set()", "True"], ran.stderr
