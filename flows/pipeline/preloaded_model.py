"""Imported after `preloaded` by the process that forks the workers, where they annotate."""

from __future__ import annotations

from qantar.compat import import_spacy

import_spacy()

import qantar.pipeline.annotator  # noqa: E402, F401
