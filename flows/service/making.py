"""One build from its settings, for the command and for programs that call `qantar.build`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from qantar.compat import import_prefect
from qantar.service.prefect_settings import configure_prefect

if TYPE_CHECKING:
    from qantar.schema import BuildRun
    from qantar.settings import Settings


def make_build(settings: Settings, *, debug: bool = False, alone: bool = False) -> BuildRun:
    """Build and publish, or find that nothing has changed; returns the run's row of the history.

    `alone` says that this process is there for this build only, so that the server of its workers may be forked from it.

    Raises QantarError where nothing could be published; the build before stays the latest.
    """
    from qantar.pipeline.first_checks import check_first

    if not os.environ.get("PREFECT_API_URL"):  # a configured server records every run, also one that cannot start
        check_first(settings)
    configure_prefect(settings.out / ".prefect", debug=debug, one_run=True)
    from qantar.pipeline.run import find_unchanged

    run = find_unchanged(settings)
    if run is None:
        from qantar.pipeline.workers import start_early

        start_early(settings, alone=alone)
        if alone:
            import_prefect()
        from qantar.service.one_run import run_build

        run = run_build(settings)
    return run
