"""Exports of newspaper archives as they write them, filled with invented articles of ours."""

from __future__ import annotations

import io
import textwrap
import zipfile
from html import escape

PARAGRAPHS = (
    "The harbour board of Port Lorne said on Tuesday that the new ferry terminal would open in March, two years later than it had been"
    " promised to the islands that depend on it.",
    "“We have kept our word, if slowly,” said Mara Lenz, who has led the board since 2009. She added that the cost had risen to 14 million"
    " pounds because of the storms of last winter.",
    "Fishermen, who had asked for a deeper berth, were not at the meeting. Their spokesman, Ike Okafor, called the plan a monument to people"
    " who do not go to sea.",
)
GERMAN = (
    "Der Hafenrat von Port Lorne hat am Dienstag mitgeteilt, dass der neue Anleger im März öffnet, zwei Jahre später als den Inseln versprochen.",
    "„Wir haben Wort gehalten, wenn auch langsam“, sagte Mara Lenz, die den Rat seit 2009 leitet und die Kosten auf 14 Millionen beziffert.",
)


def wrapped(text: str) -> str:
    return textwrap.fill(text, 76)


# --- Nexis, numbered ---------------------------------------------------------------------------------------------

NEXIS_COVER = """



Download Request: Selected Items: 1-3
Time Of Request: Friday, March 20, 2015  16:51:31

Send To:
LIBRARY OF PORT LORNE
1 QUAY STREET

Terms: (DATE(>=2009-12-01 and <=2010-05-11) and (ferry terminal) and not
(TYPE(web)))

Source: The Harbour Times (Lorne)
Project ID: None



"""


def numbered(number: int, outlet: str, day: str, title: str, fields: str, below: str = "", of: int = 3) -> str:
    """One article of an old export of Nexis; `day` may have lines with the edition below it."""
    body = "\n\n".join(map(wrapped, PARAGRAPHS))
    return (
        f"{' ' * 31}{number} of {of} DOCUMENTS\n\n\n\n{outlet:>44}\n\n"
        + "\n".join(f"{line:>50}" for line in day.split("\n"))
        + f"\n\n{title}\n\n{fields}\n\nLENGTH: 355 words\n\n\n{body}\n\n{below}LOAD-DATE: January 12, 2010\n\nLANGUAGE: ENGLISH\n\n"
        + f"PUBLICATION-TYPE: Newspaper\n\nJOURNAL-CODE: HTL\n\n\n{'Copyright 2010 HARBOUR PRESS LTD':>53}\n{'All Rights Reserved':>49}\n\n"
    )


NEXIS = (
    NEXIS_COVER
    + numbered(
        1,
        "The Harbour Times (Lorne)",
        "January 11, 2010 Monday\nEdition 1;\nScotland",
        "Ferry terminal to open in March",
        "BYLINE: Simon Tasker\n\nSECTION: NEWS; Pg. 6",
    )
    + numbered(
        2,
        "Lorne.com",
        "January 12, 2010 Tuesday 6:14 PM GMT",
        "Islands wait for their ferry; Two years\nlate, and still no berth",
        "BYLINE: By Ana Brook in Lorne\n\nSECTION: FEATURES; Pg. 2",
        "GRAPHIC: Photo: the quay at night\n\nThe board, seen from behind\n\n",
    )
    + numbered(3, "The Sun Coast", "13 January 2010 Wednesday", "What the fishermen say", "SECTION: LETTERS; Pg. 12")
)

NEXIS_GERMAN = f"""
                              Dokument 1 von 2


                              Der Hafenbote

                        11. Januar 2010 Montag

Neuer Anleger öffnet im März

AUTOR: Von Simon Tasker

RUBRIK: LOKALES; S. 6

LÄNGE: 55 Wörter

{wrapped(GERMAN[0])}

{wrapped(GERMAN[1])}

UPDATE: 12. Januar 2010

SPRACHE: GERMAN; DEUTSCH

ZEITUNGS-CODE: HB

                  Copyright 2010 Hafen Verlag
                     Alle Rechte vorbehalten

                              Dokument 2 von 2


                              Der Hafenbote

                        27. Februar 2010 Samstag

Die Fischer schweigen

RUBRIK: LOKALES; S. 2

LÄNGE: 55 Wörter

{wrapped(GERMAN[1])}

{wrapped(GERMAN[0])}

SPRACHE: GERMAN; DEUTSCH

                  Copyright 2010 Hafen Verlag
"""


