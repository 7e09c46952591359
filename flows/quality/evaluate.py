"""Evaluate: precision, recall and F1 of every layer of a build, measured on articles annotated by hand."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qantar.expectations.floors import Compared, Fault, below_floor
from qantar.quality.corrected_articles import GOLD, Passages, is_corrected
from qantar.quality.intervals import DIGITS, f1, interval, precision, recall, wilson
from qantar.quality.scoring import QUOTES, Annotated, Row, Score, score_article
from qantar.schema import TABLES, Quality
from qantar.settings import QantarError
from qantar.store.parquet import batches

ACCURACIES = ("characters with a role", "characters with the right role", "speaker's words", "speaker", "Wikidata id")
"""Layers of which a share is right; the others have precision, recall and F1."""
SAME_UTTERANCE = "same utterance across articles"
LAYERS = (
    "characters with a role",
    "characters with the right role",
    *(f"role {role}" for role in ("title", "byline", "credit", "heading", "boilerplate")),
    "sentences",
    "mentions",
    "mentions, places as one label",
    "entities of mentions found",
    "Wikidata id",
    *(name for layer in QUOTES.values() for name in (layer, f"{layer}, whole span")),
    "speaker",
    "speaker's words",
    SAME_UTTERANCE,
)
"""Every layer, in the order in which they are shown."""
BY_CHARACTER = frozenset(layer for layer in LAYERS if layer.startswith(("characters", "role")))

Member: TypeAlias = tuple[str, str]
"""A quote of the gold: its article's stem and its id."""


def evaluate_build(build: Path, gold: Path) -> list[Quality]:
    """The figures of `measure`: rows of `quality`, sorted."""
    return measure(build, gold).figures


class Measured(NamedTuple):
    """What a build gives on a gold: its figures (rows of `quality`, sorted), and each item that is wrong."""

    figures: list[Quality]
    faults: list[Fault]


def measure(build: Path, gold: Path) -> Measured:
    """Measure a build (staged or published) on the annotated articles of `gold` that it holds.

    `gold` holds one JSON file an article, `raw/` with their texts, and may hold entities.json and quote_links.json; an article is
    found in the build by the stem of its path and, where the gold names one, the SHA-256 of its file. No article found: no figures.

    Raises QantarError for a folder without annotated articles or one that cannot be read.
    """
    articles = _articles(build, gold)
    if not articles:
        return Measured([], [])
    score = Score()
    for article in articles:
        score_article(article, score)
    stands_for = _score_entities(score)
    _score_wikidata(build, gold, stands_for, score)
    name = name_of([article.gold for article in articles], gold)
    rows = [row for layer in LAYERS for row in _figures(layer, score, name)]
    rows += _same_utterance(gold, {a.stem for a in articles}, score)
    return Measured(sorted(rows, key=lambda row: (row.layer, row.metric, row.gold)), sorted(score.faults))


def print_quality(quality: Iterable[Quality]) -> None:
    """Print the figures as a table, a layer a line, with 95 % intervals."""
    from rich.console import Console
    from rich.table import Table

    quality = list(quality)
    by_layer: dict[str, dict[str, Quality]] = defaultdict(dict)
    for row in quality:
        by_layer[row.layer][row.metric] = row
    if not by_layer:
        raise QantarError("nothing was measured: the build holds none of the annotated articles")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("layer", no_wrap=True)
    for name in ("precision", "recall", "F1/right", "95 %", "of"):
        table.add_column(name, justify="right", no_wrap=True)
    for layer in sorted(by_layer, key=LAYERS.index):
        rows = by_layer[layer]
        main = rows.get("F1") or rows.get("accuracy")
        cells = [f"{row.value:.3f}" if row else "" for row in (rows.get("precision"), rows.get("recall"), main)]
        ends = f"{main.low:.2f}–{main.high:.2f}" if main and main.low is not None and main.high is not None else ""
        table.add_row(layer, *cells, ends, str(max(row.n for row in rows.values())))
    Console().print(table)


def print_compared(compared: Compared) -> None:
    """Print which items were lost and gained since the faults of a gold were pinned."""
    for word, faults in (("lost", compared.lost), ("gained", compared.gained)):
        for fault in faults:
            print(f"{word}: {fault}")


def problems_of(figures: Iterable[Quality], compared: Compared | None) -> list[str]:
    """A line for each floor that does not hold, and for each layer of which more items were lost than chance explains."""
    return [*below_floor(figures), *(compared.worse if compared else [])]


def accuracy_problems(build: Path) -> list[str]:
    """A line for each floor that the figures in a build's own table `quality` fall below.

    Floors are those of Qantar's own model: a build made with another one, by --model, has none.
    """
    (about,) = _rows(build, "build", ["settings"])
    if json.loads(about["settings"]).get("model") is not None:
        return []
    return below_floor(Quality(**row) for row in _rows(build, "quality", [c.name for c in TABLES["quality"]]))


