"""Shared passages: places inside their documents, in as many articles as they say."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import Rules, table_suite


def suite() -> ExpectationSuite:
    """The declared expectations of `shared_passages`, and its own."""
    its = Rules("shared_passages")
    return table_suite(
        "shared_passages",
        its.never(
            "the passage ends inside its document",
            "shared_passages.end > n_characters",
            join="CROSS JOIN (SELECT document_id, n_characters FROM documents LIMIT -1) AS sized USING (document_id)",
        ),
        its.query(
            "`n_documents` is the number of articles it stands in, two or more",
            "SELECT passage_id, max(n_documents) AS n_documents, count(DISTINCT document_id) AS counted FROM {batch} GROUP BY passage_id"
            " HAVING min(n_documents) <> count(DISTINCT document_id) OR max(n_documents) <> count(DISTINCT document_id)"
            " OR max(n_documents) < 2",
        ),
    )
