"""Mentions: each stands in its sentence, the outermost name wins, and what is named is an entity."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import SQL_WHITE, Rules, table_suite

_NO_ENTITY = "('DATE', 'MONEY')"
_TOLD = 'title_gender({passage}(m.document_id, max(0, m."start" - 60), m."start")) AS told'
_LINKED = "label = 'PERSON' AND link_method IS NOT 'correction'"
_TITLED = f"SELECT {{columns}}, {_TOLD} FROM {{rows}} AS m WHERE {_LINKED} AND told IS NOT NULL"
"""Titles are looked for in the rows' order, document by document: in the order of entities, each row's document is read anew."""
_EACH = _TITLED.format(columns="mention_id, entity_id", rows="(SELECT * FROM {batch})", passage="passage")
_NOW = _TITLED.format(columns="entity_id", rows="changed_mentions", passage="passage")
_THEN = _TITLED.format(columns="entity_id", rows="former_mentions", passage="former_passage")


def suite() -> ExpectationSuite:
    """The declared expectations of `mentions`, and its own."""
    its = Rules("mentions")
    return table_suite(
        "mentions",
        its.canonical_only(),
        its.in_kept_text(),
        its.in_raw_text(),
        its.inside("sentences", "sentence_id", "a mention stands inside its sentence, at the same distance from the raw text"),
        its.apart("mentions do not overlap: the outermost name wins"),
        its.never(
            "a mention begins and ends with a visible character",
            f"trim(mentions.text, {SQL_WHITE}) <> mentions.text",
            show="text",
            by_document=True,
        ),
        its.never(
            "names have an entity; dates and amounts have none",
            f"(entity_id IS NULL) <> (label IN {_NO_ENTITY})",
            show="label, text",
            by_document=True,
        ),
        its.never(
            "what leads to an entity, and how sure that is, is said of every mention that has one",
            "(entity_id IS NULL) <> (link_method IS NULL) OR (entity_id IS NULL) <> (link_score IS NULL)",
            show="link_method, link_score",
            by_document=True,
        ),
        its.query(
            "no name is linked against a title, but by a correction: nobody is Mr in one place and Mrs in another",
            f"WITH titled AS MATERIALIZED ({_EACH}) SELECT min(mention_id) AS mention_id, entity_id, count(*) AS n FROM titled"
            " GROUP BY entity_id HAVING count(DISTINCT told) > 1",
            narrowed=f"+entity_id IN (SELECT entity_id FROM ({_NOW} EXCEPT {_THEN}))",  # whoever has one title has it everywhere
        ),
        its.never(
            "only dates and amounts have a `value`",
            f"value IS NOT NULL AND label NOT IN {_NO_ENTITY}",
            show="label, value",
            by_document=True,
        ),
    )
