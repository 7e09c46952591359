"""The public API: a build and its tables, a new build of a folder, and the annotations of one text. See docs/reference/python.md."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qantar.settings import QantarError, Settings

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from qantar.pipeline.annotator import Annotator
    from qantar.schema import Block, Document, Mention, Quote, Sentence


@dataclass(frozen=True)
class Build:
    """One published build, on disk. Tables are read when they are asked for."""

    folder: Path

    @property
    def build_id(self) -> str:
        """The build's id: the same input, settings and code give the same."""
        return self.folder.name

    @property
    def database(self) -> Path:
        """The SQLite file with the same tables, `qantar.db`."""
        return self.folder / "qantar.db"

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that the build holds, in the order of the documentation."""
        from qantar.schema import KNOWN

        return tuple(name for name in KNOWN if (self.folder / "data" / name).is_dir())

    def arrow(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A table as Arrow, with all its columns or those named, in the order of the build.

        Raises QantarError for a table or a column that is not there.
        """
        import pyarrow as pa

        from qantar.schema import KNOWN
        from qantar.store.parquet import arrow_schema, parts, read_columns

        if table not in self.tables:
            raise QantarError(f"{self.folder}: no table {table!r}; there are: {', '.join(self.tables)}")
        declared = KNOWN[table]
        wanted = [column.name for column in declared] if columns is None else list(columns)
        if missing := [name for name in wanted if name not in {column.name for column in declared}]:
            raise QantarError(f"table {table}: no column {missing[0]!r}; there are: {', '.join(column.name for column in declared)}")
        schema = arrow_schema(declared)
        empty = pa.schema([schema.field(name) for name in wanted]).empty_table()
        return pa.concat_tables([empty, *(read_columns(part, wanted) for part in parts(self.folder, declared))]).select(wanted)

    def pandas(self, table: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """A table as a pandas DataFrame, with all its columns or those named. Raises QantarError as `arrow` does."""
        frame: pd.DataFrame = self.arrow(table, columns).to_pandas()
        return frame


def open_build(path: str | os.PathLike[str] = "processed") -> Build:
    """The build in a folder, or the latest one of a folder of builds (`processed/`), or an unpacked release.

    Raises QantarError where there is none.
    """
    folder = Path(path)
    found = folder / "latest" if (folder / "latest").exists() else folder
    if not (found / "data" / "documents").is_dir():
        raise QantarError(f"{folder}: no build is there; make one with qantar.build(...) or `qantar build`, or name another folder")
    return Build(found.resolve())


def build(
    raw: str | os.PathLike[str],
    out: str | os.PathLike[str] = "processed",
    *,
    workers: int | None = None,
    model: str | None = None,
    annotate: bool = True,
    keep: int = 5,
) -> Build:
    """Build the dataset from the folder of articles `raw`, publish it under `out`, and return it.

    `workers` is the number of processes (all cores if None), `model` an installed spaCy pipeline in place of Qantar's own, `keep` how
    many builds stay on disk; without `annotate` it ends with deduplication. Where nothing has changed, the build that is there is returned.
    Prefect reads its settings when it is imported, so a program that uses it, too, builds first.

    Raises QantarError where nothing could be published; the build before stays the latest.
    """
    from qantar.service.making import make_build

    given: dict[str, Any] = {} if workers is None else {"workers": workers}
    settings = Settings(raw=Path(raw), out=Path(out), model=model, annotate=annotate, keep=keep, **given)
    make_build(settings)
    return open_build(settings.out)


@dataclass(frozen=True)
class Annotated:
    """One text with what was found in it; offsets index `document.text`. Fields of the rows are the columns of the tables."""

    document: Document
    blocks: list[Block]
    sentences: list[Sentence]
    mentions: list[Mention]
    quotes: list[Quote]

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain dictionaries and lists."""
        return asdict(self)


def annotate(
    text: str,
    *,
    title: str | None = None,
    outlet: str | None = None,
    published_on: date | None = None,
    authority: str | os.PathLike[str] | None = None,
    model: str | None = None,
) -> Annotated:
    """Annotate one English article: its blocks, sentences, names and dates, and who says what.

    `title` is a headline given beside the text, `published_on` the day from which "on Friday" is dated, `authority` a CSV file of the
    corpus's own entities (see `raw/authority.csv`), `model` an installed spaCy pipeline. Names are linked to entities only where the
    lexicon or the authority is certain: links across articles, and entities of speakers, need a build. The first call loads the model.

    Raises QantarError for a text of which nothing is left but boilerplate.
    """
    from hashlib import sha256

    from qantar.schema import Article, Rejected
    from qantar.stages.blocks import clean_article
    from qantar.text.identity import short_id

    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    article = Article(
        document_id=short_id("document", digest),
        source_path="text",
        source_record="1",
        source_sha256=digest,
        format="txt",
        url=None,
        outlet=outlet,
        title=title,
        author=None,
        credit=None,
        published_on=published_on,
        language="en",
        language_score=1.0,
        licence=None,
        note=None,
        text=text,
        text_sha256=digest,
        has_raw_offsets=True,
    )
    cleaned = clean_article(article)
    if isinstance(cleaned, Rejected):
        raise QantarError(f"the text has no article to annotate: {cleaned.detail}")
    found = _annotator(model, Path(authority) if authority else None).annotate(cleaned.document, cleaned.blocks)
    return Annotated(found.document, cleaned.blocks, found.sentences, found.mentions, found.quotes)


@cache
def _annotator(model: str | None, authority: Path | None) -> Annotator:
    from qantar.pipeline.annotator import Annotator
    from qantar.text.known_names import load_names

    return Annotator(model, load_names(authority))
