"""What the files of a folder hold, read by their formats: never an exception for bad input."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from qantar.schema import Format, Rejected
from qantar.stages.articles.archives import DOCUMENT_FORMATS
from qantar.stages.articles.encodings import NotTextError
from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.packed_folders import PACKED_FOLDERS, unpacked
from qantar.stages.articles.records import read_arrow, read_csv, read_json_lines, read_parquet, read_spreadsheet, read_warc
from qantar.stages.articles.single_files import read_document_file, read_page_file, read_text_file
from qantar.stages.articles.slices import Slice
from qantar.stages.articles.source_files import Source, list_sources, rejected_row


def records_of(path: Path, source: Source, part: Slice | None = None) -> Iterator[Found | Rejected]:
    """What a file holds, or a slice of it, one after the other; a row of `rejected` for what cannot be read."""
    try:
        if source.format in PACKED_FOLDERS.values():
            yield from _packed_records(path, source)
            return
        for found in read_json_lines(path, part) if part else _READERS[source.format](path):
            if isinstance(found, Refused):
                yield rejected_row(source.path, found.record, found.reason, found.detail)
            else:
                yield found
    except NotTextError as error:
        yield rejected_row(source.path, None, error.reason, str(error))
    except OSError as error:
        yield rejected_row(source.path, None, "unreadable", f"cannot be read: {error.strerror or error}; check its permissions")
    except Exception as error:  # a file never stops the others, whatever its reader did not foresee
        detail = f"its reader fails ({type(error).__name__}: {str(error)[:200]}); remove it or save it in another format, and report this"
        yield rejected_row(source.path, None, "crash", detail)


def _packed_records(path: Path, source: Source) -> Iterator[Found | Rejected]:
    """What the files of a packed folder hold; a record is called by the name of its file, and within it: `march/list.csv#17`."""
    with unpacked(path, source.format) as (folder, refused):
        yield from (rejected_row(source.path, *each) for each in refused)
        members, rejected = list_sources(folder)
        for row in rejected:
            yield replace(row, source_path=source.path, source_record=_member_name(row.source_path))
        for member in members:
            name = _member_name(member.path)
            if member.format in PACKED_FOLDERS.values():
                yield rejected_row(source.path, name, "unknown_format", "is packed within a packed folder; unpack it here, then remove it")
                continue
            for found in records_of(folder / member.path, member):
                if isinstance(found, Rejected):
                    yield replace(found, source_path=source.path, source_record=_record_name(name, found.source_record))
                else:
                    yield replace(found, record=_record_name(name, found.record), has_raw_offsets=False)


def _member_name(path: str) -> str:
    return path.partition("/")[2]


def _record_name(member: str, record: str | None) -> str:
    """How a record of a packed file is called: the first, mostly the only one, as the file."""
    return member if record in (None, "1") else f"{member}#{record}"


_READERS: dict[Format, Callable[[Path], Iterator[Found | Refused]]] = {
    "txt": read_text_file,
    "html": read_page_file,
    "jsonl": read_json_lines,
    "csv": read_csv,
    "parquet": read_parquet,
    "arrow": read_arrow,
    **dict.fromkeys(("xlsx", "xls", "ods"), read_spreadsheet),
    "warc": read_warc,
    **{format: partial(read_document_file, format=format) for format in DOCUMENT_FORMATS.values()},
}
