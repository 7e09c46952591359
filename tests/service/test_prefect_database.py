"""The database of a new Prefect home: what Prefect's own migrations make, and never in the way of another one."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from qantar.service.prefect_database import SCHEMA, Kept, look_at, make_database

MIGRATE = "from qantar.service.prefect_database import migrated_schema; print(migrated_schema(), end='')"


@pytest.fixture(autouse=True)
def _no_other_database(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.endswith("DATABASE_CONNECTION_URL")]:
        monkeypatch.delenv(name)


def statements(sql: str) -> list[str]:
    """Its lines, whose order among a table's constraints is another each time."""
    return sorted(line.strip().rstrip(",") for line in sql.splitlines())


def test_the_schema_is_what_the_installed_prefect_migrates_to() -> None:
    made = subprocess.run([sys.executable, "-c", MIGRATE], capture_output=True, text=True, check=True).stdout
    assert statements(made) == statements(SCHEMA.read_text("utf-8")), "python -m qantar.service.prefect_database writes it anew"


def test_a_new_home_has_a_database_of_the_newest_revision(tmp_path: Path) -> None:
    make_database(tmp_path)
    with closing(sqlite3.connect(tmp_path / "prefect.db")) as connection:
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM flow_run").fetchone() == (0,)
    assert [path.name for path in tmp_path.iterdir()] == ["prefect.db"]


def test_a_home_that_is_not_there_is_made(tmp_path: Path) -> None:
    make_database(tmp_path / "new" / "home")
    assert (tmp_path / "new" / "home" / "prefect.db").exists()


def test_a_database_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "prefect.db").write_bytes(b"another")
    make_database(tmp_path)
    assert (tmp_path / "prefect.db").read_bytes() == b"another"


def test_a_prefect_that_does_not_know_the_revision_makes_its_own(tmp_path: Path) -> None:
    newer = tmp_path / "newer.sql"
    newer.write_text(SCHEMA.read_text("utf-8").replace('"alembic_version" VALUES(\'', '"alembic_version" VALUES(\'f00'))
    make_database(tmp_path, newer)
    assert [path.name for path in tmp_path.iterdir()] == ["newer.sql"]


def test_a_database_elsewhere_needs_none_in_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_SERVER_DATABASE_CONNECTION_URL", "sqlite+aiosqlite:////nowhere/prefect.db")
    make_database(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_a_database_holds_is_looked_up(tmp_path: Path) -> None:
    assert look_at(tmp_path) == Kept()
    make_database(tmp_path)
    assert look_at(tmp_path) == Kept(older=False, automations=False, large=False)
    with closing(sqlite3.connect(tmp_path / "prefect.db")) as connection:
        connection.execute("INSERT INTO automation (name, description, trigger, actions) VALUES ('alarm', '', '{}', '[]')")
        connection.execute("UPDATE alembic_version SET version_num = '14806cb26270'")
        connection.commit()
        assert look_at(tmp_path) == Kept(older=True, automations=True, large=False)
        connection.execute("BEGIN EXCLUSIVE")
        assert look_at(tmp_path) == Kept(), "it is not waited for"
        connection.rollback()
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE much AS SELECT zeroblob(17 * 1048576) AS bytes")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert look_at(tmp_path) == Kept(older=True, automations=True, large=True)


def test_a_database_is_older_where_the_installed_prefect_goes_on_from_it(tmp_path: Path) -> None:
    older = tmp_path / "older.sql"
    newest = SCHEMA.read_text("utf-8").partition('"alembic_version" VALUES(\'')[2].partition("'")[0]
    older.write_text(SCHEMA.read_text("utf-8").replace(newest, "14806cb26270"))
    make_database(tmp_path, older)
    assert look_at(tmp_path, older).older


def test_a_database_elsewhere_is_not_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_database(tmp_path)
    monkeypatch.setenv("PREFECT_SERVER_DATABASE_CONNECTION_URL", "sqlite+aiosqlite:////nowhere/prefect.db")
    assert look_at(tmp_path) == Kept()


SETTINGS = """
from pathlib import Path
from qantar.service.prefect_settings import configure_prefect
configure_prefect(Path("home"), one_run=True)
from prefect.settings import get_current_settings
server = get_current_settings().server
print(server.database.migrate_on_start, server.services.triggers.enabled, sorted(server.services.db_vacuum.enabled_vacuum_types))
"""


@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, "False False []"), ({"PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events"}, "False False ['events']")],
)
def test_a_server_of_one_run_does_what_its_database_asks_for_and_the_user_has_set(
    tmp_path: Path, given: dict[str, str], expected: str
) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")} | given
    told = subprocess.run([sys.executable, "-c", SETTINGS], cwd=tmp_path, env=env, capture_output=True, text=True, check=True).stdout
    assert told.strip() == expected
