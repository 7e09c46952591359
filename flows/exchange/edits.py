"""The differences between an article of a build and what a person made of it, as corrections."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple, TypeVar

from qantar.corrections.corrected_mentions import correct_mentions
from qantar.corrections.corrected_quotes import correct_quotes
from qantar.corrections.corrections_file import make_fix
from qantar.corrections.fixes import Fix
from qantar.corrections.row_anchors import anchor_of
from qantar.exchange.build_documents import BuildDocument
from qantar.exchange.marked_text import BODY, Edited, Name, Passage, Refused, Said, Span, joined, meaning_of, parts_of, trimmed
from qantar.schema import Block, Mention, Quote
from qantar.settings import QantarError
from qantar.stages.blocks import KEPT

_NO_ENTITY = ("DATE", "MONEY")
UNATTRIBUTED = "unattributed"


class Edit(NamedTuple):
    """One edit as a correction: table and key of its row (empty for an added one), and where in the file it was made."""

    fix: Fix
    table: str
    row_id: str
    where: str


@dataclass
class Signed:
    """Who edits, when and why: the last three cells of a line."""

    by: str = ""
    on: str = ""
    reason: str = ""


@dataclass
class Edits:
    """What was edited in an article, and what of it cannot be used."""

    found: list[Edit] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def find_edits(document: BuildDocument, edited: Edited, signed: Signed) -> Edits:
    """The corrections that make of a build's article what a person made of it; each is tried on its rows.

    Where anything of the article cannot be understood there are none: what was refused would pass for taken away.
    """
    if edited.text is not None and edited.text != document.text:
        why = f"the text differs from that of document {document.document_id} in this build; export it again"
        return Edits(refused=[*edited.refused, Refused(edited.where, why)])
    meaning, refused = meaning_of(edited.marks, edited.links, document.text, set(parts_of(document)))
    if refused := [*edited.refused, *refused]:
        why = (
            f"nothing was imported from document {document.document_id}: what could not be read would count as deleted; "
            "fix the lines above and import again"
        )
        return Edits(refused=[*refused, Refused(edited.where, why)])
    finder = _Finder(document, signed, Edits(refused=meaning.left_over))
    finder.names(meaning.names)
    finder.quotes(meaning.quotes)
    finder.passages(meaning.passages)
    return _tried(document, finder.edits)


class _Finder:
    """Collects the edits of one article."""

    def __init__(self, document: BuildDocument, signed: Signed, edits: Edits) -> None:
        self.document, self.text, self.signed, self.edits = document, document.text, signed, edits

    # --- names ---

    def names(self, after: Sequence[Name]) -> None:
        before = self.document.mentions
        pairs, gone, new = _matched(
            before,
            after,
            lambda m, n: _same(m.start, m.end, n.span) * 2 + (m.label == n.label),
            lambda m, n: _overlap([(m.start, m.end)], [n.span]),
        )
        for mention, name in pairs:
            if mention.label != name.label:
                self._change("mentions", mention, "label", name.label, name.where)
            if (mention.start, mention.end) != name.span:
                self._change("mentions", mention, "span", self._place(name.span), name.where)
            if name.entity and name.entity != mention.entity_id and name.label not in _NO_ENTITY:
                self._change("mentions", mention, "entity_id", name.entity, name.where)
        for mention in gone:
            self._change("mentions", mention, "delete", "", f"{self.document.document_id}: {mention.text[:40]!r} removed")
        for name in new:
            value = f"label={name.label}" + (f"; entity_id={name.entity}" if name.entity and name.label not in _NO_ENTITY else "")
            self._add("mentions", name.span, value, name.where)

    # --- quotes ---

    def quotes(self, after: Sequence[Said]) -> None:
        pieces = {q.quote_id: joined([(a, b) for a, b in q.segments], self.text) for q in self.document.quotes}
        pairs, gone, new = _matched(
            self.document.quotes,
            after,
            lambda q, s: 4 * (pieces[q.quote_id] == s.segments) + 2 * (q.kind == s.kind) + (_speaker(q) == s.speaker),
            lambda q, s: _overlap(pieces[q.quote_id], s.segments),
            least=4,
        )
        for quote, said in pairs:
            self._quote(quote, said, pieces[quote.quote_id])
        for quote in gone:
            self._change("quotes", quote, "delete", "", f"{self.document.document_id}: {quote.text[:40]!r} removed")
        for said in new:
            self._new_quote(said)

    def _quote(self, quote: Quote, said: Said, pieces: tuple[Span, ...]) -> None:
        if quote.kind != said.kind:
            self._change("quotes", quote, "kind", said.kind, said.where)
        if pieces != said.segments:
            self._change("quotes", quote, "segments", _places(said.segments), said.where)
        if said.kind == UNATTRIBUTED:
            if quote.kind == UNATTRIBUTED and (said.speaker or said.cue):
                self.edits.refused.append(Refused(said.where, "an unattributed quote has no speaker or cue; change its kind too"))
            return
        for name, before, now in (("speaker", _speaker(quote), said.speaker), ("cue", _cue(quote), said.cue)):
            if before != now:
                self._change("quotes", quote, name, self._place(now) if now else "", said.where)
        if said.entity and said.entity != quote.speaker_entity_id:
            self._entity(quote, said)

    def _entity(self, quote: Quote, said: Said) -> None:
        if said.speaker is None:
            self.edits.refused.append(Refused(said.where, "a quote without a speaker has no entity; link its speaker too"))
        else:
            self._change("quotes", quote, "speaker_entity_id", said.entity, said.where)

    def _new_quote(self, said: Said) -> None:
        value = f"kind={said.kind}"
        if said.kind != UNATTRIBUTED:
            value += "".join(f"; {name}={span[0]}-{span[1]}" for name, span in (("speaker", said.speaker), ("cue", said.cue)) if span)
            value += f"; speaker_entity_id={said.entity}" if said.entity and said.speaker else ""
        whole = (said.segments[0][0], said.segments[-1][1])
        self._add("quotes", whole, value, said.where)
        if len(said.segments) > 1:
            cells = [self.document.document_id, "quotes", str(whole[0]), str(whole[1]), self.text[slice(*whole)]]
            self._line("quotes", "", [*cells, "segments", _places(said.segments)], said.where)

    # --- passages ---

    def passages(self, after: Sequence[Passage]) -> None:
        blocks = {
            trimmed(self.text, b.start, b.end): b
            for b in self.document.blocks
            if b.role in KEPT and b.start is not None and b.end is not None and self.text[b.start : b.end].strip()
        }
        marked = self._marked_blocks(after, blocks)
        for span, block in blocks.items():
            if span not in marked:
                passage: Passage | None = Passage(span, BODY, f"{self.document.document_id}: role of {block.text[:40]!r} removed")
            else:
                passage = marked[span]
            if passage is not None and passage.role != block.role:
                self._change("blocks", block, "role", passage.role, passage.where)

    def _marked_blocks(self, after: Sequence[Passage], blocks: Collection[Span]) -> dict[Span, Passage | None]:
        """The passage marked on each block; None where one marks only a part of it, which says nothing of its role."""
        marked: dict[Span, Passage | None] = {}
        for passage in after:
            if passage.span not in blocks:
                words = self.text[slice(*passage.span)][:40]
                self.edits.refused.append(Refused(passage.where, f"{words!r} is not a whole paragraph; only whole paragraphs have roles"))
                touched = [span for span in blocks if _overlap([span], [passage.span])]
                marked |= {span: None for span in touched if span not in marked}
            elif marked.get(passage.span) is not None:
                self.edits.refused.append(Refused(passage.where, "a paragraph has two roles; keep one"))
            else:
                marked[passage.span] = passage
        return marked

    # --- lines ---

    def _place(self, span: Span) -> str:
        return f"{span[0]}-{span[1]} {self.text[slice(*span)]}"

    def _change(self, table: str, row: Mention | Quote | Block, name: str, value: str, where: str) -> None:
        key = str(getattr(row, {"mentions": "mention_id", "quotes": "quote_id", "blocks": "block_id"}[table]))
        self._line(table, key, [*anchor_of(table, asdict(row), name), name, value], where)

    def _add(self, table: str, span: Span, value: str, where: str) -> None:
        cells = [self.document.document_id, table, str(span[0]), str(span[1]), self.text[slice(*span)], "add", value]
        self._line(table, "", cells, where)

    def _line(self, table: str, key: str, cells: Sequence[str], where: str) -> None:
        try:
            fix = make_fix([*cells, self.signed.by, self.signed.on, self.signed.reason])
        except QantarError as error:
            self.edits.refused.append(Refused(where, str(error)))
        else:
            self.edits.found.append(Edit(fix, table, key, where))


def _tried(document: BuildDocument, edits: Edits) -> Edits:
    """The edits but for those that the rows do not allow."""
    fixes = [edit.fix for edit in edits.found]
    named, quoted = ([fix for fix in fixes if fix.table == table] for table in ("mentions", "quotes"))
    mentions, told = correct_mentions(document.mentions, document.document, document.sentences, named)
    _, more = correct_quotes(document.quotes, document.document, document.blocks, document.sentences, mentions, quoted)
    outcomes = {outcome.id: outcome for outcome in (*told, *more)}
    kept = Edits(refused=list(edits.refused))
    for edit in edits.found:
        outcome = outcomes.get(edit.fix.id)
        if outcome is not None and outcome.status in ("conflict", "stale"):
            kept.refused.append(Refused(edit.where, f"{edit.fix.field} of {edit.fix.text[:40]!r}: {outcome.detail}"))
        else:
            kept.found.append(edit)
    return kept


# --- which row became which mark ---------------------------------------------------------------------------------------

Before = TypeVar("Before")
After = TypeVar("After")


def _matched(
    before: Sequence[Before], after: Sequence[After], alike: Any, overlap: Any, least: int = 2
) -> tuple[list[tuple[Before, After]], list[Before], list[After]]:
    """Rows and marks that are the same thing: first those in the same place (`alike` gives `least`), then those that overlap most."""
    pairs: list[tuple[int, int]] = []
    left, right = set(range(len(before))), set(range(len(after)))
    for score, enough in ((alike, least), (overlap, 1)):
        scored = ((score(before[i], after[j]), i, j) for i in left for j in right)
        for _, i, j in sorted((s for s in scored if s[0] >= enough), key=lambda s: (-s[0], s[1], s[2])):
            if i in left and j in right:
                left.remove(i)
                right.remove(j)
                pairs.append((i, j))
    return [(before[i], after[j]) for i, j in sorted(pairs)], [before[i] for i in sorted(left)], [after[j] for j in sorted(right)]


def _same(start: int, end: int, span: Span) -> bool:
    return (start, end) == span


def _overlap(one: Iterable[Span], other: Iterable[Span]) -> int:
    """The characters that two lists of spans have in common."""
    others = list(other)
    return sum(max(0, min(b, d) - max(a, c)) for a, b in one for c, d in others)


def _speaker(quote: Quote) -> Span | None:
    return None if quote.speaker_start is None or quote.speaker_end is None else (quote.speaker_start, quote.speaker_end)


def _cue(quote: Quote) -> Span | None:
    return None if quote.cue_start is None or quote.cue_end is None else (quote.cue_start, quote.cue_end)


def _places(spans: Iterable[Span]) -> str:
    return ", ".join(f"{start}-{end}" for start, end in spans)
