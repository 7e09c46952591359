"""Headline, authors and day of pages: every way in which pages say them, and what only looks like them."""

from __future__ import annotations

from datetime import date

import pytest

from qantar.stages.articles.byline_names import names_in, surname_last
from qantar.stages.articles.found import Found
from qantar.stages.articles.page_titles import beginnings, choose_title, headline, is_site, site_beside, site_of_host
from qantar.stages.articles.pages import read_page
from qantar.text.authors import join_authors
from tests.stages.newsroom_pages import PAGES, Page
from tests.stages.page_examples import AUTHORS, BESIDE, BYLINES, CHOSEN, DAYS, HERALD, METADATA, NO_ABBREVIATIONS, TITLES, TURNED

PARAGRAPH = "The council met for nine hours on Friday and could not agree on who should pay for the new gates of the northern dam."
LONG = 4 * f"<p>{2 * PARAGRAPH}</p>"
LD = '<script type="application/ld+json">'
BOTH = '{"@type": ["Person", "Organization"], "@id": "#a", "name": "Ann Reed"}'
SITES = ("The Saltmarsh Herald", "saltmarshherald.example")


def found(head: str = "", top: str = "", bottom: str = "", address: str = "https://valley.example/story", lang: str = "en") -> Found:
    body = "".join(f"<p>{PARAGRAPH} That was meeting number {n}.</p>" for n in range(5))
    page = (
        f'<html lang="{lang}"><head><title>The dam</title><meta property="og:site_name" content="Valley Post"><link rel="canonical" '
        f'href="{address}">{head}</head><body><article><h1>The dam</h1>{top}{body}</article>{bottom}</body></html>'
    )
    return read_page(page.encode())


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Ice at the weir - The Saltmarsh Herald", "Ice at the weir"),
        ("Ice at the weir | Valley | Saltmarsh Herald", "Ice at the weir"),
        ("The Saltmarsh Herald: Ice at the weir", "Ice at the weir"),
        ("Saltmarsh Herald » Ice at the weir", "Ice at the weir"),
        ("Ice at the weir - World News - The Saltmarsh Herald", "Ice at the weir"),
        ("Ice at the weir - but not for long - SMH News", "Ice at the weir - but not for long"),
        ("Ice at the weir – SaltmarshHerald.example", "Ice at the weir"),
        ("Ice at the weir | Herald | 19.01.2020", "Ice at the weir"),
        ("Ice at the weir - but not for long", "Ice at the weir - but not for long"),
        ("Ice: what the weir tells us", "Ice: what the weir tells us"),
        ("The Saltmarsh Herald", "The Saltmarsh Herald"),
    ],
)
def test_a_title_loses_the_names_of_its_site_and_sections_and_nothing_else(title: str, bare: str) -> None:
    assert headline(title, *SITES) == bare


def test_an_abbreviation_of_a_site_begins_as_it_does_and_has_its_initials() -> None:
    assert is_site("SMH", SITES)
    assert is_site("SH Online", SITES)
    assert not is_site("SPD", SITES)
    assert not is_site("HS", SITES)
    assert not is_site("SMH today", SITES)


@pytest.mark.parametrize(
    ("titles", "headings", "title"),
    [
        (["Ice closes the weir"], ["Herald", "Ice closes the weir for a second week"], "Ice closes the weir for a second week"),
        (["Analysis: Ice closes the weir"], ["Ice closes the weir"], "Ice closes the weir"),
        (["Ice closes the weir"], ["Got a tip?"], "Ice closes the weir"),
        (["Ice closes the weir"], ["Skaters take to the upper lake"], "Skaters take to the upper lake"),
        (["Herald", "Ice closes the weir | Herald"], [], "Ice closes the weir"),
        (["Ice closes the weir - Weir Watch - WatchJS"], ["Weir Watch", "Ice closes the weir"], "Ice closes the weir"),
        (["Skating: Ice closes the weir | Harbour Guide"], ["Harbour Guide", "Ice closes the weir"], "Ice closes the weir"),
        ([], ["Ice"], "Ice"),
        ([], [], None),
    ],
)
def test_the_headline_that_readers_see_comes_before_what_the_metadata_make_of_it(
    titles: list[str], headings: list[str], title: str | None
) -> None:
    assert choose_title(titles, headings, ["Herald"]) == title


def test_a_page_with_a_bar_beside_it_is_no_bar_and_another_headline_is_no_headline() -> None:
    text = "".join(f"<p>{PARAGRAPH} That was meeting number {n}.</p>" for n in range(5))
    heads = '<h1 itemprop="alternativeHeadline">Ice</h1><h2 itemprop="headline">Ice closes the weir again</h2>'
    page = f"<html><head><title>Ice</title></head><body><div class='with-sidebar'>{heads}<article>{text}</article></div></body></html>"
    assert read_page(page.encode()).title == "Ice closes the weir again"


def test_a_headline_among_buttons_and_one_that_is_not_marked_are_known_by_the_title() -> None:
    text = "".join(f"<p>{PARAGRAPH} That was meeting number {n}.</p>" for n in range(5))
    top = '<div class="share-buttons"><h1>Ice closes the weir</h1></div>'
    page = f"<html><head><title>Ice closes the weir | Delta/Recorder | News</title></head><body>{{}}<article>{text}</article></body></html>"
    shared = '<head><meta property="og:title" content="No skating this week">'
    assert read_page(page.format(top).replace("<head>", shared).encode()).title == "Ice closes the weir"
    assert read_page(page.format("<div><span>Ice closes the weir</span></div>").encode()).title == "Ice closes the weir"
    dashes = page.replace(" | Delta/Recorder | News", " - Northwire | Delta.news.example")
    assert read_page(dashes.format("<div><span>Ice closes the weir</span></div>").encode()).title == "Ice closes the weir"


