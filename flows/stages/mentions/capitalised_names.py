"""Names that no list knows: sequences of capitalised words, told apart by what they hold and what stands beside them.

General rules for English news, used where no trained model marks names. A name is found only with evidence: a first name, a title
before or a verb of saying behind it, a word such as "Ministry" or "River" in it, capitals throughout, or a full name elsewhere
in the article. Capitals at the start of a sentence or in a headline prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from qantar.text.known_names import Names, Word
from qantar.text.lexicon import read_lines, read_toml
from qantar.text.person_titles import titles as all_titles

HEADS = ("org", "fac", "loc", "gpe", "event", "law")


_LONGEST_ACRONYM = 7


class Guess(NamedTuple):
    """A name found by rule: its place, label and how sure that is."""

    start: int
    end: int
    label: str
    score: float


class Sequence(NamedTuple):
    """Capitalised words that stand together: `first` to `last` (exclusive) among the words of the article."""

    first: int
    last: int
    at_start: bool
    titled: bool


class Lexicon(NamedTuple):
    """`name_words.toml`, each list as a set of lower- or upper-case words."""

    titles: dict[str, Any]
    title_words: frozenset[str]
    posts: frozenset[str]
    heads: dict[str, frozenset[str]]
    particles: frozenset[str]
    says: frozenset[str]
    no_org: frozenset[str]
    function_words: frozenset[str]
    links: dict[str, frozenset[str]]


@cache
def _lexicon() -> Lexicon:
    data = read_toml("name_words.toml")
    titles: dict[str, Any] = {}
    for title in all_titles():
        node = titles
        for word in title.replace("-", " - ").split():
            node = node.setdefault(word, {})
        node[""] = True
    heads = {kind: frozenset(data[kind]) for kind in HEADS}
    sets = [frozenset(data[key]) for key in ("particles", "says", "no_org")]
    marks = read_toml("titles.toml")
    title_words = frozenset(word for title in all_titles() for word in title.replace("-", " ").split()) | set(marks["plural_titles"])
    links = {"body": "body_links", "further": "further_links", "doubtful": "doubtful_links", "evidence": "linked_by"}
    small = {kind: frozenset(data[key]) for kind, key in links.items()}
    function_words = frozenset(read_lines("function_words.txt"))
    return Lexicon(titles, title_words, frozenset(marks["posts"]), heads, sets[0], sets[1], sets[2], function_words, small)


def guess_names(
    text: str, words: list[Word], sentences: Iterable[tuple[int, int, bool]], taken: list[tuple[int, int]], names: Names
) -> list[Guess]:
    """Names in an article: `sentences` are (start, end, is_heading) spans, `taken` the places of names already known, sorted."""
    lexicon = _lexicon()
    covered = {s for a, b in taken for s in range(a, b)}
    ends = dict(taken)
    sequences = [_without_known_front(s, words, ends) for s in _all_sequences(words, sentences, lexicon)]
    guesses: list[Guess] = []
    unsure: list[Sequence] = []
    for sequence in sequences:
        guess = _classify(text, words, sequence, covered, names, lexicon)
        if guess:
            guesses.append(guess)
        else:
            unsure.append(sequence)
    spans = [(words[s.first][1], words[s.last - 1][2]) for s in unsure]
    return sorted([*guesses, *_repeated(text, [span for span in spans if span[0] not in covered], guesses, lexicon)])


def _all_sequences(words: list[Word], sentences: Iterable[tuple[int, int, bool]], lexicon: Lexicon) -> Iterator[Sequence]:
    """The sequences of all sentences in which capitals say something."""
    i = 0
    for start, end, is_heading in sentences:
        while i < len(words) and words[i][1] < start:
            i += 1
        first = i
        while i < len(words) and words[i][1] < end:
            i += 1
        if not _is_shouted(words[first:i], is_heading):
            yield from _sequences(words, first, i, lexicon)


def _repeated(text: str, spans: list[tuple[int, int]], guesses: list[Guess], lexicon: Lexicon) -> Iterator[Guess]:
    """Names that are read as elsewhere in the article: a surname, or another name in full."""
    people = {word for g in guesses if g.label == "PERSON" for word in _last_words(text[g.start : g.end], lexicon)}
    others = {text[g.start : g.end]: g.label for g in guesses if g.label != "PERSON"}
    for start, end in spans:
        surface = text[start:end]
        if surface in people:
            yield Guess(start, end, "PERSON", 0.8)
        elif surface in others:
            yield Guess(start, end, others[surface], 0.6)


def _without_known_front(sequence: Sequence, words: list[Word], ends: dict[int, int]) -> Sequence:
    """A sequence without a known name at its front that is a name by itself: "Guardian" before "Joanna Lillis"."""
    end = ends.get(words[sequence.first][1])
    rest = [k for k in range(sequence.first, sequence.last) if end is not None and words[k][1] >= end]
    if len(rest) < 2 or not words[rest[0]][0][0].isupper():
        return sequence
    return Sequence(rest[0], sequence.last, False, True)


def _is_shouted(words: list[Word], is_heading: bool) -> bool:
    """Whether capitals say nothing here: a headline with most words capitalised, or a text in capitals."""
    letters = [w for w, _, _ in words if w[0].isalpha() and len(w) > 3]
    shouted = sum(w[0].isupper() if is_heading else w.isupper() for w in letters)
    return len(letters) > 2 and shouted > (0.6 if is_heading else 0.8) * len(letters)


def _sequences(words: list[Word], first: int, last: int, lexicon: Lexicon) -> list[Sequence]:
    """Sequences of capitalised words of one sentence, cut at titles and function words."""
    out: list[Sequence] = []
    i, titled, fresh = first, False, True
    while i < last:
        word = words[i][0]
        if not word[0].isupper():
            if word[0].isalnum():
                titled = fresh = False
            i += 1
            continue
        after_title = _title_end(words, i, last, lexicon)
        if after_title:
            i, titled = after_title, True
            continue
        if word in lexicon.function_words or (fresh and word.lower() in lexicon.function_words):
            i, titled, fresh = i + 1, False, False
            continue
        j = _sequence_end(words, i, last, lexicon)
        out.append(Sequence(i, j, fresh, titled))
        i, titled, fresh = j, False, False
    return out


def _title_end(words: list[Word], i: int, last: int, lexicon: Lexicon) -> int | None:
    """Where the title at `i` ends, its full stop included; None if there is none or no capitalised word follows it."""
    node, end = lexicon.titles, None
    while i < last and words[i][0] in node:
        node = node[words[i][0]]
        i += 1
        if "" in node:
            end = i + 1 if i < last and words[i][0] == "." and words[i][1] == words[i - 1][2] else i
    return end if end is not None and end < last and words[end][0][0].isupper() else None


def _sequence_end(words: list[Word], i: int, last: int, lexicon: Lexicon) -> int:
    """Where the sequence of capitalised words that begins at `i` ends."""
    j, is_body = i + 1, words[i][0] in lexicon.heads["org"]
    while j < last:
        word = words[j][0]
        if word[0].isupper():
            if _begins_another(words, j, last, is_body, lexicon):
                return j
            is_body |= word in lexicon.heads["org"]
            j += 1
            continue
        behind = _past_link(words, i, j, last, is_body, lexicon)
        if behind is None:
            return j
        j = behind
    return j


def _begins_another(words: list[Word], j: int, last: int, is_body: bool, lexicon: Lexicon) -> bool:
    """Whether a capitalised word belongs to no name before it: a function word, or one that begins a title."""
    word, start, _ = words[j]
    if word in lexicon.function_words:
        return True
    apart = start != words[j - 1][2] and (not is_body or word in lexicon.posts)
    return apart and _title_end(words, j, last, lexicon) is not None


def _past_link(words: list[Word], i: int, j: int, last: int, is_body: bool, lexicon: Lexicon) -> int | None:
    """Where a name goes on behind a mark, particles or a preposition at `j`; None where it ends there."""
    if _joins(words, j, last):
        return j + 2
    if words[j][1] == words[j - 1][2]:
        return None
    return _particles_end(words, j, last, lexicon) or (_preposition_end(words, i, j, last, lexicon) if is_body else None)


def _joins(words: list[Word], j: int, last: int) -> bool:
    """Whether a mark holds two words of a name together: "Al-Masri", "O'Brien", "J. Lee", "Brandt & Sons"."""
    if j + 1 >= last:
        return False
    (word, start, end), (following, next_start, _) = words[j], words[j + 1]
    capital, touches = following[0].isupper(), start == words[j - 1][2]
    glued = touches and next_start == end
    if word == "'":
        return glued and following not in ("s", "S") and (capital or len(following) > 2)
    initial = word == "." and touches and len(words[j - 1][0]) == 1
    return capital and (initial or word == "&" or (word in "-–" and glued))


def _preposition_end(words: list[Word], i: int, j: int, last: int, lexicon: Lexicon) -> int | None:
    """Where a body's name goes on behind a preposition at `j`, "Ministry of the Interior", the capitalised word included."""
    if words[j][0] not in lexicon.links["body"]:
        return None
    k = j + 1
    while k < min(last, j + 3) and words[k][0] in lexicon.links["further"]:
        k += 1
    if k >= last or not words[k][0][0].isupper():
        return None
    ends = words[j][0] in lexicon.links["doubtful"] and not _continues(words, i, j, k, last, lexicon)
    return None if ends else k + 1


