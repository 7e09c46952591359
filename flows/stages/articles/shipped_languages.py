"""py3langid's model as it ships with Qantar: unpacked in a tenth of the time, where the one installed is that one.

`python tools/language_model.py` stores that of the installed py3langid. Another one is unpacked from its own file.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa

from qantar.stored_arrays import arrays_in
from qantar.text.identity import file_sum

FILE = Path(__file__).with_name("languages.npz.zst")
LICENCE = Path(__file__).with_name("languages_licence.txt")


def model_file() -> Path:
    """The model's own file."""
    package = find_spec("py3langid")
    assert package and package.origin
    return Path(package.origin).with_name("data") / "model.npz.xz"


def shipped_model() -> dict[str, Any] | None:
    """The arrays of py3langid's model by their names, None where another one is installed."""
    try:
        with pa.input_stream(str(FILE), compression="zstd") as stored:
            arrays: dict[str, Any] = arrays_in(stored.read())
    except OSError:
        return None
    if str(arrays.pop("made_of")) != file_sum(model_file()):
        return None
    return arrays | {"ptc": arrays["ptc"].T}
