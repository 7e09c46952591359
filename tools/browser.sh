#!/bin/sh
# See to a browser for the tests of the pages: one that is there, else playwright's, else Debian's (as root). Never fails: without
# a browser those tests are skipped, and pytest says so; with CI=true they fail.
cd "$(dirname "$0")/.." || exit 1
BIN=.venv/bin
found() { $BIN/python -m tests.explorer.browsers >/dev/null 2>&1; }

found && exit 0
echo "install: no browser for the tests of the pages; asking playwright for one"
limit=
command -v timeout >/dev/null && limit="timeout 300"
$limit $BIN/playwright install chromium >/dev/null 2>&1
found && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "install: none to be had there; asking Debian's packages for chromium"
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y chromium; } >/dev/null 2>&1
    found && exit 0
fi
echo "install: no browser to be had: the tests of the pages will be skipped; install chromium and run again to run them"
