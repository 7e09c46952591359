"""Files of records as programs and people leave them, each rule of their readers by an example that fails without it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from qantar.stages.articles import csv_records, json_records
from qantar.stages.articles.csv_records import read_csv
from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.json_records import columns_in_json, read_json_lines
from tests.stages.test_read import ENGLISH

CALM = "The mayor opened the bridge on Friday and the crowd stayed."


def said(found: Iterable[Found | Refused]) -> list[str]:
    """Each record's name and text, or the reason why it is none."""
    return [f"{one.record}: {one.text}" if isinstance(one, Found) else f"{one.record}! {one.reason}" for one in found]


# --- CSV -------------------------------------------------------------------------------------------------------------


def numbered(template: str, numbers: Iterable[int] = range(1, 9)) -> str:
    return "".join(template.format(n=n) + "\n" for n in numbers)


@pytest.mark.parametrize(
    ("written", "records"),
    [
        ("", ["None! empty"]),
        ("\x00\n", ["None! empty"]),
        ("text\nOne is calm.", ["1: One is calm."]),
        ("id,text\rx1,One.\rx2,Two.\r", ["x1: One.", "x2: Two."]),
        (
            "id;text;note\nx1;One.;a\nx2;Two.\nx3;Three.;b;;\nx4;Four.;b;c\nx5\n",
            ["x1: One.", "x2: Two.", "x3: Three.", "4! broken_record", "5! broken_record"],
        ),
        ("id,text,text\nx1,,One.\nx2,Two.,Three.\n", ["x1: One.", "x2: Two."]),
        ("\n\nA list, of a kind\nsep=;\nid;text\nx1;One, and two.\n;\nx2;Two.\n", ["x1: One, and two.", "x2: Two."]),
        ('text\n"One.\nTwo.\nThree.\nFour."\nFive.\n', ["1: One.\nTwo.\nThree.\nFour.", "2: Five."]),
        ('id,text\nx1,One.\nx2,"Two is open\n', ["x1: One.", 'x2: "Two is open']),
        ('id,text\nx1,"One ""a"" or \\"b\\"."\nx2,"Two "a" or "b"."\n', ['x1: One "a" or "b".', 'x2: Two "a" or "b".']),
        ("sep=^\nid^text\nx1^One, and two.\n", ["x1: One, and two."]),
        ("sep=;\n", ["None! no_text_column"]),
        ('id,text\nx1,"One is calm.\n\nHe said "yes" to it."\n', ['x1: One is calm.\n\nHe said "yes" to it.']),
        ('id,text\nx1,"One said \\"a, b\\"."\n', ['x1: One said "a, b".']),
    ],
)
def test_the_rows_of_a_table(tmp_path: Path, written: str, records: list[str]) -> None:
    (tmp_path / "a.csv").write_bytes(written.encode())
    assert said(read_csv(tmp_path / "a.csv")) == records


def test_the_columns_of_a_table_without_a_text_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\nprice,amount\n1,2\n")
    (refused,) = read_csv(tmp_path / "a.csv")
    assert isinstance(refused, Refused)
    assert (refused.reason, "among price, amount;" in refused.detail) == ("no_text_column", True)


def test_a_mark_that_is_open_to_the_end_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id,text\nx1,One.\nx2,"Two is open.\nIt goes on.\n')
    _, refused, _ = read_csv(tmp_path / "a.csv")
    assert isinstance(refused, Refused)
    assert "line 3: its quotation marks are not paired" in refused.detail


