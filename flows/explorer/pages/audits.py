"""The audit in the browser, where `qantar serve --edit` allows it: a row at a time is judged, into the sheet that the command uses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple, get_args
from urllib.parse import quote, unquote, urlencode

from datasette.utils.asgi import BadRequest, NotFound, Response
from markupsafe import Markup, escape

from qantar.corrections.row_anchors import fields_of
from qantar.explorer.pages import check_parameters, given_value, in_thread, one_of, show
from qantar.explorer.pages.edit import form_of
from qantar.explorer.translation import gettext, word
from qantar.explorer.wording import ASKED, AUDITED, FIELDS, ROWS, USUAL, translated
from qantar.quality.audit import CORRECTED, Figure, compare_annotators, corrections_of, score_sheet
from qantar.quality.audit_figures import keep_figures
from qantar.quality.audit_sample import LAYERS, MISSED
from qantar.quality.audit_sheet import FOLDER, Judged, judge_row, read_sheet, write_sheet
from qantar.schema import Label, QuoteKind, Role
from qantar.settings import QantarError
from qantar.text.identity import digest

_NAME = re.compile(r"[\w-]{1,40}")
MOST_ROWS = 2_000
MOST_TOLD = 20


KNOWN = {"quotes": get_args(QuoteKind), "mentions": get_args(Label), "roles": get_args(Role)}
"""What is offered as the right value of each layer's usual field, as it is typed."""


class Sheet(NamedTuple):
    """One person's sheet."""

    name: str
    rows: list[Judged]
    figures: list[Figure]

    @property
    def n_judged(self) -> int:
        """Rows that were judged."""
        return sum(bool(row.verdict) for row in self.rows)


def folder_of(datasette: Any) -> Path:
    """Where the sheets are."""
    return Path(datasette.qantar.editor.out) / FOLDER


def sheet_path(datasette: Any, name: str) -> Path:
    """The sheet of a person; raises NotFound where there is none."""
    path = folder_of(datasette) / f"{name}.csv"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound(gettext("There is no audit of “%(name)s”", name=name))
    return path


def read_sheets(folder: Path) -> list[Sheet]:
    """Every sheet with what it says; raises QantarError where one cannot be read."""
    sheets = [(path.stem, read_sheet(path)) for path in sorted(folder.glob("*.csv")) if _NAME.fullmatch(path.stem)]
    return [Sheet(name, rows, score_sheet(rows)) for name, rows in sheets]


async def audits(request: Any, datasette: Any) -> Any:
    """Who judges what, what their judgements say of the corpus, and a form to begin."""
    check_parameters(request, "kept", "corrected", "untold")
    try:
        sheets = await in_thread(read_sheets, folder_of(datasette))
    except QantarError as error:
        raise BadRequest(str(error)) from error
    pairs = [(a, b, *compare_annotators(a.rows, b.rows)) for n, a in enumerate(sheets) for b in sheets[n + 1 :]]
    told = {name: given_value(request, name) for name in ("kept", "corrected", "untold")}
    context = {"sheets": sheets, "pairs": pairs, "layer_names": translated(AUDITED), "most": MOST_TOLD, **told}
    return await show(datasette, request, "audits.html", context)


async def start(request: Any, datasette: Any) -> Any:
    """Draw a sheet for a person, or more rows for the one that is there."""
    form = await form_of(request, datasette)
    name = re.sub(r"[^\w-]+", "-", form.get("by", "").lower()).strip("-")[:40]
    if not _NAME.fullmatch(name):
        raise BadRequest(gettext("Say your name: the sheet is called after it"))
    rows = form.get("rows", "")
    if not rows.isdecimal() or not 5 <= int(rows) <= MOST_ROWS:
        raise BadRequest(gettext("Rows of each layer: a number from 5 to %(most)s", most=MOST_ROWS))
    folder = folder_of(datasette)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        await in_thread(write_sheet, datasette.qantar.folder, folder / f"{name}.csv", int(rows))
    except QantarError as error:
        raise BadRequest(str(error)) from error
    return Response.redirect(f"/audit/{quote(name)}", status=303)


async def audit(request: Any, datasette: Any) -> Any:
    """The next row that a person has not judged, of one layer or of all in turn; or one that is asked for, to judge it again."""
    check_parameters(request, "layer", "again", "after")
    name = unquote(request.url_vars["name"])
    layer, again = one_of(request, "layer", LAYERS), given_value(request, "again")
    rows = await in_thread(_read, sheet_path(datasette, name))
    there = [each for each in LAYERS if any(row.drawn["layer"] == each for row in rows)]
    row = next_row(rows, layer, again)
    if again and row is None:
        raise NotFound(gettext("There is no row %(id)s in this sheet", id=again))
    context = {
        "name": name,
        "layer": layer,
        "progress": [(each, word(AUDITED[each]), *_progress(rows, each)) for each in there],
        "before": _known(rows, given_value(request, "after")),
        "row": None,
        **(_asked(row) if row else {}),
    }
    return await show(datasette, request, "audit.html", context)