# --- gold and build, read ----------------------------------------------------------------------------------------


def _articles(build: Path, folder: Path) -> list[Annotated]:
    golds = [_read_json(path) for path in sorted(folder.glob("[0-9]*.json"))]
    if not golds:
        raise QantarError(
            f"{folder}: holds no annotated articles (files named like 002_….json); see tests/gold/README.md for what they are"
        )
    stems = {Path(gold["source_file"]).stem: gold for gold in golds}
    is_from_corrections = name_of(golds, folder) == GOLD
    documents = {}
    for row in _rows(build, "documents", ["document_id", "source_path", "source_sha256", "is_canonical"]):
        stem = row["document_id"] if is_from_corrections else Path(row["source_path"]).stem
        # a copy of an annotated article under another folder is a duplicate, and has no annotations to measure
        if row["is_canonical"] and stem in stems and stems[stem].get("sha256", row["source_sha256"]) == row["source_sha256"]:
            documents[stem] = row["document_id"]
    rows = {name: _by_document(build, name, set(documents.values())) for name in ("blocks", "sentences", "mentions", "quotes")}
    articles = [
        Annotated(stem, gold, _read_raw(folder, gold), **{name: rows[name][documents[stem]] for name in rows})
        for stem, gold in stems.items()
        if stem in documents
    ]
    return _not_corrected(build, articles) if is_from_corrections else articles


def name_of(golds: Sequence[Row], folder: Path) -> str:
    """What a gold is called in figures: its folder's name, but for one that was made of corrections."""
    return GOLD if any(gold.get("from") == GOLD for gold in golds) else folder.name


def _not_corrected(build: Path, articles: list[Annotated]) -> list[Annotated]:
    """Articles of a gold made of corrections, their rows placed as its are; without those that this build has corrected, too.

    Raises QantarError where none is left.
    """
    corrections = _rows(build, "corrections", ["document_id", "field", "status"])
    found = []
    for article in articles:
        blocks = sorted(article.blocks, key=lambda block: block["position"])
        passages = Passages(blocks)
        if passages.raw == article.raw and not is_corrected(corrections, article.gold["document_id"]):
            found.append(
                replace(
                    article,
                    blocks=passages.placed_blocks(blocks),
                    sentences=[passages.placed(row) for row in article.sentences],
                    mentions=[passages.placed(row) for row in article.mentions],
                    quotes=[passages.placed(row) for row in article.quotes],
                )
            )
    if articles and not found:
        raise QantarError(
            f"{build}: its articles were corrected as this gold was, so that it would measure itself; make one to measure: "
            "qantar build --no-corrections --out plain"
        )
    return found


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise QantarError(f"{path}: cannot be read as JSON: {error}") from error


def _read_raw(folder: Path, gold: Row) -> str:
    path = folder / "raw" / str(gold["source_file"])
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, ValueError) as error:
        raise QantarError(f"{path}: the raw text of an annotated article cannot be read: {error}") from error


def _rows(build: Path, table: str, columns: list[str], key: str | None = None, values: set[str] | None = None) -> list[Row]:
    """Rows of a table of a build; with `key`, those whose `key` is among the values. One batch in memory at a time."""
    wanted = None if values is None else pa.array(sorted(values), pa.string())
    rows: list[Row] = []
    for batch in batches(build, TABLES[table]):
        part = batch if wanted is None else batch.filter(pc.is_in(batch[key], value_set=wanted))
        rows += part.select(columns).to_pylist()
    return rows


def _by_document(build: Path, table: str, documents: set[str]) -> dict[str, list[Row]]:
    by_document: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(build, table, [c.name for c in TABLES[table]], "document_id", documents):
        by_document[row["document_id"]].append(row)
    return by_document


# --- what takes all articles together ----------------------------------------------------------------------------


def _score_entities(score: Score) -> dict[str, str]:
    """B-cubed over the mentions found, and who speaks; returns which gold entity each predicted one stands for: the one it names most."""
    of_predicted: dict[str, Counter[str]] = defaultdict(Counter)
    of_gold: dict[str, Counter[str]] = defaultdict(Counter)
    for p, g, _, _ in score.named:
        of_predicted[p][g] += 1
        of_gold[g][p] += 1
    stands_for = {p: counts.most_common(1)[0][0] for p, counts in of_predicted.items()}
    found_as = {g: counts.most_common(1)[0][0] for g, counts in of_gold.items()}
    for p, g, unit, fault in score.named:
        share_of_predicted, share_of_gold = of_predicted[p][g] / of_predicted[p].total(), of_gold[g][p] / of_gold[g].total()
        score.add("entities of mentions found", unit, share_of_predicted, 1, 1, found=share_of_gold)
        if stands_for[p] != g or found_as[g] != p:
            score.faults.append(fault)
    for p, accepted, unit, fault in score.speakers:
        if set(accepted) & set(of_gold):  # bodies that are never named are left out
            is_right = stands_for.get(p) in accepted
            score.add("speaker", unit, is_right, 1, 1)
            if not is_right:
                score.faults.append(fault)
    return stands_for


