"""WebAnno TSV 3.3, which INCEpTION imports and exports: a .tsv an article, and `layers.json` with the layers that a project needs.

A layer for names (`label`, `entity`), one for pieces of quotes, speakers and cues (`label`, `entity`), one for the links between these
(`role`), and one for passages (`role`). Offsets count the units of UTF-16, as Java does. Text between sentences is not part of the
format: what comes back is compared token by token.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qantar.exchange.aligned_tokens import aligned_tokens, by_sentence, covered
from qantar.exchange.build_documents import BuildDocument
from qantar.exchange.edited_files import Found, document_of, line_place, lines_of, list_files, plain
from qantar.exchange.formats import About
from qantar.exchange.marked_text import LABELS, ROLES, Edited, Layer, Link, Mark, Marked, Refused, marks_of
from qantar.exchange.utf16_places import to_units
from qantar.schema import Token

FORMAT = "#FORMAT=WebAnno TSV 3.3"
NAMES, QUOTES, PASSAGES, LINKS = (f"webanno.custom.Qantar{name}" for name in ("Name", "Quote", "Passage", "Link"))
COLUMNS = {NAMES: ("entity", "label"), PASSAGES: ("label",), QUOTES: ("entity", "label")}
"""The span layers with their features, in the order of the columns."""
HEADER = [
    FORMAT,
    *(f"#T_SP={name}|{'|'.join(features)}" for name, features in COLUMNS.items()),
    f"#T_RL={LINKS}|role|BT_{QUOTES}",
]
LAYERS = "layers.json"
SUFFIXES = (".tsv",)
_RESERVED = {"\\": "\\\\", "[": "\\[", "]": "\\]", "|": "\\|", "_": "\\_", "->": "\\->", ";": "\\;", "\t": "\\t", "\n": "\\n", "*": "\\*"}
_ESCAPE = re.compile("|".join(map(re.escape, _RESERVED)))
_UNESCAPE = re.compile(r"\\(->|.)", re.DOTALL)
_STACKED = re.compile(r"(?<!\\)\|")
_WITH_ID = re.compile(r"(?P<value>.*?)(?<!\\)\[(?P<id>\d{1,9})\]", re.DOTALL)
_SOURCE = re.compile(r"(?P<unit>\d{1,9}-\d{1,9}(?:\.\d{1,9})?)(?:\[(?P<one>\d{1,9})(?:_(?P<other>\d{1,9}))?\])?")
_UNIT = re.compile(r"\d{1,9}-\d{1,9}(\.\d{1,9})?")
_PLACES = re.compile(r"(\d{1,9})-(\d{1,9})")


def write(documents: Iterable[BuildDocument], destination: Path, about: About) -> None:
    """Write a folder of .tsv files and the layers."""
    for document in documents:
        lines = [*HEADER, "", ""]
        for sentence in _sentences(document, marks_of(document)):
            lines += [*sentence, ""]
        (destination / f"{document.document_id}.tsv").write_text("\n".join(lines), "utf-8", newline="")
    (destination / LAYERS).write_text(json.dumps(layers(), ensure_ascii=False, indent=1) + "\n", "utf-8")


def _sentences(document: BuildDocument, marked: Marked) -> Iterator[list[str]]:
    text, tokens = document.text, aligned_tokens(document)
    sentences = [own for own in by_sentence(tokens, document.sentences) if own]
    units = {token.position: f"{s}-{n}" for s, own in enumerate(sentences, 1) for n, token in enumerate(own, 1)}
    table, units_of = _Table(marked, tokens, units), to_units(text)
    for own in sentences:
        lines = [f"#Text={_escaped_text(line)}" for line in text[own[0].start : own[-1].end].split("\n")]
        for token in own:
            columns = [units[token.position], f"{units_of(token.start)}-{units_of(token.end)}", token.text]
            lines.append("\t".join([*columns, *table.cells(token.position), ""]))
        yield lines


class _Table:
    """What the columns of the layers say of each token; `units` are the names of tokens in the file, by position."""

    def __init__(self, marked: Marked, tokens: Sequence[Token], units: Mapping[int, str]) -> None:
        self.units = units
        self.ids = {mark.key: n for n, mark in enumerate(marked.marks, 1)}
        self.first: dict[str, str] = {}
        """The unit that each mark begins at."""
        self.marks: dict[tuple[int, str], list[Mark]] = defaultdict(list)
        """The marks of a layer on each token."""
        for mark in marked.marks:
            begin, after = covered(tokens, mark.start, mark.end)
            self.first[mark.key] = units[begin]
            for n in range(begin, after):
                self.marks[n, _LAYER_OF[mark.layer]].append(mark)
        self.links: dict[str, list[Link]] = defaultdict(list)
        """The links to each mark."""
        for link in marked.links:
            self.links[link.target].append(link)

    def cells(self, position: int) -> list[str]:
        """The columns of a token behind its words."""
        spans = [self._cell(self.marks[position, name], feature) for name, features in COLUMNS.items() for feature in features]
        begun = [mark for mark in self.marks[position, QUOTES] if self.first[mark.key] == self.units[position]]
        drawn = [link for mark in begun for link in self.links[mark.key]]
        roles = "|".join(_escaped(link.role) for link in drawn)
        sources = "|".join(f"{self.first[link.source]}[{self.ids[link.source]}_{self.ids[link.target]}]" for link in drawn)
        return [*spans, roles or "_", sources or "_"]

    def _cell(self, marks: list[Mark], feature: str) -> str:
        """What a token's marks of one layer say of one feature."""
        return "|".join(f"{_escaped(getattr(mark, feature)) or '*'}[{self.ids[mark.key]}]" for mark in marks) or "_"


