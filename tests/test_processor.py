"""A processor that is too old is told in a line, not by a process that dies."""

from __future__ import annotations

from pathlib import Path

import pytest

from qantar import cli
from qantar.processor import processor_trouble


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("processor\t: 0\nflags\t\t: fpu sse sse2 ssse3\n", True),
        ("processor\t: 0\nflags\t\t: fpu sse sse2 ssse3 sse4_1 sse4_2 avx\n", False),
        ("processor\t: 0\nFeatures\t: fp asimd\n", False),  # arm64
    ],
)
def test_an_x86_processor_without_sse4_2_is_told(tmp_path: Path, text: str, is_told: bool) -> None:
    (tmp_path / "cpuinfo").write_text(text, "utf-8")
    assert bool(processor_trouble(tmp_path / "cpuinfo")) is is_told


def test_nothing_is_said_where_nothing_is_known(tmp_path: Path) -> None:
    assert processor_trouble(tmp_path / "none") is None


def test_the_command_ends_with_the_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(cli, "processor_trouble", lambda: "this processor has no SSE4.2")
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == "qantar: this processor has no SSE4.2\n"
