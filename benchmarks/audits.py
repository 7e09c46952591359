"""How often the intervals of an audit hold the truth, on made-up corpora whose errors are known: of 1,000 audits each.

    python -m benchmarks.audits [--audits 1000]

Strata have other sizes and other shares of right rows; each gets rows by its size, five at least, as `qantar audit` draws them. What was
missed in passages comes alone or in clumps. A 95 % interval should hold the truth in 93 to 97 of 100 audits.
"""

from __future__ import annotations

import argparse
import random

from qantar.quality.audit_estimates import Stratum, estimate_recall, estimate_share
from qantar.quality.audit_sample import LEAST

PRECISION = {
    "four strata, one large, 100 judged": ([(900, 0.97), (400, 0.9), (150, 0.7), (50, 0.5)], 100),
    "six strata, 200 judged": ([(400, 0.92), (350, 0.88), (300, 0.8), (200, 0.75), (80, 0.6), (30, 0.5)], 200),
    "three strata of 8,500 rows, 60 judged": ([(5000, 0.95), (3000, 0.85), (500, 0.6)], 60),
}
RECALL = {
    "misses alone": (1000, 0.3, 1, 100),
    "misses in clumps of three": (1000, 0.3, 3, 100),
    "few misses, in clumps of two": (3000, 0.1, 2, 150),
}


def held_of_precision(strata: list[tuple[int, float]], n: int, audits: int) -> int:
    """In how many audits the interval of precision holds the truth."""
    chance = random.Random(1)
    everything = [[k < round(size * share) for k in range(size)] for size, share in strata]
    total = sum(size for size, _ in strata)
    truth = sum(map(sum, everything)) / total
    drawn = [min(size, max(LEAST, round(n * size / total))) for size, _ in strata]
    held = 0
    for _ in range(audits):
        found = estimate_share([Stratum(len(rows), k, sum(chance.sample(rows, k))) for rows, k in zip(everything, drawn, strict=True)])
        held += found.low <= truth <= found.high
    return held


def held_of_recall(n_passages: int, rate: float, clump: int, n: int, audits: int) -> int:
    """In how many audits the interval of recall holds the truth."""
    chance = random.Random(2)
    missed = [0] * n_passages
    for _ in range(round(n_passages * rate / clump)):
        missed[chance.randrange(n_passages)] += chance.choice([1, 1, clump])
    quotes = [k < 1350 for k in range(1500)]
    truth = sum(quotes) / (sum(quotes) + sum(missed))
    held = 0
    for _ in range(audits):
        precision = estimate_share([Stratum(1500, n, sum(chance.sample(quotes, n)))])
        found = estimate_recall(precision, 1500, chance.sample(missed, n), n_passages)
        held += found.low <= truth <= found.high
    return held


def main() -> None:
    """Print a line for each corpus."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.audits", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--audits", type=int, default=1_000)
    audits = parser.parse_args().audits
    print(f"| corpus | intervals of 95 % that hold the truth, of {audits:,} |\n| --- | ---: |")
    for name, (strata, n) in PRECISION.items():
        print(f"| precision: {name} | {held_of_precision(strata, n, audits) / audits:.1%} |", flush=True)
    for name, given in RECALL.items():
        print(f"| recall: {name} | {held_of_recall(*given, audits) / audits:.1%} |", flush=True)


if __name__ == "__main__":
    main()
