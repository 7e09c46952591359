"""Templates: articles of one frame, none of them a duplicate."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import Rules, table_suite


def suite() -> ExpectationSuite:
    """The declared expectations of `templates`, and its own."""
    its = Rules("templates")
    return table_suite(
        "templates",
        its.never("no document fills in its own frame twice", "templates.document_id IN (other_id, frame_id)"),
        its.never(
            "both articles are canonical",
            "NOT documents.is_canonical OR NOT other.is_canonical",
            join="JOIN documents ON documents.document_id = templates.document_id JOIN documents AS other ON other.document_id = other_id",
        ),
        its.never("a frame has two articles at least", "n_documents < 2"),
    )
