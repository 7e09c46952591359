"""Copies against articles that fill in one frame: both errors, on the frames of the bench, and the rules one by one."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from benchmarks import templates
from qantar.stages.duplicates import Duplicates, Text, Thresholds, compare_shards, compare_signatures, find_duplicates, sign_documents
from tests.stages import odd_frames
from tests.stages.test_deduplicate import respun, with_arrays

NOTICE = """{who} was appointed director of the {place} museum on {day}, the board said. {who} is {age} and has worked for the harbour
archive and for two galleries since {since}.

The director is chosen for five years by a board of nine, made up of members of the council, of the friends' association and of the
staff. The museum is open every day but one, and guided tours are offered to schools free of charge. Its collection was given to the
city by a shipowner, and the house in which it is shown was built for his daughter, who was a painter."""
ONE = NOTICE.format(who="Berta Quill", place="Ostmark", day="Monday", age=41, since=2004)
OTHER = NOTICE.format(who="Jonas Vetter", place="Lindau", day="Thursday", age=58, since=1997)


def found(*texts: str) -> dict[str, str]:
    return {d.document_id: d.canonical_id for d in find_duplicates(Text("abcdefgh"[i], None, t) for i, t in enumerate(texts)).duplicates}


def test_two_fillings_of_one_frame_are_no_duplicates() -> None:
    assert found(ONE, OTHER) == {}


@pytest.mark.parametrize(
    "copy",
    [
        ONE.replace("Berta Quill", "Bertha Kwill").replace("Quill", "Quil"),
        ONE.replace("41", "42").replace("five years", "six years"),
        ONE.replace("free of charge", "for nothing").replace("shipowner", "merchant").replace("painter", "sculptor"),
        "Read the whole story in our application.\n\n" + ONE + "\n\nSubscribe to the evening letter and never miss a thing.",
        ONE.split("\n\n")[0] + "\n\n" + ONE.split("\n\n")[1][:250],
        ONE.replace("e", "c", 9).replace("l", "1", 9),
    ],
    ids=["respelt", "updated", "reworded", "furnished", "cut", "scanned"],
)
def test_a_copy_inside_a_frame_is_one(copy: str) -> None:
    joined = found(ONE, copy, OTHER)
    assert joined in ({"a": "b"}, {"b": "a"})


def test_other_furniture_above_and_below_makes_no_other_article() -> None:
    """The names and numbers of furniture are not the article's; in a frame they differ between its words, too."""
    above = "By our correspondent in Ostmark, Monday 06:12\n\n", "You have read two of five articles this March; log in as a guest.\n\n"
    below = "\n\nRelated: Market Square paved by 2031. Sign up.", "\n\nMost read: Six wet walks; Why Aunt Ida came late; The Mayor."
    one, other = (first + ONE + last for first, last in zip(above, below, strict=True))
    assert found(one, other)
    assert found(above[0] + ONE + below[0], above[1] + OTHER + below[1]) == {}


def test_the_same_note_below_other_news_makes_no_copy() -> None:
    note = ONE.split("\n\n")[1]
    one = "Stars of the day\n\nWhoever lends a boat will be sorry, and a letter that was lost comes back with a stranger's stamp on it.\n\n"
    other = "Stars of the day\n\nBuy wool before noon, quarrel with no cook, and look twice at anything that a cousin wishes to sell.\n\n"
    assert found(one + note, other + note) == {}


def test_what_the_frame_is_shows_in_a_third_article() -> None:
    """By themselves the first two differ in few words of a long text, as an article and its update do."""
    frame = ONE.replace("Berta Quill", "{}").replace("Ostmark", "{}")
    near = [frame.format("Berta Quill", "Ostmark", "Berta Quill"), frame.format("Clara Roth", "Ostmark", "Clara Roth")]
    assert len(found(*near)) in (0, 1)
    assert found(*near, OTHER, NOTICE.format(who="Emil Sand", place="Torgau", day="Sunday", age=36, since=2011)) == {}


@pytest.mark.parametrize("seed", [7])
def test_copies_and_templates_are_told_apart_on_frames_of_all_kinds(seed: int) -> None:
    articles = templates.make_articles(seed)
    for apart in (False, True):
        some = [a for a in articles if a.apart == apart]
        score = templates.score(some, templates.join(some))
        assert score.precision >= 0.99, (apart, score)
        assert score.recall >= 0.95, (apart, score)


def test_articles_of_one_frame_are_judged_alike_without_a_compiler() -> None:
    articles = [a for a in templates.make_articles(3) if a.frame.endswith(" 3")]
    signatures = sign_documents(Text(a.document_id, None, a.text) for a in articles)

    def compared() -> Duplicates:
        return compare_signatures(signatures)

    native = compared()
    with pytest.MonkeyPatch.context() as patch:
        with_arrays(patch)
        assert compared() == native
    assert len(native.duplicates) > 5


def test_texts_of_one_address_are_versions_even_where_all_figures_differ() -> None:
    texts = [Text("a", date(2023, 1, 1), ONE, "https://news.example/1"), Text("b", date(2023, 1, 2), OTHER, "https://news.example/1")]
    assert [(d.document_id, d.canonical_id, d.kind) for d in find_duplicates(texts).duplicates] == [("b", "a", "version")]
    apart = [text._replace(origin=f"https://news.example/{i}") for i, text in enumerate(texts)]
    assert find_duplicates(apart).duplicates == []


