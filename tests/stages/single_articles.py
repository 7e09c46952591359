"""Texts of one article each whose lines recur as those of several articles do: live reports, timelines, comments, teasers, interviews."""

from __future__ import annotations

from tests.stages.odd_archives import D, E, F
from tests.stages.odd_inputs import A, B, C

LONG = [" ".join(body) for body in (D, E, F, A, B, C)]
HEAD = "A week at the harbour of Aktau\n\nBy Anna Reed\n\nMarch 14, 2024\n\n"
FOOT = "\nCopyright 2024 The Caspian Courier. All rights reserved.\n"
DAYS = ["January 2, 2024", "January 5, 2024", "January 9, 2024", "January 12, 2024"]


def _each(written: str, n: int = 4) -> str:
    return "".join(
        written.format(text=LONG[i], day=DAYS[i % 4], time=f"1{i}:0{i}", number=i + 1, title=TITLES[i], name=NAMES[i]) for i in range(n)
    )


TITLES = ["Storm closes the port", "Dockers stop the cranes", "The court hears both sides", "A deal is signed at night"]
NAMES = ["Tom Vane", "Li Na", "Irina Petrova", "Jan Novak"]
SINGLES: dict[str, str] = {
    "plain": HEAD + "\n\n".join(D + E + F) + FOOT,
    "sections with headings": HEAD + _each("{title}\n\n{text}\n\n") + FOOT,
    "a live report with times": HEAD + _each("{time}\n{title}\n{text}\n\n"),
    "a live report with days and times": "Storm at Aktau: live\n\nMarch 14, 2024, 9:58\n\n"
    + LONG[5]
    + "\n\n"
    + _each("March 14, 2024, {time}\n{title} at noon\n{text}\n\n"),
    "a timeline with days as headings": HEAD + _each("{day}\n\n{text}\n\n"),
    "a timeline with titles": HEAD + _each("{day}\n{title}\n\n{text}\n\n"),
    "a timeline, days in headings": HEAD + _each("{day}: {title}\n\n{text}\n\n"),
    "readers' comments below": HEAD + "\n\n".join(D + E) + "\n\n4 comments\n\n" + _each("{name}\n{day} at 4:35 pm\n{text}\nReply\n\n"),
    "comments with says": HEAD + "\n\n".join(D + E) + "\n\n" + _each("{name} says:\n{day} at 4:35 pm\n{text}\n\n"),
    "a teaser in the text": HEAD
    + LONG[0]
    + "\n\nRead also\nDockers stop the cranes\nBy Tom Vane\nJanuary 2, 2024\n\n"
    + LONG[1]
    + "\n\n"
    + LONG[2],
    "teasers below": HEAD
    + "\n\n".join(D + E)
    + "\n\nMore stories\n\n"
    + _each("{title}\n{day}\nA few words on what the story is about.\n\n"),
    "an interview": HEAD + _each("Question: What happened then?\n\nAnswer: {text}\n\n"),
    "an interview by names": HEAD + _each("Anna Reed: What happened then?\n\nTimur Alimov: {text}\n\n"),
    "letters to the editor": "Letters to the editor\n\nMarch 14, 2024\n\n" + _each("{title}\n\n{text}\n\n{name}, Aktau\n\n"),
    "credits of pictures": HEAD + _each("{text}\n\nPhoto: {name} / Caspian Wire\n\n"),
    "notices of advertisements": HEAD + _each("{text}\n\nAdvertisement\n\nStory continues below\n\n"),
    "asterisks between sections": HEAD + _each("{text}\n\n* * *\n\n"),
    "rules between sections": HEAD + _each("{text}\n\n----------\n\n"),
    "rules and headings": HEAD + _each("{title}\n----------\n\n{text}\n\n"),
    "a list that counts": HEAD + _each("{number}. {title}\n\n{text}\n\n"),
    "addresses in the text": HEAD + _each("{text}\n\nhttps://courier.example/{number}\n\n"),
    "questions and answers in capitals": HEAD + _each("WHAT HAPPENED NEXT?\n\n{text}\n\n"),
    "speakers in capitals": HEAD + _each("ANNA REED, HOST:\n\n{text}\n\nTIMUR ALIMOV, GUEST:\n\n{text}\n\n"),
    "a fact box": HEAD
    + LONG[0]
    + "\n\nKey dates\n\n"
    + "\n".join(f"{day}: {title}" for day, title in zip(DAYS, TITLES, strict=True))
    + "\n\n"
    + LONG[1],
    "posts that it shows": HEAD + _each("{text}\n\n— {name} (@{name}) {day}\n\n"),
    "quoted documents": HEAD
    + LONG[0]
    + "\n\nFrom: Tom Vane\nDate: January 2, 2024\nSubject: The cranes of the port\n\n"
    + LONG[1]
    + "\n\n"
    + LONG[2]
    + FOOT,
    "a correction and an update": HEAD
    + "\n\n".join(D + E)
    + "\n\nUpdated: March 15, 2024\nCorrection: an earlier version gave another day.\n"
    + FOOT,
    "dateline, then a second one": "Storm closes two ports of the Caspian\nBy Anna Reed\n\nAKTAU, Kazakhstan (CW) — "
    + LONG[0]
    + "\n\nAdditional reporting by Tom Vane in Baku\n\n"
    + LONG[1],
    "recipes of one author": HEAD + _each("{title}\n\nServes: 4\nTime: 40 minutes\n\n{text}\n\n"),
    "tables of results": HEAD + LONG[0] + "\n\n" + "\n".join(f"{title}\t{n}\t{2 * n}" for n, title in enumerate(TITLES)) + "\n\n" + LONG[1],
    "notes with numbers of pages": HEAD + _each("{text}\n\nPage {number}\n\n"),
    "lists of events": "What is on in Aktau this week\n\nMarch 14, 2024\n\n"
    + _each("{title}\nWhere: the old theatre\nWhen: 1{number} March, 19:00\n{text}\n\n"),
    "a transcript": "Harbours of the Caspian\n\nMarch 14, 2024\n\nGuests: Tom Vane, Li Na\n\n"
    + _each("{name}: {text}\n\nHost: And then?\n\n"),
    "an obituary with dates": HEAD + LONG[0] + "\n\nBorn January 2, 1930\nDied March 1, 2024\n\n" + LONG[1] + "\n\n" + LONG[2],
    "an essay with a dateline for each section": HEAD + _each("AKTAU, January {number}\n\n{text}\n\n"),
    "heads of pages": "".join(f"The harbours of the Caspian {n}\n\n{text}\n\f" for n, text in enumerate(LONG[:3], 1)),
}
