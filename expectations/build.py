"""Build: the one row that says what was made, and counts that are those of the tables."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import Rules, table_suite

_COUNTS = {
    "n_documents": "documents",
    "n_canonical": "documents WHERE is_canonical",
    "n_rejected": "rejected",
    "n_sentences": "sentences",
    "n_mentions": "mentions",
    "n_entities": "entities",
    "n_quotes": "quotes",
    "n_quote_groups": "quote_groups",
}


def suite() -> ExpectationSuite:
    """The declared expectations of `build`, and its own."""
    its = Rules("build")
    return table_suite(
        "build",
        its.query("there is one row", 'SELECT count(*) AS "rows" FROM {batch} HAVING count(*) <> 1'),
        *(
            its.counted(f"`{column}` is the number of rows in {rows.replace(' WHERE', ' where')}", column, f"SELECT count(*) FROM {rows}")
            for column, rows in _COUNTS.items()
        ),
        its.never("no more documents than articles", "n_documents > n_articles", show="n_articles, n_documents"),
        its.never("`settings` and `packages` are JSON", "NOT (json_valid(settings) AND json_valid(packages))"),
    )
