"""Reports of the surface mended by a dependency tree: whether their cue is a verb, who speaks, where they end and go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qantar.stages.quotes.datelines import past_dateline
from qantar.stages.quotes.extents import Range, clause_end, participle_reports
from qantar.stages.quotes.fronted import is_fronted
from qantar.stages.quotes.grammar import NOMINAL, Parsed
from qantar.stages.quotes.phrases import Phrase, names_campaign, phrase_after, with_name
from qantar.stages.quotes.rules import GOVERNED, Rule
from qantar.stages.quotes.subjects import is_cleft
from qantar.stages.quotes.tokens import DASHES, MARKS, VERBAL, classes, cues
from qantar.stages.quotes.verbs import Report

_CLAUSES = frozenset({Rule.THAT, Rule.CLAUSE, Rule.QUESTION})
"""Rules by which a clause follows its cue."""
_BESIDE = 3  # words between two verbs of one subject: `laughed and said`
_ADDED = frozenset({"conj", "advcl", "parataxis"})  # what a reporter adds to the report


class Mender(Parsed):
    """Mends the reports of one passage."""

    def able(self, subject: int | None) -> Phrase | None:
        """The phrase of a subject, where that can speak."""
        speaker = self.phrase(subject)
        if subject is None or speaker is None or self.tree.low[subject] in classes().no_speakers:
            return None
        return speaker if self.can_speak(speaker) else None

    def mended(self, report: Report) -> Report | None:
        """A report of the surface with its end, its speaker and what goes on behind it by the tree; none, if its cue is no verb."""
        i = self.tree.at(self.tokens[report.cue[0]].start)
        if i is None:
            return report
        if report.rule in _CLAUSES | GOVERNED and self.tree.relations[i] == "amod":
            return None  # `sixty pledged delegates were there`
        if self.describes(report, i) or self.governs_object(report, i):
            return None
        report = self.resumed(self.ended(report))
        if report.speaker is None or report.rule not in _CLAUSES | GOVERNED | {Rule.BEHIND, Rule.MARKS}:
            return report
        if not (self.tree.low[i] in classes().quoters and report.speaker.first > report.cue[0]):  # `the paper quoted Ann Lee as saying`
            report = replace(report, speaker=self.speaker(report.speaker, i))
        weak = report.rule in GOVERNED or report.attitude in ("thought", "writing")
        return report if not weak or (report.speaker is not None and self.can_speak(report.speaker)) else None

    def describes(self, report: Report, i: int) -> bool:
        """Whether a cue is a participle: `a film called “Home”`, `a man accused of murder`, but not `a note inside read: “…”`."""
        unmarked = report.rule == Rule.BEHIND and not any(self.quotes(a, b) for a, b in report.content)
        if self.tree.relations[i] != "acl" or self.tree.low[i].endswith("ing") or not (unmarked or report.rule in GOVERNED | {Rule.MARKS}):
            return False
        # the model takes `a move | the charity branded “cruel”` for a passive
        own = self.tree.child(i, "nsubj", "nsubj:pass") is not None and self.stands_near(report)
        return not own and not any("document" in cue.frames for cue in cues().get(self.tree.low[i], ()))

    def stands_near(self, report: Report) -> bool:
        """Whether a cue with its own subject governs what follows at once: `a claim that the mayor dismissed as “a fantasy”`."""
        first = report.content[0][0]
        return report.rule in GOVERNED or first == report.cue[1] + 1 or self.tokens[first - 1].text == ":"

    def governs_object(self, report: Report, i: int) -> bool:
        """Whether a verb of thought has no clause: `she assumed a new role`, `they felt betrayed`."""
        if report.rule != Rule.CLAUSE or report.attitude != "thought" or self.tree.child(i, "ccomp", "parataxis") is not None:
            return False
        felt = self.tree.child(i, "xcomp")
        return self.tree.child(i, "obj") is not None or (felt is not None and self.tree.child(felt, "nsubj", "nsubj:pass") is None)

    def controlled(self, report: Report, others: Sequence[Report]) -> Report:
        """A report within what somebody is urged to do, as that person's: `urged Ann Lee to apologise for accusing him of theft`."""
        verb = self.tree.at(self.tokens[report.cue[0]].start)
        by = self.tokens[report.cue[0] - 1].low == "by"  # the means, which may be of who urges
        bare = verb is not None and not by and report.rule != Rule.MARKS and self.tree.child(verb, "nsubj", "nsubj:pass") is None
        for order in others:
            first, last = order.content[0]
            if bare and order.rule == Rule.ORDER and first <= report.cue[0] <= last and report.speaker == order.speaker:
                urged = phrase_after(self.tokens, order.cue[1] + 1, first)
                return replace(report, speaker=urged) if urged else report
        return report

    def quotes(self, first: int, last: int) -> bool:
        """Whether a quotation is among some tokens."""
        return any(t.quote >= 0 for t in self.tokens[first : last + 1])

    def turned(self, report: Report) -> bool:
        """Whether what stands before a cue was taken for its report, but holds its subject: `Ann Lee, wearing black, said …`."""
        i = self.tree.at(self.tokens[report.cue[0]].start)
        first, last = report.content[0]
        if i is None or report.rule != Rule.BEHIND:
            return False
        own = self.own_subject(i, report.speaker)
        clause = any(self.tree.relations[c] == "ccomp" and c > i for c in self.tree.children[i])
        return own is not None and clause and first <= self.place.get(own, -1) <= last

    def own_subject(self, i: int, phrase: Phrase | None) -> int | None:
        """The subject that hangs on a cue: of two, the one that the surface took for the speaker."""
        own = [c for c in self.tree.children[i] if self.tree.relations[c] == "nsubj" and not self.is_label(c)]
        inside = [c for c in own if phrase and phrase.first <= self.place.get(c, -1) <= phrase.last]
        if phrase is not None and inside and self.is_joined(phrase):
            return own[0]  # `the man who saw Ann Lee and the crew said`
        return next(iter(inside or own), None)

    def is_label(self, i: int) -> bool:
        """Whether a word stands in a dateline, or before a colon: `TORVIK, May 3 — Ann Lee said`, `NEW TORVIK: Ann Lee said`."""
        k = self.place.get(i)
        if k is None or k + 1 == len(self.tokens):
            return False
        return k < past_dateline(self.tokens) or self.tokens[k + 1].text == ":"

    def is_joined(self, phrase: Phrase) -> bool:
        """Whether a phrase stands behind a preposition or "and", or holds "and", so that it can be the end of a longer subject."""
        known = classes()
        before = self.tokens[phrase.first - 1].low if phrase.first else ""
        return before in known.noun_prepositions | known.coordinators

    def speaker(self, phrase: Phrase, i: int) -> Phrase:
        """The phrase that speaks, or the cue's own subject where the surface took words of another clause for it."""
        if names_campaign(self.tokens[phrase.first : phrase.last + 1]) or is_cleft(self.tokens, phrase):
            return phrase
        own = self.own_subject(i, phrase)
        found = self.shared_speaker(phrase, i) if own is None else self.own_speaker(phrase, i, own)
        return found or phrase

    def shared_speaker(self, phrase: Phrase, i: int) -> Phrase | None:
        """Who speaks where the cue has no subject of its own."""
        tree, roots = self.tree, self.roots(phrase)
        if roots and tree.relations[i] == "acl":
            return self.described(roots[0], tree.heads[i])
        beside = tree.relations[i] == "conj" and (self.stands_near_verb(i) or self.stands_between(phrase, tree.heads[i], i))
        shared = self.phrase(tree.subject(i))
        shared = shared and with_name(self.tokens, shared, len(self.tokens))  # `the mayor, Ann Lee, laughed and said`
        if shared and self.is_part(phrase, shared):
            return shared
        if shared and (beside or not self.can_speak(phrase)) and self.can_speak(shared) and shared.last < self.place[i]:
            return shared  # `he laughed and said`, `she shared a list, writing`
        return shared if roots and tree.pos[roots[0]] not in NOMINAL else phrase

    def stands_near_verb(self, cue: int) -> bool:
        """Whether a cue stands beside the verb that it is joined to: not behind `, but`, `she said orders had fallen, but | cautioned`."""
        verb, k = self.tree.heads[cue], self.place[cue]
        set_off = self.tokens[k - 1].low in classes().additions and self.tokens[k - 2].text == ","
        return cue - verb <= _BESIDE and not (set_off and self.is_reported(verb))

    @staticmethod
    def is_part(phrase: Phrase, whole: Phrase) -> bool:
        """Whether a phrase is the end of a longer one: `she and | her aides`."""
        return whole.first < phrase.first and phrase.last <= whole.last

    def is_reported(self, verb: int) -> bool:
        """Whether a cue that is joined to a verb goes on from the cue that tells of it: `she said he had failed and | urged them to go`."""
        told = self.tree.relations[verb] == "ccomp" and self.tree.low[self.tree.heads[verb]] in cues()
        return told and self.tree.low[verb] not in cues()  # not `she noted that he had criticized it and called it a trap`

    def described(self, root: int, noun: int) -> Phrase | None:
        """Whose a participle is that describes a noun, where the surface took the phrase of some root for its subject."""
        tree = self.tree
        is_receiver = tree.relations[root] == "nsubj:pass"  # `they were sent a letter saying`
        if tree.low[noun] in classes().documents and (is_receiver or tree.pos[root] not in NOMINAL):
            return self.phrase(noun)  # `singing and carrying signs saying`
        return self.phrase(tree.author(root))  # `released a statement saying`

    def stands_between(self, phrase: Phrase, verb: int, cue: int) -> bool:
        """Whether a verb that a cue is joined to has a subject of its own behind a phrase: `he spoke after | she left and claimed`."""
        own = self.tree.child(verb, "nsubj")
        k = self.place[cue]
        joined = k > 1 and self.tokens[k - 1].low in classes().additions
        behind = self.tokens[min(k + 1, len(self.tokens) - 1)].low
        apart = joined and (self.tokens[k - 2].text == "," or behind in classes().others)  # `…, and claimed`, `and criticized him`
        apart = apart or self.is_reported(verb)
        return own is not None and not apart and phrase.last < self.place.get(own, -1) < k

    def own_speaker(self, phrase: Phrase, i: int, own: int) -> Phrase | None:
        """Who speaks where the cue has a subject of its own."""
        tree, roots = self.tree, self.roots(phrase)
        first, last = self.words[phrase.first][0], self.words[phrase.last][1]
        if tree.low[own] in classes().bare_relatives:
            return self.phrase(tree.subject(i))  # `a post that praised the plan`
        if own + 1 < last and tree.low[own + 1] in ("'s", "’s"):
            return phrase  # `Norland's Ann Lee`
        inside = first <= own < last and not self.tree.words(own, "case") & classes().noun_prepositions
        if inside and min(roots) < min(tree.below(own)) and tree.low[own] not in classes().shared_subjects:
            return self.phrase(own)  # `a day after the minister said`
        return phrase if inside or own > i else self.outer_speaker(phrase, i, own)

    def is_in_relative(self, roots: Sequence[int], subject: int) -> bool:
        """Whether a phrase of these roots stands in a relative clause of a subject."""
        above = self.tree.above(roots[0]) if roots else set()
        return any(self.tree.relations[k] == "acl:relcl" and self.tree.heads[k] == subject for k in above)

    def outer_speaker(self, phrase: Phrase, i: int, own: int) -> Phrase | None:
        """Who speaks where the cue's own subject stands before the phrase that the surface took."""
        tree, roots = self.tree, self.roots(phrase)
        whole = self.able(own) if self.is_joined(phrase) else None
        if whole:
            return whole
        if self.is_in_relative(roots, own):
            return self.phrase(own)  # `the woman who runs | the harbour said`
        first, last = self.words[phrase.first][0], self.words[phrase.last][1]
        clauses = [c for c in tree.children[own] if tree.relations[c].startswith("acl")]
        inside = any(set(range(first, last)) <= set(tree.below(c)) for c in clauses)  # `the woman who runs the harbour said`
        if ((inside and self.able(own)) or tree.pos[own] in ("PROPN", "PRON")) and not any(tree.heads[k] == i for k in range(first, last)):
            return self.phrase(own)
        return self.phrase(tree.subject(i)) if roots and tree.pos[roots[0]] not in NOMINAL else phrase

    def ended(self, report: Report) -> Report:
        """A report whose clause ends where what follows a mark depends on the cue, or on what the cue depends on."""
        i = self.tree.at(self.tokens[report.cue[0]].start)
        if i is None or report.rule not in _CLAUSES | GOVERNED:
            return report
        first, last = report.content[0]
        end = self.relative_end(i, first, last)
        return replace(report, content=((first, end),)) if end is not None else self.ended_by_addition(report, i)

    def ended_by_addition(self, report: Report, i: int) -> Report:
        """A report without what the reporter adds behind a mark, "and" or "but"."""
        first, last = report.content[0]
        above = self.tree.above(i)
        weak, fronted = report.rule in GOVERNED, report.speaker is not None and is_fronted(self.tokens, report.speaker)
        begins = (k for k in range(first + 2, last + 1) if self.can_begin(k))
        end = next((k for k in begins if self.adds(k, (first, last), above, weak) or (fronted and self.top(k, last) in above - {i})), None)
        if end is None:
            return report
        end -= 1
        while end > first and (not self.spoken(end) or self.tokens[end].low in classes().additions):
            end -= 1
        return replace(report, content=((first, end),))

    def relative_end(self, i: int, first: int, last: int) -> int | None:
        """The end of what a relative clause reports, before the verb of the noun it describes: `who blames her for it, | sent a letter`."""
        tree = self.tree
        noun = next((a for a in tree.above(i) if tree.relations[a] in ("acl:relcl", "acl")), None)
        main = None if noun is None else next((a for a in sorted(tree.above(noun)) if first < self.place.get(a, -1) <= last), None)
        if noun is None or main is None or not (tree.pos[main] in VERBAL or tree.child(main, "cop") is not None):
            return None
        told = set(tree.below(noun))
        ends = (k for k in range(self.place[main] - 1, first - 1, -1) if self.spoken(k) and self.words[k][0] in told)
        return next(ends, None)

    def can_begin(self, k: int) -> bool:
        """Whether a mark, or "and" or "but", stands before a token, so that something of the reporter's can begin there."""
        before = self.tokens[k - 1]
        parts = before.text in MARKS or before.low in classes().additions
        token = self.tokens[k]
        continues = token.quote >= 0 and token.said[:1].islower()  # `said it was late, “and dark”`
        return parts and not continues and all(t.low != "that" for t in self.tokens[k : k + 2])

    def adds(self, k: int, content: Range, above: set[int], weak: bool) -> bool:
        """Whether what begins with a token hangs on a cue or on what that hangs on, `above`; behind an object, only a verb joined to it."""
        top = self.top(k, content[1])
        if top is None or self.tree.heads[top] not in above or self.tree.relations[top] not in _ADDED:
            return False
        subject = self.tree.child(top, "nsubj", "nsubj:pass")
        if subject is not None and content[0] <= self.place.get(subject, -1) < k:
            return False  # `that the referee, Paolo Venn, had a “bad night”`
        if self.tree.relations[top] != "conj":
            return not weak
        return weak or subject is not None

    def resumed(self, report: Report) -> Report:
        """`…, she said, …`: a report with what goes on behind it, where that depends on what stands before."""
        comma = self.comma_behind(report)
        if comma is None:
            return report
        first, last = report.content[0]
        if self.tokens[first - 1].text in DASHES:
            return report  # an aside between dashes ends there
        end = clause_end(self.tokens, comma + 1)
        top = self.top(comma + 1, end)
        if top is None or participle_reports(self.tokens[comma + 1]):
            return report
        linked = self.words[first][0] <= self.tree.heads[top] < self.words[last][1]
        if not linked and self.tree.relations[top] != "ccomp":
            return report
        return replace(report, content=((first, last), (comma + 1, end)))

    def goes_on(self, report: Report, last: int) -> bool:
        """Whether words in marks end a clause that "but" goes on with: `He spoke of it “in March”, he said, but not of the cost`."""
        behind = max(report.cue[1], report.speaker.last if report.speaker else 0) + 1
        but = behind + 1 < len(self.tokens) and self.tokens[behind + 1].low == "but"
        return but and last > report.content[0][0]

    def comma_behind(self, report: Report) -> int | None:
        """The first mark or quotation behind a reporting clause that stands behind words without marks."""
        if report.rule != Rule.BEHIND or len(report.content) != 1 or report.speaker is None:
            return None
        last = report.content[0][1]
        if last > report.cue[0] or (self.tokens[last].quote >= 0 and not self.goes_on(report, last)):
            return None
        behind = max(report.cue[1], report.speaker.last) + 1
        return next((k for k in range(behind, len(self.tokens) - 1) if self.tokens[k].text in MARKS or self.quotes(k, k)), None)
