"""Reading `raw/corrections.csv`, and adding lines to it. What is not a correction is rejected, with its line; it stops nothing."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import get_args

from qantar.corrections.fixes import ALIASES, FIELDS, SPAN, Fix, identity, named_values
from qantar.schema import DuplicateKind, Label, QuoteKind, ReadingReason, Rejected, Role
from qantar.settings import CORRECTIONS_FILE, QantarError
from qantar.stages.articles.encodings import NotTextError, decode, decode_bytes, mend
from qantar.store.locks import held
from qantar.text.csv_lines import csv_records

COLUMNS = ("document", "table", "start", "end", "text", "field", "value", "by", "on", "reason")
"""The columns of corrections.csv, in this order."""
NEEDED = {"document", "table", "text", "field", "value"}
LOCK = ".corrections.lock"
"""Beside the file: whoever changes it holds this lock."""
MOST_LINES = 100_000
MOST_BYTES = 64 * 2**20
LONGEST = {"text": 100_000, "value": 20_000, "document": 4_000}
"""Characters of a cell; of those not named, 1,000."""

FORMULA = "=+-@\t\r"
"""A spreadsheet takes a cell that begins so for a formula: it is written behind an apostrophe, and refused without one."""
_TAG = re.compile(r"<[a-zA-Z/!?]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_PLACE = re.compile(r"\d{1,9}")
_ENTITY = r"[^\W_][\w.:-]{0,199}"
COMPLETE = "yes"
_VALUES = {
    ("blocks", "role"): "|".join(get_args(Role)),
    ("mentions", "label"): "|".join(get_args(Label)),
    ("entities", "label"): "|".join(get_args(Label)),
    ("quotes", "kind"): "|".join(get_args(QuoteKind)),
    ("documents", "complete"): COMPLETE,
    ("documents", "published_on"): r"(?:\d{4}-\d\d-\d\d)?",
    ("documents", "language"): r"[a-z]{2,3}",
    ("entities", "wikidata_id"): r"(?:Q[1-9]\d{0,11})?",
    ("entities", "name"): r".*\S.*",
    ("entities", "merge"): r".*\S.*",
    ("entities", "split"): r".*\S.*",
    ("mentions", "entity_id"): _ENTITY,
    ("mentions", "span"): r"[\s\S]*\S[\s\S]*",
    ("quotes", "speaker_entity_id"): rf"(?:{_ENTITY})?",
    ("quotes", "segments"): r"\d+-\d+(?:[,;]?\s+\d+-\d+)*",
    ("sentences", "split"): r"[\s\S]*\S[\s\S]*",
    ("duplicates", "joined"): r"\S[\s\S]*",
    ("duplicates", "apart"): r"\S[\s\S]*",
}
"""What a value must be, where not every text will do."""
_ADDED = {
    "mentions": {"label": "|".join(get_args(Label)), "entity_id": _ENTITY, "value": r".{1,200}"},
    "quotes": {"kind": "|".join(get_args(QuoteKind)), "speaker": r"[\s\S]+", "cue": r"[\s\S]+", "speaker_entity_id": _ENTITY},
}
"""What can be said of an added row."""
_NEEDED_OF_ADDED = {"mentions": "label", "quotes": "kind"}
KINDS = frozenset(get_args(DuplicateKind))


@dataclass(frozen=True)
class Corrections:
    """The sound lines of corrections.csv in their order, and a row of `rejected` for each of the others."""

    fixes: list[Fix] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


def load_corrections(raw: Path) -> Corrections:
    """Read `raw/corrections.csv`; a folder without one has no corrections. A broken line is left out and reported, the rest is used."""
    path = raw / CORRECTIONS_FILE
    if not path.is_file():
        return Corrections()
    try:
        if path.stat().st_size > MOST_BYTES:
            return Corrections(rejected=[_reject(1, "too_large", f"the file has more than {MOST_BYTES // 2**20} MiB; cut it")])
        text = decode(path.read_bytes(), MOST_BYTES).text  # it may be longer than an article
    except (OSError, NotTextError) as error:
        return Corrections(rejected=[_reject(1, "unreadable", f"cannot be read: {error}")])
    return read_corrections(text)


def read_corrections(text: str) -> Corrections:
    """The corrections that a text of corrections.csv holds; commas or semicolons part its cells, as spreadsheets of the country do."""
    text = text.removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    read = Corrections()
    try:
        header = [name.strip().lower() for name in next(reader, [])]
    except csv.Error as error:
        return Corrections(rejected=[_reject(1, "broken_line", f"the header cannot be read: {error}")])
    if not text.strip():
        return read
    if NEEDED - set(header) or set(header) - set(COLUMNS) or len(set(header)) < len(header):
        named = ", ".join(map(repr, header))
        return Corrections(rejected=[_reject(1, "broken_line", f"the header has {named[:500]}; columns are {', '.join(COLUMNS)}")])
    seen: dict[tuple[str, ...], int] = {}
    for line, _, cells in csv_records(reader):
        if line > MOST_LINES:
            read.rejected.append(_reject(line, "too_many_lines", f"and all below it are not read: {MOST_LINES:,} lines is the most"))
            break
        if isinstance(cells, csv.Error):
            read.rejected.append(_reject(line, "broken_line", f"is not a line of a CSV file: {cells}"))
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if (above := seen.setdefault(tuple(cells), line)) != line:
            read.rejected.append(_reject(line, "repeated_line", f"says the same as line {above}"))
            continue
        fix = fix_of(line, header, cells)
        if isinstance(fix, Rejected):
            read.rejected.append(fix)
        else:
            read.fixes.append(fix)
    return read


def delimiter_of(text: str) -> str:
    """What parts the cells of a CSV text, by its header."""
    header = text.partition("\n")[0]
    return max(",;\t", key=lambda mark: (header.count(mark), mark == ","))


def fix_of(line: int, header: Sequence[str], cells: Sequence[str]) -> Fix | Rejected:
    """The correction of one line, or why it is none."""
    if len(cells) != len(header):
        return _reject(line, "broken_line", f"has {len(cells)} cells where the header has {len(header)}; quote cells that hold commas")
    values = dict.fromkeys(COLUMNS, "") | dict(zip(header, cells, strict=True))
    for name, cell in values.items():
        if trouble := _hostile(name, cell):
            return _reject(line, "hostile_cell", f"{name} {trouble}")
        values[name] = unguarded(cell)
    try:
        return _checked(line, values)
    except ValueError as error:
        return _reject(line, "broken_line", str(error))


def _hostile(name: str, cell: str) -> str | None:
    """What speaks against a cell, whatever it is to say."""
    if len(cell) > LONGEST.get(name, 1_000):
        return f"has {len(cell):,} characters; {LONGEST.get(name, 1_000):,} is the most"
    if cell[:1] in FORMULA and cell:
        return f"begins as a formula does: {cell[:40]!r}; put an apostrophe before it if it is a text"
    if found := _CONTROL.search(cell):
        return f"holds the invisible character U+{ord(found.group()):04X}"
    if name not in ("text", "document") and _TAG.search(cell):
        return f"holds a tag of HTML: {cell[:40]!r}"
    return None


def _checked(line: int, values: dict[str, str]) -> Fix:
    """The correction; raises ValueError where a cell is not what its column takes."""
    table, name = values["table"].strip().lower(), values["field"].strip()
    fields = {known: names for known, names in FIELDS.items() if known == table}
    if not fields:
        raise ValueError(f"table is {table!r}; tables are {', '.join(FIELDS)}")
    ((known, names),) = fields.items()
    name = ALIASES.get(name, name)
    if name not in names:
        raise ValueError(f"field is {name!r}; fields of {known} are {', '.join(names)}")
    document = _document(values["document"].strip(), known, name)
    value = _value(known, name, values["value"])
    start, end = _places(values["start"].strip(), values["end"].strip())
    text = values["text"]
    if known in ("blocks", "sentences", "mentions", "quotes", "entities") and not text.strip():
        raise ValueError("text is empty; it is to hold the words that the row has")
    day = values["on"].strip()
    try:
        on = date.fromisoformat(day) if day else None
    except ValueError:
        raise ValueError(f"on is {day!r}; write the day as YYYY-MM-DD") from None
    return Fix(
        id=identity(document, known, start, end, text, name, value),
        line=line,
        document=document,
        table=known,
        start=start,
        end=end,
        text=text,
        field=name,
        value=value,
        by=values["by"].strip(),
        on=on,
        reason=values["reason"].strip(),
    )


def _document(document: str, table: str, name: str) -> str:
    if not document and table != "entities":
        raise ValueError("document is empty; give the article's id, path or address")
    if document and table == "entities" and name != "split":
        raise ValueError("document is to be empty: an entity is the same in all articles")
    if "://" not in document and (document.startswith(("/", "~", "\\")) or ".." in re.split(r"[/\\]", document) or ":" in document[:2]):
        raise ValueError(f"document is {document[:80]!r}, which leads out of the raw folder")
    return document.replace("\\", "/").removeprefix("./") if "://" not in document else document


def _value(table: str, name: str, value: str) -> str:
    value = value.strip()
    if name == "complete" and value in ("", COMPLETE):
        return COMPLETE
    if name in ("delete", "join"):
        if value:
            raise ValueError(f"value is {value[:40]!r}; {name} takes none")
        return ""
    if name == "add":
        return _added(table, value)
    pattern = _VALUES.get((table, name))
    if pattern is not None and not re.fullmatch(pattern, value):
        said = pattern.replace("|", ", ") if re.fullmatch(r"[\w|]+", pattern) else "written otherwise"
        raise ValueError(f"value is {value[:80]!r}; {name} of {table} is {said}; docs/how-to/correct.md shows each")
    if name == "published_on" and value:
        try:
            date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"value is {value!r}, which is not a day") from None
    if (match := SPAN.fullmatch(value)) and int(match[1]) >= int(match[2]):
        raise ValueError(f"value is {value[:40]!r}, which ends before it begins")
    return value


def _added(table: str, value: str) -> str:
    given, needed = named_values(value), _NEEDED_OF_ADDED[table]
    if given is None or needed not in given:
        raise ValueError(f"value is {value[:80]!r}; an added row of {table} is written as {needed}=…; name=value; …")
    for name, said in given.items():
        if name not in _ADDED[table] or not re.fullmatch(_ADDED[table][name], said):
            raise ValueError(f"value says {name}={said[:60]}; an added row of {table} may have {', '.join(_ADDED[table])}")
    return "; ".join(f"{name}={given[name]}" for name in _ADDED[table] if name in given)


def _places(start: str, end: str) -> tuple[int | None, int | None]:
    if not start and not end:
        return None, None
    if not _PLACE.fullmatch(start) or not _PLACE.fullmatch(end) or int(start) >= int(end):
        raise ValueError(f"start and end are {start[:20]!r} and {end[:20]!r}; they are two numbers, the first the smaller, or both empty")
    return int(start), int(end)


def unguarded(cell: str) -> str:
    """A cell as it is meant: an apostrophe before what would be a formula is the spreadsheet's.

    >>> unguarded("'=1"), unguarded("'Tis")
    ('=1', "'Tis")
    """
    return cell[1:] if cell[:1] == "'" and cell[1:2] and cell[1] in FORMULA else cell


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> guarded("=cmd"), guarded("Lee")
    ("'=cmd", 'Lee')
    """
    return f"'{cell}" if cell[:1] and cell[0] in FORMULA else cell


