"""How well copies are told from articles that only fill in the same frame, on frames and fillings of our own making.

    python -m benchmarks.templates [--seeds 1 2 3] [--days] [--write docs/explanation/comparison.md]

Each frame of frames.toml (court lists, vacancies, exchange rates, box office …) is filled in 2 to 40 times. Of some of these articles
copies are made: edited, spun, cut, furnished, scanned, with names respelt, figures brought up to date, another headline. What is joined
should be an article and its copies, never two fillings. Printed are precision and recall of the pairs that were joined, apart for the
frames on which the rules were made, for those that were kept apart (`apart` in frames.toml) and for short notices, recall by kind of copy,
and what each threshold of corpus.toml does to both. The answers are the same on every machine.
`--write` puts the tables into a page, between its marks.
"""

from __future__ import annotations

import argparse
import random
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from datetime import date, timedelta
from io import StringIO
from itertools import combinations, product
from pathlib import Path
from typing import Any, NamedTuple

SIZES = (2, 3, 5, 12, 40)
"""How often a frame is filled in; each of them once a seed."""
MOST_TRIES = 100
"""So many fillings in a row that are like earlier ones, and the frame has no more."""
COPIED = 0.4
"""Share of the articles that have a copy."""
ALIKE = 1 / 3
"""Two fillings may have this share of the words of their slots in common; above, a reader might take one for a copy of the other."""

MARKS = ("<!-- made by python -m benchmarks.templates --write -->", "<!-- end of benchmarks.templates -->")
FIELDS = {"copy_common": "common", "copy_reach": "reach", "template_differs": "differs", "template_same": "same"}
TRIED = {
    "copy_common": (0.1, 0.2, 0.4),
    "copy_reach": (0.6, 0.7, 0.8),
    "template_differs": (0.1, 0.15, 0.2, 0.3, 0.5, 1),
    "template_same": (0.5, 0.6, 0.65, 0.7, 0.9),
}
"""The thresholds of corpus.toml, and what is tried of each, the others as they are."""

_SLOT = re.compile(
    r"\{(?P<kind>[a-z_]+)(?:\.(?P<label>\w+))?(?::(?P<low>-?\d+)-(?P<high>-?\d+))?\}|\[(?P<choice>[^\]]+)\]|\(\?(?P<maybe>[^)]*)\)"
)
_COMPANY = ("Holdings", "& Sons", "Industries", "Group", "Works", "Mills", "Foods", "Shipping", "Brothers", "Instruments")


class Article(NamedTuple):
    """An article of the bench."""

    document_id: str
    published_on: date
    text: str
    frame: str
    cluster: str  # the same for an article and its copies
    kind: str  # of copy; "" for what is none
    apart: bool  # no rule was made on its frame
    short: bool  # a short notice


class Filler:
    """Fills a frame in."""

    def __init__(self, frame: dict[str, Any], lists: dict[str, list[str]], r: random.Random) -> None:
        self.frame, self.lists, self.r = frame, lists, r
        self.before: list[tuple[list[str], int]] = []  # what was filled in, and of how many words

    def fill(self) -> tuple[str, list[str]]:
        """A text, and what was filled in."""
        values: list[str] = []
        named: dict[str, str] = {}

        def one(slot: re.Match[str]) -> str:
            if slot["maybe"] is not None:
                return _SLOT.sub(one, slot["maybe"]) if self.r.random() < 0.5 else ""
            if slot["choice"]:
                value = _SLOT.sub(one, self.r.choice(slot["choice"].split("|")))
            else:
                key = f"{slot['kind']}.{slot['label']}"
                if slot["label"] and key in named:
                    return named[key]
                value = named[key] = self.make(slot, named)
            values.append(value)
            return value

        text = _SLOT.sub(one, self.frame["text"])
        return re.sub(r" +", " ", text), values

    def make(self, slot: re.Match[str], named: dict[str, str]) -> str:
        kind, label = slot["kind"], slot["label"] or ""
        if kind == "n":
            return str(self.r.randint(int(slot["low"]), int(slot["high"])))
        if kind == "person":
            return f"{self.r.choice(self.lists['given'])} {self.r.choice(self.lists['family'])}"
        if kind == "family" and label.startswith("of_"):
            return named[f"person.{label[3:]}"].split()[1]
        if kind == "company":
            return f"{self.r.choice(self.lists['family'])} {self.r.choice(_COMPANY)}"
        choices: list[str] = self.frame.get(kind) or self.lists[kind]
        return self.r.choice(choices)