def headlined(day: str, title: str) -> str:
    """One article of an export of Nexis of the nineties: the rights first, the title in a field, nothing numbered."""
    body = "\n\n   ".join(map(wrapped, PARAGRAPHS))
    return f"""                   Copyright 1999 The Lorne Courier Company
                               The Lorne Courier

                    {day}

SECTION: Section 1; Page 1; Column 1; National Desk

LENGTH: 434 words

HEADLINE: {title}

BYLINE:  By MARA LENZ

DATELINE: PORT LORNE, Jan. 2

BODY:
   {body}

LANGUAGE: ENGLISH

LOAD-DATE: January 3, 1999


"""


NEXIS_OLD = headlined("January 3, 1999, Sunday, Late Edition - Final", "A Ferry for the Islands;\nHarbour Board Signs at Last") + headlined(
    "January 4, 1999, Monday, Late Edition - Final", "No Ferry for the Islands"
)


def nexis_page(articles: list[tuple[str, str, str]]) -> str:
    """Outlet, day and title of each → an export of Nexis as HTML."""
    said = []
    for number, (outlet, day, title) in enumerate(articles, start=1):
        body = "".join(f'<P CLASS="c9"><SPAN CLASS="c2">{escape(p)}</SPAN></P>\n' for p in PARAGRAPHS)
        fields = (("BYLINE: ", "Simon Tasker"), ("SECTION: ", "NEWS; Pg. 6"), ("LENGTH: ", "355 words"))
        head = "".join(f'<BR><DIV CLASS="c5"><P CLASS="c6"><SPAN>{a}</SPAN><SPAN>{b}</SPAN></P>\n</DIV>\n' for a, b in fields)
        tail = "".join(
            f'<BR><DIV CLASS="c5"><P CLASS="c6"><SPAN>{a}</SPAN><SPAN>{b}</SPAN></P>\n</DIV>\n'
            for a, b in (("LOAD-DATE: ", "January 12, 2010"), ("LANGUAGE: ", "ENGLISH"), ("PUBLICATION-TYPE: ", "Newspaper"))
        )
        said.append(
            f'<A NAME="DOC_ID_{number}_0"></A><!-- Hide XML section from browser\n<DOC NUMBER={number}>\n<DOCFULL> -->\n'
            f'<BR><DIV CLASS="c0"><P CLASS="c1"><SPAN CLASS="c2">{number} of {len(articles)} DOCUMENTS</SPAN></P>\n</DIV>\n'
            f'<BR><DIV CLASS="c0"><BR><P CLASS="c1"><IMG SRC="x.gif" ALT="logo"><BR><SPAN CLASS="c2">{outlet}</SPAN></P>\n</DIV>\n'
            f'<BR><DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c4">{day}</SPAN><SPAN CLASS="c2">&nbsp;<BR>Edition 1</SPAN></P>\n</DIV>\n'
            f'<BR><DIV CLASS="c5"><P CLASS="c6"><SPAN CLASS="c7">{title}</SPAN></P>\n</DIV>\n{head}'
            f'<BR><DIV CLASS="c5">{body}</DIV>\n{tail}'
            f'<BR><DIV CLASS="c0"><BR><P CLASS="c1"><SPAN CLASS="c2">Copyright 2010 Harbour Press<BR>All Rights Reserved</SPAN></P>\n</DIV>\n'
            "<!-- Hide XML section from browser\n</DOCFULL>\n</DOC> -->\n"
        )
    cover = "<P>Download Request: Selected Items: 1-2<BR>Time Of Request: Friday, March 20, 2015<BR>Terms: (ferry)</P>"
    return f"<HTML>\n<HEAD><TITLE>&nbsp;</TITLE></HEAD>\n<BODY>{cover}{''.join(said)}</BODY></HTML>"


# --- Nexis Uni --------------------------------------------------------------------------------------------------

