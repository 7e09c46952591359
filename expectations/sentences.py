"""Sentences: each stands in its block, and together they say all that the kept blocks say."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import SQL_WHITE, Rules, table_suite

_GAPS = """
SELECT block_id, sentence_id, lag("end", 1, block_start) OVER (PARTITION BY block_id ORDER BY "start") AS gap_start, "start" AS gap_end
FROM placed
UNION ALL
SELECT block_id, max(sentence_id), max("end"), block_end FROM placed GROUP BY block_id
"""


def suite() -> ExpectationSuite:
    """The declared expectations of `sentences`, and its own."""
    its = Rules("sentences")
    return table_suite(
        "sentences",
        its.numbered("start"),
        its.canonical_only(),
        its.in_kept_text(),
        its.in_raw_text(),
        its.inside("blocks", "block_id", "a sentence stands inside its block, at the same distance from the raw text"),
        its.apart("sentences do not overlap"),
        its.query(
            "every visible character of a kept block is in a sentence",
            f"""
            WITH placed AS (
              SELECT sentences.*, blocks.start AS block_start, blocks.end AS block_end
              FROM (SELECT * FROM {{batch}}) AS sentences JOIN blocks ON blocks.block_id = sentences.block_id
            )
            SELECT sentence_id, gap_start AS "start", gap_end AS "end" FROM ({_GAPS}) AS gaps JOIN blocks USING (block_id)
            WHERE gap_end > gap_start AND visible(substr(blocks.text, gap_start - blocks.start + 1, gap_end - gap_start))
            """,
        ),
        its.query(
            "every kept block of an annotated document has a sentence",
            "SELECT block_id FROM blocks JOIN documents USING (document_id) WHERE documents.n_sentences IS NOT NULL"
            " AND blocks.start IS NOT NULL AND block_id NOT IN (SELECT block_id FROM {batch}) AND visible(blocks.text)",
        ),
        its.never(
            "`is_heading` is true in titles and headings, and nowhere else",
            "sentences.is_heading <> (blocks.role <> 'body')",
            join="JOIN blocks ON blocks.block_id = sentences.block_id",
            show="blocks.role",
        ),
        its.never("a sentence says something", f"trim(text, {SQL_WHITE}) = ''"),
    )
