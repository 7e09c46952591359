"""What several commands take: folders, times, what to run when a build fails."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

Raw = Annotated[Path, typer.Option("--raw", help="The folder of articles.")]
Out = Annotated[Path, typer.Option("--out", help="The folder of builds.")]
Keep = Annotated[int, typer.Option(min=1, help="Builds that stay on disk.")]
OnFailure = Annotated[str | None, typer.Option(help="A command to run when a build fails; QANTAR_MESSAGE tells it why.")]
Notify = Annotated[
    str | None,
    typer.Option(help="A command to run when a build failed, recovered or lost rows; QANTAR_EVENT says which."),
]


@dataclass
class Session:
    """What holds for the whole command line: whether tracebacks and Prefect's log are shown."""

    debug: bool = False


session = Session()


def seconds(duration: str | None, option: str) -> float | None:
    """Read a duration such as 90s, 15m, 6h or 2d.

    Args:
        duration: What was given; None where nothing was.
        option: The option it was given to, for the error.

    Returns:
        Seconds; None where nothing was given.

    Raises:
        typer.BadParameter: It is no whole number above 0 with a unit.
    """
    if duration is None:
        return None
    units = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
    number, unit = duration[:-1], duration[-1:]
    if unit not in units or not number.isdigit() or int(number) == 0:
        raise typer.BadParameter(f"{duration!r}: a number and s, m, h or d, as in 6h", param_hint=option)
    return float(int(number) * units[unit])
