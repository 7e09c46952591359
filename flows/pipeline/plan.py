"""The plan of a run: what is in the raw folder, what describes it, and the name of the build it makes."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from qantar.corrections import Fix
from qantar.corrections.corrections_file import Corrections, load_corrections
from qantar.pipeline.context import Context, file_digest
from qantar.quality.calibration import Calibration, load_calibration
from qantar.schema import Build, Rejected
from qantar.settings import (
    AUDIT_FILE,
    AUTHORITY_FILE,
    CALIBRATION_FILE,
    CATALOGUE_FILE,
    CORPUS_FILE,
    CORRECTIONS_FILE,
    TAKEDOWNS_FILE,
    Corpus,
    QantarError,
    Settings,
)
from qantar.stages.articles import Source, list_sources, load_catalogue
from qantar.stages.articles.not_collected import load_failed
from qantar.text.identity import digest, short_id
from qantar.version import code_version, package_versions, stage_digest

SOURCE_TREE = Path(__file__).parents[2]
_LATER = {AUDIT_FILE, CALIBRATION_FILE}
"""Files that came later than builds: without them, nothing is otherwise."""
_COUNTS = ["articles", "documents", "canonical", "rejected", "sentences", "mentions", "entities", "quotes", "quote_groups"]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is in the raw folder, and what it is to become."""

    corpus: Corpus
    sources: list[Source]
    rejected: list[Rejected]
    corrections: list[Fix]
    calibration: Calibration | None
    """What the scores of quotes mean in this corpus, where an audit says it."""
    context: Context
    build: Build
    """The build's row, its counts still 0."""


def make_plan(settings: Settings) -> Plan:
    """Look at everything the build depends on, and name it by the hash of that.

    Raises QantarError when the raw folder is missing or holds nothing to read.
    """
    raw = settings.raw
    if not raw.is_dir():
        raise QantarError(f"{raw}: there is no such folder; name the folder of your articles with --raw")
    described = _describing(raw)
    corpus = Corpus.load(raw)
    sources, rejected = list_sources(raw)
    corrections = load_corrections(raw) if settings.corrections else Corrections()
    calibration = load_calibration(raw)
    rejected = [*rejected, *load_catalogue(raw).rejected, *load_failed(raw), *corrections.rejected]
    if not sources:
        raise QantarError(f"{raw}: there is no article in it; put .txt, .html, .jsonl, .csv, .xlsx, .parquet or .warc.gz files there")
    from qantar.model import describe_model
    from qantar.publish.takedown import load_takedowns

    takedowns = load_takedowns(raw)
    build = Build(
        build_id="",
        title=corpus.title,
        raw_sha256=digest(
            *(f"{name} {sha256}" for name, sha256 in described.items() if name != CORRECTIONS_FILE and (sha256 or name not in _LATER)),
            *map(repr, corrections.fixes),
            _gold_digest(raw, corpus),
            *(f"{source.path} {source.sha256}" for source in sources),
            *map(repr, rejected),
        ),
        code_version=code_version(),
        settings=json.dumps(settings.shaping | ({"calibration": calibration.as_setting()} if calibration else {}), sort_keys=True),
        model=describe_model(settings.model),
        packages=json.dumps(package_versions()),
        **{f"n_{name}": 0 for name in _COUNTS},
    )
    build = replace(build, build_id=short_id("build", repr(build)))
    context = Context(
        raw=raw.resolve(),
        cache=(settings.out / ".cache").resolve(),
        corpus=corpus,
        code=stage_digest(),
        model=settings.model,
        described=described,
        takedowns=tuple(takedown.row for takedown in takedowns),
        removed_texts=frozenset(takedown.text_sha256 for takedown in takedowns if takedown.text_sha256),
        fresh=settings.force,
    )
    return Plan(
        corpus=corpus,
        sources=sources,
        rejected=rejected,
        corrections=corrections.fixes,
        calibration=calibration,
        context=context,
        build=build,
    )


def check_described(plan: Plan) -> None:
    """Raise QantarError if what describes the articles is no longer what the plan was made of: a takedown, above all."""
    raw = plan.context.raw
    changed = [name for name, sha256 in _describing(raw).items() if sha256 != plan.context.described[name]]
    if changed:
        raise QantarError(f"{raw / changed[0]}: changed while the build was made, so it was not published; build again")


def _describing(raw: Path) -> dict[str, str]:
    files = (AUDIT_FILE, AUTHORITY_FILE, CALIBRATION_FILE, CATALOGUE_FILE, CORPUS_FILE, CORRECTIONS_FILE, TAKEDOWNS_FILE)
    return {name: file_digest(raw / name) for name in files}


def _gold_digest(raw: Path, corpus: Corpus) -> str:
    found = [path for folder in gold_folders(raw, corpus).values() if folder for path in sorted(folder.glob("*.json"))]
    return digest(*(f"{path.parent.name} {path.name} {file_digest(path)}" for path in found))


def gold_folders(raw: Path, corpus: Corpus) -> dict[str, Path | None]:
    """The folders of annotated articles that the corpus is measured on: beside its raw folder, else in the pipeline's own source tree.

    None where one that corpus.toml names is not there.
    """
    return {
        name: next((folder for place in (raw, SOURCE_TREE) if (folder := (place / name).resolve()).is_dir()), None) for name in corpus.gold
    }
