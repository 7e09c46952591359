"""How right a build is on annotated news outside the corpus: precision, recall and F1, printed as a Markdown table.

    python -m benchmarks.accuracy spans FILE.jsonl [--keep FOLDER] [--workers N]
    python -m benchmarks.accuracy attributions TEXT_DIR ANN_DIR [--keep FOLDER] [--workers N]

The texts are written to a folder of their own and built as any corpus is, by the flow of `qantar build`. With --keep, that folder
(raw/ and processed/) stays. Texts that the build rejects count as texts in which nothing was found, and are named.

`spans`: JSON lines {"name", "text", "sentences": [[start, end]], "entities": [[start, end, label]]}, with either or both of the last
two, as English Worldwide Newswire and GUM's running text can be written. Right is the same span with the same label; labels other
than PERSON, ORG, NORP, DATE and those of places (GPE, LOC, FAC: one label) are left out. Qantar marks "today" and "last week" as
dates, which English Worldwide Newswire does not: one line leaves such dates out on both sides.

`attributions`: TEXT_DIR/NAME.txt with brat's ANN_DIR/NAME_ANNOTATOR.ann, as in PolNeAR; the first annotator of each counts. A quote is
right when it shares at least half of its visible characters (Jaccard) with the content of an attribution.

Offsets count code points of the raw text, ends are exclusive.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import numpy as np

from qantar.quality.intervals import f1, interval, precision, recall
from qantar.quality.scoring import Annotated, Places, Row, Score, Span, matched, segments_of
from qantar.schema import TABLES
from qantar.service.prefect_settings import configure_prefect
from qantar.settings import Settings
from qantar.store.parquet import batches
from qantar.text.lexicon import read_toml

Attribution: TypeAlias = dict[str, list[Span]]
"""The pieces of an attribution's "source", "cue" and "content"."""

LABELS = ("DATE", "NORP", "ORG", "PERSON", "PLACE")
_ONE_PLACE = {"GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE"}
_MARKS = frozenset('"“”«»')
_FAMILIES = (("quotation-marked", True, {"direct", "mixed"}), ("indirect", False, {"indirect", "block"}))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    spans, attributions = kinds.add_parser("spans"), kinds.add_parser("attributions")
    spans.add_argument("file", type=Path)
    attributions.add_argument("texts", type=Path)
    attributions.add_argument("annotations", type=Path)
    for command in (spans, attributions):
        command.add_argument("--keep", type=Path, help="a folder for the texts and their build, to stay")
        command.add_argument("--workers", type=int, default=Settings().workers)
    options = parser.parse_args()
    if options.keep and options.keep.exists():
        parser.error(f"{options.keep} exists: other texts there would be built with these; name a new folder")
    with tempfile.TemporaryDirectory() as temporary:
        work = options.keep or Path(temporary)
        score = Score()
        if options.kind == "spans":
            golds = {gold["name"]: gold for gold in read_spans(options.file)}
            found = build({name: gold["text"] for name, gold in golds.items()}, work, options.workers)
            for name, gold in golds.items():
                score_spans(name, gold, found[name], score)
        else:
            annotated = read_attributions(options.annotations)
            raw = {name: (options.texts / f"{name}.txt").read_bytes().decode("utf-8") for name in annotated}
            found = build(raw, work, options.workers)
            for name, attributed in annotated.items():
                score_attributions(name, raw[name], attributed, found[name], score)
    print(markdown(score))


def build(texts: dict[str, str], work: Path, workers: int) -> dict[str, dict[str, list[Row]]]:
    """Write the texts to `work`/raw, build them, and read what the build says of each: rows of blocks, sentences, mentions, quotes."""
    out = build_corpus(texts, work, workers)
    names = {row["document_id"]: Path(row["source_path"]).stem for row in rows_of_build(out / "latest", "documents")}
    missing = sorted(texts.keys() - names.values())
    print(f"{len(texts)} texts" + (f", of which these are not in the build: {', '.join(missing)}" if missing else ""))
    found: dict[str, dict[str, list[Row]]] = {name: defaultdict(list) for name in texts}
    for table in ("blocks", "sentences", "mentions", "quotes"):
        for row in rows_of_build(out / "latest", table):
            if row["raw_start"] is not None:
                found[names[row["document_id"]]][table].append(row)
    return found