def test_a_row_in_another_encoding_is_marked(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id,text\nx1,The caf\xc3\xa9s of Caf\xc3\xa9 Caf\xc3\xa9.\nx2,The caf\xe9.\nx3\xe9,\n")
    one, other, refused = read_csv(tmp_path / "a.csv")
    assert isinstance(one, Found)
    assert isinstance(other, Found)
    assert (one.is_repaired, other.is_repaired, refused.record) == (False, True, "x3é")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-32", "cp1252", "utf-8-sig"])
def test_a_table_in_any_encoding(tmp_path: Path, codec: str) -> None:
    (tmp_path / "a.csv").write_bytes(f"id,text\nx1,“The café” is “calm”.\nx2,{CALM}\n".encode(codec))
    found = list(read_csv(tmp_path / "a.csv"))
    assert said(found) == ["x1: “The café” is “calm”.", f"x2: {CALM}"]


@pytest.mark.parametrize(
    ("header", "template", "stray"),
    [
        ("id,title,text", f"{{n}},Title {{n}} here,{CALM}", '7,Title 7 here,"The mayor,\n'),
        ("id,page,text", f"{{n}},,{CALM}", '7,,"The mayor\n'),
        ("page,day,text", f",2022-01-0{{n}},{CALM}", ',2022-01-07,"The mayor\n'),
        ("title,url,text", f"Title {{n}} here,https://a.example/{{n}},{CALM}", 'Title 7 here,https://a.example/7,"The mayor\n'),
        ("title,text", f"Title {{n}} of these,{CALM}", 'Title 7 of these,"The mayor\n'),
        ("id,text,page", f'{{n}},"{CALM}\n\nThe rest is calm.",A{{n}}', '7,"The mayor\nwas there,A7\n'),
        ("id,page,text", f"{{n}},A{{n}},{CALM}", '7,A7,"One.\nTwo.\nThree.\nFour.\nFive.\nSix.\nSeven.\nEight.\n'),
        ("title,url,text", f"A title {{n}},https://a.example/{{n}},{CALM}", 'A title,,"One.\nTwo.\nThree.\nFour.\nFive.\nSix.\nSeven.\n'),
    ],
)
def test_rows_that_a_stray_mark_hides_are_read(tmp_path: Path, header: str, template: str, stray: str) -> None:
    below = numbered(template, range(8, 15)).removesuffix("\n")
    (tmp_path / "a.csv").write_text(f'{header}\n{numbered(template, range(1, 7))}{stray}{below}"\n{numbered(template, range(15, 17))}')
    found = list(read_csv(tmp_path / "a.csv"))
    assert [one.reason for one in found if isinstance(one, Refused)] == ["broken_record"]
    assert len(found) == 16


@pytest.mark.parametrize(
    ("header", "template"),
    [
        ("id,text", '{n},"It is calm.\n12,of them left.\nThey were tired.\nIt was late.\nNobody spoke."'),
        (
            "title,text",
            'A title {n},"It is calm.\n\nIt was late, they said.\n\nNobody spoke, it seems.\n\nThey went, too.\n\nIt was over, then."',
        ),
        ("title,text", 'A title {n},"It is calm.\nIt was late, they said.\nNobody, it seems."'),
        ("title,text", 'A title {n},"It is calm.\nIt was late, they said.\nThey went, then.\nAll, too.\nSome, too.\nNobody spoke."'),
        ("title,url,text", 'A title {n},https://a.example/{n},"It is calm.\nOne, two, three.\nIt was late, they said, then."'),
        ("id,text", '{n},"It is calm.\nThey said,""Yes, we did. We were there, and nobody spoke."'),
    ],
)
def test_lines_of_a_text_that_look_like_rows_are_text(tmp_path: Path, header: str, template: str) -> None:
    (tmp_path / "a.csv").write_text(f"{header}\n{numbered(template)}")
    assert [one.text.count("\n") for one in read_csv(tmp_path / "a.csv") if isinstance(one, Found)] == [template.count("\n")] * 8


@pytest.mark.parametrize(
    ("header", "row", "other", "stray"),
    [
        ("id,title,text", f"1,A title here,{CALM}", f"2,A title here,{CALM}", '3,A title here,"The mayor'),
        ("title,url,text", f"A title here,https://a.example/1,{CALM}", f"A title here,,{CALM}", 'A title here,,"The mayor'),
        ("title,text,place", f"A title here,{CALM},Port here", f"A title there,{CALM},Port here", '"A title here,The mayor,Port here'),
    ],
)
def test_one_row_that_a_stray_mark_hides_is_read(tmp_path: Path, header: str, row: str, other: str, stray: str) -> None:
    (tmp_path / "a.csv").write_text("\n".join([header, *[row, other] * 4, stray, f'{other}"', row]))
    assert [isinstance(one, Found) for one in read_csv(tmp_path / "a.csv")] == [True] * 8 + [False] + [True] * 2


def test_rows_whose_first_cells_are_of_several_kinds_are_rows(tmp_path: Path) -> None:
    rows = [f"{n if n % 2 else f'No number {n}'},{CALM},A{n}" for n in range(1, 20)]
    rows[6] = rows[6].replace(",The", ',"The')
    (tmp_path / "a.csv").write_text("\n".join(["id,text,page", *rows]))
    assert len([one for one in read_csv(tmp_path / "a.csv") if isinstance(one, Found)]) == 18


def test_a_mark_that_opens_more_than_any_text_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_records, "_MOST_ROW", 500)
    (tmp_path / "a.csv").write_text(f'title,text\nA,"{CALM}\n{numbered("It is calm on day {n}.", range(100))}B,{ENGLISH * 5}\n')
    assert said(read_csv(tmp_path / "a.csv"))[0] == "1! broken_record"
    (tmp_path / "a.csv").write_text(f"title,text\nB,{CALM * 10}\n")
    assert said(read_csv(tmp_path / "a.csv")) == [f"1: {CALM * 10}"]


