"""Label Studio: `tasks.json` to import, with the build's marks as predictions, and `labels.xml`, the project's labelling interface.

What is exported as JSON comes back: the annotation of each task that somebody submitted. A piece of a quote is a region, linked to the
next, to its speaker and its cue by relations; the id of an entity is the text field of a region.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from qantar.exchange.build_documents import BuildDocument
from qantar.exchange.edited_files import list_files, plain
from qantar.exchange.formats import About
from qantar.exchange.marked_text import LABELS, ROLES, Edited, Layer, Link, Mark, Refused, marks_of

TASKS, INTERFACE = "tasks.json", "labels.xml"
SUFFIXES = (".json",)
CONTROLS: dict[str, Layer] = {"names": "name", "quotes": "quote", "parts": "part", "passages": "passage"}
_OF_LAYER = {layer: control for control, layer in CONTROLS.items()}
ENTITY = "entity"
MOST_TASKS = 100_000
_COLOURS = (
    "#3b6ea8",
    "#a85b3b",
    "#4f8a4f",
    "#8a4f86",
    "#9a8a2f",
    "#3f8f8f",
    "#b0455e",
    "#6b6b6b",
    "#5a5ac0",
    "#7a5c3e",
    "#2f7a57",
    "#a03fa0",
)


def write(documents: Iterable[BuildDocument], destination: Path, about: About) -> None:
    """Write the tasks and the interface."""
    with (destination / TASKS).open("w", encoding="utf-8", newline="\n") as file:
        file.write("[")
        for n, document in enumerate(documents):
            file.write(",\n" if n else "\n")
            file.write(json.dumps(_task(document, about), ensure_ascii=False))
        file.write("\n]\n")
    (destination / INTERFACE).write_text(interface(), "utf-8")


def interface() -> str:
    """The labelling interface: a group of labels for each layer, the links, and a text field for entities."""
    lines = ["<View>"]
    for control, layer in CONTROLS.items():
        lines.append(f'  <Labels name="{control}" toName="text">')
        lines += [
            f"    <Label value={quoteattr(label)} background={quoteattr(_COLOURS[n % len(_COLOURS)])}/>"
            for n, label in enumerate(LABELS[layer])
        ]
        lines.append("  </Labels>")
    lines += ["  <Relations>", *(f"    <Relation value={quoteattr(role)}/>" for role in ROLES), "  </Relations>"]
    lines.append(
        f'  <TextArea name="{ENTITY}" toName="text" perRegion="true" editable="true" maxSubmissions="1" placeholder="id of the entity"/>'
    )
    lines += ['  <Header value="$title"/>', '  <Text name="text" value="$text" granularity="character"/>', "</View>", ""]
    return "\n".join(lines)


def _task(document: BuildDocument, about: About) -> dict[str, Any]:
    marked, row = marks_of(document), document.document
    result: list[dict[str, Any]] = []
    for mark in marked.marks:
        place = {"start": mark.start, "end": mark.end, "text": document.text[mark.start : mark.end]}
        region = {"id": mark.key, "to_name": "text"}
        result.append({**region, "from_name": _OF_LAYER[mark.layer], "type": "labels", "value": {**place, "labels": [mark.label]}})
        if mark.entity:
            result.append({**region, "from_name": ENTITY, "type": "textarea", "value": {**place, "text": [mark.entity]}})
    result += [
        {"type": "relation", "from_id": link.source, "to_id": link.target, "direction": "right", "labels": [link.role]}
        for link in marked.links
    ]
    day = row.published_on and row.published_on.isoformat()
    data = {"document_id": row.document_id, "title": row.title or "", "outlet": row.outlet or "", "day": day or "", "text": document.text}
    return {"data": data, "predictions": [{"model_version": f"qantar {about.build_id}", "result": result}]}


# --- back ----------------------------------------------------------------------------------------------------------


def read(source: Path) -> Iterator[Edited | Refused]:
    """The articles of exported JSON of which somebody submitted an annotation."""
    for file in list_files(source, SUFFIXES):
        if isinstance(file, Refused):
            yield file
            continue
        try:
            tasks = json.loads(file.text)
        except (ValueError, RecursionError) as error:
            yield Refused(file.name, f"is not valid JSON: {plain(str(error))}")
            continue
        if isinstance(tasks, dict):
            tasks = [tasks]
        if not isinstance(tasks, list):
            yield Refused(file.name, "is not a list of tasks; export the project as JSON")
            continue
        for number, task in enumerate(tasks[:MOST_TASKS], 1):
            edited = _read_task(task, f"{file.name} task {number}")
            if edited is not None:
                yield edited
        if len(tasks) > MOST_TASKS:
            yield Refused(f"{file.name} task {MOST_TASKS + 1}", f"and those after it are not read: the limit is {MOST_TASKS:,} tasks")


def _read_task(task: Any, where: str) -> Edited | Refused | None:
    data = task.get("data") if isinstance(task, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("document_id"), str) or not isinstance(data.get("text"), str):
        return Refused(where, "has no data with document_id and text; export the project as JSON (not JSON-MIN)")
    result = _submitted(task.get("annotations", []))
    if isinstance(result, str):
        return Refused(where, result)
    if result is None:
        return None
    edited = Edited(plain(data["document_id"]), where, data["text"])
    entities: dict[str, str] = {}
    for number, item in enumerate(result, 1):
        trouble = _read_item(item, f"{where} region {number}", edited, entities)
        if trouble:
            edited.refused.append(Refused(f"{where} region {number}", trouble))
    edited.marks = [mark._replace(entity=entities.get(mark.key, "")) for mark in edited.marks]
    return edited


def _submitted(annotations: Any) -> list[Any] | str | None:
    """The regions of the annotation that somebody submitted; None where nobody did, and why it cannot be used."""
    if not isinstance(annotations, list) or not all(isinstance(one, dict) for one in annotations):
        return "its annotations are not a list"
    submitted = [one for one in annotations if not one.get("was_cancelled")]
    if not submitted:
        return None
    if len(submitted) > 1:
        return f"has {len(submitted)} annotations; keep one, or mark the agreed one as ground truth and delete the others"
    result = submitted[0].get("result")
    return result if isinstance(result, list) else "its annotation has no result"


def _read_item(item: Any, where: str, edited: Edited, entities: dict[str, str]) -> str | None:
    if not isinstance(item, dict):
        return "is not a region"
    if item.get("type") == "relation":
        return _read_relation(item, where, edited)
    key, value, name = item.get("id"), item.get("value"), item.get("from_name")
    if not isinstance(key, str) or not isinstance(value, dict):
        return "has no id or value"
    if item.get("type") == "textarea" and name == ENTITY:
        said = value.get("text")
        said = said[0] if isinstance(said, list) and said else said
        entities[key] = said.strip() if isinstance(said, str) else ""
        return None
    if item.get("type") != "labels" or name not in CONTROLS:
        return None  # a control that somebody added to the interface
    return _read_region(key, value, CONTROLS[name], where, edited)


def _read_relation(item: dict[str, Any], where: str, edited: Edited) -> str | None:
    source, target, labels = item.get("from_id"), item.get("to_id"), item.get("labels") or [""]
    if not isinstance(source, str) or not isinstance(target, str) or not isinstance(labels, list) or not isinstance(labels[0], str):
        return "is not a relation between two regions"
    edited.links.append(Link(source, target, labels[0], where))
    return None


def _read_region(key: str, value: dict[str, Any], layer: Layer, where: str, edited: Edited) -> str | None:
    labels, start, end, text = value.get("labels"), value.get("start"), value.get("end"), edited.text or ""
    if not isinstance(labels, list) or len(labels) != 1 or not isinstance(labels[0], str):
        return "must have exactly one label"
    if isinstance(start, bool) or isinstance(end, bool) or not isinstance(start, int) or not isinstance(end, int):
        return "has no start and end"
    words = value.get("text")
    place: tuple[int, int] | None = (start, end)
    if isinstance(words, str) and not _says(text, start, end, words):
        place = _code_points(text, start, end)  # older versions count the units of UTF-16
        if place is None or not _says(text, *place, words):
            return f"has {plain(words)[:60]!r} where the article has {plain(text[max(0, start) : max(0, end)])[:60]!r}"
    assert place is not None
    edited.marks.append(Mark(key, layer, *place, labels[0], "", where))
    return None


def _says(text: str, start: int, end: int, words: str) -> bool:
    return 0 <= start < end and text[start:end].split() == words.replace("\\n", " ").split()


def _code_points(text: str, start: int, end: int) -> tuple[int, int] | None:
    units = text.encode("utf-16-le")
    if not 0 <= start < end <= len(units) // 2:
        return None
    before, inside = units[: 2 * start].decode("utf-16-le", "ignore"), units[2 * start : 2 * end].decode("utf-16-le", "ignore")
    return len(before), len(before) + len(inside)