def cells_of(fix: Fix) -> list[str]:
    """A correction as the cells of a line."""
    places = ["" if place is None else str(place) for place in (fix.start, fix.end)]
    day = fix.on.isoformat() if fix.on else ""
    return [fix.document, fix.table, *places, fix.text, fix.field, fix.value, fix.by, day, fix.reason]


def line_of_fix(cells: Sequence[str], delimiter: str = ",") -> str:
    """Cells as a line of CSV, safe to open in a spreadsheet."""
    line = io.StringIO(newline="")
    csv.writer(line, delimiter=delimiter, lineterminator="\n").writerow([guarded(cell) for cell in cells])
    return line.getvalue()


def make_fix(cells: Sequence[str]) -> Fix:
    """The correction of these cells, in the order of `COLUMNS`.

    Raises QantarError where it is none.
    """
    fix = fix_of(1, COLUMNS, [guarded(cell) for cell in cells])
    if isinstance(fix, Rejected):
        raise QantarError(f"no correction: {fix.detail.removeprefix('line 1 ')}")
    return fix


def add_corrections(raw: Path, fixes: Iterable[Fix]) -> list[Fix]:
    """Add corrections to `raw/corrections.csv`, which is made if it is not there; returns those that it did not have.

    Raises QantarError where the file has another header than `COLUMNS`, or another process keeps writing to it.
    """
    return change_corrections(raw, adding=fixes)[0]


