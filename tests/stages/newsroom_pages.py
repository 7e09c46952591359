"""Pages laid out as those of some fifty newsrooms, their words and names invented: what each says of its article, and its text.

    python -m tests.stages.newsroom_pages FOLDER

writes them with what they say beside them, for `python -m benchmarks.reading --pages FOLDER`. They were written before any was read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NamedTuple

TITLE = "Dockers at Aktau go back to work after a night of talks"
TEXTS = (
    [
        "The dockers of Aktau went back to their cranes on Thursday morning, eleven days after a storm had cost them a week's pay.",
        "“We were promised the money by Friday, and we will believe it on Friday,” said Saule Bekova, who speaks for some 900 of them.",
        "The port had first refused to pay for nights on which no ship could be loaded. Its lawyers changed their minds after a night of talks.",
        "Eleven tankers were waiting outside the mole at noon, and two of them had begun to take on oil by the evening.",
        "The last strike in the port, in the autumn of 2011, ended with the dismissal of forty men, none of whom was taken back.",
    ],
    [
        "A night of talks has ended the longest strike that the port of Aktau has seen in a decade, and neither side calls it a victory.",
        "The company pays for seven of the eleven nights. The union drops its demand that the harbour master resign.",
        "“A port that stands still has no winners,” the governor, Timur Alimov, told reporters who had waited on the stairs since dusk.",
        "Grain merchants, whose wagons fill every siding from here to Beyneu, said that it would take until May to clear them.",
    ],
    [
        "By the time the agreement was read out, most of those whom it concerned had fallen asleep on the benches of the dockers' club.",
        "It is two pages long and says nothing of the future, which is where the next quarrel will come from.",
        "The storm of 3 March tore two cranes from their rails; the inquiry into why they had not been chained has yet to begin.",
        "Nobody was hurt, and that, said Irina Koleva of the port's fire brigade, was the only luck that anybody had that night.",
        "Work on the broken cranes begins next week, with parts that were cast in a town that no longer makes them.",
    ],
)
NOISE_ABOVE = (
    '<a class="skip" href="#m">Skip to main content</a><header><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li><li><a href="/business">Business</a></li><li><a href="/sport">Sport</a></li></ul></nav>'
    '<div class="ticker"><span>Latest</span> <a href="/n/71">Court opens a road in Karaganda</a> <time datetime="2024-06-21T07:00:00Z">21 June 2024</time></div></header>'
)
NOISE_BELOW = (
    '<section class="related-articles"><h2>Related</h2><article class="card"><h3><a href="/n/81">Observatory to open its dome in May</a></h3><span class="byline">By Bo Ek</span> <time datetime="2024-02-02">2 February 2024</time></article>'
    '<article class="card"><h3><a href="/n/82">Teachers sign a letter against the bell</a></h3><span class="byline">By Una Brill</span> <time datetime="2024-01-19">19 January 2024</time></article></section>'
    '<aside class="most-read"><h3>Most read</h3><ol><li><a href="/n/91">What the steppe eats for breakfast</a></li><li><a href="/n/92">Why the lake is rising again</a></li></ol></aside>'
    "<footer><p>Sign up to our newsletter</p><p>© 2025 All rights reserved. Last updated 1 July 2025</p></footer>"
)


class Page(NamedTuple):
    """A page as it is saved, and what its readers see of its article."""

    name: str
    html: str
    day: str | None
    authors: list[str]
    text: list[str]
    title: str = TITLE


PAGES: list[Page] = []


def add(
    name: str,
    head: str,
    top: str,
    day: str | None,
    *authors: str,
    tag: str = "p",
    wrap: str = '<div class="article-body">{}</div>',
    shown: str = TITLE + " | {}",
    text: int | None = None,
    lead: str = "",
) -> None:
    """A page of a newsroom: `head` beside its <title>, `top` above its text."""
    body = TEXTS[len(PAGES) % len(TEXTS) if text is None else text]
    said = "".join(f"<{tag}>{lead if n == 0 else ''}{p}</{tag}>" for n, p in enumerate(body))
    html = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{shown.format(name)}</title>{head}</head><body>{NOISE_ABOVE}'
        f'<main id="m">{top}{wrap.format(said)}</main>{NOISE_BELOW}</body></html>'
    )
    PAGES.append(Page(name, html, day, list(authors), [*body]))


def ld(**fields: object) -> str:
    return (
        '<script type="application/ld+json">'
        + json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, **fields})
        + "</script>"
    )


def og(site: str, title: str = TITLE) -> str:
    return f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="{site}"><meta property="og:type" content="article">'


# a page a paragraph
# fmt: off
H1 = f"<h1>{TITLE}</h1>"
add("Morning Ledger", og("Morning Ledger") + ld(datePublished="2024-03-14T08:12:00.000Z", dateModified="2024-03-16T10:00:00Z", author=[{"@type": "Person", "name": "Anna Reed"}, {"@type": "Person", "name": "Tom Vane"}]), f'<header>{H1}<div><p class="css-4anu6l e1jsehar1"><span class="byline-prefix">By </span><span class="last-byline">Anna Reed</span> and <span class="last-byline">Tom Vane</span></p><p>Anna Reed reported from Aktau, and Tom Vane from Astana.</p><time datetime="2024-03-14T04:12:00-04:00">March 14, 2024</time></div></header>', "2024-03-14", "Anna Reed", "Tom Vane", wrap='<section name="articleBody">{}</section>')
add("Capitol Post", og("Capitol Post"), f'{H1}<div data-qa="author-byline"><span>By </span><a data-qa="author-name" href="/people/anna-reed/">Anna Reed</a><span>, </span><a data-qa="author-name" href="/people/tom-vane/">Tom Vane</a><span> and </span><a data-qa="author-name" href="/people/li-na/">Li Na</a></div><div><span data-testid="display-date">March 14, 2024 at 8:12 a.m. EDT</span></div>', "2024-03-14", "Anna Reed", "Tom Vane", "Li Na")
add("Cable Network", og("Cable Network", TITLE + " | CN"), f'{H1}<div class="headline__footer"><div class="byline vossi-byline"><div class="byline__names">By <a class="byline__link" href="/profiles/anna-reed"><span class="byline__name">Anna Reed</span></a> and <span class="byline__name">Tom Vane</span>, Cable Network</div></div><div class="timestamp vossi-timestamp">4 minute read<br>Published 8:12 AM EDT, Thu March 14, 2024</div></div>', "2024-03-14", "Anna Reed", "Tom Vane")
add("Vulpine News", og("Vulpine News"), f'<header>{H1}<h2 class="sub-headline">Port pays for seven of eleven nights</h2><div class="author-byline"><span>By <span><a href="/person/r/anna-reed">Anna Reed</a></span> <span class="article-source"><a href="/">Vulpine News</a></span></span></div><span class="article-date">Published <time>March 14, 2024 8:12am EDT</time></span></header>', "2024-03-14", "Anna Reed")
add("Daily Post Online", og("Daily Post Online"), f'<h2>{TITLE}</h2><ul class="mol-bullets"><li>Port pays for seven nights</li><li>Union drops a demand</li></ul><p class="author-section byline-plain">By <a class="author" href="/profile-12/anna-reed.html">Anna Reed</a> For Postonline</p><p class="byline-section"><span class="article-timestamp article-timestamp-published"><span class="article-timestamp-label">Published:</span> <time datetime="2024-03-14T08:12:00+0000">08:12 GMT, 14 March 2024</time></span> | <span class="article-timestamp article-timestamp-updated"><span class="article-timestamp-label">Updated:</span> <time datetime="2024-03-15T10:00:00+0000">10:00 GMT, 15 March 2024</time></span></p>', "2024-03-14", "Anna Reed", shown=TITLE + " | {}")
add("The Wire Telegraph", og("The Wire Telegraph"), f'<article>{H1}<p class="e-standfirst">Neither side calls it a victory</p><div class="e-byline"><span class="e-byline__author" itemprop="author" itemscope><span itemprop="name" content="Anna Reed">Anna Reed</span></span><span class="e-byline__job"> Foreign Correspondent</span><span class="e-byline__location"> in Aktau</span></div><time itemprop="datePublished" datetime="2024-03-14T08:12+0000">14 March 2024 &bull; 8:12am</time></article>', "2024-03-14", "Anna Reed")
add("The Selfstanding", og("The Selfstanding"), f'<div id="articleHeader">{H1}<h2><p>Port pays for seven of eleven nights</p></h2><div class="meta"><a href="/author/anna-reed">Anna Reed</a><div>Thursday 14 March 2024 08:12 GMT</div><a href="#comments">12 Comments</a></div></div>', "2024-03-14", "Anna Reed")
add("Continent News", og("Continent News"), f'{H1}<div class="c-article-contributors">By&nbsp;<b>Anna Reed</b>&nbsp;with AP</div><div class="c-article-publication-date">Published on <time datetime="2024-03-14T08:12:00+01:00">14/03/2024 - 08:12 GMT+1</time> &bull; Updated <span>10:03</span></div>', "2024-03-14", "Anna Reed")
add("Welle", og("Welle"), f'<header>{H1}<div class="author-details"><span class="author">Anna Reed (with AFP, dpa)</span></div><span class="publication"><time aria-hidden="true">03/14/2024</time> <span>March 14, 2024</span></span></header>', "2024-03-14", "Anna Reed")
add("Hexagone 24", og("Hexagone 24"), f'<article class="t-content">{H1}<div class="m-from-author"><span class="m-from-author__label">By:</span><a class="m-from-author__name" href="/en/author/anna-reed/">Anna REED</a></div><p class="m-pub-dates"><span class="m-pub-dates__date">Issued on: <time datetime="2024-03-14T08:12:00+00:00" pubdate="pubdate">14/03/2024 - 08:12</time></span><span class="m-pub-dates__date--modified">Modified: <time datetime="2024-03-15T10:00:00+00:00">15/03/2024 - 10:00</time></span></p></article>', "2024-03-14", "Anna REED")
add("Radio Steppe", og("RadioFreeSteppe"), f'<div class="hdr-container"><div class="category"><a href="/z/1">Kazakhstan</a></div>{H1.replace("<h1>", "<h1 class=&quot;title pg-title&quot;>".replace("&quot;", chr(34)))}<div class="publishing-details"><div class="published"><span class="date"><time pubdate="pubdate" datetime="2024-03-14T08:12:00+00:00">March 14, 2024 08:12 GMT</time></span></div><div class="links"><ul class="links__list"><li class="links__item"><a class="links__item-link" href="/author/anna-reed/tkytqv" title="Anna Reed">Anna Reed</a></li><li class="links__item"><a class="links__item-link" href="/author/tom-vane/abcd" title="Tom Vane">Tom Vane</a></li></ul></div></div></div>', "2024-03-14", "Anna Reed", "Tom Vane", wrap='<div class="wsw">{}</div>')
add("TELEGRAF agency", og("TELEGRAF"), f'<div class="news-header"><div class="news-header__title">{H1}</div><div class="news-header__date"><dateformat time="1710403920" mode="abs"></dateformat></div></div>', "2024-03-14", lead="AKTAU, March 14, 2024. /TELEGRAF/. ", wrap='<div class="text-block">{}</div>')
add("Interpress", og("Interpress"), f'<div class="news__meta">08:12&nbsp;&nbsp;14.03.2024</div>{H1}', "2024-03-14", lead="AKTAU. March 14 (Interpress) - ")
add("New Cathay", og("New Cathay"), f'<div class="header"><div class="info"><span class="source">Source: New Cathay</span><span class="editor">Editor: huaxia</span><span class="time">2024-03-14 08:12:00</span></div>{H1}</div>', "2024-03-14", wrap='<div id="detail">{}</div>')
add("Worldwide Times", og("Worldwide Times"), f'<div class="article_title">{TITLE}</div><div class="author_share"><span class="byline">By <a href="/author/Reporter-Anna-Reed.html">Anna Reed</a></span> <span class="pub_time">Published: Mar 14, 2024 08:12 PM</span></div>', "2024-03-14", "Anna Reed")
add("Harbour Morning Post", og("Harbour Morning Post") + ld(datePublished="2024-03-14T16:12:00+08:00", author=[{"@type": "Person", "name": "Anna Reed in Aktau"}, {"@type": "Person", "name": "Tom Vane"}]), f'{H1}<div><span><a href="/author/anna-reed">Anna Reed</a>in Aktau</span><span>and</span><a href="/author/tom-vane">Tom Vane</a></div><div>Published: 4:12pm, 14 Mar 2024</div>', "2024-03-14", "Anna Reed", "Tom Vane")
add("Times of Bharat", og("Times of Bharat") + ld(datePublished="2024-03-14T08:12:00+05:30", dateModified="2024-03-15T09:40:00+05:30", author={"@type": "Thing", "name": "Anna Reed"}), f'{H1}<div class="xf8Pm byline"><a href="/toireporter/author-Anna-Reed-1.cms">Anna Reed</a> / TNN / <span>Updated: Mar 15, 2024, 09:40 IST</span></div>', "2024-03-14", "Anna Reed")
add("The Southern", og("The Southern", TITLE + " - The Southern"), f'<div class="article-section">{H1.replace("<h1>", chr(60) + "h1 class=" + chr(34) + "title" + chr(34) + ">")}<h2 class="sub-title">Neither side calls it a victory</h2><p class="publish-time">March 14, 2024 08:12 am | Updated March 15, 2024 10:00 am IST - AKTAU</p><div class="author"><a class="person-name lnk" href="/profile/author/anna-reed-1/">Anna Reed</a><a class="person-name lnk" href="/profile/author/tom-vane-2/">Tom Vane</a></div></div>', "2024-03-14", "Anna Reed", "Tom Vane")
add("SUBH.COM", og("SUBH.COM"), f'<h2 class="story__title"><a class="story__link" href="/news/1">{TITLE}</a></h2><span class="story__byline"><a class="story__byline__link" href="/authors/12/anna-reed">Anna Reed</a></span> <span class="story__time"><span class="timestamp--label">Published</span> <span class="timestamp--date">March 14, 2024</span></span>', "2024-03-14", "Anna Reed", shown=TITLE + " - World - SUBH.COM")
add("Peninsula", og("Peninsula"), f'<header>{H1}<p class="article__subhead"><em>Neither side calls it a victory.</em></p><div class="article-info-block"><div class="article-author-name"><span class="article-author-name-item">By <a class="author-link" href="/author/anna_reed">Anna Reed</a></span> and <span class="article-author-name-item"><a class="author-link" href="/author/tom_vane">Tom Vane</a></span></div><div class="article-dates"><div class="date-simple"><span class="screen-reader-text">Published On 14 Mar 2024</span><span aria-hidden="true">14 Mar 2024</span></div></div></div></header>', "2024-03-14", "Anna Reed", "Tom Vane")
add("Anatolia", og("Anatolia"), f'<div class="detay-icerik">{H1}<h4>Neither side calls it a victory</h4><span style="color:gray"><a class="text-white" href="/muhabir/1">Anna Reed and Tom Vane</a> &nbsp;|</span><span class="tarih">14.03.2024 - Update : 15.03.2024</span></div>', "2024-03-14", "Anna Reed", "Tom Vane")
add("Morning Standard", og("Morning Standard"), f'{H1}<div class="article_head"><div class="article_creator_holder"><span>by <a href="/author/anna-reed">Anna Reed</a></span></div><div class="date_holder">Aktau &nbsp;<span>Mar 14, 2024 - 8:12 am GMT+3</span></div></div>', "2024-03-14", "Anna Reed")
add("Mediterranean Post", og("Mediterranean Post", TITLE + " - Mediterranean Post"), f'{H1}<div class="reporters"><span>By <a class="reporter-name-link" href="/author/a">ANNA REED</a>, <a class="reporter-name-link" href="/author/t">TOM VANE</a></span></div><div class="publish-date">Published: <time datetime="2024-03-14T06:12:00Z">MARCH 14, 2024 08:12</time> Updated: <time datetime="2024-03-14T19:00:00Z">MARCH 14, 2024 21:00</time></div>', "2024-03-14", "ANNA REED", "TOM VANE")
add("The Dialogue", og("The Dialogue"), f'<header>{H1.replace(TITLE, "<strong> " + TITLE + " </strong>")}<time datetime="2024-03-14T08:12:00Z" itemprop="datePublished">Published: March 14, 2024 8.12am GMT</time><div class="content-authors"><h3>Authors</h3><ol><li><div class="author-image"></div><a class="author-name" rel="author" href="/profiles/anna-reed-1"><span class="fn">Anna Reed</span></a><p class="role">Professor of History, University of Holm</p></li><li><a class="author-name" rel="author" href="/profiles/tom-vane-2"><span class="fn">Tom Vane</span></a><p class="role">Lecturer in Law, Harbour College</p></li></ol></div></header>', "2024-03-14", "Anna Reed", "Tom Vane")
add("Open Forum", og("Open Forum"), f'<article>{H1}<p class="standfirst">Neither side calls it a victory</p><div class="byline"><div class="author-thumb"></div><div class="author-name"><a href="/en/author/anna-reed/">Anna Reed</a></div><div class="pub-date">14 March 2024, 8.12am</div></div></article>', "2024-03-14", "Anna Reed")
add("Eurasia Report", og("Eurasia Report", TITLE + " | Eurasia Report"), f'{H1}<div class="meta-line"><div><a href="/user/12">Almaz Reed</a></div><div>Mar 14, 2024</div></div>', "2024-03-14", "Almaz Reed")
add("The Envoy", og("The Envoy", TITLE + " – The Envoy"), f'{H1}<p class="tease">Neither side calls it a victory.</p><div class="td-author">By <strong>Anna Reed</strong> for <em>The Envoy</em></div><div class="td-date">March 14, 2024</div>', "2024-03-14", "Anna Reed")
add("Republic Daily", og("Republic Daily"), f'<header class="summary-header">{H1}<p class="story-meta__authors">By <span class="vcard"><a href="/staff/anna-reed">Anna Reed</a></span>, <span class="vcard"><a href="/staff/tom-vane">Tom Vane</a></span> and <span class="vcard"><a href="/staff/li-na">Li Na</a></span></p><p class="story-meta__timestamp"><time datetime="2024-03-14 08:12:00">03/14/2024 08:12 AM EDT</time></p><p>Updated: <time datetime="2024-03-15 10:00:00">03/15/2024 10:00 AM EDT</time></p></header>', "2024-03-14", "Anna Reed", "Tom Vane", "Li Na")
add("Salmon Times", og("Salmon Times", TITLE), f'{H1}<div class="article__byline"><a class="n-content-tag n-content-tag--author" href="/anna-reed">Anna Reed</a> in Aktau and <a class="n-content-tag n-content-tag--author" href="/tom-vane">Tom Vane</a> in Astana</div><time class="article-info__timestamp" datetime="2024-03-14T08:12:00.000Z">March 14 2024</time>', "2024-03-14", "Anna Reed", "Tom Vane")
add("Portal", og("Portal") + ld(datePublished="2024-03-14T08:12:00.000Z", author={"@type": "Person", "name": "Anna Reed"}, provider={"@type": "Organization", "name": "Caspian Courier"}, publisher={"@type": "Organization", "name": "Portal"}), f'<header class="caas-header"><div class="caas-logo">Caspian Courier</div>{H1}<div class="caas-attr"><div class="caas-attr-meta"><div class="caas-attr-item-author"><span class="caas-author-byline-collapse">Anna Reed</span></div><div class="caas-attr-time-style"><time datetime="2024-03-14T08:12:00.000Z">Thu, March 14, 2024 at 8:12 AM EDT</time><span class="caas-attr-separator">·</span><span>3 min read</span></div></div></div></header>', "2024-03-14", "Anna Reed", wrap='<div class="caas-body">{}</div>')
add("Seaside Gazette", "", f'<div id="content"><p class="kicker">PORTS</p>{H1.replace("h1", "h2")}<p><i>By Anna Reed</i><br><i>Staff Writer</i></p><p class="postdate">Posted: 03/14/24, 8:12 AM PDT | <span>Updated: on 03/15/2024</span></p></div>', "2024-03-14", "Anna Reed", shown="{} - " + TITLE)
add("Kursiv English", og("Kursiv"), f'<div class="single">{H1}<div class="single-meta"><span>14.03.2024, 08:12</span><span>Views: 1 204</span><span>Author: Anna Reed</span></div></div>', "2024-03-14", "Anna Reed")

# fifteen more, after the rules had been made for those above
add("Lakeside Herald", og("Lakeside Herald"), f'<div class="story-header">{H1}<div class="story-byline"><div class="byline-name">ANNA REED</div><div class="byline-outlet">Lakeside Herald</div></div><div class="dates"><span class="dt-published">Mar 14, 2024 Updated 5 hrs ago</span></div></div>', "2024-03-14", "ANNA REED")
add("Blox Times", og("Blox Times"), f'<header class="asset-header"><h1 itemprop="headline" class="headline">{TITLE}</h1></header><div class="meta"><span><ul class="list-inline"><li><span class="tnt-byline asset-byline" itemprop="author">By ANNA REED and TOM VANE Staff writers</span></li><li class="hidden-print"><time datetime="2024-03-14T08:12:00-05:00" class="tnt-date asset-date text-muted">Mar 14, 2024</time></li></ul></span></div>', "2024-03-14", "ANNA REED", "TOM VANE")
add("Gannet Dispatch", og("Gannet Dispatch"), f'<div class="gnt_pr">{H1}<div class="gnt_ar_by"><a class="gnt_ar_by_a" href="/staff/1/anna-reed/">Anna Reed</a><br>Gannet Dispatch</div><lit-timestamp publishDate="2024-03-14T12:12:00Z" updateDate="2024-03-15T12:12:00Z"></lit-timestamp></div>', "2024-03-14", "Anna Reed")
add("Nouvelle Revue", og("Nouvelle Revue"), f'<header>{H1}<p class="byline">Par <a rel="author" href="/auteur/anna-reed">Anna Reed</a> (avec AFP)</p><p>Publié le 14/03/2024 à 08:12, mis à jour le 15/03/2024 à 10:00</p></header>', "2024-03-14", "Anna Reed")
add("Nordic Post", og("Nordic Post"), f'<article>{H1}<div class="authors"><span>Text: Anna Reed</span><span>Photo: Li Na</span></div><div class="published">Published 14.03.2024 08:12</div></article>', "2024-03-14", "Anna Reed")
add("Vlast English", og("Vlast"), f'<div class="b-article"><div class="date">14 марта 2024, 08:12</div>{H1}<div class="author"><a href="/avtory/12">Анна Рид</a>, <a href="/avtory/13">Tom Vane</a></div></div>', "2024-03-14", "Анна Рид", "Tom Vane")
add("Akorda", "", f'<div class="event"><div class="event__date">14 March 2024 year</div>{H1}</div>', "2024-03-14")
add("Analysis Hub", og("Analysis Hub"), f'{H1}<div class="post-info">March 14, 2024 / <a href="/experts/anna-reed">Anna Reed</a> / <a href="/c/1">Commentary</a></div>', "2024-03-14", "Anna Reed")
add("Carnival Endowment", og("Carnival Endowment"), f'<div class="pub-header"><span>Article</span>{H1}<p class="lede">Neither side calls it a victory.</p><div class="by">by <a href="/people/anna-reed">Anna Reed</a> and <a href="/people/tom-vane">Tom Vane</a></div><p>Published on March 14, 2024</p></div>', "2024-03-14", "Anna Reed", "Tom Vane")
add("Bne Tellinews", og("bne"), f'{H1}<div class="byline-strip">By Anna Reed in Aktau&nbsp;&nbsp;&nbsp;March 14, 2024</div>', "2024-03-14", "Anna Reed")
add("OC Report", og("OC Report"), f'{H1}<ul class="article-details"><li>Published: 14 March 2024</li></ul><p class="written">Written by Anna Reed</p>', "2024-03-14", "Anna Reed")
add("Human Watch", og("Human Watch"), f'<header><span class="tag">News Release</span><p class="news-header__dateline-date">March 14, 2024 12:00AM EDT</p>{H1}<h2>Neither Side Calls It a Victory</h2></header>', "2024-03-14", lead="(Aktau, March 14, 2024) – ")
add("Yle Mail", "", f'<div class="post"><div class="post-top"><span class="cat">Ports</span> · <span>Mar 14, 2024, 08:12am EDT</span></div>{H1}<div class="contrib"><span>Anna Reed</span><span>Contributor</span></div></div>', "2024-03-14", "Anna Reed")
add("Swiss Info", og("Swiss Info"), f'{H1}<div class="si-detail__content"><p class="si-detail__date">March 14, 2024 - 08:12</p><p class="si-authors">Anna Reed, Reuters</p></div>', "2024-03-14", "Anna Reed")
add("Trend", og("Trend.Az"), f'<div class="article-header">{H1}<div class="info"><span class="date-time">14 March 2024 08:12 (UTC+04:00)</span></div><div class="author-b"><img src="a.jpg"><div><a href="/redactor/12">Anna Reed</a></div><span>Read more</span></div></div>', "2024-03-14", "Anna Reed")


def write(folder: Path) -> None:
    """Save all pages with their texts and what they say beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    for n, page in enumerate(PAGES):
        stem = folder / f"{n:02}"
        stem.with_suffix(".html").write_text(page.html, "utf-8")
        stem.with_suffix(".txt").write_text("\n\n".join(page.text), "utf-8")
        said = {"title": page.title, "day": page.day, "authors": page.authors}
        stem.with_suffix(".json").write_text(json.dumps(said), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
