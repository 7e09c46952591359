"""What a whole build costs, stage by stage, as the corpus grows; what a re-run costs; what annotation adds to the language model.

    python -m benchmarks.build [--articles FILE] [--sizes 1000 10000 100000] [--rerun 10000]
                               [--texts FILE] [--stream 20 200 2000] [--workers N] [--keep]
    python -m benchmarks.build --texts FILE --sizes --rerun 0 --stream --keep

The second prints what re-runs of annotated articles cost, and keeps it in benchmarks/reruns.json, from which docs/explanation/scale.md
shows it (`make readme`).

FILE is JSON lines with a `text` each, and an `id` if they have one. Without ARTICLES they are put together from paragraphs of raw/;
without TEXTS nothing is annotated. Every build is `qantar build` in processes of its own, its output folder new, Prefect's home made
before. Processor seconds are those of all its processes, Prefect's temporary server among them; memory is the peak of all processes
together, pages they share counted once. On a busy machine compare processor seconds: wall time is the machine's.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.figures import processor
from benchmarks.watched import GROUPS, Spent, Watched, watch

RAW = Path(__file__).parents[1] / "raw"
KEPT = Path(__file__).with_name("reruns.json")


def articles(source: Path | None, n: int) -> Iterator[str]:
    """So many articles as JSON lines: the file's, again and again if it has fewer, or made of the paragraphs of raw/."""
    if source:
        with source.open(encoding="utf-8") as lines:
            records = [json.loads(line) for line in islice(lines, n)]
        for i, record in zip(range(n), cycle(records), strict=False):
            yield json.dumps({**record, "id": f"a{i:07}"}, ensure_ascii=False) + "\n"
        return
    paragraphs = [line for path in sorted(RAW.glob("*.txt")) for line in path.read_text("utf-8").splitlines() if line.strip()]
    chance = random.Random(1)
    for i in range(n):
        text = "\n\n".join(chance.choices(paragraphs, k=12))
        yield json.dumps({"id": f"a{i:07}", "text": f"Report number {i}\n\n{text}"}, ensure_ascii=False) + "\n"


