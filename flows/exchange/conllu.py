"""CoNLL-U: a sentence a block, with names, quotations, speakers and cues in the last column.

MISC has `Name=B-PERSON` or `I-PERSON`, `Entity=` (the entity's id), `Quote=`, `Speaker=`, `Cue=` (the ids of the quotes that the token
is a part of, parted by commas), `Start=` and `End=` (places in the article's text) and `SpaceAfter=No` or `SpacesAfter=` where it is
not one space.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from qantar.exchange.aligned_tokens import aligned_tokens, by_sentence, covered
from qantar.exchange.build_documents import BuildDocument, speaker_and_cue
from qantar.exchange.formats import About
from qantar.schema import Token

_SPACES = str.maketrans({" ": "\\s", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\u00a0": "\\u00A0", "|": "\\p"})


def write(documents: Iterable[BuildDocument], destination: Path, about: About) -> None:
    """Write all articles into one file."""
    with destination.open("w", encoding="utf-8", newline="\n") as file:
        for document in documents:
            file.writelines(f"{line}\n" for line in _lines(document, about))


def _lines(document: BuildDocument, about: About) -> Iterator[str]:
    text, tokens = document.text, aligned_tokens(document)
    misc = _misc(document, tokens)
    block, after = "", {token.position: following.start for token, following in itertools.pairwise(tokens)}
    yield from (f"# newdoc id = {document.document_id}", f"# build_id = {about.build_id}")
    quotes = {s.sentence_id: [q for q in document.quotes if q.sentence_id == s.sentence_id] for s in document.sentences}
    roles = {b.block_id: b.role for b in document.blocks}
    for sentence, own in zip(document.sentences, by_sentence(tokens, document.sentences), strict=True):
        if sentence.block_id != block:
            block = sentence.block_id
            yield f"# newpar id = {block}"
            yield f"# role = {roles.get(block, 'body')}"
        yield f"# sent_id = {sentence.sentence_id}"
        yield f"# text = {' '.join(sentence.text.split())}"
        for q in quotes[sentence.sentence_id]:
            speaker = " ".join((q.speaker or "_").split())
            places = ",".join(f"{start}-{end}" for start, end in q.segments)
            yield f"# quote = {q.quote_id} {q.kind} {places} entity={q.speaker_entity_id or '_'} speaker={speaker}"
        numbers = {token.position: n for n, token in enumerate(own, 1)}
        for token in own:
            gap = text[token.end : after.get(token.position, len(text))]
            yield "\t".join(_columns(token, numbers, misc[token.position], gap))
        yield ""


def _columns(token: Token, numbers: dict[int, int], misc: list[str], gap: str) -> list[str]:
    head = "_" if token.head is None else "0" if token.head == token.position else str(numbers.get(token.head, 0))
    relation = "root" if head == "0" else token.relation or "_"
    spaces = [] if gap == " " else ["SpaceAfter=No"] if not gap else [f"SpacesAfter={gap.translate(_SPACES)}"]
    places = [f"Start={token.start}", f"End={token.end}"]
    named = sorted([*misc, *places, *spaces])
    return [
        str(numbers[token.position]),
        token.text,
        token.lemma or "_",
        token.pos or "_",
        token.tag or "_",
        "_",
        head,
        relation,
        "_",
        "|".join(named),
    ]


def _misc(document: BuildDocument, tokens: list[Token]) -> dict[int, list[str]]:
    """What the last column says of names and quotes, by the token's position."""
    misc: dict[int, list[str]] = defaultdict(list)
    for m in document.mentions:
        first, after = covered(tokens, m.start, m.end)
        for n in range(first, after):
            misc[n].append(f"Name={'B' if n == first else 'I'}-{m.label}")
            if m.entity_id:
                misc[n].append(f"Entity={m.entity_id}")
    parts: dict[tuple[int, str], list[str]] = defaultdict(list)
    for q in document.quotes:
        for name, start, end in (*(("quote", start, end) for start, end in q.segments), *speaker_and_cue(q)):
            for n in range(*covered(tokens, start, end)):
                parts[n, name.title()].append(q.quote_id)
    for (n, name), ids in parts.items():
        misc[n].append(f"{name}={','.join(ids)}")
    return misc
