"""What pyproject.toml cannot say yet: the one compiled module, which is left out where there is no compiler."""

from setuptools import Extension, setup

setup(ext_modules=[Extension("flows.stages.comparing._compiled", ["flows/stages/comparing/_compiled.c"], optional=True)])
