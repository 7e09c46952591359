"""Every kernel, and the numpy twin, give the same bits, which are pinned; and nothing is read or written beside an array."""

from __future__ import annotations

import json
import math
import os
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest

from benchmarks.pin_digests import PINNED, run_texts
from qantar.model import native
from qantar.model.arrays import ARC_HEADS, LABEL_HEADS, LAYERS, WIDTH, n_labels, quantise_network, read_arrays, write_arrays
from qantar.model.decoding import exponential, power, probability
from qantar.model.hints import KINDS
from qantar.model.native import Kernel, levels, pack
from qantar.model.pieces import MAX_PIECES, N_FORMS, Encoded
from qantar.model.runtime import WEIGHTS, Model, kernels, load_network
from qantar.model.twin import Twin, gelu
from qantar.settings import QantarError
from tests.conftest import leave_out

HERE = Path(__file__).parent
SOURCES = Path(native.__file__).parent
COMPILED = pytest.mark.skipif(
    not levels() and not os.environ.get("CI"), reason="the kernel was not compiled: no C compiler at installation"
)
ARRAYS = read_arrays(WEIGHTS / "model.npz", N_FORMS, len(KINDS))


def some_window(n: int, m: int, seed: int = 1) -> Encoded:
    """A window of arbitrary pieces: scores beyond those of any text."""
    r = np.random.default_rng(seed)
    rows = (r.integers(0, 30522, n), r.integers(0, N_FORMS, n), r.integers(0, 1 << len(KINDS), n), np.sort(r.choice(n, m, replace=False)))
    return Encoded(*(row.tolist() for row in rows))


@pytest.mark.parametrize("kernel", kernels())
def test_what_the_model_says_is_the_same_on_every_kernel_and_machine(kernel: str) -> None:
    found, _ = run_texts(Model(kernel=kernel))
    assert found == json.loads(PINNED.read_text("utf-8"))["model"], "if this was changed on purpose: python -m benchmarks.pin_digests"


@pytest.mark.parametrize(("n", "m"), [(1, 1), (2, 1), (3, 2), (15, 15), (17, 9), (33, 33), (MAX_PIECES, MAX_PIECES)])
def test_windows_of_every_size_have_the_bits_of_the_twin(n: int, m: int) -> None:
    window = some_window(n, m)
    wanted = Twin(ARRAYS).run(window)
    for level in levels():
        found = Kernel(ARRAYS, level).run(window)
        for head, scores in wanted.items():
            assert np.array_equal(scores.view(np.int32), np.ascontiguousarray(found[head]).view(np.int32)), (level, head)


@COMPILED
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pieces": [30522, 5, 5]}, "vocabulary"),
        ({"pieces": [-1, 5, 5]}, "vocabulary"),
        ({"forms": [0, 0, N_FORMS]}, "form"),
        ({"hints": [0, 0, 1 << len(KINDS)]}, "hints"),
        ({"firsts": [0, 3]}, "outside the window"),
        ({"forms": [0, 0]}, "as many"),
        ({"pieces": [], "forms": [], "hints": [], "firsts": []}, "1 to 256 pieces"),
        ({"pieces": [5] * 257, "forms": [0] * 257, "hints": [0] * 257}, "1 to 256 pieces"),
        ({"firsts": [0] * 4}, "no more words"),
    ],
)
def test_windows_that_are_none_are_refused(change: dict[str, list[int]], message: str) -> None:
    window = Encoded([5, 6, 7], [0, 0, 0], [0, 0, 0], [0, 1])._replace(**change)
    with pytest.raises(ValueError, match=message):
        Kernel(ARRAYS, levels()[0]).run(window)


@COMPILED
def test_weights_that_are_laid_out_otherwise_are_refused() -> None:
    kernel = Kernel(ARRAYS, levels()[0])
    kernel._weights = kernel._weights[:-64]
    with pytest.raises(ValueError, match="laid out"):
        kernel.run(some_window(3, 2))


def test_a_kernel_that_is_not_there_is_refused_and_those_that_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QANTAR_KERNEL", "avx1024")
    with pytest.raises(QantarError, match=r"no kernel avx1024 .* numpy"):
        load_network(ARRAYS)


def test_without_a_compiled_kernel_numpy_does_the_work_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "_kernel", None)
    with pytest.warns(UserWarning, match="install a C compiler"):
        assert load_network(ARRAYS).name == "numpy"


