"""Sentences: each stands in its block, and together they say all that the kept blocks say."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import SQL_WHITE, Rules, table_suite

_GAPS = """
SELECT document_id, sentence_id, lag("end", 1, 0) OVER (PARTITION BY document_id ORDER BY "start") AS gap_start, "start" AS gap_end
FROM {batch}
UNION ALL
SELECT document_id, max(sentence_id), max("end"), NULL FROM {batch} GROUP BY document_id
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
            SELECT sentence_id, gap_start AS "start", coalesce(gap_end, n_characters) AS "end"
            FROM ({_GAPS}) AS gaps JOIN documents USING (document_id)
            WHERE coalesce(gap_end, n_characters) > gap_start AND visible(passage(document_id, gap_start, coalesce(gap_end, n_characters)))
            """,
            by_document=True,
        ),
        its.never(
            "`is_heading` is true in titles and headings, and nowhere else",
            "sentences.is_heading <> (blocks.role <> 'body')",
            join="JOIN blocks ON blocks.block_id = sentences.block_id",
            show="blocks.role",
            by_document=True,
        ),
        its.never("a sentence says something", f"trim(text, {SQL_WHITE}) = ''", by_document=True),
    )
