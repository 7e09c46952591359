"""Ways out of a build for annotators and programs, and the way back: files of other tools, and what people edited in them as corrections.

`formats` lists them. Each has a module that writes `BuildDocument`s; those of annotation tools also read `Edited` documents, whose
differences from the build (`edits`) become lines of `raw/corrections.csv`.
"""

from qantar.exchange.exporting import export
from qantar.exchange.formats import FORMATS, READABLE
from qantar.exchange.importing import import_edits

__all__ = ["FORMATS", "READABLE", "export", "import_edits"]
