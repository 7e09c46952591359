"""Duplicates and shared passages, on articles made of random words: nothing is shared but what a test puts there."""

from __future__ import annotations

import random
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qantar.stages.duplicates import Signatures, Text, compare_signatures, find_duplicates, sign_documents

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def prose(seed: int, words: int = 300) -> str:
    """Paragraphs of made-up words in sentences of 15, never the same for another seed."""
    r = random.Random(seed)
    vocabulary = ["".join(r.choices(LETTERS, k=r.randint(2, 9))) for _ in range(2000)]
    chosen = [r.choice(vocabulary) for _ in range(words)]
    sentences = [" ".join(chosen[i : i + 15]).capitalize() + "." for i in range(0, words, 15)]
    return "\n\n".join(" ".join(sentences[i : i + 3]) for i in range(0, len(sentences), 3))


def respun(text: str, rate: float, seed: int = 0) -> str:
    """The text with a share of its words replaced."""
    r = random.Random(seed)
    return " ".join("".join(r.choices(LETTERS, k=6)) if r.random() < rate else w for w in text.split())


def sentences(text: str) -> list[str]:
    """The sentences of a text, without their full stops."""
    return [sentence.strip() for sentence in " ".join(text.split()).split(".") if sentence.strip()]


def filled(frame: list[str], seed: int) -> str:
    """A text of these sentences, each with three names that no other has."""
    r = random.Random(seed)
    return " ".join(f"{sentence} {' '.join(''.join(r.choices(LETTERS, k=6)).capitalize() for _ in range(3))}." for sentence in frame)


def related(*documents: Text | str) -> dict[str, tuple[str, str]]:
    """`{duplicate: (canonical, kind)}` for texts named a, b, c … unless they have a name."""
    texts = [d if isinstance(d, Text) else Text(LETTERS[i], None, d) for i, d in enumerate(documents)]
    return {d.document_id: (d.canonical_id, d.kind) for d in find_duplicates(texts).duplicates}


