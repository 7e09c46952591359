"""A passage and its dependency tree: the words of a document by place, and the tokens of one passage among them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from qantar.stages.quotes.extents import Range
from qantar.stages.quotes.phrases import Phrase
from qantar.stages.quotes.tokens import Token, can_speak, classes

if TYPE_CHECKING:
    from spacy.tokens import Doc

_OTHER_SCHEMES = frozenset({"prep", "pobj", "dobj", "nsubjpass", "auxpass"})  # relations of trees in another scheme
NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET"})
_PRO_NOUNS = frozenset({"PROPN", "PRON", "NUM", "DET"})
_SHARED = frozenset({"conj", "xcomp", "advcl"})  # relations over which a verb has the subject of its head
_APART = frozenset({"acl:relcl", "appos", "parataxis", "punct", "acl", "advcl", "cc", "dep", "orphan", "list", "case"})
_DEPTH = 8  # heads that are followed: deeper ones are errors of the parser


class Tree:
    """The words of a document: where each starts, its head, relation, part of speech, and what depends on it."""

    def __init__(self, text: str, spans: Sequence[tuple[int, int]], heads: Sequence[int], relations: Sequence[str], pos: Sequence[str]):
        """`spans` are the words' places in the text, `heads` the number of each one's head: a root is its own."""
        self.spans, self.heads, self.relations, self.pos = spans, heads, relations, pos
        self.starts = [start for start, _ in spans]
        self.low = [text[start:end].lower() for start, end in spans]
        self.places = {start: i for i, start in enumerate(self.starts)}
        self.pos_at: dict[int, str] = dict(zip(self.starts, pos, strict=True))
        self.children: list[list[int]] = [[] for _ in spans]
        for i, head in enumerate(heads):
            if head != i and pos[i] != "SPACE":
                self.children[head].append(i)

    @classmethod
    def of(cls, doc: Doc | None, text: str) -> Tree | None:
        """The tree of a Doc of some text, or nothing where its pipeline has none with the relations of Universal Dependencies."""
        if doc is None or not doc.has_annotation("DEP"):
            return None
        # the columns of all tokens at once: a Token object for each takes as long as all that is done with it
        starts, lengths, steps, *labels = doc.to_array(["IDX", "LENGTH", "HEAD", "DEP", "POS"]).T.tolist()
        store = doc.vocab.strings
        strings = {number: store[number] for number in {label for column in labels for label in column}}
        relations, pos = ([strings[label] for label in column] for column in labels)
        if not _OTHER_SCHEMES.isdisjoint(relations):
            return None
        heads = [i + (step if step < 2**63 else step - 2**64) for i, step in enumerate(steps)]
        return cls(text, [(start, start + n) for start, n in zip(starts, lengths, strict=True)], heads, relations, pos)

    def at(self, place: int) -> int | None:
        """The word that starts at an offset."""
        return self.places.get(place)

    def below(self, i: int, without: Sequence[int] = ()) -> list[int]:
        """A word and all that depends on it, in order, but for some branches."""
        found, todo = set(without), [i]
        while todo:
            k = todo.pop()
            if k not in found:
                found.add(k)
                todo.extend(self.children[k])
        return sorted(found.difference(without))

    def child(self, i: int, *relations: str) -> int | None:
        """The first dependent of a word with one of some relations."""
        return next((c for c in self.children[i] if self.relations[c] in relations), None)

    def words(self, i: int, *relations: str) -> set[str]:
        """The dependents of a word with some relations, in lower case."""
        return {self.low[c] for c in self.children[i] if self.relations[c] in relations}

    def above(self, i: int) -> set[int]:
        """A word and its heads, up to the root."""
        chain = {i}
        while self.heads[i] not in chain:
            i = self.heads[i]
            chain.add(i)
        return chain

    def subject(self, i: int) -> int | None:
        """The subject of a verb: its own, that of the verb it shares one with, the noun it describes, or who publishes that.

        `a group that said`, `the group denied it, saying`, `with a man saying`, `the group released a statement saying`.
        """
        for _ in range(_DEPTH):
            subject = self.child(i, "nsubj", "nsubj:pass")
            relation, head = self.relations[i], self.heads[i]
            if relation == "acl:relcl" and (subject is None or self.low[subject] in classes().bare_relatives):
                return self.author(head)
            if subject is not None:
                return subject
            if relation == "acl":
                return self.author(head)
            if relation.split(":")[0] not in _SHARED:
                return None
            i = head
        return None

    def author(self, noun: int) -> int:
        """Who publishes a text, where that is told: the subject of the verb whose object the text is."""
        given = any(self.words(c, "case") & classes().givers for c in self.children[noun])  # `a letter from her`
        published = self.low[self.heads[noun]] in classes().voicing | classes().putting
        if self.low[noun] in classes().documents and published and not given:
            author = self.subject(self.heads[noun])
            return noun if author is None or self.relations[author] == "nsubj:pass" else author  # `they were sent a letter`
        return noun


class Parsed:
    """The tokens of one passage with their places in the tree."""

    def __init__(self, tokens: Sequence[Token], tree: Tree) -> None:
        self.tokens, self.tree = list(tokens), tree

    @cached_property
    def words(self) -> list[tuple[int, int]]:
        """The words of each token: the first, and the one behind the last."""
        starts = self.tree.starts
        return [(bisect_left(starts, token.start), bisect_left(starts, token.end)) for token in self.tokens]

    @cached_property
    def place(self) -> dict[int, int]:
        """The token of each word."""
        return {i: k for k, (a, b) in enumerate(self.words) for i in range(a, b)}

    def spoken(self, k: int) -> bool:
        """Whether a token is a word or a quotation, not a mark."""
        return self.tokens[k].is_word or self.tokens[k].quote >= 0

    def range(self, words: Sequence[int]) -> Range | None:
        """The tokens from the first to the last of some words, without marks at the end."""
        places = [self.place[i] for i in words if i in self.place]
        if not places:
            return None
        first, last = min(places), max(places)
        while last > first and not self.spoken(last):
            last -= 1
        return (first, last) if self.spoken(first) else None

    def phrase(self, noun: int | None) -> Phrase | None:
        """The noun phrase of a word, without clauses and appositions."""
        tree = self.tree
        if noun is None or noun not in self.place or self.tokens[self.place[noun]].quote >= 0 or tree.pos[noun] not in NOMINAL:
            return None
        apart = [c for c in tree.children[noun] if tree.relations[c] in _APART]
        inside = {self.place[i] for i in tree.below(noun, apart) if i in self.place}
        first = last = self.place[noun]
        while first - 1 in inside:
            first -= 1
        while last + 1 in inside:
            last += 1
        return Phrase(first, self._with_name(noun, last))

    def _with_name(self, noun: int, last: int) -> int:
        """The last token of a phrase with the name right behind it: `the lawyer Ann Lee`."""
        for child in self.tree.children[noun]:
            named = self.tree.relations[child] == "appos" and self.place.get(self.tree.below(child)[0]) == last + 1
            while named and last + 1 < len(self.tokens) and self.tokens[last + 1].is_capital:
                last += 1
        return last

    def roots(self, phrase: Phrase) -> list[int]:
        """The words of a phrase whose heads stand outside it."""
        a, b = self.words[phrase.first][0], self.words[phrase.last][1]
        return [i for i in range(a, b) if not a <= self.tree.heads[i] < b or self.tree.heads[i] == i]

    def can_speak(self, phrase: Phrase) -> bool:
        """Whether a phrase is a name, a pronoun or a noun for people, bodies or texts."""
        if phrase.first == phrase.last and self.tokens[phrase.first].low in classes().articles:
            return False
        pos, low = self.tree.pos, self.tree.low
        return any((pos[i] in _PRO_NOUNS and not self._counts_things(i)) or can_speak(low[i]) for i in self.roots(phrase))

    def _counts_things(self, i: int) -> bool:
        """Whether a number is of what cannot speak: `41 of the bridges`."""
        of = self.tree.child(i, "nmod") if self.tree.pos[i] == "NUM" else None
        return of is not None and self.tree.pos[of] == "NOUN" and not can_speak(self.tree.low[of])

    def top(self, k: int, last: int) -> int | None:
        """The head of the constituent that begins with a token: the first word above it whose head does not stand between it and `last`."""
        a, b = self.words[k]
        end = self.words[last][1]
        i = a
        for _ in range(_DEPTH):
            head = self.tree.heads[i]
            if head == i or not a <= head < end:
                return i if a < b else None
            i = head
        return None
