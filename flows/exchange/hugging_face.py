"""A dataset for Hugging Face's `datasets`, which loads the folder.

`sentences` has a tag for each token, `documents` names and quotes by their places.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

import pyarrow as pa
import pyarrow.parquet as pq

from qantar.exchange.aligned_tokens import aligned_tokens, by_sentence, covered
from qantar.exchange.build_documents import BuildDocument
from qantar.exchange.formats import About
from qantar.schema import Label, Token

TAGS = ("O", *(f"{part}-{label}" for label in get_args(Label) for part in "BI"))
"""The names of `ner_tags`, by number."""
_GROUP = 1_000

_TEXT, _NUMBER = pa.string(), pa.int64()
_SPAN = pa.list_(_NUMBER)
SENTENCES = pa.schema(
    [
        ("document_id", _TEXT),
        ("sentence_id", _TEXT),
        ("text", _TEXT),
        *((name, pa.list_(_TEXT)) for name in ("tokens", "lemmas", "pos", "tags", "relations", "entity_ids")),
        *((name, pa.list_(_NUMBER)) for name in ("heads", "starts", "ends", "ner_tags")),
    ]
)
DOCUMENTS = pa.schema(
    [
        *((name, _TEXT) for name in ("document_id", "url", "outlet", "title", "published_on", "text")),
        (
            "mentions",
            pa.list_(
                pa.struct([("start", _NUMBER), ("end", _NUMBER), ("text", _TEXT), ("label", _TEXT), ("entity_id", _TEXT), ("value", _TEXT)])
            ),
        ),
        (
            "quotes",
            pa.list_(
                pa.struct(
                    [
                        *((name, _TEXT) for name in ("quote_id", "kind", "text", "speaker", "speaker_entity_id", "cue")),
                        ("segments", pa.list_(_SPAN)),
                        *((name, _SPAN) for name in ("speaker_span", "cue_span")),
                    ]
                )
            ),
        ),
        ("blocks", pa.list_(pa.struct([("start", _NUMBER), ("end", _NUMBER), ("role", _TEXT)]))),
    ]
)


def write(documents: Iterable[BuildDocument], destination: Path, about: About) -> None:
    """Write the folder: README.md with its configurations, and a Parquet file for each."""
    paths = {name: destination / name / "train-00000-of-00001.parquet" for name in ("sentences", "documents")}
    for path in paths.values():
        path.parent.mkdir()
    of_sentences, of_documents = _described(SENTENCES, {"ner_tags": list(TAGS)}), _described(DOCUMENTS, {})
    with (
        pq.ParquetWriter(paths["sentences"], of_sentences, compression="zstd") as sentences,
        pq.ParquetWriter(paths["documents"], of_documents, compression="zstd") as whole,
    ):
        for document in documents:
            sentences.write_table(pa.Table.from_pylist(list(_sentences(document)), of_sentences))
            whole.write_table(pa.Table.from_pylist([_document(document)], of_documents))
    (destination / "README.md").write_text(_card(about), "utf-8")


def _sentences(document: BuildDocument) -> Iterator[dict[str, Any]]:
    tokens = aligned_tokens(document)
    names = _names(document, tokens)
    for sentence, own in zip(document.sentences, by_sentence(tokens, document.sentences), strict=True):
        begin = own[0].position if own else 0
        cells = [_cells(token, begin, sentence.start, *names[token.position]) for token in own]
        row = {"document_id": document.document_id, "sentence_id": sentence.sentence_id, "text": sentence.text}
        yield row | {name: [cell[name] for cell in cells] for name in SENTENCES.names if name not in row}


def _names(document: BuildDocument, tokens: list[Token]) -> list[tuple[int, str]]:
    """The number of each token's tag in TAGS, and the id of the entity that it names a part of."""
    names = [(0, "")] * len(tokens)
    for m in document.mentions:
        first, after = covered(tokens, m.start, m.end)
        for n in range(first, after):
            names[n] = TAGS.index(f"{'B' if n == first else 'I'}-{m.label}"), m.entity_id or ""
    return names


def _cells(token: Token, first: int, start: int, tag: int, entity_id: str) -> dict[str, Any]:
    """A token in the columns of its sentence, which has its `first` token's position and `start`s in a place of the text."""
    return {
        "tokens": token.text,
        "lemmas": token.lemma,
        "pos": token.pos,
        "tags": token.tag,
        "relations": token.relation,
        "entity_ids": entity_id,
        "heads": None if token.head is None else token.head - first,
        "starts": token.start - start,
        "ends": token.end - start,
        "ner_tags": tag,
    }


def _document(document: BuildDocument) -> dict[str, Any]:
    row = document.document
    return {
        "document_id": row.document_id,
        "url": row.url,
        "outlet": row.outlet,
        "title": row.title,
        "published_on": row.published_on and row.published_on.isoformat(),
        "text": row.text,
        "mentions": [
            {"start": m.start, "end": m.end, "text": m.text, "label": m.label, "entity_id": m.entity_id, "value": m.value}
            for m in document.mentions
        ],
        "quotes": [
            {
                "quote_id": q.quote_id,
                "kind": q.kind,
                "text": q.text,
                "speaker": q.speaker,
                "speaker_entity_id": q.speaker_entity_id,
                "cue": q.cue,
                "segments": q.segments,
                "speaker_span": None if q.speaker_start is None else [q.speaker_start, q.speaker_end],
                "cue_span": None if q.cue_start is None else [q.cue_start, q.cue_end],
            }
            for q in document.quotes
        ],
        "blocks": [{"start": b.start, "end": b.end, "role": b.role} for b in document.blocks if b.start is not None],
    }


def _described(schema: pa.Schema, labels: dict[str, list[str]]) -> pa.Schema:
    """A schema with the features that `datasets` reads beside Arrow's own types."""
    features = {field.name: _feature(field.type, labels.get(field.name)) for field in schema}
    return schema.with_metadata({"huggingface": json.dumps({"info": {"features": features}})})


def _feature(kind: pa.DataType, labels: list[str] | None = None) -> Any:
    if pa.types.is_list(kind):
        return {"feature": _feature(kind.value_type, labels), "_type": "List"}
    if pa.types.is_struct(kind):
        return {field.name: _feature(field.type) for field in kind}
    if labels:
        return {"names": labels, "_type": "ClassLabel"}
    return {"dtype": str(kind), "_type": "Value"}


def _card(about: About) -> str:
    configs = "\n".join(
        f"- config_name: {name}\n  data_files:\n  - split: train\n    path: {name}/train-*.parquet" for name in ("sentences", "documents")
    )
    title = json.dumps(about.title, ensure_ascii=False)
    return (
        f"---\npretty_name: {title}\nlanguage:\n- en\nconfigs:\n{configs}\n---\n\n# {about.title}\n\n"
        f"Made of build `{about.build_id}` by `qantar export --to hf`. {f'Annotations: {about.licence}. ' if about.licence else ''}"
        "The texts remain their publishers'.\n\n"
        "`sentences`: tokens with `ner_tags` (B- and I- of each label), lemmas, parts of speech, heads and relations.\n"
        "`documents`: texts with names, quotes and blocks by their places, which count code points.\n"
    )
