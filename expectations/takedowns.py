"""Takedowns: what was removed is not there."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import Rules, table_suite


def suite() -> ExpectationSuite:
    """The declared expectations of `takedowns`, and its own."""
    its = Rules("takedowns")
    return table_suite(
        "takedowns",
        its.never("a document that was removed on request is not in the dataset", "document_id IN (SELECT document_id FROM documents)"),
    )
