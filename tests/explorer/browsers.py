"""Find the browser for the tests of the pages: `python -m tests.explorer.browsers` prints it, or ends with 1."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NONE = "no browser for the tests of the pages: install chromium, or name one in QANTAR_BROWSER"


def find_browser() -> str | None:
    """The path of a Chromium: named in QANTAR_BROWSER, on PATH, or the one that playwright fetched."""
    for name in (os.environ.get("QANTAR_BROWSER"), *NAMES):
        if name and (path := shutil.which(name)):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


if __name__ == "__main__":
    if (found := find_browser()) is None:
        sys.exit(NONE)
    print(found)
