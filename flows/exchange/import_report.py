"""What `qantar import` prints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from qantar.corrections.corrections_file import cells_of, line_of_fix
from qantar.corrections.own_folder import check_folder
from qantar.exchange.edits import Signed
from qantar.exchange.exporting import latest
from qantar.exchange.importing import import_edits
from qantar.settings import CORRECTIONS_FILE
from qantar.text.plurals import counted


def report_import(
    source: Path, raw: Path, out: Path, by: str, reason: str, of: str | None, *, dry_run: bool, say: Callable[[str], None]
) -> bool:
    """Import edits and print the result; returns whether every edit could be used.

    Raises QantarError as `import_edits` does, and where the build was not made from `raw`.
    """
    check_folder(raw, latest(out))
    signed = Signed(by, datetime.now(UTC).date().isoformat(), reason)
    result = import_edits(source, raw, out, signed, of, dry_run=dry_run)
    for fix in result.added:
        say(line_of_fix(cells_of(fix)).rstrip())
    for line in result.replaced:
        say(f"{'would replace' if dry_run else 'replaces'} line {line.line}: {line_of_fix(cells_of(line)).rstrip()}")
    for refused in result.refused:
        say(f"refused: {refused.where}: {refused.reason}")
    n, known = len(result.added), result.n_known
    articles = f"{counted(result.n_documents, 'article')} compared"
    lines = f"{counted(n, 'line')} {'to add' if dry_run else 'added'}"
    there = f", {known} already in the file" if known else ""
    refused_lines = f", {len(result.refused)} refused" if result.refused else ""
    what = "" if dry_run or not n else "; run qantar build to apply them"
    say(f"{raw / CORRECTIONS_FILE}: {articles}, {lines}{there}{refused_lines}{what}")
    return not result.refused
