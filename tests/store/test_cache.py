import os
from pathlib import Path

import pytest

from qantar.store.cache import entries, is_whole, remove_entry, stored, stored_bytes, sums_of

KEY = "ab" * 32


def make_counting(calls: list[Path]):  # type: ignore[no-untyped-def]
    def make(folder: Path) -> None:
        calls.append(folder)
        (folder / "rows.parquet").write_bytes(b"rows")

    return make


def test_a_result_is_made_once(tmp_path: Path) -> None:
    calls: list[Path] = []
    first = stored(tmp_path, "clean", KEY, make_counting(calls))
    assert stored(tmp_path, "clean", KEY, make_counting(calls)) == first
    assert len(calls) == 1
    assert list(sums_of(first)) == ["rows.parquet"]


@pytest.mark.parametrize("damage", [b"", b"row", b"rowz"])
def test_a_damaged_result_is_made_again(tmp_path: Path, damage: bytes) -> None:
    calls: list[Path] = []
    entry = stored(tmp_path, "clean", KEY, make_counting(calls))
    (entry / "rows.parquet").write_bytes(damage)
    assert not is_whole(entry)
    assert (stored(tmp_path, "clean", KEY, make_counting(calls)) / "rows.parquet").read_bytes() == b"rows"
    assert len(calls) == 2


def test_a_damaged_manifest_is_no_manifest(tmp_path: Path) -> None:
    entry = stored(tmp_path, "clean", KEY, make_counting([]))
    for text in ("", "[]", "{", '{"rows.parquet": "0"}'):
        (entry / "manifest.json").write_text(text)
        assert not is_whole(entry)


def test_a_failed_stage_leaves_nothing(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half.parquet").write_bytes(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        stored(tmp_path, "clean", KEY, fail)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_fresh_makes_it_again(tmp_path: Path) -> None:
    calls: list[Path] = []
    stored(tmp_path, "clean", KEY, make_counting(calls))
    stored(tmp_path, "clean", KEY, make_counting(calls), fresh=True)
    assert len(calls) == 2


@pytest.mark.parametrize("damage", [b"", b"row", b"\0" * 40])
def test_bytes_are_kept_in_one_file_and_made_again_where_it_is_damaged(tmp_path: Path, damage: bytes) -> None:
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        return b"read"

    assert [stored_bytes(tmp_path, "reading", KEY, make) for _ in range(2)] == [b"read"] * 2
    assert len(made) == 1
    ((entry, used, _),) = entries(tmp_path)
    assert entry == used
    Path(entry).write_bytes(damage)
    assert stored_bytes(tmp_path, "reading", KEY, make) == b"read"
    assert len(made) == 2
    assert stored_bytes(tmp_path, "reading", KEY, make, fresh=True) == b"read"
    assert len(made) == 3


def test_results_of_both_kinds_are_found_and_removed(tmp_path: Path) -> None:
    folder = stored(tmp_path, "clean", KEY, make_counting([]))
    stored_bytes(tmp_path, "reading", KEY, lambda: b"read")
    assert {Path(used).name for _, used, _ in entries(tmp_path)} == {"manifest.json", KEY}
    for entry, *_ in list(entries(tmp_path)):
        remove_entry(Path(entry))
    assert not folder.exists()
    assert not list(entries(tmp_path))
    assert not list((tmp_path / "making").iterdir())


def test_what_a_result_was_made_of_is_used_with_it(tmp_path: Path) -> None:
    def make(folder: Path) -> None:
        stored(tmp_path, "group", KEY, make_group)
        (folder / "rows.parquet").write_bytes(b"rows")

    def make_group(folder: Path) -> None:
        (folder / "rows.parquet").write_bytes(stored_bytes(tmp_path, "reading", KEY, lambda: b"read"))

    stored(tmp_path, "annotate", KEY, make)
    files = [Path(used) for _, used, _ in entries(tmp_path)]
    assert len(files) == 3
    for used in files:
        os.utime(used, (1, 1))
    stored(tmp_path, "clean", KEY, make_counting([]))
    assert all(used.stat().st_mtime == 1 for used in files)
    stored(tmp_path, "annotate", KEY, make)
    assert all(used.stat().st_mtime > 1 for used in files)
