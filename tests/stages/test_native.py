"""What is compiled against what is not: the same numbers, on any text."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import sysconfig
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qantar.stages.duplicates import (
    Duplicates,
    Signatures,
    Text,
    compare_signatures,
    find_duplicates,
    hashed_words,
    native,
    shared_wording,
    sign_documents,
)
from tests.conftest import ROOT, leave_out
from tests.stages.test_deduplicate import LETTERS, A, B, C, respun, with_arrays

NATIVE = pytest.mark.parametrize("native", [True, False])


@NATIVE
def test_the_hashes_of_words_are_pinned(native: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what has no compiler can be compared with what has one."""
    r = random.Random(5)
    texts = ["".join(r.choices("ab AZ09\n.éßﬁ🙂é’\u0301\u200d你اİ½²Ⅷ\xad\ud800ǆ𝐀", k=r.randrange(40))) for _ in range(2000)]
    texts += ["".join(r.choices("x1é", k=r.randrange(240, 280))) for _ in range(50)]
    texts += ["x" * 70000 + " y"]
    if not native:
        with_arrays(monkeypatch)
    found = b"".join(np.asarray(column, np.int64).tobytes() for column in hashed_words.find_words(texts))
    assert sha256(found).hexdigest() == "c586223758071ae93c55e237327d224b5b8da8c6feb7ecccb8029072ff3e2446"


@NATIVE
def test_articles_are_judged_alike(native: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = " ".join(f"On day {i} the rate rose by {i * 7} points to {i * 311}." for i in range(30))
    short = " ".join(B.split()[:100])
    texts = [A, respun(A, 0.1), respun(A, 0.28), B, short, A + B, figures, figures.replace("7", "8"), C * 2, C, B.upper() + C]
    if not native:
        with_arrays(monkeypatch)
    found = find_duplicates([Text(LETTERS[i], None, t) for i, t in enumerate(texts)]).duplicates
    assert [(d.document_id, d.canonical_id, d.kind, d.similarity, d.method[-4:].strip()) for d in found] == [
        ("a", "f", "near", 1.0, "100%"),
        ("b", "f", "near", 0.86, "100%"),
        ("c", "f", "near", 0.64, "100%"),
        ("d", "f", "near", 1.0, "100%"),
        ("e", "f", "contained", 1.0, "100%"),
        ("j", "i", "near", 1.0, "100%"),
        ("k", "i", "near", 0.5, "50%"),
    ]


def signed(texts: list[str], native: bool = True) -> Signatures:
    with pytest.MonkeyPatch.context() as patch:
        if not native:
            with_arrays(patch)
        return sign_documents(Text(f"d{i:03}", None, text) for i, text in enumerate(texts))


def assert_signed_alike(texts: list[str]) -> None:
    one, other = (signed(texts, native).arrays() for native in (True, False))
    for name, column in one.items():
        assert column.dtype == other[name].dtype, name
        assert np.array_equal(column, other[name]), name


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=150) | st.text('ab ÉéA\u0301. 1\ud800🙂“"', max_size=150), max_size=6))
def test_any_text_has_the_same_words(texts: list[str]) -> None:
    assert_signed_alike(texts)


def test_characters_of_all_scripts_have_the_same_folding() -> None:
    characters = [*range(0x3000), *range(0x3000, 0x110000, 101)]
    assert_signed_alike(["".join(f"{chr(c)}a" for c in characters[i : i + 1000]) for i in range(0, len(characters), 1000)])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 1200), st.integers(0, 10**6)), max_size=6))
def test_any_words_have_the_same_sample(articles: list[tuple[int, int, int]]) -> None:
    """Few words make for many equal shingles, many words for none."""

    def text(vocabulary: int, n: int, seed: int) -> str:
        r = random.Random(seed)
        return " ".join(str(r.randrange(vocabulary**2)) for _ in range(n))

    assert_signed_alike([text(*article) for article in articles])


