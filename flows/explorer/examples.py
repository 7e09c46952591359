"""Examples to copy: how to use a served build from the languages its readers write."""

from __future__ import annotations

_CURL = """\
curl -fsSLO -C - "{origin}/download/{build_id}/qantar.db"     # -C - resumes where it stopped
curl -fsS "{origin}/download/{build_id}/SHA256SUMS" | grep " qantar.db$" | sha256sum -c
curl -fsS "{origin}/qantar/quotes.json?_shape=array&kind=direct&_size=3"
"""
_PANDAS = """\
import pandas as pd

quotes = pd.read_json("{origin}/qantar/quotes.json?_shape=array&_size=max")
data = "{origin}/download/{build_id}/data"
documents = pd.concat(pd.read_parquet(f"{{data}}/documents/part-{{n:05}}.parquet") for n in range({n_parts}))
print(quotes.merge(documents[["document_id", "outlet"]]).groupby("outlet").size())
"""
_DUCKDB = """\
from urllib.request import urlretrieve

import duckdb

data = "{origin}/download/{build_id}/data"
urlretrieve(f"{{data}}/entities/part-00000.parquet", "entities.parquet")
for n in range({n_parts}):
    urlretrieve(f"{{data}}/quotes/part-{{n:05}}.parquet", f"quotes-{{n:05}}.parquet")
print(duckdb.sql(\"\"\"
    SELECT e.name, count(*) AS quotes
    FROM 'quotes-*.parquet' q JOIN 'entities.parquet' e ON e.entity_id = q.speaker_entity_id
    GROUP BY e.name ORDER BY quotes DESC LIMIT 5
\"\"\"))
"""
_R = """\
quotes <- jsonlite::fromJSON("{origin}/qantar/quotes.json?_shape=array&_size=max")
table(quotes$kind)
"""
_JAVASCRIPT = """\
const answer = await fetch("{origin}/qantar/who_is_quoted.json?_shape=array");
for (const {{ name, quotes }} of await answer.json()) console.log(name, quotes);
"""
EXAMPLES = {"curl": _CURL, "pandas": _PANDAS, "DuckDB": _DUCKDB, "R": _R, "JavaScript": _JAVASCRIPT}


def examples(origin: str, build_id: str, n_parts: int = 1) -> list[tuple[str, str]]:
    """Each language and its example, for the address a reader came by; documents and what is found in them are in so many parts."""
    return [(name, code.format(origin=origin, build_id=build_id, n_parts=n_parts).strip()) for name, code in EXAMPLES.items()]
