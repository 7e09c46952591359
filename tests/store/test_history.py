import json
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from qantar.schema import BuildRun, DocumentChange, Outcome
from qantar.settings import QantarError
from qantar.store import builds, history
from qantar.store.retention import prune_builds, roll_back


def run(name: str, build_id: str | None = None, outcome: Outcome = "published", started: str = "2022-01-05T00:00:00.000Z") -> BuildRun:
    return BuildRun(run_id=name, build_id=build_id, started=started, finished=started, seconds='{"read": 1}', outcome=outcome, message=name)


def rows(out: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(out / history.NAME)) as connection:
        return connection.execute(sql).fetchall()


def publish(out: Path, name: str, started: str = "2022-01-05T00:00:00.000Z") -> None:
    """A build of one file, told of as a run tells of it."""
    with builds.locked(out):
        staged = builds.stage(out, name)
        (staged / "rows").write_text(name)
        folder = builds.publish(out, staged)
        row = run(f"run of {name}", name, started=started)
        history.record_run(out, row)
        history.write_run(folder, row)


def test_the_history_keeps_each_run_and_its_changes(tmp_path: Path) -> None:
    history.record_run(tmp_path, run("r1", "b1"), [DocumentChange(build_id="b1", document_id="d", change="added")])
    history.record_run(tmp_path, run("r2", outcome="failed"))
    assert rows(tmp_path, "SELECT run_id, outcome FROM builds ORDER BY rowid") == [("r1", "published"), ("r2", "failed")]
    assert rows(tmp_path, "SELECT * FROM changes") == [("b1", "d", "added")]


def test_what_a_build_changed_is_replaced_by_what_it_changes_when_it_is_published_again(tmp_path: Path) -> None:
    history.record_run(tmp_path, run("r1", "b1"), [DocumentChange(build_id="b1", document_id="d", change="added")])
    history.record_run(tmp_path, run("r2", "b1"))
    assert rows(tmp_path, "SELECT * FROM changes") == [("b1", "d", "added")]
    history.record_run(tmp_path, run("r3", "b1"), [DocumentChange(build_id="b1", document_id="e", change="removed")])
    assert rows(tmp_path, "SELECT * FROM changes") == [("b1", "e", "removed")]


def test_a_clock_that_is_set_back_changes_no_order(tmp_path: Path) -> None:
    for n, name in enumerate(("a", "b", "c", "d")):  # each a year before the one it follows
        publish(tmp_path, name, started=f"{2030 - n}-01-01T00:00:00.000Z")
    assert history.published(tmp_path) == ["a", "b", "c", "d"]
    good, newest, published = history.read_told(tmp_path / history.NAME, "b")
    assert good is not None
    assert newest is not None
    assert published is not None
    assert (good.build_id, newest.build_id, published.build_id) == ("d", "d", "b")
    assert roll_back(tmp_path).name == "c"
    assert history.is_withdrawn(tmp_path, "d")
    with builds.locked(tmp_path):
        assert sorted(prune_builds(tmp_path, keep=2)) == ["a", "d"]


@pytest.mark.parametrize(
    "damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"no database" * 500)], ids=["lost", "damaged"]
)
def test_a_lost_history_is_told_anew_by_the_builds_themselves(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    for name in ("a", "b", "c"):
        publish(tmp_path, name, started=f"2022-01-0{'abc'.index(name) + 1}T00:00:00.000Z")
    roll_back(tmp_path)
    damage(tmp_path / history.NAME)
    assert history.published(tmp_path) == ["a", "b"]
    assert history.is_withdrawn(tmp_path, "c"), "what was taken back would be published again"
    assert roll_back(tmp_path).name == "a"


def test_a_history_that_is_no_database_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / history.NAME).write_bytes(b"no database" * 500)
    history.record_run(tmp_path, run("r1"))
    assert rows(tmp_path, "SELECT run_id FROM builds") == [("r1",)]
    assert (tmp_path / "history.damaged").read_bytes().startswith(b"no database")


def test_a_build_whose_run_file_cannot_be_read_is_left_out_of_a_new_history(tmp_path: Path) -> None:
    publish(tmp_path, "a")
    publish(tmp_path, "b")
    (tmp_path / "builds/b" / history.RUN_FILE).write_text(json.dumps({"seconds": 1}))
    (tmp_path / history.NAME).unlink()
    assert history.published(tmp_path) == ["a"]


def test_runs_that_published_nothing_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_RUNS", 3)
    history.record_run(tmp_path, run("published", "b"))
    for n in range(10):
        history.record_run(tmp_path, run(f"r{n}", "b", "unchanged" if n % 2 else "failed"))
    assert rows(tmp_path, "SELECT run_id FROM builds ORDER BY rowid") == [("published",), ("r7",), ("r8",), ("r9",)]


def test_readers_under_another_name_can_read_the_history_and_the_build_but_nobody_else_can_write(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "os.umask(int(sys.argv[3], 8))\n"
        "from tests.store.test_history import publish; publish(Path(sys.argv[2]), 'a')"
    )
    for umask in ("077", "022"):
        out = tmp_path / umask
        subprocess.run([sys.executable, "-c", code, str(Path(__file__).parents[2]), out, umask], check=True)
        for path in (out / history.NAME, out / "builds/a/rows", out / "builds/a" / history.RUN_FILE):
            assert stat.S_IMODE(path.stat().st_mode) == 0o644, path
        assert stat.S_IMODE((out / "builds/a").stat().st_mode) == 0o755


def test_a_holder_that_was_killed_is_named_to_the_next_one(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from qantar.store.builds import locked\n"
        "with locked(Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path])
    with builds.locked(tmp_path) as left:
        assert left is not None
        assert left.startswith("process ")
    with builds.locked(tmp_path) as left:
        assert left is None


def test_leftovers_of_a_killed_build_are_cleared_away(tmp_path: Path) -> None:
    with builds.locked(tmp_path):
        making = tmp_path / ".cache/making/read-0123-7"
        making.mkdir(parents=True)
        (tmp_path / ".latest-7").symlink_to("builds/never")
    with builds.locked(tmp_path):
        assert not making.exists()
        assert not (tmp_path / ".latest-7").is_symlink()


def _remove_all(out: Path) -> None:
    shutil.rmtree(out / "builds")
    (out / ".lock").unlink()


@pytest.mark.parametrize(
    "replace",
    [
        _remove_all,
        lambda out: (out / ".lock").write_text("process 1 on moon, since ever"),
    ],
)
def test_an_output_folder_that_was_replaced_meanwhile_is_not_published_to(tmp_path: Path, replace) -> None:  # type: ignore[no-untyped-def]
    with builds.locked(tmp_path):
        builds.stage(tmp_path, "a")
        replace(tmp_path)
        staged = tmp_path / "builds/.staging/a"
        staged.mkdir(parents=True, exist_ok=True)
        with pytest.raises(QantarError, match="was removed or replaced"):
            builds.publish(tmp_path, staged)
    assert staged.exists(), "it may be another's"
    assert not (tmp_path / "latest").is_symlink()


def test_a_build_that_is_not_told_of_yet_is_among_those_kept(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        publish(tmp_path, name)
    with builds.locked(tmp_path):
        builds.publish(tmp_path, builds.stage(tmp_path, "d"))  # pruning comes before the run is told
        assert sorted(prune_builds(tmp_path, keep=3)) == ["a"]
