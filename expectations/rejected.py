"""Rejected inputs: each with a reason, and none of them a document as well."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import Rules, table_suite


def suite() -> ExpectationSuite:
    """The declared expectations of `rejected`, and its own."""
    its = Rules("rejected")
    return table_suite(
        "rejected",
        its.query(
            "no rejected record is a document",
            "SELECT rejected.source_path, rejected.source_record, documents.document_id FROM (SELECT * FROM {batch}) AS rejected"
            " JOIN documents USING (source_path, source_record)",
        ),
    )
