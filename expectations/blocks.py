"""Blocks: together they are the raw text, and those that are kept are the document's text."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import KEPT_ROLES, RAW, SQL_WHITE, Rules, table_suite

_KEPT = ", ".join(f"'{role}'" for role in KEPT_ROLES)
_BLANK_LINE = "char(10, 10)"

# the row above, where it is of the same document: a join by row number takes a fifth of the time of a window; where rows are in no such
# order, `position` does not count them
_ABOVE = "LEFT JOIN blocks AS above ON above.rowid = its.rowid - 1 AND above.document_id = its.document_id"
# the end of the last kept block above; `LIMIT -1` around it below has SQLite look for it once a row, not at each use
_KEPT_ABOVE = """
(SELECT kept."end" FROM blocks AS kept WHERE kept.rowid BETWEEN its.rowid - its.position AND its.rowid - 1 AND kept."end" IS NOT NULL
 ORDER BY kept.rowid DESC LIMIT 1)
"""
_CONTINUING = """
SELECT block_id FROM (
  SELECT block_id, "start" - lag("end") OVER (PARTITION BY document_id ORDER BY position) AS gap FROM {batch} WHERE "start" IS NOT NULL
) WHERE gap < 2
"""
"""Blocks that invisible characters part from the one before, in one paragraph."""


def suite() -> ExpectationSuite:
    """The declared expectations of `blocks`, and its own."""
    its = Rules("blocks")
    return table_suite(
        "blocks",
        its.query(
            "`position` counts the article's rows from 0, without a gap, by `position`",
            f"""
            SELECT its.block_id, its.position FROM {{batch}} AS its {_ABOVE} WHERE its.position <> coalesce(above.position + 1, 0)
              OR (above.rowid IS NULL
                AND its.rowid <> (SELECT min(one.rowid) FROM blocks AS one WHERE one.document_id = its.document_id))
            """,
            by_document=True,
        ),
        its.query(
            "blocks stand in the order of the raw text",
            f"SELECT its.block_id, its.position, its.raw_start, above.raw_start AS before FROM {{batch}} AS its {_ABOVE}"
            " WHERE its.raw_start <= above.raw_start",
            by_document=True,
        ),
        its.in_kept_text(),
        its.never(
            "a block is in `documents.text` exactly if its role is one of title, heading, speaker_heading, body",
            f"(start IS NOT NULL) <> (role IN ({_KEPT}))",
            show="role",
            by_document=True,
        ),
        its.query(
            "kept blocks, in order and joined by a blank line, are `documents.text`: nothing before, between or after them",
            f"""
            SELECT block_id, document_id, gap_start, gap_end FROM (
              SELECT document_id, block_id, coalesce({_KEPT_ABOVE}, 0) AS gap_start, its.start AS gap_end
              FROM {{batch}} AS its WHERE its.start IS NOT NULL LIMIT -1
            ) AS gaps WHERE CASE
              WHEN gap_start = 0 THEN gap_end <> 0
              WHEN gap_end - gap_start < 2 THEN trim(passage(document_id, gap_start, gap_end)) <> '' OR NOT EXISTS (
                SELECT 1 FROM blocks AS unseen WHERE unseen.document_id = gaps.document_id AND unseen.rule = 'invisible characters')
              ELSE passage(document_id, gap_start, gap_end) IS NOT {_BLANK_LINE}
            END
            UNION ALL
            SELECT NULL, document_id, reached, NULL FROM (SELECT document_id, max("end") AS reached FROM {{batch}} GROUP BY document_id)
            JOIN documents USING (document_id) WHERE reached <> code_points(documents.text)
            """,
            by_document=True,
        ),
        its.never(
            "a block is as long in `documents.text` as in the raw text, and as its own text",
            "blocks.end - blocks.start <> blocks.raw_end - blocks.raw_start OR code_points(text) NOT IN"
            " (coalesce(blocks.end - blocks.start, code_points(text)), coalesce(blocks.raw_end - blocks.raw_start, code_points(text)))",
            by_document=True,
        ),
        its.query(
            "every kept block of an annotated document has a sentence",
            "SELECT block_id FROM (SELECT * FROM {batch}) AS kept JOIN documents USING (document_id)"
            ' WHERE documents.n_sentences IS NOT NULL AND kept."start" IS NOT NULL'
            " AND block_id NOT IN (SELECT block_id FROM sentences) AND visible(kept.text)"
            f" AND block_id NOT IN ({_CONTINUING})",
            by_document=True,
        ),
        its.in_raw_text(),
        its.never(
            "a block has raw offsets exactly if its article has a raw text to point into",
            "raw.has_raw_offsets <> (blocks.raw_start IS NOT NULL)",
            join=RAW,
            raw=True,
            by_document=True,
        ),
        its.query(
            "every visible character of a raw text is in exactly one block: no two overlap",
            "SELECT its.block_id, its.document_id, above.raw_end AS gap_start, its.raw_start AS gap_end"
            f" FROM {{batch}} AS its {_ABOVE} WHERE its.raw_start < above.raw_end",
            by_document=True,
        ),
        its.query(
            "every visible character of a raw text is in exactly one block: none is missing",
            f"""
            SELECT document_id, block_id AS before_block, gap_start AS raw_start, gap_end AS raw_end,
              trim(raw_passage(document_id, gap_start, gap_end), {SQL_WHITE}) AS missing
            FROM (
              SELECT its.document_id, its.block_id, coalesce(above.raw_end, 0) AS gap_start, its.raw_start AS gap_end
              FROM {{batch}} AS its {_ABOVE} WHERE its.raw_start IS NOT NULL
              UNION ALL
              SELECT document_id, NULL, reached, raw.raw_start + code_points(raw.text)
              FROM (SELECT document_id, max(raw_end) AS reached FROM {{batch}} GROUP BY document_id) {RAW} WHERE raw.has_raw_offsets
            ) WHERE missing <> ''
            """,
            raw=True,
            by_document=True,
        ),
        its.query(
            "where a raw text was taken from markup, the blocks in order say all that it says",
            f"""
            SELECT document_id FROM (
              SELECT document_id, group_concat(squeezed(text), '') AS said FROM (
                SELECT * FROM {{batch}} WHERE document_id IN (SELECT document_id FROM working.articles WHERE NOT has_raw_offsets)
                ORDER BY document_id, position
              ) GROUP BY document_id
            ) AS blocks {RAW} WHERE NOT raw.has_raw_offsets AND said <> squeezed(raw.text)
            """,
            raw=True,
            by_document=True,
        ),
    )
