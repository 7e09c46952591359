"""Whether this processor can run what Qantar builds on."""

from __future__ import annotations

from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")


def processor_trouble(cpuinfo: Path = CPUINFO) -> str | None:
    """What the processor lacks, in a line; None where nothing is known to be missing.

    numpy and pyarrow need SSE4.2 on x86-64, and without it the process dies of an illegal instruction, with no message.
    """
    try:
        lines = cpuinfo.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return None
    flags = next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), None)
    if flags is None or "sse4_2" in flags:
        return None
    return "this processor has no SSE4.2, which numpy and pyarrow need: use an x86-64 processor of 2011 or later, or an arm64 one"
