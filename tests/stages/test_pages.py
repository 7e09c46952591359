"""What of a web page is the article: its furniture is told by where it stands and whither it leads, in whatever words."""

from __future__ import annotations

import json

import pytest

from qantar.compat import load_page
from qantar.stages.articles.encodings import NotTextError
from qantar.stages.articles.page_layout import find_lines, page_lines
from qantar.stages.articles.pages import extract_page

TITLE = "Bridge over the Marn reopens after four years"
PARAGRAPHS = [
    "The bridge over the Marn was opened to traffic again on Tuesday, four years after a barge had struck one of its pillars in a storm.",
    "Some two hundred people crossed it on foot in the first hour, among them the mayor, who had promised to do so whatever the weather.",
    "“We had begun to think that it would never be finished,” said a baker from the eastern bank, who had lost half of his customers.",
    "The repair cost eleven million, twice what had been planned; the engineers blamed the river bed, which turned out to be softer.",
    "Lorries will have to wait until the spring, when the new barriers on both banks have been tested and the last cables replaced.",
]
OTHER = "Ferrymen look for work now that the crossing is free again for everybody who used to pay them for it"


def page(*inside: str, after: str = "", head: str = "", title: str = TITLE) -> bytes:
    """A page with `inside` among the paragraphs of its article, behind the second, and `after` below the article."""
    parts = [f"<p>{text}</p>" for text in PARAGRAPHS]
    parts[2:2] = inside
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:title" content="{title}">{head}</head><body><header><a href="/">Marn Valley Post</a></header>'
        f'<main><article><h1>{title}</h1><div class="story">{"".join(parts)}</div></article>{after}</main></body></html>'
    ).encode()


def lines(data: bytes) -> list[str]:
    return extract_page(data).text.split("\n")


def test_a_plain_page_gives_its_paragraphs_and_no_headline() -> None:
    assert lines(page()) == PARAGRAPHS


@pytest.mark.parametrize(
    "inside",
    [
        f'<p><a href="/ferry">{OTHER}</a></p>',
        f'<p>[<a href="/ferry">{OTHER}</a>]</p>',
        f'<p><strong>Read also:</strong> <a href="/ferry">{OTHER}</a></p>',
        f'<p>Lesen Sie auch: <a href="/ferry">{OTHER}</a></p>',
        f'<p>Also on our site</p><ul><li><a href="/ferry">{OTHER}</a></li><li><a href="/toll">No toll for the time being</a></li></ul>',
        f'<div class="inlineNewsletter"><p>{OTHER}, every morning in your mailbox, with all that matters in the valley.</p></div>',
        f'<div id="story-recirc"><div><p>{OTHER}, and why that is hard for them.</p></div></div>',
        f'<div class="box"><div class="cell"><h4><a href="/ferry">Ferrymen</a></h4><p>{OTHER}, says one of them.</p></div></div>',
        f'<div class="more-on"><ul><li>1 of 2 {OTHER}</li></ul></div>',
        f'<div class="story-feature"><blockquote><p>{OTHER}, they say.</p></blockquote></div>',
        f'<div class="photo-caption"><p>{OTHER}, in a picture of last year by a reader.</p></div>',
        f"<aside><p>{OTHER}, and here is what they say.</p></aside>",
        f"<figure><img src='a.jpg'><figcaption>{OTHER}, in a picture of last year.</figcaption></figure>",
        f"<h2>{TITLE}</h2>",
    ],
)
def test_furniture_among_the_paragraphs_is_left_out(inside: str) -> None:
    assert lines(page(inside)) == PARAGRAPHS


@pytest.mark.parametrize(
    "after",
    [
        f'<div class="x1"><h3>From the valley</h3><p>{OTHER}, one of them said on Monday.</p></div>',
        f'<div class="x1"><p>Please wait...</p><p>Thanks!</p><p>{OTHER}.</p></div>',
        f'<section><div class="x2"><h3><a href="/f">Ferry</a></h3><p>{OTHER}, and so do their sons, who had hoped for it.</p></div>'
        f'<div class="x2"><h3><a href="/t">Toll</a></h3><p>No toll will be asked for, the council says.</p></div></section>',
    ],
)
def test_what_stands_below_the_article_in_another_part_of_the_page_is_left_out(after: str) -> None:
    assert lines(page(after=after)) == PARAGRAPHS