class Bench:
    """Builds in a folder of their own."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder, self.workers = folder, workers
        self.env = {**os.environ, "PREFECT_HOME": str(folder / "prefect")}
        self.env.pop("PREFECT_API_URL", None)

    def raw(self, name: str, lines: Iterator[str]) -> Path:
        """A raw folder with one file of these lines."""
        path = self.folder / name / "articles.jsonl"
        path.parent.mkdir()
        with path.open("w", encoding="utf-8") as file:
            file.writelines(lines)
        return path.parent

    def build(self, raw: Path, *options: str) -> Watched:
        command = [str(Path(sys.executable).with_name("qantar")), "build", "--raw", str(raw), "--out", str(self.out(raw))]
        return watch([*command, "--workers", str(self.workers), *options], self.env)

    def out(self, raw: Path) -> Path:
        return raw.with_name(f"{raw.name}-out")


def show_stages(watched: Watched, n: int, out: Path) -> None:
    """The table of one build."""
    kept = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(f"\n### {n:,} articles: {n / watched.whole.wall:,.0f} articles/s, {kept / n / 1000:.1f} KB an article on disk\n")
    stored = Counter[str]()
    for path in (out / ".cache").glob("*/**/*"):
        stored[path.relative_to(out / ".cache").parts[0]] += path.stat().st_size if path.is_file() else 0
    print(f"Stored results, bytes an article: {', '.join(f'{name} {size / n:,.0f}' for name, size in stored.most_common())}.\n")
    print("| stage | wall s | CPU s | CPU µs an article | articles/s |\n| --- | ---: | ---: | ---: | ---: |")
    told = watched.stages
    around = Spent(watched.whole.wall - sum(s.wall for s in told.values()), watched.whole.cpu.copy())
    for spent in told.values():
        around.cpu.subtract(spent.cpu)
    for name, spent in {**told, "start and end": around, "all": watched.whole}.items():
        cpu = spent.all_cpu
        print(f"| {name} | {spent.wall:.1f} | {cpu:.1f} | {cpu / n * 1e6:,.0f} | {n / max(spent.wall, 0.01):,.0f} |")
    groups = ", ".join(f"{group} {watched.whole.cpu[group]:.1f} s and {watched.peak.get(group, 0):,} MiB" for group in GROUPS)
    print(f"\nPeak of all processes {watched.peak['all']:,} MiB; CPU and peak of each group: {groups}.", flush=True)


def sizes(bench: Bench, source: Path | None, counts: list[int]) -> None:
    """Builds of growing corpora."""
    peaks = []
    for n in counts:
        raw = bench.raw(f"of-{n}", articles(source, n))
        watched = bench.build(raw, "--no-annotate")
        show_stages(watched, n, bench.out(raw))
        peaks.append(f"{n:,}: {watched.peak['all']:,} MiB")
        shutil.rmtree(bench.out(raw))
        shutil.rmtree(raw)
    print(f"\nPeak memory as the corpus grows: {'; '.join(peaks)}.")


def reruns(bench: Bench, raw: Path, title: str, *options: str) -> dict[str, Watched]:
    """A first build, the same again, and again with one more article, one line of the authority and one takedown, by what was done."""
    first = bench.build(raw, *options)
    runs = {"first": first, "nothing new": bench.build(raw, *options)}
    changes = {"one new article": add_article, "one line of authority.csv": add_authority, "one takedown": take_down}
    for name, change in changes.items():
        change(raw, bench.out(raw))
        runs[name] = bench.build(raw, *options)
    print(f"\n### Re-runs: {title}\n\n| build | wall s | of the first | CPU s | of the first |\n| --- | ---: | ---: | ---: | ---: |")
    for name, run in runs.items():
        cpu, all_cpu = run.whole.all_cpu, first.whole.all_cpu
        print(f"| {name} | {run.whole.wall:.1f} | {run.whole.wall / first.whole.wall:.1%} | {cpu:.1f} | {cpu / all_cpu:.1%} |")
    for name in changes:
        parts = ", ".join(f"{stage} {spent.all_cpu:.1f}" for stage, spent in runs[name].stages.items() if spent.all_cpu >= 0.05)
        print(f"\nCPU seconds of the build with {name}, by stage: {parts}.", flush=True)
    return runs


def keep_reruns(runs: dict[str, Watched], n: int, workers: int) -> None:
    """Write what a first build and re-runs took to `KEPT`."""
    figures = {
        "articles": n,
        "workers": workers,
        "processor": processor(),
        "load": round(os.getloadavg()[1] / (os.cpu_count() or 1), 1),
        "runs": {
            name: {
                "wall": round(run.whole.wall, 1),
                "cpu": round(run.whole.all_cpu, 1),
                "stages": {stage: round(spent.all_cpu, 1) for stage, spent in run.stages.items()},
            }
            for name, run in runs.items()
        },
    }
    KEPT.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def add_article(raw: Path, out: Path) -> None:
    """One more article in the middle of the file, made of a paragraph each of a dozen others: of one alone it would be a copy."""
    path = raw / "articles.jsonl"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    others = (json.loads(line)["text"].split("\n\n") for line in lines[:: max(1, len(lines) // 12)][:12])
    new = {"id": "one-more", "text": "\n\n".join(["One more report", *(paragraphs[len(paragraphs) // 2] for paragraphs in others)])}
    lines.insert(len(lines) // 2, json.dumps(new, ensure_ascii=False) + "\n")
    path.write_text("".join(lines), "utf-8")


def add_authority(raw: Path, out: Path) -> None:
    """A line for a person whom two articles of a thousand name, as for one that somebody finds unlinked."""
    rows = pq.read_table(out / "latest/data/entities", columns=["entity_id", "name", "label", "source", "n_documents"]).to_pylist()
    persons = [row for row in rows if row["label"] == "PERSON" and row["source"] == "text" and " " in row["name"]]
    n = round(pq.read_table(out / "latest/data/documents", columns=["document_id"]).num_rows * 0.002)
    chosen = min(persons, key=lambda row: (abs(row["n_documents"] - n), row["entity_id"]), default={"name": "Nobody Else"})
    (raw / "authority.csv").write_text(f"id,name,label,wikidata_id,description,aliases\none-line,{chosen['name']},PERSON,,,\n", "utf-8")


def take_down(raw: Path, out: Path) -> None:
    """Take down an article of the first half. The one in the middle was added, and results without it are stored."""
    documents = pq.read_table(out / "latest/data/documents", columns=["document_id"]).column(0).to_pylist()
    command = [str(Path(sys.executable).with_name("qantar")), "takedown", documents[len(documents) // 3], "--reason", "asked"]
    subprocess.run([*command, "--raw", str(raw), "--out", str(out)], check=True, capture_output=True)


def annotation(bench: Bench, texts: Path, *, keep: bool) -> None:
    """Re-runs with annotation, and the whole build beside the language model alone; `keep` the former and leave out the latter."""
    n = sum(1 for _ in texts.open("rb"))
    raw = bench.raw("annotated", articles(texts, n))
    runs = reruns(bench, raw, f"{n:,} articles, annotated")
    first = runs["first"]
    if keep:
        return keep_reruns(runs, n, bench.workers)
    show_stages(first, n, bench.out(raw))
    alone = watch([sys.executable, "-m", "benchmarks.build", "--alone", str(bench.out(raw) / "latest"), "--workers", str(bench.workers)])
    print("\n| | wall s | CPU s |\n| --- | ---: | ---: |")
    for name, spent in (("the whole build", first.whole), ("the language model alone", alone.whole)):
        print(f"| {name} | {spent.wall:.1f} | {spent.all_cpu:.1f} |")
    more = [first.whole.wall / alone.whole.wall, first.whole.all_cpu / alone.whole.all_cpu]
    fixed = sum(first.stages[name].all_cpu for name in ("annotate", "resolve", "link") if name in first.stages)
    print(f"\nThe build takes {more[0] - 1:.0%} more wall time and {more[1] - 1:.0%} more CPU than the model alone;", end=" ")
    print(f"its stages from annotate to link take {fixed / alone.whole.all_cpu - 1:+.0%} CPU.", flush=True)
    return None


def model_alone(build: Path, workers: int) -> None:
    """Run the language model, and nothing else, over a build's canonical texts, in so many processes of one thread."""
    rows = pq.read_table(build / "data" / "documents", columns=["text", "is_canonical"]).to_pylist()
    texts = [row["text"] for row in rows if row["is_canonical"]]
    with ProcessPoolExecutor(workers, mp_context=get_context("forkserver")) as pool:
        for _ in pool.map(_parse, [texts[i : i + 16] for i in range(0, len(texts), 16)]):
            pass


