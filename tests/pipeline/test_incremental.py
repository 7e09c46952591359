"""A build with stored results against one from nothing: the same bytes in every format, and proven alike, whatever came and went before."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qantar.pipeline import shards
from qantar.pipeline.publishing import WORKING, find_unproven
from qantar.publish import shared_parts
from qantar.publish.csv_tables import write_checksums
from qantar.publish.diff import document_changes
from qantar.publish.shared_parts import find_shared
from qantar.quality import proofs
from qantar.quality.proofs import keep_proofs
from qantar.quality.validation import Checked, check_tables
from qantar.schema import TABLES
from qantar.store.history import RUN_FILE
from qantar.store.parquet import parts, read_rows
from tests.corrections.ferry import Line, make_shards, make_tables, write_lines

TEXTS = [
    'The council of Port Lind met on Monday. Anna Reed, the mayor, said: "We will keep the ferry running." She said that costs had risen.',
    'Crews met in Port Lind on Tuesday. "Nobody asked the crews," Tom Hale said. The mayor, Anna Reed, promised to listen to them again.',
    "Crews of the ferry sang at the harbour on Tuesday. Reed promised that she would listen. Hale of the Lind Transport Union said no.",
    'The Lind Transport Union will strike in June, Mr Hale told the Harbour Post. "We were not asked," he said on 12 May 2021 in Norway.',
    'Ministers flew to Nairobi and Oslo. The finance minister of Kenya, Jane Mwangi, said: "Prices will not rise." Hale was not there.',
    "Read more about this on our site\\n\\nPort Lind is a town in Norway. Its mayor said on Friday that the ferry costs $2 million a year.",
]
AUTHORITY = {
    "reed": "Anna Reed,PERSON,,mayor of Port Lind,Reed,the mayor,",
    "hale": "Tom Hale,PERSON,,,Mr Hale|Hale,,",
    "union": "Lind Transport Union,ORG,,,,,",
    "post": "Harbour Post,ORG,Q7,a newspaper,,,",
    "lind": "Port Lind,GPE,,,,,",
    "norway": "Kingdom of Norway,GPE,,,Norway,,",
    "nobody": "Nobody Else,PERSON,,,,finance minister of Kenya,",
    "slip": "Kenya Colony,LOC,,,,,minister of [Kenya]",
}
CORRECTIONS: list[Line] = [
    ("{0}.txt", "mentions", "", "", "Anna Reed", "delete", ""),
    ("{0}.txt", "mentions", "", "", "Tom Hale", "label", "ORG"),
    ("{0}.txt", "mentions", "", "", "ferry", "add", "label=ORG"),
    ("{0}.txt", "sentences", "", "", "The mayor", "split", "The mayor"),
    ("{0}.txt", "documents", "", "", "", "published_on", "2021-05-12"),
    ("{0}.txt", "documents", "", "", "", "language", "fr"),
    ("", "entities", "", "", "tom-hale", "name", "Thomas Hale"),
    ("{0}.txt", "duplicates", "", "", "", "apart", "{1}.txt"),
]
N_ARTICLES = 6


class Change(NamedTuple):
    """Something done to raw/: to which file or line, and what it is then (None: it goes)."""

    what: str
    number: int
    value: int | None


CHANGES = st.one_of(
    st.builds(Change, st.just("article"), st.integers(0, N_ARTICLES - 1), st.integers(0, len(TEXTS) - 1) | st.none()),
    st.builds(Change, st.just("authority"), st.integers(0, len(AUTHORITY) - 1), st.just(0) | st.none()),
    st.builds(Change, st.just("correction"), st.integers(0, len(CORRECTIONS) - 1), st.integers(0, N_ARTICLES - 1) | st.none()),
    st.builds(Change, st.just("takedown"), st.integers(0, N_ARTICLES - 1), st.just(0)),
)


class Folder:
    """A raw folder that changes, and an output folder that stays."""

    def __init__(self, folder: Path) -> None:
        self.raw, self.out, self.fresh, self.before = folder / "raw", folder / "out", folder / "fresh", folder / "before"
        self.n_shared = 0
        self.raw.mkdir()
        self.authority: set[int] = set()
        self.corrections: dict[int, int] = {}
        self.removed: dict[str, str] = {}
        for number in range(N_ARTICLES):
            self.do(Change("article", number, number % len(TEXTS)))

    def do(self, change: Change) -> None:
        """Change the raw folder."""
        what, number, value = change
        if what == "article":
            self._write(number, value)
        elif what == "authority":
            (self.authority.discard if value is None else self.authority.add)(number)
            lines = [f"{name},{row}\n" for i, (name, row) in enumerate(AUTHORITY.items()) if i in self.authority]
            (self.raw / "authority.csv").write_text("id,name,label,wikidata_id,description,aliases,roles,slips\n" + "".join(lines))
        elif what == "correction":
            self.corrections.pop(number, None)
            if value is not None:
                self.corrections[number] = value
            at = ((CORRECTIONS[i], j) for i, j in sorted(self.corrections.items()))
            write_lines(self.raw, [tuple(str(cell).format(j, (j + 1) % N_ARTICLES) for cell in line) for line, j in at])  # type: ignore[misc]
        else:
            self._take_down(f"{number}.txt")

    def _write(self, number: int, value: int | None) -> None:
        path = self.raw / f"{number}.txt"
        if value is None and number:  # an article stays, so that there is a build
            path.unlink(missing_ok=True)
        elif value is not None:
            path.write_text(f"{TEXTS[value]}\n\nReport number {number} of the day ended here, as the others did.\n")

    def _take_down(self, name: str) -> None:
        """Take down what the last build has of a file."""
        for part in parts(self.tables(self.out), TABLES["documents"]):
            rows = list(read_rows(part, TABLES["documents"]))
            found = {row.document_id: row.text_sha256 for row in rows if row.source_path == name}
            self.removed |= found if len(rows) > 1 else {}
        lines = [f"{key},2026-01-01,asked,{text}\n" for key, text in sorted(self.removed.items())]
        (self.raw / "takedowns.csv").write_text("document_id,removed_on,reason,text_sha256\n" + "".join(lines))

    def tables(self, out: Path) -> Path:
        """The staged build; where builds were made before, it takes over from the last one what it shares with it."""
        return make_tables(self.raw, out, with_csv=True, before=self.before if out == self.out else None)

    def validation(self, out: Path) -> list[Checked]:
        """What the expectations come to where earlier builds have proven most of it, if they were made there."""
        staged = self.tables(out)
        shared = find_shared(staged, sums_in(staged), self.before if out == self.out else None)
        plan, made = make_shards(self.raw, out)
        unproven = find_unproven(plan.context, staged, made, shared)
        self.n_shared += len(shared.rows) if shared else 0
        checked = check_tables(staged, staged / WORKING, TABLES, unproven.documents, unproven.same)
        assert not [c for c in checked if not c.success]
        assert not shared or document_changes(self.before, staged, shared.pieces) == document_changes(self.before, staged)
        keep_proofs(out / ".cache", unproven.proofs)
        if out == self.out:
            self.publish(staged)
        return checked

    def publish(self, staged: Path) -> None:
        """Keep a build that was validated as the one before."""
        shutil.rmtree(self.before, ignore_errors=True)
        shutil.copytree(staged, self.before)
        write_checksums(self.before)
        (self.before / RUN_FILE).touch()

    def digests(self, out: Path) -> dict[str, str]:
        """The digest of every file of the build."""
        staged = self.tables(out)
        return {name: digest for name, digest in sums_in(staged, "*").items() if name != WORKING}


def sums_in(folder: Path, pattern: str = "part-*.parquet") -> dict[str, str]:
    """The digests of files, by their paths."""
    files = sorted(path for path in folder.rglob(pattern) if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Shards of about two articles, each document proven by itself, and every row copied that is the same."""
    monkeypatch.setattr(proofs, "_UNIT", 1)
    monkeypatch.setattr(shards, "SHARD", 2)
    monkeypatch.setattr(shared_parts, "FEWEST", 1)
    yield


EVERY_KIND = [
    [Change("authority", 0, 0), Change("authority", 5, 0)],
    [Change("correction", 0, 1), Change("correction", 3, 1)],
    [Change("takedown", 2, 0), Change("article", 3, None)],
    [Change("article", 4, 1), Change("authority", 0, None), Change("correction", 0, None)],
    [Change("article", 3, 2), Change("authority", 7, 0)],
]


@pytest.mark.usefixtures("small_shards")
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CHANGES, min_size=1, max_size=3), min_size=1, max_size=3))
@example(EVERY_KIND)
def test_a_build_with_stored_results_is_the_one_from_nothing(changes: list[list[Change]]) -> None:
    folder = Folder(Path(tempfile.mkdtemp()))
    try:
        folder.validation(folder.out)
        for some in changes:
            for change in some:
                folder.do(change)
            shutil.rmtree(folder.fresh, ignore_errors=True)
            assert folder.digests(folder.out) == folder.digests(folder.fresh)
            assert folder.validation(folder.out) == folder.validation(folder.fresh)
        assert changes is not EVERY_KIND or folder.n_shared
    finally:
        shutil.rmtree(folder.raw.parent)
