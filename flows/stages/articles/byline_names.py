"""The names of authors in a byline, without roles, addresses, days and outlets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import takewhile

from qantar.stages.articles.page_layout import key_of
from qantar.stages.articles.page_titles import is_site
from qantar.stages.blocks.line_rules import macros
from qantar.text.authors import is_outlet
from qantar.text.lexicon import either, read_lines, read_table, read_toml

_ADDRESS = re.compile(r"\S+@\S+\.\w+|https?://\S+|www\.\S+|@\w+")
_MAILBOX = re.compile(r"\S+@\S+\.\w+ ?\(([^()]+)\)")
_HOST = re.compile(r"(?:\w[\w-]*\.)+[A-Za-z]{2,12}")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_MONTHS = "|".join(month[:3] for month in read_toml("calendar.toml")["months"])
_NTH, _WEEKDAYS = either("calendar.toml", "ordinal_endings"), either("calendar.toml", "weekdays")
_SHORT_WEEKDAYS = "|".join(day[:3] for day in read_toml("calendar.toml")["weekdays"])
DAY = re.compile(
    rf"(?i)\b(?:(?:{_SHORT_WEEKDAYS})\.?,? (?=\d|(?:{_MONTHS}))|\d{{1,2}}(?:[.:-]|/ ?)\d{{1,2}}|"
    rf"\d{{4}}-\d\d|\d{{1,2}}(?:{_NTH})? (?:{_MONTHS})\w*|"
    rf"(?:{_MONTHS})[a-z]{{0,6}}\.? \d{{1,2}}|(?:{_WEEKDAYS})\b(?! \w+$)|\d+ \w+ ago)"
)
_PARTS = re.compile(rf"\s*[;|•·\n/]\s*|\s+[-–—]\s+|\s+(?:{either('pages.toml', 'authors.joins')})\s+|\s*,\s*(?:and\s+)?", re.IGNORECASE)
_SURNAME_FIRST = re.compile(r"([^\W\d_][^,;]*), ([^\W\d_][^,;]*)")
JOINED_ROLE = re.compile(rf"(?<=[a-z])(?=(?:[A-Z][a-z]+ ?)?(?:{either('pages.toml', 'authors.joined_roles')})\b)")
_NAME_WORD = re.compile(r"[\"“]?[^\W\d_][\w’'.\-]*[\"”]?")
_JOINED_WORDS = re.compile(r"(?<=[a-z])_(?=[A-Z])")
_PARTICLES = frozenset(read_toml("pages.toml")["authors"]["particles"])
_OF_PICTURE = re.compile(rf"(?i)\W*(?:{either('pages.toml', 'authors.picture_labels')})")
_CHANGED = re.compile(rf"(?i)\W*(?:{either('pages.toml', 'authors.changed')})\b")
_BY_WITHIN = re.compile(r"(?i)\bby:? ")
_OF_TEAM = re.compile(r"^[Tt]he [\w ]{2,40}['’]s (?=[A-Z][\w’'-]+ [A-Z])")
MOST_WORDS = 5  # of a name
_LEAST_BEHIND_ROLE = 2  # words of a name behind a role
_LEAST_WITH_OUTLET = 4  # words of a name with an outlet's behind it
_LEAST_SITE = 7  # letters of a site's name that a longer one may have
_LEAST_PLAIN = 4  # letters of a word that is no part of a name if it is written small
MOST_BYLINE = 300
_PLACE = r"(?-i:[A-Z][\w’'.-]*)(?: (?-i:[A-Z][\w’'.-]*)){0,2}"
_LEADS = either("pages.toml", "authors.place_leads")
JOINS = either("pages.toml", "authors.joins")
_IN_PLACE = re.compile(rf"(?<=\w)(?: ;)? (?:{either('pages.toml', 'authors.place_leads')}) {_PLACE}(?=,? (?:{JOINS}) |\s*[,;|])")
_JOINED = re.compile(rf"^(?:{JOINS}) ", re.IGNORECASE)


def names_in(byline: str, sites: Sequence[str] = ()) -> list[str]:
    """The names in a byline, without what is said of them, and without names of the site.

    >>> names_in("By Ann Reed, Senior Correspondent, and Bo de Vries | Updated 7 Jan 2022", ["The Courier"])
    ['Ann Reed', 'Bo de Vries']
    """
    if _OF_PICTURE.match(byline):
        return []
    line = _MAILBOX.sub(r"\1", " ".join(_JOINED_WORDS.sub(" ", byline[:MOST_BYLINE]).split()))
    text = _IN_PLACE.sub("", _ADDRESS.sub(" ; ", _BRACKETS.sub(" ", line))).strip(" ;")
    if changed := _CHANGED.match(text):
        text = text[(_BY_WITHIN.search(text, changed.end()) or changed).end() :]
    text = _openings().sub("", text)
    text = text[: min((found.start() for found in (DAY.search(text), _ends().search(text)) if found), default=None)]
    parts = list(filter(None, _PARTS.split(text)))
    named = ((_name(part, sites), above) for part, above in zip(parts, ["", *parts], strict=False))
    found = [name for name, above in named if name and not (_is_place(name) or _is_seat(name, above, sites))]
    return list(dict.fromkeys(list(filter(_is_person, found)) or _of_no_place(found, parts, sites)))


def _is_seat(name: str, above: str, sites: Sequence[str]) -> bool:
    """Whether a name is that of the place behind the site's own: "Ann Reed; Coast Courier News, Port Holm"."""
    return bool(above) and name.split()[0].title() not in first_names() and (is_site(above, sites) or _has_site(above, sites))


