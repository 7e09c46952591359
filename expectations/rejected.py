"""Rejected inputs: each with a reason, and none of them a document as well."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import Rules, table_suite


def suite() -> ExpectationSuite:
    """The declared expectations of `rejected`, and its own."""
    its = Rules("rejected")
    what = "source_path, source_record, stage, reason"
    return table_suite(
        "rejected",
        its.query(
            "a reason code is a short word, fit for counting", f"SELECT {what} FROM {{batch}} WHERE reason = '' OR reason GLOB '*[^a-z_]*'"
        ),
        its.query(
            "no rejected record is a document",
            "SELECT rejected.source_path, rejected.source_record, documents.document_id FROM (SELECT * FROM {batch}) AS rejected"
            " JOIN documents USING (source_path, source_record)",
        ),
    )
