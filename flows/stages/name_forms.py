"""Forms of a name: how it is written without what varies between spellings, transliterations and short forms."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

GROUPS = {"PERSON": "PERSON", "NORP": "NORP", "ORG": "ORG", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE", "EVENT": "EVENT"}
GROUPS |= {"PRODUCT": "PRODUCT", "WORK_OF_ART": "WORK", "LAW": "LAW"}
_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ə": "a", "’": "'", "ʻ": "'", "`": "'"}
)
_SMALL = frozenset(["of", "for", "the", "and", "on", "in", "to", "at", "de", "la", "le", "du", "des", "del"])
_ROMANISATIONS = [
    (re.compile(pattern), reply)
    for pattern, reply in {
        r"[^a-z]": "",
        r"^[yij](?=u)": "",
        r"^[yj](?=[aeo])": "",
        r"shch|sch|sh": "S",
        r"tch|ch|cz": "C",
        r"dzh|zh|dj": "J",
        r"ph": "f",
        r"kh|gh|x|h": "h",
        r"ck|q|c": "k",
        r"ts|tz": "z",
        r"(?<=[aeou])w$|ff$": "v",
        r"w": "v",
        r"[aeiouyj]": "",
        r"(.)\1+": r"\1",
    }.items()
]


def group_of(label: str) -> str:
    """The kind of thing a label names; "" for dates and amounts. Countries, regions and buildings are one kind: places."""
    return GROUPS.get(label, "")


def tokens_of(name: str) -> list[str]:
    """The words of a name; a hyphenated one is one word."""
    return [w for w in re.split(r"\s+", name.strip()) if any(c.isalnum() for c in w)]


@lru_cache(maxsize=100_000)
def plain(name: str) -> str:
    """A name in lower case, without diacritics."""
    folded = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    return "".join(c for c in folded if not unicodedata.combining(c))


@lru_cache(maxsize=100_000)
def normal(name: str, group: str) -> str:
    """A name without what says nothing: case, diacritics, marks, hyphens, and of bodies small words and British spelling."""
    text = re.sub(r"'s\b", "", plain(name)).replace("'", "")
    words = re.sub(r"[^\w]+", " ", text).split()
    if group == "ORG":
        words = [re.sub(r"isation(s?)$", r"ization\1", w).replace("centre", "center").replace("defence", "defense") for w in words]
        words = [w for w in words if w not in _SMALL] or words
    if group == "PERSON" and len(words) > 2:  # middle initials
        words = [words[0], *(w for w in words[1:-1] if len(w) > 1), words[-1]]
    return " ".join(words)


@lru_cache(maxsize=100_000)
def skeleton(word: str) -> str:
    """The consonants of a romanised word, alike for what transliterations write differently: Tokayev, Tukaev, Takajew."""
    text = plain(word)
    for pattern, reply in _ROMANISATIONS:
        text = pattern.sub(reply, text)
    return text


def initials(name: str) -> str:
    """The letters an acronym of a name would have: "Collective Security Treaty Organization" → CSTO."""
    words = re.split(r"[\s\-]+", name)
    return "".join(w[0].upper() for w in words if w and w[0].isalpha() and w.lower() not in _SMALL)


def is_acronym(text: str) -> bool:
    """Whether a name is written in capitals only, as acronyms are."""
    letters = text.replace(".", "").replace("-", "")
    return letters.isalnum() and letters.isupper() and 1 < len(letters) < 9 and " " not in text


def are_one_person(a: str, b: str) -> bool:
    """Whether two full names are spellings of one: the same surname, and first names that do not contradict each other."""
    first_a, *_, last_a = normal(a, "PERSON").split()
    first_b, *_, last_b = normal(b, "PERSON").split()
    return last_a == last_b and (first_a == first_b or (min(len(first_a), len(first_b)) == 1 and first_a[0] == first_b[0]))