UNI_COVER = [
    *("User Name: MARA LENZ", "Date and Time: Wednesday, December 19, 2018 7:11:00 PM JST", "Job Number: 79565034", "Documents (2)"),
    *("1. Does a Ferry Help or Hurt the Islands?; Green", "Client/Matter: -None-", "Search Terms: ferry terminal"),
    *(
        "Search Type: Natural Language ",
        "Narrowed by: ",
        "Content Type",
        "Narrowed by",
        "News",
        "Sources: The Harbour Times; Content Type: News",
    ),
    *("2. Fishermen ask for a berth on 12 March 2009", "Client/Matter: -None-", "Search Terms: ferry terminal"),
]


def uni_lines(title: str, outlet: str, day: str, *, length: str = "Length:\u00a0332 words") -> list[str]:
    """The paragraphs of one article of Nexis Uni."""
    return [
        *(
            title,
            f"{outlet} ",
            "(Green)",
            day,
            "",
            "\nCopyright 2009 Harbour Press All Rights Reserved",
            "Section:\u00a0NEWS; Pg. 3",
            length,
        ),
        *("Byline:\u00a0By JAMES KANT", "Highlight:\u00a0What the board said of the ferries.", "Body", "", "", *PARAGRAPHS, ""),
        *("\nGraphic", " ", "Photo: the quay at night", "Classification", "", "Language: ENGLISH", "Publication-Type: Newspaper"),
        *("Subject: FERRIES (90%); HARBOURS (89%)", "", "\nLoad-Date:\u00a0June 26, 2009", "", "\nEnd of Document", "", ""),
    ]


UNI = [
    uni_lines("Does a Ferry Help or Hurt the Islands?; Green", "The Harbour Times", "June 26, 2009 Friday 15:25 EST"),
    uni_lines("Fishermen ask for a berth on 12 March 2009", "Lorne Weekly (Port Lorne)", "12 January 2010 Tuesday"),
]


def docx(paragraphs: list[str], headings: tuple[str, ...] = ()) -> bytes:
    """A Word document of these paragraphs; those named are headings, as Nexis makes them, linked to its site."""
    from docx import Document
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    document = Document()
    for text in paragraphs:
        paragraph = document.add_paragraph(text)
        if text in headings:
            level = OxmlElement("w:outlineLvl")
            level.set(qn("w:val"), "0")
            paragraph._p.get_or_add_pPr().append(level)
            link = OxmlElement("w:hyperlink")
            for run in list(paragraph._p.findall(qn("w:r"))):
                link.append(run)
            paragraph._p.append(link)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def rtf(text: str) -> bytes:
    """A rich text file of these lines."""
    said = "".join(c if c.isascii() and c not in "\\{}\n" else "\\par\n" if c == "\n" else f"\\u{ord(c)}?" for c in text)
    return b"{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}\\f0\n" + said.encode() + b"}"


def odt(paragraphs: list[str]) -> bytes:
    """An OpenDocument text of these paragraphs, the first a heading."""
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    first, *others = map(escape, paragraphs)
    body = f'<text:h text:outline-level="1">{first}</text:h>' + "".join(f"<text:p>{p}</text:p>" for p in others)
    content = f'<?xml version="1.0"?><office:document-content {names}><office:body><office:text>{body}</office:text></office:body></office:document-content>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def pdf(lines: list[str]) -> bytes:
    """A PDF of one page with these lines of ASCII."""
    shown = "".join(f"({line.replace(chr(92), '').replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj T*\n" for line in lines)
    stream = f"BT /F1 9 Tf 40 800 Td 11 TL\n{shown}ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += str(number).encode() + b" 0 obj\n" + body + b"\nendobj\n"
    table = b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return (
        data
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n"
        + str(len(data)).encode()
        + b"\n%%EOF"
    )


# --- Factiva ---------------------------------------------------------------------------------------------------

FACTIVA = "".join(
    f"""
\tHD\t{title}
\tBY\tBy Ana Brook
\tWC\t512 words
\tPD\t{day}
\tET\t11:26
\tSN\tThe Harbour Times
\tSC\tHARBT
\tED\t1
\tLA\tEnglish
\tCY\t(c) 2017 Harbour Press
\tLP\t{PARAGRAPHS[0]}
\tTD\t{PARAGRAPHS[1]}
IN their view nothing was decided.
\t{PARAGRAPHS[2]}
\tNS\tgtrans : Transport | gcat : Political/General News
\tRE\tuk : United Kingdom
\tPUB\tHarbour Press
\tAN\tDocument {number}
"""
    for title, day, number in (
        ("Terminal opens in March", "1 April 2017", "HARBT00020170401ed4200051"),
        ("Fishermen ask for a berth", "2 April 2017", "HARBT00020170402ed4200052"),
    )
)

