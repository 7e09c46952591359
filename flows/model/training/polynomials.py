"""Fit the polynomials of the model's arithmetic, and print their coefficients, the highest power first.

    python -m qantar.model.training.polynomials

They stand in `decoding.py`, `twin.py` and `native/network.h`. Both are interpolations at Chebyshev nodes, rounded to float32.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial

EDGES = np.arange(56, 80) / 16
"""Where the curve of the normal distribution may be cut: the one with the least error is taken."""


def power_of_two() -> list[float]:
    """2^t for t from -0.5 to 0.5."""
    return _powers(Chebyshev.interpolate(lambda t: 2.0**t, 5, [-0.5, 0.5]))


def normal_distribution(edge: float) -> list[float]:
    """The normal distribution function of x, less a half, divided by x, as a polynomial of x squared, for x up to an edge."""

    def curve(squares: np.ndarray) -> np.ndarray:
        return np.array([math.erf(math.sqrt(s / 2)) / (2 * math.sqrt(s)) if s > 1e-12 else (2 * math.pi) ** -0.5 for s in squares])

    return _powers(Chebyshev.interpolate(curve, 8, [0, edge * edge]))


def gelu_error(edge: float) -> float:
    """The largest error of x times that function, for x up to ±10."""
    x = np.linspace(-10, 10, 20001).astype(np.float32)
    z = np.clip(x, -np.float32(edge), np.float32(edge))
    p = np.zeros_like(x)
    for coefficient in normal_distribution(edge):
        p = p * (z * z) + np.float32(coefficient)
    exact = np.array([v * (1 + math.erf(v / math.sqrt(2))) / 2 for v in x.tolist()])
    return float(np.abs(x * (np.float32(0.5) + z * p) - exact).max())


def _powers(fitted: Chebyshev) -> list[float]:
    return [float(np.float32(c)) for c in fitted.convert(kind=Polynomial).coef[::-1]]


def main() -> None:
    """The command."""
    edge = min(EDGES.tolist(), key=gelu_error)
    print("power of two:", *(f"{np.float32(c):.9g}" for c in power_of_two()))
    print(f"normal distribution, edge {edge}, error {gelu_error(edge):.1e}:", *(f"{np.float32(c):.9g}" for c in normal_distribution(edge)))


if __name__ == "__main__":
    main()
