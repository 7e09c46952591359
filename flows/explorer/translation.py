"""The words of the pages: in English, as templates and Python have them, or in the language of a catalogue (gettext's `.po`).

A message is a format string: values have names, as in `%(day)s`, and `%%` is a percent sign. In a page it is markup, whose values are
escaped; a catalogue can add no markup to it (`read_catalogue` checks that). Words of tables and of values are looked up as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from markupsafe import Markup

from qantar.settings import QantarError

TEMPLATE = Path(__file__).parent / "locale" / "qantar.pot"
"""All messages; `make words` writes it."""
_TAG = re.compile(r"<[^<>]*>")
_VALUE = re.compile(r"%\((\w+)\)s")
_MARK_IN_TEXT = re.compile(r'"(?![^<>]*>)')


@dataclass(frozen=True, eq=False)
class Catalogue:
    """A language and its messages."""

    language: str
    """As HTML names it: `kk`, `pt-BR`."""
    messages: NullTranslations


ENGLISH = Catalogue("en", NullTranslations())
_spoken: ContextVar[Catalogue] = ContextVar("spoken", default=ENGLISH)


def speak(catalogue: Catalogue) -> None:
    """Use a catalogue from here on, for every request that is answered by what is begun from here."""
    _spoken.set(catalogue)


def spoken() -> Catalogue:
    """What is spoken here."""
    return _spoken.get()


def word(text: str) -> str:
    """A word or a phrase without values.

    >>> word("People")
    'People'
    """
    return _spoken.get().messages.gettext(text) if text else text


def gettext(message: str, /, **values: Any) -> str:
    """A message with its values.

    >>> gettext("build %(build)s, 95 %% interval", build="b1")
    'build b1, 95 % interval'
    """
    return word(message) % values


def ngettext(one: str, several: str, n: int, /, **values: Any) -> str:
    """A message in the form that a number asks for.

    >>> ngettext("%(num)s copy", "%(num)s copies", 2, num="2")
    '2 copies'
    """
    return _spoken.get().messages.ngettext(one, several, n) % values


def install_translation(environment: Any) -> None:
    """Give templates `{% trans %}`, `_`, `gettext` and `ngettext`."""
    environment.policies["ext.i18n.trimmed"] = True
    environment.add_extension("jinja2.ext.i18n")
    environment.newstyle_gettext = True
    environment.globals |= {"_": _gettext_of_page, "gettext": _gettext_of_page, "ngettext": _ngettext_of_page}


def _gettext_of_page(message: str, /, **values: Any) -> Markup:
    return _as_markup(_spoken.get(), message) % values if values else _whole(_spoken.get(), message)


def _ngettext_of_page(one: str, several: str, n: int, /, **values: Any) -> Markup:
    return Markup(_safe(_spoken.get().messages.ngettext(one, several, n))) % values


@cache
def _as_markup(catalogue: Catalogue, message: str) -> Markup:
    return Markup(_safe(catalogue.messages.gettext(message)))


@cache
def _whole(catalogue: Catalogue, message: str) -> Markup:
    return _as_markup(catalogue, message) % {}


def _safe(message: str) -> str:
    """A message that may stand in an attribute: quotation marks outside tags are escaped."""
    return _MARK_IN_TEXT.sub("&#34;", message)


def read_catalogue(path: Path) -> tuple[Catalogue, int, int]:
    """A catalogue from a .po file, how many of the messages it has, and how many there are.

    Raises QantarError where it cannot be read, names no language, or changes a message's values or markup.
    """
    from babel.core import UnknownLocaleError
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    try:
        with path.open("rb") as file:
            found = read_po(file, abort_invalid=True)
    except OSError as error:
        raise QantarError(f"{path}: {error.strerror}") from error
    except (PoFileError, UnknownLocaleError, ValueError) as error:
        raise QantarError(f"{path}: not a catalogue of gettext (.po): {error}") from error
    if not found.locale_identifier:
        raise QantarError(f"{path}: its header names no language; add a line such as Language: kk")
    used = [m for m in found if m.id and not m.fuzzy and all(_forms(m.string))]
    for message in used:
        if trouble := next(_troubles(message), None):
            raise QantarError(f"{path}:{message.lineno or '?'}: {trouble}")
    compiled = BytesIO()
    write_mo(compiled, found)
    compiled.seek(0)
    with TEMPLATE.open("rb") as file:
        known = {message.id for message in read_po(file) if message.id}
    catalogue = Catalogue(str(found.locale_identifier).replace("_", "-"), GNUTranslations(compiled))
    return catalogue, len(known & {message.id for message in used}), len(known)


def _troubles(message: Any) -> Iterator[str]:
    """What a translation may not change: its values and its markup."""
    originals = _forms(message.id)
    values = set(_VALUE.findall(" ".join(originals)))
    for string in _forms(message.string):
        if unknown := set(_VALUE.findall(string)) - values:
            yield f"%({min(unknown)})s is no value of this message"
        if "%" in _VALUE.sub("", string.replace("%%", "")):
            yield f"a percent sign is written %%: {string}"
        tags = Counter(_TAG.findall(string))
        if all(tags != Counter(_TAG.findall(original)) for original in originals) or re.search("[<>]", _TAG.sub("", string)):
            yield f"its markup is not that of the message: {string}"


def _forms(message: Any) -> tuple[str, ...]:
    """A message for one number and for several, or just the message."""
    return (message,) if isinstance(message, str) else tuple(message or ("",))
