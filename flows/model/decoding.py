"""From scores to annotations: the best legal tag sequence, the best tree, and lemmas from rules."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

OUTSIDE = "O"

POWER_OF_TWO = (0.00133908633, 0.00967603177, 0.0555035695, 0.240221068, 0.693147182, 1.00000012)
"""Coefficients of 2^t for t in -0.5 to 0.5, the highest power first; `training/polynomials.py` fits them."""


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
            goes_on = before[0] in "BI" and after[0] in "IE" and before[2:] == after[2:]
            if goes_on or (last[i] and first[j]):
                steps[i, j] = 0.0
    return steps, first, last


def best_tags(scores: Scores, tags: tuple[str, ...], sentences: Sequence[int] = (0,)) -> list[int]:
    """The legal sequence of tags with the highest sum of scores (words × tags), for each of the sentences that begin at these words."""
    steps, first, last = _legal(tags)
    if not len(scores):
        return []
    path = scores.argmax(1)  # the best tag of each word: where that is legal, nothing legal can score higher
    begins = np.zeros(len(path) + 1, dtype=np.bool_)
    begins[[*sentences, len(path)]] = True
    broken = np.isinf(steps[path[:-1], path[1:]]) & ~begins[1:-1]
    wrong = (begins[:-1] & ~first[path]) | (begins[1:] & ~last[path])
    wrong[1:] |= broken
    for i in np.flatnonzero(np.logical_or.reduceat(wrong, sentences)).tolist():
        a, b = sentences[i], sentences[i + 1] if i + 1 < len(sentences) else len(path)
        path[a:b] = _best_path(scores[a:b], steps, first, last)
    found: list[int] = path.tolist()
    return found


def _best_path(scores: Scores, steps: Scores, first: NDArray[np.bool_], last: NDArray[np.bool_]) -> list[int]:
    """The best legal tags of one sentence by Viterbi's algorithm."""
    n = len(scores)
    back = np.zeros(scores.shape, dtype=np.int64)
    total = np.where(first, scores[0], -np.inf)
    into, all_tags = np.ascontiguousarray(steps.T), np.arange(len(steps))
    for i in range(1, n):
        reach = into + total
        back[i] = reach.argmax(1)
        total = reach[all_tags, back[i]] + scores[i]
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


def best_trees(scores: Scores, starts: Sequence[int]) -> NDArray[np.int64]:
    """The head of each word from the first of `starts`, the rows where sentences begin; 0 is the root, which row 0 stands for.

    `scores` is words × words, dependants × heads. Heads lie in the sentence of a word, whose tree is that of `best_tree`.
    """
    first, n = starts[0], len(scores)
    begins = np.zeros(n, np.int64)
    begins[starts] = 1
    sentence = np.cumsum(begins)
    may_be = sentence[first:, None] == sentence
    may_be[:, 0] = True
    may_be[np.arange(n - first), np.arange(first, n)] = False
    heads = np.zeros(n, np.int64)
    heads[first:] = np.where(may_be, scores[first:], -np.inf).argmax(1)
    above = heads
    for _ in range(n.bit_length()):  # each step doubles the way: who is not at the root then goes round
        above = above[above]
    roots = np.add.reduceat(heads == 0, starts)
    broken = (roots != 1) | np.logical_or.reduceat(above > 0, starts)
    for i in np.flatnonzero(broken).tolist():
        a, b = starts[i], starts[i + 1] if i + 1 < len(starts) else n
        tree = best_tree(np.concatenate((scores[a:b, :1], scores[a:b, a:b]), axis=1))
        heads[a:b] = [head and a + head - 1 for head in tree]
    return heads[first:]


MOST_ROOTS = 8
"""Roots tried for one sentence. In 29,546 words of news none needed more than 3; a window full of brackets would try each word."""


def best_tree(scores: Scores) -> list[int]:
    """The head of each word of one sentence: the tree with one root whose arcs score highest.

    `scores` is words × (1 + words): a dependant's score for the root, then for each word as its head. In the result 0 is the
    root and `i + 1` word `i`. The best head of each word is taken where that is a tree; else the algorithm of Chu and Liu and of
    Edmonds finds the best tree of one root after another, until no other root could have a better one, or MOST_ROOTS were tried.
    """
    n = len(scores)
    table = np.full((n + 1, n + 1), -np.inf)
    table[1:] = scores
    np.fill_diagonal(table, -np.inf)
    heads: list[int] = table.argmax(1).tolist()  # of the root itself, row 0: 0
    if heads.count(0) == 2 and _cycle(heads) is None:
        return heads[1:]
    others = table[1:, 1:].max(1)
    bounds = table[1:, 0] + (
        fsum(others.tolist()) - others
    )  # a root and the best head of every other word: no tree of that root scores higher
    best, highest = heads, -np.inf
    for tried, root in enumerate((-bounds).argsort(kind="stable") + 1):
        if bounds[root - 1] <= highest or tried == MOST_ROOTS:
            break
        rooted = table.copy()
        rooted[:, 0] = rooted[root] = -np.inf
        rooted[root, 0] = table[root, 0]
        tree = _edmonds(rooted)
        total = fsum(rooted[range(1, n + 1), tree[1:]].tolist())
        if total > highest:
            best, highest = tree, total
    return best[1:]


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
    heads: list[int] = [0, *table[1:].argmax(1).tolist()]
    cycle = _cycle(heads)
    if cycle is None:
        return heads
    inside = set(cycle)
    rest = [node for node in range(len(table)) if node not in inside]
    new = len(rest)
    small = np.full((new + 1, new + 1), -np.inf)
    small[:new, :new] = table[rest][:, rest]
    kept = np.array([table[node, heads[node]] for node in cycle])
    entering = table[cycle][:, rest] - kept[:, None]  # what it costs to enter the cycle at each of its nodes
    enter = entering.argmax(0)
    small[new, :new] = entering.max(0)
    leaving = table[rest][:, cycle]
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


def probability(scores: Scores, choice: Any) -> NDArray[np.float64]:
    """Softmax probability of one label of each row, to about 6 decimals, with the same bits on every machine."""
    weights = exponential(scores - scores.max(1, keepdims=True))
    picked: NDArray[np.float64] = weights[np.arange(len(scores)), choice] / weights.sum(1)
    return picked


def exponential(x: Scores) -> NDArray[np.int64]:
    """e^x for x ≤ 0 in units of 2^-24. numpy's own differs in its last bits from processor to processor."""
    return np.rint(power(x * np.float32(1.442695), 24)).astype(np.int64)


def power(t: Scores, places: int) -> Scores:
    """2^t for t ≤ 0 in units of 2^-places, within 3 ten-millionths: a polynomial, each operation a single one of IEEE 754."""
    t = np.maximum(t, np.float32(-30))
    whole = np.rint(t)
    part, p = t - whole, np.full_like(t, POWER_OF_TWO[0])
    for coefficient in POWER_OF_TWO[1:]:
        p = p * part + np.float32(coefficient)
    result: Scores = (p.view(np.int32) + ((whole.astype(np.int32) + places) << 23)).view(np.float32)
    return result