FACTIVA_TABLE = rtf("@").replace(
    b"@",
    "".join(
        f"\\trowd\\cellx800\\cellx9000\\pard\\intbl {{\\b {code}}}\\cell \\pard\\intbl {value.strip()}\\cell \\row\n"
        for code, _, value in (
            line[1:].partition("\t")
            for line in FACTIVA.replace("\nIN", "\\par IN").replace("\n\tFisher", "\\par Fisher").split("\n")
            if line.strip()
        )
    )
    .replace("“", "\\'93")
    .replace("”", "\\'94")
    .encode("ascii"),
)

FACTIVA_LAID_OUT = "".join(
    f"""{section}{title}
{author}512 words
{day}
11:26
The Harbour Times
HARBT
2
English
(c) 2017 Harbour Press
{PARAGRAPHS[0]}
{PARAGRAPHS[1]}
{PARAGRAPHS[2]}
Harbour Press
Document {number}

"""
    for section, title, author, day, number in (
        ("News\n", "Terminal opens in March", "By Ana Brook\n", "1 April 2017", "HARBT00020170401ed4200051"),
        ("", "Fishermen ask for a berth", "", "2 April 2017", "HARBT00020170402ed4200052"),
    )
)


def factiva_rows(articles: list[dict[str, str]]) -> str:
    """An export of Factiva as HTML with its fields in a table."""
    said = []
    for fields in articles:
        rows = []
        for code, value in fields.items():
            cell = (
                "".join(f'<p class="articleParagraph enarticleParagraph">{p}</p>\n' for p in value.split("\n"))
                if code in ("LP", "TD")
                else value
            )
            if code == "HD":
                cell = f"<b class='enHeadline'>{value}</b>\n"
            rows.append(f'<tr><td align="right" valign="top" class="index"><b>{code}</b>&nbsp;</td><td>{cell}</td></tr>')
        said.append(f'<span></span><div class="article enArticle"><table>{"".join(rows)}</table><br/></div><br/>')
    return f'<html><head><title>Factiva</title></head><body class=""><h1>Factiva</h1><span>Dow Jones</span><div id="contentLeft">{"".join(said)}</div></body></html>'


FACTIVA_ROWS = factiva_rows(
    [
        {
            "SE": "News",
            "HD": "Terminal opens in March",
            "BY": "Ana Brook",
            "WC": "512 words",
            "PD": "29 December 2011",
            "ET": "15:32",
            "SN": "The Harbour Times",
            "SC": "HARBT",
            "LA": "English",
            "CY": "(c) 2011 Harbour Press",
            "LP": PARAGRAPHS[0],
            "TD": "\n".join(PARAGRAPHS[1:]),
            "NS": "gtrans : Transport",
            "AN": "Document HARBT00020111229e7ct0001r",
        },
        {
            "HD": "Des ferrys pour les îles",
            "WC": "65 mots",
            "PD": "29 décembre 2011",
            "SN": "Le Port",
            "LA": "Français",
            "LP": PARAGRAPHS[0],
            "TD": PARAGRAPHS[1],
            "AN": "Document LEPORT0020111229e7ct0015j",
        },
    ]
)

FACTIVA_PAGE = (
    "<html><head><title>Factiva</title></head><body><h1>Factiva</h1>"
    + "".join(
        f"""<span></span><div id="article-{number}" class="article"><div class="article enArticle"><p>
</p>{section}<div id="hd"><span class="enHeadline counted">{i}) {title}</span>
</div>{author}<div>512 words</div><div>{day}</div><div>The Harbour Times</div><div>HARBT</div><div>6</div><div>English</div>
<div>Copyright 2017. Harbour Press </div>
<p></p>
<p class="articleParagraph enarticleParagraph">{PARAGRAPHS[0].replace("ferry", "<b>ferry</b>")}</p>
<p class="articleParagraph enarticleParagraph">{PARAGRAPHS[1]}</p>
<p class="articleParagraph enarticleParagraph">{PARAGRAPHS[2]}</p>
<p>Harbour Press</p><p>Document {number}</p></div></div><br>"""
        for i, (section, title, author, day, number) in enumerate(
            (
                (
                    "<div>News</div>\n",
                    "Terminal opens in March",
                    '<div class="author">Ana Brook </div>',
                    "2 April 2017",
                    "HARBT00020170402ed4200003",
                ),
                ("", "Fishermen ask for a berth", "", "3 April 2017", "HARBT00020170403ed4200053"),
            ),
            start=37,
        )
    )
    + "<div id='pageFooter'>© 2017 Factiva, Inc.</div></body></html>"
)

