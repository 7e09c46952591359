"""People at work in annotation tools: each edits an exported article as its tool would, and knows nothing of how Qantar reads it back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Protocol

Span = tuple[int, int]


class Annotator(Protocol):
    """One article open in a tool."""

    folder: Path

    def relabel(self, span: Span, label: str) -> None:
        """Give what is marked there another label."""

    def move(self, span: Span, to: Span) -> None:
        """Mark other words instead."""

    def add(self, span: Span, label: str) -> None:
        """Mark words."""

    def delete(self, span: Span) -> None:
        """Take a mark away."""

    def speaks(self, quote: Span, speaker: Span) -> None:
        """Link a quote to another speaker."""

    def name(self, span: Span, entity: str) -> None:
        """Say which entity is meant."""


class InBrat:
    """brat: lines of a .ann file."""

    def __init__(self, folder: Path, document_id: str) -> None:
        self.folder, self.path = folder, folder / f"{document_id}.ann"
        self.text = (folder / f"{document_id}.txt").read_text("utf-8")
        self.lines = self.path.read_text("utf-8").splitlines()

    def _find(self, span: Span) -> int:
        (found,) = (n for n, line in enumerate(self.lines) if re.match(rf"T\d+\t\S+ {span[0]} (.* )?{span[1]}\t", line))
        return found

    def _save(self) -> None:
        self.path.write_text("\n".join(self.lines) + "\n", "utf-8")

    def _new(self, label: str, span: Span) -> str:
        key = f"T{1 + max(int(line[1:].split(chr(9))[0]) for line in self.lines if line.startswith('T'))}"
        self.lines.append(f"{key}\t{self._type(label)} {span[0]} {span[1]}\t{self.text[slice(*span)]}")
        return key

    @staticmethod
    def _type(label: str) -> str:
        return f"quote_{label}" if label in ("direct", "mixed", "indirect", "block", "unattributed") else label

    def relabel(self, span: Span, label: str) -> None:
        n = self._find(span)
        self.lines[n] = re.sub(r"\t\S+ ", f"\t{self._type(label)} ", self.lines[n], count=1)
        self._save()

    def move(self, span: Span, to: Span) -> None:
        n = self._find(span)
        head = self.lines[n].split(" ")[0]
        self.lines[n] = f"{head} {to[0]} {to[1]}\t{self.text[slice(*to)]}"
        self._save()

    def add(self, span: Span, label: str) -> None:
        self._new(label, span)
        self._save()

    def delete(self, span: Span) -> None:
        key = self.lines.pop(self._find(span)).split("\t")[0]
        self.lines = [line for line in self.lines if not re.search(rf"\b{key}\b", line)]
        self._save()

    def speaks(self, quote: Span, speaker: Span) -> None:
        key = self.lines[self._find(quote)].split("\t")[0]
        new = self._new("speaker", speaker)
        self.lines = [re.sub(rf"(speaker Arg1:{key} Arg2:)T\d+", rf"\g<1>{new}", line) for line in self.lines]
        self._save()

    def name(self, span: Span, entity: str) -> None:
        key = self.lines[self._find(span)].split("\t")[0]
        self.lines = [line for line in self.lines if not re.match(rf"#\d+\tAnnotatorNotes {key}\t", line)]
        self.lines.append(f"#99\tAnnotatorNotes {key}\tentity={entity}")
        self._save()


class InLabelStudio:
    """Label Studio: the JSON that it exports once a person has submitted what was predicted."""

    def __init__(self, folder: Path, document_id: str) -> None:
        self.folder = folder
        self.tasks = json.loads((folder / "tasks.json").read_text("utf-8"))
        for task in self.tasks:
            prediction = task.pop("predictions")[0]
            task["annotations"] = [{"id": 1, "completed_by": 1, "was_cancelled": False, "result": prediction["result"]}]
        (self.task,) = (task for task in self.tasks if task["data"]["document_id"] == document_id)
        self.text = self.task["data"]["text"]
        self.made = 0
        (folder / "labels.xml").unlink()
        self._save()

    @property
    def result(self) -> list[dict[str, Any]]:
        """The regions and relations of the article."""
        found: list[dict[str, Any]] = self.task["annotations"][0]["result"]
        return found

    def _save(self) -> None:
        (self.folder / "tasks.json").write_text(json.dumps(self.tasks), "utf-8")

    def _find(self, span: Span) -> dict[str, Any]:
        (found,) = (r for r in self.result if r["type"] == "labels" and (r["value"]["start"], r["value"]["end"]) == span)
        return found

    def _new(self, control: str, label: str, span: Span) -> str:
        self.made += 1
        key = f"new{self.made}"
        value = {"start": span[0], "end": span[1], "text": self.text[slice(*span)], "labels": [label]}
        self.result.append({"id": key, "from_name": control, "to_name": "text", "type": "labels", "value": value})
        return key

    def relabel(self, span: Span, label: str) -> None:
        self._find(span)["value"]["labels"] = [label]
        self._save()

    def move(self, span: Span, to: Span) -> None:
        self._find(span)["value"].update(start=to[0], end=to[1], text=self.text[slice(*to)])
        self._save()

    def add(self, span: Span, label: str) -> None:
        self._new("quotes" if label.islower() else "names", label, span)
        self._save()

    def delete(self, span: Span) -> None:
        key = self._find(span)["id"]
        self.result[:] = [r for r in self.result if key not in (r.get("id"), r.get("from_id"), r.get("to_id"))]
        self._save()

    def speaks(self, quote: Span, speaker: Span) -> None:
        key, new = self._find(quote)["id"], self._new("parts", "speaker", speaker)
        (link,) = (r for r in self.result if r["type"] == "relation" and (r["from_id"], r["labels"]) == (key, ["speaker"]))
        link["to_id"] = new
        self._save()

    def name(self, span: Span, entity: str) -> None:
        region = self._find(span)
        self.result[:] = [r for r in self.result if (r.get("id"), r["type"]) != (region["id"], "textarea")]
        self.result.append({"id": region["id"], "from_name": "entity", "to_name": "text", "type": "textarea", "value": {"text": [entity]}})
        self._save()


class InInception:
    """INCEpTION: cells of a WebAnno TSV. Columns: names 3 and 4, passages 5, quotes 6 and 7, links 8 and 9."""

    def __init__(self, folder: Path, document_id: str) -> None:
        self.folder, self.path = folder, folder / f"{document_id}.tsv"
        self.rows = [line.split("\t") for line in self.path.read_text("utf-8").split("\n")]

    def _save(self) -> None:
        self.path.write_text("\n".join("\t".join(row) for row in self.rows), "utf-8")

    def _tokens(self, span: Span) -> list[list[str]]:
        tokens = [row for row in self.rows if re.match(r"\d+-\d+$", row[0])]
        places = [tuple(map(int, row[1].split("-"))) for row in tokens]
        return [row for row, (start, end) in zip(tokens, places, strict=True) if span[0] <= start and end <= span[1]]

    def _id(self, span: Span) -> tuple[int, str]:
        """The columns and the number of what is marked exactly there."""
        for column in (4, 7):
            for number in re.findall(r"\[(\d+)\]", self._tokens(span)[0][column]):
                spread = [row for row in self.rows if len(row) > 7 and f"[{number}]" in row[column]]
                ends = int(spread[0][1].split("-")[0]), int(spread[-1][1].split("-")[1])
                if ends == span:
                    return column, number
        raise LookupError(span)

    def _new(self, column: int, label: str, span: Span, number: str = "") -> tuple[str, str]:
        number = number or str(1 + max(int(n) for row in self.rows for cell in row[3:8] for n in re.findall(r"\[(\d+)\]", cell)))
        for row in self._tokens(span):
            for at, value in ((column - 1, "*"), (column, label)):
                row[at] = f"{value}[{number}]" if row[at] == "_" else f"{row[at]}|{value}[{number}]"
        return self._tokens(span)[0][0], number

    def _drop(self, column: int, number: str) -> None:
        for row in self.rows:
            for at in (column - 1, column):
                if len(row) > 7 and f"[{number}]" in row[at]:
                    row[at] = "|".join(cell for cell in row[at].split("|") if f"[{number}]" not in cell) or "_"

    def relabel(self, span: Span, label: str) -> None:
        column, number = self._id(span)
        for row in self.rows:
            if len(row) > 7:
                row[column] = re.sub(rf"(^|\|)[^|]*\[{number}\]", rf"\g<1>{label}[{number}]", row[column])
        self._save()

    def move(self, span: Span, to: Span) -> None:
        column, number = self._id(span)
        label = next(m[1] for m in re.finditer(rf"([^|]*)\[{number}\]", self._tokens(span)[0][column]))
        self._drop(column, number)
        self._new(column, label, to, number)
        self._save()

    def add(self, span: Span, label: str) -> None:
        self._new(7 if label.islower() else 4, label, span)
        self._save()

    def delete(self, span: Span) -> None:
        column, number = self._id(span)
        self._drop(column, number)
        for row in self.rows:  # its links go with it
            if len(row) > 9 and row[9] != "_" and column == 7:
                kept = [
                    (a, b)
                    for a, b in zip(row[8].split("|"), row[9].split("|"), strict=True)
                    if number not in re.findall(r"\d+", b.partition("[")[2])
                ]
                row[8], row[9] = "|".join(a for a, _ in kept) or "_", "|".join(b for _, b in kept) or "_"
        self._save()

    def speaks(self, quote: Span, speaker: Span) -> None:
        _, number = self._id(quote)
        first = self._tokens(quote)[0][0]
        for row in self.rows:
            if len(row) > 9 and row[9] != "_":
                pairs = list(zip(row[8].split("|"), row[9].split("|"), strict=True))
                kept = [(role, source) for role, source in pairs if not (role == "speaker" and f"[{number}_" in source)]
                row[8], row[9] = "|".join(a for a, _ in kept) or "_", "|".join(b for _, b in kept) or "_"
        unit, new = self._new(7, "speaker", speaker)
        (row,) = (row for row in self.rows if row[0] == unit)
        for at, value in ((8, "speaker"), (9, f"{first}[{number}_{new}]")):
            row[at] = value if row[at] == "_" else f"{row[at]}|{value}"
        self._save()

    def name(self, span: Span, entity: str) -> None:
        column, number = self._id(span)
        for row in self.rows:
            if len(row) > 7:
                row[column - 1] = re.sub(rf"(^|\|)[^|]*\[{number}\]", rf"\g<1>{entity}[{number}]", row[column - 1])
        self._save()


ANNOTATORS: dict[str, type[Any]] = {"brat": InBrat, "label-studio": InLabelStudio, "webanno": InInception}
