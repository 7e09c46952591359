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

STORY = 12 * "<p>The council met for nine hours on Friday and could not agree on who should pay for the new gates of the northern dam.</p>"
NIGHT = "it was called the worst night that the port had seen in all its years, and nobody who was there had been told of it before"
LD = '<script type="application/ld+json">{"@type": "Article", '
WRITTEN = '<script>dataLayer = [{"authorName": "Ann Reed"}];</script>'
DESK = '{"@type": "Organization", "name": "Harbour Desk Collective"}'


def far(html: str) -> str:
    """A paragraph far below the headline and the text, in parts of its own."""
    return f"{STORY}<div><div><p>{html}</p></div></div>"


AUTHORS: list[tuple[str, str, str | None]] = [
    ('<meta name="author" content="Ann Reed">', "<p>BY ANN REED</p>", "Ann Reed"),  # as the metadata write it
    ('<meta name="author" content="Ann Reed">', "<p>By Ann Reed and Bo Finch</p>", "Ann Reed; Bo Finch"),
    ('<meta name=author content="Ann Reed">', "<p class=byline>With Bo Finch and Cy Oak</p><p>Ann Reed is the host</p>", "Ann Reed"),
    ('<meta name="author" content="Reuters">' + WRITTEN, "", "Ann Reed"),
    ('<meta name="author" content="Reuters">', "", "Reuters"),
    (LD + '"creator": {"name": "Ann Reed"}}</script>', "", "Ann Reed"),
    (LD + f'"author": [{DESK}, {{"@type": "Person", "name": "Ann Reed"}}]}}</script>', "", "Ann Reed"),
    (LD + '"author": {"@type": "Organization", "name": "Delta Institute"}}</script>', "", None),
    ("", '<p class="byline">Reuters</p><p>By Sea</p>', "Reuters"),
    ("", '<p class="byline">Bagehot</p>', "Bagehot"),
    ("", '<div><a href="/author/harbour-times">Harbour Times</a></div>', "Harbour Times"),
    ("", far('<a href="/users/una">Una Brill</a> said</p><p><a href="/users/fan">Bo Finch</a> said'), None),
    ("", f"{STORY}<p>(By Bo Finch, the harbour master, {NIGHT}.)</p>", None),
    ("", f"<p>By Bo Finch, the oldest of the pilots, {NIGHT}.</p>", None),
    ("", f"<div>By</div><p>Bo Finch, the oldest of the pilots, said that {NIGHT}.</p>", None),
    ("", far('<a href="/staff/quay-square">Quay Square</a>'), None),
    ("", f'{STORY}<p><a href="/author/annreed">Anna Reed</a> writes of ports, for {NIGHT}.</p>', "Anna Reed"),
    ("", f'{STORY}<p>The film of <a href="/people/anna-finch">Anna Finch</a> shows that {NIGHT}.</p>', None),
    ("", far('<a href="/author/annreed"><img></a></p><p><a href="/author/annreed">Anna Reed</a>'), "Anna Reed"),
    ("", far('<a href="/people/anna-reed">Anna Reed</a>'), "Anna Reed"),
    ("", f'{STORY}<div class="related"><div><div><p><a href="/author/una-brill">Anna Brill</a></p></div></div></div>', None),
    ("", f'{STORY}<div class="related"><a href="/author/una-brill">Anna Brill</a></div>', None),
    ("", f'{STORY}<ul>{2 * "<li><a href=/author/anna>Anna Hut</a>"}{5 * "<li><a href=/>X</a>"}</ul>', None),
    ("", f'<ul><li><a href="/author/red">Red Hut</a><li><a href="/author/blue">Blue Hill</a>{4 * "<li><a href=/>X</a>"}</ul>', None),
    ("", '<p>Dispatch <a href="/people/ann-reed">Ann Reed</a></p>', "Ann Reed"),
    ("", "<p>Quay Square | 5 May 2022</p>", None),
    ("", "<p>Anna Reed Staff Photographer</p>", None),
    ("", "<p>Florence Harbour Fair Guide</p><p>5 May 2022</p>", None),
    ("", "<p>Quay Square Staff Correspondent</p><p>5 May 2022</p>", None),
    ("", f"<p>Anna Reed</p><p>On 5 May 2022 {NIGHT}.</p>", None),
    ("", "<p>Quay Square office@valley.example</p>", None),
    ("", '<div class="related"><div data-author="Bo Finch"></div></div>', None),
    ("", '<div itemprop="author" itemscope><meta itemprop="jobTitle" content="Harbour Pilot"></div>', None),
    ("", '<div itemprop="locationCreated" itemscope><meta itemprop="name" content="Quay Square"></div>', None),
    ("", '<div data-author-name="Ann Reed"></div>', "Ann Reed"),
    ("", "<p>Delta Recorder | Anna Reed | Wednesday, January 5, 2022</p>", "Anna Reed"),
    ("", '<p><span class="author">Ann Reed</span> <span class="byline-photos">Bo Finch</span></p>', "Ann Reed"),
    ("", "".join(f'<div><div><i><b class="author">{name}</b></i></div></div>' for name in ("Ann Reed", "Bo Finch")), "Ann Reed"),
    ("", '<p class="byline"><a href="/1">Ann Reed</a><a href="/2">Bo Finch</a></p>', "Ann Reed; Bo Finch"),
    ("", '<p class="byline"><span>Ann</span> <span>Reed</span></p>', "Ann Reed"),
    ("", f'<div class="author-note"><p>Bo Finch, the harbour master, says that {3 * NIGHT}.</p></div>', None),
    ("", '<h2>Analysis</h2><p class="byline">Ann Reed</p>', "Ann Reed"),
    ("", '<figure><p class="byline">Bo Finch</p></figure>', None),
]  # fmt: skip
"""What stands in a page's head and below its headline, and its authors."""