def _of_no_place(found: Sequence[str], parts: Sequence[str], sites: Sequence[str]) -> Sequence[str]:
    """The names in a byline without a person, those of where the site is left out: "The Courier, Varna, Bulgaria"."""
    return list(filter(is_agency, found)) if len(parts) > 1 and is_site(parts[0], sites) else found


def surname_last(names: Sequence[str]) -> list[str]:
    """The names in their usual order, where each is written with its surname first.

    >>> surname_last(["You, Xiaoying", "Lenharo, Mariana"])
    ['Xiaoying You', 'Mariana Lenharo']
    """
    found = [_SURNAME_FIRST.fullmatch(name.strip()) for name in names]
    turned = [f"{one[2].strip()} {one[1].strip()}" for one in found if one and not _is_employer(one) and len(one[1].split()) < 3]
    several = len(names) > 1 or (len(turned) == 1 and " " not in names[0].partition(",")[0].strip())
    return turned if len(turned) == len(names) and several else list(names)


def _is_employer(found: re.Match[str]) -> bool:
    """Whether what stands behind the comma is what the person is, or an outlet or agency: "Ann Reed, CNN"."""
    return is_role(found[2]) or is_outlet(found[2].strip()) or (found[2].strip().isupper() and not found[1].isupper())


def are_persons(names: Sequence[str]) -> bool:
    """Whether one of the names is written as a whole name of a person, not as that of an agency, an outlet or an account."""
    return any(map(_is_person, names))


def _is_person(name: str) -> bool:
    return " " in name and not is_agency(name) and not is_outlet(name)


def _is_place(name: str) -> bool:
    """Whether a name is that of the place where the author is: "Ann Reed, Hong Kong"."""
    return name.split()[0].title() not in first_names() and name.casefold() in _places()


@cache
def _places() -> frozenset[str]:
    rows = read_table("places.csv")
    return frozenset(name.casefold() for row in rows for name in (row["name"], *row["aliases"].split("|")))


def _name(part: str, sites: Sequence[str]) -> str | None:
    """The name in one part of a byline; None where it is none."""
    for site in sites:
        if part.casefold().endswith(f" {site.casefold()}"):
            part = part[: -len(site)]
    bare = _OF_TEAM.sub("", _JOINED.sub("", JOINED_ROLE.sub(" ", part).strip(' \t-–—:.,*"“”')))
    words = _without_employer(_without_role(_openings().sub("", bare).split()))
    name = " ".join(words) + "." * (words[-1:] in (["Jr"], ["Sr"]) and bare + "." in part)
    signed = [word for word in words if word.lower() not in _words("nobody")]
    if is_site(" ".join(signed), sites) or _has_site(name, sites):
        return None  # the site, or its newsroom
    return name if _looks_like_name(words) else None


def _has_site(name: str, sites: Sequence[str]) -> bool:
    """Whether a name is a longer one of the site, as "South Delta Valley-Post" is of the Valley Post, or its beginning."""
    key, known = key_of(name), [key_of(site) for site in sites if len(re.findall(r"\w+", site)) > 1]
    return any(len(site) >= _LEAST_SITE and (site in key or site.startswith(key)) for site in known)


def _without_employer(words: list[str]) -> list[str]:
    """The words before the name of an agency that follows without a mark, and before that of an outlet where a first name opens them."""
    for end in range(2, len(words)):
        if words[end] == "The" or _glued().fullmatch(" ".join(words[end:])):
            return words[:end]  # "ANN REED The Holm Ledger"
    if len(words) >= _LEAST_WITH_OUTLET and (is_outlet(" ".join(words)) or is_body(words[-1])) and words[0].title() in first_names():
        return words[: _end_of_name(words)]
    return words


def _end_of_name(words: list[str]) -> int:
    """How many words a name has that others follow: two, and the initials and particles between."""
    return 2 + sum(1 for _ in takewhile(_is_small, words[1:]))


def _is_small(word: str) -> bool:
    return len(word.strip(".")) == 1 or word.lower() in _PARTICLES