@pytest.mark.parametrize(
    "inside",
    [
        "<h2>What it cost</h2>",
        "<p>He follows the news of the bridge on his phone, and his wife subscribes to the paper only for its sake.</p>",
        '<p>The council <a href="/report">published a report of two hundred pages</a> on the mistakes that were made in those years.</p>',
        "<ul><li>The barge struck the pillar on 4 March.</li><li>The repair began a year later, in April.</li></ul>",
        "<blockquote><p>It is a bridge again, and it is ours, and nobody will take it from us.</p></blockquote>",
        '<div class="chunk"><p>The story goes on in the second part of the town, where trams end and vineyards begin.</p></div>',
    ],
)
def test_what_belongs_to_the_article_stays(inside: str) -> None:
    text = lines(page(inside))
    assert [line for line in text if line in PARAGRAPHS] == PARAGRAPHS
    assert len(text) > len(PARAGRAPHS)


def test_an_article_whose_parts_all_have_the_names_of_furniture_is_kept() -> None:
    named = "".join(f'<section class="story-with-ads"><p>{text}</p></section>' for text in PARAGRAPHS)
    data = f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>{named}</article></body></html>".encode()
    assert lines(data) == PARAGRAPHS


def test_an_article_that_goes_on_in_another_part_of_the_page_is_read_to_its_end() -> None:
    more = [
        "The old ferry will go on for the summer, for those who come to see the river and have all the time in the world to cross it.",
        "It was built in the same yard as the barge that struck the pillar, as the people of the valley will tell everybody who asks them.",
    ]
    rest = "".join(f"<p>{text}</p>" for text in more)
    data = page().decode().replace("</article>", f'<div class="part-two">{rest}</div></article>')
    assert lines(data.encode()) == PARAGRAPHS + more


DECK = "Lorries have to wait until the spring for their turn"


@pytest.mark.parametrize(
    ("above", "deck"),
    [
        (f'<p class="c-entry-summary p-dek">{DECK}</p>', [DECK]),
        (f'<div class="articleDek">{DECK}</div><p class="byline">By Ann Reed</p>', [DECK]),
        (f'<header><div class="node-subtitle"><div>{DECK}</div></div></header>', [DECK]),
        (
            f'<div class="standfirst"><ul><li>{DECK}</li><li>The repair cost twice the money</li></ul></div>',
            [DECK, "The repair cost twice the money"],
        ),
        (f"<h2>{DECK}</h2>", [DECK]),
        (f"<p>By Ann Reed</p><h2>{DECK}</h2>", []),
        (f"<h2><a href='/1'>{DECK}</a></h2>", []),
        ('<p class="lead">Read on</p>', []),
        ('<p class="lead">By Ann Reed of the Valley Post</p>', []),
        ('<p class="summary">Tuesday, 5 May 2022 at noon</p>', []),
        (f'<figure><p class="description">{DECK}</p></figure>', []),
        (f'<div class="image-description">{DECK}</div>', []),
        (f'<div class="newsletter"><p class="description">{DECK}</p></div>', []),
        (f'<p class="lead">{TITLE}</p>', []),
        (f'<p class="lead">{PARAGRAPHS[0]}</p>', []),
    ],
)
def test_a_summary_between_the_headline_and_the_text_is_read(above: str, deck: list[str]) -> None:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    found = lines(bare(f"<main><div><h1>{TITLE}</h1>{above}</div><div class='story'>{body}</div></main>"))
    assert found == deck + PARAGRAPHS


@pytest.mark.parametrize("byline", ["Ann Reed and Bo Finch", "ANN REED, BO FINCH", "By Ann Reed & Bo Finch"])
def test_a_line_of_the_authors_above_the_text_is_no_part_of_it(byline: str) -> None:
    head = '<meta name="author" content="Ann Reed; Bo Finch">'
    first = f"<p class='by'>{byline}</p>"
    assert lines(page(head=head).decode().replace("<p>", f"{first}<p>", 1).encode()) == PARAGRAPHS
    whose = f"<p class='by'>{byline} are back</p>"
    assert len(lines(page(head=head).decode().replace("<p>", f"{whose}<p>", 1).encode())) > len(PARAGRAPHS)


