"""Corrections of which articles are copies of each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from qantar.corrections.fixes import Fix, Outcome, plain_space
from qantar.schema import CORRECTION, Duplicate, Template

_RUN = 3  # words in a row that two texts have in common


def _conflict(fix: Fix, pair: frozenset[str], said: set[str], roots: set[str]) -> str | None:
    """What else is said of a pair of articles, or of the one that is joined, and contradicts a line; None where nothing does."""
    if len(pair) == 1:
        return "an article is not a copy of itself"
    if len(said) > 1:
        return "another line says the opposite of these two articles"
    if fix.field == "joined" and len(roots) > 1:
        return f"another line joins it to another article: {', '.join(sorted(roots))}"
    return None


def correct_duplicates(rows: Sequence[Duplicate], fixes: Sequence[Fix], texts: Mapping[str, str]) -> tuple[list[Duplicate], list[Outcome]]:
    """The duplicates as people joined articles and told them apart.

    A line's `value` is the id of the other article. What is joined duplicates the other's canonical article, and so does what
    duplicated it. `texts` are those of the articles that are named, and of all in their groups (see `group_of`).
    """
    by_id = {row.document_id: row for row in rows}
    said: dict[frozenset[str], set[str]] = defaultdict(set)
    roots: dict[str, set[str]] = defaultdict(set)
    for fix in fixes:
        said[frozenset((fix.document, fix.value))].add(fix.field)
        if fix.field == "joined":
            roots[fix.document].add(_canonical(by_id, fix.value))
    told: list[Outcome] = []
    done: set[tuple[str, frozenset[str]]] = set()
    for fix in fixes:
        pair = frozenset((fix.document, fix.value))
        one, other = _canonical(by_id, fix.document), _canonical(by_id, fix.value)
        if conflict := _conflict(fix, pair, said[pair], roots[fix.document]):
            told.append(fix.told("conflict", conflict))
        elif (one == other) == (fix.field == "joined") or (fix.field, pair) in done:
            told.append(fix.told("already_right", row_id=fix.document if fix.document in by_id else None))
        elif fix.field == "joined":
            moved = [fix.document] if fix.document in by_id else [fix.document, *_followers(by_id, fix.document)]
            by_id |= {moving: _copy(moving, other, texts) for moving in moved}
            told.append(fix.told("applied", row_id=fix.document))
        else:
            apart = fix.document if fix.document in by_id else fix.value
            del by_id[apart]
            told.append(fix.told("applied", row_id=None))
        done.add((fix.field, pair))
    return [by_id[key] for key in sorted(by_id)], told


def group_of(rows: Sequence[Duplicate], fixes: Sequence[Fix]) -> set[str]:
    """The articles that corrections of duplicates name, with those of their groups: the ones whose texts are compared."""
    canonical = {row.document_id: row.canonical_id for row in rows}
    named = {i for fix in fixes for i in (fix.document, fix.value)}
    heads = {canonical.get(i, i) for i in named}
    return named | heads | {i for i, head in canonical.items() if head in heads}


def _canonical(by_id: Mapping[str, Duplicate], document: str) -> str:
    return by_id[document].canonical_id if document in by_id else document


def _followers(by_id: Mapping[str, Duplicate], document: str) -> list[str]:
    return [row.document_id for row in by_id.values() if row.canonical_id == document]


def _copy(document: str, canonical: str, texts: Mapping[str, str]) -> Duplicate:
    own, other = plain_space(texts[document]).lower(), plain_space(texts[canonical]).lower()
    same = own == other
    similarity = 1.0 if same else round(_shared(own.split(), other.split()), 4)
    return Duplicate(
        document_id=document,
        canonical_id=canonical,
        kind="exact" if same else "near",
        similarity=similarity,
        method=CORRECTION,
        margin=None,
    )


def _shared(words: Sequence[str], others: Sequence[str]) -> float:
    """The share of a text's words, three in a row, that another has."""
    own, other = ({tuple(text[i : i + _RUN]) for i in range(max(1, len(text) - _RUN + 1))} for text in (words, others))
    return len(own & other) / len(own)


def without_joined(templates: Sequence[Template], duplicates: Sequence[Duplicate]) -> list[Template]:
    """The templates of articles that are canonical, recounted: what a person joined fills in no frame of its own."""
    gone = {row.document_id for row in duplicates}
    left = [row for row in templates if not gone & {row.document_id, row.other_id}]
    lost = {row.frame_id: sum(r.frame_id == row.frame_id for r in templates) for row in templates}
    now = {row.frame_id: sum(r.frame_id == row.frame_id for r in left) for row in left}
    return [replace(row, n_documents=max(2, row.n_documents - lost[row.frame_id] + now[row.frame_id])) for row in left]
