"""The arithmetic of `native/network.h` in numpy: the same bits, more slowly, where the kernel was not compiled.

Each operation on floats is one operation of IEEE 754, in the same order as there; what is summed are integers that float32 or float64
holds exactly, so that it does not matter in which order numpy or BLAS sums them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qantar.model.arrays import ARC, ARC_HEADS, ATTENTION_HEADS, LABEL_HEADS, LAYERS, WIDTH, Arrays, Floats, joined, n_labels
from qantar.model.decoding import power
from qantar.model.pieces import Encoded

F = np.float32
GELU: tuple[float, ...] = (7.07743794e-11, -6.44203224e-09, 2.59366999e-07, -6.1718597e-06, 9.84367653e-05, -0.00113482063)
GELU += (0.00988914166, -0.0664366037, 0.39893651)
"""Coefficients, in squares, of the normal distribution function less a half, divided by its argument, the highest power
first; beyond `GELU_EDGE` it stays the same. As in `network.h`; `training/polynomials.py` fits them."""
GELU_EDGE = 4.1875
DEPTH = 384
"""Products summed in float32 at once: 384 · 127 · 127 is below 2^24."""


class Twin:
    """The network on arrays."""

    name = "numpy"

    def __init__(self, arrays: Arrays):
        self._arrays = arrays
        parts = (("query", "key", "value"), ("mix",), ("inner",), ("outer",))
        self._layers = [[_Linear(arrays, tuple(f"layers.{i}.{name}" for name in names)) for names in parts] for i in range(LAYERS)]
        self._heads = _Linear(arrays, (*LABEL_HEADS, *ARC_HEADS))
        self._mix = _Linear(arrays, ("arc_mix",))

    def run(self, window: Encoded) -> dict[str, Floats]:
        """The scores of each head for one window, as `Kernel.run`."""
        x = self._embed(window)
        for i, (attend, mix, inner, outer) in enumerate(self._layers):
            x = self._norm(mix(attention(attend(x))) + x, f"layers.{i}.norm1")
            x = self._norm(outer(gelu(inner(x))) + x, f"layers.{i}.norm2")
        scores = self._heads(x[window.firsts])
        found, at = {}, 0
        for head in LABEL_HEADS:
            found[head] = scores[:, at : at + n_labels(self._arrays, head)]
            at += n_labels(self._arrays, head)
        word, head_of = gelu(scores[:, at : at + ARC]), gelu(scores[:, at + ARC :])
        (words, word_scale), (heads, head_scale) = (_narrow(table, 4095, 1) for table in (self._mix(word), head_of))
        found["arcs"] = _integers(words @ heads.T).astype(F) * (word_scale * head_scale.T)
        return found

    def _embed(self, window: Encoded) -> Floats:
        a, pieces, hints = self._arrays, np.array(window.pieces), np.array(window.hints)
        words = a["words.weight"][pieces].astype(F) * a["words.scale"][pieces][:, None]
        x = (words + a["positions.weight"][: len(pieces)]) + a["forms.weight"][window.forms]
        for i, row in enumerate(a["hints.weight"]):
            x = np.where((hints >> i & 1).astype(bool)[:, None], x + row, x)
        return self._norm(x, "norm")

    def _norm(self, x: Floats, name: str) -> Floats:
        return normalise(x, self._arrays[f"{name}.weight"], self._arrays[f"{name}.bias"])


class _Linear:
    """Rows times a matrix of int8."""

    def __init__(self, arrays: Arrays, names: tuple[str, ...]):
        weight, self.scale, self.bias = joined(arrays, names)
        self.weights = [weight[i : i + DEPTH].astype(F) for i in range(0, len(weight), DEPTH)]
        self.sums = weight.astype(np.int32).sum(0)

    def __call__(self, x: Floats) -> Floats:
        rows, scale, zero = quantise(x)
        total = np.zeros((len(x), len(self.bias)), np.int32)
        for i, weight in enumerate(self.weights):
            total += (rows[:, i * DEPTH : (i + 1) * DEPTH] @ weight).astype(np.int32)
        result: Floats = (total - zero.astype(np.int32) * self.sums).astype(F) * (scale * self.scale) + self.bias
        return result


def polynomial(x: Floats, coefficients: Sequence[float]) -> Floats:
    """The value of a polynomial, by Horner's rule."""
    p = np.full_like(x, F(coefficients[0]))
    for coefficient in coefficients[1:]:
        p = p * x + F(coefficient)
    return p


def gelu(x: Floats) -> Floats:
    """x times the normal distribution function of x, within 7e-5 up to ±10."""
    z = np.minimum(np.maximum(x, F(-GELU_EDGE)), F(GELU_EDGE))
    result: Floats = x * (F(0.5) + z * polynomial(z * z, GELU))
    return result


def quantise(x: Floats) -> tuple[Floats, Floats, Floats]:
    """Each row as whole numbers from 0 to 127, its scale and its zero: scale · (number - zero) is the value."""
    low, high = np.minimum(x.min(1, keepdims=True), F(0)), np.maximum(x.max(1, keepdims=True), F(0))
    spread = high - low
    some = spread > 0
    inverse = F(127) / np.where(some, spread, F(1))
    zero = np.rint(-low * inverse)
    rows = np.clip(np.rint(x * inverse) + zero, F(0), F(127))
    return np.where(some, rows, F(0)), np.where(some, spread / F(127), F(1)), np.where(some, zero, F(0))


def normalise(x: Floats, weight: Floats, bias: Floats) -> Floats:
    """Layer norm; mean and variance from integers of 14 binary places."""
    fixed = np.rint(np.clip(x * F(16384), F(-4194000), F(4194000))).astype(np.int64)
    total, squares = fixed.sum(1, keepdims=True), (fixed * fixed).sum(1, keepdims=True)
    spread = (WIDTH * squares - total * total).astype(np.float64) / (384.0 * 384.0 * 268435456.0)
    scale = (1.0 / np.sqrt(spread + 1e-12)).astype(F)
    mean = (total / (384.0 * 16384.0)).astype(F)
    result: Floats = ((x - mean) * scale) * weight + bias
    return result


def attention(x: Floats) -> Floats:
    """Attention of all heads; `x` has the queries, keys and values of each piece side by side."""
    n = len(x)
    q, k, v = x.reshape(n, 3, ATTENTION_HEADS, -1).transpose(1, 2, 0, 3)
    (queries, q_scale), (keys, k_scale), (values, v_scale) = (_narrow(a, limit, (1, 2)) for a, limit in ((q, 4095), (k, 4095), (v, 1023)))
    scores = _integers(queries @ keys.transpose(0, 2, 1))
    scale = (q_scale * k_scale) * F(0.25503487)
    weights = np.rint(power((scores - scores.max(2, keepdims=True)).astype(F) * scale, 13))
    total = weights.sum(2, keepdims=True, dtype=np.float64).astype(F)
    mixed = _integers(weights.astype(np.float64) @ values).astype(F) * (v_scale / total)
    result: Floats = mixed.transpose(1, 0, 2).reshape(n, WIDTH)
    return result


def _narrow(x: Floats, limit: int, axis: Any) -> tuple[NDArray[np.float64], Floats]:
    """Numbers as integers up to `limit`, and the scale along the axes that goes with them."""
    most: Floats = np.abs(x).max(axis=axis, keepdims=True)
    most = np.where(most > 0, most, F(1))
    return np.rint(x * (F(limit) / most)).astype(np.float64), most / F(limit)


def _integers(x: NDArray[np.float64]) -> NDArray[np.int32]:
    return x.astype(np.int32)
