"""What Prefect is told by its environment, before it is imported."""

from __future__ import annotations

import os
from pathlib import Path

from qantar.service.prefect_database import Kept, look_at, make_database
from qantar.settings import QantarError

_VACUUM = "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED"


def configure_prefect(home: Path, *, debug: bool = False, one_run: bool = False) -> None:
    """Set what Prefect reads when it is imported, so that a fresh machine needs no setting; what the user has set stands.

    A new home gets its database.

    With `one_run`, also what suits a server that serves one run and has no pages.

    Raises QantarError when its home cannot be made: its server would never answer.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise QantarError(
            f"{home.parent}: cannot write there ({error.strerror}); change its permissions or choose another --out"
        ) from error
    defaults = {
        "PREFECT_HOME": str(home.resolve()),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",  # its own default is shorter than a first start takes
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "INFO" if debug else "CRITICAL",  # the command says itself what failed
        "PREFECT_LOGGING_INTERNAL_LEVEL": "ERROR" if debug else "CRITICAL",  # pages of it where the server goes away
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_CLI_PROMPT": "false",
        _VACUUM: "events,flow_runs",  # its database does not grow for ever
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": "2592000",
    }
    if one_run:
        defaults |= {
            "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",  # a server with pages registers them when it starts
            "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",
            # the states of tasks, one by one, take three times as long, and the last are lost where they come fast
            "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
        }
    place = Path(os.environ.get("PREFECT_HOME") or defaults["PREFECT_HOME"])
    if not os.environ.get("PREFECT_API_URL"):
        make_database(place)
        defaults |= _spared(look_at(place)) if one_run else {}
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def _spared(kept: Kept) -> dict[str, str]:
    """What a server of one run need not do for what its database holds; a second of processor time in all."""
    spared = {
        "PREFECT_SERVER_DATABASE_MIGRATE_ON_START": str(kept.older).lower(),
        "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": str(kept.automations).lower(),
    }
    return spared if kept.large else {**spared, _VACUUM: ","}  # an empty list: "false" stands for "events"