def build_corpus(texts: dict[str, str], work: Path, workers: int) -> Path:
    """Write each text to `work`/raw under its name and build them; the folder of builds, `work`/processed."""
    raw, out = work / "raw", work / "processed"
    raw.mkdir(parents=True)
    (raw / "corpus.toml").write_text("max_rejected = 1\n", "utf-8")
    for name, text in texts.items():
        (raw / f"{name}.txt").write_bytes(text.encode("utf-8"))  # bytes: no newline is translated, and offsets stay
    configure_prefect(out / ".prefect")
    from qantar.service.one_run import run_build

    print(run_build(Settings(raw=raw, out=out, workers=workers)).message, file=sys.stderr)
    return out


def rows_of_build(folder: Path, table: str) -> Iterable[Row]:
    """The rows of one table of a build."""
    return (row for batch in batches(folder, TABLES[table]) for row in batch.to_pylist())


# --- spans -------------------------------------------------------------------------------------------------------


def read_spans(path: Path) -> list[Row]:
    """The annotated texts of a file of JSON lines."""
    with path.open(encoding="utf-8", newline="\n") as lines:  # other ends of lines may stand in a text
        return [json.loads(line) for line in lines if line.strip()]


def score_spans(name: str, gold: Row, found: dict[str, list[Row]], score: Score) -> None:
    """Add what was found of one text's sentences and names: only the same span, and the same label, is right."""
    if gold.get("sentences"):
        want = {(start, end) for start, end in gold["sentences"]}
        got = {(row["raw_start"], row["raw_end"]) for row in found["sentences"]}
        score.add("sentences", (name, 0), len(want & got), len(got), len(want))
    if gold.get("entities") is not None:
        wanted = _labelled(gold["entities"])
        mine = _labelled((row["raw_start"], row["raw_end"], row["label"]) for row in found["mentions"])
        score.add("mentions", (name, 0), len(wanted & mine), len(mine), len(wanted))
        w, m = ({span for span in spans if span[2] != "DATE" or _is_dated(gold["text"][span[0] : span[1]])} for spans in (wanted, mine))
        score.add('mentions, "today" and the like left out', (name, 0), len(w & m), len(m), len(w))
        for label in LABELS:
            w, m = ({span for span in spans if span[2] == label} for spans in (wanted, mine))
            score.add(f"mentions {label}", (name, 0), len(w & m), len(m), len(w))


def _is_dated(expression: str) -> bool:
    """Whether a date is one wherever it is read: with digits, a month or a day of the week, and not "20 years ago"."""
    calendar = read_toml("calendar.toml")
    names = (name for kind in ("months", "month_abbreviations", "weekdays") for name in calendar[kind] if name)
    return not expression.endswith("ago") and (any(c.isdigit() for c in expression) or any(name in expression for name in names))


def _labelled(spans: Iterable[tuple[int, int, str]]) -> set[tuple[int, int, str]]:
    one = {(start, end, _ONE_PLACE.get(label, label)) for start, end, label in spans}
    return {span for span in one if span[2] in LABELS}


# --- attributions ------------------------------------------------------------------------------------------------


def read_attributions(folder: Path) -> dict[str, list[Attribution]]:
    """The attributions that have a content, by text; of several annotators of a text the first, by name."""
    paths: dict[str, Path] = {}
    for path in sorted(folder.glob("*.ann")):
        paths.setdefault(path.stem.rsplit("_", 1)[0], path)
    return {name: parse_brat(path.read_text("utf-8")) for name, path in paths.items()}


