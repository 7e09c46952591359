"""What the authority and the lexicon tell of each text of a shard: where that is the same, the text is not annotated again.

The words of a shard's texts, and the lexicon's names in them, are stored once; with another line of the authority, only texts that hold
all words of one of its spellings are looked through.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from qantar.pipeline.context import Context, reading
from qantar.pipeline.shard_rows import first_documents
from qantar.pipeline.steps.correct_cleaned import uncorrected_texts
from qantar.settings import AUTHORITY_FILE
from qantar.store.parquet import read_columns
from qantar.text.identity import digest
from qantar.text.known_names import Names, load_names, words_of


def told_of_texts(context: Context, cleaned: Path) -> dict[str, str]:
    """For each text of a shard, by its hash, a hash of all that the authority and the lexicon tell of it."""
    sums: list[str] = read_columns(cleaned / "documents.parquet", ["text_sha256"]).column(0).to_pylist()
    authority_sum = context.described[AUTHORITY_FILE]

    def know() -> str:
        return json.dumps(_tell(context, cleaned, sums))

    known: dict[str, str] = json.loads(context.stored_text("known", [authority_sum, digest(*sums)], know))
    return known


def names_of_corpus(context: Context) -> Names:
    """The names that the lexicon and the corpus's authority know."""
    return load_known(context.raw, context.described[AUTHORITY_FILE])


@lru_cache(maxsize=2)  # a process loads them once a run
def load_known(raw: Path, authority_sum: str) -> Names:
    """The names that the lexicon and the authority, whose file has this SHA-256, know."""
    authority = raw / AUTHORITY_FILE
    with reading(raw, {AUTHORITY_FILE: authority_sum}):
        return load_names(authority if authority.exists() else None)


def _tell(context: Context, cleaned: Path, sums: list[str]) -> dict[str, str]:
    """What is told of each text; what a shard spells that has them uncorrected, too, is taken from there."""
    names = names_of_corpus(context)
    before = context.kept_bytes("spelled", [uncorrected]) if (uncorrected := uncorrected_texts(cleaned)) else None
    shelves = [Spelled.read(before)] if before else []
    rest = sorted(set(sums) - {key for shelf in shelves for key in shelf.ids})

    def spell(last: bytes | None) -> bytes:
        same = Spelled.read(last).only(rest) if last else Spelled({}, {})
        return same.with_texts(_texts_of(cleaned, set(rest) - same.ids.keys()), names).write()

    if rest:
        first = "" if before else first_documents([cleaned])[0]
        shelves.append(Spelled.read(context.stored_bytes_after("spelled", first, [digest(*rest) if before else digest(*sums)], spell)))
    authority = _authority(context.raw, context.described[AUTHORITY_FILE])
    told: dict[str, str] = {}
    for shelf in shelves:
        found = shelf.with_authority(authority, cleaned)
        told |= {key: digest(*names.told(ids)) for key, ids in found.items()}
    return {key: told[key] for key in sums}


def _texts_of(cleaned: Path, wanted: Iterable[str]) -> dict[str, str]:
    """Some texts of a shard, by their hashes."""
    sums, texts = (column.to_pylist() for column in read_columns(cleaned / "documents.parquet", ["text_sha256", "text"]).columns)
    chosen = set(wanted)
    return {key: text for key, text in zip(sums, texts, strict=True) if key in chosen}


class _Authority(NamedTuple):
    """The entities that the authority names, alone, and the words of each spelling of theirs."""

    names: Names
    spellings: list[list[str]]


@lru_cache(maxsize=2)
def _authority(raw: Path, authority_sum: str) -> _Authority:
    own = Names()
    spelled: list[str] = []
    for known in load_known(raw, authority_sum).entities.values():
        if known.source == "authority":
            own.add(known)
            spelled += [known.name, *known.aliases, *(re.sub(r"[\[\]]", "", slip) for slip in known.slips)]
    return _Authority(own, [[word.lower() for word, _, _ in words_of(spelling)] for spelling in spelled])


class Spelled(NamedTuple):
    """What some texts spell: the ids of the lexicon's entities in each, and the numbers of those that have a word, in lower case."""

    ids: dict[str, list[str]]
    words: dict[str, list[int]]

    def with_texts(self, texts: Mapping[str, str], names: Names) -> Spelled:
        """The same with what more texts, by their hashes, spell."""
        from qantar.stages.mentions import names_spelled

        shipped = Names()
        for known in names.shipped:
            shipped.add(known)
        ids = dict(self.ids)
        words = defaultdict(list, self.words)
        for number, (key, text) in enumerate(texts.items(), len(ids)):
            spoken = words_of(text)
            found = {i for i in names_spelled(text, names, spoken) if names.entities[i].source == "lexicon"}
            ids[key] = sorted(found | names_spelled(text, shipped, spoken) if names.shipped else found)
            for word in {word.lower() for word, _, _ in spoken}:
                words[word].append(number)
        return Spelled(ids, words)

    def only(self, wanted: Collection[str]) -> Spelled:
        """The same of some texts, by their hashes."""
        chosen = set(wanted)
        kept = {at: key for at, key in enumerate(self.ids) if key in chosen}
        number = {at: new for new, at in enumerate(kept)}
        words = ((word, [number[at] for at in numbers if at in number]) for word, numbers in self.words.items())
        return Spelled({key: self.ids[key] for key in kept.values()}, {word: numbers for word, numbers in words if numbers})

    @classmethod
    def read(cls, kept: bytes) -> Spelled:
        """The same again, from the bytes that `write` gave."""
        found: dict[str, Any] = json.loads(zlib.decompress(kept))
        return cls(**found)

    def write(self) -> bytes:
        """As bytes, to be stored."""
        return zlib.compress(json.dumps(self._asdict()).encode(), 1)

    def with_authority(self, authority: _Authority, cleaned: Path) -> dict[str, list[str]]:
        """The ids of all entities that each text spells."""
        from qantar.stages.mentions import names_spelled

        keys = list(self.ids)
        texts = _texts_of(cleaned, [keys[at] for at in at_all]) if (at_all := self._holding(authority.spellings)) else {}
        return self.ids | {key: [*self.ids[key], *names_spelled(text, authority.names)] for key, text in texts.items()}

    def _holding(self, spellings: Iterable[list[str]]) -> set[int]:
        """The numbers of the texts that have all words of one of some spellings."""
        found: set[int] = set()
        for words in spellings:
            if words and all(word in self.words for word in words):
                found.update(set(self.words[words[0]]).intersection(*(self.words[word] for word in words[1:])))
        return found
