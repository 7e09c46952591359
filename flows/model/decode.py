"""From scores to annotations: the best legal tag sequence, the best tree, and lemmas from rules."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

OUTSIDE = "O"


def entity_tags(labels: Sequence[str]) -> list[str]:
    """The tags of entity labels: outside, and for each label the begin, inside and end of a name and a name of a single word.

    >>> entity_tags(["ORG"])
    ['O', 'B-ORG', 'I-ORG', 'E-ORG', 'S-ORG']
    """
    return [OUTSIDE, *(f"{place}-{label}" for label in labels for place in "BIES")]


def spans_to_tags(spans: Sequence[tuple[int, int, str]], n_words: int) -> list[str]:
    """Tags of words for names given as (first word, end word, label); a name that touches an earlier one is left out."""
    tags = [OUTSIDE] * n_words
    for start, end, label in spans:
        if any(tag != OUTSIDE for tag in tags[start:end]):
            continue
        tags[start:end] = [f"S-{label}"] if end - start == 1 else [f"B-{label}", *[f"I-{label}"] * (end - start - 2), f"E-{label}"]
    return tags


@cache
def _legal(tags: tuple[str, ...]) -> tuple[Scores, NDArray[np.bool_], NDArray[np.bool_]]:
    """Penalty of each step from a tag to a tag (0 or minus infinity), the tags a sentence may begin with and end with."""
    first = np.array([tag[0] in "OBS" for tag in tags])
    last = np.array([tag[0] in "OES" for tag in tags])
    steps = np.full((len(tags), len(tags)), -np.inf, dtype=np.float32)
    for i, before in enumerate(tags):
        for j, after in enumerate(tags):
            if (last[i] and first[j]) or (before[0] in "BI" and after[0] in "IE" and before[2:] == after[2:]):
                steps[i, j] = 0.0
    return steps, first, last


def best_tags(scores: Scores, tags: tuple[str, ...]) -> list[int]:
    """The legal sequence of tags with the highest sum of scores, for the words of one sentence (words × tags)."""
    steps, first, last = _legal(tags)
    n = len(scores)
    if n == 0:
        return []
    best = scores.argmax(1)
    if first[best[0]] and last[best[-1]] and not np.isinf(steps[best[:-1], best[1:]]).any():
        return [int(tag) for tag in best]  # the best tag of each word: nothing legal can score higher
    back = np.zeros((n, len(tags)), dtype=np.int64)
    total = np.where(first, scores[0], -np.inf)
    for i in range(1, n):
        reach = total[:, None] + steps
        back[i] = reach.argmax(0)
        total = reach.max(0) + scores[i]
    path = [int(np.where(last, total, -np.inf).argmax())]
    for i in range(n - 1, 0, -1):
        path.append(int(back[i, path[-1]]))
    return path[::-1]


def tags_to_spans(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Names of a legal tag sequence as (first word, end word, label)."""
    spans, start = [], 0
    for i, tag in enumerate(tags):
        if tag[0] in "BS":
            start = i
        if tag[0] in "ES":
            spans.append((start, i + 1, tag[2:]))
    return spans


def best_tree(scores: Scores) -> list[int]:
    """The head of each word of one sentence: the tree with one root whose arcs score highest.

    `scores` is words × (1 + words): a dependant's score for the root, then for each word as its head. In the result 0 is the
    root and `i + 1` word `i`. The best head of each word is taken where that is a tree; else the algorithm of Chu and Liu and of
    Edmonds finds it.
    """
    n = len(scores)
    table = np.full((n + 1, n + 1), -np.inf)
    table[1:] = scores
    np.fill_diagonal(table, -np.inf)
    heads = table[1:].argmax(1)
    if (heads == 0).sum() == 1 and _cycle([0, *heads.tolist()]) is None:
        return [int(head) for head in heads]
    table[1:, 0] -= (float(scores.max()) - float(scores.min()) + 1) * n  # as dear as need be for a second root never to pay
    return _edmonds(table)[1:]


def _cycle(heads: list[int]) -> list[int] | None:
    """Nodes of one cycle among the heads (node 0 is the root), or None."""
    colour = [0] * len(heads)
    for start in range(1, len(heads)):
        node, path = start, []
        while node and colour[node] == 0:
            colour[node] = start
            path.append(node)
            node = heads[node]
        if node and colour[node] == start and node in path:
            return path[path.index(node) :]
    return None


def _edmonds(table: NDArray[np.float64]) -> list[int]:
    """Heads of the best tree over nodes, node 0 the root (dependants × heads); contracts a cycle and expands it again."""
    heads = [0, *table[1:].argmax(1).tolist()]
    cycle = _cycle(heads)
    if cycle is None:
        return heads
    inside = set(cycle)
    rest = [node for node in range(len(table)) if node not in inside]
    new = len(rest)
    small = np.full((new + 1, new + 1), -np.inf)
    small[:new, :new] = table[np.ix_(rest, rest)]
    kept = np.array([table[node, heads[node]] for node in cycle])
    entering = table[np.ix_(cycle, rest)] - kept[:, None]  # what it costs to enter the cycle at each of its nodes
    enter = entering.argmax(0)
    small[new, :new] = entering.max(0)
    leaving = table[np.ix_(rest, cycle)]
    leave = leaving.argmax(1)
    small[:new, new] = leaving.max(1)
    small[0] = -np.inf
    tree = _edmonds(small)
    result = [0] * len(table)
    for i, node in enumerate(rest):
        if i:
            result[node] = cycle[leave[i]] if tree[i] == new else rest[tree[i]]
    for node in cycle:
        result[node] = heads[node]
    head = tree[new]
    result[cycle[enter[head]]] = rest[head]
    return result


def lemma_rule(form: str, lemma: str) -> str:
    """The rule that turns a form into its lemma: letter case kept or lowered, characters cut off the end, characters added.

    >>> lemma_rule("Said", "say"), lemma_rule("protests", "protest"), lemma_rule("Germans", "German")
    ('l2+y', 'l1+', 'k1+')
    """
    keep = lemma != lemma.lower()
    base = form if keep else form.lower()
    same = 0
    while same < min(len(base), len(lemma)) and base[same] == lemma[same]:
        same += 1
    return f"{'k' if keep else 'l'}{len(base) - same}+{lemma[same:]}"


def apply_lemma_rule(form: str, rule: str) -> str:
    """The lemma of a form by a rule; the form itself, in the rule's letter case, where it is too short for it.

    >>> apply_lemma_rule("Paid", "l2+y"), apply_lemma_rule("a", "l3+be")
    ('pay', 'a')
    """
    base = form if rule[0] == "k" else form.lower()
    cut, _, add = rule[1:].partition("+")
    n = int(cut)
    return base[: len(base) - n] + add if n < len(base) or (n == len(base) and add) else base


def probability(scores: Scores, choice: Any) -> NDArray[np.float32]:
    """Softmax probability of one label of each row."""
    weights = np.exp(scores - scores.max(1, keepdims=True))
    picked: NDArray[np.float32] = weights[np.arange(len(scores)), choice] / weights.sum(1)
    return picked