def _asked(row: Judged) -> dict[str, Any]:
    """What the page shows and asks of one row."""
    layer = row.drawn["layer"]
    return {
        "row": row.drawn,
        "verdict": row.verdict,
        "is_passage": layer in MISSED,
        "context": in_brackets(row.drawn["context"]),
        "question": word(ASKED[layer]),
        "fields": _fields(row),
        "known": KNOWN.get(layer, ()),
        "what": word(ROWS[CORRECTED[layer]]) if layer in CORRECTED else None,
    }


async def judge(request: Any, datasette: Any) -> Any:
    """Write what a person says of one row, and show the next."""
    form = await form_of(request, datasette)
    name, key = form.get("name", ""), (form.get("of", ""), form.get("row", ""))
    said = {column: form.get(column, "") for column in ("verdict", "field", "value", "missed", "note")}
    path = sheet_path(datasette, name)
    if len(form.get("value", "")) > 2_000 or len(form.get("note", "")) > 500:
        raise BadRequest(gettext("That is too long"))
    try:
        await in_thread(judge_row, path, key, said | {"by": name})
    except QantarError as error:
        raise BadRequest(str(error).replace(f"{path}", gettext("the sheet"))) from error
    shown = {"layer": form.get("layer", ""), "after": "|".join(key)}
    return Response.redirect(f"/audit/{quote(name)}?{urlencode({n: v for n, v in shown.items() if v})}", status=303)


async def keep(request: Any, datasette: Any) -> Any:
    """Keep the figures of a sheet for the next build's page of quality."""
    form = await form_of(request, datasette)
    figures = score_sheet(await in_thread(_read, sheet_path(datasette, form.get("name", ""))))
    if not figures:
        raise BadRequest(gettext("Nothing is judged yet"))
    await in_thread(keep_figures, datasette.qantar.editor.raw, figures)
    return Response.redirect(f"/audit?{urlencode({'kept': form['name']})}", status=303)


async def correct_wrong(request: Any, datasette: Any) -> Any:
    """Make corrections of the rows that are wrong, where the person said what is right."""
    form = await form_of(request, datasette)
    fixes, untold = corrections_of(await in_thread(_read, sheet_path(datasette, form.get("name", ""))))
    try:
        new, _ = await in_thread(datasette.qantar.editor.change, adding=fixes)
    except QantarError as error:
        raise BadRequest(str(error)) from error
    return Response.redirect(f"/audit?{urlencode({'corrected': len(new), 'untold': len(untold)})}", status=303)


def _read(path: Path) -> list[Judged]:
    try:
        return read_sheet(path)
    except QantarError as error:
        raise BadRequest(str(error)) from error


def next_row(rows: list[Judged], layer: str | None, again: str | None = None) -> Judged | None:
    """The row to judge next: strata come mixed, so that whoever stops early has judged some of each."""
    if again:
        return _known(rows, again)
    waiting = [row for row in rows if not row.verdict and layer in (None, row.drawn["layer"])]
    return min(waiting, key=lambda row: (LAYERS.index(row.drawn["layer"]), digest("next", *row.key)), default=None)


def _known(rows: list[Judged], key: str | None) -> Judged | None:
    return next((row for row in rows if key and "|".join(row.key) == key), None)


def _progress(rows: list[Judged], layer: str) -> tuple[int, int]:
    of = [row for row in rows if row.drawn["layer"] == layer]
    return sum(bool(row.verdict) for row in of), len(of)


def _fields(row: Judged) -> list[tuple[str, str]]:
    """What may be wrong with a row, as the form asks for it; the layer's usual field comes first, without a name."""
    layer = row.drawn["layer"]
    if layer not in CORRECTED:
        return []
    others = [name for name in fields_of(CORRECTED[layer]) if name not in ("label", "apart", "joined", "role")]
    return [("", word(USUAL[layer])), *((name, word(FIELDS[name])) for name in others)]


def in_brackets(context: str) -> Markup:
    """A passage with what stands between ⟦ and ⟧ marked.

    >>> in_brackets("He said ⟦<no>⟧.")
    Markup('He said <mark>&lt;no&gt;</mark>.')
    """
    before, opened, rest = context.partition("⟦")
    inside, _, after = rest.rpartition("⟧")
    return escape(before) + (Markup("<mark>{}</mark>").format(inside) + escape(after) if opened else "")
