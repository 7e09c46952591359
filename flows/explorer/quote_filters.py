"""The filters of the list of quotes: from the address to conditions of SQL, whose values are always bound."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from datasette.utils.asgi import BadRequest

from qantar.explorer.pages import given_value, one_of
from qantar.explorer.translation import gettext
from qantar.explorer.wording import KINDS, ORDERS

NAMES = ("speaker", "outlet", "from", "to", "kind", "score", "q", "article", "sort")
"""Parameters of the address, beside `page`."""
ORDER_BY = {
    "article": "q.rowid",
    "newest": "d.published_on desc nulls last, q.rowid",
    "oldest": "d.published_on nulls last, q.rowid",
    "speaker": "coalesce(e.name, q.speaker) nulls last, q.rowid",
    "outlet": "d.outlet nulls last, d.published_on, q.rowid",
    "surest": "q.score desc, q.rowid",
    "doubtful": "q.score, q.rowid",
    "longest": "length(q.text) desc, q.rowid",
}
_CONDITIONS = {
    "speaker": "q.speaker_entity_id = :speaker",
    "outlet": "d.outlet = :outlet",
    "from": "d.published_on >= :from",
    "to": "d.published_on <= :to",
    "kind": "q.kind = :kind",
    "score": "q.score >= :score",
    "q": "q.rowid in (select rowid from quotes_fts where quotes_fts match :q)",
    "article": "q.document_id = :article",
}
_ATTRIBUTED = "q.kind <> 'unattributed'"

if set(ORDERS) != set(ORDER_BY):
    raise RuntimeError("flows/explorer/wording.py does not name every order of quotes")


@dataclass(frozen=True)
class QuoteFilters:
    """What the address asks for: values by parameter, as they are bound, and the order; `prefix` stands before each bound name."""

    given: dict[str, str]
    values: dict[str, Any]
    sort: str = "article"
    prefix: str = ""

    def conditions(self, without: str = "") -> str:
        """The condition of all filters but one. Marks that nobody is quoted with are shown only where they are asked for."""
        asked = [name for name in _CONDITIONS if name in self.values and name != without]
        found = [_CONDITIONS[name].replace(f":{name}", f":{self.prefix}{name}") for name in asked]
        if self.values.get("kind") is None and without != "kind":
            found.append(_ATTRIBUTED)
        return "\n  and ".join(found) or "true"

    def parts(self, without: str = "") -> dict[str, str]:
        """What takes the place of the comments in the queries."""
        return {"filters": self.conditions(without), "order": ORDER_BY[self.sort]}

    def bound(self, without: str = "") -> dict[str, Any]:
        """The values of those conditions."""
        return {f"{self.prefix}{name}": value for name, value in self.values.items() if name != without}


def read_filters(request: Any, prefix: str = "") -> QuoteFilters:
    """The filters of an address whose names begin with `prefix`; raises BadRequest or NotFound where a value cannot be meant."""
    values: dict[str, Any] = {name: given_value(request, prefix + name) for name in ("speaker", "outlet", "article")}
    values["kind"] = one_of(request, f"{prefix}kind", KINDS)
    values["from"], values["to"] = given_day(request, f"{prefix}from"), given_day(request, f"{prefix}to")
    values["score"], values["q"] = _score(request, f"{prefix}score"), _words(request, f"{prefix}q")
    values = {name: value for name, value in values.items() if value is not None}
    given = {name: value for name in NAMES if (value := given_value(request, prefix + name)) is not None}
    return QuoteFilters(given, values, one_of(request, f"{prefix}sort", ORDERS) or "article", prefix)


def given_day(request: Any, name: str) -> str | None:
    """A day of the address, as ISO 8601 has it; raises BadRequest where it is none."""
    given = given_value(request, name)
    if given is None:
        return None
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise BadRequest(gettext("%(name)s must be a day such as 2022-01-07, not “%(given)s”", name=name, given=given)) from None


def _score(request: Any, name: str) -> float | None:
    given = given_value(request, name)
    if given is None:
        return None
    if not re.fullmatch(r"[01]|[01]?\.\d{1,6}", given) or float(given) > 1:
        raise BadRequest(gettext("%(name)s must be a number from 0 to 1, not “%(given)s”", name=name, given=given))
    return float(given)


def _words(request: Any, name: str) -> str | None:
    given = given_value(request, name)
    if given is None:
        return None
    found = as_match(given)
    if not found:
        raise BadRequest(gettext("%(name)s must hold a word: letters and digits are searched", name=name))
    return found


def as_match(asked: str) -> str:
    """Words and phrases as FTS5 understands them, whatever signs stand between; an asterisk ends the beginning of a word.

    >>> as_match('go "back before" pai* ) OR')
    'text : ("go" AND "back before" AND "pai"* AND "OR")'
    >>> as_match('"(')
    ''
    """
    terms = []
    for phrase, word, star in re.findall(r'"([^"]*)"|(\w+)(\*?)', asked[:200]):
        words = re.findall(r"\w+", phrase or word)
        if words:
            terms.append(f'"{" ".join(words)}"{star}')
    return f"text : ({' AND '.join(terms)})" if terms else ""