FACTIVA_XML = (
    '<?xml version="1.0" encoding="utf-8"?><PPSResponse><ppsArticleResponse xmlns="http://global.factiva.com/pps/2.0"><ppsarticleResultSet>'
    + "".join(
        f"""<ppsarticle><article><accessionNo>{number}</accessionNo><baseLanguage>EN</baseLanguage><copyright>(c) 2012 Harbour Press</copyright>
<headline><paragraph lang="EN"><hlt>Terminal</hlt> opens in {month}</paragraph></headline><byline>By Ana Brook</byline>
<leadParagraph><paragraph>{PARAGRAPHS[0]}</paragraph></leadParagraph><pages>1</pages>
<publicationDate><dateTime>{day}T01:35:58Z</dateTime></publicationDate><sourceName>The Harbour Times</sourceName>
<region code="uk"><name>United Kingdom</name></region>
<tailParagraphs><paragraph>{PARAGRAPHS[1]}</paragraph><paragraph>{PARAGRAPHS[2]}</paragraph></tailParagraphs><wordCount>94</wordCount></article></ppsarticle>"""
        for number, month, day in (("HARBT00020120109e51700030", "March", "2012-01-09"), ("HARBT00020120110e51700031", "May", "2012-01-10"))
    )
    + "</ppsarticleResultSet></ppsArticleResponse></PPSResponse>"
)

# --- Europresse --------------------------------------------------------------------------------------------------

EUROPRESSE = (
    '<html><head><meta charset="utf-8"><title>Europresse</title></head><body>'
    + "".join(
        f"""<article><header><div class="rdp__DocPublicationName"><span class="DocPublicationName">{paper}, no. 43018
            </span></div><div class="rdp__DocHeader"><span class="DocHeader">{head} 412 mots, p. 9</span></div>
<div class="titreArticle"><p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">{title}</p>
<p class="sm-margin-TopNews rdp__subtitle">What the board said</p></div><p class="sm-margin-bottomNews">Ana Brook</p></header>
<section><div class="DocText clearfix"><div class="docOcurrContainer"><p>{PARAGRAPHS[0].replace("ferry", "<mark>ferry</mark>")}</p>
<p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p></div></div></section><aside><div>Note(s) : in the islands' edition</div></aside>
<footer><div class="Doc-LegalInfo"><small>© 2022 {paper}. Tous droits réservés.</small></div>
<div class="publiC-lblNodoc">news·{number}</div></footer></article>"""
        for paper, head, title, number in (
            ("Le Port (site web)", "Société, jeudi 6 janvier 2022", "A terminal, at last", "20220106·LPW·8123"),
            ("Harbour Times", "World, Friday, January 7, 2022", "Fishermen ask for a berth", "20220107·HT·77_01"),
        )
    )
    + "</body></html>"
)

EUROPRESSE_2013 = (
    '<html><head><meta charset="utf-8"></head><body>'
    + f"""<article><header><div>icon</div><div><span class="DocPublicationName"><span style="x">Le Port</span>, no. 12</span></div>
<div><span class="DocHeader">Lorne, lundi 28 janvier 2013, p. 93_T_17</span></div>
<div><p class="titreArticleVisu">A terminal, at last</p><div>Ana Brook</div></div></header>
<section><div class="DocText"><div class="docOcurrContainer"><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></div></div></section>
<footer><small>© 2013 Le Port.</small><p>Numéro de document : news·20130128·LP·0_104</p></footer></article></body></html>"""
)