def _parse(texts: list[str]) -> int:
    from qantar.model import load_model

    global _pipeline
    _pipeline = _pipeline or load_model(None)
    return sum(len(_pipeline(text)) for text in texts)


_pipeline: Any = None


def stream(bench: Bench, megabytes: list[int]) -> None:
    """The peak memory of reading one file, as it grows."""
    print("\n### Reading one JSON Lines file\n\n| MB | articles | peak MiB |\n| ---: | ---: | ---: |")
    text = "\n\n".join(json.loads(line)["text"] for line in articles(None, 30))  # some hundred thousand characters: a long read
    for size in megabytes:
        n = max(1, round(size * 1e6 / len(text.encode())))
        raw = bench.raw(f"stream-{size}", (json.dumps({"text": f"{i} {text}"}, ensure_ascii=False) + "\n" for i in range(n)))
        command = [sys.executable, "-m", "benchmarks.build", "--read", str(raw)]
        peak = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1]
        print(f"| {(raw / 'articles.jsonl').stat().st_size / 1e6:,.0f} | {n:,} | {peak} |", flush=True)
        shutil.rmtree(raw)


def read_all(raw: Path) -> None:
    """Read a folder in this process, shard by shard, as the flow's workers do; print the peak memory in MiB."""
    from qantar.pipeline.plan import make_plan
    from qantar.pipeline.shards import cut_shards
    from qantar.pipeline.steps import read_shard
    from qantar.settings import Settings

    with tempfile.TemporaryDirectory() as out:
        plan = make_plan(Settings(raw=raw, out=Path(out)))
        for pieces in cut_shards(raw, plan.sources):
            for shard in read_shard(plan.context, pieces):
                shutil.rmtree(shard.folder)
    status = Path("/proc/self/status").read_text("utf-8")  # the system's own count of the peak begins with what the parent held
    print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=Path)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--rerun", type=int, default=10_000)
    parser.add_argument("--stream", type=int, nargs="*", default=[20, 200, 2_000])
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        return model_alone(options.alone, options.workers)
    if options.read:
        return read_all(options.read)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), options.workers)
        bench.build(bench.raw("warm", articles(None, 10)), "--no-annotate")  # makes Prefect's home
        print(f"{options.workers} workers on {processor()}")
        if options.sizes:
            sizes(bench, options.articles, options.sizes)
        if options.rerun:
            reruns(bench, bench.raw("rerun", articles(options.articles, options.rerun)), f"{options.rerun:,} articles", "--no-annotate")
        if options.texts:
            annotation(bench, options.texts, keep=options.keep)
        if options.stream:
            stream(bench, options.stream)
    return None


if __name__ == "__main__":
    main()