def _without_role(words: list[str]) -> list[str]:
    """The words before an author's role and what says more of it; none where the role is all there is."""
    role = next((i for i, word in enumerate(words) if is_role(word)), None)
    if role is None:
        return words
    if is_agency(" ".join(words[:role])):
        return words[:role]  # "Reuters Staff"
    if words[0].title() not in first_names():
        if named := _named_behind(words, role):
            return named
        if any(map(_is_modifier, words[:2])):
            return _behind_role(words, role)
    end = role
    while end > 2 and _is_modifier(words[end - 1]):
        end -= 1
    return words[: end if end < role else min(role, _end_of_name(words))]


def _named_behind(words: list[str], role: int) -> list[str]:
    """The name behind a role that a place or a desk opens: "Africa correspondent Ann Reed"."""
    rest = words[role + 1 :]
    while rest and (is_role(rest[0]) or _is_modifier(rest[0])):
        rest = rest[1:]
    return rest if len(rest) >= _LEAST_BEHIND_ROLE and rest[0].title() in first_names() else []


def _behind_role(words: list[str], role: int) -> list[str]:
    """The name behind a role that stands before it: "Education Editor Ann Reed"; none where no whole name does."""
    return words[role + 1 :] if all(map(_is_modifier, words[:role])) and len(words) - role > _LEAST_BEHIND_ROLE else []


def _looks_like_name(words: list[str]) -> bool:
    if not 0 < len(words) <= MOST_WORDS or not all(_NAME_WORD.fullmatch(word) for word in words) or is_role(words[0]):
        return False
    name = " ".join(words)
    if _HOST.fullmatch(name):
        return False
    if any(map(_is_plain_word, words)) or _has_small_end(words):
        return False
    return not is_body(name) and not is_nobody(name) and any(word[0].isupper() for word in words)


def _has_small_end(words: list[str]) -> bool:
    """Whether the first or last word is written small as in no name: "em São Paulo", "Special to"."""
    return (words[0].islower() and words[0] not in _PARTICLES) or words[-1].islower()


def _is_plain_word(word: str) -> bool:
    """Whether a word is written small as no part of a name is: "Ruth Ainsley teaches history"."""
    return word.islower() and len(word) >= _LEAST_PLAIN and word not in _PARTICLES


def is_body(name: str) -> bool:
    """Whether a name is that of a publisher, or has a word that only bodies have in theirs.

    >>> is_body("Condé Nast"), is_body("University of Holm"), is_body("Ann Reed")
    (True, True, False)
    """
    plain = name.casefold().strip()
    return plain.removeprefix("the ") in _publishers() or bool(_words("bodies").intersection(plain.replace(".", "").split()))


def is_nobody(name: str) -> bool:
    """Whether a name is that of an account that signs for nobody.

    >>> is_nobody("Editorial Board"), is_nobody("Ann Reed")
    (True, False)
    """
    lowered = {word.lower() for word in name.split()}
    return lowered <= _words("nobody") or bool(lowered & _words("never"))


def _is_modifier(word: str) -> bool:
    return word.lower().strip(".") in _words("modifiers")


def is_role(word: str) -> bool:
    """Whether a word, or the first of several, is what an author is called: "correspondent"."""
    return bool(_roles().fullmatch(word.partition(" ")[0].strip(".,")))


def is_agency(name: str) -> bool:
    """Whether a name is that of a news agency, with one of its desks perhaps: "USA TODAY Sports"."""
    body, _, last = name.rpartition(" ")
    return bool(_agencies().fullmatch(name) or (last.lower() in _sections() and _agencies().fullmatch(body)))


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(read_toml("pages.toml")["authors"][kind])


@cache
def _sections() -> frozenset[str]:
    return frozenset(read_toml("pages.toml")["titles"]["sections"])


@cache
def first_names() -> frozenset[str]:
    """First names, by which a line that is a name alone is known to be one."""
    return frozenset((*read_lines("first_names.txt"), *read_lines("given_names.txt")))


@cache
def _publishers() -> frozenset[str]:
    return frozenset(read_toml("pages.toml")["authors"]["publishers"])


@cache
def _openings() -> re.Pattern[str]:
    return re.compile(rf"(?i)^\W*(?:{either('pages.toml', 'authors.openings')})\b[:\s]+")


@cache
def _ends() -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<=[\w.,;|]) ?[\s,;|–—-]+\b(?:{either('pages.toml', 'authors.ends')})\b")


@cache
def _roles() -> re.Pattern[str]:
    return re.compile(rf"(?:{macros()['ROLE']}|{either('pages.toml', 'authors.roles')})s?", re.IGNORECASE)


@cache
def _glued() -> re.Pattern[str]:
    return re.compile(either("pages.toml", "authors.glued"), re.IGNORECASE)


@cache
def _agencies() -> re.Pattern[str]:
    return re.compile(rf"(?:{macros()['AGENCY']}|{either('pages.toml', 'authors.agencies')})", re.IGNORECASE)