def test_arrays_that_are_missing_damaged_or_of_another_shape_are_named(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes((WEIGHTS / "model.npz").read_bytes()[:100_000])
    with pytest.raises(QantarError, match="cannot be read"):
        read_arrays(path, N_FORMS, len(KINDS))
    for change, message in (
        ({}, "lacks the array norm.bias"),
        ({"norm.bias": np.zeros(5, np.float32)}, "expected float32 384"),
        ({"norm.bias": np.full(384, np.nan, np.float32)}, "not a number"),
    ):
        write_arrays(path, {name: array for name, array in ARRAYS.items() if name != "norm.bias"} | change)
        with pytest.raises(QantarError, match=message):
            read_arrays(path, N_FORMS, len(KINDS))


def test_arrays_are_stored_as_the_same_bytes_whenever_and_in_whatever_order(tmp_path: Path) -> None:
    write_arrays(tmp_path / "again.npz", dict(reversed(ARRAYS.items())))
    assert (tmp_path / "again.npz").read_bytes() == (WEIGHTS / "model.npz").read_bytes()


def test_the_polynomials_are_as_near_as_they_say() -> None:
    x = np.linspace(-10, 10, 4001, dtype=np.float32)
    exact = np.array([v * 0.5 * math.erfc(-v / math.sqrt(2)) for v in x.tolist()])
    assert np.abs(gelu(x) - exact).max() < 7e-5
    t = np.linspace(-13, 0, 4801, dtype=np.float32)
    assert np.abs(power(t, 13) / (8192 * np.exp2(t.astype(np.float64))) - 1).max() < 3e-7
    for value, found in zip((0, -1, -5, -100), exponential(np.array([0, -1, -5, -100], np.float32)).tolist(), strict=True):
        assert found == pytest.approx(2**24 * math.exp(value), rel=1e-6, abs=0.5)


def test_a_probability_is_that_of_softmax_and_needs_no_order_of_sums() -> None:
    scores = np.random.default_rng(3).normal(0, 4, (200, 37)).astype(np.float32)
    choice = scores.argmax(1)
    exact = np.exp(scores.astype(np.float64))
    found = probability(scores, choice)
    assert np.abs(found - (exact / exact.sum(1, keepdims=True))[np.arange(200), choice]).max() < 1e-6
    order = np.random.default_rng(4).permutation(37)
    assert np.array_equal(found, probability(scores[:, order], np.argsort(order)[choice]))


def trained() -> dict[str, np.ndarray]:
    """The parameters of a network in floats, as training has them: those that ship, moved a little off what int8 can hold."""
    r, state = np.random.default_rng(7), dict[str, np.ndarray]()
    for name, array in ARRAYS.items():
        head, _, part = name.rpartition(".")
        source = f"heads.{head}" if head in ("ner", "upos", "tag", "lemma") else head
        if name == "words.weight":
            state[name] = array * ARRAYS["words.scale"][:, None]
        elif name == "arc_mix.bias":
            state["arc_prior.weight"] = array[None]
        elif part == "weight" and f"{head}.scale" in ARRAYS:
            state[f"{source}.weight"] = ((array + r.uniform(-0.5, 0.5, array.shape)) * ARRAYS[f"{head}.scale"]).T.astype(np.float32)
        elif name == "hints.weight":
            state[name] = array.T
        elif part != "scale":
            state[f"{source}.{part}"] = array
    return state


def in_floats(state: dict[str, np.ndarray], window: Encoded) -> dict[str, np.ndarray]:
    """The network of `training/network.py` in double precision."""
    s = {name: array.astype(np.float64) for name, array in state.items()}
    cumulative = np.vectorize(lambda v: 0.5 * math.erfc(-v / math.sqrt(2)))

    def linear(x: np.ndarray, name: str) -> np.ndarray:
        return x @ s[f"{name}.weight"].T + s.get(f"{name}.bias", 0.0)

    def norm(x: np.ndarray, name: str) -> np.ndarray:
        centred = x - x.mean(1, keepdims=True)
        return centred / np.sqrt((centred**2).mean(1, keepdims=True) + 1e-12) * s[f"{name}.weight"] + s[f"{name}.bias"]

    n = len(window.pieces)
    bits = np.array(window.hints)[:, None] >> np.arange(len(KINDS)) & 1
    x = s["words.weight"][window.pieces] + s["positions.weight"][:n] + s["forms.weight"][window.forms] + bits @ s["hints.weight"].T
    x = norm(x, "norm")
    for layer in (f"layers.{i}." for i in range(LAYERS)):
        q, k, v = (linear(x, layer + part).reshape(n, 12, 32).transpose(1, 0, 2) for part in ("query", "key", "value"))
        weights = np.exp(q @ k.transpose(0, 2, 1) / math.sqrt(32))
        mixed = (weights / weights.sum(2, keepdims=True)) @ v
        x = norm(x + linear(mixed.transpose(1, 0, 2).reshape(n, WIDTH), layer + "mix"), layer + "norm1")
        inner = linear(x, layer + "inner")
        x = norm(x + linear(inner * cumulative(inner), layer + "outer"), layer + "norm2")
    x = x[window.firsts]
    found = {head: linear(x, head if head in s or f"{head}.weight" in s else f"heads.{head}") for head in LABEL_HEADS}
    word, head = (linear(x, name) for name in ARC_HEADS)
    word, head = word * cumulative(word), head * cumulative(head)
    found["arcs"] = linear(word, "arc_mix") @ head.T + (head @ s["arc_prior.weight"].T).T
    return found


def test_a_trained_network_says_in_integers_what_it_says_in_floats(tmp_path: Path) -> None:
    """The export, the stored file and the arithmetic together: labels are the same but for a few that are close."""
    window = run_texts(Model())[1][0]
    state = trained()
    write_arrays(tmp_path / "model.npz", quantise_network(state))
    exact, found = in_floats(state, window), Twin(read_arrays(tmp_path / "model.npz", N_FORMS, len(KINDS))).run(window)
    for head, scores in exact.items():
        assert found[head].shape == scores.shape
        assert (found[head].argmax(1) == scores.argmax(1)).mean() > 0.95, head
        assert np.corrcoef(found[head].ravel(), scores.ravel())[0, 1] > 0.998, head


def compiler() -> str | None:
    """A C compiler, and none on machines without."""
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def compile_program(to: Path, *flags: str, command: str | None = None) -> subprocess.CompletedProcess[str]:
    """The kernels with a program instead of Python (`kernel_program.c`)."""
    sources = [path for path in sorted(SOURCES.glob("*.c")) if path.name != "module.c"]
    options = ["-O1", "-ffp-contract=off", "-fno-trapping-math", f"-I{SOURCES}", *flags]
    words = [command or compiler() or "cc", *options, str(HERE / "kernel_program.c"), *map(str, sources), "-lm", "-o", str(to)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def write_windows(path: Path, windows: list[Encoded]) -> None:
    """Windows as `kernel_program.c` reads them."""
    with path.open("wb") as file:
        for window in windows:
            file.write(struct.pack("<ii", len(window.pieces), len(window.firsts)))
            for row in window:
                file.write(np.array(row, "<i8").tobytes())


def test_the_kernels_are_clean_under_the_sanitizers(tmp_path: Path) -> None:
    """Nothing outside an array, no overflow, and nothing that was in memory before has a part in the result."""
    if not compiler():
        leave_out("no C compiler")
    built = compile_program(tmp_path / "kernels", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g")
    if built.returncode and any(word in built.stderr for word in ("sanitize", "asan", "ubsan")):
        leave_out("the compiler has no sanitizers")
    assert built.returncode == 0, built.stderr
    pack(ARRAYS).tofile(tmp_path / "weights")
    write_windows(tmp_path / "small", [some_window(1, 1), some_window(37, 30)])
    write_windows(tmp_path / "full", [some_window(MAX_PIECES, MAX_PIECES)])
    hashes = run_program(tmp_path / "kernels", tmp_path / "weights", tmp_path / "small")
    assert "plain" in hashes
    assert len(set(hashes.values())) == 1, hashes
    assert run_program(tmp_path / "kernels", tmp_path / "weights", tmp_path / "full", next(iter(hashes)))


def run_program(program: Path, *arguments: str | Path) -> dict[str, str]:
    """What `kernel_program.c` prints: a hash by kernel."""
    weights, *others = arguments
    labels = sum(n_labels(ARRAYS, head) for head in LABEL_HEADS)
    ran = subprocess.run([program, weights, str(labels), *others], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return dict(line.split() for line in ran.stdout.splitlines())
