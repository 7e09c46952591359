"""One article, one reading: a name that is sure in one place helps where it stands again.

A window sees a few sentences; the article as a whole often says more. A surname alone is a person's if a full name with it stands
elsewhere; a name gets one label throughout unless the scores are close; a name that was missed in one place is added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from qantar.model.readings import Name

MARGIN = 1.2
"""A label replaces another one of the same name when its scores in the article add up to this many times the other's."""
SPREAD = frozenset({"PERSON", "ORG"})
"""Labels of names that are added where they were missed; adding places and peoples costs more than it brings."""
ADDED = 0.5
"""Score of a name that was added."""


def settle(names: Sequence[Name], words: Sequence[str]) -> list[Name]:
    """The names of one article, made consistent, in order. Their places are kept; labels may change and names may be added."""
    votes: dict[tuple[str, ...], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for name in names:
        votes[tuple(words[name.start : name.end])][name.label] += name.score
    surnames = {key[-1] for key, labels in votes.items() if len(key) > 1 and _best(labels) == "PERSON" and key[-1][:1].isupper()}
    settled: list[Name] = []
    covered: set[int] = set()
    for name in names:
        key = tuple(words[name.start : name.end])
        labels = votes[key]
        best = _best(labels)
        if labels[best] < MARGIN * labels[name.label]:
            best = name.label
        if len(key) == 1 and key[0] in surnames and labels["PERSON"] >= max(labels.values()) / MARGIN:
            best = "PERSON"
        settled.append(name._replace(label=best))
        covered.update(range(name.start, name.end))
    return sorted([*settled, *_missed(settled, words, covered, surnames)])


def _best(labels: dict[str, float]) -> str:
    return max(sorted(labels), key=lambda label: labels[label])


def _missed(names: list[Name], words: Sequence[str], covered: set[int], surnames: set[str]) -> list[Name]:
    """Names found elsewhere in the article that stand among words without a name."""
    known = _known(names, words, surnames)
    first = defaultdict(list)
    for key in known:
        first[key[0]].append(key)
    found: list[Name] = []
    free = 0
    for i, word in enumerate(words):
        if word not in first or i < free:
            continue
        keys = sorted((k for k in first[word] if tuple(words[i : i + len(k)]) == k), key=len)
        if keys and covered.isdisjoint(range(i, i + len(keys[-1]))):
            free = i + len(keys[-1])
            found.append(Name(i, free, known[keys[-1]], ADDED))
    return found


def _known(names: list[Name], words: Sequence[str], surnames: set[str]) -> dict[tuple[str, ...], str]:
    """The labels of surnames, and of names that are sure, by their words."""
    known: dict[tuple[str, ...], str] = {(surname,): "PERSON" for surname in sorted(surnames) if len(surname) > 2}
    for name in names:
        key = tuple(words[name.start : name.end])
        if name.label in SPREAD and (len(key) > 1 or key[0][:1].isupper()) and name.score > 0.6:
            known.setdefault(key, name.label)
    return known