@pytest.mark.parametrize("marked", ["<b><font size='4'>{}</font></b>", "<font size='+1'><b>{}</b></font>", "<font size='5'>{}</font>"])
@pytest.mark.parametrize("title", ["Printer Friendly - The Harbour Times", "Print this page"])
def test_the_headline_of_a_page_for_printing_is_its_line_in_large_or_bold_letters(marked: str, title: str) -> None:
    text = "".join(f"<p>{PARAGRAPH} That was meeting number {n}.</p>" for n in range(5))
    top = f"<font size='1'>Read it at valley.example/7 on Monday</font><br>{marked.format('Ice closes the weir')}<br>By Ann Reed<br>"
    page = f"<html><head><title>{title}</title></head><body><hr>{top}{text}</body></html>"
    assert read_page(page.encode()).title == "Ice closes the weir"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("<span>EXPLAINER</span> <b>Ice closes the weir</b>", "Ice closes the weir"),
        ("<span>Opinion |</span> Ice closes the weir", "Ice closes the weir"),
        ("<span>Ice</span> closes the weir", "Ice closes the weir"),
        ("<b>Analysis</b>", "Analysis"),
        ("Watch <i>News</i> from the weir", "Watch News from the weir"),
    ],
)
def test_the_kind_of_a_piece_is_no_part_of_its_headline(heading: str, title: str) -> None:
    text = "".join(f"<p>{PARAGRAPH} That was meeting number {n}.</p>" for n in range(5))
    page = f"<html><head><title>{title}</title></head><body><article><h1>{heading}</h1>{text}</article></body></html>"
    assert read_page(page.encode()).title == title


def test_a_heading_that_leads_to_another_page_is_no_headline() -> None:
    banner = '<a href="https://valley.example/weir-watch"><h1>Skaters take to the upper lake</h1></a>'
    page = f'<html><head><title>Ice closes the weir</title><link rel="canonical" href="https://valley.example/weir-watch/7"></head><body>{banner}'
    text = "".join(f"<p>{PARAGRAPH} That was meeting number {n}.</p>" for n in range(5))
    assert read_page(f"{page}<article>{text}</article></body></html>".encode()).title == "Ice closes the weir"
    assert choose_title(["Ice closes the weir"], ["Skaters take to the upper lake"], ["Herald"]) == "Skaters take to the upper lake"


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ann Reed", ["Ann Reed"]),
        ("By Ann Reed and Bo de Vries", ["Ann Reed", "Bo de Vries"]),
        ("By ANN REED & BO FINCH | 10/9/10 7:15 AM", ["ANN REED", "BO FINCH"]),
        ("Ann Reed, Bo Finch, and Cy Oak, Valley Post", ["Ann Reed", "Bo Finch", "Cy Oak"]),
        ("Ann Reed Senior Valley Correspondent", ["Ann Reed"]),
        ("Ann ReedContributor", ["Ann Reed"]),
        ("Ann ReedSenior Correspondent", ["Ann Reed"]),
        ("Ann Reed Education editor", ["Ann Reed"]),
        ("Ana María López Senior Correspondent", ["Ana María López"]),
        ("By ANN REED and BO FINCH - AP Technology Writers | AP – 1 hr ago", ["ANN REED", "BO FINCH"]),
        ("Ann Reed, Editor in Chief", ["Ann Reed"]),
        ("Ann Reed ann.reed@valley.example", ["Ann Reed"]),
        ("By Ann Reed@annreed Jul 3, 2019, 4:22am", ["Ann Reed"]),
        ("Ann Reed Updated January 5, 2022", ["Ann Reed"]),
        ("Ann Reed (Valley Post)", ["Ann Reed"]),
        ("By Ann Reed in Ostra", ["Ann Reed"]),
        ("Ann Reed; Reuters", ["Ann Reed"]),
        ("Reuters", ["Reuters"]),
        ("Story by Ann Reed | Apr 19, 2013", ["Ann Reed"]),
        ("Valley Post", []),
        ("The Valley Post Staff", []),
        ("admin", []),
        ("HARBOUR.COM", []),
        ("Star Report ; Sat Aug 6, 2022 12:00 AM", []),
        ("By Africa correspondent Ann Reed and Bo Finch in Gorum", ["Ann Reed", "Bo Finch"]),
        ("Nairobi bureau chief Ann Reed", ["Ann Reed"]),
        ("Super User", []),
        ("ANN REED The Holm Ledger", ["ANN REED"]),
        ("Ann Reed ; Transport correspondent ; Bo Finch ; Valley Post, Port Holm", ["Ann Reed", "Bo Finch"]),
        ("National Desk", []),
        ("Photo by Ann Reed", []),
        ("By", []),
        ("Account You're logged", []),
        ("https://social.example/ann.reed", []),
        *(
            (f"{by} Ann Reed", ["Ann Reed"])
            for by in ("Geschrieben von", "Eine Analyse von", "Publié par", "Écrit par", "Publicado por", "Escrito por")
        ),
        *((f"Ann Reed, {body} Holm", ["Ann Reed"]) for body in ("Universität", "Hochschule", "Institut", "Université", "Universidad")),
        ("Valley Post, Varna, Bulgaria", []),
        ("Ann Reed; em Lisboa", ["Ann Reed"]),
        ("By Ann Reed, Staff Writer, Valley Post; Reviewed by Bo Vale, MD", ["Ann Reed"]),
        ("By Ann Reed Fact-checked by Bo Vale", ["Ann Reed"]),
        ("ANN REED The_Harbour_Times", ["ANN REED"]),
        ("Ann Reed; Google Plus", ["Ann Reed"]),
        ("Ann Reed, USA TODAY Sports", ["Ann Reed"]),
        ("For the Harbour Men", []),
        ("By Reuters Staff", ["Reuters"]),
        ("Ann Reed, New York and Bo Finch, Hong Kong", ["Ann Reed", "Bo Finch"]),
        ("Reviewed by Ann Reed", ["Ann Reed"]),
        ("Special to the Valley Post - Ann Reed", ["Ann Reed"]),
        ("Words by Ann Reed Pictures by Bo Finch", ["Ann Reed"]),
        ("Guest column by Ann Reed", ["Ann Reed"]),
        ("EXCLUSIVE by Ann Reed, Ports Editor", ["Ann Reed"]),
        ("Created by Ann Reed", ["Ann Reed"]),
        ("By ANN REED FOR HARBOURONLINE and BO FINCH", ["ANN REED", "BO FINCH"]),
        ("By Ann Reed and the Ports team's Bo Finch", ["Ann Reed", "Bo Finch"]),
    ],
)
def test_a_byline_is_read_without_roles_addresses_days_and_outlets(byline: str, names: list[str]) -> None:
    assert names_in(byline, ["Valley Post", "valley.example"]) == names


