"""Run the notebooks of docs/notebooks on the latest build and write their outputs, or compare them: tools/notebooks.py [--check].

They run in the root of the repository, where they find processed/latest. `make readme` renews their outputs; `make check` ends with 1
where one is not what is committed, or a cell fails.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


def run(path: Path) -> str:
    """The notebook's text with the outputs that it gives now, without the times of its cells."""
    notebook = nbformat.read(path, as_version=4)
    by_files = Config(ConnectionFileMixin={"transport": "ipc"})  # not by a port of the machine
    client = NotebookClient(notebook, config=by_files, timeout=300, record_timing=False, resources={"metadata": {"path": str(ROOT)}})
    client.execute()
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        cell.metadata = {}
    return nbformat.writes(notebook) + "\n"


def main() -> None:
    """The command."""
    check, stale = "--check" in sys.argv[1:], []
    for path in NOTEBOOKS:
        fresh = run(path)
        if fresh != path.read_text("utf-8"):
            stale.append(path.relative_to(ROOT).as_posix())
            if not check:
                path.write_text(fresh, "utf-8")
    if stale:
        print(f"{', '.join(stale)}: outputs {'are not those of the latest build; run make readme' if check else 'renewed'}")
        sys.exit(1 if check else 0)


if __name__ == "__main__":
    main()