def _particles_end(words: list[Word], j: int, last: int, lexicon: Lexicon) -> int | None:
    """Where the name goes on behind particles at `j` ("von der Leyen", "al-Bashir"), the capitalised word included."""
    k = j
    while k < last and (words[k][0] in lexicon.particles or (k > j and words[k][0] == "-" and words[k][1] == words[k - 1][2])):
        k += 1
    return k + 1 if j < k < last and words[k][0][0].isupper() else None


def _continues(words: list[Word], i: int, j: int, k: int, last: int, lexicon: Lexicon) -> bool:
    """Whether "and" goes on with a body's name ("Ministry of Health and Welfare") rather than begins another."""
    inside = {w for w, _, _ in words[i:j]}
    return words[j][0] == "and" and bool(inside & lexicon.links["evidence"]) and words[k][0] not in lexicon.heads["org"]


def _classify(text: str, words: list[Word], sequence: Sequence, covered: set[int], names: Names, lexicon: Lexicon) -> Guess | None:
    parts = [w for w, _, _ in words[sequence.first : sequence.last] if w[0].isalpha()]
    if all(w in lexicon.title_words for w in parts):
        return None  # "the Prime Minister"
    start, end = words[sequence.first][1], words[sequence.last - 1][2]
    head, several, is_known = parts[-1], len(parts) > 1, start in covered
    kind = _kind_of(parts, lexicon) if several else None
    if kind:
        return Guess(start, end, kind.upper(), 0.8)
    if not several and sequence.at_start and not sequence.titled and head.lower() in lexicon.function_words:
        return None
    if not several and _is_acronym(head):
        is_body = not is_known and head not in lexicon.no_org and len(head) <= _LONGEST_ACRONYM
        return Guess(start, end, "ORG", 0.6) if is_body else None
    follows = next((w for w, _, _ in words[sequence.last : sequence.last + 2] if w[0].isalpha()), "")
    sure = _person_score(parts, sequence.titled, follows, is_known, names, lexicon)
    if sure:
        return Guess(start, end, "PERSON", sure)
    if several and not is_known and not sequence.at_start and _count_capitals(parts) <= 3:
        before = words[sequence.first - 1][0].lower() if sequence.first else ""
        return Guess(start, end, "ORG" if before == "the" else "PERSON", 0.5)
    return None