def test_names_with_the_surname_first_are_turned_round_and_names_with_roles_are_not() -> None:
    assert surname_last(["You, Xiaoying", "Lenharo, Mariana"]) == ["Xiaoying You", "Mariana Lenharo"]
    assert surname_last(["Reed, Ann"]) == ["Ann Reed"]
    assert surname_last(["Ann Reed, Editor"]) == ["Ann Reed, Editor"]
    assert surname_last(["Ann Reed, Bo Finch"]) == ["Ann Reed, Bo Finch"]


@pytest.mark.parametrize(
    ("head", "top", "author"),
    [
        ('<meta name="author" content="Ann Reed">', "", "Ann Reed"),
        ('<meta name="author" content="Valley Post">', "", None),
        ('<meta name="dc.creator" content="Reed, Ann"><meta name="dc.creator" content="Finch, Bo">', "", "Ann Reed; Bo Finch"),
        ('<meta property="article:author" content="https://social.example/ann">', '<a rel="author" href="/ann">Ann Reed</a>', "Ann Reed"),
        (f'{LD}{{"@type": "Article", "author": [{{"name": "Ann Reed"}}, "Bo Finch"]}}</script>', "", "Ann Reed; Bo Finch"),
        (LD + '{"@graph": [{"@id": "#a", "name": "Ann Reed"}, {"@type": "Article", "author": {"@id": "#a"}}]}</script>', "", "Ann Reed"),
        (LD + '{"@type": "Article", "author": {"@type": "Brand", "name": "Valley Post"}}</script>', "<p>By Ann Reed</p>", "Ann Reed"),
        ('<meta name="author" content="Ann Reed">', '<div class="byline">By Ann Reed and Bo Finch</div>', "Ann Reed; Bo Finch"),
        ("", "<p>By Ann Reed</p>", "Ann Reed"),
        ("", f"{12 * f'<p>{PARAGRAPH}</p>'}<p>Author: Ann Reed (vp)</p>", "Ann Reed"),
        ("", f"{12 * f'<p>{PARAGRAPH}</p>'}<p>Written by: Ann Reed</p>", "Ann Reed"),
        ("", f"{12 * f'<p>{PARAGRAPH}</p>'}<p>Von Ann Reed</p>", "Ann Reed"),
        ("", f"{12 * f'<p>{PARAGRAPH}</p>'}<p>By Ann Reed</p><div><p>By Bo Finch</p></div>", None),
        ("", f"{12 * f'<p>{PARAGRAPH}</p>'}<ul><li><b>Author</b> Ann Reed (Holm)</li></ul>", "Ann Reed"),
        ("", f"{12 * f'<p>{PARAGRAPH}</p>'}<p>By Ann Reed, for more information see: http://valley.example</p>", "Ann Reed"),
        ("", f"{12 * f'<p>{PARAGRAPH}</p>'}<h3>By End User</h3>", None),
        ("", '<div class="author"><h3>Veröffentlicht von <a rel="author" href="/author/ann/">Ann Reed</a></h3></div>', "Ann Reed"),
        ("", '<p class="meta"><a href="/about-us/profile/s-30">About Us Now</a></p>', None),
        ("", '<p class="author">Ann Reed, Landesanstalt für Häfen</p>', "Ann Reed"),
        (f'{LD}{{"@type": "Article", "author": "{{ \\"@type\\": \\"Person\\", \\"name\\": \\"Ann Reed\\" }}"}}</script>', "", "Ann Reed"),
        ("", '<div class="related"><span class="author">Bo Finch</span></div>', None),
        ('<meta name="author" content="AP">', "<p>By Ann Reed</p>", "Ann Reed"),
        ('<meta name="authors" content="Ann Reed, Bo Finch">', "", "Ann Reed; Bo Finch"),
        ('<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ann Reed">', "", "Ann Reed"),
        ('<meta name="twitter:label1" content="Reading time"><meta name="twitter:data1" content="Three Minutes">', "", None),
        ('<meta name="twitter:creator" content="Ann Reed">', "", "Ann Reed"),
        ('<link rel="author" href="/people/ann-reed" title="Ann Reed">', "", "Ann Reed"),
        (f'{LD}[{BOTH}, {{"@type": "Article", "author": {{"@id": "#a", "name": ""}}}}]</script>', "", "Ann Reed"),
        (LD + '{"@type": "Article", "author": {"givenName": "Ann", "familyName": "Reed"}}</script>', "", "Ann Reed"),
        (f'{LD}{{"@type": "Article", "author": "Delta Wire", "publisher": {{"name": "Delta Wire - DW English"}}}}</script>', "", None),
        ("", f"{12 * f'<p>{PARAGRAPH}</p>'}<p>(Reporting by Ann Reed; Editing by Kim Vale)</p>", "Ann Reed"),
        ('<meta name="author" content="Ann Reed, VPN"><meta itemprop="author" content="Ann Reed, VPN">', "", "Ann Reed"),
        ("", '<div class="pull-quote"><span class="author">Bo Finch</span></div>', None),
        ("", '<p><a href="/people/prince">Prince</a></p>', None),
        ("", '<ul><li><a href="/author/a">Red Hut</a><li><a href="/author/b">Blue Hill</a>' + 4 * '<li><a href="/">X</a>' + "</ul>", None),
        ("", f'<p>The film of <a href="/people/bo-finch">Bo Finch</a> was shown. {PARAGRAPH}</p>', None),
        ("", f'{12 * f"<p>{PARAGRAPH}</p>"}<div><a href="/author/annreed">Anna Reed</a> writes of ports.</div>', "Anna Reed"),
        ("", '<footer class="meta"><p class="byline">By Ann Reed</p></footer>', "Ann Reed"),
        ("", '<aside data-gu-name="meta"><div data-component="meta-byline">Ann Reed Islands editor</div></aside>', "Ann Reed"),
        ("", '<aside class="sidebar"><h4>By</h4></aside><aside class="meta"><a rel="author" href="/a">Ann Reed</a></aside>', "Ann Reed"),
        ("", '<aside class="side"><span class="author">Ann Reed</span> <time>5 May 2022</time></aside>', "Ann Reed"),
        ("", '<nav class="by"><ul><li>Reported by:</li><li itemprop="author">Ann Reed</li><li>Ports</li></ul></nav>', "Ann Reed"),
        ("", f'{LONG}<nav><span class="author">Bo Finch</span></nav>', None),
        ("", '<p class="byline"><label>3 comments</label>Ann Reed<span id="authortext">Ann Reed</span>, VP Bureau</p>', "Ann Reed"),
        ('<meta name="author" content="Kim Vale">', "<p><b>By Ann Reed &amp; Bo Finch</b></p>", "Ann Reed; Bo Finch"),
        ('<meta name="author" content="Ann Reed">', "<p><b>By A. Reed</b></p>", "Ann Reed"),
        ('<meta name="author" content="Kim Vale">', "<p>By Ann Reed</p><p>Posted to the web by Kim Vale</p>", "Kim Vale"),
        ("", f'{LONG}<aside><a rel="author" href="/a">Bo Finch</a> wrote a book on dams.</aside>', None),
        ("", '<p itemtype="http://schema.org/ImageObject"><meta itemprop="author" content="Bo Finch"></p>', None),
        ("", '<div><h2>Analysis</h2><div class="byline"><span class="byline-name">Bo Finch</span></div></div>', None),
        ("", '<ul><li><p class="author has-bio">Ann Reed</p></li><li><p class="author">Bo Finch</p></li></ul>', "Ann Reed; Bo Finch"),
    ],
)  # fmt: skip
def test_authors_are_found_wherever_the_page_names_them(head: str, top: str, author: str | None) -> None:
    assert found(head, top).author == author


