"""A build of newspaper archives' exports: valid, and its texts can be taken out and put back."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from qantar.publish.rehydrate import rehydrate
from qantar.publish.release import make_release
from qantar.publish.verify import verify_build
from tests.conftest import Qantar
from tests.stages import archive_exports as exports


def test_exports_of_archives_make_a_valid_build_that_can_be_rehydrated(qantar: Qantar, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "nexis.txt").write_text(exports.NEXIS, "utf-8")
    (raw / "uni.docx").write_bytes(exports.docx([*exports.UNI_COVER, *exports.UNI[0], *exports.UNI[1]]))
    (raw / "factiva.html").write_text(exports.FACTIVA_PAGE, "utf-8")
    (raw / "letter.eml").write_text(exports.LETTER, "utf-8")
    done = qantar("build", "--raw", raw, "--out", tmp_path / "out", "--workers", "1")
    assert done.returncode == 0, done.stderr
    build = (tmp_path / "out" / "latest").resolve()
    assert verify_build(build) == []
    documents = pq.read_table(build / "data" / "documents").to_pylist()
    assert sorted((row["source_path"], row["format"]) for row in documents) == [
        *[("factiva.html", "html")] * 2,
        ("letter.eml", "eml"),
        *[("nexis.txt", "txt")] * 3,
        *[("uni.docx", "docx")] * 2,
    ]
    whole = {row["document_id"] for row in documents if row["source_path"] == "nexis.txt"}
    for block in pq.read_table(build / "data" / "blocks").to_pylist():
        if block["document_id"] in whole:
            assert exports.NEXIS[block["raw_start"] : block["raw_end"]].replace("\n", " ") == block["text"]
    edition = make_release(build, "1.0.0", tmp_path / "releases", edition="annotations").folder
    result = rehydrate(edition, raw, tmp_path / "full")
    assert result.is_whole, result.summary()
