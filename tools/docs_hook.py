"""What MkDocs does not do by itself: pages of the root of the repository are part of the site, and links to code become its path.

Called by `mkdocs build` (mkdocs.yml). The pages are written for readers of the repository, where a link to a module or to
CONTRIBUTING.md works; the site has no repository beside it.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files
from nbconvert import MarkdownExporter

ROOT = Path(__file__).parents[1]
PAGES = {
    "architecture.md": "ARCHITECTURE.md",
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
    "model.md": "flows/model/MODEL_CARD.md",
    "security.md": "SECURITY.md",
}
"""Pages of the site that stand elsewhere in the repository."""

_BEHIND = "---\nsearch:\n  boost: 0.5\n---\n"
"""A notebook's outputs list all columns; who searches for one wants the reference first."""

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)#\s]+)(#[^)\s]*)?\)")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
_CODE = re.compile(r"(```.*?```)", re.DOTALL)


def on_files(files: Files, *, config: Any) -> Files:
    """Add the pages that stand elsewhere, and a page for each notebook with its outputs as they are committed."""
    for name, source in PAGES.items():
        files.append(File.generated(config, name, content=(ROOT / source).read_text("utf-8")))
    for path in sorted((ROOT / "docs" / "notebooks").glob("*.ipynb")):
        content, _ = MarkdownExporter().from_filename(str(path))
        files.append(
            File.generated(config, f"notebooks/{path.stem}.md", content=f"{_BEHIND}{content}\n[This notebook]({path.name}), to run.\n")
        )
    return files


def on_page_markdown(markdown: str, *, page: Any, files: Files, **_: Any) -> str:
    """Let links lead to pages of the site; a link to a file of the repository becomes its path."""
    name = page.file.src_uri
    parts = _CODE.split(markdown)
    return "".join(part if part.startswith("```") else rewritten(part, name) for part in parts)


def rewritten(text: str, name: str) -> str:
    """Markdown of the page `name`, with links as the site has them. A link that leads nowhere stays, and ends a strict build."""
    source = PAGES.get(name, f"docs/{name}")

    def target_of(link: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(source), link))

    def link(match: re.Match[str]) -> str:
        label, href, anchor = match[1], match[2], match[3] or ""
        if "://" in href or href.startswith("mailto:"):
            return match[0]
        target = target_of(href)
        here = _in_site(target)
        if here is not None:
            return f"[{label}]({posixpath.relpath(here, posixpath.dirname(name) or '.')}{anchor})"
        if not (ROOT / target).exists():
            return match[0]
        return label if target in label else f"{label} (`{target}`)"

    def image(match: re.Match[str]) -> str:
        here = _in_site(target_of(match[2]))
        return match[0] if here is None else f"![{match[1]}]({posixpath.relpath(here, posixpath.dirname(name) or '.')})"

    return _IMAGE.sub(image, _LINK.sub(link, text))


def _in_site(target: str) -> str | None:
    """The name in the site of a file of the repository, if it is part of it."""
    for name, source in PAGES.items():
        if source == target:
            return name
    if target.startswith("docs/") and (ROOT / target).is_file():
        return target.removeprefix("docs/")
    return None
