"""Documents: what is counted of them is what is there, and duplicates lead to a canonical document."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import SQL_WHITE, Rules, table_suite

_LAYERS = ("sentences", "mentions", "quotes")


def suite() -> ExpectationSuite:
    """The declared expectations of `documents`, and its own."""
    its = Rules("documents")
    return table_suite(
        "documents",
        its.never("`n_characters` is the length of `text`", "n_characters <> code_points(text)", show="n_characters", by_document=True),
        its.never("`text_sha256` is the SHA-256 of `text`", "text_sha256 <> sha256(text)", show="text_sha256", by_document=True),
        its.never("`text` says something", f"trim(text, {SQL_WHITE}) = ''", by_document=True),
        # SQLite's text functions stop at this character: no check of a span behind it would see anything
        its.never("`text` holds no null character", "instr(text, char(0))", by_document=True),
        its.query(
            "no two documents come from the same record of the same file",
            "SELECT min(document_id) AS document_id, source_path, source_record FROM {batch}"
            " GROUP BY source_path, source_record HAVING count(*) > 1",
        ),
        *(
            its.counted(
                f"`n_{layer}` is the number of its rows in {layer}",
                f"n_{layer}",
                f"SELECT count(*) FROM {layer} WHERE {layer}.document_id = documents.document_id",
                by_document=True,
            )
            for layer in _LAYERS
        ),
        its.never(
            "it was counted as a whole or, not annotated, not at all",
            "NOT ((n_sentences IS NULL) = (n_tokens IS NULL) AND (n_sentences IS NULL) = (n_mentions IS NULL)"
            " AND (n_sentences IS NULL) = (n_quotes IS NULL))",
            show="n_tokens, n_sentences, n_mentions, n_quotes",
            by_document=True,
        ),
        its.never(
            "what a day of publication was taken from is said where there is one, and only there",
            "(published_on IS NULL) <> (published_basis IS NULL)",
            show="published_on, published_basis",
            by_document=True,
        ),
        its.never("duplicates are not annotated", "NOT is_canonical AND n_sentences IS NOT NULL", by_document=True),
        its.never(
            "a document is its own canonical document exactly if it is canonical",
            "is_canonical <> (canonical_id = document_id)",
            show="documents.canonical_id",
            by_document=True,
        ),
        its.never(
            "the canonical document of a duplicate is canonical itself",
            "NOT other.is_canonical",
            join="JOIN documents AS other ON other.document_id = documents.canonical_id",
            show="documents.canonical_id",
        ),
        its.never(
            "`duplicate_kind` and `similarity` are those of duplicates, and missing in canonical documents",
            "(duplicate_kind IS NULL) <> is_canonical OR (similarity IS NULL) <> is_canonical",
            show="duplicate_kind, similarity",
            by_document=True,
        ),
        its.never(
            "every duplicate has its row in duplicates",
            "NOT is_canonical AND document_id NOT IN (SELECT document_id FROM duplicates)",
        ),
        its.never(
            "the raw text of a document is known",
            "document_id NOT IN (SELECT document_id FROM working.articles)",
            raw=True,
            by_document=True,
        ),
        its.never("a document has blocks", "documents.document_id NOT IN (SELECT document_id FROM blocks)", by_document=True),
    )