@pytest.mark.parametrize(
    ("head", "top", "day"),
    [
        ('<meta property="article:published_time" content="2022-01-05T10:00:00Z">', "", date(2022, 1, 5)),
        ('<meta property="article:modified_time" content="2022-03-01"><meta name="pubdate" content="Jan 5, 2022">', "", date(2022, 1, 5)),
        ('<meta property="article:published_time" content="1641376800">', "", date(2022, 1, 5)),
        (LD + '{"@type": "NewsArticle", "datePublished": "2022-01-05T23:00:00+06:00"}</script>', "", date(2022, 1, 5)),
        ("", '<time datetime="2022-01-05T09:00">today</time>', date(2022, 1, 5)),
        ("", 'Updated <time datetime="2022-03-01">1 March</time> Published <time datetime="2022-01-05">5 January</time>', date(2022, 1, 5)),
        ('<meta name="sailthru.date" content="2022-01-06">', '<time datetime="2022-01-05">5 January</time>', date(2022, 1, 5)),
        ("", '<span class="date">Jan. 5, 2022</span>', date(2022, 1, 5)),
        ("", "<p>Jan. 5, 2022</p>", date(2022, 1, 5)),
        ("", "<p>25/01/2022</p>", date(2022, 1, 25)),
        ("", "<p>05.01.2022</p>", date(2022, 1, 5)),
        ("", "<p>05/01/2022</p>", None),
        ("", "<p>05/01/2022</p><p>A word on the meeting of <time>25/12/2021</time>.</p>", date(2022, 1, 5)),
        ("", "<p>It burned down on 3 March 1911.</p>", None),
        ("", "<p>Page generated 2026-11-28.</p>", None),
        ("", "<p>This page was generated on 28 November 2026</p>", None),
        ("", "<ul><li>The law on the gates was signed by the governor on August 14, 1935</li></ul>", None),
        (
            '<meta property="article:published_time" content="2022-01-06T03:42:00Z">',
            '<time datetime="2022-01-05 23:42:00-0400">5 January</time>',
            date(2022, 1, 5),
        ),
        (
            '<meta property="article:published_time" content="2022-01-06T03:42:00Z">',
            '<time datetime="2022-01-05 22:00:00-0400">5 January</time>',
            date(2022, 1, 6),
        ),
        (
            '<meta property="article:published_time" content="2022-01-06T03:42:00Z">',
            '<time datetime="2022-01-06T03:42:00Z">January 5, 2022 at 10:42 pm EST</time>',
            date(2022, 1, 5),
        ),
        ("", '<ul class="related"><li><time datetime="2020-02-01">1 February</time></li></ul>', None),
        (
            '<meta name="dcterms.issued" content="2022-01-05T09:04:00+10:00">',
            '<p>Posted <time datetime="2022-01-04T23:04:00Z">4 January 2022 at 11:04pm</time></p>',
            date(2022, 1, 5),
        ),
        ('<meta name="sailthru.date" content="2022-01-06">', "<p>Posted January 5, 2022</p>", date(2022, 1, 5)),
        ('<meta name="sailthru.date" content="2022-01-06">', "<p>Wed Jan. 5, 2022 1:04 PM PST</p>", date(2022, 1, 5)),
        ('<meta name="sailthru.date" content="2022-01-06">', "<p>Updated January 7, 2022</p>", date(2022, 1, 6)),
        ('<meta name="sailthru.date" content="2022-01-16">', "<p>Posted January 5, 2022</p>", date(2022, 1, 16)),
        ('<meta itemprop="datePublished" value="2022-01-05 07:34:00.0">', "<p>Updated January 9, 2022</p>", date(2022, 1, 5)),
    ],
)  # fmt: skip
def test_the_day_is_that_of_publication_or_none(head: str, top: str, day: date | None) -> None:
    assert found(head, top).published_on == day