def compared(signatures: Signatures, native: bool) -> Duplicates:
    with pytest.MonkeyPatch.context() as patch:
        if not native:
            with_arrays(patch)
        return compare_signatures(signatures)


PIECES = [piece.split() for text in (A, B, C) for piece in text.split("\n\n")] + [["so", "it", "goes", "on", "and"] * 6]
PARTS = st.tuples(st.integers(0, len(PIECES) - 1), st.integers(0, 30), st.integers(1, 60), st.sampled_from([0, 0, 0.03, 0.2]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(PARTS, max_size=8), max_size=14), st.sampled_from([1, 50, shared_wording.HELD]))
def test_any_articles_have_the_same_duplicates_and_passages(articles: list[list[tuple[int, int, int, float]]], held: int) -> None:
    texts = [
        " ".join(respun(" ".join(PIECES[piece][begin : begin + n]), rate, seed=i) for piece, begin, n, rate in parts)
        for i, parts in enumerate(articles)
    ]
    signatures = signed(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared_wording, "HELD", held)
        in_parts = compared(signatures, native=True)
    assert in_parts == compared(signatures, native=False)


def test_numbers_that_do_not_fit_each_other_are_refused() -> None:
    """Whatever a damaged file holds, nothing is read or written beside an array."""
    s = signed([A, B, A + C])
    damaged: dict[str, Any] = {
        "first": s.first[::-1].copy(),
        "sampled": s.sampled + 10**9,
        "hashes": s.hashes[:-1],
        "words": s.words[:10],
    }
    for name, column in damaged.items():
        with pytest.raises((ValueError, IndexError)):
            compare_signatures(Signatures(**(s.arrays() | {name: column})))


CHECKED = """
import importlib.util, random, sys
spec = importlib.util.spec_from_file_location("qantar.stages.duplicates.native._native", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
import qantar.stages.duplicates.native as compiled
compiled.native = sys.modules[spec.name] = module
from qantar.stages.duplicates import Text, find_duplicates, shared_wording
r = random.Random(7)
words = ["".join(r.choices("ab1.\\u00e9\\u4f60\\u0301\\U0001f642", k=r.randrange(1, 9))) for _ in range(300)]
article = [" ".join(r.choices(words, k=n)) for n in (0, 1, 60, 400, 400)]
texts = [*article, article[3][:-50], article[3] + article[4], " ".join(reversed(article[3].split())), "x" * 70_000]
found = find_duplicates([Text(str(i), None, text) for i, text in enumerate(texts)])
shared_wording.HELD = 50
assert find_duplicates([Text(str(i), None, text) for i, text in enumerate(texts)]) == found
print(len(found.duplicates))
"""


def test_the_compiled_comparison_is_clean_under_the_sanitizers(tmp_path: Path) -> None:
    """Nothing is read or written outside an array, and nothing overflows, on odd texts and on ones of every length."""
    if native.native is None or not shutil.which("gcc"):
        leave_out("the comparison was not compiled, or there is no gcc")
    library = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True).stdout.strip()
    folder, built = Path(native.__file__).parent, tmp_path / "_native.so"
    options = ["-O1", "-g", "-shared", "-fPIC", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", '-DSOURCES=""']
    sources = [*map(str, sorted(folder.glob("*.c"))), f"-I{sysconfig.get_paths()['include']}", "-o", str(built)]
    done = subprocess.run(["gcc", *options, *sources], capture_output=True, text=True)
    if not Path(library).is_absolute() or (done.returncode and "san" in done.stderr):
        leave_out("the compiler has no sanitizers")
    assert done.returncode == 0, done.stderr
    env = {**os.environ, "LD_PRELOAD": library, "ASAN_OPTIONS": "detect_leaks=0", "PYTHONMALLOC": "malloc"}
    ran = subprocess.run([sys.executable, "-c", CHECKED, str(built)], capture_output=True, text=True, env=env, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert int(ran.stdout) >= 2
