"""Imported after `preloaded` by the process that forks the workers, where they annotate: each would load the model and its hints."""

from __future__ import annotations

import os
from contextlib import suppress

from qantar.compat import import_spacy

import_spacy()

import qantar.pipeline.annotator  # noqa: E402, F401
from qantar.model.component import load_weights  # noqa: E402
from qantar.model.hints import hints_of  # noqa: E402
from qantar.model.runtime import KERNEL, WEIGHTS  # noqa: E402
from qantar.settings import QantarError  # noqa: E402

with suppress(QantarError):  # who needs it says what is wrong
    load_weights(WEIGHTS, os.environ.get(KERNEL))
    hints_of([""])