def test_a_file_of_stray_marks_is_not_read_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_records, "_MOST_REREAD", 1_000)
    rows = numbered(f'{{n}},"Title {{n}},{CALM}\n1,Title,{CALM}\n2,Title,{CALM}"', range(30))
    (tmp_path / "a.csv").write_text(f"id,title,text\n{rows}")
    *_, last = read_csv(tmp_path / "a.csv")
    assert isinstance(last, Refused)
    assert "too many stray quotation marks" in last.detail


# --- JSON ------------------------------------------------------------------------------------------------------------

A, B = '{"id": "a1", "text": "One."}', '{"id": "b1", "text": "Two."}'


@pytest.mark.parametrize(
    ("written", "records"),
    [
        ("", ["None! empty"]),
        (f"{A}\n\n\ufeff{B}", ["a1: One.", "b1: Two."]),
        (f'{A}\n"text"\n{B}\n', ["a1: One.", "2: text", "b1: Two."]),
        (f'{{\n"id": "a1",\n"text": "One."\n}}\n{B}', ["a1: One.", "b1: Two."]),
        (f'{{"id": "a1", "text": "One."\n}}\n{B}', ["a1: One.", "b1: Two."]),
        (f"[{A},\n{B}]", ["a1: One.", "b1: Two."]),
        ('{"text": "One."}{"text": "Two."}, {"text": "Three."}', ["1: One.", "1.2: Two.", "1.3: Three."]),
        ('{"text": "One."}, 7', ["1! broken_record"]),
        ('{"text": "One."} and so on', ["1! broken_record"]),
        (
            '{"articles": [{"text": "One."}, {"text": ""}, {"text": "Two."}, {"id": "b1", "text": "Three."}]}',
            ["1: One.", "1.2! empty", "1.3: Two.", "b1: Three."],
        ),
        ('{"articles": [{"text": ""}, {"text": "Two."}]}', ["1! empty", "1.2: Two."]),
        (f'[{{"text": "One.\n{B}]', ["1! broken_record", "b1: Two."]),
        ('[{"text": "One.",\n"links": [\n{"to": "a"},\n{"to": "b"}\n]}]', ["1: One."]),
        (f'[\n{{"id": "a1", "text: "One."}},\n{B}\n]', ["1! broken_record", "b1: Two."]),
        ('[{"id": "a1", "text": "One \\\\"}, {"id": "b1", "text": "\\"}{\\" Two."}]', ["a1: One \\", 'b1: "}{" Two.']),
        ("[]", ["None! broken_record"]),
    ],
)
def test_the_records_of_a_file_of_json(tmp_path: Path, written: str, records: list[str]) -> None:
    (tmp_path / "a.json").write_text(written, encoding="utf-8")
    assert said(read_json_lines(tmp_path / "a.json")) == records


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16", "utf-8-sig", "cp1252"])
def test_json_in_any_encoding(tmp_path: Path, codec: str) -> None:
    (tmp_path / "a.json").write_bytes(f'[{{"text": "“The café” is “calm”, {CALM}"}}]'.encode(codec))
    assert said(read_json_lines(tmp_path / "a.json")) == [f"1: “The café” is “calm”, {CALM}"]


def test_a_letter_that_is_cut_where_the_sample_ends_tells_no_other_encoding(tmp_path: Path) -> None:
    written = f'[{{"text": "{"a" * (2**18 - 11)}é"}}]'
    (tmp_path / "a.json").write_text(written, encoding="utf-8")
    (found,) = read_json_lines(tmp_path / "a.json")
    assert isinstance(found, Found)
    assert found.text.endswith("aé")


def test_a_line_of_another_encoding_is_marked(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(f'{A}\n{{"text": "The café."}}\n'.encode("cp1252") + '{"text": "The cafÃ©."}\n'.encode())
    assert [one.is_repaired for one in read_json_lines(tmp_path / "a.jsonl") if isinstance(one, Found)] == [False, True, True]


def test_a_line_that_is_longer_than_any_article_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_records, "MOST_BYTES", len(B) + 1)
    long = json.dumps({"text": ENGLISH})
    (tmp_path / "a.jsonl").write_text(f"{long}\n{B}\n{long}")
    assert said(read_json_lines(tmp_path / "a.jsonl")) == ["1! too_long", "b1: Two.", "3! too_long"]


def test_an_object_without_end_is_not_held_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_records, "MOST_BYTES", 100)
    pieces = iter(['{"text": "One.', *["word " * 10] * 50])
    assert next(json_records._objects(pieces)) is None
    assert len(list(pieces)) > 20


@pytest.mark.parametrize(
    ("written", "columns"), [(f"[{A}]", ["id", "text"]), ("[]", []), ('{"text": "One', []), ('{"articles": [{"body": "One."}]}', ["body"])]
)
def test_the_columns_of_a_file_of_json(tmp_path: Path, written: str, columns: list[str]) -> None:
    (tmp_path / "a.json").write_text(written)
    assert columns_in_json(tmp_path / "a.json") == columns