def test_days_of_teasers_below_the_article_are_not_its_own() -> None:
    teasers = "".join(
        f'<div class="card"><a href="/{n}">Old tale {n}</a> <time datetime="2020-0{n}-11">then</time></div>' for n in range(1, 6)
    )
    assert found(top='<time datetime="2022-01-05">5 January</time>', bottom=f"<aside>{teasers}</aside>").published_on == date(2022, 1, 5)


def test_the_language_and_the_country_of_a_site_settle_which_number_is_the_day() -> None:
    assert found(top="<p>05/01/2022</p>", lang="en-GB").published_on == date(2022, 1, 5)
    assert found(top="<p>05/01/2022</p>", address="https://valley.example.au/story").published_on == date(2022, 1, 5)


def test_a_day_in_the_address_counts_where_the_page_says_nothing() -> None:
    assert found(address="https://valley.example/2022/01/05/dam").published_on == date(2022, 1, 5)


BUTTONS = "".join(f"<p>{word}</p>" for word in 5 * ("Share", "Print", "Larger text"))
OF_LIST = 'itemscope itemtype="http://schema.org/ItemList"'
STORY = "https://valley.example/world/dam-gates-to-stay-shut"


@pytest.mark.parametrize(
    ("canonical", "shared", "address"),
    [
        (STORY, "", STORY),
        ("https://valley.example/", STORY, STORY),
        ("https://valley.example/index.html", STORY, STORY),
        ("https://valley.example/world/", "", None),
        ("https://valley.example/", "", None),
        ("https://valley.example/news/central-asia?page=2", "", "https://valley.example/news/central-asia?page=2"),
        ("https://valley.example/dams", "https://valley.example/dams/gates-to-stay-shut", "https://valley.example/dams/gates-to-stay-shut"),
        ("https://valley.example/water", STORY, STORY),  # the page's menu names it
        ("https://valley.example/flood", "", "https://valley.example/flood"),
        ("{{ page.url }}", STORY, STORY),
        (STORY, "https://valley.example/%7B%7Bslug%7D%7D", STORY),
        ("https://valley.example/%7B%7Bslug%7D%7D", "", None),
        ("https://valley.example/undefined", "", None),
        ("/world/dam-gates-to-stay-shut", "https://valley.example/", STORY),
        ("/world/dam-gates-to-stay-shut", "", None),
        ("//valley.example/world/dam-gates-to-stay-shut", "", STORY),
        ("HTTPS://Valley.example/world/dam-gates-to-stay-shut#top", "", STORY),
    ],
)
def test_the_address_of_a_page_is_that_of_its_article_or_none(canonical: str, shared: str, address: str | None) -> None:
    top = '<nav><a href="/water">Water</a> <a href="https://valley.example/sport">Sport</a></nav>'
    crumbs = f'<p class="breadcrumb"><a href="{STORY}">The gates of the northern dam are to stay shut</a></p>'
    head = f'<meta property="og:url" content="{shared}">' if shared else ""
    assert found(head, top + crumbs, address=canonical).url == address


def test_a_page_whose_address_is_of_a_section_is_still_of_that_host() -> None:
    text = "".join(f"<p>{PARAGRAPH} Number {n}.</p>" for n in range(5))
    head = '<head><link rel="canonical" href="https://www.valley.example/news/"></head>'
    read = read_page(f"<html>{head}<body><h1>The dam</h1>{text}</body></html>".encode())
    assert (read.url, read.outlet) == (None, "valley.example")


def test_the_day_of_an_address_may_have_a_section_in_it() -> None:
    assert found(address="https://valley.example/2022/politics/01/05/dam/index.html").published_on == date(2022, 1, 5)


def test_a_link_to_an_authors_page_near_the_headline_names_the_author() -> None:
    assert found(top='<div><a href="https://valley.example/people/ann-reed">Ann Reed</a></div>').author == "Ann Reed"
    assert found(top='<div><a href="https://valley.example/people/">Ann Reed</a></div>').author is None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_laid_out_as_a_newsrooms_says_its_headline_day_and_all_authors(page: Page) -> None:
    article = read_page(page.html.encode())
    assert (article.title, article.author) == (page.title, join_authors(page.authors))
    assert page.name in DAY_IN_TEXT or (article.published_on and article.published_on.isoformat()) == page.day


DAY_IN_TEXT = {"TELEGRAF agency"}
"""Pages that say the day in their first paragraph alone, which is read when they are cleaned."""


