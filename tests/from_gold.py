"""A staged build made of the gold itself, as an annotator without fault would make it; its rows can be spoiled on purpose."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from qantar.schema import TABLES
from qantar.store.parquet import arrow_schema

GOLD = Path(__file__).parent / "gold"
Rows = dict[str, list[dict[str, Any]]]
_KEPT = ("title", "heading", "body")


def rows_from_gold(gold: Path = GOLD) -> Rows:
    """Rows of documents, blocks, sentences, mentions, quotes and entities that say exactly what the gold says."""
    rows: Rows = {name: [] for name in ("documents", "blocks", "sentences", "mentions", "quotes", "entities")}
    for path in sorted(gold.glob("[0-9]*.json")):
        _add_article(json.loads(path.read_text("utf-8")), gold, rows)
    for entity in json.loads((gold / "entities.json").read_text("utf-8")):
        rows["entities"].append({"entity_id": entity["canonical_id"], "wikidata_id": entity.get("wikidata")})
    groups = json.loads((gold / "quote_links.json").read_text("utf-8"))
    group_of = {
        f"{m['article']}-{m['quote']}": group["id"] for group in groups if group["relation"] == "same_utterance" for m in group["members"]
    }
    for quote in rows["quotes"]:
        quote["quote_group_id"] = group_of.get(quote["quote_id"])
    return rows


def write_build(folder: Path, rows: Rows) -> Path:
    """Write rows, of which only the columns that are measured need to be there, as a staged build."""
    for name, its in rows.items():
        table = TABLES[name]
        whole = [{c.name: row.get(c.name) for c in table} for row in its]
        (folder / "data" / name).mkdir(parents=True)
        schema = pa.schema([f.with_nullable(True) for f in arrow_schema(table)])
        pq.write_table(pa.Table.from_pylist(whole, schema), folder / "data" / name / "part-00000.parquet")
    return folder


def _add_article(gold: dict[str, Any], folder: Path, rows: Rows) -> None:
    path = folder / "raw" / gold["source_file"]
    raw, stem = path.read_bytes().decode("utf-8"), Path(gold["source_file"]).stem
    roles = ["body"] * len(raw)
    marked = [("boilerplate", part) for part in gold["boilerplate"]]
    marked += [(key, gold[key]) for key in ("byline", "credit", "title") if gold.get(key)]
    marked += [("heading", part) for part in gold["headings"]]
    for role, part in marked:
        roles[part["start"] : part["end"]] = [role] * (part["end"] - part["start"])
    blocks, kept = [], ""
    start = 0
    for end in [*(i for i in range(1, len(raw)) if roles[i] != roles[i - 1] or raw[i - 1] == "\n"), len(raw)]:
        text = raw[start:end]
        a, b = start + len(text) - len(text.lstrip()), start + len(text.rstrip())
        if a < b:
            block: dict[str, Any] = {"document_id": stem, "role": roles[a], "raw_start": a, "raw_end": b, "text": raw[a:b]}
            if roles[a] in _KEPT:
                kept += "\n\n" if kept else ""
                block |= {"start": len(kept), "end": len(kept) + b - a}
                kept += raw[a:b]
            blocks.append(block)
        start = end
    rows["blocks"] += blocks

    def kept_pieces(a: int, b: int) -> list[list[int]]:
        inside = [(k, max(a, k["raw_start"]), min(b, k["raw_end"])) for k in blocks if "start" in k]
        return [[c - k["raw_start"] + k["start"], d - k["raw_start"] + k["start"]] for k, c, d in inside if c < d]

    title = gold.get("title") or {"start": -1, "end": -1}
    for part in gold["sentences"]:
        rows["sentences"].append({"document_id": stem, "raw_start": part["start"], "raw_end": part["end"]})
    rows["sentences"] += [{"document_id": stem, "raw_start": title["start"], "raw_end": title["end"]}] if title["start"] >= 0 else []
    for m in gold["mentions"]:
        if m["zone"] in ("body", "heading", "title") and not m.get("optional"):
            entity = None if str(m.get("entity")).startswith("date:") else m.get("entity")
            rows["mentions"].append(
                {"document_id": stem, "raw_start": m["start"], "raw_end": m["end"], "label": m["type"], "entity_id": entity}
            )
    for q in gold["quotes"]:
        segments = [piece for c in q["content"] for piece in kept_pieces(c["start"], c["end"])]
        if q["zone"] == "boilerplate" or not segments:
            continue
        speaker = kept_pieces(q["speaker"]["start"], q["speaker"]["end"]) if q["speaker"] else []
        rows["quotes"].append(
            {
                "quote_id": f"{stem}-{q['id']}",
                "document_id": stem,
                "kind": "unattributed" if q["kind"] == "scare" else q["kind"],
                "start": segments[0][0],
                "end": segments[-1][1],
                "raw_start": q["content"][0]["start"],
                "raw_end": q["content"][-1]["end"],
                "segments": segments,
                "speaker_start": speaker[0][0] if speaker else None,
                "speaker_end": speaker[-1][1] if speaker else None,
                "speaker_entity_id": q["speaker_entity"],
            }
        )
    rows["documents"].append(
        {
            "document_id": stem,
            "source_path": f"news/{gold['source_file']}",
            "source_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "text": kept,
            "is_canonical": True,
        }
    )
