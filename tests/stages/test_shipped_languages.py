"""py3langid's model as it ships: the one that is installed, or none."""

from __future__ import annotations

import lzma
from pathlib import Path

import numpy as np
import pytest

from qantar.stages.articles import shipped_languages
from qantar.stored_arrays import arrays_in


def test_the_model_that_ships_is_that_of_the_installed_py3langid() -> None:
    shipped = shipped_languages.shipped_model()
    assert shipped, "python tools/language_model.py stores it again"
    own = arrays_in(lzma.decompress(shipped_languages.model_file().read_bytes()))
    assert sorted(shipped) == sorted(own)
    for name, array in own.items():
        assert shipped[name].dtype == array.dtype
        assert np.array_equal(shipped[name], array), name


def test_another_model_is_unpacked_from_its_own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "model.npz.xz"
    other.write_bytes(b"another one")
    monkeypatch.setattr(shipped_languages, "model_file", lambda: other)
    assert shipped_languages.shipped_model() is None
    monkeypatch.setattr(shipped_languages, "FILE", tmp_path / "none")
    assert shipped_languages.shipped_model() is None