@pytest.mark.parametrize(
    ("top", "author"),
    [
        ('<p class="byline">Reporting by Ann Reed; Editing by Kim Vale</p>', "Ann Reed"),
        ('<div class="author"><a rel="author" href="/a">Ann Reed</a><p>Ann Reed teaches history.</p></div>', "Ann Reed"),
        ("<p>04/05/2022 9:15 AM MDT | Anna Reed</p>", "Anna Reed"),
        ("<p>11.12.2022, 18:40 | Anna Reed | 4 comments</p>", "Anna Reed"),
        ("<p>8th May 2022 | by Ann Reed, Saltmarsh</p>", "Ann Reed"),
        ("<div><strong>Anna Reed</strong><small>Culture</small></div><p>1 May 2022</p>", "Anna Reed"),
        ("<table><tr><td>Author:</td><td>Ann Reed</td></tr></table>", "Ann Reed"),
        ('<p class="autor">Von Ann Reed</p>', "Ann Reed"),
        ("<p>Autoři: Ann Reed, Bo Vale</p>", "Ann Reed; Bo Vale"),
        ('<p class="byline">Ann Reed, Special to Valley Post</p>', "Ann Reed"),
        ('<p class="byline">By Education Editor Ann Reed and Political Reporter Bo Vale</p>', "Ann Reed; Bo Vale"),
        ('<footer class="node__meta">Submitted by <a href="/user/3">Ann Reed</a></footer>', "Ann Reed"),
        ('<ul><li><a href="/authors/ann">Ann Reed</a></li><li><a href="/authors/bo-vale">Bo Vale</a></li></ul>', "Ann Reed; Bo Vale"),
        ('<p class="byline">By <span>Ann Reed</span> <span>Bloomberg</span></p>', "Ann Reed"),
        ('<p class="byline">By <span>Anna Reed</span> <span>Harbour News Network</span></p>', "Anna Reed"),
        ('<p class="byline">By Ann Reed</p><p class="byline">South Delta Valley-Post</p>', "Ann Reed"),
        ("<p>By Bo Vale Jr. and Ann Reed</p>", "Bo Vale Jr.; Ann Reed"),
        ("<p>By Ann Reed 10/ 5/11 09:19 PM ET</p>", "Ann Reed"),
        ('<p class="byline">By AP</p><p>By Ann Reed</p>', "Ann Reed"),
        ("<p>Opinion by Ann Reed</p>", "Ann Reed"),
        ("<p>As told to Ann Reed</p>", "Ann Reed"),
        ("<div>By</div><div>Ann Reed</div>", "Ann Reed"),
        ("<ul><li>By <a>Ann Reed</a></li><li>and <a>Bo Finch</a></li></ul>", "Ann Reed; Bo Finch"),
        ("<p>AFP</p>", "AFP"),
        (f"{12 * f'<p>{PARAGRAPH}</p>'}<p>Anna Reed is a staff writer at the Post. Email her at reed@valley.example.</p>", "Anna Reed"),
        ('<div data-testid="byline-new"><div><i>Ann Reed</i></div><div><i>Bo Finch</i></div></div>', "Ann Reed; Bo Finch"),
        ("<p>Delta Recorder | Anna Reed | <span>Wednesday, January 5, 2022</span></p>", "Anna Reed"),
        ("<p><time>5 May 2022</time> · Anna Reed, J. R. Oak</p>", "Anna Reed; J. R. Oak"),
        ("<p>ANNA REED AP Sports Writer Published:</p><p>January 5, 2022</p>", "ANNA REED"),
        (f"{BUTTONS}<p>Written by</p><p>The Associated Press</p>", "The Associated Press"),
        ('<p>By Reuters,</p><div><a href="/7">Skaters take to the upper lake</a><p class="byline">Bo Vale</p></div>', "Reuters"),
        ("<p>Anna Reed areed@valley.example</p>", "Anna Reed"),
        ("<div>Anna Reed<br>The Harbour Times<br>5 May 2022</div>", "Anna Reed"),
        ("<div>Anna Reed</div><div>Valley Correspondent</div><div>5 May 2022</div>", "Anna Reed"),
        ('<div itemprop="author" itemscope><meta itemprop="name" content="Ann Reed"></div>', "Ann Reed"),
        ('<div data-author="Ann Reed"></div>', "Ann Reed"),
        ('<span property="author">Ann Reed</span>', "Ann Reed"),
        ('<span class="reviewer">Ann Reed</span>', "Ann Reed"),
        ('<p class="author">Von Ann Reed am 03.05.2022</p>', "Ann Reed"),
        ('<div><a href="/users/ann">Ann Reed</a> <a href="/users/fans">Become a Fan</a></div>', "Ann Reed"),
    ],
)  # fmt: skip
def test_bylines_of_other_systems(top: str, author: str) -> None:
    assert found(top=top).author == author


@pytest.mark.parametrize(
    ("top", "bottom", "day"),
    [
        ('<a href="/2022"><time datetime="2022-01-05">January 5, 2022</time><time>January 7, 2022</time></a>', "", "2022-01-05"),
        ('<footer class="entry-meta">Submitted on Wed, 01/25/2022 - 14:05</footer>', "", "2022-01-25"),
        ('<time class="updated" datetime="2022-01-05T10:00:00Z">Wednesday</time>', "", "2022-01-05"),
        (
            '<p><time class="entry-date updated" datetime="2022-01-05T10:00:00Z">Wednesday</time></p>',
            '<div><time class="entry-date" datetime="2022-01-09T10:00:00Z">Sunday</time></div>',
            "2022-01-05",
        ),
        (f"{12 * f'<p>{PARAGRAPH}</p>'}<p class='published-date field-label-hidden'>January 5, 2022 - 12:29pm</p>", "", "2022-01-05"),
        ('<p class="date">Valley | Updated: January 7, 2022 10:40 IST | Published: January 5, 2022 19:15 IST</p>', "", "2022-01-05"),
        ("<p>05/01/2022</p>", "<aside><ul><li>25/12/2021 <a href='/q'>Rates fall</a></li></ul></aside>", "2022-01-05"),
        ("<p>01/05/2022 9:15 AM EDT</p>", "", "2022-01-05"),
        ("<p>5. ledna 2022</p>", "", "2022-01-05"),
        ("<p>Updated: January 5, 2022 - 12:24 AM</p>", "", "2022-01-05"),
        ("<p>January 5, 2022 at 6:02 p.m.</p>", "", "2022-01-05"),
        ("<p>Wed, 01/05/2022 - 14:05</p>", "", "2022-01-05"),
        ("<p>Sun, 01/05/2022 - 14:05</p>", "", "2022-05-01"),
        ("<p>LAST UPDATED: 01/25/2022 20:32</p>", "", "2022-01-25"),
        (f"{BUTTONS}<p>January 5, 2022</p>", "", "2022-01-05"),
        (f"<div><div>Jan. 5, 2022 | Harbour</div><a href='/all'>Read what others say</a>{LONG}</div>", "", "2022-01-05"),
        ('<p class="byline">For <a href="/b">The Valley Gates Report</a> <time datetime="2022-01-05">5</time></p>', "", "2022-01-05"),
        ('<div><time datetime="2022-01-05">5</time> <p class="tags"><a href="/t">gates of the dam</a></p></div>', "", "2022-01-05"),
        ("<p>Jan. 5, 2022 | Harbour</p>", f"<ul {OF_LIST}><li><meta itemprop='datePublished' content='2020-02-01'></ul>", "2022-01-05"),
        ("<p>Fri 7 Jan 2022 09.12 GMT</p><p>First published on Wed 5 Jan 2022 12.34 GMT</p>", "", "2022-01-05"),
        ("<dl><dt>Last updated:</dt><dd>7 January 2022</dd><dt>Date:</dt><dd>5 January 2022</dd></dl>", "", "2022-01-05"),
        ("<table><tr><th>Modified</th><td>7 January 2022</td></tr><tr><th>Date</th><td>5 January 2022</td></tr></table>", "", "2022-01-05"),
        (
            '<dl><dt>Updated</dt><dd><time datetime="2022-01-07">7</time></dd>'
            '<dt>Date</dt><dd><time datetime="2022-01-05">5</time></dd></dl>',
            "",
            "2022-01-05",
        ),
        (
            '<dl><dt>Posted</dt><dd><time datetime="2022-01-06">6 Jan 2022</time></dd>'
            '<dt>Originally published</dt><dd><time datetime="2022-01-05">5 Jan 2022</time></dd></dl>',
            "",
            "2022-01-05",
        ),
        ('<div><bsp-timestamp data-timestamp="1641376800000"></bsp-timestamp></div>', "", "2022-01-05"),
        ('<div><relative-time ts="1641376800">2 hours ago</relative-time></div>', "", "2022-01-05"),
        ('<p>Updated <i data-date="2022-01-07T10:00:00Z"></i></p><p>By AP <i data-date="2022-01-05T10:00:00Z"></i></p>', "", "2022-01-05"),
        ('<p>Updated <i data-date="2022-01-05T10:00:00Z"></i></p>', "", "2022-01-05"),
        ('<p><i data-article="1641376800"></i></p><p><i data-published="1641376800"></i></p>', "", "2022-01-05"),
        ('<aside><i data-date="2022-02-07"></i></aside><p data-time="2022-01-05 10:00"></p>', "", "2022-01-05"),
        ('<div aria-label="Published 9:00 a.m. ET Jan. 5, 2022 Updated 11:10 a.m. ET Jan. 7, 2022"></div>', "", "2022-01-05"),
    ],
)  # fmt: skip
def test_days_of_other_systems(top: str, bottom: str, day: str) -> None:
    assert str(found(top=top, bottom=bottom).published_on) == day


