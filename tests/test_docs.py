"""Every command, option, column and key is documented, and every link between the documents leads somewhere."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest
from typer.main import get_command

from qantar.cli import app
from qantar.collect.followed_sources import Keep, Source, Sources
from qantar.schema import KNOWN
from qantar.settings import Corpus
from tests.conftest import ROOT, Qantar

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def test_every_command_and_option_is_documented() -> None:
    text = (ROOT / "docs/reference/commands.md").read_text("utf-8")
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        assert f"## qantar {name}\n" in text
        for option in command.params:
            assert "[" not in (getattr(option, "help", None) or ""), (
                f"{name} {option.name}: terminals take [words] for markup and drop them"
            )
            if option.param_type_name == "option" and not option.hidden:
                assert f"`{option.opts[0]}`" in text, (name, option.opts)
                assert option.help, (name, option.opts)


def test_every_key_of_the_corpus_is_documented() -> None:
    text = (ROOT / "docs/reference/settings.md").read_text("utf-8").partition("\n## sources.toml\n")[0]
    for key in fields(Corpus):
        (row,) = [line for line in text.splitlines() if line.startswith(f"| `{key.name}` |")]
        assert row.split(" | ")[-1].strip(" |"), f"{key.name} has no description"


def test_every_key_of_the_sources_is_documented() -> None:
    text = (ROOT / "docs/reference/settings.md").read_text("utf-8").partition("\n## sources.toml\n")[2].partition("\n## ")[0]
    for model, title in ((Sources, "All sources"), (Keep, "`[keep]`"), (Source, "`[[source]]`")):
        section = text.partition(f"\n### {title}\n")[2].partition("\n### ")[0]
        rows = {line.split("`")[1]: line.split(" | ")[-1].strip(" |") for line in section.splitlines() if line.startswith("| `")}
        assert rows.keys() == model.model_fields.keys()
        assert all(rows.values()), title


def test_every_table_and_column_is_documented() -> None:
    text = (ROOT / "docs/reference/tables.md").read_text("utf-8")
    for name, table in KNOWN.items():
        section = text.partition(f"\n### {name}\n")[2].partition("\n### ")[0]
        assert [column.name for column in table if f"| `{column.name}` |" not in section] == [], name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    place = ROOT if page.name.startswith("+") else page.parent  # a change will stand in CHANGELOG.md
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (place / target).exists(), target


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 160


@pytest.mark.parametrize("path", sorted((ROOT / "benchmarks/kept").glob("*.json")), ids=lambda path: path.stem)
def test_a_kept_table_says_how_it_was_measured_and_stands_in_the_documentation(path: Path) -> None:
    kept = json.loads(path.read_text("utf-8"))
    assert kept["command"].startswith("python -m benchmarks.")
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", kept["measured"])
    assert re.fullmatch(r"[0-9a-f]{7,}", kept["commit"])
    assert kept["machine"]
    assert all(len(row) == len(kept["columns"]) for row in kept["rows"])
    shown = [page for page in PAGES if f'show_figures("{path.stem}")' in page.read_text("utf-8")]
    renewed = re.search(r"^PAGES = (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert renewed
    assert [page.relative_to(ROOT).as_posix() in renewed[1] for page in shown] == [True]


def test_the_readme_says_what_the_bench_of_faults_kept() -> None:
    kept = json.loads((ROOT / "benchmarks/kept/faults.json").read_text("utf-8"))
    *faults, (_, requests, answered) = kept["rows"]
    assert requests == answered
    said = (
        f"{sum(tried for _, tried, _ in faults)} faults tried, {sum(survived for *_, survived in faults)} survived, {requests:,} requests"
    )
    assert f"{said} meanwhile, none failed (`{kept['command']}`)" in (ROOT / "README.md").read_text("utf-8")


def test_the_readme_says_what_the_bench_of_hostile_requests_kept() -> None:
    kept = json.loads((ROOT / "benchmarks/kept/hostile.json").read_text("utf-8"))
    kinds, memory, longest, median = (value for _, value in kept["rows"])
    said = f"{kinds} kinds of hostile request: {memory} MB at most, other readers wait {longest} s at most, {median} s in the median"
    assert f"{said} (`{kept['command'].removesuffix(' --keep')}`" in (ROOT / "README.md").read_text("utf-8")


QUERIES = [
    pytest.param(query, id=f"{page}-{number}")
    for page in ("docs/how-to/query.md", "docs/tutorial.md")
    for number, query in enumerate(re.findall(r"```sql\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL))
]


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_of_the_guides_runs(query: str, dataset: Path) -> None:
    with closing(sqlite3.connect(f"{(dataset / 'qantar.db').as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute(query).fetchall()


def test_the_tutorial_gives_the_answer_that_it_shows(qantar: Qantar, tmp_path: Path) -> None:
    text = (ROOT / "docs/tutorial.md").read_text("utf-8")
    (authority,) = re.findall(r"```csv\n(.*?)```", text, re.DOTALL)
    (query,) = [block for block in re.findall(r"```sql\n(.*?)```", text, re.DOTALL) if "in_marks" in block]
    raw = tmp_path / "harbour"
    shutil.copytree(ROOT / "docs/examples/harbour", raw)
    (raw / "authority.csv").write_text(authority, "utf-8")
    done = qantar("build", "--raw", raw, "--out", tmp_path / "data")
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(tmp_path / "data/latest/qantar.db")) as connection:
        for row in connection.execute(query):
            assert f"| {' | '.join(map(str, row))} |\n" in text
        assert connection.execute("SELECT outlet, author FROM documents").fetchone()[1] is not None
