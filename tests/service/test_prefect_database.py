"""The database of a new Prefect home: what Prefect's own migrations make, and never in the way of another one."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from qantar.service.prefect_database import SCHEMA, make_database

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
