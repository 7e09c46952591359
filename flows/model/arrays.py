"""The network's weights as plain arrays: their names and shapes, and the file that holds them.

`model.npz` is an uncompressed archive of numpy arrays. A matrix `name` is three arrays: `name.weight` (int8, inputs × outputs),
`name.scale` (float32, one for each output; a weight is its int8 times this) and `name.bias` (float32). The embedding of pieces,
`words`, has a scale for each row and no bias; all else is float32.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qantar.settings import QantarError
from qantar.stored_arrays import arrays_in

WIDTH, LAYERS, ATTENTION_HEADS, INNER, VOCABULARY, POSITIONS, ARC = 384, 6, 12, 1536, 30522, 512, 128
"""Sizes of the network that the kernels are written for."""
LABEL_HEADS = ("ner", "upos", "tag", "lemma", "rel_word", "rel_head")
"""Heads with a score for each label, in the order in which they are computed."""
ARC_HEADS = ("arc_word", "arc_head")

Floats = NDArray[np.float32]
Arrays = Mapping[str, NDArray[Any]]


def read_arrays(path: Path, n_forms: int, n_hints: int) -> dict[str, NDArray[Any]]:
    """The arrays of a `model.npz`, checked. Raises QantarError if one is missing, or is not what the kernels take."""
    try:
        arrays = arrays_in(path.read_bytes())
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise QantarError(f"The language model's file {path} cannot be read ({error}); reinstall Qantar.") from error
    for name, (kind, shape) in _expected(n_forms, n_hints).items():
        found = arrays.get(name)
        if found is None:
            raise QantarError(f"The language model's file {path} lacks the array {name}; export the model again.")
        fits = found.dtype == kind and found.ndim == len(shape) and all(b in (None, a) for a, b in zip(found.shape, shape, strict=True))
        if not fits or (kind != "int8" and not np.isfinite(found).all()):
            wanted = " × ".join(str(n or "any") for n in shape)
            raise QantarError(
                f"The array {name} of {path} is {found.dtype} {found.shape}, or holds what is not a number; expected {kind} {wanted}. "
                "Export the model again."
            )
    return arrays


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Store arrays in a file that depends on nothing but them."""
    with path.open("wb") as file:
        sorted_arrays: dict[str, Any] = {name: np.ascontiguousarray(arrays[name]) for name in sorted(arrays)}
        np.savez(file, **sorted_arrays)


def quantise_network(state: Mapping[str, Floats]) -> dict[str, NDArray[Any]]:
    """The arrays of a trained network, given by the parameters of `training/network.py`."""
    found: dict[str, NDArray[Any]] = {}
    found["words.weight"], found["words.scale"] = _quantise(state["words.weight"], 1)
    found |= {f"{name}.weight": state[f"{name}.weight"] for name in ("positions", "forms")}
    found["hints.weight"] = state["hints.weight"].T
    found |= {name: array for name, array in state.items() if "norm" in name}
    layers = [f"layers.{i}.{name}" for i in range(LAYERS) for name in ("query", "key", "value", "mix", "inner", "outer")]
    for name in (*layers, *LABEL_HEADS, *ARC_HEADS, "arc_mix"):
        source = f"heads.{name}" if f"heads.{name}.weight" in state else name
        found[f"{name}.weight"], found[f"{name}.scale"] = _quantise(state[f"{source}.weight"].T, 0)
        # what a head scores by itself is a product with one vector, whatever the word: that is a bias of what the head is multiplied with
        found[f"{name}.bias"] = state["arc_prior.weight"][0] if name == "arc_mix" else state[f"{source}.bias"]
    return found


def _quantise(weight: Floats, axis: int) -> tuple[NDArray[np.int8], Floats]:
    """A matrix as int8, and the scale along the other axis that gives it back; the largest value of each is 127."""
    scale = np.maximum(np.abs(weight).max(axis, keepdims=True), np.float32(1e-8)) / np.float32(127)
    return np.rint(weight / scale).astype(np.int8), scale.squeeze(axis)


def joined(arrays: Arrays, names: tuple[str, ...]) -> tuple[NDArray[np.int8], Floats, Floats]:
    """Weights, scales and biases of some matrices side by side."""
    weight, scale, bias = (np.concatenate([arrays[f"{name}.{part}"] for name in names], axis=-1) for part in ("weight", "scale", "bias"))
    return weight, scale, bias


def n_labels(arrays: Arrays, head: str) -> int:
    """How many labels a head has."""
    return len(arrays[f"{head}.bias"])


def _expected(n_forms: int, n_hints: int) -> dict[str, tuple[str, tuple[int | None, ...]]]:
    """Kind and shape of each array; None where any size will do."""
    found: dict[str, tuple[str, tuple[int | None, ...]]] = {
        "words.weight": ("int8", (VOCABULARY, WIDTH)),
        "words.scale": ("float32", (VOCABULARY,)),
        "positions.weight": ("float32", (POSITIONS, WIDTH)),
        "forms.weight": ("float32", (n_forms, WIDTH)),
        "hints.weight": ("float32", (n_hints, WIDTH)),
    }

    def norm(name: str) -> None:
        found[f"{name}.weight"] = found[f"{name}.bias"] = ("float32", (WIDTH,))

    def matrix(name: str, inputs: int, outputs: int | None) -> None:
        found[f"{name}.weight"] = ("int8", (inputs, outputs))
        found[f"{name}.scale"] = found[f"{name}.bias"] = ("float32", (outputs,))

    norm("norm")
    for layer in (f"layers.{i}." for i in range(LAYERS)):
        for name in ("query", "key", "value", "mix"):
            matrix(layer + name, WIDTH, WIDTH)
        matrix(layer + "inner", WIDTH, INNER)
        matrix(layer + "outer", INNER, WIDTH)
        norm(layer + "norm1")
        norm(layer + "norm2")
    for name in LABEL_HEADS:
        matrix(name, WIDTH, None)
    for name in ARC_HEADS:
        matrix(name, WIDTH, ARC)
    matrix("arc_mix", ARC, ARC)
    return found