# --- copies ---------------------------------------------------------------------------------------------------------------


class Copier:
    """Makes copies of texts, with words of a stock for those that it replaces."""

    def __init__(self, stock: list[str], r: random.Random) -> None:
        self.r = r
        self.stock: dict[str, list[str]] = defaultdict(list)
        for word in sorted(set(stock)):
            self.stock[_shape(word)].append(word)

    def copy(self, kind: str, text: str) -> str:
        made: str = getattr(self, kind)(text)
        return made

    def exact(self, text: str) -> str:
        return text

    def typography(self, text: str) -> str:
        head, _, rest = text.partition("\n")
        return head.upper() + "\r\n" + rest.replace("'", "’").replace(" - ", " — ")

    def edited(self, text: str) -> str:
        """Some words replaced, any of them, and a sentence dropped."""
        return self.replaced(self.dropped(text, 0.1), self.r.uniform(0.02, 0.05))

    def spun(self, text: str) -> str:
        """A quarter of the words replaced by others of their shape."""
        return self.replaced(text, self.r.uniform(0.2, 0.3))

    def reworded(self, text: str) -> str:
        """The same, but for names and numbers."""
        return self.replaced(text, self.r.uniform(0.2, 0.3), facts=False)

    def cut(self, text: str) -> str:
        words = re.findall(r"\S+\s*", text)
        n = max(60, int(len(words) * self.r.uniform(0.5, 0.9)))
        return "".join(words[:n]).rstrip()

    def furnished(self, text: str) -> str:
        lines = list(_FURNITURE)
        self.r.shuffle(lines)
        n = self.r.randint(1, 4)
        return "\n\n".join([*lines[:n], text, *lines[n : n + self.r.randint(1, 3)]])

    def scanned(self, text: str) -> str:
        """One to three characters in a hundred confused."""
        rate = self.r.uniform(0.01, 0.03)
        return "".join(_CONFUSED.get(c, c) if self.r.random() < rate else c for c in text)

    def respelt(self, text: str) -> str:
        """Each name in another spelling, the same throughout."""
        names = sorted(set(re.findall(r"(?<=[a-z,] )[A-Z][a-z]{3,}", text)))
        some = [name for name in names if self.r.random() < 0.7]
        for name in some:
            text = re.sub(rf"\b{name}\b", _respell(name), text)
        return text

    def updated(self, text: str) -> str:
        """One or two figures brought up to date, and a sentence added."""
        places = list(re.finditer(r"\b\d+\b", text))
        for m in sorted(self.r.sample(places, min(len(places), self.r.randint(1, 2))), key=lambda m: -m.start()):
            text = text[: m.start()] + str(int(m.group()) + self.r.randint(1, 9)) + text[m.end() :]
        return text + "\n\n" + self.r.choice(_ADDED)

    def retitled(self, text: str) -> str:
        """Another headline over it, and an agency's line below."""
        _, _, rest = text.partition("\n\n")
        return self.r.choice(_HEADLINES) + "\n\n" + rest + "\n\n" + self.r.choice(_ADDED)

    def dropped(self, text: str, rate: float) -> str:
        head, _, rest = text.partition("\n\n")
        paragraphs = [re.split(r"(?<=[.!?]) ", p) for p in rest.split("\n\n")]
        kept = [" ".join(s for s in p if self.r.random() > rate) for p in paragraphs]
        return "\n\n".join([head, *(p for p in kept if p)])

    def replaced(self, text: str, rate: float, facts: bool = True) -> str:
        """So many words replaced; those of three letters and fewer stay, so that it is more of the others."""
        words = re.findall(r"\w+|\W+", text)
        able = [i for i, w in enumerate(words) if w[0].isdigit() or (w.isalpha() and len(w) > 3)]
        n = sum(w[0].isalnum() for w in words)
        chance = min(0.9, rate * n / max(1, len(able)))
        for i in able:
            plain = words[i].islower()
            if self.r.random() < chance and (facts or plain):
                words[i] = self.r.choice(self.stock[_shape(words[i])] or [words[i]])
        return "".join(words)


