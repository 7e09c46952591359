"""Corrections: what was applied is there."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import Rules, table_suite

_KEYS = {"documents": "document_id", "blocks": "block_id", "mentions": "mention_id", "quotes": "quote_id", "entities": "entity_id"}
_GONE = " OR ".join(f"(\"table\" = '{table}' AND row_id NOT IN (SELECT {key} FROM {table}))" for table, key in _KEYS.items())


def suite() -> ExpectationSuite:
    """The declared expectations of `corrections`, and its own."""
    its = Rules("corrections")
    return table_suite(
        "corrections",
        its.never("what was not applied says why", "status IN ('stale', 'conflict') AND visible(detail) = 0", show="status"),
        its.never(
            "the row that a correction was applied to is there", f"status = 'applied' AND field <> 'delete' AND ({_GONE})", show="row_id"
        ),
    )
