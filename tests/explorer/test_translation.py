"""The pages in another language: nothing of ours stays English, and a catalogue can break no page."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from gettext import NullTranslations
from itertools import chain
from pathlib import Path

import httpx
import pytest
from babel.messages.pofile import read_po
from lxml import html

from benchmarks.free_port import free_port
from qantar.corrections.row_anchors import fields_of
from qantar.explorer import wording
from qantar.explorer.editor import Editor
from qantar.explorer.pages.machine import STATIC
from qantar.explorer.routes import EDITING, ROUTES
from qantar.explorer.translation import ENGLISH, TEMPLATE, Catalogue, read_catalogue, speak
from qantar.quality.audit_sheet import write_sheet
from qantar.schema import TABLES
from qantar.settings import QantarError
from tests.explorer.conftest import Site
from tests.explorer.small_build import write_small_build

ROOT = Path(__file__).parents[2]
WORDLESS = re.compile(r"csv$|\.json$|json\||^\^/(download|static|docs|robots|edit|-)|beside|^\^/report")
"""Pages without words, or that no other leads to."""
GONE = "f8d397a33fcb-q182"
ASKED = [
    *(f"/quote/{GONE}", "/quote/f8d397a33fcb-q118?build=2021-03-04-0000aaaa", "/quote/f8d397a33fcb-q118?build=x"),
    *("/changes", "/changes?table=quotes", "/changes?table=quotes&change=added", "/changes?table=entities"),
    *("/search?q=strike", "/search?q=zzzz", "/search?q=%22dockers", "/search?q=)(", "/search?q=AND"),
    *(
        "/quotes?nothing=1",
        "/quotes?nothing=1&more=1",
        "/quotes?score=9",
        "/quotes?from=9",
        "/quotes?q=zzz",
        "/quotes?sort=newest&kind=direct",
    ),
    *("/quotes?kind=unattributed", "/quotes?score=0.5&from=2021-03-01", "/quotes?speaker=ana-duarte", "/quotes?page=0"),
    *("/compare?first_kind=direct&second_kind=mixed", "/compare?first_q=zzz&second_q=paid", "/compare?first_from=9"),
    *("/compare?first_score=0.2&second_score=0.1", "/compare?first_q=paid&second_q=paid", "/compare.csv"),
    *("/articles?outlet=nobody", "/entities?label=PERSON", "/entities?label=x", "/runs?outcome=failed", "/changes?since=x", "/changes.csv"),
    *("/qantar?sql=select+1", "/qantar?sql=select+count(*)+from+quotes", "/qantar?sql=select+text+from+quotes", "/qantar/search_quotes"),
    *("/qantar/search_quotes?words=paid", "/qantar/documents?_sort=title", "/qantar/quotes?_facet=kind", "/qantar/documents?_next=1"),
    *(
        "/nothing",
        "/quote/none",
        "/entity/none",
        "/article/none",
        "/utterance/none",
        "/static/none",
        "/download/x/y",
        "/report?table=quotes",
    ),
]
ASKED_OF_EDITOR = [
    *("/", "/corrections", "/audit", "/audit?kept=rosa&corrected=1&untold=2", "/audit/rosa", "/audit/none", "/audit/rosa?layer=x"),
    *(f"/audit/rosa?layer={layer}" for layer in ("links", "duplicates", "roles", "missed", "missed+names")),
    *("/report?table=quotes&row=f8d397a33fcb-q118", "/report?table=quotes&row=f8d397a33fcb-q118&saved=1"),
]
NAMES_OF_THINGS = {
    *(
        "CSV",
        "JSON",
        "SQL",
        "API",
        "SHA-256",
        "UTC",
        "Parquet",
        "SQLite",
        "APA",
        "BibTeX",
        "gzip",
        "Wikidata",
        "Id",
        "F1",
        "Speakers",
        "rowid",
        "day",
        "month",
        "year",
        "as written",
        "spelling",
        "zzz",
        "zzzz",
        "AND",
        '"dockers',
    ),
    *("curl", "pandas", "DuckDB", "R", "JavaScript", "kB", "MB", "GB", "B", "n", "W"),
}
OF_DATASETTE = re.compile(r'^(where |sorted by |.*\bsorted by )|^no such|^near "|syntax error|incomplete input|^unrecognized')
"""Words of Datasette and SQLite, which have no translation."""


class InBrackets(NullTranslations):
    """A language that puts every message of the catalogue between ⟦ and ⟧."""

    def __init__(self) -> None:
        super().__init__()
        with TEMPLATE.open("rb") as file:
            self.known = {message.id for message in read_po(file)}

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧" if message in self.known else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        one_or_more = msgid1 if n == 1 else msgid2
        return f"⟦{one_or_more}⟧" if (msgid1, msgid2) in self.known else one_or_more


@pytest.fixture
def in_brackets() -> Iterator[None]:
    speak(Catalogue("en-x-brackets", InBrackets()))
    yield
    speak(ENGLISH)


def outside(page: html.HtmlElement) -> Iterator[str]:
    """What stands on a page outside the brackets: attributes that are read, and text; but for code."""
    depth = 0

    def cut(text: str) -> str:
        nonlocal depth
        kept = []
        for character in text:
            depth += (character == "⟦") - (character == "⟧")
            if depth == 0 and character != "⟧":
                kept.append(character)
        return " ".join("".join(kept).split())

    for event, element in _walk(page):
        if event == "start":
            for name in ("aria-label", "title", "placeholder", "alt", "data-title", "data-source", "data-copy", "data-copied"):
                yield cut(element.get(name) or "")
            if element.tag == "meta" and "escription" in f"{element.get('name')} {element.get('property')}":
                yield cut(element.get("content"))
            yield cut(element.text or "")
        elif event == "end":
            yield cut(element.tail or "")
    assert depth == 0, "a bracket is not closed"


def _walk(element: html.HtmlElement) -> Iterator[tuple[str, html.HtmlElement]]:
    is_column = element.tag == "th" and element.xpath("ancestor::table[contains(@class, 'rows-and-columns')]")
    if isinstance(element.tag, str) and element.tag not in ("code", "pre", "script", "style", "kbd", "textarea") and not is_column:
        yield "start", element
        for child in element:
            yield from _walk(child)
    yield "end", element


def of_the_data(out: Path) -> str:
    """All that the tables hold, and their names and columns, as one text."""
    values = [value for table in TABLES.values() for column in table for value in column.values]
    found: list[object] = [
        *TABLES,
        *values,
        "Strikes of Marenga",
        "News of an invented strike.",
        *sorted(str(p.relative_to(out)) for p in out.rglob("*")),
    ]
    for name in (*out.glob("builds/*/qantar.db"), out / "history.db"):
        with closing(sqlite3.connect(name)) as connection:
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%'").fetchall():
                rows = connection.execute(f'SELECT * FROM "{table}"')
                columns = [column[0] for column in rows.description]
                found += [table, *columns, *(name.replace("_", " ") for name in columns), *(value for row in rows for value in row)]
    found += [value.replace("_", " ") for value in found if isinstance(value, str)]
    return " ".join(" ".join(str(value).split()) + " ¶" for value in found)


def is_data(text: str, data: str) -> bool:
    """Whether each piece of a text is found in the data, or is a number or the name of a thing."""
    text = re.sub(r"\b[0-9a-f]{10,}\b|^Wikidata Q", "", text)
    pieces = re.split(r"[,;:·()\[\]…/“”▼▲–→←|¶⟦⟧]+|\s(?=\d)|(?<=\d)\s|\.$", text)
    return all(piece in data or piece in NAMES_OF_THINGS or not re.search("[A-Za-z]", piece) for piece in map(str.strip, pieces))


def crawled(site: Site, asked: list[str]) -> Iterator[tuple[str, httpx.Response]]:
    """Every page that others lead to, beside those asked for; of rows and forms two of each table."""
    waiting, seen, alike = ["/", *asked], set[str](), Counter[str]()
    while waiting:
        address = waiting.pop().partition("#")[0]
        table = re.match(r"/(?:qantar|history)/\w+/|/report\?table=\w+", address)
        if address in seen or not address.startswith("/") or (table and alike[table[0]] == 2):
            continue
        seen.add(address)
        alike[table[0] if table else address] += 1
        response = site.get(address)
        yield address, response
        if response.text.startswith("<!DOCTYPE") and not table:
            links = html.fromstring(response.text).xpath("//a/@href")
            waiting += [link for link in links if not (link.startswith(("/qantar", "/history", "?", "/download/")) and "?" in link)]


@pytest.fixture
def two_builds(tmp_path: Path) -> Path:
    """The small build, and one before it that has a quote more."""
    out = tmp_path / "processed"
    write_small_build(out, "2021-03-04-0000aaaa", latest=False)
    folder = write_small_build(out)
    with closing(sqlite3.connect(folder / "qantar.db")) as connection, connection:
        connection.execute("DELETE FROM quotes WHERE quote_id = ?", (GONE,))
    return out


def test_no_word_of_ours_stays_english_in_another_language(two_builds: Path, tmp_path: Path, in_brackets: None) -> None:
    out = two_builds
    found: list[str] = []
    seen: set[str] = set()
    (tmp_path / "raw").mkdir()
    edited = Editor(raw=tmp_path / "raw", out=tmp_path)
    (tmp_path / "audits").mkdir()
    write_sheet(out / "latest", tmp_path / "audits" / "rosa.csv", 5)
    write_sheet(out / "latest", tmp_path / "audits" / "ivo.csv", 5)
    data = of_the_data(out) + " ".join(path.stem + path.read_text("utf-8") for path in (tmp_path / "audits").iterdir())
    desk = Site(out, edited)
    for address, response in chain(crawled(Site(out), ASKED), ((address, desk.get(address)) for address in ASKED_OF_EDITOR)):
        seen.add(address)
        if response.text.startswith("<!DOCTYPE"):
            page = html.fromstring(response.text)
            assert page.get("lang") == "en-x-brackets"
            assert response.status_code < 500, address
            found += [f"{address}: {text}" for text in outside(page) if not is_data(text, data) and not OF_DATASETTE.search(text)]
    assert not found, "\n".join(found)
    unseen = [p for p, _ in (*ROUTES, *EDITING) if not WORDLESS.search(p) and not any(re.match(p, a.partition("?")[0]) for a in seen)]
    assert not unseen, "no page leads there, and ASKED does not have it"


def test_all_messages_are_in_the_catalogue() -> None:
    done = subprocess.run([sys.executable, "tools/words.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_tables_of_words_hold_no_percent_sign() -> None:
    """They are looked up, not formatted, and the check of a catalogue takes a percent sign for the beginning of a value."""
    words = [
        w
        for name, table in vars(wording).items()
        if name.isupper() and isinstance(table, dict) and name != "COUNTED"
        for w in table.values()
    ]
    assert len(words) > 100
    assert not [w for w in words if "%" in w]


def test_every_field_that_can_be_corrected_has_its_words() -> None:
    assert {field for table in wording.ROWS for field in fields_of(table)} <= {*wording.FIELDS}


def test_words_in_pictures_can_be_translated() -> None:
    specs = [json.loads(path.read_text("utf-8")) for path in sorted((STATIC / "pictures").glob("*.json"))]

    def told(value: object, key: str = "") -> Iterator[str]:
        if isinstance(value, str) and key in ("title", "description"):
            yield value
        for name, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
            yield from told(each, str(name))

    assert {words for spec in specs for words in told(spec)} <= set(wording.DRAWN_WORDS)


def catalogue_of(path: Path, messages: str, header: str = "Language: kk\\n") -> Path:
    path.write_text(f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"{header}"\n\n{messages}', "utf-8")
    return path


KAZAKH = """\
msgid "Quotes"
msgstr "Дәйексөздер «\\"»"