def _checked_delimiter(path: Path, text: str) -> str:
    """What parts the cells of the file. Raises QantarError where it has another header than `COLUMNS`."""
    delimiter = delimiter_of(text) if text.strip() else ","
    header = [name.strip().lower() for name in next(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter), [])]
    if header and tuple(header) != COLUMNS:
        raise QantarError(f"{path}: its columns are {', '.join(header)}; they should be {', '.join(COLUMNS)}")
    return delimiter


def change_corrections(raw: Path, *, adding: Iterable[Fix] = (), removing: Collection[str] = ()) -> tuple[list[Fix], list[Fix]]:
    """Take corrections out of `raw/corrections.csv` by their ids, then add others, in one step: other lines stay as they are.

    Returns the corrections that were added, without those that stand there already, and those that were taken out.
    Raises QantarError where the file has another header than `COLUMNS`, or another process keeps writing to it.
    """
    path = raw / CORRECTIONS_FILE
    with held(raw / LOCK):
        text = text_of(path)
        delimiter = _checked_delimiter(path, text)
        there = read_corrections(mend(text)).fixes  # as a build reads it
        gone = [fix for fix in there if fix.id in removing]
        known = {fix.id for fix in there} - {fix.id for fix in gone}
        new = [fix for fix in dict.fromkeys(adding) if fix.id not in known]
        if not new and not gone:
            return [], []
        for fix in reversed(gone):
            text = without_line(text, fix.line)[0]
        if not text.strip():
            text = line_of_fix(COLUMNS)
        text += "" if text.endswith("\n") else "\n"
        write_safely(path, text + "".join(line_of_fix(cells_of(fix), delimiter) for fix in new))
    return new, gone


