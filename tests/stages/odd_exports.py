"""Texts with several articles, as services export them and people paste them: each is cut apart, or its reject says what to do.

`LAYOUTS` writes an article as each does; one alone is read as an article, two or more are never read as one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from tests.stages.odd_archives import D, E, F
from tests.stages.odd_inputs import A, B, C


class Story(NamedTuple):
    """What a layout has to write."""

    n: int
    title: str
    author: str
    day: date
    body: tuple[str, ...]
    url: str


STORIES = [
    Story(n, title, author, date.fromisoformat(day), tuple(body), f"https://courier.example/n/{n}/{title.lower().replace(' ', '-')}")
    for n, (title, author, day, body) in enumerate(
        [
            ("Dockers return to Aktau after the storm", "Anna Reed", "2024-03-14", D),
            ("Court opens a road that lorries had closed", "Tom Vane", "2024-04-01", E),
            ("Observatory will let visitors in again", "Li Na", "2024-04-02", F),
            ("Harbour reopens after two barges sink", "Irina Petrova", "2024-04-17", A),
            ("Library to stay open until midnight", "Jan Novak", "2024-05-06", B),
            ("Rail workers walk out over a roster", "Peter Shaw", "2024-05-23", C),
        ],
        1,
    )
]
LAYOUTS: dict[str, Callable[[Story], str]] = {}


def layout(name: str, written: str) -> None:
    """Add a layout: a template with the names of `fields`."""
    LAYOUTS[name] = lambda story: written.format(**fields(story))


def fields(story: Story) -> dict[str, object]:
    """What templates may name."""
    given, surname = story.author.split()
    return {
        **story._asdict(),
        "text": "\n\n".join(story.body),
        "tight": "\n".join(story.body),
        "lead": story.body[0],
        "rest": "\n\n".join(story.body[1:]),
        "us": f"{story.day:%B} {story.day.day}, {story.day.year}",
        "uk": f"{story.day.day} {story.day:%B} {story.day.year}",
        "abbr": f"{story.day.day} {story.day:%b} {story.day.year}",
        "weekday": f"{story.day:%A}",
        "month": f"{story.day:%B} {story.day.day}",
        "iso": story.day.isoformat(),
        "numbers": f"{story.day:%d/%m/%Y}",
        "compact": f"{story.day:%Y%m%d}",
        "yymmdd": f"{story.day:%y%m%d}",
        "capitals": story.title.upper(),
        "by": story.author.upper(),
        "last_first": f"{surname}, {given}",
        "slug": story.title.split()[0],
        "given": given,
    }


# a layout a line
# fmt: off

# --- services ----------------------------------------------------------------------------------------------------

layout("NewsBank of the nineties", "Caspian Courier, The (Aktau, Kazakhstan)\n{us}\n{title}\nAuthor: {author}\n\n{text}\n\n")
layout("NewsBank, fields below the text", "Caspian Courier\n{us}\nSection: NEWS\nEdition: Final\nPage: A{n}\n\n{title}\n{author}, Staff Writer\n\n{text}\n\nRecord Number: 0{compact}{n}\nCopyright (c) 2024 The Caspian Courier\n\n")
layout("PressReader", "{title}\nCaspian Courier{abbr}By {author}\n\n{text}\n\n")
layout("PressReader, day and author in a line", "{title}\n{iso} - By {author}\n\n{text}\n\n\n")
layout("PressReader, a field a line", "{title}\n\nThe Caspian Courier\n\n{uk}\n\n{by}\n\n{text}\n\n")
layout("ProQuest, a citation above each", "{title}\n{last_first}. Caspian Courier; Aktau [Aktau]. {abbr}: A.{n}.\n\n{text}\n\n")
layout("EBSCO, a citation above each", "{title}. By: {last_first}, Caspian Courier, {numbers}\n\n{text}\n\n~~~~~~~~\n\nBy {author}\n\n(c) Caspian Courier, 2024\n\n")
layout("InfoTrac", "{title}.(News)\n\nCaspian Courier (Aktau), {us} pA{n}\n\nByline: {author}\n\n{text}\n\nCOPYRIGHT 2024 Caspian Courier Ltd.\n\n")
layout("Factiva without its last lines", "{title}\n\n{author}\n61 words\n{uk}\nThe Caspian Courier\nCASPC\nEnglish\n(c) 2024 Caspian Courier Ltd.\n\n{text}\n\n")
layout("Lexis without its fields", "              Copyright 2024 Caspian Courier Ltd.\n                      The Caspian Courier\n\n                    {us}, {weekday}\n\n{title}\n\n   BY {by}\n\n{text}\n\n\n\n")
layout("Nexis, pasted without its numbers", "{title}\nThe Caspian Courier\n{us} {weekday}\n\nCopyright 2024 Caspian Courier Ltd All Rights Reserved\n\n{text}\n\n\n")
layout("Europresse as text", "The Caspian Courier\nNews, {weekday}, {us}, p. {n}\n\n{title}\n\n{author}\n\n{text}\n\nCopyright 2024 The Caspian Courier. All rights reserved.\n\nnews·{compact}·CC·00{n}\n\n")
layout("an archive in Chinese around English", "【标题】{title}\n【作者】{author}\n【来源】Caspian Courier\n【日期】{iso}\n【正文】\n{text}\n\n")
layout("WiseNews", "Caspian Courier\nA0{n} | News | By {author} | {iso}\n\n{title}\n\n{text}\n\nDocument ID: {compact}0000{n}\n\n")
layout("Trove", "Caspian Courier (Aktau : 1901 - 1954), {weekday} {uk}, page {n}\n\n{capitals}.\n\nAKTAU, {month}.\n\n{text}\n\nnla.news-article6123{n}01\n\n")
layout("a library of old newspapers", "Caspian Courier\n{weekday} {uk}\n{title}\n\n{text}\n\nImage © The Library Board. All rights reserved.\n\n")
layout("transcripts of broadcasts", "SHOW: Caspian Tonight 8:00 PM EST\n{us} {weekday}\nANCHOR: {by}\n\n{by}: Good evening. {lead}\n\n{rest}\n\n")
layout("clips of a broadcast monitor", "Caspian One - {numbers} 19:0{n}:00\nProgramme: Caspian Tonight\n\n>> {lead}\n\n>> {rest}\n\n")
layout("monitoring of agencies", "{title}\n\nText of report in English by Kazakh news agency\n\nAlmaty, {uk}: {text}\n\nSource: Kazakh news agency, Almaty, in English 0530 gmt {abbr}\n\nMon CAU {yymmdd} an\n\n")

# --- feeds -------------------------------------------------------------------------------------------------------

layout("a wire with slugs", "CW-Kazakhstan-{slug}, {n}nd Ld-Writethru\n{title}\nBy {by}\nCaspian Wire\n\nAKTAU, Kazakhstan (CW) — {text}\n\n")
layout("a wire with codes", "{title}\n{abbr} 08:12\n\nAKTAU, {month} (Caspian Wire) - {text}\n\n(({given}@courier.example; +7 700 000 00 0{n};))\n(c) Copyright Caspian Wire 2024. nL1N3{compact}\n\n")
layout("a wire with datelines alone", "{title}\n\nAKTAU, {month} (Caspian Wire) -- {text} Enditem\n\n")
layout("press releases", "FOR IMMEDIATE RELEASE\n\n{title}\n\nAKTAU, Kazakhstan, {us} /CaspianWire/ -- {text}\n\nMedia contact: {author}, press@courier.example\n\n###\n\n")

# --- pasted and scraped ------------------------------------------------------------------------------------------

layout("a newsletter with whole articles", "{capitals}\nBy {author} | {month}\n\n{text}\n\nRead online: {url}\n\n")
layout("addresses above articles", "{url}\n{title}\n\n{text}\n\n")
layout("addresses below articles", "{title}\n\n{text}\n\n{url}\n\n\n")
layout("a collection pasted from pages", "{title}\nBy {author}\nPublished: {us}, 8:12 a.m.\n\n{text}\n\n\n\n")
layout("titles and days", "{title}\n{weekday}, {uk}\n\n{text}\n\n\n")
layout("titles and bylines", "{title}\nBy {author}\n\n{text}\n\n\n")
layout("parted by signs of equality", "{title}\n\n{text}\n\n==============================\n\n")
layout("parted by hyphens, days first", "{iso}\n{title}\n\n{text}\n\n----------\n\n")
layout("headings of Markdown", "# {title}\n\n*By {author}, {uk}*\n\n{text}\n\n")
layout("parted by form feeds", "{title}\nThe Caspian Courier, {uk}\n\n{text}\n\f\n")
layout("paragraphs without blank lines", "{title}\nThe Caspian Courier\n{author}\n{uk}\n{tight}\n")
layout("numbers of files", "{n}.txt\n{title}\n{text}\n\n")
layout("days before titles", "{iso} {title}\n\n{text}\n\n")
layout("days, outlets and titles in a line", "{iso} | Caspian Courier | {title}\n{text}\n\n")
layout("addresses behind a label", "{title}\nClipped from: {url}\n\n{text}\n\n")
layout("numbers of pages in brackets", "[Page {n}]\n{capitals}\n{by}\n{text}\n\n")
layout("marks of the end", "{title}\n{text}\n-30-\n\n")
layout("signed by a name alone", "{title}\n\n{text}\n\n{author}\n\n")
layout("signed by a name in brackets", "{title}\n\n{text}\n\n({author})\n\n")
layout("a name between title and text", "{title}\n\n{author}\n\n{text}\n\n")
layout("a name above the title", "{author}\n\n{title}\n\n{text}\n\n")
layout("a place in capitals opens the text", "{title}\n\nAKTAU — {text}\n\n")

# --- divided by a sign and a title alone ---------------------------------------------------------------------------

DIVIDED: dict[str, str] = {
    "stars": "{title}\n\n{text}\n\n* * *\n\n",
    "slashes": "{title}\n\n{text}\n\n///\n\n",
    "signs with letters between": "{title}\n\n{text}\n\n-o-o-o-\n\n",
    "lines that end with a carriage return": "{title}\r\n{tight}\r\n~~~\r\n",
    "form feeds": "{title}\n\n{text}\n\f",
    "Roman numerals": "{roman}. {title}\n\n{text}\n\n",
    "numerals in lines of their own": "({n})\n{title}\n\n{text}\n\n",
    "numbers of articles": "Article {n}\n\n{title}\n\n{text}\n\n",
    "numbers in words": "STORY {word}\n\n{title}\n\n{text}\n\n",
    "marks of an end": "{title}\n\n{text}\n\n[end of article]\n\n",
    "one level of Markdown": "## {title}\n\n{text}\n\n",
    "bold titles": "**{title}**\n\n{text}\n\n",
    "titles with a line below": "{title}\n=====================\n\n{text}\n\n",
    "titles in capitals": "{capitals}\n\n{text}\n\n",
    "wide gaps": "{title}\n\n{text}\n\n\n\n\n\n",
    "a line that recurs": "LOCAL NEWS\n{title}\n\n{text}\n\n",
    "counts of words": "{title}\n(6{n} words)\n\n{text}\n\n",
    "addresses of authors": "{title}\n{given}@courier.example\n\n{text}\n\n",
    "days without a year": "{weekday} {month}\n{title}\n\n{text}\n\n",
    "reports of a monitor": "{title}\n\nExcerpt from report by Caspian Wire, in English 1412 gmt\n\n{text}\n\n",
}
"""What stands around each article of a text; an article alone is one."""


def divided(name: str, stories: list[Story]) -> str:
    """A text of these articles."""
    more = [{"roman": roman, "word": word} for roman, word in (("I", "ONE"), ("II", "TWO"), ("III", "THREE"), ("IV", "FOUR"))]
    return "".join(DIVIDED[name].format(**fields(story), **extra) for story, extra in zip(stories, more, strict=False))
