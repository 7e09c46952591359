"""How long names take to be found, and to be resolved as the articles grow in number: time and memory against the number of uses.

    python -m benchmarks.entities [DOCUMENTS ...]

Prints a table. The articles are made up from a seed: people with first names and surnames of the lexicon, bodies and places, a
tenth of the names under another spelling; distinct names grow with the articles as in news (Heaps' law, exponent 0.7).
"""

from __future__ import annotations

import random
import sys
import time
import tracemalloc
from collections.abc import Iterator

from qantar.stages.entities import NameUse, resolve_entities
from qantar.stages.entities.name_forms import group_of, normal
from qantar.text.known_names import Names, load_names, words_of
from qantar.text.lexicon import read_lines

NAMES_IN_AN_ARTICLE = 10
SIZES = (100, 1_000, 10_000)


def made_uses(documents: int, names: Names, seed: int = 5) -> Iterator[NameUse]:
    """The names of `documents` made-up articles: a third known, half people, the rest bodies."""
    chance = random.Random(seed)
    first = read_lines("first_names.txt")
    known = [k for k in sorted(names.entities.values(), key=lambda k: (-k.population, k.id)) if k.label in ("GPE", "ORG")][:400]
    distinct = int(20 * documents**0.7) + 10
    people = [f"{chance.choice(first)} {chance.choice(first)}ov" for _ in range(distinct)]
    bodies = [
        f"{chance.choice(first)} {chance.choice(first)} {chance.choice(['Institute', 'Party', 'Front'])}" for _ in range(distinct // 3)
    ]
    for number in range(documents):
        company = tuple((k.id, chance.randint(1, 5)) for k in chance.sample(known, 4))
        document_id = f"{number:012d}"
        for identity, n in company:
            entity = names.entities[identity]
            yield _use(document_id, entity.name, entity.label, company, identity, n)
        for _ in range(NAMES_IN_AN_ARTICLE - 4):
            pool, label = (people, "PERSON") if chance.random() < 0.7 else (bodies, "ORG")
            name = pool[int(len(pool) * chance.random() ** 3)]
            if chance.random() < 0.1:
                name = name.replace("y", "i").replace("ss", "s").replace("kh", "h")
            yield _use(document_id, name, label, company, None, chance.randint(1, 6))


def _use(document_id: str, name: str, label: str, company: tuple[tuple[str, int], ...], identity: str | None, n: int) -> NameUse:
    group = group_of(label)
    return NameUse(
        document_id=document_id,
        group=group,
        key=normal(name, group),
        name=name,
        label=label,
        entity_id=identity,
        is_bare=False,
        spellings=((name, n),),
        acronyms=(),
        roles=(),
        company=company,
        others=(),
        metonym_of=(),
    )


def main(sizes: tuple[int, ...]) -> None:
    """Print the tables."""
    start = time.perf_counter()
    names = load_names(None)
    print(f"loading {len(names.entities):,} known names: {time.perf_counter() - start:.2f} s")
    text = "President of Kazakhstan met the Russian foreign minister in Nur-Sultan on Friday, the ministry said. " * 5_000
    start = time.perf_counter()
    words = words_of(text)
    found = sum(1 for _ in names.find(words, text))
    print(f"finding {found:,} of them: {len(words) / (time.perf_counter() - start):,.0f} words/s\n")
    print(f"{'articles':>10} {'uses':>10} {'names':>10} {'entities':>10} {'seconds':>9} {'µs a use':>9} {'MiB':>7}")
    for documents in sizes:
        uses = list(made_uses(documents, names))
        start = time.perf_counter()
        resolution = resolve_entities(uses, names)
        seconds = time.perf_counter() - start
        tracemalloc.start()
        resolve_entities(iter(uses), names)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        counts = f"{documents:>10,} {len(uses):>10,} {len(resolution.links):>10,} {len(resolution.entities):>10,}"
        print(f"{counts} {seconds:>9.2f} {seconds / len(uses) * 1e6:>9.1f} {peak / 2**20:>7.1f}")


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
