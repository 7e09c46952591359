"""Sentences: each body block cut where a sentence ends; each title or heading one sentence.

Rules over full stops, question and exclamation marks, ellipses and what follows them, with the abbreviations of
`lexicon/abbreviations.toml`; pure Python, so that every machine cuts alike. Conventions:

* closing marks and brackets stay with the sentence they close, also after a stray space (`twenty men ".`);
* a quotation is cut at the sentence ends inside it, but not between it and its reporting clause (`"Why?" he asked.`);
* colons, semicolons and dashes end nothing; a source in brackets after a closed sentence is one of its own;
* a lower-case start after a full stop begins a sentence, after an ellipsis it does not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from qantar.schema import Block, Document, Sentence
from qantar.text.apart_marks import turned
from qantar.text.lexicon import either, read_table, read_toml

HEADINGS = frozenset({"title", "heading", "speaker_heading"})

_CLOSERS = "\"'”’»)\\]}›“」』"
# a run of final marks, what closes on it (at once, or after a stray space when nothing but the end or a mark follows)
_STOP = re.compile(
    rf"""(?P<stop>[.!?…‽\s](?:(?<=\S)[.!?…‽]*|(?<=[a-z]\s)\.(?=\s)))
         (?P<close>[{_CLOSERS}]*(?:[ \u00a0](?:[\"”»]+|'')[.!?]?(?=\s|$))?[.]?)
         (?P<note>(?:[ ]?\[\d{{1,3}}(?:[,–-][ ]?\d{{1,3}})*\]
                   |[ ]\d{{1,2}}(?=[ ](?:{either("abbreviations.toml", "note_openers")})[ ]))*)""",
    re.VERBOSE,
)
_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
_NO_WORD = re.compile(r"[^\w.§’'&-]")
_NEXT_WORD = re.compile(r"[\s\"'“”‘’«»„`「『(\[*–—-]*([^\W_]+(?:[.’'][^\W_]+)*)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]", re.UNICODE)
_LOOK_AROUND = 200  # characters: as much as is looked at on either side of a full stop
_REPORTING = re.compile(
    rf"""\s+(?:(?:{either("abbreviations.toml", "reporter_leads")})\.?\s+)?
        (?:(?:[A-Z][\w.'’-]*|{either("abbreviations.toml", "reporter_links")})\s+){{0,5}}?(?:[A-Z][\w.'’-]*|I)
        (?:\s+(?:{either("abbreviations.toml", "reporter_adverbs")}))?\s+(?P<verb>[a-z]+)(?=\W)""",
    re.VERBOSE,
)
_LETTERS = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"(?:www\.|://|@)\S*\Z")
_NUMBER_BEFORE = re.compile(r"\d\s*\Z")
_LIST_MARK = re.compile(r"\s*(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4}))\Z")


class _Abbreviations(NamedTuple):
    never_final: frozenset[str]
    before_name: frozenset[str]
    before_number: frozenset[str]
    maybe_final: frozenset[str]
    also_words: frozenset[str]
    openers: frozenset[str]


@cache
def _abbreviations() -> _Abbreviations:
    data = read_toml("abbreviations.toml")
    return _Abbreviations(**{field: frozenset(data[field]) for field in _Abbreviations._fields})


def split_sentences(document: Document, blocks: list[Block], tokens: Sequence[int] = ()) -> list[Sentence]:
    """Cut the kept blocks of a document into sentences, in order.

    Offsets index `document.text`; raw offsets follow by each block's constant shift. `tokens`, where the document's tokens start,
    are counted. Blocks that are not part of `document.text` are passed over.
    """
    sentences: list[Sentence] = []
    for block in blocks:
        if block.start is None:
            continue
        spans = [_trim(block.text, 0, len(block.text))] if block.role in HEADINGS else sentence_spans(block.text)
        shift = None if block.raw_start is None else block.raw_start - block.start
        for a, b in spans:
            start, end = block.start + a, block.start + b
            sentences.append(
                Sentence(
                    sentence_id=f"{document.document_id}-s{len(sentences)}",
                    document_id=document.document_id,
                    block_id=block.block_id,
                    position=len(sentences),
                    start=start,
                    end=end,
                    raw_start=None if shift is None else start + shift,
                    raw_end=None if shift is None else end + shift,
                    text=document.text[start:end],
                    n_tokens=bisect_left(tokens, end) - bisect_left(tokens, start),
                    is_heading=block.role in HEADINGS,
                )
            )
    return sentences


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """The sentences of one passage as (start, end), white space at the edges left out.

    >>> text = 'He met Mr. Lee in the U.S. on Monday. "Why?" she asked. (The Times)'
    >>> [text[a:b] for a, b in sentence_spans(text)]
    ['He met Mr. Lee in the U.S. on Monday.', '"Why?" she asked.', '(The Times)']
    """
    spans: list[tuple[int, int]] = []
    begin = 0
    text = turned(text)
    for paragraph in _BREAK.finditer(text):
        spans.extend(_paragraph(text, begin, paragraph.start()))
        begin = paragraph.end()
    spans.extend(_paragraph(text, begin, len(text)))
    return spans


def _paragraph(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    start = begin
    for match in _STOP.finditer(text, begin, end):
        cut = match.end()
        if cut >= end or not _ends(text, start, match, end):
            continue
        span = _trim(text, start, cut)
        if span[0] < span[1]:
            yield span
        start = cut
    span = _trim(text, start, end)
    if span[0] < span[1]:
        yield span


def _ends(text: str, start: int, match: re.Match[str], end: int) -> bool:
    """Whether a sentence ends at these marks, the paragraph going on behind them."""
    stop, close, cut = match["stop"], match["close"], match.end()
    after = text[cut]
    following = _NEXT_WORD.match(text, cut, min(end, cut + _LOOK_AROUND))
    word = following[1] if following else ""
    if not after.isspace():
        return _missing_space(text, match, after)
    if not word:
        return False
    lower_start = word[0].islower()
    if stop.endswith("..") or not stop.endswith("."):
        if close and _reported_by(text, cut, end):
            return False
        return not lower_start or _asks(stop, close, word, cut - start)
    if close.rstrip(".") and lower_start:
        return False
    if close and _reported_by(text, cut, end, ".,"):
        return False  # `"…it is lost." Ray said.`
    token = _NO_WORD.split(text[max(start, match.start() - 24) : match.start()])[-1]
    return bool(close.rstrip(".")) or _word_ends(token, text[max(start, match.start() - _LOOK_AROUND) : match.start()], word)


def _asks(stop: str, close: str, word: str, length: int) -> bool:
    """Whether a question or exclamation ends though a small letter follows: not in `allies… in the`, `"Why?" he asked`, `Yahoo! is`."""
    return not close and bool(stop.strip(".…")) and (word == "it" or length > 40)


def _reported_by(text: str, cut: int, end: int, before: str = "") -> bool:
    """Whether a quotation is followed by its reporting clause, `"Why?" Lee asked`, itself before one of some marks, if they are given."""
    match = _REPORTING.match(text, cut, end)
    if match is None or match["verb"] not in _reporting_verbs():
        return False
    return not before or text[match.end() : match.end() + 1] in before


@cache
def _reporting_verbs() -> frozenset[str]:
    """The forms of cues that stand beside quotations, from `lexicon/cues.csv`."""
    rows = read_table("cues.csv")
    frames = {"clause", "marks"}
    return frozenset(row[form] for row in rows if frames & set(row["frames"].split()) for form in ("past", "third"))


def _word_ends(token: str, sentence: str, word: str) -> bool:
    """Whether the full stop after `token` ends the sentence so far, `word` coming next."""
    known = _abbreviations()
    key = token.lower().strip(".-’'").rpartition("-")[2]  # then-Sen., D-Ore.
    opens = word[0].isupper() and word.lower() in known.openers
    if _LIST_MARK.fullmatch(sentence) or key in known.never_final or (key in known.before_number and word[0].isdigit()):
        return False
    if token in known.also_words and not _NUMBER_BEFORE.search(sentence.removesuffix(token)):
        return True
    if key in known.before_name:
        return key in known.maybe_final and opens
    if key in known.maybe_final or _is_initials(token, key):
        return opens
    return not word[0].islower() or key not in known.before_number


def _is_initials(token: str, key: str) -> bool:
    """Whether letters stand for words: `N.R.C`, the J of `J. Lee`; not `I`."""
    if len(key) == 1:
        return token[-1:].isupper() and key != "i"
    return bool(_INITIALS.fullmatch(key))


def _missing_space(text: str, match: re.Match[str], after: str) -> bool:
    """Whether a sentence ends though no space follows: `the city.The army`, `end.”He`; never in `U.S.A` or `site.Com`."""
    if match["stop"].startswith("…") or match["stop"].startswith(".."):
        return False
    before = text[max(0, match.start() - 12) : match.start()]
    run = re.search(r"[a-zà-ÿ]{2,}\Z", before)
    if after in "‘«(":
        return bool(run) and text[match.end() + 1 : match.end() + 2].isupper()
    if not (after.isupper() and run):
        return False
    rest = _LETTERS.match(text, match.end())
    if rest is None or _ADDRESS.search(text, max(0, match.start() - 60), match.start()):
        return False
    return rest[0][1:].islower() or rest[0] in ("A", "I")


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    inside = text[start:end].lstrip()
    start = end - len(inside)
    return start, start + len(inside.rstrip())
