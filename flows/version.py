"""What code and which packages a result was made with."""

from __future__ import annotations

import hashlib
import platform
import sqlite3
from functools import cache
from importlib.metadata import version
from pathlib import Path

import qantar.expectations

PACKAGE = Path(__file__).parent
SHAPING_PACKAGES = ["charset-normalizer", "fastwarc", "ftfy", "great-expectations", "lxml", "numpy", "pandas", "py3langid", "pyarrow"]
SHAPING_PACKAGES += ["rapidfuzz", "spacy", "tokenizers", "trafilatura"]
"""Packages whose version can change a row or a byte of the dataset."""

_STAGES = ["schema.py", "settings.py", "text", "stages", "lexicon", "model", "store/parquet.py", "corrections"]
_STAGES += ["pipeline/annotator.py", "pipeline/context.py", "pipeline/shard_rows.py", "pipeline/shards.py", "pipeline/steps"]


@cache
def stage_digest() -> str:
    """Digest of all that decides a stage's rows: results stored under another one are not used."""
    return _digest(tuple(PACKAGE / name for name in _STAGES), repr(sorted(package_versions().items())))


@cache
def code_version() -> str:
    """The pipeline's version with a digest of its code, lexicon, model and expectations."""
    return f"{version('qantar')}+{_digest((PACKAGE, *map(Path, qantar.expectations.__path__)))[:12]}"


@cache
def package_versions() -> dict[str, str]:
    """Versions of what shapes the dataset: Python (its Unicode tables), SQLite and the packages."""
    versions = {name: version(name) for name in SHAPING_PACKAGES}
    return dict(sorted({**versions, "python": platform.python_version(), "sqlite": sqlite3.sqlite_version}.items()))


def _digest(roots: tuple[Path, ...], salt: str = "") -> str:
    total = hashlib.sha256(salt.encode())
    for root in roots:
        files = sorted(p for p in root.rglob("*") if p.is_file()) if root.is_dir() else [root]
        for path in files:
            if "__pycache__" not in path.parts and path.suffix not in (".pyc", ".so", ".pyd"):
                name = path.relative_to(root.parent).as_posix()
                total.update(f"{name}\0{_file_digest(path)}\0".encode())
    return total.hexdigest()


@cache
def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
