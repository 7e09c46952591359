"""Mentions: names, dates and amounts in an article, found by the corpus's authority, the lexicon, rules and a language model."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from qantar.schema import Document, LinkMethod, Mention, MentionMethod, Sentence
from qantar.stages.mentions.date_expressions import find_dates, find_money
from qantar.stages.mentions.evident_labels import is_time_zone, relabelled
from qantar.stages.mentions.metonyms import metonym_of
from qantar.stages.mentions.missed_bodies import missed_bodies
from qantar.stages.mentions.model_names import ModelName, names_of_model
from qantar.stages.mentions.namesakes import find_namesakes
from qantar.stages.mentions.parted_bodies import LABELS, LAW, PLACED, begins_body, begins_unlisted, first_word_of
from qantar.stages.mentions.person_checks import is_family
from qantar.stages.mentions.things import Thing, find_things
from qantar.text.known_names import LIKELY, Known, Match, Names, Word, words_of
from qantar.text.lexicon import either, read_toml

_START = itemgetter(0)
RANK = {"authority": 0, "lexicon": 1, "model": 2, "rule": 3}
SLIP_SCORE = 0.5
"""Score of a link through an evident slip of the source, which only the authority can make."""


_LINK = re.compile(
    r"(?:https?://|www\.)\S+|@?[^\s@]{1,64}@[^\s@]{1,253}\.\w+|[#@]\w+"
    r"|\b\w[\w.-]{0,253}\.(?:com|org|net|int|gov|co|info|io|[a-z]{2})(?:/\S*)?\b(?![A-Z])"
)
"""Addresses, handles and hashtags: a name inside one is not a mention. What may be repeated has an end, or a long run of signs is read
from each of its places to its end."""
_ARTICLE = re.compile(r"[Tt][Hh][Ee]\s+")
"""Before a name, with whatever white space a writer put between."""
_MAY_LINK = re.compile(r"[#@]|://|www\.|\.[a-z]{2}")
"""What each of them holds, found in a tenth of the time."""
_CIVIL = re.compile(rf"\b(?:{either('name_words.toml', 'civil_titles')})\.? \Z")
"""Before a surname that is a people's name, too: Ms Baloch."""
_PLACED = re.compile(rf"\b(?:{either('place_leads.toml', 'of_places')}),? $")


class Candidate(NamedTuple):
    """A possible mention, before it is known which of those that overlap stay."""

    start: int
    end: int
    label: str
    method: MentionMethod
    score: float
    entity_id: str | None = None
    link_method: LinkMethod | None = None
    link_score: float | None = None
    metonym_of: str | None = None


_NOTHING = Candidate(-1, -1, "", "rule", 0.0)


def find_mentions(doc: Any, document: Document, sentences: list[Sentence], names: Names) -> list[Mention]:
    """Mentions of a document, in order, none inside another.

    `doc` is a spaCy Doc of `document.text`, whose `ents` are a model’s names; `sentences` are those of the
    document. Names of the authority and the lexicon have their `entity_id` where only one entity is meant, the others None.
    Of names that overlap the longest stays, of those as long the one whose finder knows most.
    """
    text = document.text
    links = _links(text)
    everything = words_of(text)
    words = _outside_links(everything, links)
    states = [c for c in _states(text, names) if not _inside(c.start, links)]
    towns = {c.start - len(", "): names.entities[c.entity_id or ""].country for c in states}
    candidates = [*_known(text, words, names, towns), *states]
    dated = [*find_dates(text, everything, document.published_on), *find_money(text)]
    candidates += [Candidate(e.start, e.end, e.label, "rule", 0.9) for e in dated if not _inside(e.start, links)]
    values = {(e.start, e.end, e.label): e.value for e in dated}  # dates found by the model are parsed by the rules too
    candidates = _with_model(doc, text, candidates, {(e.start, e.end) for e in dated if e.is_certain}, links, names)
    candidates = _with_things(candidates, [t for t in find_things(doc, text, names) if not _inside(t.start, links)])
    found = _with_missed(_with_whole(_outermost(candidates), text, names), text, links)
    return list(_rows_of(found, document, sentences, values))


def date_mentions(mentions: Sequence[Mention], text: str, published_on: date | None) -> list[Mention]:
    """The mentions that were found in a document, as if it had been published on that day: the values of its dates are others."""
    values = {(e.start, e.end): e.value for e in find_dates(text, words_of(text), published_on)}
    return [replace(m, value=values.get((m.start, m.end))) if m.label == "DATE" else m for m in mentions]


