"""Store py3langid's model in flows/stages/articles/languages.npz.zst, as it is unpacked in a tenth of the time that its own file takes.

    python tools/language_model.py

Weights lie language by language, which packs them in two thirds of the room. The model is that of the installed py3langid
(BSD-3-Clause, flows/stages/articles/languages_licence.txt).
"""

from __future__ import annotations

import lzma
import sys
from hashlib import sha256
from importlib.metadata import distribution
from io import BytesIO

import numpy as np
import pyarrow as pa

from qantar.stages.articles.shipped_languages import FILE, LICENCE, model_file
from qantar.stored_arrays import arrays_in


def main() -> None:
    packed = model_file().read_bytes()
    arrays = arrays_in(lzma.decompress(packed))
    arrays["ptc"] = np.ascontiguousarray(arrays["ptc"].T)
    arrays["made_of"] = np.array(sha256(packed).hexdigest())
    stored = BytesIO()
    np.savez(stored, allow_pickle=False, **arrays)
    FILE.write_bytes(pa.Codec("zstd", compression_level=19).compress(stored.getvalue(), asbytes=True))
    (text,) = (path.read_text() for path in distribution("py3langid").files or () if path.name == "LICENSE")
    LICENCE.write_text(text, "utf-8")
    sys.stdout.write(f"{FILE}: {FILE.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
