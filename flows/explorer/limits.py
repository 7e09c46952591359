"""What one request may cost: limits of SQLite for each connection, and functions that no query needs.

The time limit of Datasette ends a statement between two of SQLite's instructions. One instruction can take long or much
memory by itself (`zeroblob(300000000)`, `instr` of two long texts), so lengths are limited, functions that build or expose
without need are refused, and those that take quadratic time are replaced by linear ones.
"""

from __future__ import annotations

import asyncio
import ctypes
import hashlib
import logging
import re
import sqlite3
from collections import OrderedDict
from contextlib import suppress
from typing import Any

from datasette.database import Database

log = logging.getLogger("qantar.serve")

ROOM = 2 * 2**20
"""Bytes that a value may be longer than the longest article."""
ANSWER = 8 * 2**20
"""Bytes that the rows of one statement may have together, beside four times the longest article."""
HEAP = 64 * 2**20
"""Bytes that SQLite may take in this process, for all connections together."""

_LIMITS = {
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 50_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 100_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 100,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 200,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_REFUSED = frozenset(
    {
        # memory at will
        "randomblob",
        "zeroblob",
        # files and code
        "edit",
        "fts3_tokenizer",
        "load_extension",
        "readfile",
        "writefile",
        # what the server is made of
        "sqlite_compileoption_get",
        "sqlite_compileoption_used",
        "sqlite_log",
        "sqlite_offset",
        "sqlite_source_id",
    }
)
_PRAGMAS = frozenset(
    {"data_version", "foreign_key_list", "index_info", "index_list", "index_xinfo", "schema_version", "table_info", "table_xinfo"}
)
"""Those that Datasette and FTS5 ask; others show paths and settings, or change them."""
TURNS = 3
"""Readers' own statements at a time: the other threads are for the explorer's pages."""
COUNTS = 500
"""Answers with the counts of a facet that are held."""
LONGEST_COUNTS = 10_000
"""Characters of the longest such answer; a reader can give any statement a time limit."""
_M_ARENA_MAX = -8
_LONGEST_SET = 100
"""Characters that `trim` may look for."""


class AnswerTooLargeError(sqlite3.OperationalError):
    """The rows of a statement have more bytes than an answer may."""


def limit_process() -> None:
    """Limit the memory that SQLite takes in this process, for as long as the process lives; call it before any thread is started."""
    with suppress(AttributeError, OSError):  # glibc alone: else each thread keeps what it once needed
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)
    connection = sqlite3.connect(":memory:")
    connection.execute(f"PRAGMA hard_heap_limit={HEAP}")
    connection.close()


def limit_connection(connection: sqlite3.Connection, longest: int) -> None:
    """Limit what a statement of a reader can cost. `longest` is the length of the longest article in bytes."""
    sqlite3.enable_callback_tracebacks(False)  # Datasette switches them on: each refused call would be a page of the log
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest + ROOM)
    for limit, value in _LIMITS.items():
        connection.setlimit(limit, value)
    for name, n_arguments, function in _linear_functions(longest + ROOM):
        connection.create_function(name, n_arguments, function, deterministic=True)
    connection.row_factory = _CountedRows(ANSWER + 4 * longest)
    connection.set_authorizer(_authorize)


def longest_article(connection: sqlite3.Connection) -> int:
    """Bytes of the longest text of a build, at most; 0 for a database that has none."""
    try:
        found = connection.execute("SELECT max(n_characters) FROM documents").fetchone()
    except sqlite3.OperationalError:
        return 0
    return 4 * int(found[0] or 0)


