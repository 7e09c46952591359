"""The same results on every machine: digests natively with each kernel, and on emulated processors. Ends with 1 where one differs.

    python -m benchmarks.machines [--raw raw/] [--emulate] [--seconds 900]

Natively, each kernel that this processor can run gives a digest of all scores and annotations of the fixed texts; with `--raw` each
of them (but plain C) also builds that folder, for a digest of the rows. `--emulate` runs what Debian's qemu-user-static and, for arm64,
gcc-aarch64-linux-gnu allow: Python with the model on a Nehalem and a Haswell, and the kernels without Python (`kernel_program.c`) on
those, a Cortex-A57 and a Cortex-A76, over stored windows. What is not installed is named and left out.
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
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.pin_digests import PINNED, pinned_rows, run_texts
from qantar.model import native
from qantar.model.arrays import LABEL_HEADS, n_labels, read_arrays
from qantar.model.hints import KINDS
from qantar.model.pieces import N_FORMS, Encoded
from qantar.model.runtime import KERNEL, WEIGHTS, Model, kernels

SOURCES = Path(native.__file__).parent
PROGRAM = Path("tests/model/kernel_program.c")
FLAGS = ("-O3", "-ffp-contract=off", "-fno-trapping-math", "-fno-math-errno", "-static")
X86 = ("Nehalem", "Haswell")
ARM = ("cortex-a57", "cortex-a76")


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
    parser.add_argument("--seconds", type=int, default=900, help="the longest that one digest may take")
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
            yield built(options.raw, kernel, options.seconds)
    if options.emulate:
        with tempfile.TemporaryDirectory() as folder:
            yield from emulated(Path(folder), windows, options.seconds)


def built(raw: Path, kernel: str, seconds: int) -> Line:
    """The rows of a build with one kernel."""
    with tempfile.TemporaryDirectory() as out:
        command = [str(Path(sys.executable).with_name("qantar")), "build", "--raw", str(raw), "--out", out]
        done = subprocess.run(command, env=os.environ | {KERNEL: kernel}, capture_output=True, text=True, timeout=seconds, check=False)
        if done.returncode:
            return Line("rows", "this one", kernel, "failed", done.stderr.strip().splitlines()[-1])
        rows = pinned_rows(Path(out) / "latest")
    return Line("rows", "this one", kernel, sha256(repr(rows).encode()).hexdigest())


def emulated(folder: Path, windows: list[Encoded], seconds: int) -> Iterator[Line]:
    """Digests of emulated processors, and of this one for comparison."""
    write_inputs(folder, windows)
    yield from programs(folder, "this one", "gcc", [], seconds)
    for cpu in X86:
        emulator = shutil.which("qemu-x86_64-static")
        if not emulator:
            yield Line("model", cpu, "", None, "install qemu-user-static")
            continue
        yield from programs(folder, cpu, "gcc", [emulator, "-cpu", cpu], seconds)
        # OpenBLAS asks the processor in a way that qemu answers wrongly
        python = [emulator, "-cpu", cpu, "-E", f"OPENBLAS_CORETYPE={cpu}", sys.executable, "-m", "benchmarks.machines", "--digest"]
        digest, note = printed(python, seconds)
        yield Line("model", f"{cpu}, Python", "", digest, note)
    for cpu in ARM:
        emulator = shutil.which("qemu-aarch64-static")
        if not emulator:
            yield Line("kernels", cpu, "", None, "install qemu-user-static")
        else:
            yield from programs(folder, cpu, "aarch64-linux-gnu-gcc", [emulator, "-cpu", cpu], seconds)


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
    if output is None:
        yield Line("kernels", machine, "", None, note)
        return
    for line in output.splitlines():
        kernel, digest = line.split()
        yield Line("kernels", machine, kernel, digest)


def printed(command: list[str], seconds: int) -> tuple[str | None, str]:
    """What a command prints, or why it printed nothing."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return None, f"cut after {seconds} s"
    if done.returncode:
        return None, (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1][:100]
    return done.stdout.strip(), ""


if __name__ == "__main__":
    main()
