"""Reports by grammar: the clause a cue governs, where that clause ends and whose words it holds, read from a dependency tree.

The surface rules of `reports` know the common constructions and stand alone where a pipeline has no trees of Universal
Dependencies. Where it has, the tree mends what they found (which words are verbs, where the reporter goes on, who can speak)
and adds what they miss. A passage is the same list of tokens, a quotation being one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from qantar.stages.quotes.beginnings import complementizer
from qantar.stages.quotes.extents import Range, clause_end
from qantar.stages.quotes.frames import names
from qantar.stages.quotes.fronted import within_clause
from qantar.stages.quotes.grammar import Tree
from qantar.stages.quotes.mending import Mender
from qantar.stages.quotes.nouns import noun_reports
from qantar.stages.quotes.phrases import Phrase, is_vague, phrase_after
from qantar.stages.quotes.phrases_before import phrase_before
from qantar.stages.quotes.reporting_clauses import titles_text
from qantar.stages.quotes.rules import Rule
from qantar.stages.quotes.subjects import is_hearer_told
from qantar.stages.quotes.tokens import MARKS, STOPS, Cue, Token, can_speak, classes, cues, is_cue, looks_past
from qantar.stages.quotes.verbs import Report

_SAID_WORDS = 2  # a quotation that a verb other than a cue tells has more spaces than that
_ANSWERED = 3  # words from a verb to its "that": `replied to him that`


def tree_reports(tokens: Sequence[Token], tree: Tree, surface: Sequence[Report]) -> list[Report]:
    """The reports of one passage: those found on the surface, mended, and those that only the tree shows."""
    reader = _Reader(tokens, tree)
    straight = [r for r in surface if not reader.turned(r)]
    found = [report for r in straight if (report := reader.mended(r))]
    taken, reporting = _within(r.cue for r in straight), cues()
    found.extend(report for k, t in enumerate(tokens) if t.low in reporting and k not in taken and (report := reader.cued(k)))
    found.extend(noun_reports(reader))
    found = [reader.controlled(r, found) for r in found]
    found.extend(reader.untold(found))
    found.extend(reader.viewed(found))
    return sorted(found, key=lambda r: r.cue)


def _within(ranges: Iterable[Range]) -> set[int]:
    """The tokens of some ranges."""
    return {k for first, last in ranges for k in range(first, last + 1)}


class _Reader(Mender):
    """Reads the reports of one passage that only the tree shows."""

    def cued(self, k: int) -> Report | None:
        """The report of a token that is a cue and, by the tree, a verb."""
        token = self.tokens[k]
        i = self.tree.at(token.start)
        if i is None or self.tree.pos[i] != "VERB":
            return None
        for cue in cues()[token.low]:
            behind = k + 1 + len(cue.particle)
            if is_hearer_told(self.tokens, k, cue):
                continue
            if tuple(t.low for t in self.tokens[k + 1 : behind]) == cue.particle and (report := self.report((k, behind - 1), i, cue)):
                return report
        return None

    def report(self, at: Range, i: int, cue: Cue) -> Report | None:
        """The report of a cue that governs a clause."""
        named = self.naming(at, i, cue)
        if named or not cue.frames & {"clause", "that", "question", "document"}:
            return named
        if self.tree.child(i, "nsubj:pass", "aux:pass") is not None:
            return self.passive(at, i, cue)
        clause, speaker = self.governed(i), self.reporter(i, cue)
        if clause is None:
            return self.foreseen(at, i, cue)
        words = [w for w in self.tree.below(clause) if w in self.place and w > i]
        if not words or speaker is None:
            return None
        rule = self.opening(clause, words, cue)
        first = self.place[words[0]]
        first += self.tokens[first].low == "that"
        if rule is None:
            return None
        content = (first, within_clause(self.tokens, speaker, first, clause_end(self.tokens, first)))
        return self.ended(Report(at, cue.lemma, cue.attitude, rule, speaker, (content,), *self.helped(i)))

    def foreseen(self, at: Range, i: int, cue: Cue) -> Report | None:
        """What somebody expects something to do: `she expects prices to fall`."""
        tree = self.tree
        speaker = self.able(tree.subject(i)) if cue.attitude == "thought" and "infinitive" in cue.frames else None
        parts = [c for c in tree.children[i] if tree.relations[c] in ("obj", "iobj", "xcomp", "ccomp")]
        to = next((c for c in parts if "to" in tree.words(c, "mark")), None)
        if speaker is None or to is None or (len(parts) == 1 and tree.child(to, "nsubj") is None):
            return None
        content = self.range([w for part in parts for w in tree.below(part)])
        return Report(at, cue.lemma, cue.attitude, Rule.INFINITIVE, speaker, (content,), *self.helped(i)) if content else None

    def governed(self, i: int) -> int | None:
        """The finite clause that a cue governs; none for `to say that`, unless a verb before it has the same subject: `went on to say`."""
        tree = self.tree
        clause = next((c for c in tree.children[i] if tree.relations[c] == "ccomp" and c > i), None)
        if clause is None or "to" in tree.words(clause, "mark"):
            return None
        infinitive = "to" in tree.words(i, "aux", "advmod", "mark")
        return None if infinitive and tree.low[tree.heads[i]] not in classes().catenatives else clause

    def opening(self, clause: int, words: list[int], cue: Cue) -> Rule | None:
        """The rule by which a clause begins; none for a question behind a cue that asks and tells none: `thought why`."""
        tree, known = self.tree, classes()
        lead = {tree.low[w] for w in words if w <= clause and tree.relations[w] in ("mark", "advmod", "obj", "nsubj", "det")}
        if "that" in lead:
            return Rule.THAT
        if not lead & known.questioners:
            return Rule.CLAUSE
        return Rule.QUESTION if "question" in cue.frames or cue.lemma in known.tellers else None

    def reporter(self, i: int, cue: Cue) -> Phrase | None:
        """The subject of a cue, where that can be its speaker: a document of `shows`, people of `thinks`."""
        tree = self.tree
        subject = tree.subject(i)
        if subject is None or tree.low[subject] in classes().no_speakers or "court" in cue.frames:
            return None
        if cue.attitude == "thought" and self.tokens[-1].text == "?":
            return None  # `Does she think it is late?`
        if "document" in cue.frames and tree.low[subject] not in classes().documents:
            return None
        speaker = phrase_before(self.tokens, self.place[i] - 1) if self.is_label(subject) else self.phrase(subject)
        if speaker is None or is_vague(self.tokens, speaker):
            return None
        return speaker if cue.attitude != "thought" or self.can_speak(speaker) else None

    def helped(self, i: int) -> tuple[bool, bool]:
        """Whether the auxiliaries and adverbs of a verb negate it, and whether one is modal."""
        helpers = self.tree.words(i, "aux", "advmod", "mark")
        return bool(helpers & classes().negations), bool(helpers & classes().modals)

    def naming(self, at: Range, i: int, cue: Cue) -> Report | None:
        """What somebody is said to be called: `with Ann Lee calling the crowds bandits`, `he called the plan lawful`."""
        tree = self.tree
        if "predicate" not in cue.frames or tree.child(i, "nsubj:pass", "aux:pass") is not None:
            return None
        parts = [c for c in tree.children[i] if tree.relations[c] in ("obj", "xcomp") and c > i and "to" not in tree.words(c, "mark")]
        content = self.range([w for c in parts for w in tree.below(c)])
        speaker = self.namer(i)
        if content is None or speaker is None:
            return None
        content = (content[0], within_clause(self.tokens, speaker, *content))
        if len(parts) < 2 and not names(self.tokens, *content):
            return None
        return Report(at, cue.lemma, cue.attitude, Rule.NAMING, speaker, (content,), *self.helped(i))

    def namer(self, i: int) -> Phrase | None:
        """Who calls something so: the subject, or whose act it describes, `took a tough line, calling them bandits`."""
        subject = self.tree.subject(i)
        phrase = self.phrase(subject)
        if subject is not None and phrase is not None and not self.can_speak(phrase):
            subject = self.tree.subject(self.tree.heads[subject])
        return self.able(subject)

    def passive(self, at: Range, i: int, cue: Cue) -> Report | None:
        """`the talks are expected to fail`, `he was told by Ann Lee that …`: what is reported, of nobody where nobody is named."""
        tree = self.tree
        subject = tree.child(i, "nsubj:pass")
        if subject is None or tree.low[subject] in classes().shared_subjects:
            return None
        parts = self.told_of(i, subject, cue)
        content = tuple(p for p in parts if p)
        overlap = any(a <= at[0] <= b for a, b in content) or any(a[1] >= b[0] for a, b in pairwise(content))
        if not content or len(content) != len(parts) or overlap:
            return None
        return Report(at, cue.lemma, cue.attitude, Rule.PASSIVE, self.phrase(tree.child(i, "obl:agent")), content, *self.helped(i))

    def told_of(self, i: int, subject: int, cue: Cue) -> list[Range | None]:
        """What a passive cue reports: a clause, or its subject with an infinitive; a part of it may hold no tokens."""
        tree = self.tree
        clause, infinitive = tree.child(i, "ccomp"), tree.child(i, "xcomp")
        if clause is not None and clause > i:
            words = tree.below(clause)
            return [self.range(words[tree.low[words[0]] == "that" :])]
        if infinitive is not None and "to" in tree.words(infinitive, "mark") and "addressee" not in cue.frames:
            phrase = self.phrase(subject)
            return [(phrase.first, phrase.last) if phrase else None, self.range(tree.below(infinitive))]
        return []

    def untold(self, found: Sequence[Report]) -> list[Report]:
        """The reports of quotations that none of those found holds."""
        told = _within(part for r in found for part in r.content)
        return [r for k, t in enumerate(self.tokens) if t.quote >= 0 and k not in told and (r := self.quoted(k))]

    def quoted(self, k: int) -> Report | None:
        """A quotation told by a verb that is no cue: `“…,” she shot back`, `he demurred: “…”`, `he sniped that it was “…”`."""
        if self.tokens[k].text.count(" ") < _SAID_WORDS:
            return None
        found = (self.told(k, verb, root) for verb, root in self.beside(k))
        return next((report for report in found if report), None) or self.inverted(k)

    def inverted(self, k: int) -> Report | None:
        """A quotation with a verb that is no cue and its subject behind it at the end: `“…,” rued Ann Lee.`"""
        tokens = self.tokens
        verb = k + 1 + (k + 1 < len(tokens) and tokens[k + 1].text == ",")
        ends = verb > k + 1 or tokens[k].said.endswith((",", "?", "!"))
        if not ends or verb + 1 >= len(tokens) or not looks_past(tokens[verb], 3) or titles_text(tokens, k) or is_cue(tokens[verb].low):
            return None
        speaker = phrase_after(tokens, verb + 1, len(tokens))
        ends = speaker is not None and (speaker.last + 1 == len(tokens) or not self.spoken(speaker.last + 1))
        if speaker is None or not ends or not (tokens[speaker.last].is_capital or can_speak(tokens[speaker.last].low)):
            return None
        return Report((verb, verb), tokens[verb].low, "speech", Rule.BEHIND, speaker, ((k, k),))

    def viewed(self, found: Sequence[Report]) -> list[Report]:
        """What somebody is told to think of something: `To her, the plan is a gift.`, `For Ann Lee, the answer is simple.`"""
        tokens, first = self.tokens, self.words[0][0]
        leads = tokens[0].low in classes().viewing and first < len(self.tree.heads)
        noun = self.tree.heads[first] if leads else None
        phrase = self.phrase(noun)
        if noun is None or phrase is None or phrase.last + 2 >= len(tokens) or tokens[phrase.last + 1].text != ",":
            return []
        speaker = Phrase(1, phrase.last)
        content = (phrase.last + 2, clause_end(tokens, phrase.last + 2))
        if not (self.judged(noun, content) and self.views(noun, speaker)) or self.is_told(content, found):
            return []
        return [Report((0, 0), "in someone's view", "thought", Rule.VIEW, speaker, (content,))]

    def judged(self, noun: int, content: Range) -> bool:
        """Whether a clause says how something is to whom a fronted phrase names: of "for", with an adjective; no apposition to the name."""
        tree, root = self.tree, self.tree.heads[noun]
        if self.tokens[content[0]].quote >= 0 or self.place.get(root, -1) < content[0] or tree.child(noun, "appos") is not None:
            return False
        return self.tokens[0].low == "to" or (tree.pos[root] == "ADJ" and tree.child(root, "cop") is not None)

    @staticmethod
    def is_told(content: Range, found: Sequence[Report]) -> bool:
        """Whether some report, or its cue, stands in a stretch."""
        return any(a <= content[1] and content[0] <= b for r in found for a, b in (*r.content, r.cue))

    def views(self, noun: int, speaker: Phrase) -> bool:
        """Whether somebody can have a view: a person by a name or a pronoun, or people."""
        if self.tree.pos[noun] == "PRON":
            return self.tokens[speaker.last].low in classes().object_pronouns | {"her"}
        return can_speak(self.tree.low[noun]) or self.tree.pos[noun] == "PROPN"

    def beside(self, k: int) -> list[tuple[int, int]]:
        """The verbs that a quotation depends on or that depend on it, each with the word of the quotation's clause."""
        tree = self.tree
        a, b = self.words[k]
        roots = {i for i in range(a, b) if not a <= tree.heads[i] < b or tree.heads[i] == i}
        pairs = [(tree.heads[i], i) for i in sorted(roots) if tree.relations[i] == "ccomp"]
        return pairs + [(i, tree.heads[i]) for i in sorted(self.place) if tree.relations[i] == "parataxis" and tree.heads[i] in roots]

    def told(self, k: int, verb: int, root: int) -> Report | None:
        """A quotation told by one verb, if that tells it and has a speaker."""
        at = self.place.get(verb)
        if at is None or self.tokens[at].quote >= 0 or self.tree.pos[verb] != "VERB":
            return None
        content = self.told_content(k, at, root)
        known = cues().get(self.tokens[at].low, ())
        passive = self.tree.child(verb, "nsubj:pass", "aux:pass") is not None
        if content is None or (passive and not any(c.frames & {"question", "addressee"} for c in known)):
            return None
        speaker = self.phrase(self.tree.child(verb, "obl:agent")) if passive else self.able(self.tree.subject(verb))
        if (speaker is None and not passive) or not self.stands_beside(k, at, speaker, content):
            return None
        attitude = known[-1].attitude if known else "speech"
        return Report((at, at), self.tree.low[verb], attitude, Rule.BEHIND if k < at else Rule.MARKS, speaker, (content,))

    def stands_beside(self, k: int, at: int, speaker: Phrase | None, content: Range) -> bool:
        """Whether a verb and its speaker stand outside what is told, and behind a quotation at once."""
        if speaker is not None and speaker.first <= content[1] and content[0] <= speaker.last:
            return False
        return min(at, speaker.first if speaker else at) <= k + 2

    def told_content(self, k: int, at: int, root: int) -> Range | None:
        """What a verb beside a quotation tells: the quotation, or the clause that holds it; nothing where another mark parts them."""
        tokens = self.tokens
        if self.parted(k, at):
            return None
        if at > k:
            if titles_text(tokens, k) or complementizer(tokens, at + 1, _ANSWERED) is not None:
                return None  # a title; `“Stay!” She replied that she could not`
            ends = tokens[k].said.endswith((",", "?", "!", "…", "-", "—"))
            return (k, k) if ends or tokens[k + 1].text == "," else None
        if tokens[k - 1].text in (",", ":"):
            return k, k
        words = [w for w in self.tree.below(root) if w > self.words[at][0]]
        that = [self.tree.low[w] for w in words[:1]] == ["that"]
        clause = self.range(words[that:])
        return clause if clause and (that or clause[0] == at + 1 < k) else None

    def parted(self, k: int, at: int) -> bool:
        """Whether a mark stands between a quotation and a verb: a quotation, a stop, or a dash, `Polls fell - Ann Lee: “…”`."""
        marks = STOPS | MARKS - {","}
        return any(t.quote >= 0 or t.text in marks for t in self.tokens[min(at, k) + 1 : max(at, k)])
