"""What pyproject.toml cannot say: packages in folders of other names, and the compiled modules, left out without a compiler."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from zlib import crc32

from setuptools import Extension, find_namespace_packages, setup


def compiled(module: str, folder: Path, digest_of: Callable[[bytes], str], *flags: str) -> Extension:
    """A module of all C sources in a folder; it carries their digest, so that one of older sources is not used."""
    sources = sorted(folder.glob("*.[ch]"))
    digest = digest_of(b"".join(path.read_bytes() for path in sources))
    return Extension(
        module,
        [path.as_posix() for path in sources if path.suffix == ".c"],
        depends=[path.as_posix() for path in sources],
        define_macros=[("SOURCES", f'"{digest}"')],
        extra_compile_args=["-O3", *flags],
        optional=True,
    )


setup(
    packages=[
        "qantar",
        *(f"qantar.{name}" for name in find_namespace_packages("flows")),
        *(f"qantar.expectations.{name}" for name in find_namespace_packages("expectations")),
        "qantar.expectations",
    ],
    ext_modules=[
        compiled("qantar.stages.duplicates.native._native", Path("flows/stages/duplicates/native"), lambda source: f"{crc32(source):08x}"),
        # a product and a sum must not become one operation: its result would be another on processors that lack it; that no
        # operation traps lets compilers use vectors, with the same results
        compiled(
            "qantar.model.native._kernel",
            Path("flows/model/native"),
            lambda source: sha256(source).hexdigest(),
            "-ffp-contract=off",
            "-fno-trapping-math",
            "-fno-math-errno",
        ),
    ],
)
