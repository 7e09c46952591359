"""Possible same: pairs of entities that may be one."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import Rules, table_suite


def suite() -> ExpectationSuite:
    """The declared expectations of `possible_same`, and its own."""
    its = Rules("possible_same")
    return table_suite(
        "possible_same",
        its.never("a pair is of two entities, the lower id first", "entity_id >= other_id"),
        its.never("something speaks for it", "visible(evidence) = 0"),
    )
