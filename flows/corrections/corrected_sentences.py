"""Corrections of where sentences are cut."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from qantar.corrections.applying import Corrector
from qantar.corrections.fixes import Fix, Outcome, Problem, is_same, lost, read_span
from qantar.schema import Document, Sentence


def correct_sentences(
    sentences: Sequence[Sentence], document: Document, tokens: Sequence[int], fixes: Sequence[Fix]
) -> tuple[list[Sentence], list[Outcome]]:
    """The sentences of a document, cut where people said; `tokens` are where its tokens start.

    `split` cuts a sentence before the words or the place that its value gives; `join` joins it to the next one of its block.
    """
    cutter = _Cutter(document.text, sentences)
    corrector = Corrector[Sentence](key=_key, find=_find, change=cutter.cut)
    told: list[Outcome] = []
    pending = list(fixes)
    while pending:
        _, outcomes, rest = corrector.apply(cutter.sentences, pending)
        told += outcomes
        if len(rest) == len(pending):
            break
        pending = rest
        cutter.settle()
    numbered = _numbered(cutter.sentences, tokens)
    ids = {s.start: s.sentence_id for s in numbered}
    return numbered, [_with_row(o, ids) for o in told] + [lost(fix, document.text) for fix in pending]


class _Cutter:
    """The cuts of one document as they are corrected; sentences are cut again between rounds, so that all of one round see the same."""

    def __init__(self, text: str, sentences: Sequence[Sentence]) -> None:
        self.text, self.sentences = text, list(sentences)
        self.made: list[int] = []
        self.undone: set[int] = set()

    def cut(self, fix: Fix, sentence: Sentence) -> Sentence | Problem:
        """Note a cut; returns another row than it was given, as what is corrected is."""
        if sentence.is_heading:
            return Problem("a title or heading is one sentence; correct the block's role, or cut another")
        at = next((i for i, s in enumerate(self.sentences) if s.start == sentence.start), -1)
        if fix.field == "join":
            return self._join(sentence, self.sentences[at + 1] if at + 1 < len(self.sentences) else None)
        shift = fix.shift(sentence.start)
        place = read_span(self.text, fix.value, shift, sentence.start + 1)
        if isinstance(place, Problem):
            return place
        if place[0] == sentence.start or any(s.start == place[0] for s in self.sentences):
            return sentence
        if not sentence.start < place[0] < sentence.end:
            return Problem("these words are not in the sentence", "stale")
        if at in self.undone or sentence.end in self.undone:
            return Problem("another line joins it")
        self.made.append(place[0])
        return replace(sentence)

    def _join(self, sentence: Sentence, after: Sentence | None) -> Sentence | Problem:
        if after is None or after.block_id != sentence.block_id or after.is_heading:
            return Problem("no sentence follows it in its paragraph", "stale")
        if after.start in self.made:
            return Problem("another line cuts it")
        self.undone.add(after.start)
        return replace(sentence)

    def settle(self) -> None:
        """Cut the sentences again."""
        out: list[Sentence] = []
        for sentence in self.sentences:
            if sentence.start in self.undone and out:
                sentence = replace(out.pop(), end=sentence.end, raw_end=sentence.raw_end)
            starts = [sentence.start, *sorted(p for p in set(self.made) if sentence.start < p < sentence.end)]
            for start, end in zip(starts, [*starts[1:], sentence.end], strict=True):
                end = start + len(self.text[start:end].rstrip())
                shift = None if sentence.raw_start is None else sentence.raw_start - sentence.start
                raw = (None, None) if shift is None else (start + shift, end + shift)
                out.append(replace(sentence, start=start, end=end, raw_start=raw[0], raw_end=raw[1], text=self.text[start:end]))
        self.sentences, self.made, self.undone = out, [], set()


def _key(sentence: Sentence) -> str:
    return str(sentence.start)


def _find(fix: Fix, sentences: Sequence[Sentence]) -> int | None:
    same = [at for at, sentence in enumerate(sentences) if is_same(sentence.text, fix.text)]
    exact = [at for at in same if sentences[at].start == fix.start]
    return exact[0] if exact else same[0] if len(same) == 1 else None


def _numbered(sentences: Sequence[Sentence], tokens: Sequence[int]) -> list[Sentence]:
    return [
        replace(
            s,
            sentence_id=f"{s.document_id}-s{n}",
            position=n,
            n_tokens=bisect_left(tokens, s.end) - bisect_left(tokens, s.start),
        )
        for n, s in enumerate(sentences)
    ]


def _with_row(outcome: Outcome, ids: dict[int, str]) -> Outcome:
    """The outcome with the sentence's id: by its start, or, where it was joined to the one before, none."""
    return outcome._replace(row_id=ids.get(int(outcome.row_id)) if outcome.row_id else None)
