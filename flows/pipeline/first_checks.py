"""What is looked at before anything is imported or started for a build: the raw folder, corpus.toml, and whether another build runs."""

from __future__ import annotations

from qantar.pipeline.alarms import failed_run, keep_failure, tell_failure
from qantar.settings import Corpus, QantarError, Settings
from qantar.store import builds, history


def check_first(settings: Settings) -> None:
    """Raise QantarError for a raw folder that is not there, a corpus.toml that cannot be read, or a folder that another build holds.

    Where builds are in the output folder the failed run is recorded beside them; else nothing is made there: `--out` or `--raw` may be
    mistyped. The alarms for failures are raised.
    """
    started = history.now()
    try:
        if not settings.raw.is_dir():
            raise QantarError(f"{settings.raw}: there is no such folder; name the folder of your articles with --raw")
        Corpus.load(settings.raw)
        if not settings.wait:
            builds.check_free(settings.out)
    except QantarError as error:
        if (settings.out / "builds").is_dir():
            keep_failure(settings, failed_run(started, str(error)))
        else:
            tell_failure(settings, str(error))
        raise
