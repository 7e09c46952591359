"""Corrections of every kind: applied where the words stand, with all that depends on them; stale or in conflict, they change nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qantar.corrections.fixes import ALIASES, FIELDS, Fix
from qantar.pipeline.annotations import Article
from qantar.pipeline.steps import annotate, names_told
from qantar.pipeline.steps.correct_annotated import correct_annotated
from qantar.schema import Block
from qantar.stages.blocks import KEPT
from tests.corrections.ferry import Line, all_rows, digests_of, make_tables, write_folder, write_lines

A = "evegj7z54r7f"
Tables = dict[str, list[Any]]
Make = Callable[[Sequence[Line]], Tables]


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The ferry's articles, and a folder for what is made of them."""
    return write_folder(tmp_path_factory.mktemp("ferry") / "raw"), tmp_path_factory.mktemp("out")


@pytest.fixture(scope="module")
def undone(ferry: tuple[Path, Path]) -> Callable[[], dict[str, str]]:
    """The checksums of a build of the ferry's articles without corrections; what is stored is used again."""
    raw, out = ferry

    def made() -> dict[str, str]:
        write_lines(raw, [])
        return digests_of(make_tables(raw, out))

    return made


@pytest.fixture(scope="module")
def make(ferry: tuple[Path, Path]) -> Make:
    """The tables of the ferry's articles, corrected by some lines; what is stored is used again."""
    raw, out = ferry

    def made(lines: Sequence[Line]) -> Tables:
        write_lines(raw, lines)
        return all_rows(make_tables(raw, out))

    return made


@pytest.fixture(scope="module")
def before(make: Make) -> Tables:
    return make([])


def statuses(tables: Tables) -> list[str]:
    return [row.status for row in tables["corrections"]]


def the(tables: Tables, table: str, **values: Any) -> Any:
    """The only row of a table with these values."""
    (row,) = (row for row in tables[table] if all(getattr(row, name) == value for name, value in values.items()))
    return row


def unchanged(after: Tables, before: Tables) -> bool:
    return all(after[name] == rows for name, rows in before.items() if name != "corrections")


def quote(**values: Any) -> Callable[[Tables], bool]:
    return lambda tables: bool([q for q in tables["quotes"] if all(getattr(q, n) == v for n, v in values.items())])


