"""How to cite a dataset: `CITATION.cff` and Zenodo's deposit metadata."""

from __future__ import annotations

import json
from typing import Any

from qantar.publish.description import Description
from qantar.publish.rights import licence_of, rights


def citation(described: Description) -> str:
    """The citation file (CFF 1.2.0), as YAML.

    Each value is written as JSON, which YAML reads, so that no title can break the file.
    """
    release, corpus = described.release, described.corpus
    entries: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": described.title,
        "version": described.version,
        "abstract": described.summary,
        "authors": [{"name": name} for name in described.authors],
        "keywords": described.keywords,
    }
    if licence := licence_of(described):
        entries["license"] = licence.spdx
    if release and release.released_on:
        entries["date-released"] = release.released_on.isoformat()
    if corpus.homepage:
        entries["url"] = corpus.homepage
    entries["identifiers"] = [
        {"type": "other", "value": f"build {described.build['build_id']}", "description": "What the dataset was built from"}
    ]
    head = f"# {rights(described)}\n"
    return head + "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in entries.items())


def zenodo(described: Description) -> dict[str, Any]:
    """The deposit's metadata (`.zenodo.json`): with article texts in it, access is restricted."""
    deposit: dict[str, Any] = {
        "upload_type": "dataset",
        "title": described.title,
        "description": f"<p>{_escaped(described.summary)}</p><p>{_escaped(rights(described))}</p>",
        "version": described.version,
        "creators": [{"name": name} for name in described.authors],
        "keywords": described.keywords,
        "language": "eng" if described.corpus.language == "en" else described.corpus.language,
    }
    if licence := licence_of(described):
        deposit["license"] = licence.spdx.lower()
    if described.holds_texts:
        deposit["access_right"] = "restricted"
        deposit["access_conditions"] = (
            "<p>The article texts are for research on the user's own responsibility and may not be passed on.</p>"
        )
    else:
        deposit["access_right"] = "open"
    if described.release and described.release.released_on:
        deposit["publication_date"] = described.release.released_on.isoformat()
    if described.corpus.homepage:
        deposit["related_identifiers"] = [{"identifier": described.corpus.homepage, "relation": "isDescribedBy"}]
    return deposit


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
