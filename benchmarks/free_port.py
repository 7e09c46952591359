"""A port for a server that is told its number, and takes a while until it listens there."""

from __future__ import annotations

import random
import socket
from pathlib import Path

LOWEST = 10_000
_FIRST_GIVEN = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on, and that the system gives to nobody who asks for any.

    One that it gives would be taken now and then by another program before the server listens.
    """
    given = int(_FIRST_GIVEN.read_text().split()[0]) if _FIRST_GIVEN.exists() else 32_768
    for port in random.SystemRandom().sample(range(LOWEST, given), given - LOWEST):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise OSError(f"no port of 127.0.0.1 from {LOWEST} to {given} is free")