def _with_whole(found: list[Candidate], text: str, names: Names) -> list[Candidate]:
    """The names, those as one of which a model marks all but the first word: "Utah" "District Court"."""
    whole: list[Candidate] = []
    bodies = _bodies(found, text)
    for c in found:
        if c.label in ("GPE", "LOC") and (law := LAW.match(text, c.end)):
            whole.append(Candidate(c.start, law.end(), "LAW", "rule", 0.8))
            continue
        if c.label in ("GPE", "LOC") and not _is_country(c, names) and (body := PLACED.match(text, c.end)):
            whole.append(Candidate(c.start, body.end(), "ORG", "rule", 0.8))
            continue
        before = whole[-1] if whole else _NOTHING
        if c.method != "model" or c.label not in LABELS:
            whole.append(c)
        elif _is_first_word(before, c, text, names) or text[before.start : c.end] in bodies:
            whole[-1] = Candidate(before.start, c.end, c.label, "model", 0.75)
        else:
            start = first_word_of(text, c.start, c.end)
            whole.append(c._replace(start=start) if before.end < start else c)
    return whole


def _bodies(found: list[Candidate], text: str) -> set[str]:
    """The words of the bodies among the names."""
    return {text[c.start : c.end] for c in found if c.label in LABELS}


def _is_country(place: Candidate, names: Names) -> bool:
    known = names.entities.get(place.entity_id or "")
    return known is not None and known.is_country


def _is_first_word(place: Candidate, body: Candidate, text: str, names: Names) -> bool:
    """Whether a known place or people belongs to the name of a body right behind it."""
    if text[place.end : body.start] != " ":
        return False
    if place.entity_id is None:
        return place.label == "GPE" and begins_unlisted(text, (body.start, body.end))
    is_place = place.label in ("GPE", "LOC", "NORP")
    return is_place and begins_body(text, (place.start, place.end), (body.start, body.end), place.entity_id, names)


def _with_missed(found: list[Candidate], text: str, links: list[tuple[int, int]]) -> list[Candidate]:
    """The names and the bodies that nobody found; a place that is named just once may begin one: "Harrow" "Communications Board"."""
    model = [c for c in found if c.method == "model"]
    parts = {c for c in model if c.label == "ORG"} | _named_once(text, [c for c in model if c.label == "GPE"])
    bodies = [(c.start, c.end) for c in found if c.label == "ORG"]
    missed = missed_bodies(text, bodies, [(c.start, c.end) for c in found if c not in parts])
    return _outermost([*found, *(Candidate(*span, "ORG", "rule", 0.75) for span in missed if not _inside(span[0], links))])


def _named_once(text: str, found: list[Candidate]) -> set[Candidate]:
    """Those whose words stand in no other place."""
    names = {text[c.start : c.end] for c in found}
    once = {name for name in names if text.find(name, text.find(name) + 1) < 0}
    return {c for c in found if text[c.start : c.end] in once}


def names_spelled(text: str, names: Names, words: list[Word] | None = None) -> set[str]:
    """The ids of the authority's and the lexicon's entities that a text, of these words, may name: `find_mentions` reads no others."""
    spelled = names.spelled(_outside_links(words_of(text) if words is None else words, _links(text)))
    return spelled | {c.entity_id for c in _states(text, names) if c.entity_id}


def _outside_links(words: list[Word], links: list[tuple[int, int]]) -> list[Word]:
    return [w for w in words if not _inside(w[1], links)] if links else words


def _links(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in _LINK.finditer(text)] if _MAY_LINK.search(text) else []


def _with_model(
    doc: Any, text: str, candidates: list[Candidate], certain: set[tuple[int, int]], links: list[tuple[int, int]], names: Names
) -> list[Candidate]:
    """The candidates and the names that a model marks; `certain` are the spans of expressions that are dates whatever it takes them for."""
    known = sorted((c.start, c.end) for c in candidates)
    places = [(c.start, c.end) for c in candidates if c.label in ("GPE", "LOC", "NORP")]
    marked = relabelled(text, list(names_of_model(doc, text, known, places)), frozenset(places))
    others = {(m.start, m.end) for m in marked if m.label in ("PERSON", "ORG")}
    candidates = [c for c in candidates if not (_is_town(c, names) and (c.start, c.end) in others)]
    namesakes = _namesakes_among(text, candidates, marked, names)
    candidates = [Candidate(c.start, c.end, "PERSON", "rule", 0.8) if (c.start, c.end) in namesakes else c for c in candidates]
    sound = [m for m in marked if _is_sound(text, m, certain, links)]
    return candidates + [Candidate(*m, "model", 0.8) for m in _that_stand(text, sound, marked, namesakes)]


