#!/bin/sh
# Install what a lock lists, and Qantar itself, into .venv: tools/install.sh run|test
# With uv where it can be had (on PATH, or from PyPI into .venv): seconds; with pip else: minutes.
#   PYTHON=/path/to/python3.12     the Python to make .venv of
#   QANTAR_INSTALLER=pip           do not use uv
set -u
cd "$(dirname "$0")/.." || exit 1
LOCK=requirements.lock
[ "${1:-run}" = test ] && LOCK=requirements-test.lock
VENV=.venv
BIN=$VENV/bin

say() { echo "install: $*"; }
stop() { echo "install: $*" >&2; exit 1; }
works() { "$@" >/dev/null 2>&1; }
fits() { works "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'; }

find_python() { # prints the Python to use
    if [ -n "${PYTHON:-}" ]; then
        works "$PYTHON" -c 'pass' || stop "PYTHON=$PYTHON is no Python that runs; name one of 3.11 to 3.14"
        fits "$PYTHON" || stop "PYTHON=$PYTHON is $("$PYTHON" --version 2>&1); Qantar needs Python 3.11 to 3.14"
        echo "$PYTHON"
        return
    fi
    for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
        fits "$name" && { echo "$name"; return; }
    done
    if works uv --version; then # it can fetch one
        echo 3.11
        return
    fi
    found=$(python3 --version 2>/dev/null) || found="no python3"
    stop "Qantar needs Python 3.11 to 3.14, and this machine has $found; install one (Debian: apt-get install python3 python3-venv), or name it: make dataset PYTHON=/path/to/python3.12"
}

make_venv() {
    python=$(find_python) || exit 1
    say "making $VENV with ${python}"
    if [ "$UV" ] && works uv venv -q --allow-existing --python "$python" $VENV; then return; fi
    [ "$python" = 3.11 ] && stop "uv could not fetch Python 3.11; install Python 3.11 to 3.14 (Debian: apt-get install python3 python3-venv)"
    works "$python" -c 'import venv, ensurepip' ||
        stop "$python has no venv or no pip; install them (Debian: apt-get install python3-venv), or install uv, and run make again"
    "$python" -m venv $VENV || stop "$VENV could not be made; the lines above say why"
}

UV=
if [ "${QANTAR_INSTALLER:-}" != pip ] && works uv --version; then UV=uv; fi
if ! fits $BIN/python; then
    [ -e $VENV/bin/python ] && stop "$VENV holds another Python ($($BIN/python --version 2>&1)); Qantar needs 3.11 to 3.14: rm -r $VENV, and run make again"
    make_venv
fi
if [ -z "$UV" ] && [ "${QANTAR_INSTALLER:-}" != pip ]; then
    works $BIN/uv --version || works $BIN/python -m pip install -q --no-deps --require-hashes --disable-pip-version-check -r requirements-uv.lock
    works $BIN/uv --version && UV=$BIN/uv
fi
if [ -z "$UV" ] && ! works $BIN/python -m pip --version; then
    stop "neither uv nor pip is there; install uv, or pip (Debian: apt-get install python3-venv), rm -r $VENV, and run make again"
fi

N=$(grep -c '^[A-Za-z0-9].*==' $LOCK)
started=$(date +%s)
if [ "$UV" ]; then
    say "up to $N packages of $LOCK, with uv"
    set -- "$UV" pip install -q --python $BIN/python --no-deps
    # Python compiles what it imports and keeps it, unless it is told not to: then each start would compile again, for seconds
    [ -z "${PYTHONDONTWRITEBYTECODE:-}" ] || set -- "$@" --compile-bytecode
else
    say "up to $N packages of $LOCK, with pip: some minutes (seconds with uv)"
    set -- $BIN/python -m pip install -q --disable-pip-version-check --no-deps
fi
"$@" --require-hashes -r $LOCK || stop "$LOCK could not be installed; the lines above say why. Is the package index reachable?"
"$@" --no-build-isolation --editable . || stop "Qantar could not be installed; the lines above say why"
sh tools/strip.sh $BIN/python || say "the compiled packages keep their debugging information: 125 MB more"
works cc --version || works gcc --version || say "no C compiler: the compiled parts are left out, their slower Python twins give the same rows"
say "done in $(($(date +%s) - started)) s"