FERRY = "We will keep the ferry running."
KINDS: dict[str, tuple[Line, str, Callable[[Tables], bool]]] = {
    # what: a line, another value for a conflict, and what is true once it is applied
    "title": (
        ("a.txt", "documents", "", "", "Harbour council votes on the ferry", "title", "Council votes"),
        "Ferry vote",
        lambda t: the(t, "documents", document_id=A).title == "Council votes",
    ),
    "author": (("a.txt", "documents", "", "", "", "author", "Ann Lee"), "Bo Lee", lambda t: the(t, "documents", author="Ann Lee")),
    "outlet": (("a.txt", "documents", "", "", "", "outlet", "Lind Echo"), "Echo", lambda t: the(t, "documents", outlet="Lind Echo")),
    "day": (
        ("a.txt", "documents", "", "", "", "day", "2021-05-06"),
        "2021-05-07",
        lambda t: (
            the(t, "documents", document_id=A).published_basis == "correction"
            and the(t, "mentions", text="Monday").value == "2021-05-03"  # the Monday before that day
        ),
    ),
    "language": (
        ("a.txt", "documents", "", "", "en", "language", "fr"),
        "de",
        lambda t: the(t, "documents", document_id=A).n_quotes is None and not any(q.document_id == A for q in t["quotes"]),
    ),
    "role": (
        ("a.txt", "blocks", "", "", "Read more about this on our site", "role", "body"),
        "heading",
        lambda t: (
            the(t, "blocks", rule="correction").role == "body"
            and "Read more about" in the(t, "documents", document_id=A).text
            and the(t, "sentences", text="Read more about this on our site")
        ),
    ),
    "cut": (
        ("a.txt", "sentences", 275, 298, "Mr. Reed was not there.", "split", "Reed was"),
        "was not",
        lambda t: the(t, "sentences", text="Mr.") and the(t, "sentences", text="Reed was not there."),
    ),
    "joined sentences": (
        ("a.txt", "sentences", "", "", "She said that the costs had risen.", "join", ""),
        "",
        lambda t: any(s.text.startswith("She said that the costs had risen. Tom Hale of") for s in t["sentences"]),
    ),
    "label": (
        ("a.txt", "mentions", 51, 60, "Port Lind", "label", "GPE"),
        "LOC",
        lambda t: the(t, "entities", name="Port Lind").label == "GPE",
    ),
    "entity": (
        ("a.txt", "mentions", 279, 283, "Reed", "entity", "person-carl-reed"),
        "person-dan-reed",
        lambda t: the(t, "entities", entity_id="person-carl-reed").n_mentions == 1 and the(t, "mentions", link_method="correction"),
    ),
    "value": (("a.txt", "mentions", 68, 74, "Monday", "value", "2021-05-03"), "2021", lambda t: the(t, "mentions", value="2021-05-03")),
    "span": (
        ("a.txt", "mentions", 0, 7, "Harbour", "span", "0-15 Harbour council"),
        "0-11",
        lambda t: the(t, "mentions", text="Harbour council").method == "correction",
    ),
    "kind": (("a.txt", "quotes", 105, 136, FERRY, "kind", "mixed"), "indirect", quote(kind="mixed", method="correction speech", score=1.0)),
    "speaker": (
        ("a.txt", "quotes", 105, 136, FERRY, "speaker", "Tom Hale"),
        "Hale",
        quote(speaker="Tom Hale", speaker_start=173, speaker_entity_id="person-tom-hale", text=FERRY, speaker_score=1.0),
    ),
    "speaker's entity": (
        ("a.txt", "quotes", 105, 136, FERRY, "speaker_entity", "person-tom-hale"),
        "org-port-lind",
        quote(speaker="Anna Reed", speaker_entity_id="person-tom-hale"),
    ),
    "cue": (("a.txt", "quotes", 105, 136, FERRY, "cue", "risen"), "called", quote(text=FERRY, cue="risen", cue_start=166)),
    "segments": (
        ("a.txt", "quotes", 105, 136, FERRY, "segments", "105-112, 118-136"),
        "105-112",
        quote(text="We will the ferry running.", segments=[[105, 112], [118, 136]]),
    ),
    "name": (("", "entities", "", "", "Tom Hale", "name", "Thomas Hale"), "T. Hale", lambda t: the(t, "entities", name="Thomas Hale")),
    "entity's label": (
        ("", "entities", "", "", "org-harbour", "label", "FAC"),
        "LOC",
        lambda t: the(t, "entities", name="Harbour", label="FAC"),
    ),
    "item": (("", "entities", "", "", "Tom Hale", "wikidata_id", "Q42"), "Q43", lambda t: the(t, "entities", wikidata_id="Q42")),
    "description": (
        ("", "entities", "", "", "Tom Hale", "description", "a speaker of the union"),
        "a sailor",
        lambda t: the(t, "entities", name="Tom Hale").description == "a speaker of the union",
    ),
    "merge": (
        ("", "entities", "", "", "org-harbour", "merge", "Port Lind"),
        "Tom Hale",
        lambda t: the(t, "entities", name="Port Lind").aliases == ["Harbour", "Port Lind"],
    ),
    "split": (
        ("", "entities", "", "", "Tom Hale", "split", "Hale"),
        "",
        lambda t: (
            the(t, "entities", entity_id="person-hale").n_mentions == 1
            and the(t, "quotes", speaker="Hale").speaker_entity_id == "person-hale"
        ),
    ),
    "joined": (
        ("c.txt", "duplicates", "", "", "", "joined", "a.txt"),
        "",
        lambda t: (
            {d.canonical_id for d in t["duplicates"] if d.method == "correction"} == {A} and {q.document_id for q in t["quotes"]} == {A}
        ),
    ),
    "apart": (
        ("b.txt", "duplicates", "", "", "", "apart", "c.txt"),
        "",
        lambda t: not t["duplicates"] and len({q.document_id for q in t["quotes"]}) == 3,
    ),
    "deleted name": (
        ("a.txt", "mentions", 0, 7, "Harbour", "delete", ""),
        "",
        lambda t: not any(m.text == "Harbour" for m in t["mentions"]),
    ),
    "deleted quote": (("a.txt", "quotes", 217, 235, "the plan a mistake", "delete", ""), "", lambda t: not quote(start=217)(t)),
    "added name": (
        ("c.txt", "mentions", "", "", "harbour", "add", "label=FAC; entity_id=fac-lind-harbour"),
        "",
        lambda t: the(t, "entities", entity_id="fac-lind-harbour").label == "FAC",
    ),
    "added quote": (
        ("a.txt", "quotes", "", "", "Mr. Reed was not there.", "add", "kind=indirect; speaker=Hale; cue=said"),
        "",
        quote(text="Mr. Reed was not there.", speaker="Hale", speaker_entity_id="person-tom-hale", cue="said", method="correction"),
    ),
}