def test_a_list_of_links_that_is_the_article_stays() -> None:
    items = "".join(f'<li><a href="/{n}">{text}</a></li>' for n, text in enumerate(PARAGRAPHS))
    data = f"<html><body><article><h1>Five stories of the week</h1><p>These were read most.</p><ul>{items}</ul></article></body></html>"
    assert len(lines(data.encode())) >= len(PARAGRAPHS)


def test_an_article_that_is_a_list_of_linked_parts_stays() -> None:
    parts = "".join(f'<div class="item"><h3><a href="/inn/{n}">Inn {n}</a></h3><p>{text}</p></div>' for n, text in enumerate(PARAGRAPHS))
    data = f"<html><body><article><h1>{TITLE}</h1><div class='list'><p>{OTHER}.</p>{parts}</div></article></body></html>".encode()
    assert set(PARAGRAPHS) <= set(lines(data))


def ld(body: str) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "articleBody": body})}</script>'


def test_the_pages_own_article_body_tells_where_the_article_ends() -> None:
    note = "<p>The author has lived on the eastern bank for thirty years and has written two books about the river.</p>"
    parts = page(head=ld("\n".join(PARAGRAPHS))).decode().replace("</div></article>", f"{note}</div></article>").encode()
    assert lines(parts) == PARAGRAPHS


def test_an_article_body_that_was_cut_short_does_not_cut_the_article() -> None:
    assert lines(page(head=ld("\n".join(PARAGRAPHS)[:-80]))) == PARAGRAPHS


def test_invisible_characters_of_a_page_do_not_part_its_words_and_paragraphs() -> None:
    data = page(title="Bridge\u200b over the Marn").decode().replace("traffic again", "traf\u200bfic \u2060again\ufeff")
    found = extract_page(data.encode())
    assert found.text.split("\n") == PARAGRAPHS
    assert found.title == "Bridge over the Marn"


# --- what an extractor leaves out ----------------------------------------------------------------------------------------

MORE = [
    f"Sentence {n} of the second part tells of the ferrymen, of whom there were once eleven, and of the boats that they have now sold."
    for n in range(6)
]


def bare(body: str, head: str = "") -> bytes:
    return f"<html><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>".encode()


def test_a_body_in_several_containers_parted_by_advertisements_is_read_whole() -> None:
    chunks = [PARAGRAPHS[:2], PARAGRAPHS[2:], MORE]
    parts = [f"<div class='grid body'>{''.join(f'<p>{text}</p>' for text in chunk)}</div>" for chunk in chunks]
    ad = "<div class='row'><div class='ad-slot'>Advertisement</div></div>"
    rows = ad.join(f"<div class='row'>{part}</div>" for part in parts)
    assert lines(bare(f"<main><article><h1>{TITLE}</h1>{rows}</article></main>")) == PARAGRAPHS + MORE


def test_lists_and_preformatted_text_among_the_paragraphs_are_read() -> None:
    items = ["The barge struck the pillar on 4 March.", "The repair began a year later, in April."]
    listed = "".join(f"<li>{text}</li>" for text in items)
    data = bare(f"<h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p><ul>{listed}</ul><p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p>")
    found = lines(data)
    assert [line.lstrip("- ") for line in found] == [PARAGRAPHS[0], *items, *PARAGRAPHS[1:3]]
    preformatted = "\n\n".join("\n".join(text[i : i + 60] for i in range(0, len(text), 60)) for text in PARAGRAPHS)
    assert lines(bare(f"<h1>{TITLE}</h1><pre>{preformatted}</pre>"))[0].startswith("The bridge over the Marn")


def test_a_paragraph_that_is_one_link_is_text_where_it_is_a_sentence() -> None:
    linked = "The council published all of its papers on Monday evening."
    assert linked in lines(page(f'<p><a href="/papers">{linked}</a></p>'))


