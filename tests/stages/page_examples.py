"""What pages say of their article, each line for one rule: in bylines, titles, the names of sites and addresses."""

from __future__ import annotations

POST = ("Valley Post", "valley.example")

BYLINES: list[tuple[str, list[str], tuple[str, ...]]] = [
    ("Illustration by Ann Reed", [], POST),
    ("Updated January 5, 2022", [], POST),
    ("Hong Kong - Ann Reed", ["Ann Reed"], POST),
    ("By New York", [], POST),
    ("By Ann Reed, Palo Alto", ["Ann Reed"], POST),
    ("Ann Reed, Charlotte Amalie", ["Ann Reed", "Charlotte Amalie"], POST),  # a place that may be a person
    ("Ann Reed; Telegraf, Port Holm", ["Ann Reed"], ("Telegraf",)),
    ("Ann Reed; South Valley Post, Port Holm", ["Ann Reed"], POST),
    ("Ann and Bo", ["Ann", "Bo"], POST),
    ("Ann Reed, Harbour Times", ["Ann Reed"], POST),
    ("Ann Reed Radio Steppe", ["Ann Reed"], ("Radio Steppe",)),
    ("By Ann Reed.", ["Ann Reed"], POST),
    ("Bo Vale Jr", ["Bo Vale Jr"], POST),
    ("Ann Kovalenkova", ["Ann Kovalenkova"], ("Kovalenko",)),
    ("Ann Matthei", ["Ann Matthei"], ("The i",)),
    ("ANN MARIA DE REED", ["ANN MARIA DE REED"], POST),
    ("Ann Reed The Holm Ledger", ["Ann Reed"], POST),
    ("Anna Reed Harbour Times", ["Anna Reed"], POST),
    ("Anna Reed Times", ["Anna Reed Times"], POST),
    ("Great Northern Valley Times", ["Great Northern Valley Times"], POST),
    ("Anna B. Reed Harbour Times", ["Anna B. Reed"], POST),
    ("Anna de Reed Harbour Times", ["Anna de Reed"], POST),
    ("Columnist Ann Reed", ["Ann Reed"], POST),
    ("Ann White Senior Correspondent", ["Ann White"], POST),
    ("Ann van der Reed Ports Correspondent", ["Ann van der Reed"], POST),
    ("Nairobi desk editor Ann Reed", ["Ann Reed"], POST),
    ("Africa business editor Ann Reed", ["Ann Reed"], POST),
    ("Ann Reed Reporter Charlotte Observer", ["Ann Reed"], POST),
    ("Holm business desk", [], POST),
    ("Deputy Editor Online", [], POST),
    ("Channel 24", [], POST),
    ("em São Paulo", [], POST),
    ("van der Berg", ["van der Berg"], POST),
    ("Special to", [], POST),
    ("编辑部", [], POST),  # "the editors"
    ("Ngo thi Hoa", ["Ngo thi Hoa"], POST),
    ("Ann della Reed", ["Ann della Reed"], POST),
    ("Ruth teaches History", [], POST),
    ("Updated: 5 January 2022 By Ann Reed", ["Ann Reed"], POST),
    ("Telegraf Newsroom", [], ("Telegraf",)),
    ("Nairobi bureau Port Holm", [], POST),
    ("Port business desk Quay Square", [], POST),
    ("Condé Nast", [], POST),
    ("Ann Reed presenter", ["Ann Reed"], POST),
    ("Tass Morgan, Reuters", ["Tass Morgan"], POST),
    ("Bloomberg Opinion, Ann Reed", ["Ann Reed"], POST),
]
"""A byline, the names in it, those of its site."""