MARKS = {("documents", "complete")}
"""Lines that say something of an article, and correct nothing."""
TITLE = "Harbour council votes on the ferry"


def contradicting() -> list[Line]:
    """For each kind of correction, lines that cannot stand beside each other, or against what the text says."""
    lines: list[Line] = []
    for line, other, _ in KINDS.values():
        document, table, start, end, text, field, value = line
        against = {
            "delete": ("label", "GPE") if table == "mentions" else ("kind", "direct"),
            "joined": ("apart", value),
            "apart": ("joined", value),
        }
        if other or field in against:
            lines += [line, (document, table, start, end, text, *against.get(field, (field, other)))]
    lines.append(("", "entities", "", "", "org-lind-transport-union", "split", "Lind Transport Union"))  # nothing would be left of it
    lines.append(("a.txt", "sentences", "", "", TITLE, "join", ""))  # a title is one sentence
    return lines


def test_every_kind_of_correction_is_tried_here_also_as_stale_and_in_conflict() -> None:
    """The stale ones are made of all KINDS; rows that are added twice have a test of their own."""
    kinds = {(table, field) for table, fields in FIELDS.items() for field in fields} - MARKS
    assert {(line[1], ALIASES.get(line[5], line[5])) for line, _, _ in KINDS.values()} == kinds
    in_conflict = {(line[1], ALIASES.get(line[5], line[5])) for line in contradicting()}
    assert kinds - in_conflict == {("mentions", "add"), ("quotes", "add")}


@pytest.mark.parametrize("what", KINDS)
def test_a_correction_is_applied_and_what_depends_on_it_follows(make: Make, what: str) -> None:
    line, _, holds = KINDS[what]
    after = make([line])
    assert statuses(after) == ["applied"], after["corrections"]
    assert holds(after)
    for table, layer in (("sentences", "n_sentences"), ("mentions", "n_mentions"), ("quotes", "n_quotes")):
        for document in after["documents"]:
            n = sum(row.document_id == document.document_id for row in after[table])
            assert getattr(document, layer) in (n, None if n == 0 else n)
    for entity in after["entities"]:
        assert entity.n_mentions == sum(m.entity_id == entity.entity_id for m in after["mentions"])
    texts = {d.document_id: d.text for d in after["documents"]}
    assert all(texts[row.document_id][row.start : row.end] == row.text for t in ("sentences", "mentions") for row in after[t])
    assert {q.speaker_entity_id for q in after["quotes"]} - {None} <= {e.entity_id for e in after["entities"]}
    assert {row.sentence_id for t in ("mentions", "quotes") for row in after[t]} <= {s.sentence_id for s in after["sentences"]}


def test_corrections_whose_words_are_gone_are_stale_and_change_nothing(make: Make, before: Tables) -> None:
    lines: list[Line] = []
    for (document, table, _, _, _, field, value), _, _ in KINDS.values():
        place = (3, 30) if table in ("blocks", "sentences", "mentions", "quotes") else ("", "")
        lines.append((document, table, *place, "words that nobody wrote", field, "nowhere.txt" if table == "duplicates" else value))
    after = make(lines)
    assert dict(zip(KINDS, statuses(after), strict=True)) == dict.fromkeys(KINDS, "stale")
    assert all(row.detail for row in after["corrections"])
    assert unchanged(after, before)


def test_lines_that_contradict_each_other_are_in_conflict_and_neither_is_applied(make: Make, before: Tables) -> None:
    lines = contradicting()
    after = make(lines)
    assert statuses(after) == ["conflict"] * len(lines), [row for row in after["corrections"] if row.status != "conflict"]
    assert all(row.detail for row in after["corrections"])
    assert after["corrections"][0].detail == "line 3 says otherwise of this row"
    assert unchanged(after, before)


def test_rows_that_are_added_twice_are_added_once(make: Make) -> None:
    name, quoted = KINDS["added name"][0], KINDS["added quote"][0]
    after = make([name, (*name[:6], "label=ORG"), quoted, (*quoted[:6], "kind=direct")])
    assert statuses(after) == ["applied", "conflict", "applied", "conflict"]


def test_what_is_right_already_and_what_two_people_say_alike_is_no_conflict(make: Make) -> None:
    right: Line = ("a.txt", "quotes", 105, 136, FERRY, "kind", "direct")
    role = KINDS["role"][0]
    after = make([right, role, (*role[:2], "", "", "Read more about  this on our site", *role[5:])])
    assert statuses(after) == ["already_right", "applied", "already_right"]