def test_a_version_is_told_by_its_own_address_though_words_of_its_canonical_article_or_its_own_stand_elsewhere() -> None:
    here, elsewhere, third = (f"https://{name}.example/1" for name in ("news", "courier", "times"))
    updated = f"{ONE} The council will meet again on Friday, a spokesman said."
    texts = [Text("a", None, updated, here), Text("b", None, ONE, elsewhere), Text("c", None, ONE, here), Text("d", None, updated, third)]
    kinds = {d.document_id: (d.canonical_id, d.kind) for d in find_duplicates(texts).duplicates}
    assert kinds == {"b": ("a", "near"), "c": ("a", "version"), "d": ("a", "exact")}
    swapped = [text._replace(origin={here: third, third: here}.get(str(text.origin), text.origin)) for text in texts[:2] + texts[3:]]
    assert {d.document_id: d.kind for d in find_duplicates([*swapped, texts[2]]).duplicates} == {"b": "near", "c": "version", "d": "exact"}


def test_other_articles_of_one_id_are_no_versions() -> None:
    one, other = (Text(name, None, text, "7") for name, text in (("a", ONE), ("b", "Snow fell on the pass all night. " * 9)))
    assert find_duplicates([one, other]).duplicates == []


def test_articles_of_one_frame_are_rows_of_templates_with_what_stands_in_their_slots() -> None:
    third = NOTICE.format(who="Emil Sand", place="Torgau", day="Sunday", age=36, since=2011)
    texts = [Text(name, date(2023, 1, day), text) for day, (name, text) in enumerate(zip("abc", (ONE, OTHER, third), strict=True), 1)]
    rows = find_duplicates(texts).templates
    assert [(row.document_id, row.frame_id, row.n_documents) for row in rows] == [("b", "a", 3), ("c", "a", 3)]
    assert [OTHER[start:end] for start, end in rows[0].slots] == ["Jonas Vetter", "Lindau", "Thursday", "Jonas Vetter", "58", "1997"]
    assert all(row.margin > 0 and row.similarity > 0.8 for row in rows)


def test_a_threshold_of_the_corpus_decides() -> None:
    texts = [Text("a", None, ONE), Text("b", None, OTHER)]
    assert len(find_duplicates(texts, Thresholds(differs=1000)).duplicates) in (0, 1)
    assert find_duplicates(texts, Thresholds(reach=1001, differs=200)).templates == []


def test_where_whole_turns_of_phrase_fill_the_slots_they_count_as_news() -> None:
    meeting = """The governor received {who} at the town hall on Friday.

They spoke of the work done since spring, and {who} told of {work}. The governor was shown plans and asked for a report every month. He
called {care} one of his chief concerns, thanked the guest for coming and said that his door was always open, the press office wrote."""
    one = meeting.format(who="Marta Linde", work="the dredging of two canals near the mill", care="clean water for every village")
    other = meeting.format(who="Pavel Orth", work="a timetable for ferries in the coming season", care="safe passage across frozen bays")
    assert found(one, other) == {}


RECEPTION = """The regent received {who}, {post}, at the harbour castle.

In the course of the reception the regent heard how the plans of the year had been carried out. {who} reported on {work} and on what
had been done to follow earlier instructions.

The regent spoke of {care} and asked that the matter be kept in view. After the reception tasks were set for the coming months, the court's
press office said on Tuesday."""


def test_a_turn_of_phrase_of_which_no_word_is_left_counts_with_the_news() -> None:
    """Few names differ, since those of the house are the same; what the visitors reported is written without a capital."""
    visits = [
        ("Olga Brenn", "keeper of the royal forests", "oaks felled by the gales of spring", "planting on bare slopes"),
        ("Timo Saar", "the head of river traffic", "the dredging of shallow channels", "pilots who know their trade"),
        ("Ilse Kranz", "inspector of the village schools", "stoves bought for cold classrooms", "books in every household"),
    ]
    assert found(*(RECEPTION.format(who=who, post=post, work=work, care=care) for who, post, work, care in visits)) == {}


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_copy_in_which_many_words_were_replaced_is_one_where_the_frame_is_known(seed: int) -> None:
    fillings = [
        ("Emil Sand", "Torgau", "Sunday", 36, 2011),
        ("Clara Roth", "Wesel", "Friday", 63, 1988),
        ("Ugo Lenz", "Brig", "Tuesday", 39, 2009),
    ]
    frame = [NOTICE.format(who=who, place=place, day=day, age=age, since=since) for who, place, day, age, since in fillings]
    joined = found(ONE, respun(ONE, 0.22, seed), OTHER, *frame)
    assert joined in ({"a": "b"}, {"b": "a"})


def test_articles_of_frames_added_and_removed_give_what_a_comparison_from_nothing_gives(tmp_path: Path) -> None:
    articles = [Text(a.document_id, a.published_on, a.text) for a in templates.make_articles(4)[:260]]
    for number, (begin, end) in enumerate([(0, 240), (3, 260), (12, 251), (0, 250)]):
        shards = {}
        for at in range(0, 260, 20):
            if part := [articles[i] for i in range(max(at, begin), min(at + 20, end))]:
                path = tmp_path / f"{number} {at}"
                sign_documents(part).save(path)
                shards[sha256(path.read_bytes()).hexdigest()] = path
        kept = compare_shards(tmp_path / "kept", shards, "1")
        assert kept == compare_shards(tmp_path / f"anew {number}", shards, "1", fresh=True)
        assert kept.templates


def test_news_that_fills_in_a_frame_is_told_from_its_rewrites() -> None:
    """School closures, tide tables, recalls and the like (odd_frames.py), each with a wire's rewrites."""
    made = odd_frames.articles()
    canonical = {d.document_id: d.canonical_id for d in find_duplicates(Text(name, None, text) for name, _, text in made).duplicates}
    joined = {frozenset((a, b)) for a, _, _ in made for b, _, _ in made if a != b and canonical.get(a, a) == canonical.get(b, b)}
    assert joined == {frozenset((a, b)) for a, one, _ in made for b, other, _ in made if a != b and one == other}
