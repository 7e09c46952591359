"""Documents made of a few paragraphs, for the tests of the stages that annotate."""

from __future__ import annotations

from flows.schema import Block, Document, Mention, Quote, Role, Sentence
from flows.stages.quotes import find_quotes, resolve_speakers
from flows.stages.sentences import split_sentences

ID = "0" * 12
KEPT = {"title", "heading", "speaker_heading", "body"}
Paragraph = str | tuple[Role, str]


def annotated(*paragraphs: Paragraph, names: dict[str, str] | None = None) -> tuple[Document, list[Block], list[Sentence], list[Mention]]:
    """A document of paragraphs, body unless a role is given; `names` are its mentions, each with its label.

    Every mention's entity is its last word in lower case. The raw text has a newline between paragraphs, `documents.text` two.
    """
    blocks: list[Block] = []
    text, raw = "", ""
    for paragraph in paragraphs:
        role, words = paragraph if isinstance(paragraph, tuple) else ("body", paragraph)
        raw += "\n" if raw else ""
        text += "\n\n" if text and role in KEPT else ""
        start = len(text) if role in KEPT else None
        blocks.append(
            Block(
                block_id=f"{ID}-b{len(blocks)}",
                document_id=ID,
                position=len(blocks),
                role=role,
                rule="test",
                raw_start=len(raw),
                raw_end=len(raw) + len(words),
                start=start,
                end=None if start is None else start + len(words),
                text=words,
            )
        )
        raw += words
        text += words if role in KEPT else ""
    document = _document(text)
    sentences = split_sentences(document, blocks)
    return document, blocks, sentences, _mentions(text, sentences, names or {})


def quotes_of(*paragraphs: Paragraph, names: dict[str, str] | None = None) -> list[Quote]:
    """The quotes of a document of paragraphs, speakers resolved."""
    document, blocks, sentences, mentions = annotated(*paragraphs, names=names)
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


def _mentions(text: str, sentences: list[Sentence], names: dict[str, str]) -> list[Mention]:
    found: list[Mention] = []
    for name, label in names.items():
        at = text.find(name)
        while at >= 0:
            free = not any(m.start <= at < m.end for m in found)
            sentence = next(s for s in sentences if s.start <= at < s.end)
            if free:
                found.append(
                    Mention(
                        mention_id=f"{ID}-m{at}",
                        document_id=ID,
                        sentence_id=sentence.sentence_id,
                        entity_id=name.split()[-1].lower(),
                        label=label,  # type: ignore[arg-type]
                        start=at,
                        end=at + len(name),
                        raw_start=None,
                        raw_end=None,
                        text=name,
                        value=None,
                        method="rule",
                        score=1.0,
                    )
                )
            at = text.find(name, at + 1)
    return sorted(found, key=lambda m: m.start)


def _document(text: str) -> Document:
    return Document(
        document_id=ID,
        source_path="a.txt",
        source_record="1",
        source_sha256="0" * 64,
        format="txt",
        url=None,
        outlet=None,
        title=None,
        byline=None,
        author=None,
        credit=None,
        published_on=None,
        language="en",
        language_score=1.0,
        licence=None,
        text=text,
        text_sha256="0" * 64,
        n_characters=len(text),
        n_tokens=None,
        n_sentences=None,
        n_mentions=None,
        n_quotes=None,
        is_canonical=True,
        canonical_id=ID,
        duplicate_kind=None,
        similarity=None,
    )
