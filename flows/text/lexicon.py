"""The one loader of `flows/lexicon/`: language data as files. Lines that begin with `#` say where a file is from and what uses it."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1] / "lexicon"


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a CSV file of the lexicon."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def read_lines(name: str) -> list[str]:
    """Lines of a text file of the lexicon, blank ones left out."""
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


@cache
def read_toml(name: str) -> dict[str, Any]:
    """Lists of a TOML file of the lexicon, by key."""
    with (HERE / name).open("rb") as file:
        return tomllib.load(file)
