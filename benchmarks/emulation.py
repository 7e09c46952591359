"""Pythons on emulated processors, with Qantar's wheel and all that it needs: what a user of that machine would have installed.

Needs Debian's qemu-user-static, and for arm64 gcc-aarch64-linux-gnu and debootstrap (as root), whose packages hold an arm64 Python.
Everything is made in a folder that the caller removes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

RELEASES = {(3, 11): "bookworm", (3, 13): "trixie"}
"""The release of Debian whose Python has the version of the one that runs: wheels of the same version are installed for both."""
PACKAGES = "python3,python3-minimal,libpython3-stdlib"
ARM = "aarch64-linux-gnu"
SHEBANG = '#!/bin/sh\nexec {emulator} -0 "$0" {variables} {python} "$@"\n'


class MissingError(Exception):
    """What has to be installed for an emulation, in one line."""


class Emulated(NamedTuple):
    """A processor that qemu knows, and how a Python for it is made in a folder."""

    cpu: str
    emulator: str
    make: Callable[[Path, str], Path]

    def python(self, folder: Path) -> Path:
        """The path of a Python on that processor; what it starts with `sys.executable` runs on that processor, too."""
        return self.make(folder, self.cpu)


def needed(program: str, package: str) -> str:
    """The path of a program. Raises MissingError, which names its package."""
    path = shutil.which(program)
    if not path:
        raise MissingError(f"install {package}")
    return path


def x86_python(folder: Path, cpu: str) -> Path:
    """This Python on an emulated x86-64 processor."""
    emulator = f"{needed('qemu-x86_64-static', 'qemu-user-static')} -cpu {cpu}"
    site = installed(folder / "site-x86", "x86_64-unknown-linux-gnu", os.environ)
    # OpenBLAS asks the processor in a way that qemu answers wrongly
    variables = {"PYTHONPATH": str(site), "OPENBLAS_CORETYPE": cpu}
    return script(folder / f"python-{cpu}", emulator, variables, Path(sys.executable).resolve())


def arm_python(folder: Path, cpu: str) -> Path:
    """Debian's arm64 Python of this one's version on an emulated processor, with the released wheels for arm64."""
    emulator = needed("qemu-aarch64-static", "qemu-user-static")
    root = arm_system(folder / "arm64")
    suffix = f".cpython-{sys.version_info.major}{sys.version_info.minor}-{ARM}.so"
    compiler = needed(f"{ARM}-gcc", f"gcc-{ARM}")
    cross = {"CC": compiler, "LDSHARED": f"{compiler} -shared", "_PYTHON_HOST_PLATFORM": "linux-aarch64", "SETUPTOOLS_EXT_SUFFIX": suffix}
    site = installed(folder / "site-arm64", "aarch64-unknown-linux-gnu", os.environ | cross)
    return script(folder / f"python-{cpu}", f"{emulator} -L {root} -cpu {cpu}", {"PYTHONPATH": str(site)}, root / "usr/bin/python3")


def script(path: Path, emulator: str, variables: Mapping[str, str], python: Path) -> Path:
    """Write the program that runs a Python with an emulator."""
    words = " ".join(f"-E {name}={value}" for name, value in variables.items())
    path.write_text(SHEBANG.format(emulator=emulator, variables=words, python=python), "utf-8")
    path.chmod(0o755)
    return path


@cache
def arm_system(root: Path) -> Path:
    """A folder with Debian's arm64 packages of Python, unpacked and not configured."""
    release = RELEASES.get(sys.version_info[:2])
    if not release:
        raise MissingError(f"run with Python {' or '.join(f'{major}.{minor}' for major, minor in RELEASES)}, which Debian has for arm64")
    debootstrap = needed("debootstrap", "debootstrap")
    run([debootstrap, "--foreign", "--arch=arm64", "--variant=minbase", f"--include={PACKAGES}", release, str(root)])
    for package in sorted(root.glob("var/cache/apt/archives/*.deb")):
        run(["dpkg-deb", "-x", str(package), str(root)])
    return root


@cache
def _wheel(folder: Path, variables: frozenset[tuple[str, str]]) -> Path:
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--disable-pip-version-check", "--no-deps", "--no-build-isolation"]
    source = folder / "source"
    run(["git", "checkout-index", "-a", f"--prefix={source}/"])
    run([*command, "-w", str(folder), str(source)], dict(variables))
    (built,) = folder.glob("qantar-*.whl")
    return built


def installed(site: Path, platform: str, variables: Mapping[str, str]) -> Path:
    """A folder with the locked packages for a platform, Qantar's wheel of what git knows, and the gold as it stands beside a checkout."""
    if site.is_dir():
        return site
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    install = [needed("uv", "uv"), "pip", "install", "-q", "--no-deps", "--target", str(site), "--python-platform", platform]
    install += ["--python-version", version, "--only-binary", ":all:"]
    run([*install, "--require-hashes", "-r", "requirements.lock"])
    run([*install, str(_wheel(site.with_name(f"{site.name}-wheel"), frozenset(variables.items())))])
    for gold in ("gold", "gold_apart"):
        shutil.copytree(Path("tests") / gold, site / "tests" / gold)
    return site


def run(command: list[str], variables: Mapping[str, str] | None = None) -> None:
    """Run a command; raises MissingError with the last line of what it said where it fails."""
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MissingError((done.stderr.strip() or done.stdout.strip() or f"{command[0]} failed").splitlines()[-1])


X86 = tuple(Emulated(cpu, "qemu-x86_64-static", x86_python) for cpu in ("Nehalem", "Haswell"))
ARM64 = tuple(Emulated(cpu, "qemu-aarch64-static", arm_python) for cpu in ("cortex-a57", "cortex-a76"))
