"""brat's standoff format: for each article a .txt and a .ann, and the configuration that brat shows them with.

Names and pieces of quotes are text-bound annotations; a quote of several pieces is one with several fragments. Its speaker and cue are
relations; the id of an entity is a note (`entity=…`) of the name, or of the quote for its speaker. brat wants no fragment to cross a
line, so that a span is cut at line breaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from qantar.exchange.build_documents import BuildDocument
from qantar.exchange.edited_files import Found, document_of, line_place, lines_of, list_files, plain
from qantar.exchange.formats import About
from qantar.exchange.marked_text import BODY, CONTINUES, CUE, LABELS, SPEAKER, Edited, Layer, Link, Mark, Marked, Refused, joined, marks_of

SUFFIXES = (".ann", ".txt")
_SPAN = re.compile(r"(?P<type>\S{1,60}) (?P<places>\d{1,9} \d{1,9}(?:;\d{1,9} \d{1,9})*)")
_RELATION = re.compile(r"(?P<role>\S{1,60}) Arg1:(?P<one>T\d{1,9}) Arg2:(?P<other>T\d{1,9})\s*")
_NOTE = re.compile(r"\S{1,60} (?P<of>[A-Z]\d{1,9})")
_ENTITY = re.compile(r"\s*entity\s*=\s*(?P<entity>\S*)\s*")
_QUOTE, _PASSAGE = "quote_", "passage_"
_OTHERS = re.compile(r"[ENAM*]")
"""Lines of kinds that Qantar does not write: events, normalizations, attributes, equivalences."""


def write(documents: Iterable[BuildDocument], destination: Path, about: About) -> None:
    """Write a folder of .txt and .ann files that brat opens as a collection."""
    for document in documents:
        base = destination / document.document_id
        base.with_suffix(".txt").write_text(document.text, "utf-8", newline="")
        base.with_suffix(".ann").write_text("".join(f"{line}\n" for line in _lines(marks_of(document))), "utf-8", newline="")
    names = "\n".join(LABELS["name"])
    quotes = "\n".join(f"{_QUOTE}{kind}" for kind in LABELS["quote"])
    passages = "\n".join(f"{_PASSAGE}{role}" for role in LABELS["passage"])
    every = "|".join(f"{_QUOTE}{kind}" for kind in LABELS["quote"])
    (destination / "annotation.conf").write_text(
        f"[entities]\n{names}\n{quotes}\n{SPEAKER}\n{CUE}\n{passages}\n\n[relations]\n{SPEAKER}\tArg1:{every}, Arg2:{SPEAKER}\n"
        f"{CUE}\tArg1:{every}, Arg2:{CUE}\n<OVERLAP>\tArg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>\n\n[events]\n\n[attributes]\n",
        "utf-8",
    )
    labels = "\n".join(f"{name} | {name.removeprefix(_QUOTE)}" for name in quotes.split("\n"))
    (destination / "visual.conf").write_text(
        f"[labels]\n{labels}\n\n[drawing]\nSPAN_DEFAULT\tbgColor:#d9e8f5\nARC_DEFAULT\tcolor:black\n", "utf-8"
    )


def _lines(marked: Marked) -> Iterator[str]:
    """The lines of a .ann file."""
    text, chains = marked.text, _chains(marked)
    number = {chain[0].key: n for n, chain in enumerate(chains, 1)}
    for mark, *more in chains:
        pieces = [piece for one in (mark, *more) for piece in _on_lines(text, one.start, one.end)]
        places = ";".join(f"{start} {end}" for start, end in pieces)
        words = " ".join(text[start:end] for start, end in pieces)
        yield f"T{number[mark.key]}\t{_type(mark)} {places}\t{words}"
    relations = [link for link in marked.links if link.role != CONTINUES]
    for n, link in enumerate(relations, 1):
        yield f"R{n}\t{link.role} Arg1:T{number[link.source]} Arg2:T{number[link.target]}\t"
    notes = [chain[0] for chain in chains if chain[0].entity]
    for n, mark in enumerate(notes, 1):
        yield f"#{n}\tAnnotatorNotes T{number[mark.key]}\tentity={mark.entity}"


def _chains(marked: Marked) -> list[list[Mark]]:
    """The marks in their order, each with those that continue it."""
    following = {link.source: link.target for link in marked.links if link.role == CONTINUES}
    marks, inner = {mark.key: mark for mark in marked.marks}, set(following.values())
    chains = [[mark] for mark in marked.marks if mark.key not in inner]
    for chain in chains:
        while chain[-1].key in following:
            chain.append(marks[following[chain[-1].key]])
    return chains


def _type(mark: Mark) -> str:
    return {"quote": _QUOTE, "passage": _PASSAGE}.get(mark.layer, "") + mark.label


def _on_lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span cut at line breaks."""
    for match in re.finditer(r"[^\n]+", text[start:end]):
        words = match.group()
        if words.strip():
            lead = len(words) - len(words.lstrip())
            yield start + match.start() + lead, start + match.start() + len(words.rstrip())