def test_a_correction_of_a_corrected_row_is_found_on_it(make: Make) -> None:
    after = make([KINDS["span"][0], ("a.txt", "mentions", 0, 15, "Harbour council", "label", "FAC")])
    assert statuses(after) == ["applied", "applied"]
    assert the(after, "mentions", text="Harbour council").label == "FAC"


def test_words_that_another_correction_moved_are_found_where_they_are_now(make: Make) -> None:
    after = make([KINDS["role"][0], KINDS["entity"][0], ("a.txt", "quotes", 239, 262, "Nobody asked the crews,", "speaker", "279-283")])
    assert statuses(after) == ["applied"] * 3
    moved = the(after, "quotes", speaker="Reed")
    assert moved.start == 239 + len("Read more about this on our site\n\n")


def test_a_place_beside_a_quote_that_another_line_moves_stays_where_it_is(make: Make) -> None:
    risen: tuple[str, str, int, int, str] = ("a.txt", "quotes", 152, 171, "the costs had risen")
    after = make([(*risen, "segments", "147-171"), (*risen, "speaker", "173-181")])
    assert statuses(after) == ["applied"] * 2
    assert the(after, "quotes", start=147, document_id=A).speaker == "Tom Hale"


def test_the_last_article_that_is_left_is_no_boilerplate(make: Make, before: Tables) -> None:
    lines: list[Line] = [("a.txt", "blocks", b.start, b.end, b.text, "role", "boilerplate") for b in before["blocks"] if b.document_id == A]
    after = make([line for line in lines if line[2] is not None])
    assert set(statuses(after)) == {"conflict"}
    assert after["documents"] == before["documents"]


def test_an_unknown_speaker_and_a_title_that_speaks_against_a_name_are_told(make: Make) -> None:
    unknown: Line = ("a.txt", "quotes", 105, 136, FERRY, "speaker_entity", "person-nobody")
    after = make([unknown, ("a.txt", "quotes", 105, 136, FERRY, "kind", "unattributed")])
    assert statuses(after) == ["conflict", "applied"]
    after = make([unknown])
    assert statuses(after) == ["stale"]
    assert "there is no entity person-nobody" in after["corrections"][0].detail


def test_lines_of_articles_that_are_not_there_keep_their_words_to_themselves(make: Make) -> None:
    after = make([("gone.txt", "quotes", 3, 9, "secret", "kind", "direct"), ("gone.txt", "documents", "", "", "", "complete", "yes")])
    for row in after["corrections"]:
        assert (row.status, row.text, row.value, row.reason, row.document_id) == ("stale", None, None, None, None)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(st.lists(st.sampled_from(sorted(KINDS)), unique=True, max_size=12), min_size=1, max_size=3))
def test_any_corrections_and_their_undoing_give_the_bytes_of_a_build_without_them(
    make: Make, undone: Callable[[], dict[str, str]], rounds: list[list[str]]
) -> None:
    before = undone()
    assert before.keys() >= {"qantar.db", "data/quotes/part-00000.parquet"}
    for chosen in rounds:
        make([KINDS[what][0] for what in chosen])
    assert undone() == before


def test_a_corrected_build_is_what_one_from_nothing_would_be(make: Make, tmp_path: Path) -> None:
    lines = [line for line, _, _ in KINDS.values() if line[5] not in ("joined", "language")]
    make(lines[::2])
    write_lines(write_folder(tmp_path / "raw"), lines)
    assert make(lines) == all_rows(make_tables(tmp_path / "raw", tmp_path / "out"))


