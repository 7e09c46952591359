"""Quote groups: utterances that several articles report."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import Rules, table_suite

_MEMBERS = "FROM quote_group_members AS member JOIN quotes USING (quote_id) WHERE member.quote_group_id = quote_groups.quote_group_id"


def suite() -> ExpectationSuite:
    """The declared expectations of `quote_groups`, and its own."""
    its = Rules("quote_groups")
    return table_suite(
        "quote_groups",
        its.counted("`n_quotes` is the number of its members", "n_quotes", f"SELECT count(*) {_MEMBERS}"),
        its.counted(
            "`n_documents` is the number of articles they stand in", "n_documents", f"SELECT count(DISTINCT quotes.document_id) {_MEMBERS}"
        ),
        its.never("at least two articles report it", "n_documents < 2", show="n_documents"),
        its.never("`text` is the wording of one of its members", f"quote_groups.text NOT IN (SELECT quotes.text {_MEMBERS})"),
    )