@pytest.mark.parametrize(
    ("title", "outlet"),
    [
        ("The dam is shut &#8211; Saltmarsh Post", "Saltmarsh Post"),
        ("The Valley Weekly: The dam is shut", "The Valley Weekly"),
        ("The dam is shut | News", None),
        ("The dam is shut - but not for long", None),
        ("The dam is shut · Field Notes on Dams", "Field Notes on Dams"),
        ("The dam - Saltmarsh Post", None),
        ("The dam is shut - 5 Jan 2022 - Saltmarsh Post", "Saltmarsh Post"),
        ("The dam is shut - Saltmarsh Post (Saltmarsh Press Trust)", "Saltmarsh Post"),
        ("Saltmarsh Notes » Blog Archive » The dam is shut", "Saltmarsh Notes"),
    ],
)
def test_a_site_that_names_itself_beside_the_headline_alone(title: str, outlet: str | None) -> None:
    text = "".join(f"<p>{PARAGRAPH} Number {n}.</p>" for n in range(5))
    read = read_page(f"<html><head><title>{title}</title></head><body><h1>The dam is shut</h1>{text}</body></html>".encode())
    assert (read.title, read.outlet) == ("The dam is shut", outlet)


LONG_TITLE = "The gates of the dam stay shut"
NODE = f'{{"headline": "{LONG_TITLE}", "authors": [{{"name": "Ann Reed"}}], "publishedAt": "2022-01-05T08:00:00Z"}}'
OTHER = '{"headline": "The bells ring again", "authors": [{"name": "Una Brill"}], "publishedAt": "2021-03-04"}'
BASIC = f'{{"headlines": {{"basic": "{LONG_TITLE}"}}, "credits": {{"by": [{{"name": "Ann Reed"}}]}}}}'
CANONICAL = '<link rel="canonical" href="https://'
NEXT = '<script id="__NEXT_DATA__" type="application/json">'


@pytest.mark.parametrize(
    ("script", "author", "day"),
    [
        ('<script>dataLayer = [{"authorName": "Ann Reed", "publishDate": "2022-01-05"}];</script>', "Ann Reed", "2022-01-05"),
        ("<script>dataLayer.push({'content': {'author': 'Ann Reed, Bo Finch'}});</script>", "Ann Reed; Bo Finch", "None"),
        ("<script>_sf_async_config.authors = 'Ann Reed,Bo Finch';</script>", "Ann Reed; Bo Finch", "None"),
        ('<script>googletag.pubads().setTargeting("authors", ["Ann Reed", "Bo Finch"]);</script>', "Ann Reed; Bo Finch", "None"),
        ('<script>dataLayer = [{"author": "Una Brill"}, {"author": "Ole Vik"}];</script>', None, "None"),
        ('<script>dataLayer = [{"author": "Newsroom Staff"}];</script>', None, "None"),
        ('<script>var quotes = [{"author": "Una Brill"}];</script>', None, "None"),
        (f'{NEXT}{{"page": {{"more": [{OTHER}], "article": {NODE}}}}}</script>', "Ann Reed", "2022-01-05"),
        (f'{NEXT}{{"page": {{"more": [{OTHER}]}}}}</script>', None, "None"),
        (f"<script>window.__INITIAL_STATE__ = {{}}; Fusion.globalContent={NODE};f();</script>", "Ann Reed", "2022-01-05"),
        (f"<script>window.Fusion = {{}};Fusion.globalContent={BASIC};Fusion.globalContentConfig={{}};</script>", "Ann Reed", "None"),
        (
            '<meta name=\'parsely-page\' content=\'{"author": "Ann Reed", "pub_date": "2022-01-05T08:00:00Z"}\'>',
            "Ann Reed",
            "2022-01-05",
        ),
    ],
)
def test_scripts_tell_the_author_and_the_day_that_the_page_says_nowhere_else(script: str, author: str | None, day: str) -> None:
    text = "".join(f"<p>{PARAGRAPH} Number {n}.</p>" for n in range(5))
    read = read_page(f"<html><head><title>{LONG_TITLE}</title>{script}</head><body><h1>{LONG_TITLE}</h1>{text}</body></html>".encode())
    assert (read.author, str(read.published_on)) == (author, day)
    beside = read_page(f"<html><head>{script}</head><body><h1>{LONG_TITLE}</h1><p>By Kim Vale</p>{text}</body></html>".encode())
    assert beside.author == "Kim Vale"