def _is_sound(text: str, name: ModelName, certain: set[tuple[int, int]], links: list[tuple[int, int]]) -> bool:
    """Whether a name lies in no link, and is not a date to the rules where it is none to the model, nor the zone of a time."""
    is_date = name.label != "DATE" and (name.start, name.end) in certain
    return not (is_date or _inside(name.start, links) or is_time_zone(text, name.start, name.end))


def _that_stand(text: str, sound: list[ModelName], marked: list[ModelName], namesakes: set[tuple[int, int]]) -> Iterator[ModelName]:
    """The names of a model but for families, and for places that persons are named like; `marked` are all of the article."""
    surnames = {text[m.start : m.end].split()[-1] for m in marked if m.label == "PERSON"}
    for m in sound:
        family = m.label in ("PERSON", "ORG", "NORP") and is_family(text, m.start, m.end, surnames)
        if not family and (m.label == "PERSON" or (m.start, m.end) not in namesakes):
            yield m


def _rows_of(
    candidates: list[Candidate], document: Document, sentences: list[Sentence], values: dict[tuple[int, int, str], str | None]
) -> Iterator[Mention]:
    """The mentions of candidates that stand inside a sentence."""
    starts = [s.start for s in sentences]
    for c in candidates:
        at = bisect_right(starts, c.start) - 1
        if c.end > sentences[at].end:
            continue
        sentence = sentences[at]
        shift = None if sentence.raw_start is None else sentence.raw_start - sentence.start
        yield Mention(
            mention_id=f"{document.document_id}-m{c.start}",
            document_id=document.document_id,
            sentence_id=sentence.sentence_id,
            entity_id=c.entity_id,
            label=c.label,  # type: ignore[arg-type]
            start=c.start,
            end=c.end,
            raw_start=None if shift is None else c.start + shift,
            raw_end=None if shift is None else c.end + shift,
            text=document.text[c.start : c.end],
            value=values.get((c.start, c.end, c.label)),
            method=c.method,
            score=c.score,
            link_method=c.link_method,
            link_score=c.link_score,
            metonym_of=c.metonym_of,
        )


def _namesakes_among(text: str, candidates: list[Candidate], marked: list[ModelName], names: Names) -> set[tuple[int, int]]:
    """The spans of places that persons of the article are named like, and name."""
    persons = [(m.start, m.end) for m in marked if m.label == "PERSON"]
    linked = [(c, c.entity_id) for c in candidates if c.entity_id is not None]
    places = [(c.start, c.end, identity) for c, identity in linked if _is_place(c)]
    identities = {identity for *_, identity in places}
    return find_namesakes(text, places, persons, {identity for _, identity in linked} - identities, names)


def _is_place(candidate: Candidate) -> bool:
    return candidate.method == "lexicon" and candidate.label in ("GPE", "LOC")


def _with_things(candidates: list[Candidate], things: list[Thing]) -> list[Candidate]:
    """The candidates and the things, which win over what a model sees in the same words, but not over a longer name that holds them."""
    kept = []
    for c in candidates:
        over = [t for t in things if c.start < t.end and t.start < c.end]
        is_longer = any(c.start <= t.start and t.end <= c.end and (c.start, c.end) != (t.start, t.end) for t in over)
        if not over or c.method == "authority" or is_longer:
            kept.append(c)
    return [*kept, *(Candidate(t.start, t.end, t.label, "rule", 0.85) for t in things)]


def _is_town(candidate: Candidate, names: Names) -> bool:
    """Whether it is a town or province of the lexicon: a person or company may bear its name, and a model sees which is meant."""
    if candidate.method != "lexicon" or candidate.entity_id is None:
        return False
    known = names.entities[candidate.entity_id]
    return known.country is not None and not (known.is_country or known.is_capital or known.population > 2_000_000)


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    """Whether a place is in one of the spans, which are in order and apart."""
    at = bisect_right(spans, place, key=_START) - 1
    return at >= 0 and place < spans[at][1]


