from pathlib import Path

import pytest

from qantar.store.cache import is_whole, stored, sums_of

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
