"""Corrections of what is known of an article, and of the roles of its passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from qantar.corrections.applying import Corrector
from qantar.corrections.fixes import Fix, Had, Move, Outcome, Problem, is_same, lost, of_tables, plain_space
from qantar.schema import CORRECTION, Article, Block, Document, Rejected, Role
from qantar.stages.blocks import Cleaned, with_roles
from qantar.stages.blocks.block_rules import BlockRule

COMPLETE = "complete"
"""A mark, no change: somebody has looked through the article, and what is left is right."""


class CorrectedArticle(NamedTuple):
    """An article cleaned as people corrected it."""

    cleaned: Cleaned
    told: list[Outcome]
    moves: list[Move]
    """Passages that stand elsewhere in the text for it."""
    had: list[Had]
    """What role the passages had that have another now."""


def correct_article(first: Cleaned, article: Article, fixes: Sequence[Fix]) -> CorrectedArticle:
    """An article, cleaned first without them, with the roles and the particulars that people gave; `fixes` are those of this article."""
    cleaned, told = _with_roles(first, article, of_tables(fixes, "blocks"))
    document, more = correct_document(cleaned.document, of_tables(fixes, "documents"))
    moves = [
        (before.start, before.end, after.start)
        for before, after in zip(first.blocks, cleaned.blocks, strict=True)
        if before.start is not None and before.end is not None and after.start is not None and after.start != before.start
    ]
    had = [
        (before.position, before.role, before.rule)
        for before, after in zip(first.blocks, cleaned.blocks, strict=True)
        if before.role != after.role
    ]
    return CorrectedArticle(cleaned._replace(document=document), told + more, moves, had)


def _with_roles(cleaned: Cleaned, article: Article, fixes: list[Fix]) -> tuple[Cleaned, list[Outcome]]:
    """The roles first found are corrected; what was said of passages as a correction left them is looked for there."""
    roles, told = dict[int, Role](), dict[str, Outcome]()
    while fixes:
        corrector = Corrector[Block](key=lambda block: block.block_id, find=_find_block, change=_change_role)
        blocks, outcomes, rest = corrector.apply(cleaned.blocks, fixes)
        chosen: dict[int, Role] = roles | {b.position: b.role for b in blocks if b.rule == CORRECTION}
        if len(rest) == len(fixes):
            break
        fixes, told = rest, told | {o.id: o for o in outcomes}
        if chosen == roles:
            continue
        again = with_roles(article, cleaned.blocks, chosen)
        if isinstance(again, Rejected):
            detail = "nothing of the article would be left"
            told |= {o.id: o._replace(status="conflict", detail=detail) for o in outcomes if o.status == "applied"}
            break
        cleaned, roles = again, chosen
    return cleaned, [*told.values(), *(lost(fix, cleaned.document.text) for fix in fixes if fix.id not in told)]


def _find_block(fix: Fix, blocks: Sequence[Block]) -> int | None:
    same = [at for at, block in enumerate(blocks) if is_same(block.text, fix.text)]
    exact = [at for at in same if (blocks[at].start, blocks[at].end) == (fix.start, fix.end) and fix.start is not None]
    return exact[0] if exact else same[0] if len(same) == 1 else None


def _change_role(fix: Fix, block: Block) -> Block | Problem:
    if block.rule == BlockRule.INVISIBLE:
        return Problem("nobody sees these characters; they stay out of the text")
    role: Any = fix.value
    return block if block.role == role else replace(block, role=role, rule=CORRECTION)


def correct_document(document: Document, fixes: Sequence[Fix]) -> tuple[Document, list[Outcome]]:
    """What is known of an article, as people gave it."""
    corrector = Corrector[Document](key=lambda row: row.document_id, find=_find_value, change=_change_document)
    (document,), told, rest = corrector.apply([document], [fix for fix in fixes if fix.field != COMPLETE])
    told += [fix.told("applied", row_id=document.document_id) for fix in fixes if fix.field == COMPLETE]
    for fix in rest:
        stands = plain_space(str(getattr(document, fix.field) or ""))
        told.append(fix.told("stale", f"{fix.field} is {stands[:200]!r} now", document.document_id))
    return document, told


def _find_value(fix: Fix, documents: Sequence[Document]) -> int | None:
    """The document, if its field has the value that is to be corrected, or the right one already."""
    stands = str(getattr(documents[0], fix.field) or "")
    return 0 if is_same(stands, fix.text) or stands == fix.value else None


def _change_document(fix: Fix, document: Document) -> Document | Problem:
    if str(getattr(document, fix.field) or "") == fix.value:
        return document
    if fix.field == "published_on":
        day = date.fromisoformat(fix.value) if fix.value else None
        return replace(document, published_on=day, published_basis=CORRECTION if day else None)
    if fix.field == "language":
        return replace(document, language=fix.value, language_score=1.0)
    values: dict[str, Any] = {fix.field: fix.value or None}
    return replace(document, **values)