def parse_brat(annotations: str) -> list[Attribution]:
    """The events of a file of brat's standoff format: T lines are spans (pieces parted by ";"), E lines give them their roles.

    A role whose span is not in the file, as happens in PolNeAR, is left out.
    """
    spans: dict[str, list[Span]] = {}
    found: list[Attribution] = []
    for line in annotations.splitlines():
        if line.startswith("T"):
            key, place, *_ = line.split("\t")
            pieces = (piece.split() for piece in place.split(" ", 1)[1].split(";"))
            spans[key] = [(int(start), int(end)) for start, end in pieces]
        elif line.startswith("E"):
            roles: Attribution = {"source": [], "cue": [], "content": []}
            for argument in line.split("\t")[1].split():
                role, key = argument.split(":")
                if (role := role.rstrip("0123456789").lower()) in roles:  # Content1, Content2: pieces of one
                    roles[role] += spans.get(key, [])
            if roles["content"]:
                found.append({role: sorted(pieces) for role, pieces in roles.items()})
    return found


def score_attributions(name: str, raw: str, gold: list[Attribution], found: dict[str, list[Row]], score: Score) -> None:
    """Add what was found of one text's attributions, and with how many their source; without either's source, that is right too."""
    quotes = [quote for quote in found["quotes"] if quote["kind"] != "unattributed"]
    article = Annotated(name, {"boilerplate": []}, raw, found["blocks"], [], [], quotes)
    places = Places(article, article.paragraphs())
    theirs = [places.characters(attribution["content"]) for attribution in gold]
    mine = [places.characters(segments_of(quote, places)) for quote in quotes]
    pairs = matched(mine, theirs)
    sourced = {i for i, j in pairs.items() if _same(_speaker(quotes[i], places), places.characters(gold[j]["source"]))}
    all_mine, all_theirs = set[int]().union(*mine), set[int]().union(*theirs)
    score.add("content, by character", (name, 0), len(all_mine & all_theirs), len(all_mine), len(all_theirs))
    _add(name, "attributions", set(pairs), sourced, len(mine), len(gold), score)
    marked = [any(_MARKS & set(raw[max(0, a - 2) : b + 2]) for a, b in attribution["content"]) for attribution in gold]
    for family, has_marks, kinds in _FAMILIES:
        hits = {i for i, j in pairs.items() if marked[j] is has_marks}
        predicted = hits | {i for i, quote in enumerate(quotes) if quote["kind"] in kinds}
        _add(name, family, hits, hits & sourced, len(predicted), marked.count(has_marks), score)


def _add(name: str, layer: str, hits: set[int], sourced: set[int], n_predicted: int, n_gold: int, score: Score) -> None:
    score.add(layer, (name, 0), len(hits), n_predicted, n_gold)
    score.add(f"{layer} with their source", (name, 0), len(sourced), n_predicted, n_gold)


def _speaker(quote: Row, places: Places) -> set[int]:
    at = [] if quote["speaker_start"] is None else places.in_raw(quote["speaker_start"], quote["speaker_end"])
    return places.characters(at)


def _same(speaker: set[int], source: set[int]) -> bool:
    return bool(speaker & source) or not (speaker or source)


# --- figures -----------------------------------------------------------------------------------------------------


def markdown(score: Score) -> str:
    """The figures of all texts together as a table, a layer a line; n is how many the annotators marked; texts are resampled."""
    lines = ["| layer | P | R | F1 | 95 % | n |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for layer, by_text in score.counts.items():
        counts = np.array(list(by_text.values()))
        total = counts.sum(axis=0, keepdims=True)
        figures = [f"{figure(total)[0]:.3f}" for figure in (precision, recall, f1)]
        n = int(total[0, 3])
        low, high = interval(counts, f1, n)
        lines.append(f"| {layer} | {' | '.join(figures)} | {low:.3f}–{high:.3f} | {n:,} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