TURNED: list[tuple[list[str], list[str]]] = [
    (["Ann Reed, Editor", "Bo Finch, Reporter"], ["Ann Reed, Editor", "Bo Finch, Reporter"]),
    (["Ann Reed, Valley Post", "Bo Finch, Valley Post"], ["Ann Reed, Valley Post", "Bo Finch, Valley Post"]),
    (["Ann Reed, CNN", "Bo Finch, CNN"], ["Ann Reed, CNN", "Bo Finch, CNN"]),
    (["REED, ANN", "FINCH, BO"], ["ANN REED", "BO FINCH"]),
    (["Ann B. Reed, Bo Finch", "Cy D. Oak, Ed Elm"], ["Ann B. Reed, Bo Finch", "Cy D. Oak, Ed Elm"]),
    (["Reed, Ann", "Bo Finch"], ["Reed, Ann", "Bo Finch"]),
]
"""Names as a page's metadata have them, and in their usual order where the surname comes first."""

HERALD = ("The Saltmarsh Herald", "saltmarshherald.example")

TITLES: list[tuple[str, tuple[str | None, ...], str]] = [
    ("What we owe you: a better Herald", ("Herald",), "What we owe you: a better Herald"),
    ("Ice at the weir - but not for long | Saltmarsh Herald", HERALD, "Ice at the weir - but not for long"),
    ("Herald readers: who pays for the weir", ("Herald",), "Herald readers: who pays for the weir"),
    ("Ice at the weir - Saltmarsh Herald", (None, *HERALD), "Ice at the weir"),
    ("Ice at the weir - World", HERALD, "Ice at the weir - World"),
    ("Ice at the weir » Valley » Saltmarsh Herald", HERALD, "Ice at the weir"),
    ("Ice at dawn - skaters wait", ("The Courier",), "Ice at dawn - skaters wait"),
    ("The Herald - Delta - ice at the weir", ("The Herald - Delta",), "ice at the weir"),
    ("Analysis", HERALD, "Analysis"),
    ("Saltmarsh Herald: ice at the weir", ("The Saltmarsh Herald",), "ice at the weir"),
    ("Ice at the weir | www.harbour.example", HERALD, "Ice at the weir"),
    ("Schools get a grade - A", HERALD, "Schools get a grade - A"),
    ("Ice at the weir - six skaters rescued", ("X",), "Ice at the weir - six skaters rescued"),
    ("Ice at the weir - Saltmarsh", HERALD, "Ice at the weir"),
    ("Ice at the weir - The New Saltmarsh Herald Daily", HERALD, "Ice at the weir"),
    ("Ice at the weir - Saltmarsh Herald, the voice of the lower valley", HERALD, "Ice at the weir"),
    (
        "Ice at the weir - how the Saltmarsh Herald and all others saw it",
        HERALD,
        "Ice at the weir - how the Saltmarsh Herald and all others saw it",
    ),
]
"""A title, the names of its site, the headline in it."""

CHOSEN: list[tuple[list[str], list[str], str | None]] = [
    (["Ice closes the weir"], [f"Ice closes the weir {100 * 'again '}"], "Ice closes the weir"),  # an <h1> that nothing ends
    (["Herald"], ["Herald", "Ice closes the weir"], "Ice closes the weir"),
    (["Skating: Ice closes the weir"], ["Ice closes the weir for a second long week", "Ice closes the weir"], "Ice closes the weir"),
    (["Herald"], [], None),
    (["» Herald", "Ice closes the weir"], [], "Ice closes the weir"),
    (["Ice", "Ice closes the weir"], ["Skaters wait"], "Ice"),
]  # fmt: skip
"""What the metadata of a page and its headings say, and its headline."""

BESIDE: list[tuple[str, str | None]] = [
    ("Ice closes the weir - Stone & Water", "Stone & Water"),
    ("Ice closes the weir - Who Pays?", None),
    ("Ice closes the weir - Skaters Take To The Upper Lake Again", None),
    ("Ice closes the weir | ", None),
    ("Ice closes the weir - The", None),
    ("The dam - Saltmarsh Post", None),
    ("Skaters wait for hours - Saltmarsh Post", None),
]
"""A title of a page with the lines "Ice closes the weir" and "The dam", and the site's name in it."""

NO_ABBREVIATIONS = ("LSH", "SXH", "SAL", "SMH today")
"""What does not stand for the Saltmarsh Herald: by its first letter, a letter of none of its words, a word that is left out."""
