"""Entities: one row for one person, body or place, and counts that are those of its mentions."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import Rules, table_suite

_NAMING = "SELECT entity_id, count(*) AS n FROM (SELECT DISTINCT document_id, entity_id FROM {mentions}) GROUP BY entity_id"
"""The documents that name each entity, counted in the documents' order: entity by entity, each row is read out of order."""
_ALIASES = "SELECT entities.entity_id, alias.value AS alias FROM (SELECT * FROM {batch}) AS entities JOIN json_each(aliases) AS alias"
_UNSAID = "NOT EXISTS (SELECT 1 FROM mentions WHERE mentions.entity_id = entities.entity_id AND mentions.text = alias.value)"


def suite() -> ExpectationSuite:
    """The declared expectations of `entities`, and its own."""
    its = Rules("entities")
    return table_suite(
        "entities",
        its.counted(
            "`n_mentions` is the number of its rows in mentions",
            "n_mentions",
            "SELECT count(*) FROM mentions WHERE mentions.entity_id = entities.entity_id",
        ),
        its.query(
            "`n_documents` is the number of documents that name it",
            "SELECT entity_id, n_documents, coalesce(n, 0) AS counted FROM {batch}"
            f" LEFT JOIN ({_NAMING.format(mentions='mentions')}) USING (entity_id) WHERE n_documents <> coalesce(n, 0)",
            again=f"""
            SELECT entity_id, n_documents, counted FROM (
              SELECT entity_id, entities.n_documents, coalesce(had.n_documents, 0) - coalesce(former.n, 0) + coalesce(now.n, 0) AS counted
              FROM (SELECT * FROM {{batch}}) AS entities LEFT JOIN earlier.entities AS had USING (entity_id)
              LEFT JOIN ({_NAMING.format(mentions="former_mentions")}) AS former USING (entity_id)
              LEFT JOIN ({_NAMING.format(mentions="changed_mentions")}) AS now USING (entity_id)
            ) WHERE n_documents <> counted
            """,
        ),
        its.query(
            "no two entities are the same Wikidata item",
            "SELECT min(entity_id) AS entity_id, max(entity_id) AS other, wikidata_id FROM {batch}"
            " WHERE wikidata_id IS NOT NULL GROUP BY wikidata_id HAVING count(*) > 1",
        ),
        its.query(
            "every alias is found in the articles",
            f"{_ALIASES} WHERE {_UNSAID}",
            again=f"""
            {_ALIASES} WHERE (
              entities.aliases IS NOT (SELECT aliases FROM earlier.entities AS had WHERE had.entity_id = entities.entity_id)
              OR (entities.entity_id, alias.value) IN (SELECT entity_id, text FROM former_mentions)
            ) AND {_UNSAID}
            """,
        ),
        its.never("`latitude` and `longitude` come together", "(latitude IS NULL) <> (longitude IS NULL)"),
        its.never("an entity has a name", "visible(name) = 0"),
    )
