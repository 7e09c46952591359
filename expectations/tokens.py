"""Tokens: in order, apart, their document's own words, and trees within the document."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import DOCUMENT, Rules, table_suite

_IN_ORDER = "PARTITION BY document_id ORDER BY position"


def suite() -> ExpectationSuite:
    """The declared expectations of `tokens`, and its own."""
    its = Rules("tokens")
    return table_suite(
        "tokens",
        its.query(
            "`position` counts the article's tokens from 0, without a gap, and each starts after the one before it has ended",
            f"""
            SELECT document_id, position FROM (
              SELECT document_id, position, "start", row_number() OVER ({_IN_ORDER}) - 1 AS place,
                lag("end", 1, 0) OVER ({_IN_ORDER}) AS reached
              FROM {{batch}}
            ) WHERE position <> place OR "start" < reached
            """,
            by_document=True,
        ),
        its.in_kept_text(),
        its.canonical_only(),
        its.query(
            "`documents.n_tokens` is the number of the article's tokens",
            "SELECT document_id, n_tokens, count(position) AS counted FROM documents LEFT JOIN {batch} USING (document_id)"
            " WHERE n_tokens IS NOT NULL GROUP BY document_id HAVING n_tokens <> count(position)",
        ),
        its.never("`head` is a token of the article", "tokens.head >= documents.n_tokens", join=DOCUMENT, by_document=True),
    )