def without_line(text: str, line: int) -> tuple[str, str]:
    """A text of corrections.csv without the correction that begins on a line, and what stood there; nothing, where none begins there."""
    lines = list(io.StringIO(text, newline=""))  # as the reader counts them
    reader = csv.reader(lines, delimiter=delimiter_of(text.removeprefix("\ufeff")), strict=True)
    for first, last, _ in csv_records(reader):
        if first == line > 1:
            return "".join(lines[: first - 1] + lines[last:]), "".join(lines[first - 1 : last]).rstrip("\r\n")
    return text, ""


def text_of(path: Path) -> str:
    """The text of corrections.csv as it stands; none where there is no file, or nothing in it.

    Raises QantarError where it is not text.
    """
    try:
        return decode_bytes(path.read_bytes()).text if path.is_file() and path.stat().st_size else ""
    except NotTextError as error:
        raise QantarError(f"{path}: cannot be read: {error}") from error


def write_safely(path: Path, text: str) -> None:
    """Write a file that is whole at every moment, whatever happens to this process or the machine."""
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _reject(line: int, reason: ReadingReason, detail: str) -> Rejected:
    return Rejected(
        source_path=CORRECTIONS_FILE, source_record=str(line), stage="corrections", reason=reason, detail=f"line {line} {detail}"
    )
