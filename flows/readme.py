"""What README and docs show of the code and of the latest build, written into them by cog (`make readme`)."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from qantar.publish.card import table_reference
from qantar.schema import KNOWN

LATEST = Path("processed/latest/qantar.db")
RERUNS = Path("benchmarks/reruns.json")
FIGURES = Path("benchmarks/kept")


def show_rows(sql: str, most: int | None = None) -> None:
    """Print a query and its rows from the latest build, as Markdown; `most` of them, with how many there are."""
    with closing(sqlite3.connect(f"{LATEST.resolve(strict=True).as_uri()}?mode=ro", uri=True)) as connection:
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description]
        rows = cursor.fetchall()
    print(f"\n```sql\n{sql.strip()}\n```\n")
    if not rows:
        print("No row in this build.\n")
        return
    print(f"| {' | '.join(names)} |\n|{' --- |' * len(names)}")
    for row in rows[:most]:
        print(f"| {' | '.join(_cell(value) for value in row)} |")
    if most and len(rows) > most:
        print(f"\n{most} of {len(rows)} rows.")
    print()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def show_reruns() -> None:
    """Print what a first build and re-runs took, as `python -m benchmarks.build --keep` wrote it."""
    kept = json.loads(RERUNS.read_text("utf-8"))
    runs: dict[str, Any] = kept["runs"]
    load = f"with {kept['load']:g} processes waiting for each core" if kept["load"] > 1 else "that was idle"
    print(f"\n{kept['articles']:,} news articles, annotated, {kept['workers']} workers, {kept['processor']}, on a machine {load}:\n")
    print("| CPU seconds | all | of the first | read | clean | annotate to link | write, SQLite, CSV | validate | publish |")
    print("| --- |" + " ---: |" * 8)
    for name, run in runs.items():
        cells = [sum(run["stages"].get(stage, 0) for stage in stages) for stages in _STAGES]
        print(f"| {name} | {run['cpu']:.1f} | {run['cpu'] / runs['first']['cpu']:.1%} | {' | '.join(f'{cell:.1f}' for cell in cells)} |")
    print()


def show_figures(name: str) -> None:
    """Print a table of benchmarks/kept, and how it was measured."""
    kept = json.loads((FIGURES / f"{name}.json").read_text("utf-8"))
    numeric = [all(isinstance(row[i], int | float) for row in kept["rows"]) for i in range(len(kept["columns"]))]
    print(f"\n`{kept['command']}`, {kept['measured']}, commit {kept['commit']}; {kept['machine']}:\n")
    print(f"| {' | '.join(kept['columns'])} |\n|{''.join(' ---: |' if is_number else ' --- |' for is_number in numeric)}")
    for row in kept["rows"]:
        print(f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in row)} |".replace("|  |", "| |"))
    print()


_STAGES = (
    ("read",),
    ("recurring", "clean", "deduplicate"),
    ("annotate", "resolve", "link"),
    ("write", "measure", "formats"),
    ("proofs", "validate"),
    ("publish",),
)


def show_tables() -> None:
    """Print the reference of every table."""
    for name, table in KNOWN.items():
        print(f"\n### {name}\n\n{table_reference(table)}", end="")
    print()


def show_commands() -> None:
    """Print each word of the command with what it does, as its own help says it."""
    from typer.main import get_command

    from qantar.cli import app

    print("\n| command | does |\n| --- | --- |")
    group = ""
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        if command.rich_help_panel != group:
            group = command.rich_help_panel
            print(f"| **{group}** | |")
        arguments = " ".join(
            p.name.upper() if p.required else f"[{p.name.upper()}]" for p in command.params if p.param_type_name == "argument"
        )
        print(f"| `{f'qantar {name} {arguments}'.strip()}` | {(command.help or '').partition(chr(10) * 2)[0]} |")
    print()


def show_options() -> None:
    """Print every word of the command with its arguments and options."""
    from typer.main import get_command

    from qantar.cli import app

    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        print(f"\n## qantar {name}\n\n{' '.join((command.help or '').split())}\n")
        options = [option for option in command.params if option.param_type_name == "option" and not option.hidden]
        if options:
            print("| option | does |\n| --- | --- |")
        for option in options:
            print(f"| `{'`, `'.join([*option.opts, *option.secondary_opts])}` | {_cell(' '.join((option.help or '').split()))} |")
    print()


def show_sources() -> None:
    """Print every key of sources.toml with its type, default and meaning, as `qantar.collect.followed_sources` declares them."""
    from qantar.collect.followed_sources import Keep, Source, Sources

    for title, model in (("All sources", Sources), ("`[keep]`", Keep), ("`[[source]]`", Source)):
        print(f"\n### {title}\n\n| key | type | default | meaning |\n| --- | --- | --- | --- |")
        for name, field in model.model_fields.items():
            default = "" if field.is_required() or field.default is None or name == "keep" else f"`{field.default}`"
            print(f"| `{name}` | {_cell(_type_name(field.annotation))} | {default} | {_cell(field.description)} |")
    print()


def _type_name(annotation: Any) -> str:
    """A type as those who write the file know it."""
    kind, inner = get_origin(annotation), get_args(annotation)
    if kind is Literal:
        return " or ".join(f'"{value}"' for value in inner)
    if kind is list:
        return f"list of {_type_name(inner[0])}s"
    if kind is not None:  # Annotated, or with None
        return _type_name(inner[0])
    return {"str": "text", "float": "number", "int": "number", "date": "day"}.get(annotation.__name__, "table")


def show_settings() -> None:
    """Print every key of corpus.toml with its values, default and meaning, as `qantar.settings.Corpus` declares them."""
    import ast
    import inspect
    from dataclasses import MISSING, fields

    from qantar.settings import Corpus

    described: dict[str, str] = {}
    (tree,) = ast.parse(inspect.getsource(Corpus)).body
    assert isinstance(tree, ast.ClassDef)
    for node, following in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            is_described = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
            described[node.target.id] = str(following.value.value) if is_described else ""  # type: ignore[union-attr]
    print("\n| key | type | default | meaning |\n| --- | --- | --- | --- |")
    for field in fields(Corpus):
        default = "[]" if field.default is MISSING else field.default
        shown = "" if default in (None, "") else f"`{default}`"
        print(f"| `{field.name}` | {_cell(field.type)} | {shown} | {_cell(' '.join(described[field.name].split()))} |")
    print()
