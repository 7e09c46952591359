"""CSV files: a row is an article. A stray quotation mark costs its own row, not those below it."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from pathlib import Path

from qantar.stages.articles.encodings import MOST_BYTES, MOST_CHARACTERS, NotTextError, decode, decode_line, encoding_of
from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.packed_files import open_file
from qantar.stages.articles.record_columns import column_mapping, no_text_column, text_columns
from qantar.stages.articles.record_fields import article_in

SAMPLE = 2**18
_DELIMITERS = ",;\t|"
_SEPARATOR = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)
_MOST_ROW = 16 * MOST_CHARACTERS  # characters: a row that is longer has a quotation mark too many
_MOST_REREAD = 2**28  # characters read again after stray marks, before the rest of a file is given up
_MOST_ABOVE = 12  # lines above the header: a title, a remark
_NEARLY_ALL = 0.8  # of a column's cells, for their kind to tell rows from text
_ENOUGH_ROWS = 20  # of a cell that look like rows: more need not be seen
_KINDS: tuple[Callable[[str], object], ...] = (
    re.compile(r"\d{1,20}").fullmatch,
    re.compile(r"https?://\S+").fullmatch,
    re.compile(r"(?:19|20)\d\d[-/.]?\d\d[-/.]?\d\d.{0,20}|\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d.{0,20}").fullmatch,
    re.compile(r"[\w:./+-]{1,80}").fullmatch,
)
"""What the cells of a column may all be: numbers, addresses, days, names without a space."""


class _Lines:
    """The lines of a file, of which some can be given back; `taken` are those of the row that is being read."""

    def __init__(self, lines: Iterator[tuple[str, bool]]):
        self._lines = lines
        self._given_back: deque[tuple[str, bool]] = deque()
        self.taken: list[tuple[str, bool]] = []
        self.number = 0
        self._characters = 0
        self.reread = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._given_back.popleft() if self._given_back else next(self._lines)
        self._characters += len(line[0])
        if self._characters > _MOST_ROW and len(self.taken) > 1:
            self._given_back.appendleft(line)
            raise _TooLongError
        self.taken.append(line)
        self.number += 1
        return line[0]

    def begin(self) -> None:
        self.taken, self._characters = [], 0

    def keep(self, n: int) -> None:
        """Give back the lines of this row but the first n."""
        back = self.taken[n:]
        self._given_back.extendleft(reversed(back))
        self.number -= len(back)
        self.reread += sum(len(line) for line, _ in back)
        self.taken = self.taken[:n]


class _TooLongError(Exception):
    """A row is longer than any article."""


class _Shape:
    """What a row of the file looks like: how many cells it has, and what those of some columns are."""

    def __init__(self, width: int, delimiter: str):
        self.width, self._delimiter = width, delimiter
        self._seen: list[Counter[int]] = [Counter() for _ in range(width)]

    def learn(self, cells: Sequence[str]) -> None:
        """Take in a row that is sound."""
        for cell, seen in zip(cells, self._seen, strict=False):
            if cell.strip():
                seen[next((k for k, fits in enumerate(_KINDS) if fits(cell.strip())), len(_KINDS))] += 1

    @cached_property
    def _open_cell(self) -> re.Pattern[str]:
        """A cell in quotation marks that does not end in its line; the last line of a cell has an odd mark, too, but at its end."""
        return re.compile(rf'{re.escape(self._delimiter)}"(?:[^"]|"")*\Z')

    @cached_property
    def _telling(self) -> dict[int, int]:
        """The columns whose cells are nearly all of one kind, and which."""
        kinds = {i: seen.most_common(1)[0] for i, seen in enumerate(self._seen) if seen}
        return {i: kind for i, (kind, n) in kinds.items() if kind < len(_KINDS) and n >= _NEARLY_ALL * self._seen[i].total()}

    def rows_in(self, lines: Iterable[str]) -> list[int]:
        """Which lines of a cell look like rows of the file; none where too little is known of its rows."""
        return list(islice((number for number, line in enumerate(lines) if self._is_row(line)), _ENOUGH_ROWS))

    def is_sure(self, n_rows: int, lines: Sequence[str]) -> bool:
        """Whether what looks like rows among the lines of a cell is rows: text may have as many commas by chance."""
        n_filled = sum(bool(line.strip()) for line in lines)
        if len(self._telling) > 1 or {1, 2} & set(self._telling.values()):
            return n_rows >= 1
        if self._telling:
            return n_rows >= min(_ENOUGH_ROWS, 0.6 * n_filled)
        return n_filled == len(lines) and n_rows >= min(_ENOUGH_ROWS, max(3, 0.9 * n_filled))

    def _is_row(self, line: str) -> bool:
        cells = _cells(line, self._delimiter)
        if self.width < 2 or not (len(cells) == self.width or self._open_cell.search(line)):
            return False
        return all(not cells[i].strip() or _KINDS[kind](cells[i].strip()) for i, kind in self._telling.items() if i < len(cells))


def read_csv(path: Path) -> Iterator[Found | Refused]:
    """The rows of a CSV file with a header: its encoding, and whether commas, semicolons, tabs or bars part its cells, are found out.

    A row whose quotation marks are not paired, or hide what looks like other rows, is refused; reading goes on at the line that looks
    like the next row.
    """
    with open_file(path) as file:
        sample = file.read(SAMPLE)
    try:
        encoding = encoding_of(sample)
    except NotTextError as error:
        yield Refused(None, error.reason, str(error))
        return
    csv.field_size_limit(MOST_BYTES)
    yield from _rows(path, encoding, sample)


def csv_header(line: bytes) -> list[str]:
    """The names of a header line."""
    text = next(iter(decode(line, MOST_BYTES).text.splitlines()), "")
    return [cell.strip().lstrip("\ufeff") for cell in _cells(text, _delimiter(text))]


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of one line; none where it is none of a CSV file."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=line.count)


def _text_lines(path: Path, encoding: str, sample: bytes) -> Iterator[tuple[str, bool]]:
    """The lines of a file, and whether each was repaired: it may be in another encoding than those above it."""
    with open_file(path) as file:
        if encoding.startswith(("utf-16", "utf-32")) or b"\n" not in sample:
            with io.TextIOWrapper(file, {"utf-8": "utf-8-sig"}.get(encoding, encoding), "replace", newline="") as lines:
                for line in lines:
                    yield line.lstrip("\ufeff"), "\ufffd" in line
            return
        while data := file.readline(MOST_BYTES):
            yield decode_line(data.removeprefix(b"\xef\xbb\xbf"), encoding)


def _rows(path: Path, encoding: str, sample: bytes) -> Iterator[Found | Refused]:
    lines = _Lines(_text_lines(path, encoding, sample))
    header, delimiter = _find_header(lines)
    mapping = column_mapping(header)
    if "text" not in mapping:
        yield no_text_column(header)
        return
    shape = _Shape(len(header), delimiter)
    for cells in _sound_rows(sample, encoding, delimiter):
        shape.learn(cells)
    number = 0
    while True:
        lines.begin()
        start = lines.number + 1
        cells, problem = _next_row(lines, delimiter, len(header))
        if not lines.taken:
            return
        if not problem and not any(cell.strip() for cell in cells):
            continue
        number += 1
        rows, swallowed = _swallowed_rows(lines, shape, cells)
        problem = problem or swallowed
        if problem:
            lines.keep(1 + rows[0] if rows else 1)
            yield Refused(str(number), "broken_record", f"line {start}: {problem}; double the mark or remove it. Reading goes on below it")
            if lines.reread > _MOST_REREAD:
                yield Refused(
                    None, "broken_record", f"too many stray quotation marks: what follows line {lines.number} was not read; fix that line"
                )
                return
            continue
        found = _record(header, cells, number, start)
        if isinstance(found, Found) and any(mended for _, mended in lines.taken):
            found = replace(found, is_repaired=True)
        yield found


def _swallowed_rows(lines: _Lines, shape: _Shape, cells: list[str]) -> tuple[list[int], str]:
    """The lines within a row that look like rows of their own, and what is wrong if they are."""
    inner = [line for line, _ in lines.taken[1:]]
    rows = shape.rows_in(inner)
    wrong = bool(rows) and (len(cells) != shape.width or shape.is_sure(len(rows), inner))
    return rows, "a quotation mark opens a cell that holds what looks like other rows" if wrong else ""


def _record(header: list[str], cells: list[str], number: int, line: int) -> Found | Refused:
    """The article in the cells of a row."""
    fitted = _fit(cells, len(header), 1 + max(header.index(name) for name in text_columns(header)))
    if fitted is None:
        detail = f"line {line} has {len(cells)} cells where the header has {len(header)}; quote cells that hold separators"
        return Refused(str(number), "broken_record", detail)
    record: dict[str, str] = {}
    for name, cell in zip(header, fitted, strict=True):
        record[name] = record.get(name) or cell  # of two columns of one name the filled one
    return article_in(record, number)


def _next_row(lines: _Lines, delimiter: str, width: int) -> tuple[list[str], str]:
    """The cells of the next row, and what is wrong with its quotation marks; a cell whose inner ones are not doubled is read."""
    try:
        return next(csv.reader(lines, delimiter=delimiter, strict=True), []), ""
    except _TooLongError:
        return [], f"a quotation mark opens a cell of more than {_MOST_ROW} characters"
    except csv.Error as error:
        problem = f"its quotation marks are not paired ({error})"
    if len(lines.taken) > 1 and "end of data" in problem:
        return [], problem
    has_escapes = any('\\"' in line for line, _ in lines.taken)
    lines.keep(0)
    lines.begin()
    if has_escapes:
        cells = _escaped_row(lines, delimiter)
        if len(cells) == width:
            return cells, ""
        lines.keep(0)
        lines.begin()
    try:
        cells = next(csv.reader(lines, delimiter=delimiter), [])
    except (_TooLongError, csv.Error):
        return [], problem
    loose = _loose_cells("".join(line for line, _ in lines.taken), delimiter)
    return loose if len(loose) == width else cells, ""


def _escaped_row(lines: _Lines, delimiter: str) -> list[str]:
    """The cells of a row in which a backslash stands before inner quotation marks; none where it is none."""
    try:
        return next(csv.reader((line.replace('\\"', '""') for line in lines), delimiter=delimiter, strict=True), [])
    except (_TooLongError, csv.Error):
        return []


def _loose_cells(row: str, delimiter: str) -> list[str]:
    """The cells of a row whose quotation marks are not doubled: one ends a cell only before a separator.

    >>> _loose_cells('7,"He said "yes" to it",x', ",")
    ['7', 'He said "yes" to it', 'x']
    """
    row, parts = row.rstrip("\r\n"), re.escape(delimiter)
    cell = re.compile(rf'"((?:[^"]++|""|"(?!{parts}|\Z))*+)"(?={parts}|\Z)|([^{parts}]*+)')
    cells, at = [], 0
    while found := cell.match(row, at):
        cells.append(found[1].replace('""', '"') if found[1] is not None else found[2])
        at = found.end() + 1
        if at > len(row):
            break
    return cells


def _fit(cells: list[str], width: int, needed: int) -> list[str] | None:
    """The row with as many cells as the header: empty ones at its end may be missing or too many."""
    if len(cells) > width:
        return cells[:width] if not any(cell.strip() for cell in cells[width:]) else None
    return [*cells, *[""] * (width - len(cells))] if len(cells) >= needed else None


def _find_header(lines: _Lines) -> tuple[list[str], str]:
    """The first line that names a text, among the first; else the first of all. A line `sep=;` above it says what parts the cells."""
    first: tuple[list[str], str] | None = None
    said = ""
    for _ in range(_MOST_ABOVE):
        line = next(lines, None)
        if line is None:
            break
        if found := _SEPARATOR.fullmatch(line):
            said = found[1]
            continue
        if not line.strip():
            continue
        delimiter = said or _delimiter(line)
        header = [cell.strip().lstrip("\ufeff") for cell in _cells(line, delimiter)]
        first = first or (header, delimiter)
        if "text" in column_mapping(header):
            return header, delimiter
    return first or ([], ",")


def _sound_rows(sample: bytes, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """Rows of a sample whose quotation marks are paired."""
    lines = iter(sample.decode(encoding, "replace").splitlines(keepends=True)[1:-1])
    while True:
        try:
            yield next(csv.reader(lines, delimiter=delimiter, strict=True))
        except StopIteration:
            return
        except csv.Error:
            continue
