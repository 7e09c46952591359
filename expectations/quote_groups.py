"""Quote groups: utterances that several articles report."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import MOVED, Rules, table_suite

_MEMBERS = "FROM quote_group_members AS member JOIN quotes USING (quote_id) WHERE member.quote_group_id = quote_groups.quote_group_id"

_CHANGED = f"""
quote_group_id IN (
  SELECT quote_group_id FROM temp.{MOVED}
  UNION ALL SELECT quote_group_id FROM main.quote_group_members WHERE quote_id IN (SELECT quote_id FROM changed_quotes)
  UNION ALL SELECT quote_group_id FROM earlier.quote_group_members WHERE quote_id IN (SELECT quote_id FROM former_quotes)
  UNION ALL SELECT quote_group_id FROM main.quote_groups AS now WHERE NOT EXISTS (
    SELECT 1 FROM earlier.quote_groups AS had WHERE had.quote_group_id = now.quote_group_id AND had.n_quotes = now.n_quotes
      AND had.n_documents = now.n_documents AND had.text = now.text)
)
"""
"""Groups that say something else of themselves than in the build before, or that a quote came to or left, or that has one that changed."""


def suite() -> ExpectationSuite:
    """The declared expectations of `quote_groups`, and its own."""
    its = Rules("quote_groups")
    return table_suite(
        "quote_groups",
        its.counted("`n_quotes` is the number of its members", "n_quotes", f"SELECT count(*) {_MEMBERS}", narrowed=_CHANGED),
        its.counted(
            "`n_documents` is the number of articles they stand in",
            "n_documents",
            f"SELECT count(DISTINCT quotes.document_id) {_MEMBERS}",
            narrowed=_CHANGED,
        ),
        its.never("at least two articles report it", "n_documents < 2", show="n_documents"),
        its.never(
            "`text` is the wording of one of its members",
            f"quote_groups.text NOT IN (SELECT quotes.text {_MEMBERS})",
            narrowed=_CHANGED,
        ),
    )
