"""A planted violation of each kind is caught, and the rows that break the promise are named."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import qantar.expectations
from qantar.expectations import suites
from qantar.quality.validation import ROWS_SHOWN, Checked, Validation
from qantar.schema import KNOWN, TABLES
from qantar.store import staged as staged_database
from qantar.text.gender import title_gender
from tests.expectations.sound_build import Staged, staged_rows, validate_build

FIRST, SECOND, COPY, PAGE = (letter * 12 for letter in "abcd")


def check(staged: Staged, where: Path) -> Validation:
    staged.write(where)
    return validate_build(staged.folder, staged.working)


def failed(validation: Validation, table: str, words: str) -> Checked:
    """The one failed expectation of a table that says these words."""
    found = [c for c in validation.failures if c.table == table and words in c.expectation]
    assert len(found) == 1, f"no failure of {table} says {words!r}; failed: {[(c.table, c.expectation) for c in validation.failures]}"
    return found[0]


def test_a_sound_build_meets_every_expectation(tmp_path: Path) -> None:
    validation = check(staged_rows(), tmp_path)
    assert validation.summary() == ""
    assert validation.success
    assert {c.table for c in validation.checked} == set(KNOWN)


def test_a_person_who_is_mr_in_one_place_and_mrs_in_another_is_caught(tmp_path: Path) -> None:
    staged = staged_rows()
    document = staged.article("f", ["Mr Kim Holm met Mrs Eva Holm."], "Mr Kim Holm met Mrs Eva Holm.")
    staged.names(document, {"Kim Holm": ("eva_holm", "PERSON"), "Eva Holm": ("eva_holm", "PERSON")})
    caught = failed(check(staged, tmp_path), "mentions", "against a title")
    assert caught.rows[0]["entity_id"] == "eva_holm"


def test_every_table_and_column_of_the_schema_has_its_expectations() -> None:
    by_table = suites()
    assert list(by_table) == list(KNOWN)
    for name, suite in by_table.items():
        words = [str(e.description) for e in suite.expectations]
        assert len(set(words)) == len(words), f"{name}: two expectations say the same"
        for column in KNOWN[name]:
            if not column.nullable:
                assert f"`{column.name}` is never missing" in words
            if column.values:
                assert any(w.startswith(f"`{column.name}` is one of {column.values[0]}") for w in words)
            if column.references:
                assert any(w.startswith(f"`{column.name}`") and w.endswith(f"is a row of {column.references}") for w in words)


# --- what a row can get wrong: (table, row, what is changed, the words of the expectation, what of the failing row is told) ---

PLANTED: list[tuple[str, int, dict[str, Any], str, dict[str, Any]]] = [
    # declared in the schema
    ("mentions", 0, {"label": "CITY"}, "`label` is one of PERSON", {"mention_id": f"{FIRST}-m29", "label": "CITY"}),
    ("mentions", 0, {"score": 1.5}, "`score` is from 0 to 1", {"mention_id": f"{FIRST}-m29", "score": 1.5}),
    ("sentences", 0, {"n_tokens": -1}, "`n_tokens` is 0 or more", {"sentence_id": f"{FIRST}-s0"}),
    ("documents", 1, {"source_sha256": "0" * 63}, "the whole of `source_sha256` matches", {"document_id": SECOND}),
    ("documents", 1, {"source_sha256": "0" * 64 + "\n"}, "the whole of `source_sha256` matches", {"document_id": SECOND}),
    ("entities", 0, {"wikidata_id": "Q0"}, "the whole of `wikidata_id` matches", {"entity_id": "eva_holm"}),
    ("entities", 1, {"latitude": 91.0}, "`latitude` is from -90 to 90", {"entity_id": "lund"}),
    ("mentions", 2, {"entity_id": "nobody"}, "`entity_id`, if any, is a row of entities", {"entity_id": "nobody"}),
    ("sentences", 1, {"block_id": "none"}, "`block_id` is a row of blocks", {"sentence_id": f"{FIRST}-s1"}),
    ("quotes", 0, {"parent_quote_id": "none"}, "`parent_quote_id`, if any, is a row of quotes", {"quote_id": f"{FIRST}-q53"}),
    ("shared_passages", 0, {"end": 17}, "`start` comes before `end`", {"document_id": FIRST}),
    ("quotes", 0, {"speaker_end": None}, "`speaker_start` comes before `speaker_end`", {"quote_id": f"{FIRST}-q53"}),
    # documents
    ("documents", 1, {"n_characters": 3}, "`n_characters` is the length", {"document_id": SECOND, "n_characters": 3}),
    ("documents", 1, {"text_sha256": "0" * 64}, "`text_sha256` is the SHA-256", {"document_id": SECOND}),
    ("documents", 1, {"text": " \u2003 "}, "`text` says something", {"document_id": SECOND}),
    ("documents", 1, {"text": "Lund’s\0harbour"}, "holds no null character", {"document_id": SECOND}),
    ("documents", 1, {"source_path": f"{FIRST}.txt"}, "no two documents come from the same record", {"source_path": f"{FIRST}.txt"}),
    ("documents", 1, {"n_sentences": 7}, "`n_sentences` is the number", {"n_sentences": 7, "counted": 2}),
    ("documents", 1, {"n_quotes": None}, "counted as a whole", {"document_id": SECOND}),
    ("documents", 2, {"is_canonical": True}, "its own canonical document", {"document_id": COPY}),
    ("documents", 0, {"is_canonical": False}, "the canonical document of a duplicate is canonical", {"document_id": FIRST}),
    ("documents", 0, {"similarity": 0.5}, "`duplicate_kind` and `similarity`", {"document_id": FIRST}),
    ("documents", 2, {"n_sentences": 0}, "duplicates are not annotated", {"document_id": COPY}),
    ("documents", 1, {"published_basis": None}, "what a day of publication was taken from", {"document_id": SECOND}),
    # blocks
    ("blocks", 2, {"position": 7}, "`position` counts", {"block_id": f"{FIRST}-b2"}),
    ("blocks", -1, {"document_id": FIRST}, "`position` counts", {"block_id": f"{PAGE}-b0"}),
    ("blocks", 3, {"raw_start": 1}, "in the order of the raw text", {"block_id": f"{FIRST}-b3", "before": 28}),
    ("blocks", 2, {"text": "The fort" + "x" * 63}, "`documents.text[start:end]` is `text`", {"block_id": f"{FIRST}-b2"}),
    ("blocks", 1, {"role": "body"}, "exactly if its role", {"block_id": f"{FIRST}-b1", "role": "body"}),
    ("blocks", 4, {"start": 1}, "joined by a blank line", {"block_id": f"{SECOND}-b0"}),
    ("blocks", 5, {"raw_end": 70}, "as long in `documents.text` as in the raw text", {"block_id": f"{SECOND}-b1"}),
    ("blocks", 5, {"raw_start": 20, "raw_end": 71}, "the raw text from `raw_start`", {"block_id": f"{SECOND}-b1"}),
    ("blocks", 3, {"raw_start": None, "raw_end": None}, "has raw offsets exactly if", {"block_id": f"{FIRST}-b3"}),
    ("blocks", -1, {"raw_start": 0, "raw_end": 18}, "has raw offsets exactly if", {"block_id": f"{PAGE}-b0"}),
    ("blocks", 3, {"raw_start": 90, "raw_end": 99}, "no two overlap", {"block_id": f"{FIRST}-b3"}),
    ("blocks", 3, {"raw_start": None, "raw_end": None}, "none is missing", {"document_id": FIRST, "missing": "Follow us"}),
    ("blocks", 0, {"raw_start": 3}, "none is missing", {"before_block": f"{FIRST}-b0", "missing": "Har"}),
    ("blocks", -1, {"text": "Ferries sail aground"}, "taken from markup", {"document_id": PAGE}),
    # sentences
    ("sentences", 2, {"position": 5}, "`position` counts", {"sentence_id": f"{FIRST}-s2"}),
    ("sentences", 2, {"start": 5}, "by `start`", {"sentence_id": f"{FIRST}-s2"}),
    ("sentences", 2, {"document_id": COPY}, "its document is canonical", {"sentence_id": f"{FIRST}-s2"}),
    ("sentences", 2, {"text": "“It is safe”"}, "`documents.text[start:end]`", {"sentence_id": f"{FIRST}-s2"}),
    ("sentences", 2, {"raw_start": 60, "raw_end": 96}, "the raw text from `raw_start`", {"sentence_id": f"{FIRST}-s2"}),
    ("sentences", 2, {"raw_start": 60, "raw_end": 96}, "same distance from the raw text", {"sentence_id": f"{FIRST}-s2"}),
    ("sentences", 2, {"start": 30}, "sentences do not overlap", {"sentence_id": f"{FIRST}-s2"}),
    ("sentences", 2, {"start": 60}, "every visible character of a kept block", {"start": 51, "end": 60}),
    ("sentences", 0, {"block_id": f"{FIRST}-b2"}, "every kept block of an annotated document", {"block_id": f"{FIRST}-b0"}),
    ("sentences", 1, {"is_heading": True}, "`is_heading` is true in titles", {"sentence_id": f"{FIRST}-s1", "role": "body"}),
    # mentions
    ("mentions", 0, {"document_id": COPY}, "its document is canonical", {"mention_id": f"{FIRST}-m29"}),
    ("mentions", 0, {"text": "Lindt"}, "`documents.text[start:end]`", {"mention_id": f"{FIRST}-m29"}),
    ("mentions", 0, {"raw_start": 1, "raw_end": 5}, "the raw text from `raw_start`", {"mention_id": f"{FIRST}-m29"}),
    ("mentions", 0, {"sentence_id": f"{FIRST}-s0"}, "inside its sentence", {"mention_id": f"{FIRST}-m29"}),
    ("mentions", 1, {"start": 30}, "the outermost name wins", {"mention_id": f"{FIRST}-m44"}),
    ("mentions", 0, {"text": "Lund "}, "begins and ends with a visible character", {"mention_id": f"{FIRST}-m29"}),
    ("mentions", 2, {"entity_id": None}, "names have an entity", {"label": "PERSON"}),
    ("mentions", 0, {"link_method": None}, "what leads to an entity", {"mention_id": f"{FIRST}-m29"}),
    ("mentions", 0, {"value": "2022"}, "only dates and amounts", {"label": "GPE"}),
    # entities
    ("possible_same", 0, {"other_id": "eva_holm"}, "the lower id first", {"entity_id": "eva_holm"}),
    ("possible_same", 0, {"evidence": " "}, "something speaks for it", {"entity_id": "eva_holm"}),
    ("entities", 0, {"n_mentions": 9}, "`n_mentions` is the number", {"n_mentions": 9, "counted": 2}),
    ("entities", 0, {"n_documents": 1}, "`n_documents` is the number", {"n_documents": 1, "counted": 2}),
    ("entities", 0, {"wikidata_id": "Q2167"}, "the same Wikidata item", {"wikidata_id": "Q2167"}),
    ("entities", 0, {"aliases": ["Eva Holm", "Eve"]}, "every alias is found", {"alias": "Eve"}),
    ("entities", 0, {"name": " "}, "an entity has a name", {"entity_id": "eva_holm"}),
    ("entities", 1, {"longitude": None}, "come together", {"entity_id": "lund"}),
    # quotes
    ("quotes", 0, {"document_id": COPY}, "its document is canonical", {"quote_id": f"{FIRST}-q53"}),
    ("quotes", 1, {"segments": []}, "a quote has a segment", {"quote_id": f"{SECOND}-q43"}),
    ("quotes", 1, {"segments": [[56, 63], [43, 54]]}, "in order and apart", {"quote_id": f"{SECOND}-q43"}),
    ("quotes", 1, {"segments": [[None, None]]}, "is every segment of", {"quote_id": f"{SECOND}-q43"}),
    ("quotes", 1, {"start": 44}, "those of the first and the last segment", {"quote_id": f"{SECOND}-q43"}),
    ("quotes", 1, {"text": "it was safe “at last"}, "joined by a space", {"found": "it was safe at last"}),
    ("quotes", 0, {"raw_start": 60, "raw_end": 71}, "the raw text from `raw_start`", {"quote_id": f"{FIRST}-q53"}),
    ("quotes", 1, {"raw_end": 60}, "as far from `start` and `end`", {"quote_id": f"{SECOND}-q43"}),
    ("quotes", 0, {"cue": "says"}, "`documents.text[cue_start:cue_end]`", {"quote_id": f"{FIRST}-q53"}),
    ("quotes", 0, {"speaker": "Eve Holm"}, "`documents.text[speaker_start:speaker_end]`", {"quote_id": f"{FIRST}-q53"}),
    ("quotes", 0, {"cue": None}, "a cue and its place", {"quote_id": f"{FIRST}-q53"}),
    ("quotes", 0, {"speaker_score": None}, "a speaker has a `speaker_score`", {"quote_id": f"{FIRST}-q53"}),
    ("quotes", 0, {"speaker_entity_ids": ["lund", "eva_holm"]}, "several speakers are as many", {"quote_id": f"{FIRST}-q53"}),
    ("quotes", 0, {"speaker_basis": None}, "what identifies it come together", {"quote_id": f"{FIRST}-q53"}),
    ("quotes", 0, {"kind": "unattributed"}, "nobody says what is `unattributed`", {"quote_id": f"{FIRST}-q53"}),
    ("quotes", 0, {"sentence_id": f"{FIRST}-s1"}, "begins in its sentence", {"quote_id": f"{FIRST}-q53"}),
    ("quotes", 0, {"parent_quote_id": f"{SECOND}-q43"}, "inside its parent", {"quote_id": f"{FIRST}-q53"}),
    ("quotes", 0, {"quote_group_id": None}, "the one whose member it is", {"member_of": "g1"}),
    # tokens
    ("tokens", 1, {"position": 99}, "without a gap", {"document_id": FIRST, "position": 99}),
    ("tokens", 1, {"start": 3}, "each starts after the one before", {"document_id": FIRST, "position": 1}),
    ("tokens", 1, {"text": "opens"}, "`documents.text[start:end]` is `text`", {"document_id": FIRST, "position": 1}),
    ("tokens", 1, {"document_id": COPY}, "duplicates are not annotated", {"document_id": COPY}),
    ("tokens", 1, {"document_id": COPY}, "`documents.n_tokens` is the number", {"document_id": FIRST}),
    ("tokens", 1, {"head": 99}, "`head` is a token of the article", {"position": 1}),
    # groups, duplicates and the rest
    ("quote_groups", 0, {"n_quotes": 3}, "`n_quotes` is the number", {"n_quotes": 3, "counted": 2}),
    ("quote_groups", 0, {"n_documents": 1}, "at least two articles", {"quote_group_id": "g1"}),
    ("quote_groups", 0, {"text": "safe"}, "the wording of one of its members", {"quote_group_id": "g1"}),
    ("quotes", 0, {"quote_group_id": None}, "the quote names the same group", {"quote_id": f"{FIRST}-q53"}),
    ("duplicates", 0, {"method": "a guess"}, "the whole of `method` matches", {"document_id": COPY}),
    ("duplicates", 0, {"similarity": 0.5}, "the same canonical document", {"document_id": COPY}),
    ("duplicates", 0, {"canonical_id": COPY}, "no document duplicates itself", {"document_id": COPY}),
    ("duplicates", 0, {"source_id": COPY}, "a source stands with its evidence", {"document_id": COPY}),
    ("duplicates", 0, {"source_id": SECOND, "source_evidence": "fullest"}, "a source is of the same group", {"document_id": COPY}),
    ("duplicates", 0, {"document_id": SECOND}, "every duplicate has its row", {"document_id": COPY}),
    ("templates", 0, {"frame_id": SECOND}, "its own frame twice", {"document_id": SECOND}),
    ("templates", 0, {"other_id": COPY}, "both articles are canonical", {"document_id": SECOND}),
    ("templates", 0, {"n_documents": 1}, "two articles at least", {"document_id": SECOND}),
    ("shared_passages", 0, {"end": 999}, "ends inside its document", {"document_id": FIRST}),
    ("shared_passages", 0, {"passage_id": "p2"}, "two or more", {"passage_id": "p2", "counted": 1}),
    ("rejected", 0, {"reason": "Empty file"}, "`reason` is one of", {"reason": "Empty file"}),
    ("rejected", 0, {"source_path": f"{FIRST}.txt", "source_record": "1"}, "no rejected record is a document", {"document_id": FIRST}),
    ("takedowns", 0, {"document_id": FIRST}, "not in the dataset", {"document_id": FIRST}),
    ("corrections", 0, {"status": "stale"}, "what was not applied says why", {"status": "stale"}),
    ("corrections", 0, {"row_id": "q"}, "the row that a correction was applied to", {"row_id": "q"}),
    ("quality", 0, {"low": 0.95}, "lies in its interval", {"layer": "sentences", "low": 0.95}),
    ("build", 0, {"n_quotes": 5}, "`n_quotes` is the number", {"n_quotes": 5, "counted": 2}),
    ("build", 0, {"n_articles": 1}, "no more documents than articles", {"n_articles": 1}),
    ("build", 0, {"packages": "spacy 3"}, "are JSON", {"build_id": "b1"}),
]

# in which table the expectation stands, where it is not the one that was changed
ELSEWHERE = {
    "the quote names the same group": "quote_group_members",
    "every duplicate has its row": "documents",
    "every kept block of an annotated document": "blocks",
}


@pytest.mark.parametrize(
    ("table", "row", "values", "words", "told"), PLANTED, ids=[f"{table}: {words}" for table, _, _, words, _ in PLANTED]
)
def test_a_planted_violation_is_caught_and_its_row_is_named(
    table: str, row: int, values: dict[str, Any], words: str, told: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from great_expectations import ExpectationSuite  # seconds, in each process that collects tests

    staged = staged_rows()
    staged.change(table, row, **values)
    staged.write(tmp_path)
    place = ELSEWHERE.get(words, table)
    chosen = [c for c in suites()[place].expectation_configurations if words in (c.description or "")]
    monkeypatch.setattr(qantar.expectations, "suites", lambda: {place: ExpectationSuite(name=place, expectations=chosen)})
    caught = failed(validate_build(staged.folder, staged.working), place, words)
    assert caught.error is None
    assert any(told.items() <= shown.items() for shown in caught.rows), f"{told} is not among {caught.rows}"


def test_every_rule_of_a_table_has_a_planted_violation() -> None:
    by_table = suites()
    planted = {(ELSEWHERE.get(words, table), words) for table, _, _, words, _ in PLANTED}
    elsewhere = {
        "a document has blocks",
        "the raw text of a document is known",
        "a quote is a member of one group only",
        "there is one row",
        "a sentence says something",
        "no name is linked against a title, but by a correction: nobody is Mr in one place and Mrs in another",
        "no speaker stands against a title, but by a correction: whoever is `he` is nowhere in the article Mrs, nor `she` Mr",
    }
    for name, suite in by_table.items():
        for expectation in suite.expectations:
            words = expectation.description or ""
            own = (expectation.meta or {})["on"] in ("sqlite", "raw") and "the key" not in words
            generated = words.endswith(tuple(f"is a row of {t}" for t in TABLES)) or "comes before" in words
            counts = words.startswith("`n_") or "is measured" in words or "measured on" in words
            if own and not generated and not counts and words not in elsewhere:
                assert any(table == name and said in words for table, said in planted), f"{name}: nothing planted against {words!r}"


# --- what takes more than one changed value -------------------------------------------------------------------


def test_a_speaker_against_a_title_is_caught(tmp_path: Path) -> None:
    staged = Staged()
    document = staged.article("a", ["Mrs. Lee came. “It is late,” he said."], "Mrs. Lee came. “It is late,” he said.")
    staged.names(document, {"Lee": ("lee", "PERSON")})
    staged.quote(document, "direct", ["It is late,"], "said", "he", "lee")
    staged.change("quotes", 0, speaker_basis="pronoun")
    staged.entity("lee", "Lee", "PERSON")
    staged.finish("b1")
    staged.write(tmp_path)
    caught = failed(validate_build(staged.folder, staged.working, tables={"quotes"}), "quotes", "no speaker stands against a title")
    assert [row["speaker_entity_id"] for row in caught.rows] == ["lee"]


def test_the_title_of_a_mention_is_looked_for_once_however_many_quotes_and_documents_name_its_entity(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = Staged()
    said = "Mr. Lee came. “It is late,” he said. Mr. Lee left. “It was late,” he said."
    for letter in "abcdef":
        document = staged.article(letter, [said], said)
        staged.names(document, {"Lee": ("lee", "PERSON")})
        for words in ("It is late,", "It was late,"):
            staged.quote(document, "direct", [words], "said", "he", "lee")
    for number in range(12):
        staged.change("quotes", number, speaker_basis="pronoun")
    staged.entity("lee", "Lee", "PERSON")
    staged.finish("b1")
    staged.write(tmp_path)
    asked: list[str | None] = []

    def counted(before: str | None) -> str | None:
        asked.append(before)
        return before and title_gender(before)

    monkeypatch.setitem(staged_database._FUNCTIONS, "title_gender", counted)
    assert not validate_build(staged.folder, staged.working, tables={"quotes"}).summary()
    assert len(asked) <= len(staged["mentions"])


def test_a_document_whose_raw_text_is_not_known_is_caught(tmp_path: Path) -> None:
    staged = staged_rows()
    staged.articles.pop()
    staged.write(tmp_path)
    caught = failed(validate_build(staged.folder, staged.working, tables={"documents"}), "documents", "raw text of a document is known")
    assert caught.rows == [{"document_id": PAGE}]


def test_a_document_without_blocks_is_caught(tmp_path: Path) -> None:
    staged = staged_rows()
    staged.tables["blocks"] = [b for b in staged.tables["blocks"] if b.document_id != COPY]
    staged.write(tmp_path)
    caught = failed(validate_build(staged.folder, staged.working, tables={"documents"}), "documents", "a document has blocks")
    assert caught.rows == [{"document_id": COPY}]


def test_a_sentence_of_nothing_but_white_space_is_caught(tmp_path: Path) -> None:
    staged = staged_rows()
    staged.change("sentences", 0, text="\u2009")
    staged.write(tmp_path)
    caught = failed(validate_build(staged.folder, staged.working, tables={"sentences"}), "sentences", "says something")
    assert caught.rows == [{"sentence_id": f"{FIRST}-s0"}]


def test_a_quote_in_two_groups_is_caught(tmp_path: Path) -> None:
    staged = staged_rows()
    (group,), (member, _) = staged.tables["quote_groups"], staged.tables["quote_group_members"]
    staged.tables["quote_groups"].append(replace(group, quote_group_id="g2"))
    staged.tables["quote_group_members"].append(replace(member, quote_group_id="g2"))
    staged.write(tmp_path)
    validation = validate_build(staged.folder, staged.working, tables={"quote_group_members"})
    assert failed(validation, "quote_group_members", "one group only").rows[0]["quote_id"] == member.quote_id


def test_a_second_row_of_build_is_caught(tmp_path: Path) -> None:
    staged = staged_rows()
    staged.tables["build"].append(replace(staged.tables["build"][0], build_id="b2"))
    staged.write(tmp_path)
    assert failed(validate_build(staged.folder, staged.working, tables={"build"}), "build", "there is one row").rows == [{"rows": 2}]


def test_a_missing_value_in_parquet_is_caught(tmp_path: Path) -> None:
    staged = staged_rows().write(tmp_path)
    part = staged.folder / "data" / "sentences" / "part-00000.parquet"
    rows = pq.read_table(part)
    rows = rows.set_column(rows.column_names.index("text"), "text", pa.array([None, *rows["text"].to_pylist()[1:]]))
    pq.write_table(rows, part, store_schema=False)
    validation = validate_build(staged.folder, tables={"sentences"})
    assert [r["sentence_id"] for r in failed(validation, "sentences", "`text` is never missing").rows] == [f"{FIRST}-s0"]
    assert failed(validation, "sentences", "declared types").rows[0]["found"] == "string"


def test_a_repeated_key_is_caught_in_parquet_although_sqlite_refuses_it(tmp_path: Path) -> None:
    staged = staged_rows()
    staged.tables["sentences"] += staged.tables["sentences"][:1]
    with pytest.raises(sqlite3.IntegrityError, match="sentences"):
        staged.write(tmp_path)
    (staged.folder / "qantar.db").unlink()
    validation = validate_build(staged.folder, tables={"sentences"})
    assert [r["sentence_id"] for r in failed(validation, "sentences", "is unique (Parquet)").rows] == [f"{FIRST}-s0"] * 2
    assert "unable to open database file" in (failed(validation, "sentences", "is unique (SQLite)").error or "")


def test_a_repeated_key_of_two_columns_is_caught(tmp_path: Path) -> None:
    staged = staged_rows()
    staged.tables["quote_group_members"] *= 2
    with pytest.raises(sqlite3.IntegrityError):
        staged.write(tmp_path)
    validation = validate_build(staged.folder, tables={"quote_group_members"})
    assert failed(validation, "quote_group_members", "is unique (Parquet)").n == 4


def test_a_key_that_sqlite_repeats_is_caught(tmp_path: Path) -> None:
    staged = staged_rows().write(tmp_path)
    with closing(sqlite3.connect(staged.folder / "qantar.db")) as connection:
        connection.executescript(
            "CREATE TABLE loose AS SELECT * FROM takedowns; DROP TABLE takedowns; ALTER TABLE loose RENAME TO takedowns;"
            "INSERT INTO takedowns SELECT * FROM takedowns;"
        )
    validation = validate_build(staged.folder, tables={"takedowns"})
    assert failed(validation, "takedowns", "is unique (SQLite)").rows == [{"document_id": "e" * 12, "rows": 2}]
    types = failed(validation, "takedowns", "declared types")
    assert types.rows[0] == {
        "where": "qantar.db",
        "column": "document_id",
        "declared": "TEXT, never null, key 1",
        "found": "TEXT",
    }
    same = failed(validation, "takedowns", "the rows of the Parquet files")
    assert same.rows == [{"document_id": "e" * 12, "differs": "not in Parquet"}]


def _retype(table: pa.Table) -> pa.Table:
    return table.set_column(table.column_names.index("n_tokens"), "n_tokens", table["n_tokens"].cast(pa.float64()))


@pytest.mark.parametrize(
    ("change", "words", "told"),
    [
        (_retype, "declared types", {"column": "n_tokens", "declared": "int64, never null", "found": "double"}),
        (lambda t: t.drop_columns(["rule"]) if "rule" in t.column_names else t.drop_columns(["n_tokens"]), "declared types",
         {"column": "n_tokens", "declared": "int64, never null", "found": "missing"}),
        (lambda t: t.append_column("mood", pa.array(["fair"] * t.num_rows)), "declared types",
         {"column": "mood", "declared": "no such column", "found": "string"}),
        (lambda t: t.select(t.column_names[::-1]), "those of the schema, in the same order", {}),
    ],
    ids=["another type", "a missing column", "a column too many", "another order"],
)  # fmt: skip
def test_parquet_with_other_columns_than_declared_is_caught(
    change: Callable[[pa.Table], pa.Table], words: str, told: dict[str, str], tmp_path: Path
) -> None:
    staged = staged_rows().write(tmp_path)
    part = staged.folder / "data" / "sentences" / "part-00000.parquet"
    pq.write_table(change(pq.read_table(part)), part, store_schema=False)
    caught = failed(validate_build(staged.folder, tables={"sentences"}), "sentences", words)
    assert any(told.items() <= row.items() for row in caught.rows)


def test_a_row_that_differs_between_sqlite_and_parquet_is_caught(tmp_path: Path) -> None:
    staged = staged_rows().write(tmp_path)
    with closing(sqlite3.connect(staged.folder / "qantar.db")) as connection, connection:
        connection.execute("UPDATE entities SET description = 'mayor' WHERE entity_id = 'eva_holm'")
    caught = failed(validate_build(staged.folder, tables={"entities"}), "entities", "the rows of the Parquet files")
    assert caught.rows == [{"entity_id": "eva_holm", "differs": "description"}]


def test_rows_that_differ_are_named_in_whichever_row_group_they_stand(tmp_path: Path) -> None:
    staged = staged_rows().write(tmp_path)
    part = staged.folder / "data" / "mentions" / "part-00000.parquet"
    pq.write_table(pq.read_table(part), part, row_group_size=2, store_schema=False)
    with closing(sqlite3.connect(staged.folder / "qantar.db")) as connection, connection:
        connection.execute("UPDATE mentions SET score = 0.5 WHERE rowid IN (1, 4)")
        connection.execute("DELETE FROM mentions WHERE rowid = 6")
    keys = [mention.mention_id for mention in staged.tables["mentions"]]
    caught = failed(validate_build(staged.folder, tables={"mentions"}), "mentions", "the rows of the Parquet files")
    assert [(row["mention_id"], row["differs"]) for row in caught.rows] == [
        (keys[0], "score"),
        (keys[3], "score"),
        (keys[5], "not in SQLite"),
    ]


@pytest.mark.parametrize("missing", ["no table", "no Parquet", "a broken Parquet", "no database", "a broken database"])
def test_a_build_that_cannot_be_read_is_not_valid(missing: str, tmp_path: Path) -> None:
    staged = staged_rows().write(tmp_path)
    database, part = staged.folder / "qantar.db", staged.folder / "data" / "takedowns" / "part-00000.parquet"
    if missing == "no table":
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("DROP TABLE takedowns")
    elif missing == "no Parquet":
        part.unlink()
    elif missing == "a broken Parquet":
        part.write_bytes(part.read_bytes()[:100])
    elif missing == "no database":
        database.unlink()
    else:
        database.write_bytes(b"not SQLite at all" * 1000)
    validation = validate_build(staged.folder, tables={"takedowns"})
    assert not validation.success
    assert any("could not be checked" in (c.error or "") or c.n for c in validation.failures)


def test_many_failing_rows_are_counted_and_the_first_are_shown(tmp_path: Path) -> None:
    staged = staged_rows()
    row = staged.tables["takedowns"][0]
    staged.tables["takedowns"] = [replace(row, document_id=f"{i:012}", removed_on=date(2022, 2, 1)) for i in range(30)]
    staged.tables["takedowns"] += [replace(row, document_id=f"Q{i:011}") for i in range(30)]
    staged.write(tmp_path)
    caught = failed(validate_build(staged.folder, tables={"takedowns"}), "takedowns", "the whole of `document_id`")
    assert caught.n == 30
    assert [r["document_id"] for r in caught.rows] == [f"Q{i:011}" for i in range(ROWS_SHOWN)]


def test_a_table_without_rows_is_valid(tmp_path: Path) -> None:
    staged = staged_rows()
    for name in ("takedowns", "rejected", "shared_passages", "quality"):
        staged.tables[name] = []
    staged.change("build", 0, n_rejected=0)
    assert check(staged, tmp_path).summary() == ""


def test_a_build_without_annotations_is_valid(tmp_path: Path) -> None:
    staged = staged_rows()
    for name in ("sentences", "mentions", "quotes", "entities", "possible_same", "quote_groups", "quote_group_members", "corrections"):
        staged.tables[name] = []
    none = dict.fromkeys(("n_tokens", "n_sentences", "n_mentions", "n_quotes"))
    staged.tables["documents"] = [replace(d, **none) for d in staged.tables["documents"]]
    staged.change("build", 0, n_sentences=0, n_mentions=0, n_entities=0, n_quotes=0, n_quote_groups=0)
    assert check(staged, tmp_path).summary() == ""


def test_without_the_raw_texts_only_what_is_said_of_them_is_left_out(tmp_path: Path) -> None:
    staged = staged_rows()
    staged.change("blocks", 3, raw_start=None, raw_end=None)
    staged.write(tmp_path)
    assert not validate_build(staged.folder, staged.working, tables={"blocks"}).success
    without = validate_build(staged.folder, tables={"blocks"})
    assert without.success
    assert without.without_raw
    assert "raw texts were not at hand" in (staged.folder / "validation" / "index.html").read_text("utf-8")


# --- the report ---------------------------------------------------------------------------------------------------


def test_the_report_is_the_same_for_the_same_build(tmp_path: Path) -> None:
    reports = []
    for name in ("one", "other"):
        staged = staged_rows()
        staged.change("mentions", 0, label="CITY")
        staged.write(tmp_path / name)
        validate_build(staged.folder, staged.working, tables={"mentions", "quotes"})
        reports.append([(staged.folder / "validation" / file).read_bytes() for file in ("report.json", "index.html")])
    assert reports[0] == reports[1]


def test_the_report_names_table_expectation_and_rows(tmp_path: Path) -> None:
    staged = staged_rows()
    staged.change("mentions", 0, label="CITY")
    staged.write(tmp_path)
    validation = validate_build(staged.folder, staged.working, tables={"mentions"})
    report = json.loads((staged.folder / "validation" / "report.json").read_text("utf-8"))
    assert report["success"] is False
    assert report["n_failed"] == len(validation.failures)
    shown = [e for e in report["expectations"] if not e["success"]]
    assert {"label": "CITY", "mention_id": f"{FIRST}-m29"} in shown[0]["rows"]
    assert f"mention_id {FIRST}-m29" in validation.summary()
    assert "mentions: label is one of PERSON" in validation.summary()


def test_the_page_escapes_what_it_shows_and_asks_no_other_host(tmp_path: Path) -> None:
    staged = staged_rows()
    staged.change("entities", 0, aliases=["<script>alert('x')</script>"])
    staged.write(tmp_path)
    validate_build(staged.folder, staged.working, tables={"entities"})
    page = (staged.folder / "validation" / "index.html").read_text("utf-8")
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in page
    assert "<script" not in page
    assert not [word for word in ("http:", "https:", "//", "url(", "@import", "src=") if word in page]
    assert 'name="color-scheme" content="light dark"' in page
