"""Documents made of a few paragraphs, for the tests of the stages that annotate."""

from __future__ import annotations

from qantar.schema import Block, Document, Label, Mention, Quote, Sentence
from qantar.stages.quotes import find_quotes, resolve_speakers
from tests.handmade import Handmade, Passage

ID = "0" * 12


def annotated(*passages: Passage, names: dict[str, Label] | None = None) -> tuple[Document, list[Block], list[Sentence], list[Mention]]:
    """A document of passages, body unless a role is given; `names` are its mentions, each with its label.

    Every mention's entity is its last word in lower case. The raw text has a newline between passages, `documents.text` two.
    """
    raw = "\n".join(passage if isinstance(passage, str) else passage[1] for passage in passages)
    rows = Handmade()
    document = rows.document(ID, passages, raw)
    rows.names(document, {name: (name.split()[-1].lower(), label) for name, label in (names or {}).items()})
    return document, rows["blocks"], rows["sentences"], rows["mentions"]


def quotes_of(*passages: Passage, names: dict[str, Label] | None = None) -> list[Quote]:
    """The quotes of a document of paragraphs, speakers resolved."""
    document, blocks, sentences, mentions = annotated(*passages, names=names)
    quotes = find_quotes(None, document, blocks, sentences, mentions)
    for quote in quotes:  # the promise of every offset, proved on every document of every test
        assert all(document.text[a:b] in quote.text for a, b in quote.segments)
        assert quote.text == " ".join(document.text[a:b] for a, b in quote.segments)
        for words, start, end in ((quote.cue, quote.cue_start, quote.cue_end), (quote.speaker, quote.speaker_start, quote.speaker_end)):
            assert (words is None) == (start is None) == (end is None)
            assert words is None or document.text[start:end] == words
    assert len({q.quote_id for q in quotes}) == len(quotes)
    assert {q.parent_quote_id for q in quotes} - {None} <= {q.quote_id for q in quotes}
    return resolve_speakers(quotes, mentions, sentences, blocks)