def test_what_corrections_leave_alone_is_what_annotating_again_would_find(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Days, names and quotes are corrected on what was found before; here the articles are annotated again for each."""
    lines = [line for line, _, _ in KINDS.values() if line[5] not in ("joined", "language", "split", "join")]
    expected = make(lines)
    correct = correct_annotated

    def of_quotes(article: Article, day: date | None, blocks: list[Block], fixes: Sequence[Fix]) -> Article | None:
        return correct(article, day, blocks, fixes) if all(fix.table == "quotes" for fix in fixes) else None

    monkeypatch.setattr(annotate, "correct_annotated", of_quotes)
    monkeypatch.setattr(annotate, "day_before", lambda document, fixes: document.published_on)
    write_lines(write_folder(tmp_path / "raw"), lines)
    assert all_rows(make_tables(tmp_path / "raw", tmp_path / "out")) == expected


def test_corrections_of_days_names_and_quotes_annotate_nothing_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, out = write_folder(tmp_path / "raw"), tmp_path / "out"
    make_tables(raw, out)

    def again(*given: Any) -> None:
        pytest.fail("a text is annotated or searched for names again")

    monkeypatch.setattr(annotate, "_annotator", again)
    monkeypatch.setattr(names_told.Spelled, "with_texts", again)
    write_lines(raw, [KINDS[what][0] for what in ("title", "day", "label", "added name", "deleted name", "kind", "speaker")])
    assert set(statuses(all_rows(make_tables(raw, out)))) == {"applied"}


PARAGRAPH = "Another meeting will take place in June, the Lind Transport Union said."


def test_another_role_of_one_sentence_annotates_nothing_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, out = write_folder(tmp_path / "raw"), tmp_path / "out"
    before = all_rows(make_tables(raw, out))

    def again(*given: Any) -> None:
        pytest.fail("a text is annotated again")

    monkeypatch.setattr(annotate, "_annotator", again)
    write_lines(raw, [("c.txt", "blocks", "", "", PARAGRAPH, "role", "heading")])
    after = all_rows(make_tables(raw, out))
    assert (the(before, "sentences", text=PARAGRAPH).is_heading, the(after, "sentences", text=PARAGRAPH).is_heading) == (False, True)
    assert [row.text for row in after["mentions"]] == [row.text for row in before["mentions"]]
    monkeypatch.undo()
    assert after == all_rows(make_tables(raw, tmp_path / "anew"))
    readings = list((out / ".cache/reading").glob("*/*"))
    for path in readings:
        os.utime(path, (0, 0))
    write_lines(raw, [("c.txt", "blocks", "", "", PARAGRAPH, "role", "heading"), KINDS["kind"][0]])
    make_tables(raw, out)
    assert readings and all(path.stat().st_mtime for path in readings), "they are kept as long as what is made of them is used"


def test_roles_dates_and_quotes_leave_who_is_who(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, out = write_folder(tmp_path / "raw"), tmp_path / "out"
    make_tables(raw, out)

    def again(*given: Any) -> None:
        pytest.fail("it is asked again who is who in an article")

    monkeypatch.setattr("qantar.pipeline.annotations.local_names", again)
    role: Line = ("c.txt", "blocks", "", "", PARAGRAPH, "role", "heading")
    value: Line = ("a.txt", "mentions", 68, 74, "Monday", "value", "2021-05-04")
    lines = [role, value, *(KINDS[what][0] for what in ("day", "kind", "speaker"))]
    write_lines(raw, lines)
    after = all_rows(make_tables(raw, out))
    assert statuses(after) == ["applied"] * len(lines), after["corrections"]
    monkeypatch.undo()
    assert after == all_rows(make_tables(raw, tmp_path / "anew"))


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.data())
def test_any_roles_give_what_a_build_from_nothing_gives(
    ferry: tuple[Path, Path], before: Tables, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    raw, out = ferry
    blocks = data.draw(st.lists(st.sampled_from([b for b in before["blocks"] if b.start is not None]), unique=True, min_size=1, max_size=4))
    roles = [data.draw(st.sampled_from(sorted(KEPT))) for _ in blocks]
    lines: list[Line] = [
        (b.document_id, "blocks", b.start, b.end, b.text, "role", role) for b, role in zip(blocks, roles, strict=True) if b.role != role
    ]
    if data.draw(st.booleans()):
        lines += [KINDS["kind"][0], KINDS["split"][0], KINDS["label"][0]]
    write_lines(raw, [])
    make_tables(raw, out)
    write_lines(raw, lines)
    assert digests_of(make_tables(raw, out)) == digests_of(make_tables(raw, tmp_path_factory.mktemp("anew")))


def test_one_correction_computes_its_own_shard_anew(make: Make, tmp_path: Path) -> None:
    raw = write_folder(tmp_path / "raw")
    for n in range(130):  # some names end a shard
        (raw / f"more{n}.txt").write_text(f"Bridge {n} opens\n\n{n}.\n")
    make_tables(raw, tmp_path / "out")
    stored = {path.parent for path in (tmp_path / "out" / ".cache").rglob("manifest.json")}
    write_lines(raw, [KINDS["kind"][0]])
    make_tables(raw, tmp_path / "out")
    new = {path.parent for path in (tmp_path / "out" / ".cache").rglob("manifest.json")} - stored
    assert sorted(path.parts[-3] for path in new) == ["annotate", "link", "part"]  # of its table quotes alone


def test_rows_are_those_of_the_file(make: Make) -> None:
    after = make([KINDS["kind"][0]])
    (row,) = after["corrections"]
    assert (row.line, row.table, row.start, row.end, row.text, row.field, row.value) == (2, "quotes", 105, 136, FERRY, "kind", "mixed")
    assert (row.by, str(row.on), row.reason, row.row_id) == (None, "2022-03-01", "seen", f"{A}-q105")
