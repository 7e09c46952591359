"""What is compiled of the comparison, the innermost loops. Each function has its twin in arrays, beside the place that calls it."""

from __future__ import annotations

__all__ = ["native"]

try:
    from flows.stages.comparing.native import _native as native
except ImportError:  # no compiler was there when the package was installed
    native = None  # type: ignore[assignment]