EUROPRESSE_TABLE = (
    '<html><head><meta charset="utf-8"></head><body>'
    + "".join(
        f"""<table><tr><td><span class="DocPublicationName">Le Port</span><br><span class="DocHeader">Lorne, </span>
<span class="DocHeader">lundi </span><span class="DocHeader">{day}, </span><span class="DocHeader">p. 12</span><br><br>
<span class="TitreArticleVisu">{title}</span><br>Ana Brook<br>{PARAGRAPHS[0]}<br>{PARAGRAPHS[1]}<br>© 2011 Le Port.</td></tr>
<tr><td align="center">news·{number}</td></tr></table><hr>"""
        for day, title, number in (
            ("3 janvier 2011", "A terminal, at last", "20110103·LP·044"),
            ("10 janvier 2011", "Fishermen ask for a berth", "20110110·LP·045"),
        )
    )
    + "</body></html>"
)

# --- ProQuest ----------------------------------------------------------------------------------------------------

_LINE = "_" * 60


def proquest(number: int, title: str, day: str, *, text: str = "\n\n".join(PARAGRAPHS)) -> str:
    """One document of ProQuest as text."""
    return f"""
{_LINE}

Document {number} of 2

{title}

Author: Okafor, Ike; Lenz, Mara

Publication info: Harbour Times ; Port Lorne [Port Lorne]{day}: A.2.

http://example.org/docview/25143997{number}

Abstract: The board said that the terminal would open.

Links: http://example.org/links?x=1

Full text: {text}

Subject: Ferries; Harbours

Location: Port Lorne

Title: {title}

Publication title: Harbour Times; Port Lorne

Pages: A.2

Publication year: 2010

Publication date: {day}

Section: News

ISSN: 04583035

Language of publication: English

ProQuest document ID: 25143997{number}

Document URL: http://example.org/docview/25143997{number}?accountid=0

Copyright: (Copyright (c) 2010 Harbour Times)

Last updated: 2017-11-07

Database: Lorne Dailies
"""


PROQUEST = (
    proquest(1, "Terminal opens in March", "May 1, 2010")
    + proquest(2, "Fishermen ask for a berth", "02 May 2010", text=f"{PARAGRAPHS[0]}\n\nLocation: the quay. {PARAGRAPHS[1]}")
    + f"\n{_LINE}\n\nContact us at: http://example.org/contact\n\nDatabase copyright (c) 2018 ProQuest LLC. All rights reserved.\n"
)

PROQUEST_PAGE = (
    "<html><head><title>ProQuest Export</title></head><body>"
    + "".join(
        f"""<div style="margin-bottom:20px"><a name="DocID_MSTAR_25143997{i}"></a><p style="font-weight:bold;">{title}</p>
<p><strong>Author:  </strong>Okafor, Ike</p><p><strong>Publication info:  </strong>Harbour Times ; Port Lorne [Port Lorne]0{i} May 2010: A.2.</p>
<p><a href="http://example.org/{i}">ProQuest document link</a></p><p><strong>Full text: </strong><Text WordCount="94"><html><head><title></title></head>
<body><p>{PARAGRAPHS[0]}</p> <p>{PARAGRAPHS[1]}</p> <p>{PARAGRAPHS[2]}</p></body></html></Text></p>
<p><strong>Subject: </strong>Ferries</p><p><strong>Publication title: </strong>Harbour Times; Port Lorne</p>
<p><strong>Publication date: </strong>May {i}, 2010</p><p><strong>Language of publication: </strong>English</p>
<p><strong>ProQuest document ID: </strong>25143997{i}</p><p><strong>Database: </strong>Lorne Dailies</p></div>"""
        for i, title in ((1, "Terminal opens in March"), (2, "Fishermen ask for a berth"))
    )
    + "</body></html>"
)

RIS = "".join(
    f"""TY  - NEWS
T1  - {title}
AU  - Okafor, Ike
AU  - Lenz, Mara
JF  - Harbour Times
Y1  - {day}
N2  - {PARAGRAPHS[0]}
{PARAGRAPHS[1]}
LA  - English
AN  - {number}
ER  -

"""
    for title, day, number in (
        ("Terminal opens in March", "2010/05/01/", "HT-100"),
        ("Fishermen ask for a berth", "2010 May 2", "HT-101"),
    )
)

LETTER = (
    "From: Harbour Times <news@harbour.example>\nTo: Mara Lenz <mara@lorne.example>\nDate: Sun, 5 Jul 2020 01:02:03 -0400\n"
    "Subject: Fwd: Terminal opens in March\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
) + "\n\n".join(PARAGRAPHS)