@pytest.mark.parametrize(
    ("head", "footer", "outlet"),
    [
        (f'{CANONICAL}saltmarshpost.example/n/1">', "<p>© 2019-2022 Saltmarsh Post. All rights reserved.</p>", "Saltmarsh Post"),
        (f'{CANONICAL}www.sp.example/n/1">', "<p>Copyright (c) 2022 Saltmarsh Post</p>", "Saltmarsh Post"),
        (f'{CANONICAL}valley.example/n/1">', "<p>© 2022 Saltmarsh Holdings Ltd</p>", "valley.example"),
        ("", "<p>About us</p><p>© 2022 The Saltmarsh Post</p><p>Contact</p>", "The Saltmarsh Post"),
        ("", "<p>© 2022 Delta Holdings Ltd</p>", None),
        (f'{NEXT}{{"config": {{"siteName": "Saltmarsh Post"}}}}</script>', "", "Saltmarsh Post"),
    ],
)
def test_the_outlet_is_found_in_its_copyright_line_and_the_data_of_scripts(head: str, footer: str, outlet: str | None) -> None:
    text = "".join(f"<p>{PARAGRAPH} Number {n}.</p>" for n in range(5))
    page = f"<html><head>{head}</head><body><h1>The dam is shut</h1>{text}<footer>{footer}</footer></body></html>"
    assert read_page(page.encode()).outlet == outlet


@pytest.mark.parametrize("title", ["EX-99.1", "Untitled document", "dam_final.html"])
def test_what_a_program_put_in_the_place_of_a_title_is_none(title: str) -> None:
    text = "".join(f"<p>{PARAGRAPH} Number {n}.</p>" for n in range(5))
    assert read_page(f"<html><head><title>{title}</title></head><body>{text}</body></html>".encode()).title is None


def test_a_name_and_a_day_above_the_headline_are_the_articles() -> None:
    text = "".join(f"<p>{PARAGRAPH} Number {n}.</p>" for n in range(5))
    assert read_page(f"<html><body><p>Anna Reed 5 May 2022</p><h1>The dam is shut</h1>{text}</body></html>".encode()).author == "Anna Reed"


def test_a_host_and_its_page_may_be_of_a_person_who_writes() -> None:
    assert found(head=f"{LD}{BOTH}</script>", top="<p>By Ann Reed</p>").author == "Ann Reed"


@pytest.mark.parametrize(("byline", "names", "sites"), BYLINES)
def test_each_rule_for_a_byline_has_an_example(byline: str, names: list[str], sites: tuple[str, ...]) -> None:
    assert names_in(byline, sites) == names


@pytest.mark.parametrize(("names", "turned"), TURNED)
def test_each_rule_for_a_surname_that_comes_first_has_an_example(names: list[str], turned: list[str]) -> None:
    assert surname_last(names) == turned


@pytest.mark.parametrize(("title", "sites", "bare"), TITLES)
def test_each_rule_for_what_stands_around_a_headline_has_an_example(title: str, sites: tuple[str | None, ...], bare: str) -> None:
    assert headline(title, *sites) == bare


@pytest.mark.parametrize(("titles", "headings", "title"), CHOSEN)
def test_each_rule_for_the_choice_of_a_headline_has_an_example(titles: list[str], headings: list[str], title: str | None) -> None:
    assert choose_title(titles, headings, ["Herald"]) == title


@pytest.mark.parametrize(("title", "site"), BESIDE)
def test_each_rule_for_a_site_beside_a_headline_has_an_example(title: str, site: str | None) -> None:
    assert site_beside([title], {"iceclosestheweir", "thedam"}) == site


def test_letters_and_parts_of_titles_that_are_no_site_or_headline() -> None:
    assert [text for text in NO_ABBREVIATIONS if is_site(text, HERALD)] == []
    assert not is_site("ABC", ["The"])
    assert site_of_host(["Big waves here - The Brno Weekly"], "bwh.example") is None
    assert beginnings("Ice at the weir today: what skaters say | Herald") == ["Ice at the weir today: what skaters say"]


@pytest.mark.parametrize(("head", "top", "author"), AUTHORS)
def test_each_rule_for_authors_has_an_example(head: str, top: str, author: str | None) -> None:
    assert found(head, top).author == author


@pytest.mark.parametrize(("head", "body", "said"), METADATA)
def test_each_rule_for_what_a_page_says_of_itself_has_an_example(head: str, body: str, said: dict[str, str | None]) -> None:
    text = "".join(f"<p>{PARAGRAPH} That was meeting number {n}.</p>" for n in range(5))
    page = f"<html><head>{head}</head><body>{body if '{}' in body else body + '{}'}</body></html>".replace("{}", text)
    read = read_page(page.encode())
    assert {field: value and str(value) for field, value in ((field, getattr(read, field)) for field in said)} == said


@pytest.mark.parametrize(("head", "top", "day"), DAYS)
def test_each_rule_for_the_day_has_an_example(head: str, top: str, day: str | None) -> None:
    published = found(head, top).published_on
    assert (published and str(published)) == day


def test_a_day_above_the_headline_is_not_the_articles_for_being_a_day_off_its_own() -> None:
    text = "".join(f"<p>{PARAGRAPH} That was meeting number {n}.</p>" for n in range(5))
    head = '<meta name="sailthru.date" content="2022-01-05">'
    page = f"<html><head>{head}</head><body><p>Thursday, January 6, 2022</p><h1>The dam is shut</h1>{text}</body></html>"
    assert read_page(page.encode()).published_on == date(2022, 1, 5)