def _kind_of(parts: list[str], lexicon: Lexicon) -> str | None:
    """The kind of name that a word in it tells: of a body anywhere, of others at the end."""
    if any(w in lexicon.heads["org"] for w in parts):
        return "org"
    return next((kind for kind in ("fac", "event", "law", "loc", "gpe") if parts[-1] in lexicon.heads[kind]), None)


def _is_acronym(word: str) -> bool:
    return word.isupper() and len(word) > 1 and not any(c.isdigit() for c in word)


def _count_capitals(parts: list[str]) -> int:
    return sum(w[0].isupper() for w in parts)


def _person_score(parts: list[str], titled: bool, follows: str, is_known: bool, names: Names, lexicon: Lexicon) -> float | None:
    """How sure a sequence is a person, by a first name, a title, an initial or a verb of saying; `is_known`: as another name."""
    several, given = len(parts) > 1, parts[0] in names.first_names
    if not is_known:
        if several and (given or titled or any(len(w) == 1 for w in parts[1:-1])):
            return 0.9
        if titled and parts[-1] not in lexicon.heads["org"]:
            return 0.8
    if several and given and _count_capitals(parts) <= 4:
        return 0.8
    return 0.7 if not is_known and follows in lexicon.says and _count_capitals(parts) <= 3 else None


def _last_words(name: str, lexicon: Lexicon) -> set[str]:
    """The words of a person's name that may stand for all of it."""
    parts = name.split()
    tails = {" ".join(parts[k:]) for k in range(1, len(parts))} or set(parts)
    return {t for t in tails | ({parts[0]} if len(parts) > 1 else set()) if t and (t[0].isupper() or t.split()[0] in lexicon.particles)}
