"""What corrections cost: to apply many of all kinds, and to build again with them.

    python -m benchmarks.corrections [--articles 1000] [--corrections 1000] [--texts FILE] [--undated] [--workers N]

A folder of articles is built (FILE is JSON lines with a `text` each; without it they are put together from paragraphs of raw/), rows of
all tables are drawn and corrected, and it is built again, then once more with one more correction. "Applied" is the time of the
correctors alone, on the rows of the first build, in one process. Processor seconds are those of all processes of a build.

Articles have a day each, as news has, unless `--undated`. Many of those put together share paragraphs and are near-copies of others:
where none has a day, each day that is corrected parts some, and the copies that it frees are annotated for the first time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.build import Bench, articles
from qantar.corrections import Fix, of_tables
from qantar.corrections.corrected_documents import correct_document
from qantar.corrections.corrected_duplicates import correct_duplicates
from qantar.corrections.corrected_entities import REGROUPING, correct_entities, plan_regrouping
from qantar.corrections.corrected_mentions import correct_mentions
from qantar.corrections.corrected_quotes import correct_quotes
from qantar.corrections.corrected_sentences import correct_sentences
from qantar.corrections.corrections_file import add_corrections, load_corrections, make_fix
from qantar.corrections.row_anchors import anchor_of
from qantar.schema import TABLES
from qantar.settings import QantarError
from qantar.store.parquet import parts, read_rows

KINDS = (
    *(("documents", field) for field in ("title", "author", "outlet", "published_on")),
    *(("mentions", field) for field in ("label", "delete", "span", "entity_id")),
    *(("quotes", field) for field in ("kind", "speaker", "delete", "cue", "segments")),
    *(("blocks", "role"), ("sentences", "split"), ("entities", "name"), ("entities", "description"), ("duplicates", "joined")),
)


def value_of(table: str, field: str, row: dict[str, Any], other: dict[str, Any]) -> str:
    """Something else than what stands there."""
    words = str(row.get("text") or "").split()
    start, end = row.get("start") or 0, row.get("end") or 1
    said = {
        "label": "ORG" if row.get("label") != "ORG" else "LOC",
        "kind": "mixed" if row.get("kind") != "mixed" else "direct",
        "span": f"{start}-{max(start + 1, end - 1)}",
        "segments": f"{start + len(words[0]) + 1 if len(words) > 1 else start}-{end}",
        "published_on": "2022-01-07",
        "role": "heading",
        "entity_id": "org-of-a-person",
        "split": words[len(words) // 2] if words else "",
        "joined": str(other.get("document_id")),
        "speaker": words[0] if words else "",
        "cue": words[-1] if words else "",
        "delete": "",
    }
    return said.get(field, f"a new {field}")


def draw(build: Path, n: int, chance: random.Random) -> list[Fix]:
    """So many corrections of rows of a build, of all kinds in turn."""
    rows: dict[str, list[dict[str, Any]]] = {}
    with closing(sqlite3.connect(build / "qantar.db")) as connection:
        connection.row_factory = sqlite3.Row
        for table in dict(KINDS):
            source = "documents" if table == "duplicates" else table
            found = [dict(row) for row in connection.execute(f"SELECT * FROM {source}")]
            rows[table] = [row for row in found if table not in ("blocks", "mentions") or row["start"] is not None]
            chance.shuffle(rows[table])
    fixes: dict[str, Fix] = {}
    kinds = cycle(KINDS)
    while len(fixes) < n:
        table, field = next(kinds)
        row, other = rows[table].pop(), chance.choice(rows["documents"])
        with suppress(QantarError):
            fix = make_fix([*anchor_of(table, row, field), field, value_of(table, field, row, other), "bench", "", ""])
            fixes[fix.id] = fix
    return list(fixes.values())


def apply(build: Path, fixes: list[Fix]) -> tuple[float, int]:
    """Seconds that the correctors take for these, on a build's rows, and how many they applied; roles need their articles' raw texts."""
    tables = {t: [row for part in parts(build, TABLES[t]) for row in read_rows(part, TABLES[t])] for t in (*dict(KINDS), "blocks")}
    by: dict[str, dict[str, list[Any]]] = {t: defaultdict(list) for t in tables}
    for name in ("blocks", "sentences", "mentions", "quotes"):
        for row in tables[name]:
            by[name][row.document_id].append(row)
    began = time.perf_counter()
    told = []
    of_documents: dict[str, list[Fix]] = defaultdict(list)
    for fix in fixes:
        of_documents[fix.document].append(fix)
    for document in (document for document in tables["documents"] if document.document_id in of_documents):
        key = document.document_id
        own = of_documents[key]
        starts = [sentence.start for sentence in by["sentences"][key]]
        told += correct_document(document, of_tables(own, "documents"))[1]
        sentences, more = correct_sentences(by["sentences"][key], document, starts, of_tables(own, "sentences"))
        mentions, names = correct_mentions(by["mentions"][key], document, sentences, of_tables(own, "mentions"))
        told += more + names
        told += correct_quotes(by["quotes"][key], document, by["blocks"][key], sentences, mentions, of_tables(own, "quotes"))[1]
    entities = of_tables(fixes, "entities")
    told += plan_regrouping(tables["entities"], [fix for fix in entities if fix.field in REGROUPING])[1]
    told += correct_entities(tables["entities"], [fix for fix in entities if fix.field not in REGROUPING])[1]
    texts = {document.document_id: document.text for document in tables["documents"]}
    told += correct_duplicates(tables["duplicates"], of_tables(fixes, "duplicates"), texts)[1]
    return time.perf_counter() - began, sum(outcome.status == "applied" for outcome in told)


def dated(lines: Iterable[str]) -> Iterator[str]:
    """The articles, those without a day on one of a year."""
    for number, line in enumerate(lines):
        yield json.dumps({"date": str(date(2021, 1, 1) + timedelta(number % 365)), **json.loads(line)}, ensure_ascii=False) + "\n"


def processor() -> str:
    """The processor's name, and how busy the machine is."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else 'processor not known'}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def folders(folder: Path, options: argparse.Namespace) -> Iterator[tuple[str, float, float]]:
    """Build, correct and build again; gives what each build took: its name, wall and processor seconds."""
    bench, chance = Bench(folder, options.workers), random.Random(1)
    lines = articles(options.texts, options.articles)
    raw = bench.raw("corrected", lines if options.undated else dated(lines))
    first = bench.build(raw)
    yield "first", first.whole.wall, first.whole.all_cpu
    build = (bench.out(raw) / "latest").resolve()
    *fixes, last = draw(build, options.corrections + 1, chance)
    seconds, n_applied = apply(build, fixes)
    began = time.perf_counter()
    add_corrections(raw, fixes)
    n_read = len(load_corrections(raw).fixes)
    print(f"\n{n_read:,} corrections written and read in {time.perf_counter() - began:.2f} s; applied in {seconds:.2f} s ({n_applied:,})")
    print(f"They concern {len({fix.document for fix in fixes if fix.document}):,} articles.")
    again = bench.build(raw)
    yield f"{len(fixes):,} corrections", again.whole.wall, again.whole.all_cpu
    print(json.dumps({name: round(spent.all_cpu, 1) for name, spent in again.stages.items() if spent.all_cpu >= 0.05}))
    add_corrections(raw, [last])
    more = bench.build(raw)
    yield "one more", more.whole.wall, more.whole.all_cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--corrections", type=int, default=1_000)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--undated", action="store_true")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        took = list(folders(Path(scratch), options))
    print(f"\n{options.articles:,} articles; {processor()}\n\n| build | wall s | CPU s | of the first |\n| --- | ---: | ---: | ---: |")
    for name, wall, cpu in took:
        print(f"| {name} | {wall:.1f} | {cpu:.1f} | {cpu / took[0][2]:.1%} |")


if __name__ == "__main__":
    main()
