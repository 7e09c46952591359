"""Duplicates: what they say of a document is what the document says of itself."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import Rules, table_suite


def suite() -> ExpectationSuite:
    """The declared expectations of `duplicates`, and its own."""
    its = Rules("duplicates")
    return table_suite(
        "duplicates",
        its.never(
            "documents has the same canonical document, kind and similarity",
            "documents.is_canonical OR documents.canonical_id <> duplicates.canonical_id"
            " OR documents.duplicate_kind IS NOT duplicates.kind OR documents.similarity IS NOT duplicates.similarity",
            join="JOIN documents ON documents.document_id = duplicates.document_id",
        ),
        its.never("no document duplicates itself", "document_id = canonical_id"),
        its.never("a source stands with its evidence", "(source_id IS NULL) <> (source_evidence IS NULL)"),
        its.never(
            "a source is of the same group",
            "documents.canonical_id <> duplicates.canonical_id",
            join="JOIN documents ON documents.document_id = duplicates.source_id",
        ),
    )
