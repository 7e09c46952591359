"""Croissant 1.0 (`croissant.json`): schema.org/Dataset in JSON-LD, with a record set a table over its Parquet."""

from __future__ import annotations

from datetime import date
from typing import Any

from qantar.publish.csv_tables import File
from qantar.publish.datapackage import package_name
from qantar.publish.description import Description, TableFiles
from qantar.publish.rights import licence_of, rights
from qantar.schema import Column, Span

_TYPES = {str: "sc:Text", int: "cr:Int64", float: "cr:Float64", bool: "sc:Boolean", date: "sc:Date", list[str]: "sc:Text", Span: "cr:Int64"}

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataBiases": "cr:dataBiases",
    "dataCollection": "cr:dataCollection",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "personalSensitiveInformation": "cr:personalSensitiveInformation",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(described: Description) -> dict[str, Any]:
    """The dataset in Croissant: every file with its SHA-256, every table with its fields and key."""
    corpus, release = described.corpus, described.release
    dataset: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": package_name(described),
        "alternateName": described.title,
        "description": described.summary,
        "version": described.version,
        "usageInfo": rights(described),
        "creator": [{"@type": "sc:Organization", "name": name} for name in described.authors],
        "keywords": described.keywords,
        "inLanguage": corpus.language,
        "isLiveDataset": False,
        "citeAs": f"{', '.join(described.authors)}: {described.title}, version {described.version}",
        "dataCollection": "News articles given as files, read as they are; see the dataset card.",
        "personalSensitiveInformation": "Names and words of people in the news, as published.",
    }
    if licence := licence_of(described):
        dataset["license"] = licence.url
    if corpus.homepage:
        dataset["url"] = corpus.homepage
    if release and release.released_on:
        dataset["datePublished"] = release.released_on.isoformat()
    if described.first_day and described.last_day:
        dataset["temporalCoverage"] = f"{described.first_day.isoformat()}/{described.last_day.isoformat()}"
    dataset["distribution"] = [
        *(_file(file, "application/x-parquet") for t in described.tables for file in t.parquet),
        *(_file_set(t) for t in described.tables if len(t.parquet) > 1),
        *(_file(t.csv, "application/gzip") for t in described.tables),
        _file(described.database, "application/vnd.sqlite3"),
    ]
    dataset["recordSet"] = [_record_set(t) for t in described.tables]
    return dataset


def _file(file: File, encoding: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.n_bytes} B",
        "encodingFormat": encoding,
        "sha256": file.sha256,
    }


def _file_set(t: TableFiles) -> dict[str, Any]:
    name = f"data/{t.table.name}"
    return {"@type": "cr:FileSet", "@id": name, "name": name, "encodingFormat": "application/x-parquet", "includes": f"{name}/*.parquet"}


def _record_set(t: TableFiles) -> dict[str, Any]:
    name = t.table.name
    source = {"fileObject": {"@id": t.parquet[0].path}} if len(t.parquet) == 1 else {"fileSet": {"@id": f"data/{name}"}}
    record_set: dict[str, Any] = {"@type": "cr:RecordSet", "@id": name, "name": name, "description": t.table.description}
    if t.table.key:
        record_set["key"] = [{"@id": f"{name}/{column}"} for column in t.table.key]
    record_set["field"] = [_field(name, column, source) for column in t.table]
    return record_set


def _field(table: str, column: Column, source: dict[str, Any]) -> dict[str, Any]:
    # foreign keys stand in datapackage.json: readers of Croissant would join the tables, and lose rows without a reference
    name = f"{table}/{column.name}"
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": name,
        "name": name,
        "description": column.description,
        "dataType": _TYPES[column.type],
        "source": {**source, "extract": {"column": column.name}},
    }
    if column.type in (list[str], Span):
        field |= {"isArray": True, "arrayShape": "-1,2" if column.type == Span else "-1"}
    return field
