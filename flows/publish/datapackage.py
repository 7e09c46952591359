"""Data Package v2 (`datapackage.json`): fields, keys, foreign keys, sizes and hashes of every table."""

from __future__ import annotations

from dataclasses import asdict, make_dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from qantar.publish.csv_tables import File
from qantar.publish.description import Description, TableFiles
from qantar.publish.rights import licence_of
from qantar.schema import KEY, TABLES, Between, Column, Matches, References, Span, Table

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_ITEMS: dict[Any, str] = {list[str]: "string", Span: "array"}
_PARQUET = "application/vnd.apache.parquet"
_TYPES: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean", date: "date", list[str]: "array", Span: "array"}


def data_package(described: Description) -> dict[str, Any]:
    """The package's descriptor.

    A table's own resource is its CSV, the form every Data Package tool reads. Its Parquet parts are resources with the same
    schema but without a `type` (v2 knows `table` alone), under a format that frictionless leaves alone: as tables it takes
    Parquet's lists and missing numbers for errors.
    """
    corpus = described.corpus
    package: dict[str, Any] = {
        "$schema": _PROFILE,
        "name": package_name(described),
        "id": str(described.build["build_id"]),
        "title": described.title,
        "description": described.summary,
        "version": described.version,
        "keywords": described.keywords,
        **({"licenses": licences(described)} if licences(described) else {}),  # the standard has no empty list
        "contributors": [{"title": name, "roles": ["creator"]} for name in described.authors],
        "sources": [{"title": "Articles: see `documents.url`, `documents.outlet` and `documents.source_path`"}],
        "resources": [
            *(_table_resource(t, described) for t in described.tables),
            *(resource for t in described.tables for resource in _parquet_resources(t)),
            _file_resource("qantar-db", described.database, "sqlite3", "application/vnd.sqlite3", "All tables, with full-text search"),
        ],
        "corpus": asdict(corpus),
        "edition": described.edition,
    }
    if described.release and described.release.changes:
        package["changes"] = described.release.changes
    if corpus.homepage:
        package["homepage"] = corpus.homepage
    if described.release and described.release.released_on:
        package["created"] = f"{described.release.released_on.isoformat()}T00:00:00Z"
    return package


def package_name(described: Description) -> str:
    """Short name of the package, which also names the files of its releases."""
    return described.corpus.name.lower() if described.holds_texts else f"{described.corpus.name.lower()}-annotations"


def licences(described: Description) -> list[dict[str, str]]:
    """The rights, as Data Package states them: of the annotations as the corpus says, texts are not ours to license."""
    licence = licence_of(described)
    annotations = [{"name": licence.spdx, "path": licence.url, "title": f"Annotations: {licence.name}"}] if licence else []
    texts = {"name": "other-closed", "title": "Article texts: all rights remain with their publishers"}
    return [*annotations, texts] if described.holds_texts else annotations


def _table_resource(t: TableFiles, described: Description) -> dict[str, Any]:
    return {
        "name": t.table.name,
        "type": "table",
        "title": t.table.name.replace("_", " ").capitalize(),
        "description": t.table.description,
        "path": t.csv.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "compression": "gz",
        "bytes": t.csv.n_bytes,
        "hash": f"sha256:{t.csv.sha256}",
        "rows": t.n_rows,
        "rowsSha256": t.digest,
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": table_schema(t.table, foreign_keys=True),
    }


def _parquet_resources(t: TableFiles) -> list[dict[str, Any]]:
    """One resource a part: a resource has one size and one hash."""
    schema = table_schema(t.table, foreign_keys=False)
    return [
        _file_resource(f"{t.table.name}-{Path(file.path).stem}", file, "apache-parquet", _PARQUET, t.table.description) | {"schema": schema}
        for file in t.parquet
    ]


def _file_resource(name: str, file: File, form: str, mediatype: str, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "description": description,
        "path": file.path,
        "format": form,
        "mediatype": mediatype,
        "bytes": file.n_bytes,
        "hash": f"sha256:{file.sha256}",
    }


def table_schema(table: Table, *, foreign_keys: bool = True) -> dict[str, Any]:
    """A table's declaration as a Table Schema."""
    schema: dict[str, Any] = {"fields": [_field(c) for c in table], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    keys = [c for c in table if c.references]
    if foreign_keys and keys:
        schema["foreignKeys"] = [{"fields": [c.name], "reference": _reference(table, str(c.references))} for c in keys]
    return schema


def _reference(table: Table, other: str) -> dict[str, Any]:
    fields = {"fields": [TABLES[other].key[0]]}
    return fields if other == table.name else {"resource": other, **fields}


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if not column.nullable:
        constraints["required"] = True
    if column.values:
        constraints["enum"] = list(column.values)
    if column.pattern:
        constraints["pattern"] = column.pattern
    if column.bounds and column.bounds.low is not None:
        constraints["minimum"] = column.bounds.low
    if column.bounds and column.bounds.high is not None:
        constraints["maximum"] = column.bounds.high
    field: dict[str, Any] = {"name": column.name, "type": _TYPES[column.type], "description": column.description}
    if column.type in _ITEMS:
        field["arrayItem"] = {"type": _ITEMS[column.type]}
    if constraints:
        field["constraints"] = constraints
    return field


def declared_tables(package: dict[str, Any]) -> dict[str, Table]:
    """The tables as a data package declares them: an older release is checked by what it says of itself.

    Raises KeyError for a descriptor that is not one of ours.
    """
    return {r["name"]: _declared_table(r["name"], r["schema"]) for r in package["resources"] if r.get("type") == "table"}


def _declared_table(name: str, schema: dict[str, Any]) -> Table:
    keys, references = (
        schema.get("primaryKey", ()),
        {k["fields"][0]: k["reference"].get("resource", name) for k in schema.get("foreignKeys", ())},
    )
    columns = [(f["name"], _hint(f, f["name"] in keys, references.get(f["name"]))) for f in schema["fields"]]
    return Table(name, make_dataclass(name, columns, frozen=True, kw_only=True), tuple(keys), (), "dataset")


def _hint(field: dict[str, Any], is_key: bool, references: str | None) -> Any:
    """A column's annotation, as in `qantar.schema`."""
    constraints = field.get("constraints", {})
    item = field.get("arrayItem", {}).get("type")
    kind = next(k for k, name in _TYPES.items() if name == field["type"] and _ITEMS.get(k) == item)
    values = Literal[tuple(constraints["enum"])] if "enum" in constraints else kind
    notes = [
        field["description"],
        *([KEY] if is_key else []),
        *([References(references)] if references else []),
        *([Matches(constraints["pattern"])] if "pattern" in constraints else []),
        *([Between(constraints.get("minimum"), constraints.get("maximum"))] if constraints.keys() & {"minimum", "maximum"} else []),
    ]
    return Annotated[(values if constraints.get("required") else values | None, *notes)]
