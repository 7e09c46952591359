from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from qantar.explorer.examples import examples
from qantar.explorer.published import Published
from qantar.schema import TABLES
from tests.explorer.conftest import Site
from tests.explorer.small_build import write_small_build

BUILD = "2021-03-05-aaaa1111"


def test_every_file_can_be_fetched_and_has_the_checksum_that_stands_beside_it(site: Site, out: Path) -> None:
    files = Published((out / "latest").resolve()).files
    assert {f.table for f in files.values()} >= set(TABLES)
    page = site.text("/downloads")
    for file in files.values():
        response = site.get(f"/download/{BUILD}/{file.path}")
        assert response.status_code == 200
        assert response.headers["content-length"] == str(file.size) == str(len(response.content))
        if file.sha256:
            assert hashlib.sha256(response.content).hexdigest() == file.sha256
            assert file.sha256 in page
            assert response.headers["etag"] == f'"{file.sha256}"'


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("data/quotes/part-00000.parquet", "application/vnd.apache.parquet"),
        ("qantar.db", "application/vnd.sqlite3"),
        ("datapackage.json", "application/json"),
        ("README.md", "text/markdown; charset=utf-8"),
        ("SHA256SUMS", "text/plain; charset=utf-8"),
    ],
)
def test_files_have_their_content_types(site: Site, path: str, media_type: str) -> None:
    assert site.get(f"/download/{BUILD}/{path}").headers["content-type"] == media_type


def test_a_file_of_a_build_that_was_just_removed_is_not_found(tmp_path: Path) -> None:
    write_small_build(tmp_path)
    site = Site(tmp_path)
    assert site.get(f"/download/{BUILD}/README.md").status_code == 200
    shutil.rmtree(tmp_path / "builds" / BUILD)
    gone = site.get(f"/download/{BUILD}/README.md")
    assert gone.status_code == 404
    assert "was removed" in gone.text


def test_a_download_can_be_resumed_and_is_sent_whole_when_the_file_is_another(site: Site, out: Path) -> None:
    path, content = f"/download/{BUILD}/qantar.db", (out / "latest" / "qantar.db").read_bytes()
    etag = site.get(path).headers["etag"]
    rest = site.get(path, headers={"range": "bytes=1000-", "if-range": etag})
    assert rest.status_code == 206
    assert rest.content == content[1000:]
    assert rest.headers["content-range"] == f"bytes 1000-{len(content) - 1}/{len(content)}"
    assert site.get(path, headers={"range": "bytes=-5"}).content == content[-5:]
    assert site.get(path, headers={"range": f"bytes={len(content)}-"}).status_code == 416
    other = site.get(path, headers={"range": "bytes=1000-", "if-range": '"another"'})
    assert (other.status_code, len(other.content)) == (200, len(content))
    assert site.get(path, headers={"if-none-match": etag}).status_code == 304


def test_latest_leads_to_the_address_of_the_build(site: Site) -> None:
    response = site.get("/download/latest/qantar.db")
    assert response.status_code == 302
    assert response.headers["location"] == f"/download/{BUILD}/qantar.db"


@pytest.mark.parametrize(
    "path",
    [
        f"/download/{BUILD}/../../history.db",
        f"/download/{BUILD}/%2e%2e/%2e%2e/history.db",
        f"/download/{BUILD}//etc/passwd",
        f"/download/{BUILD}/run.json",
        f"/download/{BUILD}/data",
        "/download/another/qantar.db",
        "/download/../qantar.db",
        "/static/../serve.py",
        "/static/..%2fserve.py",
        "/qantar.db",
        "/history.db",
    ],
)
def test_nothing_but_the_files_of_the_build_can_be_fetched(site: Site, path: str) -> None:
    response = site.get(path, follow_redirects=True)
    assert response.status_code in (403, 404)


def test_a_link_out_of_the_build_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    folder = tmp_path / "build"
    folder.mkdir()
    (folder / "SHA256SUMS").write_text(f"{'0' * 64}  leak\n{'0' * 64}  ../secret\n")
    (folder / "leak").symlink_to(tmp_path / "secret")
    assert list(Published(folder).files) == ["SHA256SUMS"]


@pytest.mark.parametrize("name", ["curl", "pandas", "DuckDB"])
def test_the_examples_run_as_they_stand(address: str, tmp_path: Path, name: str) -> None:
    code = dict(examples(address, BUILD))[name]
    command = ["bash", "-euo", "pipefail", "-c", code] if name == "curl" else [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    expected = {"curl": "qantar.db: OK", "pandas": "Marenga Courier    2", "DuckDB": "Ana Duarte"}[name]
    assert expected in done.stdout


def test_the_examples_in_r_and_javascript_ask_for_addresses_that_answer(address: str) -> None:
    for name in ("R", "JavaScript"):
        url = dict(examples(address, BUILD))[name].split('"')[1]
        response = httpx.get(url)
        assert response.json()
        assert response.headers["access-control-allow-origin"] == "*"
