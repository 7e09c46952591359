"""What pyproject.toml cannot say yet: the one compiled module, which is left out where there is no compiler."""

from setuptools import Extension, setup

setup(ext_modules=[Extension("flows.stages.comparing._words", ["flows/stages/comparing/_words.c"], optional=True)])
