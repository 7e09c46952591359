#!/bin/sh
# Build the image of Containerfile and try it: a build of raw/ and a server, both as a user without rights on a read-only root
# file system, as compose.yaml runs them. Ends with 1 and says where, when anything fails.
#   ENGINE          docker, podman …, with options; the first that is there otherwise
#   BUILD_OPTIONS   for `ENGINE build`, RUN_OPTIONS for `ENGINE run`: what this machine needs
set -eu
cd "$(dirname "$0")/.."
ENGINE=${ENGINE:-$(command -v docker || command -v podman || true)}
[ -n "$ENGINE" ] || { echo "container: neither docker nor podman is on PATH; install one, or name another in ENGINE" >&2; exit 1; }
PORT=${PORT:-8001}
VOLUME=qantar-try-$$
SERVER=

clean() {
    [ -z "$SERVER" ] || $ENGINE rm --force "$SERVER" >/dev/null
    $ENGINE volume rm --force "$VOLUME" >/dev/null
}
run() {
    # shellcheck disable=SC2086
    $ENGINE run --read-only --cap-drop ALL --security-opt no-new-privileges --tmpfs /tmp --tmpfs /home/qantar \
        --volume "$PWD/raw:/data/raw:ro" --volume "$VOLUME:/data/processed" ${RUN_OPTIONS:-} "$@"
}

# shellcheck disable=SC2086
$ENGINE build ${BUILD_OPTIONS:-} --file Containerfile --tag qantar .
trap clean EXIT
$ENGINE volume create "$VOLUME" >/dev/null
run --rm qantar build
run --rm qantar verify
SERVER=$(run --detach --publish "127.0.0.1:$PORT:8001" qantar)
tries=0
until $ENGINE exec "$SERVER" python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8001/-/health', timeout=8)" 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || { $ENGINE logs "$SERVER"; echo "container: the server did not answer within a minute" >&2; exit 1; }
    sleep 2
done
echo "container: image built; raw/ built, verified and served in it"
