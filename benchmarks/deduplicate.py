"""How well and how fast duplicates are found, beside the libraries others use, on news with duplicates of eleven kinds.

    python -m benchmarks.deduplicate GENERATOR TEXTS [--articles 10000] [--seeds 1 2 3] [--runs 3] [--peers PYTHON]
        [--systems qantar rensa …]

GENERATOR is make_news_dups.py, TEXTS a folder of news articles as .txt from which it makes its documents. Each system is run in
a process of its own, start to end: imports (their bytecode written before), reading the JSON lines, answering. Speed is articles by
second of that process's processor time, the least of some runs in turns, memory its peak, both from the operating system; growth is
from a tenth of the articles to all. PYTHON is the interpreter that has the peers (rensa, datasketch, text-dedup); those it lacks are
named as not installed. All peers: runs of five words, 128 permutations, threshold 0.5; candidates are verified by rensa's and
datasketch's own estimate of similarity.

Then: what a change of the corpus costs, from what an earlier comparison has left, each in a process of its own, in seconds of
processor time from after its imports until its tables are written, and whether they are byte for byte those of a comparison from
nothing. And of our own making: negatives harder than the generator's, from the articles of the first seed, and how many were joined.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from benchmarks import duplicate_systems
from benchmarks.duplicate_systems import NOT_INSTALLED, SYSTEMS, Pairs, articles, peak

# --- the systems, each run in a process of its own ------------------------------------------------------------------


class Run(NamedTuple):
    pairs: Pairs
    seconds: float  # of processor time, start to end
    megabytes: float  # at the peak


def run(system: str, path: Path, python: str) -> Run | None:
    """Run a system in a process of its own; None if it is not installed there."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "pairs.json"
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**kept, "OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[1])}
        command = [python, duplicate_systems.__file__, system, str(path), str(answer)]
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode == NOT_INSTALLED:
            return None
        if process.returncode:
            raise SystemExit(f"{system} failed:\n{(Path(folder) / 'log').read_text()[-2000:]}")
        told = json.loads(answer.read_text())
        return Run([(a, b) for a, b in told["pairs"]], usage.ru_utime + usage.ru_stime, told["kilobytes"] / 1024)


# --- quality -----------------------------------------------------------------------------------------------------------


def clusters(path: Path, pairs: Pairs) -> dict[str, str]:
    """The cluster of each article: the peers' pairs joined, ours as they are (a duplicate and its canonical article)."""
    parent = {name: name for name, _ in articles(path)}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for a, b in pairs:
        parent[root(a)] = root(b)
    return {name: root(name) for name in parent}


KINDS = {
    "exact": "exact",
    "norm": "typography",
    "light": "light",
    "heavy": "spun",
    "trunc": "cut",
    "boiler": "furnished",
    "noise": "scanned",
}


def table_head(*columns: str) -> None:
    print(f"\n| {' | '.join(columns)} |\n{'| --- ' * len(columns)}|")


def run_in_turns(systems: list[str], path: Path, few: Path, peers: str, n: int) -> dict[str, Run | None]:
    """The fastest of `n` runs of each system: none has all of the quiet moments of a busy machine."""
    pythons = {system: sys.executable if system.startswith("qantar") else peers for system in systems}
    for system, python in pythons.items():
        run(system, few, python)  # once untimed: from then on the bytecode of all that it imports is there, as it is where it is used
    fastest: dict[str, Run | None] = {}
    for _ in range(n):
        for system, python in pythons.items():
            done, before = run(system, path, python), fastest.get(system)
            fastest[system] = before if done and before and before.seconds <= done.seconds else done
    return fastest