_LAYER_OF: dict[Layer, str] = {"name": NAMES, "quote": QUOTES, "part": QUOTES, "passage": PASSAGES}


def _escaped(value: str) -> str:
    return _ESCAPE.sub(lambda match: _RESERVED[match.group()], value)


def _unescaped(value: str) -> str:
    return _UNESCAPE.sub(lambda match: {"t": "\t", "n": "\n"}.get(match[1], match[1]), value)


def _escaped_text(line: str) -> str:
    return line.replace("\\", "\\\\").replace("\t", "\\t").replace("\r", "\\r").replace("\f", "\\f").replace("\b", "\\b")


def layers() -> list[dict[str, Any]]:
    """The layers as INCEpTION's project settings import them."""
    labels = {NAMES: LABELS["name"], QUOTES: (*LABELS["quote"], *LABELS["part"]), PASSAGES: LABELS["passage"]}
    titles = {NAMES: "Name", QUOTES: "Quote, speaker, cue", PASSAGES: "Passage"}
    spans = [
        _layer(name, titles[name], "span", [_feature(f, labels[name] if f == "label" else ()) for f in features], anchoring_mode="TOKENS")
        for name, features in COLUMNS.items()
    ]
    link = _layer(LINKS, "Link of a quote", "relation", [_feature("role", ROLES)], attach_type={"name": QUOTES}, anchoring_mode="TOKENS")
    return [*spans, link]


def _layer(name: str, title: str, kind: str, features: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "uiName": f"Qantar: {title}",
        "type": kind,
        "enabled": True,
        "built_in": False,
        "readonly": False,
        "attach_type": None,
        "attach_feature": None,
        "allow_stacking": True,
        "cross_sentence": True,
        "show_hover": True,
        "overlap_mode": "ANY_OVERLAP",
        "validation_mode": "ALWAYS",
        "lock_to_token_offset": False,
        "multiple_tokens": True,
        "linked_list_behavior": False,
        **more,
        "features": features,
    }


def _feature(name: str, values: Sequence[str]) -> dict[str, Any]:
    named = f"Qantar: {', '.join(values[:2])} …"
    tags = {"name": named, "language": "en", "create_tag": False, "tags": [{"tag_name": value} for value in values]}
    return {
        "name": name,
        "uiName": name,
        "type": "uima.cas.String",
        "enabled": True,
        "visible": True,
        "required": False,
        "remember": False,
        "multi_value_mode": "NONE",
        "link_mode": "NONE",
        "curatable": True,
        "tag_set": tags if values else None,
    }


# --- back ----------------------------------------------------------------------------------------------------------


def read(source: Path) -> Iterator[Edited | Refused]:
    """The articles of a .tsv, or of a folder or .zip of them; of an exported project the curated ones, or those of its only annotator."""
    found: dict[str, list[Found]] = defaultdict(list)
    for file in list_files(source, SUFFIXES):
        if isinstance(file, Refused):
            yield file
        elif (document_id := document_of(file.name)) is None:
            yield Refused(file.name, "is not named after an article; keep the names that the files were exported with")
        else:
            found[document_id].append(file)
    for document_id, files in found.items():
        curated = [file for file in files if "curation" in Path(file.name).parts or Path(file.name).stem == "CURATION_USER"]
        chosen = curated or [file for file in files if Path(file.name).stem != "INITIAL_CAS"] or files
        if len(chosen) > 1:
            names = ", ".join(file.name for file in chosen[:5])
            yield Refused(
                files[0].name, f"document {document_id} has several annotators ({names}); import the curated file, or one of them"
            )
            continue
        yield _read_file(chosen[0], document_id)


@dataclass
class _Annotation:
    """A span while its tokens are read."""

    start: int
    end: int
    values: dict[str, str]
    unit: str
    where: str


