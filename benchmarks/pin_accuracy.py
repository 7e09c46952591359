"""Pin what a build gets right of the golds: floors.csv, and known_faults.csv of each gold. Run it when figures have risen for good.

python -m benchmarks.pin_accuracy processed/latest
"""

from __future__ import annotations

import argparse
from pathlib import Path

from qantar.expectations.floors import Fault, compare_faults, read_faults, write_faults, write_floors
from qantar.quality.evaluate import measure, print_compared
from qantar.schema import Quality

GOLDS = (Path("tests/gold"), Path("tests/gold_apart"))
FLOORS = Path("expectations/floors.csv")


def main() -> None:
    """Measure, print what changed since the last time, and write the files."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("build", type=Path)
    build = arguments.parse_args().build
    figures: list[Quality] = []
    for gold in GOLDS:
        measured = measure(build, gold)
        known: list[Fault] = read_faults(gold) or []
        print_compared(compare_faults(known, measured.faults))
        print(f"{write_faults(gold, measured.faults)}: {len(measured.faults)} items")
        figures += measured.figures
    write_floors(figures, FLOORS)
    print(f"{FLOORS}: written")


if __name__ == "__main__":
    main()
