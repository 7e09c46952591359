from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qantar.schema import TABLES, Entity, Takedown
from qantar.store import parquet
from qantar.store.parquet import (
    PartReader,
    PartWriter,
    arrow_schema,
    batches,
    part_path,
    parts,
    read_rows,
    read_some,
    rewrite_columns,
    to_arrow,
    write_rows,
)

TAKEDOWNS = TABLES["takedowns"]


def takedowns(n: int) -> list[Takedown]:
    return [Takedown(document_id=f"{i:012}", removed_on=date(2022, 1, 1 + i % 28), reason=f"request {i}") for i in range(n)]


def test_rows_come_back_as_they_were_written(tmp_path: Path) -> None:
    entity = Entity(
        entity_id="e",
        name="Name",
        label="PERSON",
        wikidata_id=None,
        description=None,
        aliases=["Näme", "N."],
        n_mentions=2,
        n_documents=1,
        latitude=None,
        longitude=1.5,
        source="text",
    )
    write_rows(tmp_path / "entities.parquet", TABLES["entities"], [entity])
    assert list(read_rows(tmp_path / "entities.parquet", TABLES["entities"])) == [entity]


def test_some_columns_of_the_rows_come_back_by_name(tmp_path: Path) -> None:
    class Removed(NamedTuple):
        reason: str
        document_id: str

    rows = takedowns(2_500)
    write_rows(tmp_path / "t.parquet", TAKEDOWNS, rows)
    assert list(read_some(tmp_path / "t.parquet", Removed)) == [Removed(row.reason, row.document_id) for row in rows]


def test_rows_are_rewritten_with_the_columns_that_changed_and_the_others_as_they_were(tmp_path: Path) -> None:
    rows = takedowns(12_000)
    changed = [replace(row, document_id="0" * 12, reason=f"another {n}") for n, row in enumerate(rows)]
    write_rows(tmp_path / "t.parquet", TAKEDOWNS, rows)
    rewrite_columns(tmp_path / "new.parquet", tmp_path / "t.parquet", TAKEDOWNS, {"reason": [row.reason for row in changed]})
    mixed = [replace(row, reason=new.reason) for row, new in zip(rows, changed, strict=True)]
    assert list(read_rows(tmp_path / "new.parquet", TAKEDOWNS)) == mixed
    write_rows(tmp_path / "mixed.parquet", TAKEDOWNS, mixed)
    assert (tmp_path / "new.parquet").read_bytes() == (tmp_path / "mixed.parquet").read_bytes()


def test_a_null_in_a_column_that_has_none_is_refused(tmp_path: Path) -> None:
    row = Takedown(document_id="0" * 12, removed_on=date(2022, 1, 1), reason=None)  # type: ignore[arg-type]
    with pytest.raises(pa.ArrowInvalid, match="reason"):
        write_rows(tmp_path / "t.parquet", TAKEDOWNS, [row])


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), max_size=8))
def test_a_part_does_not_depend_on_the_sizes_of_the_pieces(tmp_path_factory: pytest.TempPathFactory, sizes: list[int]) -> None:
    rows = takedowns(sum(sizes))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "ROW_GROUP", 10)
        whole, cut = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("cut")
        with PartWriter(part_path(whole, TAKEDOWNS), TAKEDOWNS) as writer:
            writer.write(to_arrow(TAKEDOWNS, rows))
        with PartWriter(part_path(cut, TAKEDOWNS), TAKEDOWNS) as writer:
            start = 0
            for size in sizes:
                writer.write(to_arrow(TAKEDOWNS, rows[start : start + size]))
                start += size
        assert [p.read_bytes() for p in parts(whole, TAKEDOWNS)] == [p.read_bytes() for p in parts(cut, TAKEDOWNS)]
        assert len(parts(cut, TAKEDOWNS)) == 1
        assert pa.Table.from_batches(batches(cut, TAKEDOWNS), arrow_schema(TAKEDOWNS)).equals(to_arrow(TAKEDOWNS, rows))


@settings(deadline=None)
@given(st.lists(st.integers(0, 90), max_size=40), st.integers(1, 12))
def test_row_groups_of_long_texts_are_smaller_whatever_the_sizes_of_the_pieces(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], size: int
) -> None:
    rows = [Takedown(document_id=f"{i:012}", removed_on=date(2022, 1, 1), reason="r" * n) for i, n in enumerate(lengths)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "ROW_GROUP", 10)
        patch.setattr(parquet, "GROUP_BYTES", 100)
        whole, cut = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("cut")
        for folder, step in ((whole, len(rows) or 1), (cut, size)):
            with PartWriter(part_path(folder, TAKEDOWNS), TAKEDOWNS) as writer:
                for start in range(0, len(rows), step):
                    writer.write(to_arrow(TAKEDOWNS, rows[start : start + step]))
        assert [p.read_bytes() for p in parts(whole, TAKEDOWNS)] == [p.read_bytes() for p in parts(cut, TAKEDOWNS)]
        groups = list(batches(cut, TAKEDOWNS))
        assert pa.Table.from_batches(groups, arrow_schema(TAKEDOWNS)).equals(to_arrow(TAKEDOWNS, rows))
        assert all(sum(map(len, group.column("reason").to_pylist()[:-1])) < 100 for group in groups)


@settings(deadline=None)
@given(st.lists(st.integers(0, 25), min_size=2, max_size=8).map(sorted))
def test_passages_of_a_part_are_read_with_each_row_group_once(tmp_path_factory: pytest.TempPathFactory, places: list[int]) -> None:
    path, rows = tmp_path_factory.mktemp("part") / "t.parquet", to_arrow(TAKEDOWNS, takedowns(25))
    with PartWriter(path, TAKEDOWNS) as writer, pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "ROW_GROUP", 10)
        writer.write(rows)
    read: list[int] = []

    class Watched(pq.ParquetFile):  # type: ignore[misc]
        def read_row_group(self, i: int, *args: Any, **kwargs: Any) -> pa.Table:
            read.append(i)
            return super().read_row_group(i, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pq, "ParquetFile", Watched)
        with PartReader(path) as reader:
            for start, end in pairwise([*places, None]):
                assert start is not None
                found = pa.Table.from_batches(reader.between(start, end), arrow_schema(TAKEDOWNS))
                assert found.equals(rows.slice(start, None if end is None else end - start))
    assert read == sorted(set(read))


def test_pandas_reads_real_types(tmp_path: Path) -> None:
    write_rows(tmp_path / "t.parquet", TAKEDOWNS, takedowns(2))
    assert pd.read_parquet(tmp_path / "t.parquet").removed_on[0] == date(2022, 1, 1)
    assert pq.read_schema(tmp_path / "t.parquet").metadata is None
