"""Entities resolved with what was counted before, against the same from nothing: the same rows and links, whatever came and went."""

from __future__ import annotations

import json
import pickle
import shutil
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qantar.pipeline import steps
from qantar.pipeline.context import Context
from qantar.pipeline.shard_rows import NAMES, NAMES_SUM
from qantar.pipeline.steps.names_counted import Counting
from qantar.settings import Corpus
from qantar.stages.entities import name_document
from qantar.text.identity import digest
from tests.stages.articles import few_names
from tests.stages.test_persons import read

TEXTS = [
    "Mr [Robin Vale|x] spoke in Norway. Mr [Vale|x] is the mayor.",
    "Ms [Robin Vale|x] spoke in Kenya.",
    "Ms [Robin Vale|x] and Ms [Robin Vale|x] spoke. She sang.",
    "[Vale|x] of the [Lind Transport Union|x|ORG] spoke in Norway.",
    "[Robyn Vale|x] of the [Lind Transport Union|x|ORG] met [Kassym-Jomart Tokayev|x] in Norway.",
    "[Kasym-Zhomart Tokaev|x] met the [Supreme Court|x|ORG] in Norway. He sang.",
    "The [Supreme Court|x|ORG] of Norway and the [Lind Transport Union|x|ORG] ([LTU|x|ORG]) met.",
    "[LTU|x|ORG] said no. President [Ada Obi|x] and her sister sang in Nairobi.",
]
AUTHORITIES = ["", "vale,Robin Vale,PERSON,,mayor in Norway,,\n", "obi,Ada Obi,PERSON,Q7,,Madam Obi,head of state\n"]
N_SHARDS = 3
State = tuple[int, Sequence[Sequence[int]]]
"""The authority, and the texts of each shard."""

USES = [name_document(mentions, text, sentences) for text, mentions, sentences, _ in (read(t, n, few_names()) for n, t in enumerate(TEXTS))]


class Folder:
    """Annotated shards that change, and a cache that stays."""

    def __init__(self, folder: Path) -> None:
        self.raw = folder / "raw"
        self.folder = folder
        self.raw.mkdir()

    def resolved(self, cache: str, state: State) -> dict[str, bytes]:
        """The files that resolving the names of some shards gives."""
        number, texts = state
        authority = self.raw / "authority.csv"
        authority.write_text(f"id,name,label,wikidata_id,description,aliases,roles\n{AUTHORITIES[number]}")
        shards = [self.shard(at, own) for at, own in enumerate(texts)]
        described = {"authority.csv": sha256(authority.read_bytes()).hexdigest()}
        context = Context(raw=self.raw, cache=self.folder / cache, corpus=Corpus(), code="same", model=None, described=described)
        found = steps.resolve_names(context, shards)
        paths = [*found.glob("*.parquet"), *steps.links_of(found, shards)]
        return {path.name: path.read_bytes() for path in paths}

    def shard(self, at: int, texts: Sequence[int]) -> Path:
        """What is kept of the names of a shard, as it is annotated."""
        shard = self.folder / f"shard-{at}"
        shard.mkdir(exist_ok=True)
        own = {f"{text:012d}": USES[text] for text in sorted(set(texts))}
        (shard / NAMES).write_bytes(pickle.dumps({key: pickle.dumps(uses, protocol=5) for key, uses in own.items()}, protocol=5))
        (shard / NAMES_SUM).write_text(json.dumps({key: digest(*map(repr, uses)) for key, uses in own.items()}))
        return shard


def states() -> st.SearchStrategy[list[State]]:
    """Some states, in each of which every text is in one shard or in none."""
    places = st.lists(st.integers(0, N_SHARDS), min_size=len(TEXTS), max_size=len(TEXTS))
    shards = places.map(lambda at: [[text for text, place in enumerate(at) if place == shard] for shard in range(N_SHARDS)])
    return st.lists(st.tuples(st.integers(0, len(AUTHORITIES) - 1), shards), min_size=2, max_size=3)


@settings(max_examples=6, deadline=None)
@given(states())
@example([(0, [[0, 3], [4, 5], [6]]), (0, [[0, 3], [4, 5], [1, 2, 6]])])  # whom others call otherwise
@example([(0, [[7], [0, 3], [6]]), (0, [[0, 3], [6], [7]]), (1, [[0, 3], [6], [7]])])  # the same shards in another order
@example([(2, [[7], [6], [5]]), (2, [[7], [], [5]]), (0, [[7], [], [5]])])  # what another shard explained, and a role
def test_names_are_counted_as_from_nothing(history: list[State]) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Folder(Path(place))
        for state in history:
            found = folder.resolved("kept", state)
            assert found == folder.resolved("new", state)
            shutil.rmtree(folder.folder / "new")


def test_where_a_shard_that_is_gone_is_forgotten_all_is_counted(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.resolved("kept", (0, [[0, 1], [3, 4]]))
    shutil.rmtree(tmp_path / "kept/names")
    assert folder.resolved("kept", (0, [[0], [3, 4]])) == folder.resolved("new", (0, [[0], [3, 4]]))


def test_only_the_shards_that_are_others_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path)
    folder.resolved("kept", (0, [[0, 3], [4, 5], [6]]))
    counted: list[int] = []
    count = Counting._tallies

    def noted(self: Counting, number: int) -> Any:
        counted.append(number)
        return count(self, number)

    monkeypatch.setattr(Counting, "_tallies", noted)
    folder.resolved("kept", (0, [[0, 3], [4, 5], [6, 7]]))
    assert counted == [2]
