"""corrections.csv: what is a correction is read, all else is a reject that names its line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.corrections.corrections_file import (
    COLUMNS,
    MOST_BYTES,
    MOST_LINES,
    add_corrections,
    load_corrections,
    make_fix,
    read_corrections,
)
from qantar.corrections.new_corrections import corrects_texts
from qantar.settings import QantarError
from tests.corrections.ferry import HEADER

GOOD = "a.txt,quotes,10,19,We  agreed,kind,direct,Ann,2022-03-01,seen in print"


def test_a_line_is_read_as_it_is_written() -> None:
    read = read_corrections(f"\ufeff{HEADER}\r\n{GOOD}\r\n")
    assert read.rejected == []
    (fix,) = read.fixes
    assert (fix.line, fix.document, fix.table, fix.start, fix.end, fix.text) == (2, "a.txt", "quotes", 10, 19, "We  agreed")
    assert (fix.field, fix.value, fix.by, str(fix.on), fix.reason) == ("kind", "direct", "Ann", "2022-03-01", "seen in print")


def test_semicolons_and_other_encodings_are_read_as_spreadsheets_write_them(tmp_path: Path) -> None:
    text = HEADER.replace(",", ";") + "\n" + "a.txt;documents;;;Café;title;“Café”;;;\n"
    (tmp_path / "corrections.csv").write_bytes(text.encode("cp1252"))
    (fix,) = load_corrections(tmp_path).fixes
    assert (fix.text, fix.value) == ("Café", "“Café”")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a.txt,quotes,10,19,words,kind,direct", "has 7 cells where the header has 10"),
        ("a.txt,poems,10,19,words,kind,direct,,,", "tables are documents, blocks"),
        ("a.txt,quotes,10,19,words,colour,red,,,", "fields of quotes are delete, kind"),
        ("a.txt,quotes,10,19,words,kind,loud,,,", "value is 'loud'; kind of quotes is direct, mixed, indirect"),
        ("a.txt,quotes,19,10,words,kind,direct,,,", "two numbers, the first the smaller"),
        ("a.txt,quotes,1e1,19,words,kind,direct,,,", "two numbers"),
        ("a.txt,quotes,10,19,,kind,direct,,,", "text is empty"),
        (",quotes,10,19,words,kind,direct,,,", "document is empty"),
        ("a.txt,entities,,,Ann Lee,name,Anne Lee,,,", "document is to be empty"),
        ("a.txt,quotes,10,19,words,kind,direct,,1.3.2022,", "write the day as YYYY-MM-DD"),
        ("a.txt,documents,,,,published_on,2022-02-30,,,", "is not a day"),
        ("a.txt,quotes,10,19,words,delete,yes,,,", "delete takes none"),
        ("a.txt,mentions,10,19,words,add,ORG,,,", "an added row of mentions is written as label=…"),
        ("a.txt,mentions,10,19,words,add,label=ORG; colour=red,,,", "may have label, entity_id, value"),
        ("a.txt,mentions,10,19,words,span,30-20,,,", "ends before it begins"),
        (",entities,,,Ann Lee,wikidata_id,42,,,", "wikidata_id of entities is"),
        ("../etc/passwd,quotes,10,19,words,kind,direct,,,", "leads out of the raw folder"),
        ("/etc/passwd,quotes,10,19,words,kind,direct,,,", "leads out of the raw folder"),
        ("C:\\a.txt,quotes,10,19,words,kind,direct,,,", "leads out of the raw folder"),
        ("a.txt,documents,,,,title,=cmd|' /C calc'!A0,,,", "begins as a formula"),
        ("a.txt,documents,,,,title,@SUM(1),,,", "begins as a formula"),
        ("a.txt,documents,,,,title,<script>alert(1)</script>,,,", "a tag of HTML"),
        ("a.txt,documents,,,,title,x,,,<img src=x>", "a tag of HTML"),
        ("a.txt,documents,,,,title,a\x00b,,,", "U+0000"),
        ("a.txt,documents,,,,title,a\u202eb,,,", "U+202E"),
        (f"a.txt,documents,,,,title,{'x' * 20_001},,,", "20,001 characters"),
        ('a.txt,documents,,,,title,"x"y,,,', "is not a line of a CSV file"),
        (GOOD, "says the same as line 2"),
    ],
)
def test_what_is_no_correction_is_rejected_with_its_line_and_the_rest_is_used(line: str, said: str) -> None:
    read = read_corrections(f"{HEADER}\n{GOOD}\n{line}\nb.txt,blocks,,,Read more,role,boilerplate,,,\n")
    (rejected,) = read.rejected
    assert (rejected.source_path, rejected.source_record, rejected.stage) == ("corrections.csv", "3", "corrections")
    assert rejected.detail.startswith("line 3 ")
    assert said in rejected.detail
    assert [fix.line for fix in read.fixes] == [2, 4]


def test_a_million_lines_are_read_to_the_last_that_may_be_and_one_reject() -> None:
    read = read_corrections(HEADER + "\na.txt,documents,,,,title,x,,," * 1_000_000)
    assert len(read.fixes) == 1
    assert {r.reason for r in read.rejected[:-1]} == {"repeated_line"}
    assert (read.rejected[-1].reason, read.rejected[-1].source_record) == ("too_many_lines", f"{MOST_LINES + 1}")


def test_a_file_may_be_longer_than_an_article(tmp_path: Path) -> None:
    lines = "".join(f"\na.txt,mentions,{n},{n + 1},{'x' * 80},delete,,,," for n in range(6_000))
    (tmp_path / "corrections.csv").write_text(HEADER + lines)
    read = load_corrections(tmp_path)
    assert (len(read.fixes), read.rejected) == (6_000, [])


def test_a_file_of_more_bytes_than_that_is_one_reject(tmp_path: Path) -> None:
    with (tmp_path / "corrections.csv").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    read = load_corrections(tmp_path)
    assert (read.fixes, [r.reason for r in read.rejected]) == ([], ["too_large"])


@pytest.mark.parametrize("header", ["document,table,text,value", HEADER + ",colour", HEADER + ",by", "\x00"])
def test_a_header_that_is_none_is_one_reject(header: str) -> None:
    read = read_corrections(f"{header}\n{GOOD}\n")
    assert (len(read.fixes), [r.source_record for r in read.rejected]) == (0, ["1"])


def test_a_file_that_is_no_text_is_one_reject(tmp_path: Path) -> None:
    (tmp_path / "corrections.csv").write_bytes(bytes(range(256)) * 40)
    read = load_corrections(tmp_path)
    assert (read.fixes, len(read.rejected)) == ([], 1)


@given(st.text(), st.lists(st.lists(st.text(alphabet=st.characters(codec="utf-8")), max_size=12), max_size=5))
def test_no_text_ends_the_reading(text: str, rows: list[list[str]]) -> None:
    read_corrections(text)
    read = read_corrections(HEADER + "\n" + "\n".join(",".join(cells) for cells in rows))
    assert all(r.detail.startswith(f"line {r.source_record} ") for r in read.rejected)


def test_lines_are_added_once_and_read_back_as_they_were_meant(tmp_path: Path) -> None:
    cells = ["a.txt", "quotes", "10", "19", "-- no, “never”,\nhe said", "kind", "direct", "Ann", "2022-03-01", 'said "so"']
    fix = make_fix(cells)
    assert add_corrections(tmp_path, [fix, fix]) == [fix]
    assert add_corrections(tmp_path, [fix]) == []
    text = (tmp_path / "corrections.csv").read_text()
    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert "\"'-- no" in text  # no spreadsheet takes it for a formula
    (read,) = load_corrections(tmp_path).fixes
    assert (read.id, read.text, read.reason) == (fix.id, cells[4], cells[9])


def test_a_line_that_is_no_correction_is_not_added(tmp_path: Path) -> None:
    with pytest.raises(QantarError, match="no correction: value is 'loud'"):
        make_fix(["a.txt", "quotes", "10", "19", "words", "kind", "loud", "", "", ""])
    (tmp_path / "corrections.csv").write_text("what,where\n")
    with pytest.raises(QantarError, match="its columns are what, where"):
        add_corrections(tmp_path, [make_fix(GOOD.split(","))])


def test_texts_are_corrected_where_a_role_or_a_cut_is_not_in_the_last_build(tmp_path: Path) -> None:
    role = make_fix(["a1", "blocks", "", "", "Read more", "role", "boilerplate", "", "", ""])
    title = make_fix(["a1", "documents", "", "", "Old", "title", "New", "", "", ""])
    (tmp_path / "csv").mkdir()
    with gzip.open(tmp_path / "csv/corrections.csv.gz", "wt", encoding="utf-8") as file:
        file.write(f"correction_id,line\n{role.id},2\n")
    assert not corrects_texts(tmp_path, tmp_path)
    add_corrections(tmp_path, [role, title])
    assert not corrects_texts(tmp_path, tmp_path)
    assert corrects_texts(tmp_path, tmp_path / "no-build")
    add_corrections(tmp_path, [make_fix(["a1", "sentences", "", "", "It rained.", "join", "", "", "", ""])])
    assert corrects_texts(tmp_path, tmp_path)