def _known(text: str, words: list[Word], names: Names, towns: dict[int, str | None]) -> list[Candidate]:
    """Names of the authority and the lexicon; a place of several candidates is chosen by the countries the article names.

    `towns` are the countries of towns before a state, by where the towns end: a town elsewhere is none of these.
    """
    matches = list(names.find(words, text))
    countries = _countries(matches, names) | set(towns.values())
    out: list[Candidate] = []
    for match in matches:
        start, end = match.start, match.end
        identity, by_context = _choose(match, countries, names)
        known = names.entities[identity]
        if end in towns and known.source == "lexicon" and known.country != towns[end]:
            continue
        if (article := _ARTICLE.match(text, start, end)) and (known.label != "GPE" or text[start] == "t"):
            start = article.end()  # but The Hague
        if known.source == "lexicon" and end not in towns and not _has_evidence(text, start, end, known, names):
            continue
        link = _link(match, by_context, known)
        candidate = Candidate(start, end, known.label, known.source, link[1], known.id, *link, metonym_of(text, start, end, known, names))
        if out and known.label == out[-1].label == "NORP" and text[out[-1].end : start] == " ":  # "British Indians" are one people
            candidate = Candidate(out.pop().start, end, "NORP", "lexicon", 0.8)
        out.append(candidate)
    return out


def _states(text: str, names: Names) -> Iterator[Candidate]:
    """Short forms of states behind a town and a comma: "Salem, Ore."."""
    if _behind_comma().search(text) is None:
        return
    ids = read_toml("no_persons.toml")["behind_towns"]
    for match in _state().finditer(text):
        known = names.entities.get(ids[match["state"].removesuffix(".")])
        if known:
            yield Candidate(match.start("state"), match.end("state"), known.label, "lexicon", 0.95, known.id, "lexicon", 0.95)


@cache
def _behind_comma() -> re.Pattern[str]:
    """The beginning of a short form behind a comma, without which there is none: commas are found in a tenth of the time."""
    firsts = sorted({form[0] for form in read_toml("no_persons.toml")["behind_towns"]})
    return re.compile(rf", [{''.join(firsts)}][\w.]*\.")


@cache
def _state() -> re.Pattern[str]:
    """A short form with its inner full stops behind a capitalised word and a comma; the last full stop is its own where it has others."""
    forms = read_toml("no_persons.toml")["behind_towns"]
    dotted, plain = ("|".join(re.escape(f) for f in sorted(forms) if ("." in f) is has) for has in (True, False))
    return re.compile(rf"\b[^\W\d_a-z][\w’'-]+, (?P<state>(?:{dotted})\.|(?:{plain})(?=\.))(?![\w’'-])")


def _countries(matches: list[Match], names: Names) -> set[str | None]:
    """The countries that an article names for sure."""
    sure = {m.ids[0] for m in matches if len(m.ids) == 1 or names.entities[m.ids[0]].population >= LIKELY}
    return {names.entities[names.entities[i].related_id or i].country for i in sure} - {None}


def _link(match: Match, by_context: bool, known: Known) -> tuple[LinkMethod, float]:
    """How a name is linked, and how sure that is."""
    if match.is_slip:
        return "slip", SLIP_SCORE
    if by_context:
        return "context", 0.8
    return ("authority", 1.0) if known.source == "authority" else ("lexicon", 0.95)


def _choose(match: Match, countries: set[str | None], names: Names) -> tuple[str, bool]:
    """The entity a match stands for, and whether the countries that the article names decided it."""
    best = names.entities[match.ids[0]]
    if best.source == "authority" or best.country is None or best.population >= LIKELY or best.country in countries:
        return best.id, False
    nearer = next((i for i in match.ids if names.entities[i].country in countries), None)
    return (nearer, True) if nearer else (best.id, False)


def _has_evidence(text: str, start: int, end: int, known: Known, names: Names) -> bool:
    """Whether a place's name is one here: towns that bear a first name or a common word need a preposition before them."""
    surface = text[start:end]
    if known.population >= LIKELY:
        return known.label != "NORP" or not _CIVIL.search(text, max(0, start - 5), start)
    if surface[0].islower():
        return False
    doubtful = surface.lower() in names.common or (surface in names.first_names and not known.is_capital and known.population < 2_000_000)
    if known.population > 500_000 and not doubtful:
        return True
    if " " in surface or "-" in surface or (not doubtful and known.population > 100_000 and not _is_sentence_start(text, start)):
        return True
    return bool(_PLACED.search(text[max(0, start - 16) : start]))


def _is_sentence_start(text: str, start: int) -> bool:
    return bool(re.search(r"(?:^|[.!?]['\"”’)]*\s+|\n)['\"“‘(]*$", text[max(0, start - 8) : start]))


def _outermost(candidates: list[Candidate]) -> list[Candidate]:
    """Candidates that do not overlap: longer before shorter, better known before guessed."""
    order = sorted(candidates, key=lambda c: (c.start - c.end, RANK[c.method], -c.score, c.start, c.label))
    kept: list[Candidate] = []
    places: set[int] = set()
    for c in order:
        span = range(c.start, c.end)
        if places.isdisjoint(span):
            kept.append(c)
            places.update(span)
    return sorted(kept, key=_START)
