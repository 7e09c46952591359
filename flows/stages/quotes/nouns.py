"""Reports whose cue is a noun or an adjective, read from a tree: `her claim that …`, `fears of …`, `they are confident that …`."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from qantar.stages.quotes.extents import clause_end
from qantar.stages.quotes.grammar import Parsed, Tree
from qantar.stages.quotes.rules import Rule
from qantar.stages.quotes.tokens import classes
from qantar.stages.quotes.verbs import Report
from qantar.text.lexicon import read_table


class _Word(NamedTuple):
    lemma: str
    pos: str
    attitude: str
    complements: frozenset[str]


@cache
def cue_nouns() -> dict[str, _Word]:
    """The nouns and adjectives by their forms."""
    found: dict[str, _Word] = {}
    for row in read_table("cue_nouns.csv"):
        word = _Word(row["lemma"], row["pos"], row["attitude"], frozenset(row["complements"].split()))
        found |= {form: word for form in (row["lemma"], row["plural"]) if form}
    return found


def noun_reports(passage: Parsed) -> list[Report]:
    """The reports of one passage whose cue is no verb, each with a speaker."""
    tree = passage.tree
    found = []
    known = cue_nouns()
    for k, token in enumerate(passage.tokens):
        word = known.get(token.low)
        i = None if word is None else tree.at(token.start)
        if word is None or i is None:
            continue
        content, source = _content(passage, i, word), _source(passage, i)
        content = (content[0], min(content[1], clause_end(passage.tokens, content[0]))) if content else None
        speaker = passage.phrase(source)
        if content is None or source is None or speaker is None:
            continue
        if passage.can_speak(speaker) and tree.low[source] not in _nobody():
            qualifiers = tree.words(i, "det", "advmod")
            negated = "no" in qualifiers or bool(qualifiers & classes().negations)
            found.append(Report((k, k), word.lemma, word.attitude, Rule(word.pos.lower()), speaker, (content,), negated))
    return found


@cache
def _nobody() -> frozenset[str]:
    return classes().first_persons | classes().no_sharers


def _content(passage: Parsed, i: int, word: _Word) -> tuple[int, int] | None:
    tree = passage.tree
    for c in tree.children[i]:
        relation = tree.relations[c].split(":")[0]
        words = tree.below(c)
        lead = tree.low[words[0]]
        if relation in ("acl", "ccomp", "advcl", "xcomp") and lead in word.complements:
            return passage.range(words[1:] if lead == "that" else words)
        if relation == "ccomp" and word.pos == "ADJ":
            return passage.range(words)
        if lead in word.complements and (word.pos == "ADJ" or (_is_voiced(tree, i) and lead not in classes().clause_marks)):
            return passage.range(words[1:])
    return _behind_that(passage, i) if "that" in word.complements else None


def _behind_that(passage: Parsed, i: int) -> tuple[int, int] | None:
    """The clause with "that" right behind a noun, which the tree may give to a noun before it: `a check on her claim that …`"""
    tree = passage.tree
    if i + 1 == len(tree.low) or tree.low[i + 1] != "that":
        return None
    clause = tree.heads[i + 1]
    return passage.range([w for w in tree.below(clause) if w > i + 1]) if tree.relations[clause].startswith("acl") else None


def _is_voiced(tree: Tree, i: int) -> bool:
    """Whether a noun is the object of a verb that utters it: `voiced fears`, `made the claim`."""
    return tree.relations[i] == "obj" and tree.low[tree.heads[i]] in classes().voicing


def _source(passage: Parsed, i: int) -> int | None:
    tree = passage.tree
    if tree.pos[i] == "ADJ":
        return tree.child(i, "nsubj")
    owner = tree.child(i, "nmod:poss")
    if owner is not None:
        voiced = tree.pos[owner] == "PRON" and _is_voiced(tree, i)
        voice = tree.subject(tree.heads[i]) if voiced else None  # `Ann Lee repeated her claim that`
        return owner if voice is None else voice
    for c in tree.children[i]:
        if tree.low[tree.below(c)[0]] in classes().givers:
            return c
    return tree.child(tree.heads[i], "nsubj") if _is_voiced(tree, i) else None
