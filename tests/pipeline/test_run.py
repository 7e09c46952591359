"""A run around its stages: what is told of one that ends before it is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from qantar.pipeline.run import STOPPED, open_run
from qantar.settings import Settings
from qantar.store.history import read_told


@pytest.mark.parametrize(
    ("ends", "told", "alarms"),
    [(KeyboardInterrupt(), STOPPED, False), (ValueError("a fault"), "a fault", True), (MemoryError(), "MemoryError", True)],
)
def test_whoever_stops_a_run_is_not_alarmed_of_it(tmp_path: Path, ends: BaseException, told: str, alarms: bool) -> None:
    alarm = tmp_path / "alarm"
    with pytest.raises(type(ends)), open_run(Settings(raw=tmp_path / "raw", out=tmp_path / "out", on_failure=f"touch {alarm}")):
        raise ends
    run = read_told(tmp_path / "out" / "history.db").newest
    assert run
    assert (run.outcome, run.message) == ("failed", told)
    assert alarm.exists() == alarms