ICE = "<title>Ice closes the weir</title>"
LAKE = "<h1>Skaters take to the upper lake</h1>"
LINES = 12 * "<p>Share</p>"
PUBLISHER = LD + '"publisher": {"@type": "Organization", "name": "Valley Post"}}</script>'
SITE = '<meta property="og:site_name" content="'
DAM = "https://valley.example/world/dam-gates-to-stay-shut"
CANONICAL = '<link rel="canonical" href="'

METADATA: list[tuple[str, str, dict[str, str | None]]] = [
    (
        "<title>Film Gang » Blog Archive » Ice closes the weir</title><meta property='og:title' content='Ice closes the weir'>",
        LAKE,
        {"outlet": "Film Gang"},
    ),
    (ICE, f"<h1>Valley Post</h1><p>By Bo Finch</p>{LINES}<h1>Ice closes the weir</h1><p>By Ann Reed</p>", {"author": "Ann Reed"}),
    (ICE, f"<div>Ice closes the weir</div><p>By Bo Finch</p>{LINES}<h1>Ice closes the weir</h1><p>By Ann Reed</p>", {"author": "Ann Reed"}),
    (ICE, f'<div class="related">{LAKE}</div>', {"title": "Ice closes the weir"}),
    ("<title>Ice closes the weir | A/B | News</title>", "<h1><img></h1><div>Ice closes the weir</div>", {"title": "Ice closes the weir"}),
    (ICE, f'{LAKE}<span class="entry-title">Another tale of the weir</span>', {"title": "Skaters take to the upper lake"}),
    ("<title>News of the Delta</title>", '<p><span class="entry-title">Ice closes the weir</span></p>', {"title": "Ice closes the weir"}),
    (ICE, '<div class="share-buttons"><h1>Tell your friends about this</h1></div>', {"title": "Ice closes the weir"}),
    (ICE, f'<a href="/2024/skaters-take-to-the-lake">{LAKE}</a>', {"title": "Skaters take to the upper lake"}),
    (ICE, f'<a href="/n/12345">{LAKE}</a>', {"title": "Skaters take to the upper lake"}),
    (ICE, f'<a name="top">{LAKE}</a>', {"title": "Skaters take to the upper lake"}),
    (ICE, '<a href="/"><h1>The voice of the valley</h1></a>', {"title": "Ice closes the weir"}),
    ("<title>Analysis: Ice closes the weir</title>", "<h2>Ice closes the weir</h2>", {"title": "Ice closes the weir"}),
    (
        "<title>Analysis: Ice closes the weir</title>",
        '<div class="related"><h2>Ice closes the weir</h2></div>',
        {"title": "Analysis: Ice closes the weir"},
    ),
    ("<title>Skaters at the upper lake wait</title>", "<h2>Upper lake</h2>", {"title": "Skaters at the upper lake wait"}),
    ("<title>Skaters love the upper lake</title>", "<h2>Skaters take to the upper lake</h2>", {"title": "Skaters love the upper lake"}),
    (
        "<title>Delta News - Ice closes the weir</title>",
        "<div>Delta News</div><div>Ice closes the weir</div>",
        {"title": "Ice closes the weir"},
    ),
    ("<title>World news - Ice closes it</title>", "<div>World news</div><div>Ice closes it</div>", {"title": "World news - Ice closes it"}),
    (
        "",
        "<p><b>Back</b></p><p><b>Ice closes the weir of the upper lake for a second week</b></p>",
        {"title": "Ice closes the weir of the upper lake for a second week"},
    ),
    (f'{SITE}Valley Post - the voice of the valley">{PUBLISHER}', "", {"outlet": "Valley Post"}),
    (f'{SITE}Delta Weekly">{PUBLISHER}', "", {"outlet": "Delta Weekly"}),
    (PUBLISHER, "", {"outlet": "Valley Post"}),
    (f'{SITE}valley post">', "", {"outlet": "Valley Post"}),
    (f'{SITE}valley.example">', "", {"outlet": "valley.example"}),
    (f'{SITE}eCourier">', "", {"outlet": "eCourier"}),
    (f'<meta name="twitter:url" content="{DAM}">', "", {"url": DAM}),
    (f'{CANONICAL}www.valley.example/dam"><meta property="og:url" content="{DAM}">', "", {"url": DAM}),
    (f'{CANONICAL}https://web.archive.org/web/20240320101500/{DAM}">', "", {"url": DAM}),
    (f'{CANONICAL}{DAM}">', f'<p>See <a href="{DAM}">this story</a></p>', {"url": DAM}),
    (f'{CANONICAL}{DAM}">', '<nav><a href="javascript:void(0)">Menu</a></nav>', {"url": DAM}),
    (
        f'{CANONICAL}https://valley.example/water">',
        '<ul class="menu"><li><a href="https://valley.example/water">Water</a></ul>',
        {"url": None},
    ),
    (
        f'{CANONICAL}https://valley.example/"><meta property="og:url" content="https://valley.example/2022/01/05/dam">',
        "",
        {"published_on": "2022-01-05"},
    ),
    (
        "<title>Ice</title>",
        '<div class="related-content"><h1>Ice</h1><p>By Ann Reed</p><p>5 May 2022</p>{}</div>',
        {"author": "Ann Reed", "published_on": "2022-05-05"},
    ),
]
"""What stands in a page's head, and above its text or around it; what its article has."""