def with_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the package was installed without a compiler."""
    for module in (
        "hashed_words",
        "signatures",
        "index",
        "candidates",
        "relations",
        "shared_wording",
        "shared_wording_updates",
        "comparison",
    ):
        monkeypatch.setattr(f"qantar.stages.duplicates.{module}.native", None)


A, B, C = prose(1), prose(2), prose(3)


@pytest.mark.parametrize(
    ("change", "copy"),
    [
        ("line ends", A.replace("\n", "\r\n")),
        ("letter case", A.upper()),
        ("punctuation", A.replace(".", " —")),
        ("white space", "  " + A.replace(" ", "\u00a0 ") + "\n"),
        ("nothing", A),
    ],
)
def test_the_same_words_are_exact_duplicates_whatever_the_typography(change: str, copy: str) -> None:
    assert related(A, copy) in ({"b": ("a", "exact")}, {"a": ("b", "exact")}), change


def test_accents_make_no_difference_however_they_are_encoded() -> None:
    text = "Čaputová a prezident Tokajev měli říct něco o Süleymanoğlu’s café " + A
    for form in ("NFC", "NFD", "NFKD"):
        assert related(text, unicodedata.normalize(form, text)) == {"b": ("a", "exact")}
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    assert related(text, plain) == {"b": ("a", "exact")}


@pytest.mark.parametrize("rate", [0.03, 0.1, 0.2, 0.28])
def test_edited_and_respun_copies_are_near_duplicates(rate: float) -> None:
    assert related(A, respun(A, rate)) in ({"b": ("a", "near")}, {"a": ("b", "near")})


def test_a_copy_cut_a_little_is_near_and_one_cut_to_a_quarter_is_contained() -> None:
    words = A.split()
    assert related(A, " ".join(words[:210])) == {"b": ("a", "near")}
    assert related(A, " ".join(words[:75])) == {"b": ("a", "contained")}


def test_a_contained_article_gives_way_to_the_longer_one_even_if_it_came_first() -> None:
    short = Text("short", date(2022, 1, 1), prose(5, 90))
    long = Text("long", date(2022, 1, 9), B + "\n\n" + short.text + "\n\n" + C)
    assert related(long, short) == {"short": ("long", "contained")}


def test_the_canonical_article_is_the_earliest_then_the_fullest_then_the_first_by_id() -> None:
    def texts(*days: int | None) -> list[Text]:
        copies = [respun(A, 0.05, seed=9), A + " And so it was.", A + " And so it was!"]
        return [Text(name, date(2022, 1, d) if d else None, t) for name, d, t in zip(("y", "z", "x"), days, copies, strict=True)]

    assert {c for c, _ in related(*texts(2, 3, 4)).values()} == {"y"}  # earliest
    assert {c for c, _ in related(*texts(None, 3, None)).values()} == {"z"}  # a known day before an unknown one
    assert {c for c, _ in related(*texts(2, 2, 2)).values()} == {"x"}  # fullest, then by id


def test_two_articles_with_one_long_quotation_are_no_duplicates_but_share_a_passage() -> None:
    quotation = prose(7, 100)
    a, b = Text("a", None, B + "\n\n" + quotation), Text("b", None, quotation + "\n\n" + C)
    found = find_duplicates([a, b])
    assert found.duplicates == []
    assert len({p.passage_id for p in found.passages}) == 1
    for row, text in zip(found.passages, (a.text, b.text), strict=True):
        assert text[row.start : row.end] == quotation.rstrip(".")
        assert row.n_documents == 2


def test_a_footer_on_many_articles_joins_none_of_them_and_is_one_passage() -> None:
    footer = prose(8, 60)
    texts = [Text(f"d{i:03}", None, prose(100 + i, 200) + "\n\n" + footer) for i in range(60)]
    found = find_duplicates(texts)
    assert found.duplicates == []
    assert {(p.n_documents, p.passage_id) for p in found.passages} == {(60, found.passages[0].passage_id)}
    assert [p.document_id for p in found.passages] == [t.document_id for t in texts]


def test_nineteen_words_are_no_passage_and_twenty_are() -> None:
    nineteen, twenty = (" ".join(prose(9, 30).split()[:n]) for n in (19, 20))
    for words, rows in ((nineteen, 0), (twenty, 2)):
        assert len(find_duplicates([Text("a", None, f"{B} {words} {A}"), Text("b", None, f"{C} {words}")]).passages) == rows


def test_passages_keep_their_offsets_in_texts_with_accents_and_marks() -> None:
    passage = "“Žádný člověk,” řekl — " + prose(11, 40).rstrip(".")
    a, b = Text("a", None, "Ünïcödé 🙂 " + A + passage + ". " + B), Text("b", None, C + passage)
    rows = find_duplicates([a, b]).passages
    assert [t.text[r.start : r.end] for r, t in zip(rows, (a, b), strict=True)] == [passage[1:]] * 2


def test_a_chain_of_drifting_versions_is_not_joined_end_to_end() -> None:
    words = prose(12, 2000).split()
    versions = [" ".join(words[at : at + 300]) for at in range(0, 1700, 100)]
    found = {d.document_id: d for d in find_duplicates([Text(f"v{i:02}", None, t) for i, t in enumerate(versions)]).duplicates}
    for d in found.values():
        assert abs(int(d.document_id[1:]) - int(d.canonical_id[1:])) <= 1
        assert d.canonical_id not in found
        assert d.similarity > 0.5


def test_two_copies_respun_apart_meet_in_one_canonical_article() -> None:
    copies = [A, *(respun(A, 0.25, seed=s) for s in range(1, 5))]
    assert len({c for c, _ in related(*copies).values()}) == 1
    assert len(related(*copies)) == 4


def test_two_copies_with_other_furniture_around_them_meet_in_one_article() -> None:
    text, (head, foot) = prose(8, 150), (sentences(prose(9, 60))[i : i + 2] for i in (0, 2))
    one, other = (f"{filled(head, seed)}\n\n{text}\n\n{filled(foot, seed + 1)}" for seed in (1, 3))
    assert related(text, one, other) == {"a": ("b", "near"), "c": ("b", "near")}
    assert related(one, other) == {}


def test_a_frame_that_is_an_article_itself_joins_none_of_those_that_fill_it_in() -> None:
    frame = sentences(prose(7, 200))
    assert related(". ".join(frame), *(filled(frame, seed) for seed in range(3))) == {"a": ("b", "near")}


def test_short_texts_are_only_joined_by_the_same_words() -> None:
    assert related("Ministry denies reports", "Ministry denies the reports", "Ministry denies reports.") == {"c": ("a", "exact")}
    assert related(A, " ".join(A.split()[:19])) == {}
    assert related(A, " ".join(A.split()[:20])) == {"b": ("a", "contained")}


def test_nothing_comes_of_nothing() -> None:
    assert not any(find_duplicates([]))
    assert not any(find_duplicates([Text("a", None, ""), Text("b", None, " … "), Text("c", None, "word")]))


def test_a_word_without_end_is_no_obstacle() -> None:
    blob = "x" * 5000
    assert related(f"{blob} {A}", f"{blob} {A}", blob, blob + "y") == {"b": ("a", "exact")}


def test_the_five_articles_are_no_duplicates_of_each_other() -> None:
    raw = Path(__file__).parents[2] / "raw"
    texts = [Text(p.name[:3], None, p.read_text(encoding="utf-8")) for p in sorted(raw.glob("00[0-4]_*.txt"))]
    assert find_duplicates(texts).duplicates == []


def test_signatures_kept_on_disk_shard_by_shard_give_the_same_rows(tmp_path: Path) -> None:
    texts = [Text(f"d{i}", None, t) for i, t in enumerate([A, B, respun(A, 0.1), C, B + "\n\n" + C, A])]
    for i in range(0, len(texts), 2):
        sign_documents(texts[i : i + 2]).save(tmp_path / f"{i}.npz")
    shards = [Signatures.load(p) for p in sorted(tmp_path.glob("*.npz"))]
    assert compare_signatures(Signatures.join(shards)) == find_duplicates(texts)


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(8)))
def test_the_order_of_the_articles_makes_no_difference(order: list[int]) -> None:
    quoted = prose(20, 60)
    texts = [A, respun(A, 0.2), A.upper(), B + quoted, C + quoted, A + "\n\n" + quoted, " ".join(B.split()[:120]), quoted]
    documents = [Text(f"d{i}", date(2022, 1, 1 + i % 3) if i % 2 else None, t) for i, t in enumerate(texts)]
    assert find_duplicates(documents[i] for i in order) == find_duplicates(documents)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet=st.sampled_from("ab \n.éßﬁ🙂é’你ا"), max_size=60), max_size=6))
def test_any_text_is_signed_with_words_that_stand_where_they_say(texts: list[str]) -> None:
    s = sign_documents([Text(str(i), None, t) for i, t in enumerate(texts)])
    seen: dict[str, int] = {}
    for i, text in enumerate(texts):
        for k in range(s.first[i], s.first[i + 1]):
            word = text[s.starts[k] : s.starts[k] + s.lengths[k]]
            assert any(c.isalnum() for c in word)
            assert not any(c in " \n.’🙂" for c in word)
            assert seen.setdefault(word, int(s.words[k])) == s.words[k]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 0.4), st.integers(40, 300)), max_size=8))
def test_a_canonical_article_is_never_a_duplicate_itself(parts: list[tuple[int, float, int]]) -> None:
    texts = [Text(f"d{i}", None, " ".join(respun(prose(40 + s), rate, seed=i).split()[:n])) for i, (s, rate, n) in enumerate(parts)]
    rows = list(find_duplicates(texts).duplicates)
    assert {r.canonical_id for r in rows}.isdisjoint(r.document_id for r in rows)
    assert len({r.document_id for r in rows}) == len(rows)


def test_two_days_of_one_market_report_are_no_duplicates() -> None:
    def report(seed: int) -> str:
        r = random.Random(seed)
        return " ".join(
            f"Shares of {name} closed at {r.randint(100, 9999)} tenge, a change of {r.randint(1, 99)} tenge from the day before, "
            f"on turnover of {r.randint(1000, 99999)} lots in Almaty."
            for name in ("the bank", "the railway", "the oil company", "the operator", "the airline", "the utility")
        )

    assert related(report(1), report(2)) == {}
    assert related(report(1), respun(report(1), 0.05)) in ({"b": ("a", "near")}, {"a": ("b", "near")})


def test_columns_with_one_frame_are_no_duplicates() -> None:
    frame = [" ".join(prose(60 + i, 15).split()) for i in range(8)]
    columns = ["\n\n".join(f"{line} {prose(1000 * k + i, 45)}" for i, line in enumerate(frame)) for k in range(6)]
    assert related(*columns) == {}


def test_a_notice_that_stands_in_one_article_is_contained_but_one_that_stands_in_many_is_a_copy_of_none() -> None:
    notice = prose(70, 45)
    assert related(notice, A + "\n\n" + notice, B) == {"a": ("b", "contained")}
    articles = [prose(71 + i, 250) + "\n\n" + notice for i in range(8)]
    found = find_duplicates([Text(f"d{i}", None, t) for i, t in enumerate([notice, *articles])])
    assert found.duplicates == []
    assert {p.n_documents for p in found.passages} == {9}


def test_no_shared_run_of_twenty_words_is_missed_whatever_stands_around_it() -> None:
    r = random.Random(3)
    pool = [prose(200 + i, r.randint(18, 40)).split() for i in range(25)]
    texts = []
    for _ in range(60):
        words: list[str] = []
        for _ in range(r.randint(1, 8)):
            piece = r.choice(pool)
            start = r.randrange(len(piece))
            words += piece[start:] + prose(r.randrange(10**6), r.randint(1, 90)).split()
        texts.append(" ".join(words).lower().replace(".", ""))
    found = find_duplicates([Text(f"d{i:02}", None, t) for i, t in enumerate(texts)])
    group = {d.document_id: d.canonical_id for d in found.duplicates}
    holders: dict[tuple[str, ...], set[str]] = {}
    places: dict[tuple[str, ...], list[tuple[str, int]]] = {}
    for i, text in enumerate(texts):
        words = text.split()
        for at in range(len(words) - 19):
            run = tuple(words[at : at + 20])
            holders.setdefault(run, set()).add(group.get(f"d{i:02}", f"d{i:02}"))
            places.setdefault(run, []).append((f"d{i:02}", at))
    expected = {(d, at + k) for run, where in places.items() if len(holders[run]) > 1 for d, at in where for k in range(20)}
    covered = set()
    for p in found.passages:
        text = texts[int(p.document_id[1:])]
        before = len(text[: p.start].split())
        covered |= {(p.document_id, before + k) for k in range(len(text[p.start : p.end].split()))}
    assert covered == expected
    for p in found.passages:
        held = texts[int(p.document_id[1:])][p.start : p.end]
        assert p.n_documents == sum(held in t for t in texts)


def test_a_passage_that_two_have_may_hold_one_that_three_have() -> None:
    inner, outer = prose(80, 30), prose(81, 60)
    middle = outer.replace("\n\n", f"\n\n{inner}\n\n", 1)
    texts = [A + "\n\n" + middle + "\n\n" + B, C + "\n\n" + middle + "\n\n" + prose(82), prose(83) + "\n\n" + inner + "\n\n" + prose(84)]
    rows = find_duplicates([Text(LETTERS[i], None, t) for i, t in enumerate(texts)]).passages
    held: dict[str, set[str]] = {}
    for row in rows:
        held.setdefault(texts[LETTERS.index(row.document_id)][row.start : row.end], set()).add(row.document_id)
        assert row.n_documents == len({r.document_id for r in rows if r.passage_id == row.passage_id})
    assert held == {middle.rstrip("."): {"a", "b"}, inner.rstrip("."): {"a", "b", "c"}}


def test_two_articles_with_a_third_of_their_text_from_one_agency_are_no_duplicates() -> None:
    agency = prose(85, 150)
    assert related(A + "\n\n" + agency, agency + "\n\n" + B) == {}


def test_common_turns_of_phrase_in_another_order_are_no_copy() -> None:
    phrases = [" ".join(prose(300 + i, 7).split()) for i in range(40)]

    def text(seed: int) -> str:
        r = random.Random(seed)
        return " ".join(f"{p} {' '.join(prose(seed * 100 + i, 3).split())}" for i, p in enumerate(r.sample(phrases, len(phrases))))

    assert related(text(11), text(12), text(13)) == {}


def test_a_hundred_edited_copies_of_a_wire_story_have_one_canonical_article() -> None:
    story = prose(86, 250)
    copies = [Text(f"d{i:03}", date(2022, 1, 5 + i % 20), respun(story, 0.1, seed=i)) for i in range(100)]
    assert {c for c, _ in related(*copies).values()} == {"d000"}
    assert len(related(*copies)) == 99


def test_signatures_of_the_same_articles_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        sign_documents([Text("a", date(2022, 1, 5), A), Text("b", None, B)]).save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_how_much_is_looked_up_at_a_time_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    quoted = prose(20, 60)
    texts = [
        A,
        respun(A, 0.2),
        B + quoted,
        C + quoted,
        A + "\n\n" + quoted,
        " ".join(B.split()[:120]),
        *(prose(500 + i, 90) for i in range(20)),
    ]
    documents = [Text(f"d{i:02}", None, t) for i, t in enumerate(texts)]
    with_arrays(monkeypatch)
    found = find_duplicates(documents)
    for module, name, value in (
        ("signatures", "BATCH_CHARACTERS", 1000),
        ("candidates", "POSTINGS", 40),
        ("relations", "PAIRS", 1),
        ("relations", "WORDS_AT_A_TIME", 300),
        ("shared_wording", "RUNS", 3),
        ("shared_wording", "CHUNK", 64),
    ):
        monkeypatch.setattr(f"qantar.stages.duplicates.{module}.{name}", value)
        assert find_duplicates(documents) == found, name


SAID = {
    "a word": "word ",
    "a clause": "he said that ",
    "a paragraph": "“No,” he said, and left the hall with all of the others who had come to hear him speak of it at noon. ",
}


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_what_is_said_over_and_over_is_one_passage_however_often(said: str) -> None:
    def passages(n: int) -> int:
        chance = random.Random(1)
        texts = []
        for key in "abc":
            own = " ".join(f"{chance.randrange(10**6):x}" for _ in range(n))
            texts.append(Text(key, None, f"{own} {said * (n // len(said))} {own[::-1]}"))
        found = find_duplicates(texts)
        assert not len(found.duplicates)
        return len(found.passages)

    few = passages(4_000)
    assert 3 <= few < 200
    assert passages(8_000) == few