@dataclass
class _Reading:
    """One file while it is read; columns are found by the layers that its header names."""

    edited: Edited
    columns: list[tuple[str, str]] = field(default_factory=list)
    named: dict[tuple[str, int], _Annotation] = field(default_factory=dict)
    unnamed: dict[tuple[str, str], list[_Annotation]] = field(default_factory=lambda: defaultdict(list))
    drawn: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Links: role, source, unit of the target, where."""
    tokens: list[tuple[int, int, str, str]] = field(default_factory=list)


def _read_file(file: Found, document_id: str) -> Edited:
    reading = _Reading(Edited(document_id, file.name, None, in_utf16=True))
    in_header, refused = True, reading.edited.refused
    for line in lines_of(file):
        if isinstance(line, Refused):
            refused.append(line)
            break
        number, content = line
        where = line_place(file.name, number)
        if number == 1 and not content.startswith("#FORMAT=WebAnno TSV 3."):
            refused.append(Refused(where, f"is {plain(content)[:40]!r}, not {FORMAT}; export as WebAnno TSV v3.3"))
            break
        if in_header and content.startswith(("#T_SP=", "#T_RL=", "#T_CH=")):
            name, *features = content.partition("=")[2].split("|")
            reading.columns += [(name, feature) for feature in features or [""]]
        elif content and not content.startswith("#"):
            in_header = False
            if trouble := _read_token(content.split("\t"), where, reading):
                refused.append(Refused(where, trouble))
    if not refused and (lacking := set(COLUMNS) - {NAMES, PASSAGES} - {name for name, _ in reading.columns}):
        refused.append(Refused(file.name, f"has no layer {', '.join(sorted(lacking))}; was it exported by Qantar?"))
    return _finished(reading)


def _read_token(cells: list[str], where: str, reading: _Reading) -> str | None:
    places = _PLACES.fullmatch(cells[1]) if len(cells) > 2 else None
    if places is None or not _UNIT.fullmatch(cells[0]):
        return f"is not a token: {plain(' '.join(cells))[:60]!r}"
    values = cells[3:]
    if len(values) < len(reading.columns):
        return f"has {len(values)} columns; the header names {len(reading.columns)}"
    unit, start, end = cells[0], int(places[1]), int(places[2])
    reading.tokens.append((start, end, cells[2], where))
    at = 0
    while at < len(reading.columns):
        name = reading.columns[at][0]
        width = sum(other == name for other, _ in reading.columns[at:])
        features, own = [feature for _, feature in reading.columns[at : at + width]], values[at : at + width]
        at += width
        if own[0] == "_" or name not in (*COLUMNS, LINKS):
            continue
        stacks = [_STACKED.split(value) for value in own]
        if len({len(stack) for stack in stacks}) > 1:
            return f"its columns of {name} have different numbers of annotations"
        for stacked in zip(*stacks, strict=True):
            if name == LINKS:
                reading.drawn.append((_unescaped(stacked[0]), stacked[-1], unit, where))
            else:
                _read_span(name, dict(zip(features, stacked, strict=True)), unit, (start, end), where, reading)
    return None


def _read_span(name: str, values: Mapping[str, str], unit: str, place: tuple[int, int], where: str, reading: _Reading) -> None:
    number, plainly = None, {}
    for feature, value in values.items():
        match = _WITH_ID.fullmatch(value)
        if match:
            number, value = int(match["id"]), match["value"]
        plainly[feature] = "" if value == "*" else _unescaped(value)
    known = reading.named.get((name, number)) if number is not None else None
    if known is not None:
        known.start, known.end = min(known.start, place[0]), max(known.end, place[1])
        return
    made = _Annotation(*place, plainly, unit, where)
    if number is None:
        reading.unnamed[name, unit].append(made)
    else:
        reading.named[name, number] = made


def _finished(reading: _Reading) -> Edited:
    """The marks and links of a file; offsets are still those of UTF-16, `settle_places` turns them."""
    edited = reading.edited
    by_number: dict[int, str] = {}
    at_unit: dict[str, list[str]] = defaultdict(list)
    every = [(name, number, made) for (name, number), made in reading.named.items()]
    every += [(name, 0, made) for (name, _), several in reading.unnamed.items() for made in several]
    for n, (name, number, made) in enumerate(every):
        label, key = made.values.get("label", ""), f"a{n}"
        edited.marks.append(Mark(key, _layer_of(name, label), made.start, made.end, label, made.values.get("entity", ""), made.where))
        if name == QUOTES:
            by_number[number] = key
            at_unit[made.unit].append(key)
    by_number.pop(0, None)

    def end(number: str | None, unit: str) -> str | None:
        """The mark at one end of a link: that of a number, else the only one that begins at a unit."""
        only = at_unit[unit][0] if len(at_unit[unit]) == 1 else None
        return by_number.get(int(number), only) if number else only

    for role, source, unit, where in reading.drawn:
        match = _SOURCE.fullmatch(source)
        one, other = (end(match["one"], match["unit"]), end(match["other"], unit)) if match else (None, None)
        if one and other:
            edited.links.append(Link(one, other, role, where))
        else:
            edited.refused.append(Refused(where, f"links from {plain(source)[:40]!r}, where no quote, speaker or cue is annotated"))
    edited.tokens = reading.tokens
    return edited


def _layer_of(name: str, label: str) -> Layer:
    if name == NAMES:
        return "name"
    if name == PASSAGES:
        return "passage"
    return "part" if label in LABELS["part"] else "quote"