class _CountedRows:
    """A row factory that ends a statement whose rows become too many bytes."""

    def __init__(self, most: int) -> None:
        self._cursor: sqlite3.Cursor | None = None  # held, so that no other gets its identity
        self._bytes, self._most = 0, most

    def __call__(self, cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> sqlite3.Row:
        if cursor is not self._cursor:
            self._cursor, self._bytes = cursor, 0
        self._bytes += sum(len(value) if isinstance(value, str | bytes) else 8 for value in row)
        if self._bytes > self._most:
            raise AnswerTooLargeError("the answer is too large; ask for fewer rows or columns, or download the table")
        return sqlite3.Row(cursor, row)


def _authorize(action: int, first: str | None, second: str | None, _database: str | None, _source: str | None) -> int:
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _REFUSED:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and (first or "").lower() not in _PRAGMAS:
        return sqlite3.SQLITE_DENY
    if action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _linear_functions(longest: int) -> list[tuple[str, int, Any]]:
    """`instr`, `replace` and `trim` in time that grows with the length of the text alone, as SQLite has them otherwise."""

    def instr(text: Any, part: Any) -> int | None:
        if text is None or part is None:
            return None
        if not (isinstance(text, bytes) and isinstance(part, bytes)):
            text, part = _text(text), _text(part)
        return int(text.find(part)) + 1

    def replace(text: Any, old: Any, new: Any) -> str | None:
        if text is None or old is None or new is None:
            return None
        text, old, new = _text(text), _text(old), _text(new)
        if not old:
            return str(text)
        if len(text) + text.count(old) * (len(new) - len(old)) > longest:
            raise ValueError("string or blob too big")
        return str(text.replace(old, new))

    def trimmed(method: Any) -> Any:
        def trim(text: Any, characters: Any = " ") -> str | None:
            if text is None or characters is None:
                return None
            if len(_text(characters)) > _LONGEST_SET:
                raise ValueError(f"trim looks for {_LONGEST_SET} characters at most")
            return str(method(_text(text), _text(characters)))

        return trim

    return [
        ("printf", -1, formatted),
        ("format", -1, formatted),
        ("instr", 2, instr),
        ("replace", 3, replace),
        *(
            (name, n, trimmed(method))
            for name, method in (("trim", str.strip), ("ltrim", str.lstrip), ("rtrim", str.rstrip))
            for n in (1, 2)
        ),
    ]


_CONVERSION = re.compile(r"%(?P<flags>[-+ 0#,!]*)(?P<width>\d*)(?P<precision>\.\d*)?(?P<kind>[diufeEgGxXoscqQwz%])")
_WIDEST = 200


def formatted(template: Any = None, *values: Any) -> str | None:
    """SQLite's `printf`, by Python's: it has no `*`, and no width above 200, for which SQLite would count to two thousand million.

    >>> formatted("%.3f (%d of %,d) %s %Q", 0.91249, 3, 12000, "x", "it's")
    "0.912 (3 of 12,000) x 'it''s'"
    """
    if template is None:
        return None
    given = iter(values)

    def converted(match: re.Match[str]) -> str:
        kind, flags = match["kind"], match["flags"].replace("!", "")
        width, precision = match["width"], match["precision"] or ""
        if kind == "%":
            return "%"
        if max(int(width or 0), int(precision[1:] or 0)) > _WIDEST:
            raise ValueError(f"printf: widths and precisions up to {_WIDEST}")
        value = next(given, None)
        if kind in "qQw":
            mark = '"' if kind == "w" else "'"
            text = "NULL" if value is None and kind == "Q" else _text(value or "").replace(mark, 2 * mark)
            return f"'{text}'" if kind == "Q" and value is not None else text
        if kind in "scz":
            text = "" if value is None else _text(value)
            return f"%{flags.replace(',', '')}{width}{precision}s" % (text[:1] if kind == "c" else text)
        number = float(value or 0) if kind in "feEgG" else int(value or 0)
        if "," in flags:
            return f"{number:{width}{',' if kind in 'diu' else f',{precision}{kind}'}}"
        return f"%{flags}{width}{precision}{'d' if kind == 'u' else kind}" % number

    return _CONVERSION.sub(converted, _text(template))


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


class LimitedDatabase(Database):  # type: ignore[misc]
    """A database of Datasette's on which readers' statements take turns, and whose errors are one short line of the log."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._turns = asyncio.Semaphore(TURNS)
        self._counts: OrderedDict[bytes, Any] = OrderedDict()

    async def execute(self, sql: str, params: Any = None, **named: Any) -> Any:
        """A statement of a reader's, or of Datasette's own pages. What SQLite refuses is an OperationalError, answered with 400.

        Counts of facets, which Datasette gives a time limit of their own, are made once: a build does not change.
        """
        if not named.get("custom_time_limit") or self.is_mutable:
            return await self._in_turn(sql, params, **named)
        key = hashlib.sha256(repr((sql, params, named)).encode()).digest()
        if key not in self._counts:
            found = await self._in_turn(sql, params, **named)
            if sum(len(str(value)) for row in found for value in row) > LONGEST_COUNTS:
                return found
            self._counts[key] = found
            if len(self._counts) > COUNTS:
                self._counts.popitem(last=False)
        self._counts.move_to_end(key)
        return self._counts[key]

    async def _in_turn(self, *arguments: Any, **named: Any) -> Any:
        async with self._turns:
            return await self.execute_ours(*arguments, **named)

    async def execute_ours(self, *arguments: Any, **named: Any) -> Any:
        """A statement of the explorer's own, which waits for no reader's."""
        try:
            return await super().execute(*arguments, **(named | {"log_sql_errors": False}))
        except MemoryError as error:
            raise self._refused("the query needs too much memory; ask for less at once") from error
        except (sqlite3.DatabaseError, OverflowError) as error:
            raise self._refused(str(error)) from error

    async def attached_databases(self) -> list[Any]:
        """None: readers' connections cannot attach any, and the question would show paths."""
        return []

    def _refused(self, reason: str) -> sqlite3.OperationalError:
        log.warning("%s: refused a query: %s", self.name, " ".join(reason.split())[:200])
        return sqlite3.OperationalError(reason)
