"""Write what is read off the lexicon's patterns of furniture to flows/stages/blocks/read_patterns.json, a pattern a line.

python tools/read_patterns.py
"""

from __future__ import annotations

import json
import sys

from qantar.stages.blocks.line_rules import read_patterns
from qantar.stages.blocks.read_patterns import FILE, key_of


def main() -> None:
    rows = {
        key_of(pattern): [None if openings is None else sorted(openings), list(map(sorted, groups)), list(needed)]
        for pattern, (openings, groups, needed) in read_patterns().items()
    }
    lines = (f"{json.dumps(key)}: {json.dumps(row, ensure_ascii=False, separators=(',', ':'))}" for key, row in sorted(rows.items()))
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    sys.stdout.write(f"{FILE}: {len(rows)} patterns\n")


if __name__ == "__main__":
    main()
