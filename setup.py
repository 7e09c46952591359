"""What pyproject.toml cannot say: packages in folders of other names, and the compiled module, left out without a compiler."""

from hashlib import sha256
from pathlib import Path

from setuptools import Extension, find_namespace_packages, setup

FOLDER = Path("flows/stages/duplicates/native")
SOURCES = sorted(FOLDER.glob("*.[ch]"))
DIGEST = sha256(b"".join(path.read_bytes() for path in SOURCES)).hexdigest()

setup(
    packages=[
        "qantar",
        *(f"qantar.{name}" for name in find_namespace_packages("flows")),
        *(f"qantar.expectations.{name}" for name in find_namespace_packages("expectations")),
        "qantar.expectations",
    ],
    ext_modules=[
        Extension(
            "qantar.stages.duplicates.native._native",
            [path.as_posix() for path in SOURCES if path.suffix == ".c"],
            depends=[path.as_posix() for path in SOURCES],
            define_macros=[("SOURCES", f'"{DIGEST}"')],
            extra_compile_args=["-O3"],
            optional=True,
        )
    ],
)