def test_a_text_that_was_taken_twice_is_in_the_article_once() -> None:
    text = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    assert lines(bare(f"<article><h1>{TITLE}</h1><div class='story'>{text}</div><div class='story'>{text}</div></article>")) == PARAGRAPHS


def test_the_next_article_of_an_endless_page_is_not_the_first() -> None:
    first, second = (
        f"<article><h1>{title}</h1><div class='story'>{''.join(f'<p>{text}</p>' for text in texts)}</div></article>"
        for title, texts in ((TITLE, PARAGRAPHS), ("Ferrymen sell their boats", MORE))
    )
    assert lines(bare(first + second)) == PARAGRAPHS


@pytest.mark.parametrize(
    "body",
    ["".join(f"<p>{text}</p>" for text in PARAGRAPHS), "&lt;p&gt;" + "&lt;/p&gt;&lt;p&gt;".join(PARAGRAPHS), "\n\n".join(PARAGRAPHS)],
)
def test_a_page_whose_text_is_only_in_its_json_ld_keeps_its_paragraphs(body: str) -> None:
    assert lines(bare("<div id='app'></div>", ld(body))) == PARAGRAPHS


def test_a_short_text_of_json_ld_keeps_its_paragraphs_too() -> None:
    short = [text[:88].strip() for text in PARAGRAPHS[:4]]
    assert lines(bare("<div id='app'></div>", ld("\n\n".join(short)))) == short


def test_the_updates_of_a_live_blog_in_json_ld_are_its_text() -> None:
    updates = [{"@type": "BlogPosting", "headline": f"Update {n}", "articleBody": text} for n, text in enumerate(PARAGRAPHS)]
    data = json.dumps({"@type": "LiveBlogPosting", "headline": TITLE, "liveBlogUpdate": updates})
    found = lines(bare("<div id='app'></div>", f'<script type="application/ld+json">{data}</script>'))
    assert set(PARAGRAPHS) <= set(found)
    assert "Update 3" in found


@pytest.mark.parametrize(
    "body",
    [
        [{"type": "paragraph", "html": f"<p>{text}</p>"} for text in PARAGRAPHS],
        [{"type": "p", "children": [{"type": "text", "data": t[:20]}, {"type": "a", "children": [{"data": t[20:]}]}]} for t in PARAGRAPHS],
        "".join(f"<p>{text}</p>" for text in PARAGRAPHS),
        "\n\n".join(PARAGRAPHS),
    ],
)
@pytest.mark.parametrize("opening", ['<script id="__NEXT_DATA__" type="application/json">', "<script>window.__INITIAL_STATE__ = "])
def test_an_article_that_only_the_data_of_a_script_holds_is_read(body: object, opening: str) -> None:
    data = json.dumps(
        {"props": {"article": {"title": TITLE, "body": body}, "menu": [{"url": f"/section/{n}", "name": "News"} for n in range(40)]}}
    )
    assert lines(bare("<div id='__next'><div>Loading</div></div>" + opening + data + "</script>")) == PARAGRAPHS


def test_the_paragraphs_of_a_cell_of_a_table_are_its_paragraphs() -> None:
    text = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    assert lines(bare(f"<table><tr><td>{TITLE}</td></tr><tr><td>{text}</td></tr></table>")) == PARAGRAPHS


def test_a_page_laid_out_as_a_table_is_read_cell_by_cell() -> None:
    text = "".join(f"<p>{text}</p>" for text in PARAGRAPHS + MORE)
    menu = "<td><a href='/'>Home</a><br><a href='/odd'>Odd</a></td>"
    byline = "<span>Sep 12, 1:44 AM (ET)</span><span class='byline'>By <span>ANN REED</span></span>"
    of_years = "<table><tr><td>1961</td><td>built</td></tr><tr><td>1994</td><td>painted</td></tr></table>"
    found = lines(bare(f"<table><tr>{menu}<td><div><span>{TITLE}</span></div><br>{byline}<span>{text}</span></td></tr></table>"))
    assert found[-len(PARAGRAPHS + MORE) :] == PARAGRAPHS + MORE
    assert len(lines(page(of_years))) > len(PARAGRAPHS)


