"""What people edited in an annotation tool, as lines of `raw/corrections.csv`."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from qantar.corrections.corrections_file import change_corrections, load_corrections
from qantar.corrections.fixes import Fix
from qantar.exchange.build_documents import BuildDocument, one, open_database, prove
from qantar.exchange.earlier_lines import rows_corrected, settle
from qantar.exchange.edited_files import plain, suffixes_in
from qantar.exchange.edits import Edit, Signed, find_edits
from qantar.exchange.exporting import latest
from qantar.exchange.formats import READABLE, module_of
from qantar.exchange.marked_text import Refused
from qantar.exchange.utf16_places import settle_places
from qantar.settings import QantarError

_ID = re.compile(r"[0-9a-z]{12}")


@dataclass
class Imported:
    """The result of an import."""

    n_documents: int = 0
    n_known: int = 0
    """Lines that were in the file already."""
    edits: list[Edit] = field(default_factory=list)
    added: list[Fix] = field(default_factory=list)
    replaced: list[Fix] = field(default_factory=list)
    """Lines of the file that new ones replace."""
    refused: list[Refused] = field(default_factory=list)


def import_edits(source: Path, raw: Path, out: Path, signed: Signed, of: str | None = None, *, dry_run: bool = False) -> Imported:
    """Compare the articles of a file, folder or .zip with the latest build and add what differs to `raw/corrections.csv`.

    `raw` and `out` are the folders of articles and of builds, `signed` is who edited, `of` the format if the files' names do not show it;
    a `dry_run` writes nothing.

    Raises QantarError where there is no build or nothing to read, or the format is not known.
    """
    name = of or format_of(source)
    result = Imported()
    with closing(open_database(latest(out))) as connection:
        seen: dict[str, str] = {}
        lines, corrected = load_corrections(raw).fixes, rows_corrected(connection)
        for edited in module_of(name).read(source):
            if isinstance(edited, Refused):
                result.refused.append(edited)
                continue
            if edited.document_id in seen:
                why = f"repeats document {edited.document_id} of {seen[edited.document_id]}; import one of them"
                result.refused.append(Refused(edited.where, why))
                continue
            seen[edited.document_id] = edited.where
            document = _document(connection, edited.document_id)
            if document is None:
                why = f"no annotated article of this build has the id {plain(edited.document_id)[:40]!r}"
                result.refused.append(Refused(edited.where, why))
                continue
            settle_places(edited, document.text)
            found = find_edits(document, edited, signed)
            settled = settle(document, found.found, lines, corrected)
            result.n_documents += 1
            result.edits += found.found
            result.added += settled.new
            result.replaced += settled.old
            result.refused += found.refused
    known = {line.id for line in lines}
    new = [fix for fix in result.added if fix.id not in known]
    result.n_known, result.added = len(result.added) - len(new), new
    if not dry_run and (result.added or result.replaced):
        change_corrections(raw, adding=result.added, removing={line.id for line in result.replaced})
    return result


def _document(connection: sqlite3.Connection, document_id: str) -> BuildDocument | None:
    """An annotated article of a build, its offsets proved."""
    if not _ID.fullmatch(document_id):
        return None
    known = connection.execute("SELECT n_sentences FROM documents WHERE document_id = ?", (document_id,)).fetchone()
    if known is None or known[0] is None:
        return None
    document = one(connection, document_id)
    prove(document)
    return document


def format_of(source: Path) -> str:
    """The format that a file, folder or archive is in, by the names in it.

    Raises QantarError where the names do not show it.
    """
    suffixes = suffixes_in(source)
    found = [name for name, suffix in (("label-studio", ".json"), ("webanno", ".tsv"), ("brat", ".ann")) if suffix in suffixes]
    if "webanno" in found or "brat" in found:
        found = [name for name in found if name != "label-studio"]  # layers.json and the like stand beside them
    if len(found) != 1:
        raise QantarError(f"{source}: cannot tell the format from the file names; give it with --from: {', '.join(READABLE)}")
    return found[0]
