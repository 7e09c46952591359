"""What a feed, or WordPress's export, says of all its articles: who publishes it, what its authors are called, what is no article."""

from __future__ import annotations

import re
from typing import Any

from qantar.stages.articles.archives.archive_parts import one_line
from qantar.stages.articles.archives.xml_fields import name_of
from qantar.text.lexicon import read_toml

_FEEDS = ("channel", "feed")
_PARTED = re.compile(r"[-–—|:>»·/]")
"""What parts an outlet's name from a section's in the title of a feed, on either side."""
_LONGEST_OUTLET = 5  # words
_OF_WORDPRESS = frozenset(
    {
        *("attachment", "custom_css", "customize_changeset", "nav_menu_item", "oembed_cache", "page", "revision", "user_request"),
        *("wp_block", "wp_font_face", "wp_font_family", "wp_global_styles", "wp_navigation", "wp_template", "wp_template_part"),
    }
)
"""Types of posts that WordPress makes by itself or that stand outside of its news: pictures, menus, the page on the people."""


def is_post(node: Any) -> bool:
    """Whether an article of a feed may be one: all are, but for what WordPress exports beside its posts."""
    return _child(node, "post_type") not in _OF_WORDPRESS


def unpublished(node: Any) -> str | None:
    """The status of a post that WordPress has not shown to all: a draft, one that is private or thrown away; None for others."""
    status = _child(node, "status") if _child(node, "post_type") else None
    return None if status in (None, "publish", "inherit") else status


def outlet_of_feed(node: Any) -> str | None:
    """Who publishes the feed that an article stands in: its title, where that is a name alone."""
    feed = node.getparent()
    title = _child(feed, "title") if feed is not None and name_of(feed) in _FEEDS else None
    if title is None or len(title.split()) > _LONGEST_OUTLET or _PARTED.search(title):
        return None
    return None if all(word in read_toml("pages.toml")["titles"]["sections"] for word in title.lower().split()) else title


def shown_name(node: Any, author: str | None) -> str | None:
    """What WordPress shows for an author whom it knows by the name of an account."""
    for person in node.itersiblings("{*}author", preceding=True) if author else ():
        if _child(person, "author_login") == author:
            return _child(person, "author_display_name") or author
    return author


def _child(node: Any, name: str) -> str | None:
    return next((one_line("".join(child.itertext())) for child in node if name_of(child) == name), None)