msgid "%(num)s quote"
msgid_plural "%(num)s quotes"
msgstr[0] "%(num)s дәйексөз"
msgstr[1] "%(num)s дәйексөз"

#, fuzzy
msgid "Names"
msgstr "Аттар"
"""


def test_a_catalogue_is_spoken_and_what_it_lacks_stays_english(out: Path, tmp_path: Path) -> None:
    catalogue, n, n_all = read_catalogue(catalogue_of(tmp_path / "kk.po", KAZAKH))
    with TEMPLATE.open("rb") as file:
        assert (n, n_all) == (2, len(read_po(file)))
    speak(catalogue)
    try:
        page = Site(out).page("/quotes")
    finally:
        speak(ENGLISH)
    assert page.get("lang") == "kk"
    menu = [" ".join(link.text_content().split()) for link in page.xpath("//header/nav/a")]
    assert menu[1:3] == ["Names", 'Дәйексөздер «"»']
    assert "5 дәйексөз" in page.text_content()


RUSSIAN = """\
msgid "in %(num)s article"
msgid_plural "in %(num)s articles"
msgstr[0] "в %(num)s статье"
msgstr[1] "в %(num)s статьях"
msgstr[2] "в %(num)s статьях!"

msgid "%(num)s quote"
msgid_plural "%(num)s quotes"
msgstr[0] "%(num)s цитата"
msgstr[1] "%(num)s цитаты"
msgstr[2] ""
"""


def test_plurals_have_as_many_forms_as_the_language(tmp_path: Path) -> None:
    catalogue, n, _ = read_catalogue(catalogue_of(tmp_path / "ru.po", RUSSIAN, "Language: ru\\n"))
    speak(catalogue)
    try:
        counted = [wording.counted(number, "in article") for number in (1, 3, 5, 21)]
        unfinished = wording.counted(5, "quote")
    finally:
        speak(ENGLISH)
    assert n == 1
    assert counted == ["в 1 статье", "в 3 статьях", "в 5 статьях!", "в 21 статье"]
    assert unfinished == "5 quotes"


@pytest.mark.parametrize(
    ("messages", "header", "why"),
    [
        ('msgid "Quotes"\nmsgstr "Цитаты"', "", "names no language"),
        ("<html>", "Language: kk\\n", "not a catalogue"),
        ('msgid "Page %(number)s"\nmsgstr "%(n)s бет"', "Language: kk\\n", r"kk.po:6: %\(n\)s is no value"),
        ('msgid "95 %% interval"\nmsgstr "95 % аралық"', "Language: kk\\n", "is written %%"),
        ('msgid "Quotes"\nmsgstr "<script>"', "Language: kk\\n", "markup"),
        ('msgid "Search"\nmsgstr "Іздеу\\" onfocus=\\"alert(1)\\">"', "Language: kk\\n", "markup"),
        ('msgid "by <bdi>%(by)s</bdi>"\nmsgstr "<bdi>%(by)s"', "Language: kk\\n", "markup"),
    ],
)
def test_a_catalogue_that_would_break_a_page_is_refused(tmp_path: Path, messages: str, header: str, why: str) -> None:
    with pytest.raises(QantarError, match=why):
        read_catalogue(catalogue_of(tmp_path / "kk.po", f"{messages}\n", header))


def test_a_catalogue_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(QantarError, match=r"none\.po: No such file"):
        read_catalogue(tmp_path / "none.po")


def test_qantar_serve_speaks_the_language_of_a_catalogue(out: Path, tmp_path: Path) -> None:
    path = catalogue_of(tmp_path / "kk.po", KAZAKH)
    port = free_port()
    command = [sys.executable, "-m", "qantar", "serve", "--out", str(out), "--port", str(port), "--language", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline().startswith(f"{path}: 2 of ")
            until, text = time.monotonic() + 300, ""
            while not text and server.poll() is None and time.monotonic() < until:
                try:
                    text = httpx.get(f"http://127.0.0.1:{port}/").text
                except httpx.TransportError:
                    time.sleep(0.1)
        finally:
            server.terminate()
    assert '<html lang="kk">' in text
    assert "Дәйексөздер" in text
