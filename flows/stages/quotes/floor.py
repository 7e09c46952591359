"""Quotations that stand alone: whose words they are, by who has the floor.

A sentence that is nothing but a quotation goes on with the quotation before it, is announced by the sentence before, or belongs to
whom that sentence reports or shows. The floor is never given to a subject that cannot speak.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qantar.stages.quotes.adverbials import verdict_of
from qantar.stages.quotes.assembling import is_clause, is_sentence
from qantar.stages.quotes.drafts import Draft
from qantar.stages.quotes.extents import is_finite_cue
from qantar.stages.quotes.first_subjects import first_subject
from qantar.stages.quotes.phrases_before import phrase_before
from qantar.stages.quotes.rules import Rule
from qantar.stages.quotes.speaker_spans import MentionIndex, Speaker, span_of, speaks
from qantar.stages.quotes.tokens import Token, classes

_SAID_WORDS = 3  # a quotation that stands alone has more spaces than that, or speaks of itself
_TOLD = 3  # tokens of a verb and the colon behind it, with the last word of its subject
_REPLY = 4  # tokens at the end of a passage, of which one tells that somebody answers
_BLOCKS_BACK = 2  # paragraphs: how far back the last speaker may stand
_WORD = re.compile(r"[\w’']+")
_INNER_END = re.compile(r"\w[.?!]\s+[A-ZÀ-Ý]")
_BETWEEN = re.compile(r"[\s\"“”„«»‘’']*")


@dataclass
class Floor:
    """Who was announced, shown or reported before the passage that is read; filled passage by passage."""

    text: str
    index: MentionIndex
    reported: Draft | None = None
    """The last report or quotation with a speaker."""
    quoted: Draft | None = None
    """The last quotation with a speaker."""
    guessed: Draft | None = None
    """The quotation that is the passage before, where nobody is known to have said it."""
    _last: Draft | None = None
    _left: Sequence[Token] = ()
    _before: Sequence[Token] = ()
    """The passage before that."""
    _block: int = -1
    """The paragraph of the passage that was read last."""

    def take(self, tokens: Sequence[Token], made: Sequence[Draft], unit: int, block: int) -> list[Draft]:
        """The drafts of a passage, its quotations that stand alone given to their speakers; one that goes on is added to the one before."""
        alone = all(not t.is_word or t.low in classes().leads for t in tokens)
        out: list[Draft] = []
        for draft in made:
            draft.unit, draft.block = unit, block
            given = self._given(draft) if alone and draft.kind == "unattributed" else draft
            if given:
                out.append(given)
                self._note(given)
        self._block = block
        self._last = out[-1] if out and out[-1].rule == Rule.ALONE else None
        return out

    def _own(self, tokens: Sequence[Token]) -> None:
        """Give the quotation before a passage to whose verdict that says it is: `That is the verdict of Ann Lee.`"""
        if self.guessed is None:
            return  # most passages: to look for a verdict in each takes time
        source = verdict_of(list(tokens), 3) if len(tokens) > 3 else None
        if source is not None:
            self.guessed.rule, self.guessed.speaker = Rule.VERDICT, span_of(tokens, source, self.index)
            self._note(self.guessed)

    def leave(self, tokens: Sequence[Token]) -> None:
        """Note a passage, which may announce or show who speaks next, when it has been read."""
        self._own(tokens)
        self.guessed, self._last = self._last, None
        self._before, self._left = self._left, tokens

    def _look(self, tokens: Sequence[Token]) -> tuple[Speaker | None, Speaker | None]:
        """Whom a passage announces as the next who speaks, and whom it shows."""
        opens = tokens[-1].text in (":", ",")
        told = len(tokens) > _TOLD and opens and is_finite_cue(tokens[-2])
        subject = phrase_before(list(tokens), len(tokens) - _TOLD) if told else None  # `Ann Lee wrote it, and Tom Ray | answered:`
        subject = subject or first_subject(list(tokens), 0, len(tokens))
        speaker = span_of(tokens, subject, self.index) if subject else None
        shown = speaker if speaker and speaks(self.text, speaker, self.index) else None
        return shown if opens else self._from(tokens), shown

    def _shown(self, answered: Speaker | None) -> tuple[Speaker | None, Speaker | None]:
        """Whom the passages before announce as the next who speaks, and whom the last one shows."""
        announced, shown = self._look(self._left) if self._left else (None, None)
        return answered or announced or self._led_to(), shown

    def _led_to(self) -> Speaker | None:
        """Whom the passage before a colon shows, where what ends with that shows nobody: `The mayor spoke. Here’s the key line:`"""
        opens = self._left and self._left[-1].text == ":"
        return self._look(self._before)[1] if opens and self._before else None

    def _note(self, draft: Draft) -> None:
        if draft.speaker is None:
            return
        if self.text[draft.speaker.start : draft.speaker.end].lower() not in classes().relatives:
            self.reported = draft
            if draft.kind != "indirect":
                self.quoted = draft

    def _given(self, draft: Draft) -> Draft | None:
        """The draft with its speaker; nothing where it is added to the quotation before it."""
        start, end = draft.segments[0]
        before, answered = self.quoted, self._answered(draft)
        if before and not answered and self._is_more(before, draft):
            return self._added(before, draft)
        announced, shown = self._shown(answered)
        said = self._is_said(start, end) or self._is_beside(before, draft, shown) or self._is_answer(draft, shown)
        told = self.reported
        if not said:
            return draft
        spoken = replace(draft, kind="direct", attitude="speech")
        if announced:
            return replace(spoken, rule=Rule.ANNOUNCED, speaker=announced)
        if told and told.unit >= draft.unit - 1:
            return replace(spoken, rule=Rule.GOES_ON, speaker=told.speaker)
        if shown:
            return replace(spoken, rule=Rule.ALONE, speaker=shown)
        if before and draft.block - before.block <= _BLOCKS_BACK:
            return replace(spoken, rule=Rule.GOES_ON, speaker=before.speaker)
        return replace(spoken, rule=Rule.ALONE) if self.text.count(" ", start, end) > 2 * _SAID_WORDS else draft

    def _answered(self, draft: Draft) -> Speaker | None:
        """Who is told to answer a quotation at the end of the passage that holds it: `“…,” she said, but the mayor | disagreed. “…”`"""
        tokens = list(self._left)
        lead = _answering(tokens) if self._block == draft.block else None
        subject = first_subject(tokens, lead + 1, len(tokens)) if lead else None
        speaker = span_of(tokens, subject, self.index) if subject else None
        other = speaker is not None and speaker.basis != "pronoun"
        return speaker if speaker and other and speaks(self.text, speaker, self.index) else None

    def _is_beside(self, before: Draft | None, draft: Draft, shown: Speaker | None) -> bool:
        """Whether a short sentence in marks stands behind one that shows its paragraph's speaker: `She tore it up. “It’s paper.”`"""
        start, end = draft.segments[0]
        near = before is not None and before.block == draft.block
        return near and shown is not None and is_clause(self.text, start, end)

    def _is_answer(self, draft: Draft, shown: Speaker | None) -> bool:
        """Whether a short sentence in marks stands behind one that shows somebody, in one paragraph: `Ann Lee laughed. “Next time.”`"""
        start, end = draft.segments[0]
        named = shown is not None and shown.basis != "description"
        return named and self._block == draft.block and is_sentence(self.text[start:end])

    def _is_more(self, before: Draft, draft: Draft) -> bool:
        """Whether a quotation is added to the last one: that was not closed, or nobody else was reported since."""
        if before.continues:
            return True
        return before.unit >= draft.unit - 1 and self.reported is before and self._goes_on(before, draft)

    def _goes_on(self, before: Draft, draft: Draft) -> bool:
        """Whether a quotation is more of the utterance before it: in one paragraph, or in the next where it is said in full."""
        start, end = draft.segments[0]
        return before.block == draft.block or (before.kind == "direct" and self._is_said(start, end))

    @staticmethod
    def _added(before: Draft, draft: Draft) -> None:
        before.segments.extend(draft.segments)
        before.continues, before.unit, before.block = draft.continues, draft.unit, draft.block

    def _is_said(self, start: int, end: int) -> bool:
        """Whether quoted words are an utterance and no title: a clause of some length, one in the first person, or several sentences."""
        words = {word.lower() for word in _WORD.findall(self.text, start, end)}
        own = bool(words & classes().first_persons) and len(words) > 1
        several = _INNER_END.search(self.text, start, end) is not None
        return is_clause(self.text, start, end) and (own or several or self.text.count(" ", start, end) > _SAID_WORDS)

    def _from(self, tokens: Sequence[Token]) -> Speaker | None:
        """Whom a verbless line names as the author of what follows: `From the desk of Ann Lee, editor.`, `And from Ann Lee:`."""
        lead = tokens[1] if len(tokens) > 1 and tokens[0].low in classes().leads else tokens[0]
        if lead.low != "from" or any(t.pos in ("VERB", "AUX") for t in tokens):
            return None
        persons = [m for m in self.index.within(tokens[0].start, tokens[-1].end) if m.label == "PERSON"]
        return Speaker(persons[0].start, persons[0].end, "signature") if persons else None


def _answering(tokens: Sequence[Token]) -> int | None:
    """Where a clause begins, behind a quotation, in which somebody is told to answer: `“…,” she said, | but the mayor disagreed.`"""
    known = classes()
    if not any(t.low in known.rejoinders for t in tokens[-_REPLY:]):
        return None
    commas = (k for k in range(len(tokens) - 2, 1, -1) if tokens[k].text == "," or tokens[k].closes_with_comma)
    lead = next((k + 1 for k in commas if tokens[k + 1].low in known.concessions | {"but"}), None)
    return lead if lead and any(t.quote >= 0 for t in tokens[:lead]) else None