PUBLISHED = '<meta property="article:published_time" content="2022-01-05">'
SYSTEM = '<meta name="sailthru.date" content="2022-01-05">'
FAIR = "<p>The fair opens on January 9, 2022</p>"
NINTH = '<time datetime="2022-01-09">9</time>'
TEASER = '<a href="/7">Skaters take to the upper lake</a>'

DAYS: list[tuple[str, str, str | None]] = [
    ("", "<div>25/01/98</div>", "1998-01-25"),
    ("", "<p>05.01.22</p>", "2022-01-05"),
    ("", "<p>05/05/22</p>", "2022-05-05"),
    ("", "<div>01/25/22</div>", "2022-01-25"),
    ("", "<p>05/01/2022</p><p>The last one closed on <span>25.12.2021</span></p>", "2022-01-05"),
    ('<meta name="date" content="05/01/2022">', "", None),
    (LD + '"datePublished": "2022-01-06T03:42:00Z", "dateCreated": "2022-01-02T22:00:00-05:00"}</script>', "", "2022-01-06"),
    (PUBLISHED, "<p>Posted 5 Jan 2022</p>", "2022-01-05"),
    (SYSTEM, "<p>Dam fair opens January 6, 2022</p>", "2022-01-05"),
    (SYSTEM, "<p>January 6, 2022: what to do in the valley on that day</p>", "2022-01-05"),
    ("", '<p><span itemprop="datePublished" content="2022-01-05">today</span></p>', "2022-01-05"),
    ("", '<time datetime="2022-01-09">9</time> <time itemprop="datePublished" datetime="2022-01-05">5</time>', "2022-01-05"),
    ("", '<time title="2022-01-05T10:00:00Z">5 hours ago</time>' + FAIR, "2022-01-05"),
    ("", f"{FAIR}{STORY}<p><time>January 5, 2022</time></p>", "2022-01-05"),
    ("", f"<dl><dt>Posted</dt><dd>{NINTH}</dd><dt>First published</dt><dd><time datetime='2022-01-05'>5</time></dd></dl>", "2022-01-05"),
    ("", f'{STORY}<div class="related"><p class="published-date">January 5, 2022</p></div>', None),
    ("", f'{STORY}<div>{TEASER}<time class="updated" datetime="2022-01-05">5</time></div>', None),
    ("", f'{STORY}<p class="date">January 5, 2022</p>', "2022-01-05"),
    ("", f'{STORY}<div class="published-at"><p>In 1911, on 3 March 1911, {2 * NIGHT}.</p></div>', None),
    ("", f'{STORY}<div><p class="published-date">Modified January 5, 2022</p></div>', None),
    ("", '<div data-publication-id="20140102"></div>', None),
    ("", '<p><i data-article="1541376800"></i></p><p><i data-published="1641376800"></i></p>', "2022-01-05"),
    ("", f'<div>{TEASER}<i data-date="2022-02-07"></i></div>', None),
    ("", '<div aria-label="In the fair of January 9, 2022"></div><p>Posted January 5, 2022</p>', "2022-01-05"),
    ("", '<div class="related"><div aria-label="Published January 9, 2022"></div></div><p>Posted January 5, 2022</p>', "2022-01-05"),
    ("", '<figure><time datetime="2020-01-02">2</time></figure><p>January 5, 2022</p>', "2022-01-05"),
    ("", "<p>On 3 March 1911 the gates were opened by the wife of the governor, as a stone says</p>", None),
    ("", '<p><b>Last call</b> · Published <time datetime="2022-01-05">5 January</time></p>' + FAIR, "2022-01-05"),
    ("", '<time class="modified" datetime="2022-01-09">9</time><time datetime="2022-01-05">5</time>', "2022-01-05"),
    ("", '<p><time datetime="2022-01-09">Updated 9 January</time></p><p><time datetime="2022-01-05">5 January</time></p>', "2022-01-05"),
    ("", "<p>Updated: January 7, 2022 | Published: January 5, 2022</p>", "2022-01-05"),
    ("", "<table><tr><td>Modified</td><td>7 January 2022</td></tr><tr><td>Date</td><td>5 January 2022</td></tr></table>", "2022-01-05"),
    ("", f'<div class="post-metadata"><p>It burned down on 3 March 1911, and {NIGHT}.</p></div>', None),
    ("", '<div class="related"><p>January 9, 2022</p></div><p>January 5, 2022</p>', "2022-01-05"),
    ("", "<p><span>Ann Reed</span><span>January 5, 2022</span></p>", "2022-01-05"),
    ("", '<p class="dateline">Valley Post staff, Port Holm bureau and the ports desk, on January 5, 2022</p>', "2022-01-05"),
    ("", "<p>Updated: January 7, 2022 © Valley Post</p>", "2022-01-07"),
]  # fmt: skip
"""What stands in a page's head and below its headline, and its day."""
