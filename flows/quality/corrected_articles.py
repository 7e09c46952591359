"""Articles that people corrected and marked as complete, as a gold to measure other builds on.

Places are those of an article's passages joined by line breaks, so that files of every format serve: what stands in the file itself
is not known of all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qantar.quality.scoring import SCORED_LABELS

GOLD = "corrections"
"""What figures on such articles are measured on, in place of the folder's name. No floor is ever made of them."""
Row = dict[str, Any]
_SCARE = {"unattributed": "scare"}


class Passages:
    """The passages of an article, one a line, and where its text stands in them."""

    def __init__(self, blocks: Sequence[Mapping[str, Any]]) -> None:
        self.raw = "\n".join(block["text"] for block in blocks)
        self.starts: list[int] = []
        at = 0
        for block in blocks:
            self.starts.append(at)
            at += len(block["text"]) + 1
        self._kept = [
            (b["start"], b["end"], base - b["start"]) for b, base in zip(blocks, self.starts, strict=True) if b["start"] is not None
        ]

    def places(self, start: int, end: int) -> list[tuple[int, int]]:
        """Where a span of the text stands, one place for each passage it touches."""
        return [(max(start, a) + shift, min(end, b) + shift) for a, b, shift in self._kept if a < end and start < b]

    def placed(self, row: Mapping[str, Any]) -> Row:
        """A row of the text with its places among the passages."""
        found = self.places(row["start"], row["end"])
        return {**row, "raw_start": found[0][0] if found else None, "raw_end": found[-1][1] if found else None}

    def placed_blocks(self, blocks: Sequence[Mapping[str, Any]]) -> list[Row]:
        """The passages with their places."""
        return [{**b, "raw_start": at, "raw_end": at + len(b["text"])} for b, at in zip(blocks, self.starts, strict=True)]


def annotation_of(document: Mapping[str, Any], rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> tuple[Row, str]:
    """What a build says of an article, as an annotation in the form of tests/gold, and the text that its places index."""
    blocks, passages = rows["blocks"], Passages(rows["blocks"])
    titles = [(b["start"], b["end"]) for b in blocks if b["role"] == "title" and b["start"] is not None]
    sentences = [row for row in rows["sentences"] if not any(a <= row["start"] < b for a, b in titles)]
    annotation = {
        "from": GOLD,
        "document_id": document["document_id"],
        "source_file": f"{document['document_id']}.txt",
        "sha256": document["source_sha256"],
        **_roles(passages.placed_blocks(blocks)),
        "sentences": [_whole(passages, row) for row in sentences],
        "mentions": [
            {**_whole(passages, row), "type": row["label"], "entity": row["entity_id"], "zone": "body"}
            for row in rows["mentions"]
            if row["label"] in SCORED_LABELS
        ],
        "quotes": [_quote(row, passages) for row in rows["quotes"]],
    }
    return annotation, passages.raw


def _roles(placed: Sequence[Row]) -> Row:
    """What the passages are, but for those of the body."""
    by_role = [(b["role"], {"start": b["raw_start"], "end": b["raw_end"]}) for b in placed]
    return {
        "boilerplate": [place for role, place in by_role if role == "boilerplate"],
        "headings": [place for role, place in by_role if role in ("heading", "speaker_heading")],
        "roles": [{"role": role, **place} for role, place in by_role if role in ("title", "byline", "credit")],
        "title": next((place for role, place in by_role if role == "title"), None),
    }


def _whole(passages: Passages, row: Mapping[str, Any]) -> Row:
    found = passages.places(row["start"], row["end"])
    return {"start": found[0][0], "end": found[-1][1]}


def _quote(row: Mapping[str, Any], passages: Passages) -> Row:
    return {
        "id": row["quote_id"],
        "kind": _SCARE.get(row["kind"], row["kind"]),
        "certainty": "clear",
        "zone": "body",
        "content": [{"start": a, "end": b} for start, end in row["segments"] for a, b in passages.places(start, end)],
        "speaker": {"text": row["speaker"]} if row["speaker"] else None,
        "speaker_entity": row["speaker_entity_id"],
    }


def marked_complete(corrections: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str | None]]:
    """Articles that are marked as complete, by the rows of `corrections`, and why one of them cannot be used all the same."""
    of: dict[str, list[Mapping[str, Any]]] = {}
    for row in corrections:
        if row["document_id"]:
            of.setdefault(row["document_id"], []).append(row)
    for document_id, rows in sorted(of.items()):
        if any(row["field"] == "complete" and row["status"] in ("applied", "already_right") for row in rows):
            lost = [row["line"] for row in rows if row["status"] in ("stale", "conflict")]
            yield document_id, f"line {lost[0]} of corrections.csv was not applied" if lost else None


def is_corrected(corrections: Sequence[Mapping[str, Any]], document_id: str) -> bool:
    """Whether corrections have changed what a build says of an article."""
    return any(row["document_id"] == document_id and row["field"] != "complete" and row["status"] == "applied" for row in corrections)
