"""Each rule on what of a page is its article has pages that are read otherwise without it, as data (page_texts.toml)."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from qantar.compat import load_page
from qantar.stages.articles import pages
from qantar.stages.articles.encodings import NotTextError
from qantar.stages.articles.page_data import PageData, article_text, named, read_data, script_text, text_of
from qantar.stages.articles.page_layout import (
    Line,
    find_lines,
    is_named_aside,
    is_of_teaser,
    n_before_text,
    names_byline,
    page_lines,
    part_lines,
    spare_article,
    upwards,
)
from qantar.stages.articles.page_scripts import read_scripts
from qantar.stages.articles.page_tidying import tidy_text
from qantar.stages.articles.pages import extract_page, read_page

DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("page_texts.toml").read_text("utf-8"))
PARAGRAPHS: dict[str, str] = DATA["paragraphs"]
TITLE = "Bridge over the Marn reopens after four years"


def paragraphs_of(text: str) -> str:
    """A text with the paragraphs that its numbers stand for."""
    return re.sub(r"\$(\d)", lambda found: PARAGRAPHS[found[1]], text)


def numbers(text: str, each: str, between: str) -> str:
    """A text with `[1-3]` written out."""
    return re.sub(r"\[(\d)-(\d)\]", lambda m: between.join(each.format(n) for n in range(int(m[1]), int(m[2]) + 1)), text)


def lines_of(texts: list[str]) -> list[str]:
    return paragraphs_of(numbers("\n".join(texts), "${}", "\n")).split("\n")


def html_of(body: str, title: str = TITLE) -> str:
    said = paragraphs_of(numbers(body, "<p>${}</p>", "")).replace("{long}", 3000 * "x")
    return f"<html><head><title>{title}</title></head><body>{said}</body></html>"


def lines(body: str) -> list[Line]:
    return page_lines(load_page(html_of(body)))


@pytest.mark.parametrize("row", DATA["page"], ids=lambda row: row["rule"])
def test_of_a_page_its_article_is_read(row: dict[str, Any]) -> None:
    html = html_of(row["html"], title := row.get("title", TITLE))
    if "taken" in row:
        body = paragraphs_of(row["body"]) if "body" in row else None
        text = tidy_text("\n".join(lines_of(row["taken"])), page_lines(load_page(html)), body, title, row.get("authors", ()))
    else:
        found = read_page(html.encode())
        text = found.text
        assert row.get("author", found.author or "") == (found.author or "")
    assert [" ".join(line.split()) for line in text.split("\n")] == lines_of(row["text"])


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<p>The gates<!-- ad --> are <script>x()</script>shut</p>", ["The gates are shut"]),
        ("<pre>The gates\nare shut\n\nNobody knows why</pre>", ["The gates are shut", "Nobody knows why"]),
        ("<div>One.\n\nTwo.\n\nThree.\n\nFour.</div>", ["One.", "Two.", "Three.", "Four."]),
        ("<div>One.\n\nTwo.\n\nThree.</div>", ["One. Two. Three."]),
        ("<p>One.\n\nTwo.\n\nThree.\n\nFour.</p>", ["One. Two. Three. Four."]),
        ("<div>* * *</div>", []),
    ],
)
def test_blocks_part_the_lines_of_a_page(body: str, texts: list[str]) -> None:
    assert [line.text for line in lines(body)] == texts


@pytest.mark.parametrize(
    ("body", "is_paragraph"),
    [
        ("<p>$1</p>", True),
        ("<p>The gates are shut</p>", False),
        ("<p><a href='/gates'>$1</a></p>", False),
        ("<p><a href='/gates'>The gates</a> are shut. $1</p>", True),
        ("<p><a name='top'>$1</a></p>", True),
        ("<p><a href='#note'>$1</a></p>", True),
    ],
)
def test_a_paragraph_is_long_and_mostly_no_link_to_elsewhere(body: str, is_paragraph: bool) -> None:
    assert [line.is_paragraph for line in lines(body)] == [is_paragraph]


@pytest.mark.parametrize(
    ("body", "texts", "found"),
    [
        ("<p>Why?</p><p>$1</p><p>Why?</p><p>$2</p>", ["Why?", "$1", "Why?", "$2"], [0, 1, 2, 3]),
        ("<p>Why?</p><p>$1</p><p>$2</p>", ["$2", "$1", "Why?", "* * *"], [2, 1, None, None]),
        ("<div>$1</div><div>Share</div><p>$1</p><p>$2</p><p>$1</p>", ["$1", "$2"], [2, 3]),
        ("<p>$1</p><p>$2</p><div>$1</div><p>$3</p>", ["$1", "$9"], [0, None]),
        ("<h3>Noon</h3><p>$1</p><p>Noon</p><p>$2</p>", ["Noon", "$2"], [0, 3]),
        ("<p>$1</p><p>He said: $1</p><p>$2</p>", ["$1", "$2"], [0, 2]),
    ],
)
def test_texts_are_found_in_the_order_of_the_page(body: str, texts: list[str], found: list[int | None]) -> None:
    assert find_lines(list(map(paragraphs_of, texts)), lines(body)) == found


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("$1 $2", "$1\n$2"),
        ("$2 $3", "$2\n$3"),
        ("$1 $2 and so on", "$1 $2 and so on"),
        ("$2 $1", "$2 $1"),
        ("- $1", "- $1"),
    ],
)
def test_a_text_of_one_line_is_parted_as_the_page_parts_it(text: str, parted: str) -> None:
    assert part_lines(paragraphs_of(text), lines("[1-3]<p>The end</p>")) == paragraphs_of(parted)


@pytest.mark.parametrize(
    ("part", "is_aside"),
    [
        ("<div class='newsletter'>", True),
        ("<div id='most-read'>", True),
        ("<div class='most'>", False),
        ("<div>", False),
        ("<div class='has-newsletter'>", False),
        ("<article class='newsletter'>", False),
    ],
)
def test_parts_are_named_as_furniture(part: str, is_aside: bool) -> None:
    assert is_named_aside(load_page(f"<html><body>{part}x</body></html>").find("body")[0]) is is_aside


@pytest.mark.parametrize(
    ("node", "text"),
    [
        ({"articleBody": "$1"}, ["$1"]),
        ({"articleBody": "$1", "liveBlogUpdate": {"headline": "Noon", "articleBody": "$1\n$2"}}, ["$1", "Noon", "$2"]),
        ({"liveBlogUpdate": [{"headline": "The noon", "articleBody": "The noon\n$2"}, "Evening", None]}, ["The noon", "$2"]),
    ],
)
def test_the_data_of_an_article_say_its_paragraphs(node: dict[str, Any], text: list[str]) -> None:
    data = json.loads(paragraphs_of(json.dumps(node)))
    assert article_text(PageData(data, {}, {}, [])) == list(map(paragraphs_of, text))


AUTHOR = {"@id": "#a", "name": "Ann Reed"}


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Ann Reed", ["Ann Reed"]),
        ('{"name": "Ann Reed"}', ["Ann Reed"]),
        (["Ann Reed", AUTHOR, 5, None], ["Ann Reed", "Ann Reed"]),
        ({"name": ["Ann Reed", None, "Bo Finch"]}, ["Ann Reed", "Bo Finch"]),
        ({"@id": "#a"}, ["Ann Reed"]),
        ({"@id": "#a", "name": "A. Reed"}, ["A. Reed"]),
        ({"@id": "#a", "name": ""}, ["Ann Reed"]),
        ({"@id": ["#a"], "givenName": "Ann", "familyName": "Reed"}, ["Ann Reed"]),
    ],
)
def test_a_property_names_texts_nodes_and_what_they_refer_to(value: Any, names: list[str]) -> None:
    assert [node["name"] for node in named(value, {"#a": AUTHOR})] == names


LD = '<script type="application/ld+json">{}</script>'
OTHER = {"@type": "NewsArticle", "headline": "The ferry", "author": "B", "datePublished": "2022-01-05", "url": "https://marn.example/ferry"}


@pytest.mark.parametrize(
    "own",
    [
        {"@type": "NewsArticle", "@id": "http://marn.example/bridge/"},
        {"@type": ["Thing", None, "https://schema.org/Article"], "mainEntityOfPage": {"@id": "https://marn.example/bridge"}},
        {"@type": "Article", "mainEntityOfPage": {"url": "https://marn.example/bridge"}, "url": 5},
        {"@type": "Article", "url": "https://marn.example/bridge"},
    ],
)
def test_a_pages_own_article_is_known_by_its_address(own: dict[str, Any]) -> None:
    nodes = [OTHER, {"@type": "Organization", "url": "/"}, {"@type": "Organization", "name": "Marn Post"}]
    nodes += [{"@type": "WebPage", "url": "https://marn.example/bridge"}, own]
    data = read_data(load_page(f"<html><head>{LD.format(json.dumps(nodes))}</head></html>"), "https://marn.example/bridge")
    assert (data.article, data.publishers) == (own, ["Marn Post"])


def test_an_article_that_says_most_is_the_pages_where_its_address_is_not_known() -> None:
    full = {"@type": "Article", "articleBody": "The bridge is open."}
    page = {"@type": "WebPage", "relatedLink": [{**OTHER, "articleBody": "There is a ferry."}]}
    nodes = [{"@type": "Article", "headline": "The toll"}, page, OTHER, {**full, "author": "A"}]
    assert read_data(load_page(f"<html><head>{LD.format(json.dumps(nodes))}</head></html>"), None).article == nodes[-1]


PERSON = {"@type": "Person", "name": "Una Brill", "url": "https://marn.example/una", "jobTitle": "Ferryman", "gender": "f"}


@pytest.mark.parametrize(
    ("author", "nodes", "names"),
    [
        ({"givenName": "Ann", "familyName": "Reed"}, [PERSON], ["Ann Reed"]),
        ({"url": "https://marn.example/ann"}, [PERSON, {**PERSON, "@id": None}], [""]),
        ({"@id": "#a"}, [AUTHOR, {"@id": "#a"}, {"@id": "#a", "url": "https://marn.example/ann", "gender": "f"}], ["Ann Reed"]),
        ({"@id": "#a"}, [{"@id": "#a", "givenName": "Ann", "familyName": "Reed"}, {"@id": "#a"}], ["Ann Reed"]),
    ],
)
def test_an_author_is_named_by_the_node_of_the_same_id_alone(author: dict[str, Any], nodes: list[dict[str, Any]], names: list[str]) -> None:
    data = read_data(load_page(f"<html><head>{LD.format(json.dumps(nodes))}</head></html>"), None)
    assert [node["name"].strip() for node in named(author, data.nodes)] == names


@pytest.mark.parametrize(
    ("around", "said"),
    [
        ("<div>{}</div>", ["2022-01-05"]),
        ("<div itemscope itemtype='https://schema.org/NewsArticle'>{}</div>", ["2022-01-05"]),
        (
            "<div itemscope itemtype='https://schema.org/NewsArticle'><i itemscope itemtype='https://schema.org/VideoObject'>{}</i></div>",
            None,
        ),
    ],
)
def test_elements_describe_what_they_stand_in(around: str, said: list[str] | None) -> None:
    element = "<meta itemprop='datePublished' content='2022-01-05'>"
    assert read_data(load_page(f"<html><body>{around.format(element)}</body></html>"), None).meta.get("datepublished") == said


DEEP = 900
DEEPER = DEEP * '{"by": ' + "5" + DEEP * "}"
NEXT = '<script id="__NEXT_DATA__" type="application/json">{}</script>'


@pytest.mark.parametrize(
    ("scripts", "said"),
    [
        ('<script>dataLayer = [{"authorName": "Ann Reed", "publishDate": "2022-01-05"}];</script>', (["Ann Reed"], "2022-01-05")),
        (NEXT.format(f'{{"headline": "{TITLE}", "byline": "Ann Reed"}}'), (["Ann Reed"], None)),
        (NEXT.format(f'{{"title": "{TITLE}", "authors": [], "byline": "Ann Reed", "publishedAt": ""}}'), (["Ann Reed"], None)),
        (NEXT.format(f'{{"title": "{TITLE}", "published_at": "2022-01-05"}}'), ([], "2022-01-05")),
        (NEXT.format(f'[5, {{"title": "{TITLE}", "author": "Ann Reed"}}]'), (["Ann Reed"], None)),
        (NEXT.format(f'[5, {{"alt": "{TITLE}", "author": "Una Brill"}}]'), ([], None)),
        (
            NEXT.format(f'{{"title": "{TITLE}", "on": {{"title": "{TITLE}", "author": {{"name": " ", "displayName": "Ann Reed"}}}}}}'),
            (["Ann Reed"], None),
        ),
        (
            NEXT.format(
                f'{{"title": {{"size": 5, "basic": "{TITLE}"}}, "author": {{"nodes": [{{"fields": {{"name": "Ann Reed"}}}}, 7]}}}}'
            ),
            (["Ann Reed"], None),
        ),
        ('<meta name="parsely-page" content="[5]"><meta name="parsely-page" content=\'{"author": "Ann Reed"}\'>', (["Ann Reed"], None)),
        ('<meta name="description" content=\'{"author": "Una Brill"}\'><meta name="parsely-page">', ([], None)),
        (
            NEXT.format(f'{{"title": "{TITLE}", "author": "Ann Reed"}}')
            + '<meta name="parsely-page" content=\'{"author": "Una Brill"}\'>'
            + "<script>dataLayer = [{'author': 'Una Brill', 'publishDate': '2022-01-05'}];</script>",
            (["Ann Reed"], "2022-01-05"),
        ),
        (
            NEXT.format(f'{{"title": "{TITLE}", "published": "2022-01-05"}}') + "<script>utag = {'publishDate': '2022-01-07'};</script>",
            ([], "2022-01-05"),
        ),
        (NEXT.format('{"analytics": {}, "related": [{"headline": "The bells ring again", "author": "Una Brill"}]}'), ([], None)),
        (NEXT.format(f'{{"title": "{TITLE}", "published": "2022-01-05", "author": {"[" * DEEP}{"]" * DEEP}}}'), ([], "2022-01-05")),
        (NEXT.format(f'{{"title": "{TITLE}", "published": "2022", "author": {DEEPER}}}'), ([], "2022")),
        (NEXT.format("[" * DEEP + "]" * DEEP), ([], None)),
    ],
)
def test_scripts_say_who_wrote_the_article_with_the_title(scripts: str, said: tuple[list[str], str | None]) -> None:
    found = read_scripts(load_page(f"<html><head>{scripts}</head><body>{scripts}</body></html>"), TITLE)
    assert (list(found.authors), found.day) == said


def test_a_short_title_does_not_show_whose_data_it_stands_in() -> None:
    page = load_page("<html><head>" + NEXT.format('{"title": "Ice", "author": "Una Brill"}') + "</head></html>")
    assert not [*read_scripts(page, "Ice").authors, *read_scripts(page, None).authors]


@pytest.mark.parametrize("script", [LD, NEXT])
@pytest.mark.parametrize("around", ["[{}]", '{{"x": {}}}', '{{"type": "p", "x": {}}}'])
def test_data_however_deep_do_not_hinder_the_page(script: str, around: str) -> None:
    before, after = around.replace("{{", "{").replace("}}", "}").split("{}")
    deep = script.replace("{}", DEEP * before + "5" + DEEP * after)
    assert read_page(html_of(f"{deep}<article>[1-3]</article>").encode()).text.split("\n") == lines_of(["[1-3]"])
    assert script_text(load_page(f"<html><head>{deep}</head></html>"), TITLE) == []


@pytest.mark.parametrize("row", DATA["refused"], ids=lambda row: row["why"])
def test_what_is_no_article_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(NotTextError, match=row["why"]):
        read_page(html_of(row["html"], row.get("title", TITLE)).encode())


def test_more_than_a_page_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_CHARACTERS", 300)
    with pytest.raises(NotTextError, match="split it"):
        read_page(html_of("[1-3]").encode())
    monkeypatch.setattr(pages, "MOST_PAGE_BYTES", 1000)
    with pytest.raises(NotTextError, match="more than the 1000 of a page"):
        extract_page(html_of("[1-9]").encode())
    monkeypatch.setattr(pages, "_MOST_TAGS", 10)
    with pytest.raises(NotTextError, match="tags"):
        read_page(html_of("[1-9]").encode())
    with pytest.raises(NotTextError, match="attributes"):
        read_page(f"<p {' '.join(f'a{n}=1' for n in range(1001))}>".encode())
    with pytest.raises(NotTextError, match="no markup"):
        read_page(b"The bridge is open.")


RUSSIAN = "Мэр города открыл новый мост через реку после четырёх лет ремонта и поблагодарил жителей за долгое терпение"


@pytest.mark.parametrize(
    ("said", "codec", "charset", "text"),
    [
        ("iso-8859-1", "cp1252", None, "He said “no” – and left."),
        ("utf-8", "cp1252", "windows-1252", "He said “no” – and left."),
        ("iso-8859-1", "iso-8859-2", "iso-8859-2", "Grażyna Wójcik went to Łódź."),
        ("windows-1252", "cp1251", None, f"{RUSSIAN}."),
        ("windows-1252", "utf-16", "windows-1252", "He said “no” – and left."),
        ("windows-1252", "utf-8-sig", "windows-1252", "He said “no” – and left."),
    ],
)
def test_the_bytes_of_a_page_are_read_as_they_are_rather_than_as_it_says(said: str, codec: str, charset: str | None, text: str) -> None:
    page = f'<html><head><meta charset="{said}"><title>{TITLE}</title></head><body><article><p>{text}</p>{{}}</article></body></html>'
    data = page.format(f"<p>{PARAGRAPHS['1']}</p>{'<p>x|y</p>' if codec == 'utf-8-sig' else ''}").encode(codec)
    found = read_page(data.replace(b"x|y", b"x\xffy"), charset=charset)
    assert found.text.startswith(text)
    assert found.is_repaired is (codec == "utf-8-sig")


def test_a_page_says_what_is_known_of_it_and_how() -> None:
    wall = "<div><h2>Subscribe to continue reading</h2></div>"
    day = "<meta property='article:published_time' content='2022-01-05'>"
    plain, dated, torn = (html_of(f"{more}<article><p>$1</p></article>{wall}").encode() for more in ("", day, f"<p>{40 * 'é '}x|y</p>"))
    found = read_page(plain, "https://marn.example/bridge")
    assert (found.url, found.published_basis, found.is_repaired) == ("https://marn.example/bridge", None, False)
    assert [found.text[part[0] : part[1]] for part in found.parts if part[2:] == ("boilerplate", "paywall")] == [
        "Subscribe to continue reading"
    ]
    assert (read_page(dated).published_basis, read_page(dated).url) == ("page", None)
    assert read_page(torn.replace(b"x|y", b"x\xffy")).is_repaired
    assert read_page(plain.replace(b"Tuesday", "“Tuesday”".encode().decode("cp1252", "ignore").encode())).is_repaired


def test_a_list_of_values_says_its_first_text() -> None:
    assert list(map(text_of, (["Ann", "Bo"], [5, " Ann  Reed "], [], 5, None))) == ["Ann", "Ann Reed", "", "", ""]


def element_of(body: str, tag: str) -> Any:
    return load_page(html_of(body)).find(f".//{tag}")


@pytest.mark.parametrize(
    ("body", "is_teaser"),
    [
        ("<div><a href='/f'>Ferrymen look for work</a><time>Monday</time></div>", True),
        ("<div><a href='/f'>Ferrymen look for work</a><p>They ask.</p><p>All day.</p><p>All night.</p><time>Monday</time></div>", True),
        ("<div><a href='/a'>Ann Reed</a><time>Monday</time></div>", False),
        ("<div><a href='/a'>Ann Reed <time>on Monday at noon</time></a></div>", False),
        ("<p class='byline'>For <a href='/r'>The Marn Valley Report</a><time>Monday</time></p>", False),
        ("<p class='byline'></p><div><a href='/f'>Ferrymen look for work</a><time>Monday</time></div>", True),
        ("<div><p class='tags'><a href='/t'>bridges of the valley</a></p><time>Monday</time></div>", False),
        ("<div><a href='/f'>Ferrymen look for work</a><p>$1 $2</p><p>$3 $4</p><p>$5 $6</p><time>Monday</time></div>", False),
        ("<main><a href='/f'>Ferrymen look for work</a><time>Monday</time></main>", False),
    ],
)
def test_a_day_beside_a_headline_that_is_a_link_is_of_another_article(body: str, is_teaser: bool) -> None:
    time = element_of(body, "time")
    around = frozenset(node for node in upwards(time) if node.tag in ("main", "body", "html"))
    assert is_of_teaser(time, around) is is_teaser


@pytest.mark.parametrize(
    ("part", "names"), [("<i class='byline'>Ann</i>", True), ("<i class='byline'> </i>", False), ("<i>Ann</i>", False)]
)
def test_a_byline_is_called_one_and_says_something(part: str, names: bool) -> None:
    assert names_byline(element_of(part, "i")) is names


@pytest.mark.parametrize(
    ("part", "is_spared"),
    [
        ("<div class='sidebar'><h1>The bridge</h1>[1-5]</div>", True),
        ("<aside><h1>The bridge</h1>[1-5]</aside>", True),
        ("<aside><h1>The bridge</h1><p>$1</p></aside>", False),
        ("<div class='sidebar'><h1>The bridge</h1>[1-5]</div><div>[1-9]</div>", False),
        ("<div class='sidebar'>[1-5]</div>", False),
    ],
)
def test_a_part_with_the_headline_and_the_text_is_no_aside(part: str, is_spared: bool) -> None:
    page = load_page(html_of(part))
    spare_article(page)
    first = page.find("body")[0]
    assert (first.tag != "aside" and not is_named_aside(first)) is is_spared


def test_buttons_and_lists_stand_before_two_paragraphs() -> None:
    assert n_before_text(lines("<p>Share</p><p>$9</p><ul><li>Save</li></ul>[1-3]")) == 3
    assert n_before_text(lines("<p>Share</p><p>$9</p><ul><li>Save</li></ul>")) == 0
