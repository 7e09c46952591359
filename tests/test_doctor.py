"""`qantar doctor` says what a machine lacks, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.requirements import Requirement
from typer.testing import CliRunner

import qantar.doctor
import qantar.stages.duplicates.native
from qantar.cli import app
from qantar.doctor import Finding, examine, package_trouble
from qantar.model import runtime
from qantar.settings import QantarError


def states(findings: list[Finding]) -> set[str]:
    return {finding.state for finding in findings}


def test_a_machine_on_which_the_tests_run_lacks_nothing(tmp_path: Path) -> None:
    findings = examine(tmp_path / "processed")
    assert "lacks" not in states(findings), findings
    words = "\n".join(map(str, findings))
    for thing in ("Python 3.", "packages", "SQLite 3.", "comparison of articles", "language model", f"GB free in {tmp_path}"):
        assert thing in words


@pytest.mark.parametrize(
    ("requirement", "trouble"),
    [
        ("pandas>=3", None),
        ("pandas<1", "pandas is "),
        ("no-such-package-as-this>=1", "no-such-package-as-this is not installed"),
    ],
)
def test_a_package_that_is_missing_or_of_another_version_is_named(requirement: str, trouble: str | None) -> None:
    found = package_trouble(Requirement(requirement))
    assert (found is None) if trouble is None else (found is not None and found[1].startswith(trouble))


def test_each_lack_is_a_line_that_says_what_to_do_and_the_command_ends_with_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> str:
        raise QantarError("The language model's file x is not the one released; reinstall Qantar.")

    monkeypatch.setattr(runtime, "check_weights", damaged)
    monkeypatch.setattr(qantar.doctor, "requires", lambda _: ["no-such-package-as-this>=1", "another; extra == 'test'"])
    monkeypatch.setattr(qantar.doctor, "LEAST_FREE", 10**30)
    monkeypatch.setattr(qantar.stages.duplicates.native, "native", None)
    (tmp_path / "file").write_text("")
    done = CliRunner().invoke(app, ["doctor", "--out", str(tmp_path)])
    assert done.exit_code == 1
    for line in (
        "lacks no-such-package-as-this is not installed; install it with: ",
        "lacks The language model's file x is not the one released; reinstall Qantar.",
        "slow  comparison of articles is not compiled: the same rows, more slowly; install a C compiler",
        "free some, a build may not fit",
    ):
        assert line in done.output
    assert "another" not in done.output
    assert "is a file, not a folder" in str(examine(tmp_path / "file"))


def test_the_version_is_one_line() -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert done.exit_code == 0
    assert done.output.startswith("qantar 0.")
    assert len(done.output.splitlines()) == 1


def test_the_shell_completes_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_QANTAR_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "qantar ro")
    monkeypatch.setenv("COMP_CWORD", "1")
    done = CliRunner().invoke(app, [], prog_name="qantar")
    assert done.output.split() == ["rollback"]
