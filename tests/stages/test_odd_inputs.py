"""What people have in their folders is read as a careful reader reads it, or rejected with what to do (see odd_inputs.py)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qantar.schema import Article, Document, Rejected
from qantar.settings import Corpus
from qantar.stages.articles import list_sources, load_catalogue, read_articles
from qantar.stages.articles.versions import Read, rename_repeated
from qantar.stages.blocks import Cleaned, clean_article, with_roles
from tests.stages import odd_pages, odd_records  # noqa: F401 each adds its cases
from tests.stages.odd_inputs import CASES, TO_DO, Case, Doc
from tests.stages.test_clean import check_promises


def read_all(raw: Path) -> tuple[list[Cleaned], list[Rejected]]:
    """The documents of a folder and its rejects, as a build has them before it compares."""
    sources, rejected = list_sources(raw)
    catalogue, corpus = load_catalogue(raw), Corpus()
    articles: list[Article] = []
    for source in sources:
        for found in read_articles(raw, source, catalogue, corpus):
            if isinstance(found, Article):
                articles.append(found)
            else:
                rejected.append(found)
    rows = {n: Read(a.document_id, a.source_path, a.source_record, a.text_sha256) for n, a in enumerate(articles)}
    (renaming,) = rename_repeated([rows])
    documents = []
    for n, article in enumerate(articles):
        if n in renaming.repeats:
            path, record = article.source_path, article.source_record
            rejected.append(Rejected(source_path=path, source_record=record, stage="read", reason="repeated_id", detail=""))
            continue
        cleaned = clean_article(article)
        if isinstance(cleaned, Rejected):
            rejected.append(cleaned)
        else:
            assert with_roles(article, cleaned.blocks, {}) == cleaned
            if article.has_raw_offsets and not article.raw_start:
                check_promises(article.text, cleaned)
            documents.append(cleaned)
    return documents, rejected


def plain(text: str | None) -> str:
    return " ".join((text or "").split())


def differences(document: Document, expected: Doc) -> list[str]:
    """What is not as expected of a document."""
    text = plain(document.text)
    faults = [f"lacks {line!r}" for line in expected.has if plain(line) not in text]
    faults += [f"has {line!r}" for line in expected.lacks if line in text]
    day = document.published_on.isoformat() if document.published_on else ""
    known = {"title": document.title, "day": day, "author": document.author, "outlet": document.outlet, "url": document.url}
    for field, value in known.items():
        wanted = getattr(expected, field)
        if wanted is not None and (value or "") != wanted:
            faults.append(f"{field} {value!r}, not {wanted!r}")
    return faults


def faults_of(case: Case, raw: Path) -> list[str]:
    """What is not as a careful reader expects, in words."""
    for path, data in case.files.items():
        (raw / path).parent.mkdir(parents=True, exist_ok=True)
        (raw / path).write_bytes(data)
    cleaned, rejected = read_all(raw)
    told = [f"{row.reason}: {row.detail}" for row in rejected]
    if case.or_told and not cleaned and {row.source_path for row in rejected} == set(case.files):
        return [f"does not say what to do: {line}" for line in told if not re.search(TO_DO, line)]
    faults, left = [], [c.document for c in cleaned]
    for expected in case.docs:
        found = next((d for d in left if plain(expected.has[0]) in plain(d.text)), None)
        if found is None:
            faults.append(f"no document with {expected.has[0]!r}")
            continue
        left.remove(found)
        faults += differences(found, expected)
    faults += [f"a document too many: {d.text[:60]!r}" for d in left]
    unmet = list(told)
    for pattern in case.rejects:
        hit = next((line for line in unmet if re.search(pattern, line)), None)
        if hit is None:
            faults.append(f"no reject like {pattern!r}")
        else:
            unmet.remove(hit)
    return faults + [f"rejected {line}" for line in unmet]


NOT_YET = {
    "single marks around cells",
    "names of headers in small letters, lines ended by \\n",  # the reader of archives minds letter case
    "tables for layout",
}
"""Cases that are not read so: one that is mended leaves this list."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_odd_input_is_read_as_a_reader_would(case: Case, tmp_path: Path) -> None:
    faults = faults_of(case, tmp_path)
    assert bool(faults) if case.name in NOT_YET else faults == []
