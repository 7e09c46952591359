"""Write all messages of the pages into flows/explorer/locale/qantar.pot, or compare them: tools/words.py [--check].

Messages are in templates, in Python, in the tables of wording.py and in what describes tables, columns and queries. Their places are left
out, so that the file changes when a message does. With --check it ends with 1 where the file is not what would be written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from qantar.explorer import wording
from qantar.explorer.translation import TEMPLATE
from qantar.publish.datasette_metadata import datasette_metadata
from qantar.quality.other_news import figures_on_other_news

ROOT = Path(__file__).parents[1]
EXPLORER = ROOT / "flows" / "explorer"
METHODS = [("templates/**", "jinja2.ext:babel_extract"), ("**.py", "python")]
OPTIONS = {
    "templates/**": {"newstyle_gettext": "true", "trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
}
KEPT = ('"MIME-Version', '"Content-T')
HEADER = """\
# All messages of Qantar's pages, in English. docs/how-to/translate.md says how to translate them.
# Made by `make words`; do not edit."""


def collect() -> Catalog:
    """Every message once."""
    catalogue = Catalog(project="Qantar", header_comment=HEADER, fuzzy=False)
    for path, _, message, comments, context in extract_from_dir(EXPLORER, METHODS, OPTIONS, comment_tags=["Translators:"]):
        if not path.startswith("locale"):
            catalogue.add(message, auto_comments=comments, context=context)
    for table in (value for name, value in vars(wording).items() if name.isupper() and not name.startswith("_")):
        words = table.values() if isinstance(table, dict) else [table] if isinstance(table, str) else table
        for message in words:
            catalogue.add(message[1] if isinstance(message, tuple) and isinstance(message[0], float) else message)
    for message in described(datasette_metadata(title="")["databases"]):
        catalogue.add(message)
    for figure in figures_on_other_news():
        catalogue.add(figure.name.replace("_", " "))
        catalogue.add(figure.corpus.replace("_", " "))
    return catalogue


def described(metadata: dict[str, Any]) -> Iterator[str]:
    """The titles and descriptions of tables, columns and queries."""
    for key, value in metadata.items():
        if isinstance(value, dict):
            yield from value.values() if key == "columns" else described(value)
        elif key in ("title", "description") and value:
            yield value


def as_text(catalogue: Catalog) -> str:
    """The file, without the times that are in its header."""
    written = BytesIO()
    write_po(written, catalogue, width=100_000, no_location=True, sort_output=True)
    header, _, messages = written.getvalue().decode("utf-8").partition("\n\n")
    kept = [line for line in header.split("\n") if not line.startswith('"') or line.startswith(KEPT)]
    return "\n".join([*kept, '"Language: \\n"', "", messages.rstrip("\n"), ""])


def main() -> None:
    """The command."""
    fresh = as_text(collect())
    if "--check" in sys.argv[1:]:
        if not TEMPLATE.is_file() or TEMPLATE.read_text("utf-8") != fresh:
            sys.exit(f"{TEMPLATE.relative_to(ROOT)} is stale; renew it with `make words`")
    else:
        TEMPLATE.parent.mkdir(exist_ok=True)
        TEMPLATE.write_text(fresh, "utf-8")


if __name__ == "__main__":
    main()
