"""Imported by the process that forks the workers, or that it is forked from: what each worker needs is imported once.

So is what the first process needs too, when it publishes a build. None of it starts threads but idle ones of OpenBLAS and of Arrow's
allocator, which may be forked.
"""

from __future__ import annotations

import gc

gc.set_threshold(100_000, 20, 20)  # rows are many and have no cycles: looked through as often as is usual, they take a third of the time

from qantar.compat import keep_arrow_from_pandas  # noqa: E402

keep_arrow_from_pandas()

import pydantic.v1  # noqa: E402, F401

import qantar.model.runtime  # noqa: E402
import qantar.pipeline.publishing  # noqa: E402
import qantar.pipeline.steps  # noqa: E402
import qantar.pipeline.writing  # noqa: E402
import qantar.quality.evaluate  # noqa: E402
import qantar.quality.validation  # noqa: E402
import qantar.stages.entities  # noqa: E402, F401
