"""Forms of a name: how it is written without what varies between spellings, transliterations and short forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from qantar.text.lexicon import read_lines, read_toml

GROUPS = {"PERSON": "PERSON", "NORP": "NORP", "ORG": "ORG", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE", "EVENT": "EVENT"}
GROUPS |= {"PRODUCT": "PRODUCT", "WORK_OF_ART": "WORK", "LAW": "LAW"}
SHORT = 4
"""Letters below which a surname must be written alike."""
_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ə": "a", "’": "'", "ʻ": "'", "`": "'"}
)
_SMALL = frozenset(read_toml("name_words.toml")["small_words"])

# How transliterations of one name differ, in the order in which the differences are taken away; vowels that are heard stay.
_ROMANISATIONS = [
    (re.compile(pattern), reply)
    for pattern, reply in {
        r"[^a-z]": "",
        r"shch|sch": "sh",
        r"tch|cz": "ch",
        r"dzh|zh|dj": "j",
        r"ph": "f",
        r"kh": "h",
        r"dh(?=[aeiou])": "d",
        r"ck|q|c(?=[^heiy]|$)": "k",
        r"ks": "x",
        r"tz": "ts",
        r"w": "v",
        r"ff$": "v",
        r"(?:iy|yy|ii|ij|yi|y|j)$": "i",
        r"(?<=[aeiou])[yij](?=[aeou])": "",  # Tokayev, Tokaev, Nazarbajev
        r"^[yij](?=[aeou])": "",  # Yelena, Jelena, Elena
        r"(?<=[^aeiou])[yij](?=[aeou])": "",
        r"y": "i",
        r"ou|oo": "u",
        r"ee": "i",
        r"(?<=[aeiou])h$": "",
        r"(.)\1+": r"\1",
    }.items()
]


def group_of(label: str) -> str:
    """The kind of thing a label names; "" for dates and amounts. Countries, regions and buildings are one kind: places."""
    return GROUPS.get(label, "")


def tokens_of(name: str) -> list[str]:
    """The words of a name; a hyphenated one is one word."""
    return [w for w in name.split() if any(map(str.isalnum, w))]


@lru_cache(maxsize=100_000)
def plain(name: str) -> str:
    """A name in lower case, without diacritics."""
    if name.isascii():
        return name.lower().replace("`", "'")
    folded = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    return "".join(c for c in folded if not unicodedata.combining(c))


@lru_cache(maxsize=100_000)
def normal(name: str, group: str) -> str:
    """A name without what says nothing: case, diacritics, marks, hyphens, of bodies and places British spelling, of bodies small words.

    >>> normal("Organisation for Security and Co-operation in Europe", "ORG")
    'organization security cooperation europe'
    >>> normal("A.F.L.-C.I.O.", "ORG")
    'afl cio'
    """
    text = plain(name)
    if "'" in text:
        text = re.sub(r"'s\b", "", text).replace("'", "")
    if group == "ORG":
        text = re.sub(r"\b([a-z])\.(?=[a-z]\b)", r"\1", re.sub(r"\bco-op", "coop", text))
    words = (text if text.replace(" ", "").isalnum() else re.sub(r"[^\w]+", " ", text)).split()
    if group in ("ORG", "PLACE") and _is_british(text):
        words = [re.sub(r"isation(s?)$", r"ization\1", w).replace("centre", "center").replace("defence", "defense") for w in words]
    if group == "ORG":
        words = [w for w in words if w not in _SMALL] or words
    return " ".join(words)


def first_word_of_place(name: str) -> str | None:
    """The first word of a place's normal form, where it is read off in a tenth of the time that the form takes; else None.

    >>> first_word_of_place("Cape Town"), first_word_of_place("Saint-Denis")
    ('cape', None)
    """
    first = name.partition(" ")[0].lower()
    return first if first.isascii() and first.isalnum() and not _is_british(first) else None


def _is_british(text: str) -> bool:
    """Whether a word of the text may be spelled otherwise in its normal form."""
    return "isation" in text or "centre" in text or "defence" in text


@lru_cache(maxsize=100_000)
def romanised(word: str) -> str:
    """A word as it sounds, alike for what transliterations write differently.

    >>> romanised("Tokayev") == romanised("Tokaev"), romanised("Zelenskyy") == romanised("Zelensky"), romanised("Massimov")
    (True, True, 'masimov')
    """
    text = plain(word)
    for pattern, reply in _ROMANISATIONS:
        text = pattern.sub(reply, text)
    return text


def sound_of(surname: str) -> str:
    """A surname as it sounds; a short one as it is written, or too many would sound alike."""
    sound = romanised(surname)
    return sound if len(sound) >= SHORT else surname


@lru_cache(maxsize=100_000)
def skeleton(word: str) -> str:
    """The consonants of a romanised word: the same for Tokayev, Tukayev and Takajew."""
    return re.sub(r"[aeiou]", "", romanised(word)) or romanised(word)[:1]


@lru_cache(maxsize=100_000)
def initials(name: str) -> str:
    """The letters an acronym of a name would have: "Collective Security Treaty Organization" → CSTO."""
    words = re.findall(r"[^\s\-]+", name)
    return "".join(w[0].upper() for w in words if w[0].isalpha() and w.lower() not in _SMALL)


def is_acronym(text: str) -> bool:
    """Whether a name is written in capitals only, as acronyms are."""
    letters = text.replace(".", "").replace("-", "")
    return letters.isalnum() and letters.isupper() and 1 < len(letters) < 9


@cache
def _given_names() -> dict[str, int]:
    return {romanised(name): number for number, line in enumerate(read_lines("given_names.txt")) for name in line.split()}


@cache
def _first_names() -> frozenset[str]:
    return frozenset(plain(name) for name in read_lines("first_names.txt"))


def are_given_names(words: Iterable[str]) -> bool:
    """Whether all of these words, in normal form, are first names: "Martin Luther"."""
    return all(word in _first_names() for word in words)


def are_forms_of_one_given_name(a: str, b: str) -> bool:
    """Whether two given names are one: the same but for transliteration, or forms of one name ("Bill", "William").

    >>> are_forms_of_one_given_name("Sergei", "Sergey"), are_forms_of_one_given_name("Hassan", "Hussein")
    (True, False)
    """
    a, b = romanised(a), romanised(b)
    forms = _given_names()
    return a == b or (a in forms and forms[a] == forms.get(b))
