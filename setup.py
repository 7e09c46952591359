"""What pyproject.toml cannot say yet: the one compiled module, which is left out where there is no compiler."""

from setuptools import Extension, setup

FOLDER = "flows/stages/comparing/native"

setup(
    ext_modules=[
        Extension(
            "flows.stages.comparing.native._native",
            [f"{FOLDER}/{name}.c" for name in ("module", "words", "pairs", "passages", "updates")],
            depends=[f"{FOLDER}/native.h"],
            extra_compile_args=["-O3"],
            optional=True,
        )
    ]
)
