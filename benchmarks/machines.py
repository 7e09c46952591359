"""The same results on every machine: digests natively with each kernel, and on emulated processors. Ends with 1 where one differs.

    python -m benchmarks.machines [--raw raw/] [--emulate] [--seconds 3600]

Natively, each kernel that this processor can run gives a digest of all scores and annotations of the fixed texts; with `--raw` each
of them (but plain C) also builds that folder, for a digest of its SHA256SUMS. `--emulate` does the same on a Nehalem, a Haswell, a
Cortex-A57 and a Cortex-A76 (`benchmarks.emulation`), with the wheel and the released wheels of what it needs, and runs the kernels
without Python (`kernel_program.c`), each forced, over stored windows. What is not installed is named and left out.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.emulation import ARM64, X86, Emulated, MissingError
from benchmarks.pin_digests import PINNED, run_texts
from qantar.model import native
from qantar.model.arrays import LABEL_HEADS, n_labels, read_arrays
from qantar.model.hints import KINDS
from qantar.model.pieces import N_FORMS, Encoded
from qantar.model.runtime import KERNEL, WEIGHTS, Model, kernels

SOURCES = Path(native.__file__).parent
PROGRAM = Path("tests/model/kernel_program.c")
FLAGS = ("-O3", "-ffp-contract=off", "-fno-trapping-math", "-fno-math-errno", "-static")


class Line(NamedTuple):
    """A digest, or why there is none: of what (lines with the same `of` must agree), on which machine, with which kernel."""

    of: str
    machine: str
    kernel: str
    digest: str | None
    note: str = ""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raw", type=Path, help="build this folder with each kernel, too")
    parser.add_argument("--emulate", action="store_true", help="emulated processors, too")
    parser.add_argument("--seconds", type=int, default=3600, help="the longest that one digest may take")
    parser.add_argument("--digest", action="store_true", help=argparse.SUPPRESS)  # what emulated Python is asked for
    options = parser.parse_args()
    if options.digest:
        print(run_texts(Model())[0])
        return
    lines = [Line("pinned model", "any", "any", json.loads(PINNED.read_text("utf-8"))["model"])]
    for line in every(options):
        lines.append(line)
        print(f"{line.of:<14} {line.machine:<18} {line.kernel:<11} {(line.digest or 'not run')[:16]} {line.note}".rstrip(), flush=True)
    wrong = disagreeing(lines)
    print(f"{', '.join(wrong)}: not the same everywhere" if wrong else "all the same")
    sys.exit(1 if wrong else 0)


def disagreeing(lines: list[Line]) -> list[str]:
    """What has several digests; the model's are compared with the pinned one."""
    found: dict[str, set[str]] = {}
    for line in lines:
        if line.digest:
            found.setdefault(line.of.removeprefix("pinned "), set()).add(line.digest)
    return sorted(of for of, digests in found.items() if len(digests) > 1)


def every(options: argparse.Namespace) -> Iterator[Line]:
    """All digests asked for, one by one."""
    windows: list[Encoded] = []
    for kernel in kernels():
        digest, windows = run_texts(Model(kernel=kernel))
        yield Line("model", "this one", kernel, digest)
    if options.raw:
        for kernel in kernels()[:-1]:
            yield built([sys.executable], "this one", options, kernel)
    if options.emulate:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_inputs(folder, windows)
            yield from programs(folder, "this one", "gcc", [], options.seconds)
            for processor in (*X86, *ARM64):
                yield from emulated(folder, processor, options)


def built(python: list[str], machine: str, options: argparse.Namespace, kernel: str = "") -> Line:
    """The SHA256SUMS of a build by some Python, with one kernel or its own choice."""
    with tempfile.TemporaryDirectory() as out:
        command = [*python, "-m", "qantar", "build", "--raw", str(options.raw), "--out", out, "--workers", "1"]
        said, note = printed(command, options.seconds, {KERNEL: kernel} if kernel else {})
        if note:
            return Line("build", machine, kernel, said, note)
        return Line("build", machine, kernel, sha256((Path(out) / "latest" / "SHA256SUMS").read_bytes()).hexdigest())


def emulated(folder: Path, processor: Emulated, options: argparse.Namespace) -> Iterator[Line]:
    """Digests on an emulated processor: of the kernels, of the model in Python, and of the build."""
    if not shutil.which(processor.emulator):
        yield Line("kernels", processor.cpu, "", None, "install qemu-user-static")
        return
    compiler = "gcc" if processor in X86 else "aarch64-linux-gnu-gcc"
    yield from programs(folder, processor.cpu, compiler, [processor.emulator, "-cpu", processor.cpu], options.seconds)
    try:
        python = str(processor.python(folder))
    except MissingError as error:
        yield Line("model", processor.cpu, "", None, str(error))
        return
    digest, note = printed([python, "-m", "benchmarks.machines", "--digest"], options.seconds)
    yield Line("model", processor.cpu, "", digest, note)
    if options.raw:
        yield built([python], processor.cpu, options)


def write_inputs(folder: Path, windows: list[Encoded]) -> None:
    """The weights and windows as `kernel_program.c` reads them."""
    arrays = read_arrays(WEIGHTS / "model.npz", N_FORMS, len(KINDS))
    native.pack(arrays).tofile(folder / "weights")
    (folder / "labels").write_text(str(sum(n_labels(arrays, head) for head in LABEL_HEADS)), "utf-8")
    with (folder / "windows").open("wb") as file:
        for window in windows:
            file.write(struct.pack("<ii", len(window.pieces), len(window.firsts)))
            for row in window:
                file.write(np.array(row, "<i8").tobytes())


def programs(folder: Path, machine: str, compiler: str, emulator: list[str], seconds: int) -> Iterator[Line]:
    """A line for each kernel of a machine, without Python."""
    program = folder / compiler
    if not shutil.which(compiler):
        yield Line("kernels", machine, "", None, f"install {compiler}")
        return
    if not program.exists():
        sources = [str(path) for path in sorted(SOURCES.glob("*.c")) if path.name != "module.c"]
        subprocess.run([compiler, *FLAGS, f"-I{SOURCES}", str(PROGRAM), *sources, "-lm", "-o", str(program)], check=True)
    labels = (folder / "labels").read_text("utf-8")
    output, note = printed([*emulator, str(program), str(folder / "weights"), labels, str(folder / "windows")], seconds)
    if note or output is None:
        yield Line("kernels", machine, "", output, note)
        return
    for line in output.splitlines():
        kernel, digest = line.split()
        yield Line("kernels", machine, kernel, digest)


def printed(command: list[str], seconds: int, variables: Mapping[str, str] | None = None) -> tuple[str | None, str]:
    """What a command prints: None where it was cut and "failed" where it failed, each with why."""
    environment = {**os.environ, **(variables or {})}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return None, f"cut after {seconds} s"
    if done.returncode:
        return "failed", (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1][:100]
    return done.stdout.strip(), ""


if __name__ == "__main__":
    main()
