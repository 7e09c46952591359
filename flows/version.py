"""What code and which packages a result was made with."""

from __future__ import annotations

import hashlib
import platform
import sqlite3
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import qantar.expectations
from qantar.text.identity import file_sum

PACKAGE = Path(__file__).parent
SHAPING_PACKAGES = ["charset-normalizer", "fastwarc", "ftfy", "great-expectations", "lxml", "numpy", "pandas", "py3langid", "pyarrow"]
SHAPING_PACKAGES += ["rapidfuzz", "spacy", "tokenizers", "trafilatura"]
"""Packages whose version can change a row or a byte of the dataset."""

_STAGES = ["schema.py", "settings.py", "text", "stages", "lexicon", "model", "store/parquet.py", "corrections"]
_STAGES += [f"pipeline/{name}" for name in ("annotations.py", "annotator.py", "context.py", "shard_rows.py", "shards.py", "steps")]


_READING = ["arrays.py", "decoding.py", "native", "pieces.py", "readings.py", "runtime.py", "twin.py"]
"""What reads the numbers of a text; what gives them is in the key by what it gave, the weights by their digest."""


@cache
def reading_digest() -> str:
    """Digest of the code that decides what the network says of numbers: no rule, list or step is part of it."""
    return _digest({name: path for root in _READING for name, path in _files(PACKAGE / "model" / root, root)}, version("numpy"))


@cache
def stage_digest() -> str:
    """Digest of all that decides a stage's rows: results stored under another one are not used."""
    files = {name: path for root in _STAGES for name, path in _files(PACKAGE / root, root)}
    return _digest(files, repr([package_versions(), platform.python_version()]))


@cache
def code_version() -> str:
    """The pipeline's version with a digest of its code, lexicon, model and expectations: the same in a checkout as in a wheel."""
    files = dict(_files(PACKAGE, "."))
    for root in qantar.expectations.__path__:  # in a wheel they lie in the package, in a checkout beside it
        files.update(_files(Path(root), "expectations"))
    return f"{version('qantar')}+{_digest(files)[:12]}"


@cache
def package_versions() -> dict[str, str]:
    """Versions of the packages that shape the dataset; all of them are pinned."""
    return {name: version(name) for name in sorted(SHAPING_PACKAGES)}


def machine() -> dict[str, str]:
    """What a run stood on that no lock pins; none of it names a build, since the same input gives the same rows on all."""
    return {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "system": f"{platform.system()} {platform.machine()}"}


def _files(root: Path, name: str) -> Iterator[tuple[str, Path]]:
    """A file, or all in a folder but what Python and compilers make, each with its name in the package."""
    for path in root.rglob("*") if root.is_dir() else [root]:
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in (".pyc", ".so", ".pyd"):
            yield (Path(name) / path.relative_to(root)).as_posix(), path


def _digest(files: Mapping[str, Path], salt: str = "") -> str:
    total = hashlib.sha256(salt.encode())
    for name, path in sorted(files.items()):
        total.update(f"{name}\0{file_sum(path)}\0".encode())
    return total.hexdigest()
