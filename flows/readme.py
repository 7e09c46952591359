"""What the README shows of the schema and of the latest build, written into it by cog (`make readme`)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from qantar.publish.card import table_reference
from qantar.schema import TABLES

LATEST = Path("processed/latest/qantar.db")


def show_rows(sql: str) -> None:
    """Print a query and its rows from the latest build, as Markdown."""
    with closing(sqlite3.connect(f"{LATEST.resolve(strict=True).as_uri()}?mode=ro", uri=True)) as connection:
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description]
        rows = cursor.fetchall()
    print(f"\n```sql\n{sql.strip()}\n```\n")
    print(f"| {' | '.join(names)} |\n|{' --- |' * len(names)}")
    for row in rows:
        print(f"| {' | '.join(_cell(value) for value in row)} |")
    print()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def show_tables() -> None:
    """Print the reference of every table."""
    for name, table in TABLES.items():
        print(f"\n### {name}\n\n{table_reference(table)}", end="")
    print()


def show_commands() -> None:
    """Print each word of the command with what it does, as its own help says it."""
    from typer.main import get_command

    from qantar.cli import app

    print("\n| command | does |\n| --- | --- |")
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        arguments = " ".join(
            p.name.upper() if p.required else f"[{p.name.upper()}]" for p in command.params if p.param_type_name == "argument"
        )
        print(f"| `{f'qantar {name} {arguments}'.strip()}` | {(command.help or '').partition(chr(10) * 2)[0]} |")
    print()
