"""Blocks: together they are the raw text, and those that are kept are the document's text."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import KEPT_ROLES, RAW, SQL_WHITE, Rules, table_suite

_KEPT = ", ".join(f"'{role}'" for role in KEPT_ROLES)
_BLANK_LINE = "char(10, 10)"

# what lies before each block, from the end of the one before it, and what lies behind the last; `where` picks the blocks
_BETWEEN = """
SELECT document_id, block_id, lag({end}, 1, 0) OVER (PARTITION BY document_id ORDER BY {order}) AS gap_start,
  {start} AS gap_end, 0 AS is_last
FROM {{batch}} WHERE {start} IS NOT NULL
UNION ALL
SELECT document_id, NULL, max({end}), NULL, 1 FROM {{batch}} WHERE {start} IS NOT NULL GROUP BY document_id
"""
_RAW_GAPS = _BETWEEN.format(start="raw_start", end="raw_end", order="raw_start")
_GAP_END = "coalesce(gap_end, raw.raw_start + code_points(raw.text))"
_KEPT_GAPS = _BETWEEN.format(start="start", end="end", order="position")
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
        its.numbered("position"),
        its.query(
            "blocks stand in the order of the raw text",
            "SELECT block_id, position, raw_start, before FROM (SELECT block_id, position, raw_start, lag(raw_start) OVER"
            " (PARTITION BY document_id ORDER BY position) AS before FROM {batch} WHERE raw_start IS NOT NULL) WHERE raw_start <= before",
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
            SELECT block_id, document_id, gap_start, gap_end FROM ({_KEPT_GAPS}) AS gaps JOIN documents USING (document_id)
            WHERE CASE
              WHEN is_last THEN gap_start <> code_points(documents.text)
              WHEN gap_start = 0 THEN gap_end <> 0
              WHEN gap_end - gap_start < 2 THEN trim(passage(document_id, gap_start, gap_end)) <> '' OR NOT EXISTS (
                SELECT 1 FROM blocks AS unseen WHERE unseen.document_id = gaps.document_id AND unseen.rule = 'invisible characters')
              ELSE passage(document_id, gap_start, gap_end) IS NOT {_BLANK_LINE}
            END
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
            f"SELECT block_id, document_id, gap_start, gap_end FROM ({_RAW_GAPS}) AS gaps WHERE gap_end < gap_start",
            by_document=True,
        ),
        its.query(
            "every visible character of a raw text is in exactly one block: none is missing",
            f"""
            SELECT document_id, block_id AS before_block, gap_start AS raw_start, {_GAP_END} AS raw_end,
              trim(raw_passage(document_id, gap_start, {_GAP_END}), {SQL_WHITE}) AS missing
            FROM ({_RAW_GAPS}) AS gaps {RAW}
            WHERE missing <> '' AND raw.has_raw_offsets
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