def test_a_first_paragraph_beside_others_without_an_element_of_its_own_is_read() -> None:
    first, *rest = [" ".join(pair) for pair in zip(PARAGRAPHS, MORE, strict=False)] + MORE[:1]
    block = "<div><div>{}</div></div>"
    above, below = (block.format("".join(f"<p>{text}</p>" for text in part)) for part in (rest[:2], rest[2:]))
    above = above.replace("<p>", f"{first}<p>", 1)
    assert lines(bare(f"<article><h1>{TITLE}</h1><div><div>{above}{below}</div></div></article>")) == [first, *rest]


def test_an_article_that_is_mostly_a_list_ends_with_the_paragraph_below_it() -> None:
    listed = "".join(f"<li>{text}</li>" for text in MORE)
    found = lines(bare(f"<h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p><ul>{listed}</ul><p>{PARAGRAPHS[1]}</p>"))
    assert [line.lstrip("- ") for line in found] == [PARAGRAPHS[0], *MORE, PARAGRAPHS[1]]


def test_headings_among_the_paragraphs_are_read_and_those_of_boxes_are_not() -> None:
    entries = "".join(
        f"<div class='entry'><h3>Hour {n} of the day</h3><div class='text'><p>{text}</p></div></div>" for n, text in enumerate(MORE)
    )
    box = '<div class="box"><h3>From the valley</h3><a href="/ferry">Ferrymen look for work</a></div>'
    found = lines(bare(f"<main><h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p>{entries}{box}<p>{PARAGRAPHS[1]}</p></main>"))
    assert {f"Hour {n} of the day" for n in range(1, 6)} <= set(found)
    assert "From the valley" not in found


def test_a_page_made_in_the_browser_whose_text_no_script_holds_is_told_of() -> None:
    menu = "<header><nav><a href='/'>Home</a> <a href='/news'>News</a></nav></header>"
    with pytest.raises(NotTextError, match="made in the browser"):
        extract_page(bare(f"{menu}<div id='__nuxt'></div><script>window.__NUXT__=(function(a){{return a}}(1))</script>"))
    with pytest.raises(NotTextError, match="made in the browser"):
        extract_page(bare("<div id='root'></div><script src='/app.js'></script>"))


def test_blank_lines_part_the_paragraphs_of_a_page_that_has_no_other_marks() -> None:
    said = "\n\n".join(PARAGRAPHS)
    assert lines(f"<html><body><h1>{TITLE}</h1><div>{said}</div></body></html>".encode()) == PARAGRAPHS


def test_a_first_paragraph_that_a_box_for_sharing_repeats_is_the_articles() -> None:
    box = f'<div class="share"><p>{PARAGRAPHS[0]}</p><a href="/share">Share</a></div>'
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    assert lines(f"<html><body>{box}<article><h1>{TITLE}</h1><div>{body}</div></article></body></html>".encode()) == PARAGRAPHS


@pytest.mark.parametrize("above", ["", "<figure><img src='a.jpg'><figcaption>The bridge</figcaption></figure>"])
@pytest.mark.parametrize("below", ["", "<br><br>"])
def test_a_first_paragraph_without_an_element_of_its_own_is_read(above: str, below: str) -> None:
    first, *rest = PARAGRAPHS
    rest += [f"In week {n}, {' '.join(reversed(text.split()))}." for n in range(6) for text in PARAGRAPHS]
    body = "".join(f"<p>{text}</p>" for text in rest)
    page = f"<html><body><article><h1>{TITLE}</h1><div>{above}{first}{below}{body}</div></article></body></html>"
    assert lines(page.encode()) == [first, *rest]


def test_a_line_that_a_paragraph_quotes_is_looked_for_where_it_begins_a_line() -> None:
    said = find_lines(["the gates are shut for the whole of the winter and spring", "nothing"], page_lines(load_page(QUOTED)))
    assert said == [1, 3]


QUOTED = (
    "<html><body><p>A long winter</p><p>The gates are shut for the whole of the winter and spring</p>"
    "<p>He said that the gates are shut for the whole of the winter and spring.</p><p>Nothing</p></body></html>"
)
