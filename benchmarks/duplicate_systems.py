"""What finds duplicates, each in a process of its own that imports what it needs and no more: run by benchmarks/deduplicate.py.

PYTHON benchmarks/duplicate_systems.py SYSTEM ARTICLES ANSWER
"""

from __future__ import annotations

import json
import re
import resource
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

NOT_INSTALLED = 3
Pairs = list[tuple[str, str]]


def articles(path: Path) -> Iterator[tuple[str, str]]:
    """Name and text of each article, read one by one, by the fastest reader there is: what is compared is not reading JSON."""
    from orjson import loads

    with path.open("rb", buffering=1 << 16) as lines:
        for line in lines:
            article = loads(line)
            yield article["id"], article["text"]


def qantar(path: Path) -> Pairs:
    from qantar.stages.duplicates import Text, find_duplicates

    found = find_duplicates(Text(n, None, t) for n, t in articles(path)).duplicates
    return list(zip(found.document_id, found.canonical_id, strict=True))


def qantar_without_passages(path: Path) -> Pairs:
    from qantar.stages.duplicates import Text, compare_signatures, sign_documents

    signatures = sign_documents(Text(n, None, t) for n, t in articles(path))
    found = compare_signatures(signatures, passages=False).duplicates
    return list(zip(found.document_id, found.canonical_id, strict=True))


def shingles(text: str) -> set[str]:
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower())
    return {" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))}


def rensa(path: Path) -> Pairs:
    from rensa import RMinHash, RMinHashLSH

    index, hashes = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32), []
    names: list[str] = []
    for name, text in articles(path):
        minhash = RMinHash(num_perm=128, seed=42)
        minhash.update(list(shingles(text)))
        index.insert(len(names), minhash)
        hashes.append(minhash)
        names.append(name)
    return [(names[i], names[j]) for i, h in enumerate(hashes) for j in index.query(h) if j > i and h.jaccard(hashes[j]) >= 0.5]


def datasketch(path: Path) -> Pairs:
    from datasketch import MinHash, MinHashLSH

    index, hashes = MinHashLSH(threshold=0.5, num_perm=128), []
    names: list[str] = []
    for name, text in articles(path):
        minhash = MinHash(num_perm=128)
        minhash.update_batch([s.encode() for s in shingles(text)])
        index.insert(len(names), minhash)
        hashes.append(minhash)
        names.append(name)
    return [(names[i], names[j]) for i, h in enumerate(hashes) for j in index.query(h) if j > i and h.jaccard(hashes[j]) >= 0.5]


def text_dedup(path: Path) -> Pairs:
    """Its MinHash command; `--debug` leaves the clusters it found."""
    import pickle
    import subprocess
    import tempfile

    from datasets import load_dataset

    with tempfile.TemporaryDirectory() as folder:
        load_dataset("json", data_files=str(path), split="train", cache_dir=folder).save_to_disk(f"{folder}/articles")
        given = f"--path {folder}/articles --local --column text --output {folder}/out --cache_dir {folder}/cache --num_proc 1"
        settings = "--ngram 5 --num_perm 128 --threshold 0.5 --min_length 1 --debug"
        subprocess.run([sys.executable, "-m", "text_dedup.minhash", *given.split(), *settings.split()], check=True)
        parents: dict[int, int] = pickle.loads((Path(folder) / "out" / "uf.pkl").read_bytes()).parent
    names = [name for name, _ in articles(path)]
    return [(names[i], names[j]) for i, j in parents.items() if i != j]


SYSTEMS: dict[str, Callable[[Path], Pairs]] = {
    "qantar": qantar,
    "qantar, without passages": qantar_without_passages,
    "rensa": rensa,
    "datasketch": datasketch,
    "text-dedup (unverified)": text_dedup,
}


def answer(system: str, path: Path, out: Path) -> None:
    """Write the pairs that a system finds, and how much memory its processes held at most."""
    try:
        pairs = SYSTEMS[system](path)
    except ModuleNotFoundError as missing:
        print(missing)
        sys.exit(NOT_INSTALLED)
    out.write_text(json.dumps({"pairs": pairs, "kilobytes": max(peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)}))


def peak() -> int:
    """Kilobytes this process has held at most; not its ru_maxrss, which begins with what the process that started it held."""
    return int(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))


if __name__ == "__main__":
    answer(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
