"""Quotes: text, cue and speaker are the very words at their place, and they lead to the sentence, group and quote they belong to."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import CHANGED, DOCUMENT, MOVED_QUOTES, Rules, table_suite

_SEGMENTS = (
    "SELECT quotes.*, segment.key AS place, json_extract(segment.value, '$[0]') AS a, json_extract(segment.value, '$[1]') AS b"
    " FROM (SELECT * FROM {batch}) AS quotes JOIN json_each(quotes.segments) AS segment"
)
_AGAINST_A_TITLE = """
WITH spoken AS (
  SELECT quote_id, document_id, speaker, speaker_entity_id, lower(speaker) IN ('he', 'him', 'his') AS is_he FROM {batch}
  WHERE speaker_basis = 'pronoun' AND method NOT LIKE 'correction%' AND lower(speaker) IN ('he', 'him', 'his', 'she', 'her')
), titled AS MATERIALIZED (
  SELECT DISTINCT m.document_id, m.entity_id, title_gender(passage(m.document_id, max(0, m."start" - 60), m."start")) AS gender
  FROM (SELECT DISTINCT document_id, speaker_entity_id FROM spoken) AS meant
  CROSS JOIN mentions AS m ON m.document_id = meant.document_id AND +m.entity_id = meant.speaker_entity_id
  WHERE m.link_method IS NOT 'correction'
)
SELECT quote_id, speaker, speaker_entity_id FROM spoken
JOIN titled ON titled.document_id = spoken.document_id AND titled.entity_id = spoken.speaker_entity_id
WHERE gender = CASE WHEN is_he THEN 'female' ELSE 'male' END
"""
"""Each mention's title is looked for once, in the rows of its document: once for each quote, it took minutes."""
_FOUND = (
    "(SELECT group_concat(passage(quotes.document_id, json_extract(value, '$[0]'), json_extract(value, '$[1]')), ' ')"
    " FROM json_each(quotes.segments))"
)


def suite() -> ExpectationSuite:
    """The declared expectations of `quotes`, and its own."""
    its = Rules("quotes")
    return table_suite(
        "quotes",
        its.canonical_only(),
        its.never("a quote has a segment", "json_array_length(segments) = 0", by_document=True),
        its.query(
            "segments are [start, end] pairs, in order and apart",
            f"SELECT quote_id, segments FROM (SELECT quote_id, segments, a, b, lag(b, 1, 0) OVER (PARTITION BY quote_id ORDER BY place)"
            f" AS reached FROM ({_SEGMENTS}) AS s) WHERE a IS NULL OR b IS NULL OR a >= b OR a < reached",
            by_document=True,
        ),
        its.query(
            "`start` and `end` are those of the first and the last segment",
            f'SELECT quote_id, "start", "end", segments FROM ({_SEGMENTS}) AS s'
            ' GROUP BY quote_id HAVING min(a) <> "start" OR max(b) <> "end"',
            by_document=True,
        ),
        its.never(
            "`text` is every segment of `documents.text`, character for character, joined by a space",
            f"quotes.text IS NOT {_FOUND}",
            join=DOCUMENT,
            show=f"quotes.text, {_FOUND} AS found",
            by_document=True,
        ),
        its.in_raw_text("json_array_length(quotes.segments) = 1 AND quotes.raw_end - quotes.raw_start = quotes.end - quotes.start"),
        its.never(
            "`raw_start` and `raw_end` are as far from `start` and `end` as their blocks are from the raw text",
            "quotes.raw_start IS NOT (SELECT quotes.start + blocks.raw_start - blocks.start FROM blocks"
            " WHERE blocks.document_id = quotes.document_id AND blocks.start <= quotes.start AND quotes.start < blocks.end)"
            " OR quotes.raw_end IS NOT (SELECT quotes.end + blocks.raw_start - blocks.start FROM blocks"
            " WHERE blocks.document_id = quotes.document_id AND blocks.start < quotes.end AND quotes.end <= blocks.end)",
            show="quotes.raw_start, quotes.raw_end",
            by_document=True,
        ),
        its.in_kept_text("cue", "cue_start", "cue_end"),
        its.in_kept_text("speaker", "speaker_start", "speaker_end"),
        its.never("a cue and its place come together", "(cue IS NULL) <> (cue_start IS NULL)", by_document=True),
        its.never(
            "a speaker, its place and what identifies it come together",
            "(speaker IS NULL) <> (speaker_start IS NULL) OR (speaker IS NULL) <> (speaker_basis IS NULL)",
            show="speaker, speaker_basis",
            by_document=True,
        ),
        its.query(
            "no speaker stands against a title, but by a correction: whoever is `he` is nowhere in the article Mrs, nor `she` Mr",
            _AGAINST_A_TITLE,
            by_document=True,
        ),
        its.never(
            "several speakers are as many places as entities, the first of them `speaker_entity_id`",
            "json_array_length(speaker_entity_ids) > 0 AND (json_array_length(speaker_entity_ids) = 1"
            " OR json_extract(speaker_entity_ids, '$[0]') IS NOT speaker_entity_id)",
            show="speaker_entity_ids",
            by_document=True,
        ),
        its.never(
            "a speaker has a `speaker_score`",
            "(speaker IS NULL) <> (speaker_score IS NULL)",
            show="speaker, speaker_score",
            by_document=True,
        ),
        its.never(
            "nobody says what is `unattributed`",
            "kind = 'unattributed' AND (speaker IS NOT NULL OR speaker_entity_id IS NOT NULL)",
            show="speaker",
            by_document=True,
        ),
        its.never(
            "a quote begins in its sentence",
            "sentences.document_id <> quotes.document_id OR quotes.start < sentences.start OR quotes.start >= sentences.end",
            join="JOIN sentences ON sentences.sentence_id = quotes.sentence_id",
            by_document=True,
        ),
        its.never(
            "a quote stands inside its parent",
            "parent.document_id <> quotes.document_id OR parent.quote_id = quotes.quote_id"
            " OR quotes.start < parent.start OR quotes.end > parent.end",
            join="JOIN quotes AS parent ON parent.quote_id = quotes.parent_quote_id",
            show="quotes.parent_quote_id",
            by_document=True,
        ),
        its.query(
            "a quote's group is the one whose member it is",
            "SELECT quotes.quote_id, quotes.quote_group_id, member.quote_group_id AS member_of FROM (SELECT * FROM {batch}) AS quotes"
            " LEFT JOIN quote_group_members AS member ON member.quote_id = quotes.quote_id"
            " WHERE quotes.quote_group_id IS NOT member.quote_group_id",
            narrowed=f"{CHANGED} OR quote_id IN ({MOVED_QUOTES})",
        ),
    )