def _score_wikidata(build: Path, gold: Path, stands_for: dict[str, str], score: Score) -> None:
    path = gold / "entities.json"
    if not path.exists():
        return
    items = {entity["canonical_id"]: entity["wikidata"] for entity in _read_json(path) if entity.get("wikidata")}
    found = _rows(build, "entities", ["entity_id", "wikidata_id"], "entity_id", set(stands_for))
    mine = {row["entity_id"]: row["wikidata_id"] for row in found}
    first = {p: (unit, fault) for p, _, unit, fault in reversed(score.named)}
    for p, g in stands_for.items():
        if g in items:
            unit, fault = first[p]
            score.add("Wikidata id", unit, mine.get(p) == items[g], 1, 1)
            if mine.get(p) != items[g]:
                score.faults.append(replace(fault, layer="Wikidata id"))


def _same_utterance(gold: Path, stems: set[str], score: Score) -> list[Quality]:
    """How many of the pairs of quotes that report one utterance are in one group, and how many of the pairs in one group do."""
    path = gold / "quote_links.json"
    if not path.exists():
        return []
    same: set[frozenset[Member]] = set()
    open_: set[Member] = set()  # quotes that the gold calls related: in the group or not, both are right
    for group in _read_json(path):
        if group["relation"] == "same_utterance":
            same |= _pairs(group["members"], stems)
            open_ |= {(m["article"], m["quote"]) for m in group.get("related", [])}
    mine = _pairs_found(score, open_)
    score.faults += [_pair_fault(pair, "missed") for pair in same if not _grouped(pair, score)]
    score.faults += [_pair_fault(pair, "extra") for pair in mine - same]
    n = len(same)
    rows = []
    if n:
        found = sum(_grouped(pair, score) for pair in same)
        rows.append(_quality(SAME_UTTERANCE, "recall", found / n, wilson(found / n, n), n, gold.name))
    if mine:
        share = len(mine & same) / len(mine)
        rows.append(_quality(SAME_UTTERANCE, "precision", share, wilson(share, len(mine)), n, gold.name))
    return rows


def _pairs_found(score: Score, left_out: set[Member]) -> set[frozenset[Member]]:
    """The pairs of quotes of two articles that are in one group, but for some quotes."""
    return {
        frozenset((a, b))
        for (a, one), (b, other) in combinations(score.groups.items(), 2)
        if a[0] != b[0] and one is not None and one == other and not {a, b} & left_out
    }


def _pairs(members: list[Row], stems: set[str]) -> set[frozenset[Member]]:
    quotes = [(m["article"], m["quote"]) for m in members if m["article"] in stems]
    return {frozenset((a, b)) for a, b in combinations(quotes, 2) if a[0] != b[0]}


def _pair_fault(pair: frozenset[Member], kind: str) -> Fault:
    (article, quote), (other_article, other) = sorted(pair)
    return Fault(SAME_UTTERANCE, article, 0, 0, kind, f"{quote} and {other} of {other_article}")


def _grouped(pair: frozenset[Member], score: Score) -> bool:
    one, other = (score.groups.get(member) for member in pair)
    return one is not None and one == other


# --- figures -----------------------------------------------------------------------------------------------------


def _figures(layer: str, score: Score, gold: str) -> list[Quality]:
    by_unit = score.counts.get(layer, {})
    counts = np.array([by_unit.get(unit, [0.0] * 4) for unit in score.units()])
    if not len(counts) or not counts[:, 2:].any():
        return []
    total = counts.sum(axis=0)
    n_predicted, n_gold = float(total[2]), float(total[3])
    if layer in BY_CHARACTER:  # the characters of a paragraph have their role together
        n_predicted, n_gold = float((counts[:, 2] > 0).sum()), float((counts[:, 3] > 0).sum())
    if layer in ACCURACIES:
        metrics = {"accuracy": (precision, n_gold)}
    else:
        metrics = {"precision": (precision, n_predicted), "recall": (recall, n_gold), "F1": (f1, (n_predicted + n_gold) / 2)}
    return [
        _quality(layer, metric, float(figure(total[None, :])[0]), interval(counts, figure, n), int(total[3]), gold)
        for metric, (figure, n) in metrics.items()
    ]


def _quality(layer: str, metric: str, value: float, ends: tuple[float, float], n: int, gold: str) -> Quality:
    value = round(value, DIGITS)
    # few paragraphs make the resamples lopsided: the figure itself lies in its interval all the same
    low, high = min(ends[0], value), max(ends[1], value)
    return Quality(layer=layer, metric=metric, value=value, low=low, high=high, gold=gold, n=n)