def _shape(word: str) -> str:
    if word[0].isdigit():
        return f"9{len(word)}"
    ending = next((e for e in ("ing", "ed", "ly", "s") if word.endswith(e)), "")
    return ("X" if word[0].isupper() else "x") + ending


def _respell(name: str) -> str:
    for one, other in (("ck", "k"), ("y", "ie"), ("v", "w"), ("c", "k"), ("ll", "l"), ("e", "a"), ("o", "u"), ("i", "y"), ("a", "e")):
        if one in name[1:]:
            return name[0] + name[1:].replace(one, other, 1)
    return name + "h"


_CONFUSED = {
    "l": "1",
    "o": "0",
    "e": "c",
    "h": "b",
    "n": "u",
    "u": "n",
    "m": "rn",
    "i": "l",
    "s": "5",
    "a": "o",
    "t": "f",
    "r": "i",
    " ": "",
}
_FURNITURE = (
    "Sign up for our morning letter and have the best of the paper before breakfast.",
    "Follow us wherever you are: the app is free and brings the news as it happens.",
    "You have four free articles left this month. Subscribe today and read without limits on any device.",
    "All rights reserved. Nothing on this page may be copied or passed on without the publisher's consent in writing.",
    "Have you seen something that we should know of? Write to the newsroom, in confidence if you wish.",
    "Comments are read before they appear. Be brief, be civil and keep to the matter.",
    "More from this section: the week in pictures, the readers' letters and the crossword.",
)
_ADDED = (
    "A spokeswoman declined to add anything to the statement when she was reached by telephone.",
    "The report was first carried by the national news agency and has been edited for length here.",
    "Further details were not available when this edition went to press late in the evening.",
    "Residents who were asked about it in the morning said that they had heard nothing of the matter.",
)
_HEADLINES = ("What we know so far", "In brief", "News from the region", "From the wires", "Morning summary")
KINDS = ("exact", "typography", "edited", "spun", "reworded", "cut", "furnished", "scanned", "respelt", "updated", "retitled")


# --- the bench ------------------------------------------------------------------------------------------------------------


def make_articles(seed: int) -> list[Article]:
    """The articles of a seed, in no particular order."""
    told = tomllib.loads((Path(__file__).parent / "frames.toml").read_text("utf-8"))
    r = random.Random(seed)
    made: list[Article] = []
    stock = [w for f in told["frames"].values() for w in re.findall(r"\w+", re.sub(r"\{[^}]*\}", " ", f["text"])) if len(w) > 3]
    stock += [w for words in told["lists"].values() for name in words for w in name.split() if w.isalpha()] + [
        str(n) for n in range(1, 2000, 7)
    ]
    copier = Copier(stock, r)
    for name, frame in told["frames"].items():
        filler = Filler(frame, told["lists"], r)
        for size in SIZES:
            for n, text in enumerate(_fillings(filler, size)):
                cluster = f"{name} {size} {n}"
                day = date(2023, 1, 1) + timedelta(r.randint(0, 400))
                kept = frame.get("apart", False), frame.get("short", False)
                made.append(Article(cluster, day, text, f"{name} {size}", cluster, "", *kept))
                if r.random() < COPIED:
                    kind = r.choice(KINDS)
                    later = day + timedelta(r.randint(0, 2))
                    made.append(Article(f"{cluster} {kind}", later, copier.copy(kind, text), f"{name} {size}", cluster, kind, *kept))
    r.shuffle(made)
    return made


def _fillings(filler: Filler, size: int) -> Iterator[str]:
    """So many texts, none with more of its slots filled as in an earlier one of the frame than ALIKE."""
    made = tries = 0
    while made < size and tries < MOST_TRIES:
        text, values = filler.fill()
        words = sum(len(value.split()) for value in values)
        tries += 1
        if all(_alike(values, other) <= ALIKE * max(1, min(words, n)) for other, n in filler.before):
            filler.before.append((values, words))
            made, tries = made + 1, 0
            yield text


