"""Whatever a person marks: the corrections that it comes to make of the build's rows what was marked."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from qantar.corrections.corrected_mentions import correct_mentions
from qantar.corrections.corrected_quotes import correct_quotes
from qantar.exchange.build_documents import BuildDocument
from qantar.exchange.edits import Signed, find_edits
from qantar.exchange.marked_text import CUE, SPEAKER, Edited, Link, Mark, Marked, marks_of, meaning_of, trimmed

LABELS, KINDS = ("PERSON", "ORG", "GPE"), ("direct", "mixed", "indirect", "block")


def applied(document: BuildDocument, fixes: list[Any]) -> BuildDocument:
    """The article with corrections applied as the pipeline does."""
    named, quoted = ([fix for fix in fixes if fix.table == table] for table in ("mentions", "quotes"))
    mentions, told = correct_mentions(document.mentions, document.document, document.sentences, named)
    quotes, more = correct_quotes(document.quotes, document.document, document.blocks, document.sentences, mentions, quoted)
    assert {outcome.status for outcome in (*told, *more)} <= {"applied"}
    return replace(document, mentions=mentions, quotes=quotes)


def meant(marked: Marked | Edited, text: str) -> tuple[set[Any], set[Any]]:
    """Names and quotes, without where they were read."""
    meaning, refused = meaning_of(marked.marks, marked.links, text, set())
    assert refused == []
    return {(n.span, n.label) for n in meaning.names}, {(q.segments, q.kind, q.speaker, q.cue) for q in meaning.quotes}


@st.composite
def words(draw: st.DrawFn, document: BuildDocument) -> tuple[int, int]:
    """Some words of one sentence."""
    sentence = draw(st.sampled_from(document.sentences))
    start = draw(st.integers(sentence.start, sentence.end - 1))
    end = draw(st.integers(start + 1, min(sentence.end, start + 25)))
    return trimmed(document.text, start, end) if document.text[start:end].strip() else (sentence.start, sentence.start + 1)


@st.composite
def edited(draw: st.DrawFn, document: BuildDocument) -> Edited:
    """The article with some marks changed, moved, taken away and added; names do not overlap, and no two quotes begin together."""
    marked = marks_of(document)
    marks = {mark.key: mark for mark in marked.marks}
    links = list(marked.links)
    for n in range(draw(st.integers(0, 6))):
        what = draw(st.sampled_from(["relabel", "move", "delete", "add", "speaker"]))
        of = [
            key for key, mark in marks.items() if mark.layer in ("name", "quote") and not key.endswith(tuple(f".{i}" for i in range(1, 9)))
        ]
        if not of:
            break
        key = draw(st.sampled_from(of))
        mark = marks[key]
        single = key.removesuffix("0") + "1" not in marks
        if what == "relabel" and single and mark.label != "unattributed" and mark.label not in ("DATE", "MONEY"):
            marks[key] = mark._replace(label=draw(st.sampled_from(LABELS if mark.layer == "name" else KINDS)))
        elif what == "move" and single:
            start, end = draw(words(document))
            marks[key] = mark._replace(start=start, end=end)
        elif what == "delete" and single:
            del marks[key]
            links = [link for link in links if key not in (link.source, link.target)]
        elif what == "add":
            start, end = draw(words(document))
            layer = draw(st.sampled_from(["name", "quote"]))
            label = draw(st.sampled_from(LABELS if layer == "name" else KINDS))
            marks[f"new{n}"] = Mark(f"new{n}", layer, start, end, label)  # type: ignore[arg-type]
        elif what == "speaker" and mark.layer == "quote" and mark.label != "unattributed":
            role = draw(st.sampled_from([SPEAKER, CUE]))
            start, end = draw(words(document))
            links = [link for link in links if (link.source, link.role) != (key, role)]
            marks[f"part{n}"] = Mark(f"part{n}", "part", start, end, role)
            links.append(Link(key, f"part{n}", role))
    return Edited(document.document_id, "here", document.text, list(marks.values()), links)


def is_possible(article: Edited) -> bool:
    """Whether names stand apart, and quotes begin in different places."""
    names = sorted((m.start, m.end) for m in article.marks if m.layer == "name")
    begins = [m.start for m in article.marks if m.layer == "quote"]
    return all(a[1] <= b[0] for a, b in itertools.pairwise(names)) and len(begins) == len(set(begins))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_the_corrections_of_any_edits_give_what_was_marked(data: st.DataObject, documents: list[BuildDocument]) -> None:
    document = data.draw(st.sampled_from(documents))
    article = data.draw(edited(document).filter(is_possible))
    edits = find_edits(document, article, Signed())
    unlinked = [refused for refused in edits.refused if "is not linked to a quote" not in refused.reason]
    assert unlinked == []
    after = applied(document, [edit.fix for edit in edits.found])
    assert meant(marks_of(after), document.text) == meant(article, document.text)
