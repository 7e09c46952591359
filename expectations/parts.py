"""The parts that suites are made of: an expectation, in words, that SQL or a column check can prove."""

from __future__ import annotations

from great_expectations import ExpectationSuite
from great_expectations.expectations import Expectation

from qantar.expectations.declared import declared
from qantar.expectations.no_rows import NoRowsExpectation, counting
from qantar.schema import KNOWN, OF_DOCUMENTS, TABLES

WHITE = "".join(chr(i) for i in range(0x3001) if chr(i).isspace())
"""Every white-space character of Unicode, as Python counts them; all stand below U+3001."""
SQL_WHITE = f"char({','.join(str(ord(c)) for c in WHITE)})"

RAW = "JOIN working.articles AS raw USING (document_id)"
DOCUMENT = "JOIN documents USING (document_id)"
PARTED = (
    "(coalesce({t}.raw_end - {t}.raw_start <> {t}.end - {t}.start, 0) AND EXISTS (SELECT 1 FROM blocks AS unseen"
    " WHERE unseen.document_id = {t}.document_id AND unseen.rule = 'invisible characters'))"
)
"""Whether a row, of table `t`, is longer in the raw text for the invisible characters that part its paragraph there."""
CHANGED = "document_id IN (SELECT document_id FROM temp.changed_ids)"
"""Whether a row is of a document that changed since the build before; where there is one that was validated, as with `MOVED`."""
MOVED = "moved_members"
"""Members of quote groups that only one of both builds has."""
MOVED_QUOTES = f"SELECT quote_id FROM temp.{MOVED}"
KEPT_ROLES = ("title", "heading", "speaker_heading", "body")


def table_suite(table: str, *own: Expectation) -> ExpectationSuite:
    """The suite of a table: what its declaration says, then its own rules."""
    return ExpectationSuite(name=table, expectations=[*declared(KNOWN[table]), *own])


class Rules:
    """Make a table's own rules: each a query of the rows that break it."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.keys = [f"{table}.{key}" for key in KNOWN[table].key]

    def never(
        self,
        words: str,
        where: str,
        *,
        join: str = "",
        show: str = "",
        raw: bool = False,
        by_document: bool = False,
        narrowed: str = "",
    ) -> Expectation:
        """No row of the table, joined to others by `join`, is true of `where`; `show` adds columns to a failing row."""
        columns = ", ".join([*self.keys, *([show] if show else [])])
        sql = f"SELECT {columns} FROM (SELECT * FROM {{batch}}) AS {self.table} {join} WHERE {where}"
        return self.query(words, sql, raw=raw, by_document=by_document, narrowed=narrowed)

    def query(
        self, words: str, sql: str, *, raw: bool = False, by_document: bool = False, narrowed: str = "", again: str = ""
    ) -> Expectation:
        """The query gives no rows; `{batch}` stands for the table.

        A rule is checked `by_document` if what it says of a document needs nothing but the rows of that document, in the tables of
        OF_DOCUMENTS, and its raw text: documents that have not changed since an earlier build are then left out of `{batch}`.
        Where a build was validated before, only what is not the same can break a rule about several documents: `{batch}` is `narrowed` to
        the rows of which this is true, or the query is asked `again` in another way. Both may look at that build's tables, as
        `earlier.mentions`, and of documents with other rows now or then at `changed_mentions` and `former_mentions`, see `make_same`.
        """
        meta = {"on": "raw" if raw else "sqlite", **({"by": "document"} if by_document and self.table in OF_DOCUMENTS else {})}
        meta |= {"narrowed": narrowed} if narrowed else {}
        meta |= {"again": counting(again)} if again else {}
        return NoRowsExpectation(description=words, unexpected_rows_query=sql, meta=meta)

    def numbered(self, order: str) -> Expectation:
        """Positions count an article's rows in their order, from 0, without a gap."""
        place = f"row_number() OVER (PARTITION BY document_id ORDER BY {order}) - 1 AS place"
        (key,) = TABLES[self.table].key
        return self.query(
            f"`position` counts the article's rows from 0, without a gap, by `{order}`",
            f"SELECT {key}, position FROM (SELECT {key}, position, {place} FROM {{batch}}) WHERE position <> place",
            by_document=True,
        )

    def apart(self, words: str) -> Expectation:
        """None of an article's rows starts before those before it have ended."""
        (key,) = TABLES[self.table].key
        before = 'PARTITION BY document_id ORDER BY "start", "end" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING'
        return self.query(
            words,
            f'SELECT {key}, "start", reached FROM (SELECT {key}, "start", max("end") OVER ({before}) AS reached FROM {{batch}})'
            ' WHERE "start" < reached',
            by_document=True,
        )

    def in_kept_text(self, text: str = "text", start: str = "start", end: str = "end") -> Expectation:
        """`documents.text[start:end]` is the row's text, character for character."""
        t = self.table
        passage = f"passage({t}.document_id, {t}.{start}, {t}.{end})"
        return self.never(
            f"`documents.text[{start}:{end}]` is `{text}`, character for character",
            f"{passage} IS NOT {t}.{text} AND {t}.{start} IS NOT NULL",
            join=DOCUMENT,
            show=f"{t}.{text}, {passage} AS found",
            by_document=True,
        )

    def in_raw_text(self, where: str = "1") -> Expectation:
        """The raw text from `raw_start` to `raw_end` is the row's text, white space apart."""
        t = self.table
        passage = f"raw_passage({t}.document_id, {t}.raw_start, {t}.raw_end)"
        return self.never(
            "the raw text from `raw_start` to `raw_end` is `text`, character for character (white space may be of another kind)",
            f"{t}.raw_start IS NOT NULL AND {where} AND {passage} IS NOT {t}.text"
            f" AND plain_spaces({passage}) IS NOT plain_spaces({t}.text)"
            f" AND NOT ({PARTED.format(t=t)} AND squeezed(seen({passage})) IS squeezed({t}.text))",
            join=RAW,
            show=f"{t}.text, {passage} AS found",
            raw=True,
            by_document=True,
        )

    def canonical_only(self) -> Expectation:
        """Annotations are made of canonical documents only."""
        return self.never(
            "its document is canonical: duplicates are not annotated", "NOT documents.is_canonical", join=DOCUMENT, by_document=True
        )

    def counted(self, words: str, column: str, count: str, *, by_document: bool = False, narrowed: str = "") -> Expectation:
        """The number in `column`, where there is one, is what the sub-query counts."""
        own = f"{self.table}.{column}"
        where, show = f"{own} IS NOT NULL AND {own} <> ({count})", f"{own}, ({count}) AS counted"
        return self.never(words, where, show=show, by_document=by_document, narrowed=narrowed)

    def inside(self, other: str, key: str, words: str) -> Expectation:
        """The row stands in the row of `other` that it names, and is as far from its place in the raw text."""
        t = self.table
        return self.never(
            words,
            f"{t}.document_id <> {other}.document_id OR {t}.start < {other}.start"
            f" OR ({t}.end > {other}.end AND NOT {PARTED.format(t=t)})"
            f" OR ({t}.raw_start - {t}.start IS NOT {other}.raw_start - {other}.start AND NOT {PARTED.format(t=other)})",
            join=f"JOIN {other} ON {other}.{key} = {t}.{key}",
            by_document=True,
        )