def _alike(one: list[str], other: list[str]) -> int:
    """Words that both have in the same slots."""
    return sum(len(a.split()) for a, b in zip(one, other, strict=False) if a == b)


class Score(NamedTuple):
    """How many pairs were joined, how many rightly, how many should have been."""

    joined: int
    right: int
    meant: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.joined)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.meant)


def score(articles: list[Article], canonical: dict[str, str]) -> Score:
    """Pairs of articles with one canonical article, against those with one cluster."""
    clusters: dict[str, list[Article]] = defaultdict(list)
    for a in articles:
        clusters[canonical.get(a.document_id, a.document_id)].append(a)
    joined = [pair for some in clusters.values() for pair in combinations(some, 2)]
    meant = sum(a.kind != "" for a in articles)  # one copy an article at most
    return Score(len(joined), sum(a.cluster == b.cluster for a, b in joined), meant)


def join(articles: list[Article], days: bool = False, **thresholds: float) -> dict[str, str]:
    """By document, what `duplicates` says it repeats."""
    from qantar.stages.duplicates import Text, Thresholds, find_duplicates

    texts = (Text(a.document_id, a.published_on if days else None, a.text) for a in articles)
    found = find_duplicates(texts, Thresholds(**{FIELDS[name]: round(1000 * share) for name, share in thresholds.items()}))
    return {d.document_id: d.canonical_id for d in found.duplicates}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--days", action="store_true", help="the days of publication are known")
    parser.add_argument("--write", type=Path, help="a page to put the tables into, between its marks")
    options = parser.parse_args()
    if options.write:
        with redirect_stdout(StringIO()) as told:
            measure(options.seeds, options.days)
        write_between_marks(options.write, told.getvalue())
    else:
        measure(options.seeds, options.days)


def write_between_marks(page: Path, tables: str) -> None:
    """Put the tables into a page in the place of those that it has."""
    before, begin, rest = page.read_text("utf-8").partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not begin or not end:
        raise SystemExit(f"{page} has no {MARKS[0]} … {MARKS[1]}")
    page.write_text(f"{before}{begin}\n\n{tables.strip()}\n\n{end}{after}", "utf-8")


def measure(seeds: list[int], days: bool) -> None:
    """Print all tables."""
    every = {seed: make_articles(seed) for seed in seeds}
    print("| frames | articles | copies | joined | precision | recall |\n| --- | --- | --- | --- | --- | --- |")
    for apart, short in product((False, True), repeat=2):
        name = f"{'short notices' if short else 'longer'}, {'kept apart' if apart else 'of the rules'}"
        print_score(name, [[a for a in some if (a.apart, a.short) == (apart, short)] for some in every.values()], days)
    print_kinds(list(every.values()), days)
    print("\n| in corpus.toml | precision | recall |\n| --- | --- | --- |")
    for name, values in TRIED.items():
        for value in values:
            total = add_up(score(some, join(some, days, **{name: value})) for some in every.values())
            print(f"| {name} = {value:g} | {total.precision:.4f} | {total.recall:.4f} |", flush=True)


def print_score(name: str, every: list[list[Article]], days: bool) -> None:
    total = add_up(score(some, join(some, days)) for some in every)
    print(f"| {name} | {sum(map(len, every))} | {total.meant} | {total.joined} | {total.precision:.4f} | {total.recall:.4f} |", flush=True)


def print_kinds(every: list[list[Article]], days: bool) -> None:
    meant: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for articles in every:
        canonical = join(articles, days)
        for a in articles:
            if a.kind:
                meant[a.kind] += 1
                right[a.kind] += canonical.get(a.document_id, a.document_id) == canonical.get(a.cluster, a.cluster)
    print(f"\n| {' | '.join(KINDS)} |\n{'| --- ' * len(KINDS)}|")
    print(f"| {' | '.join(f'{right[kind] / max(1, meant[kind]):.3f}' for kind in KINDS)} |")


def add_up(scores: Iterable[Score]) -> Score:
    """The scores of several seeds as one."""
    return Score(*map(sum, zip(*scores, strict=True)))


if __name__ == "__main__":
    main()