def print_seed(generator: ModuleType, path: Path, gold: Path, systems: list[str], peers: str, n_runs: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    n = len(lines)
    few = {share: path.with_suffix(f".{share}") for share in (10, 100)}
    for share, part in few.items():
        part.write_bytes(b"".join(lines[: n // share]))
    del lines
    print(f"\n{path.stem}: {n:,} articles")
    table_head(
        "system",
        "F1",
        "precision",
        *KINDS.values(),
        "hard negatives joined",
        "articles/CPU-second",
        "qantar is times as fast",
        "without passages",
        f"MB at {n // 100:,}",
        f"{n // 10:,}",
        f"{n:,}",
        "KB more an article",
    )
    ours: list[float] = []
    for system, done in run_in_turns(systems, path, few[100], peers, n_runs).items():
        if done is None:
            print(f"| {system} | not installed " + "| " * (10 + len(KINDS)) + "|", flush=True)
            continue
        if system.startswith("qantar"):
            ours.append(done.seconds)
        s = generator.score(gold, clusters(path, done.pairs))
        joined = "/".join(f"{v:.2f}" for v in s["joined_neg"].values())
        cells = [f"{s['F1']:.4f}", f"{s['P']:.4f}", *(f"{s['recall'].get(k, 1):.2f}" for k in KINDS), joined, f"{n / done.seconds:,.0f}"]
        cells += [f"{done.seconds / seconds:.1f}" for seconds in ours[:2]] + [""] * (2 - len(ours))
        sizes = [run(system, few[share], sys.executable) for share in (100, 10)] if system.startswith("qantar") else []
        sizes = [*sizes, done] if sizes else [None, None, done]
        cells += [f"{size.megabytes:,.0f}" if size else "" for size in sizes]
        cells.append(f"{(done.megabytes - sizes[1].megabytes) * 1024 / (n - n // 10):.1f}" if sizes[1] else "")
        print(f"| {system} | {' | '.join(cells)} |", flush=True)


def print_passages(generator: ModuleType, path: Path, gold: Path) -> None:
    """Excerpts and footers: pairs of articles with so many words in common, as `contained` or in a passage, against the gold."""
    from qantar.stages.duplicates import Text, find_duplicates

    texts = dict(articles(path))
    found = find_duplicates(Text(n, None, t) for n, t in texts.items())
    cluster, pairs = generator.load_gold(gold)
    together = {frozenset((d.document_id, d.canonical_id)) for d in found.duplicates}
    stands: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for p in found.passages:
        stands[p.passage_id].append((p.document_id, p.start, p.end))
    real = {frozenset((cluster[p["a"]], cluster[p["b"]])) for p in pairs}
    furnished = {cluster[name] for p in pairs if p["kind"] in ("footer", "boiler") for name in (p["a"], p["b"])}  # all from one stock
    table_head("in common, as `contained` or as one passage", "excerpts found", "long quotations", "footers", "such in the gold")
    for words in (20, 40, 60):
        long = set(together)
        for places in stands.values():
            name, start, end = places[0]
            if len(texts[name][start:end].split()) >= words and len(places) <= 100:
                long |= {frozenset((a, b)) for (a, *_), (b, *_) in combinations(places, 2) if a != b}
        by_cluster = {frozenset((cluster[a], cluster[b])) for a, b in map(tuple, long)}
        shares = []
        for kind in ("excerpt", "quote", "footer"):
            wanted = [frozenset((cluster[p["a"]], cluster[p["b"]])) for p in pairs if p["kind"] == kind]
            shares.append(sum(pair in by_cluster for pair in wanted) / max(1, len(wanted)))
        apart = {pair for pair in by_cluster if len(pair) == 2}
        shares.append(sum(pair in real or pair <= furnished for pair in apart) / max(1, len(apart)))
        print(f"| {words} words or more | {' | '.join(f'{share:.3f}' for share in shares)} |")
    kinds = ", ".join(f"{k} {v:,}" for k, v in sorted(Counter(d.kind for d in found.duplicates).items()))
    print(f"\nDuplicates: {kinds}; places of passages: {len(found.passages):,}")


# --- what a change costs -----------------------------------------------------------------------------------------------------

SHARD = 128


def print_changes(path: Path, folder: Path) -> None:
    """What adding, editing and removing articles costs when all others were compared before."""
    from qantar.stages.duplicates import Text, sign_documents

    texts = [Text(name, None, text) for name, text in articles(path)]
    random.Random(2).shuffle(texts)
    new, texts = texts[:100], texts[100:]
    first, edited = texts[:SHARD], texts[60]._replace(text=texts[60].text[: len(texts[60].text) // 2] + new[0].text[:900])

    def shard(name: str, some: list[Text]) -> None:
        sign_documents(some).save(folder / name)

    for i in range(0, len(texts), SHARD):
        shard(f"{i:08}", texts[i : i + SHARD])
    shard("new", new)
    shard("edited", [*first[:60], edited, *first[61:]])
    shard("fewer", [*first[:60], *first[61:]])
    whole = sorted(p.name for p in folder.iterdir() if p.name.isdigit())
    changed = {
        "nothing": whole,
        "100 added": [*whole, "new"],
        "100 removed": whole,
        "one edited": [*whole[1:], "edited"],
        "the same one removed": [*whole[1:], "fewer"],
    }
    start = change(folder, "start", whole)
    print(f"\n{path.stem}: from nothing {start['seconds']:.2f} CPU-seconds, {start['kilobytes'] / 1024:,.0f} MB")
    table_head("change", "CPU-seconds", "MB", "bytes as from nothing")
    for name, shards in changed.items():
        done = change(folder, "start", shards)
        anew = start if shards == whole else change(folder, "anew", shards)
        cells = [f"{done['seconds']:.2f}", f"{done['kilobytes'] / 1024:,.0f}", "yes" if done["tables"] == anew["tables"] else "NO"]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def change(folder: Path, kept: str, shards: list[str]) -> dict[str, Any]:
    """Compare the shards in a process of its own, by what is kept under this name; `anew` is never kept."""
    command = [sys.executable, __file__, "--change", str(folder), kept, *shards]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    told: dict[str, Any] = json.loads(subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout)
    return told


def compare_changed(folder: Path, kept: str, shards: list[str]) -> None:
    """What the process of a change does: the step of a build."""
    import pandas  # noqa: F401  # as in any process of a build

    from qantar.schema import TABLES
    from qantar.stages.duplicates import compare_shards
    from qantar.store.parquet import write_columns

    begun = time.process_time()
    found = compare_shards(folder / f"kept {kept}", {name: folder / name for name in shards}, "1", fresh=kept == "anew")
    paths = [folder / f"{kept}.{name}" for name in ("duplicates", "shared_passages")]
    write_columns(paths[0], TABLES["duplicates"], found.duplicates.columns())
    write_columns(paths[1], TABLES["shared_passages"], found.passages.columns())
    seconds = time.process_time() - begun
    tables = [sha256(path.read_bytes()).hexdigest() for path in paths]
    print(json.dumps({"seconds": seconds, "kilobytes": peak(), "tables": tables}))


# --- harder negatives --------------------------------------------------------------------------------------------------------


def hard_negatives(path: Path, n: int = 200) -> dict[str, list[list[str]]]:
    """By kind, groups of articles that must stay apart, made of the sentences of articles."""
    r = random.Random(1)
    texts = [t for _, t in articles(path)]
    sentences = sorted(
        {s for t in r.sample(texts, min(len(texts), 3000)) for s in re.split(r"(?<=[.!?])\s+", t) if 8 <= len(s.split()) <= 35}
    )
    r.shuffle(sentences)
    fresh = iter(sentences * 50)

    def some(k: int) -> list[str]:
        return [next(fresh) for _ in range(k)]

    def column(frame: list[str]) -> str:  # a weekly column: a third of it is the same every week, all over
        return "\n\n".join(f"{line} {' '.join(some(2))}" for line in frame)

    def report(frame: list[str]) -> str:  # a market report: the same sentences every day, other figures
        return " ".join(f"{line.rstrip('.')} by {r.randint(1, 99)}.{r.randint(0, 9)} percent to {r.randint(100, 99999)}." for line in frame)

    def live(head: list[str], entries: list[str]) -> str:  # a live blog: the same head and foot, a few entries of the day before
        mine = [f"{r.randint(0, 23)}:{r.randint(10, 59)} {' '.join(some(3))}" for _ in range(12)] + r.sample(entries, 3)
        return "\n\n".join([*head, *r.sample(mine, len(mine)), *head[::-1]])

    def wire(shared: list[str]) -> str:  # a report of one event by another agency: five statements in common, spread
        own = some(14)
        for s in shared:
            own.insert(r.randrange(len(own)), s)
        return " ".join(own)

    groups: dict[str, list[list[str]]] = defaultdict(list)
    for _ in range(n):
        frame, head, entries, shared = some(8), some(3), some(8), some(5)
        groups["weekly columns of one frame"].append([column(frame) for _ in range(3)])
        groups["daily reports of one market"].append([report(frame) for _ in range(3)])
        groups["live blogs of one week"].append([live(head, entries) for _ in range(3)])
        groups["reports of one event"].append([wire(shared) for _ in range(2)])
    return groups


def print_hard(path: Path) -> None:
    from qantar.stages.duplicates import Text, find_duplicates

    table_head("harder negatives", "articles", "joined")
    for kind, groups in hard_negatives(path).items():
        texts = [Text(f"{g:05}-{i}", None, t) for g, group in enumerate(groups) for i, t in enumerate(group)]
        print(f"| {kind} | {len(texts)} | {len(find_duplicates(texts).duplicates)} |")


# --- command line ----------------------------------------------------------------------------------------------------------------


def main() -> None:
    if sys.argv[1:2] == ["--change"]:
        compare_changed(Path(sys.argv[2]), sys.argv[3], sys.argv[4:])
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("generator", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--runs", type=int, default=3, help="of each system; the fastest counts")
    parser.add_argument("--peers", default=sys.executable, help="the interpreter that has the peers")
    parser.add_argument("--systems", nargs="+", default=list(SYSTEMS), choices=list(SYSTEMS))
    options: Any = parser.parse_args()
    spec = importlib.util.spec_from_file_location("generator", options.generator)
    if spec is None or spec.loader is None:
        parser.error(f"{options.generator} is no Python file")
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    with tempfile.TemporaryDirectory() as folder:
        for seed in options.seeds:
            path, gold = Path(folder) / f"seed {seed}.jsonl", Path(folder) / f"gold {seed}.jsonl"
            made = ["make", "--txt", options.texts, "--n", options.articles, "--seed", seed, "--out", path, "--gold", gold]
            subprocess.run([sys.executable, options.generator, *map(str, made)], check=True, stdout=subprocess.DEVNULL)
            print_seed(generator, path, gold, options.systems, options.peers, options.runs)
            print_passages(generator, path, gold)
        with tempfile.TemporaryDirectory() as shards:
            print_changes(Path(folder) / f"seed {options.seeds[0]}.jsonl", Path(shards))
        print_hard(Path(folder) / f"seed {options.seeds[0]}.jsonl")


if __name__ == "__main__":
    main()
