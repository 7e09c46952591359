import subprocess
import sys
from pathlib import Path

import pytest

from qantar.settings import QantarError
from qantar.store import builds


def staged_build(out: Path, name: str, text: str) -> Path:
    staged = builds.stage(out, name)
    (staged / "data").mkdir()
    (staged / "data" / "part").write_text(text)
    return staged


def test_latest_is_the_build_published_last(tmp_path: Path) -> None:
    assert builds.latest_build(tmp_path) is None
    with builds.locked(tmp_path):
        for name in ("one", "two"):
            builds.publish(tmp_path, staged_build(tmp_path, name, name))
            latest = builds.latest_build(tmp_path)
            assert latest is not None
            assert (latest / "data" / "part").read_text() == name
    assert (tmp_path / "latest").readlink() == Path("builds/two")
    assert (tmp_path / "builds" / "one" / "data" / "part").read_text() == "one"


def test_a_build_made_again_mends_the_one_that_is_there(tmp_path: Path) -> None:
    with builds.locked(tmp_path):
        build = builds.publish(tmp_path, staged_build(tmp_path, "one", "whole"))
        (build / "data" / "part").write_text("damaged")
        builds.publish(tmp_path, staged_build(tmp_path, "one", "whole"))
    assert (build / "data" / "part").read_text() == "whole"


def test_what_a_killed_build_staged_is_cleared_away(tmp_path: Path) -> None:
    staged = staged_build(tmp_path, "half", "half")
    with builds.locked(tmp_path):
        assert not staged.exists()


def test_a_build_that_fails_leaves_nothing_staged(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no comparison"), builds.locked(tmp_path):
        staged = staged_build(tmp_path, "half", "half")
        raise ValueError("no comparison")
    assert not staged.exists()
    assert not builds.left_by_killed(tmp_path)


HOLD = """
import sys
from contextlib import closing
from pathlib import Path
from qantar.store.builds import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    input()
"""


def test_a_second_build_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(QantarError, match=f"process {holder.pid} on "), builds.locked(tmp_path):
        pass
    holder.communicate("\n", timeout=300)
    with builds.locked(tmp_path):  # free again
        pass


def test_a_build_that_may_wait_says_so_once_and_takes_its_turn(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == "held\n"
    said: list[str] = []

    def hear(words: str) -> None:
        said.append(words)
        holder.stdin.write("\n")  # type: ignore[union-attr]
        holder.stdin.flush()  # type: ignore[union-attr]

    with builds.locked(tmp_path, hear) as left:
        assert holder.wait(300) == 0
        assert left is None, "the holder ended by itself"
    assert len(said) == 1
    assert f"process {holder.pid} on " in said[0]
    assert said[0].endswith("waiting for it")


def test_a_folder_that_cannot_be_written_to_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(QantarError, match="cannot write there"), builds.locked(tmp_path / "file"):
        pass