# --- back ----------------------------------------------------------------------------------------------------------


def read(source: Path) -> Iterator[Edited | Refused]:
    """The articles of a folder or .zip of .ann files, each with its .txt if that is there."""
    texts: dict[str, str] = {}
    found: list[Found] = []
    for file in list_files(source, SUFFIXES):
        if isinstance(file, Refused):
            yield file
        elif file.name.lower().endswith(".txt"):
            texts[file.name[:-4]] = file.text
        else:
            found.append(file)
    for file in found:
        document_id = document_of(file.name)
        if document_id is None:
            yield Refused(file.name, "is not named after an article; keep the names that the files were exported with")
            continue
        edited = Edited(document_id, file.name, texts.get(file.name[:-4]))
        _read_lines(file, edited)
        yield edited


def _read_lines(file: Found, edited: Edited) -> None:
    entities: dict[str, str] = {}
    for line in lines_of(file):
        if isinstance(line, Refused):
            edited.refused.append(line)
            return
        number, content = line
        where = line_place(file.name, number)
        if content.strip() and (trouble := _read_line(content, where, edited, entities)):
            edited.refused.append(Refused(where, trouble))
    edited.marks = [mark._replace(entity=entities.get(mark.key.partition(".")[0], "")) for mark in edited.marks]


def _read_line(content: str, where: str, edited: Edited, entities: dict[str, str]) -> str | None:
    """Read one line; returns why it cannot be used."""
    key, tab, rest = content.partition("\t")
    if _OTHERS.match(key):
        return None
    if key[:1] == "T" and tab:
        return _text_bound(key, rest, where, edited)
    if key[:1] == "R" and tab:
        return _relation(rest, where, edited)
    if key[:1] == "#" and tab:
        return _note(rest, entities)
    return f"is not a line of a .ann file: {plain(content)[:60]!r}"


def _note(rest: str, entities: dict[str, str]) -> str | None:
    head, _, note = rest.partition("\t")
    match = _NOTE.fullmatch(head)
    if match is None:
        return "is not a brat note"
    if given := _ENTITY.fullmatch(note):
        entities[match["of"]] = given["entity"]
    return None


def _text_bound(key: str, rest: str, where: str, edited: Edited) -> str | None:
    head, _, words = rest.partition("\t")
    match = _SPAN.fullmatch(head)
    if match is None:
        return f"is not an annotation of text: {plain(head)[:60]!r}"
    layer, label = _layer(match["type"])
    if layer is None:
        return f"has the type {plain(match['type'])!r}, which is not in annotation.conf"
    spans = [(int(start), int(end)) for start, end in (place.split(" ") for place in match["places"].split(";"))]
    text = edited.text
    if text is not None:
        there = " ".join(text[start:end] for start, end in spans)
        if there.split() != words.split():
            return f"has {plain(words)[:60]!r} where the article has {plain(there)[:60]!r}"
        spans = list(joined(spans, text))
    if layer != "quote" and len(spans) > 1:
        return "has several pieces; only a quote may have them"
    for n, (start, end) in enumerate(spans):
        edited.marks.append(Mark(f"{key}.{n}", layer, start, end, label, "", where))
        if n:
            edited.links.append(Link(f"{key}.{n - 1}", f"{key}.{n}", CONTINUES, where))
    return None


def _layer(name: str) -> tuple[Layer | None, str]:
    for layer, prefix in (("quote", _QUOTE), ("passage", _PASSAGE)):
        if name.startswith(prefix) and name.removeprefix(prefix) in (*LABELS[layer], BODY):  # type: ignore[index]
            return layer, name.removeprefix(prefix)  # type: ignore[return-value]
    if name in (SPEAKER, CUE):
        return "part", name
    return ("name", name) if name in LABELS["name"] else (None, "")


def _relation(rest: str, where: str, edited: Edited) -> str | None:
    match = _RELATION.fullmatch(rest)
    if match is None:
        return f"is not a relation between two annotations: {plain(rest)[:60]!r}"
    edited.links.append(Link(f"{match['one']}.0", f"{match['other']}.0", match["role"], where))
    return None
