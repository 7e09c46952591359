"""Members of quote groups: each quote is in one group at most."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import MOVED_QUOTES, Rules, table_suite


def suite() -> ExpectationSuite:
    """The declared expectations of `quote_group_members`, and its own."""
    its = Rules("quote_group_members")
    return table_suite(
        "quote_group_members",
        its.query(
            "a quote is a member of one group only",
            "SELECT quote_id, min(quote_group_id) AS quote_group_id, count(*) AS groups FROM {batch} GROUP BY quote_id HAVING count(*) > 1",
            narrowed=f"quote_id IN ({MOVED_QUOTES})",
        ),
        its.never(
            "the quote names the same group",
            "quotes.quote_group_id IS NOT quote_group_members.quote_group_id",
            join="JOIN quotes ON quotes.quote_id = quote_group_members.quote_id",
            show="quotes.quote_group_id AS named",
            narrowed=f"quote_id IN ({MOVED_QUOTES} UNION ALL SELECT quote_id FROM changed_quotes)",
        ),
    )
