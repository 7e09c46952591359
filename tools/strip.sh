#!/bin/sh
# Remove debugging information from compiled packages: 125 of 730 MB, most of it spaCy's. Usage: tools/strip.sh PYTHON
# Only in packages that bundle no shared libraries: some versions of strip damage those. Nothing happens without GNU strip.
# Each file is replaced, not written into: uv's cache may hold the same file by a hard link.
set -eu
strip --version 2>/dev/null | grep -q GNU || exit 0
folder=$("$1" -c 'import sysconfig; print(sysconfig.get_path("platlib"))')
for package in asyncpg preshed spacy sqlalchemy srsly thinc; do
    find "$folder/$package" -name '*.so' -size +100k 2>/dev/null | while read -r module; do
        if strip --strip-debug -o "$module.stripped" "$module" 2>/dev/null; then mv -f "$module.stripped" "$module"; else rm -f "$module.stripped"; fi
    done
done
