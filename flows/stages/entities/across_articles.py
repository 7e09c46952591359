"""Which names of different articles are one, by what they look like and what stands beside them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from functools import cache, partial
from itertools import combinations, product
from weakref import proxy

from qantar.schema import LinkMethod
from qantar.stages.entities.compared_before import Comparison, Found
from qantar.stages.entities.evidence import Beside, Evidence, Merged, Node, Pair
from qantar.stages.entities.likeness import Forms, Likeness, compare_bodies, compare_persons
from qantar.stages.entities.lone_names import Person, join_lone_persons, lone_name
from qantar.stages.entities.name_forms import are_given_names, first_word_of_place, group_of, is_acronym, normal, sound_of
from qantar.stages.entities.person_names import parse_person
from qantar.text.gender import conflicts
from qantar.text.identity import digest
from qantar.text.known_names import Known, Names, words_of
from qantar.text.lexicon import read_toml
from qantar.text.person_titles import titles

MAX_BLOCK = 150
"""Names that are compared each with each; a larger block has too common a name for similarity to say anything."""
LONG_ACRONYM = 5
USUAL = 0.9
"""Share of the articles, of which there are `MANY`, that mean one country's body by a name that each country has."""
MANY = 5


def merge_names(evidence: dict[Node, Evidence], names: Names, comparison: Comparison) -> tuple[dict[Node, Merged], list[Pair]]:
    """For each name who it is, and the pairs that may be one but for want of evidence; names are compared by `comparison`.

    Known names first, then the same names, then similar ones with evidence, then surnames that stand alone; in doubt they stay apart.
    """
    known = _known_nodes(evidence, names)
    index = _spellings(names, {(group, key) for group, key, _ in evidence})
    merged: dict[Node, Merged] = {}
    open_names: list[Node] = []
    bare: list[Node] = []
    for node in sorted(evidence):
        group, key, document = node
        ids = index.get((group, key), [])
        if document:
            bare.append(node)
        elif ids and (group == "PLACE" or len(ids) == 1):
            source = names.entities[ids[0]].source
            merged[node] = Merged(ids[0], (), "authority" if source == "authority" else "lexicon", 0.95)
        elif group != "known":
            open_names.append(node)
    clusters = _Clusters(evidence | known, names, comparison)
    clusters.join_similar([*open_names, *known])
    clusters.join_national_bodies(open_names)
    clusters.join_acronyms(open_names)
    for node in open_names:
        merged[node] = clusters.merged(node)
    lone, pairs = _bare_names(bare, merged, clusters, names)
    return merged | lone, [*clusters.pairs, *pairs]


def _known_nodes(evidence: dict[Node, Evidence], names: Names) -> dict[Node, Evidence]:
    """Known people and bodies as names to compare with, with the evidence that the authority and the articles give."""
    nodes: dict[Node, Evidence] = {}
    for known in names.entities.values():
        if known.label in ("PERSON", "ORG"):
            node = ("known", known.id, "")
            nodes[node] = evidence.pop(node, Evidence(known.name))
            nodes[node].name = known.name
            nodes[node].acronyms |= frozenset(filter(is_acronym, known.aliases))
            countries = _countries_in(" ".join(filter(None, [known.description, *known.roles])), names)
            mark = int(digest(repr(known), *countries), 16)
            nodes[node].articles.append(Beside(Counter(countries), frozenset(), mark=mark))
            nodes[node].roles |= frozenset(_roles_in(known))
    return nodes


def _roles_in(known: Known) -> list[str]:
    said = " ".join(filter(None, [known.description, *known.roles])).lower()
    return [t.lower() for t in titles() if f" {t.lower()} " in f" {said} "]


def _countries_in(text: str, names: Names) -> list[str]:
    ids = [m.ids[0] for m in names.find(words_of(text), text)]
    return [c for i in ids if (c := names.entities[names.entities[i].related_id or i].country)]


def _spellings(names: Names, wanted: Set[tuple[str, str]]) -> dict[tuple[str, str], list[str]]:
    """Known entities by the normal form of each of their names, where that is wanted, the likeliest first."""
    firsts = {form.partition(" ")[0] for group, form in wanted if group == "PLACE"}
    index: dict[tuple[str, str], dict[str, Known]] = defaultdict(dict)
    for known in names.entities.values():
        group = group_of(known.label)
        for spelling in (known.name, *known.aliases):
            if group == "PLACE" and (first := first_word_of_place(spelling)) and first not in firsts:
                continue  # most of the lexicon
            if (key := (group, normal(spelling, group))) in wanted:
                index[key][known.id] = known
    found = {key: sorted(of, key=lambda i: (of[i].source != "authority", -of[i].population, i)) for key, of in index.items()}
    for form, identity in read_toml("other_names.toml")["peoples"].items():
        if identity in names.entities:
            found.setdefault(("NORP", normal(form, "NORP")), []).append(identity)
    return found


class _Clusters:
    """Names that are one, put together pair by pair; a pair is refused if any two names of it would contradict each other."""

    def __init__(self, evidence: dict[Node, Evidence], names: Names, comparison: Comparison) -> None:
        self.evidence, self.names, self.comparison = evidence, names, comparison
        self.cluster: dict[Node, list[Node]] = {}
        self.method: dict[Node, tuple[LinkMethod, float]] = {}
        self.identity: dict[Node, tuple[str, ...]] = {}
        self.pairs: list[Pair] = []
        """Names that may be one but for want of evidence."""
        own = proxy(self)  # no cycle: evidence takes much memory, and is to be given back at once
        self.shortened, self.spellings = cache(partial(_Clusters._shortened, own)), cache(partial(_Clusters._spellings, own))
        self.group_of = cache(partial(_Clusters._group_of, own))

    def members(self, node: Node) -> list[Node]:
        return self.cluster.setdefault(node, [node])

    def _group_of(self, node: Node) -> str:
        return group_of(self.names.entities[node[1]].label) if node[0] == "known" else node[0]

    def _spellings(self, node: Node) -> list[str]:
        if node[0] != "known":
            return [self.evidence[node].name]
        known = self.names.entities[node[1]]
        return [known.name, *known.aliases]

    def _shortened(self, node: Node) -> list[str]:
        """A person's name up to the surname that articles use alone: "ana ocampo" of Ana Ocampo Ruiz, called "Ocampo"."""
        seen = self.evidence[node]
        words = parse_person(seen.name).words
        return [" ".join(words[: n + 1]) for n, word in enumerate(words) if word in seen.called and not are_given_names([word])]

    def compare(self, a: Node, b: Node) -> Likeness | None:
        """The best likeness of two spellings; two known entities are never one, nor a man and a woman, nor two whom one article names."""
        if a[0] == b[0] == "known" or b[1] in self.evidence[a].apart:
            return None
        if self._country(a) != self._country(b):  # Norway's Supreme Court and Peru's, or one of no country
            return None
        by = compare_persons if self.group_of(a) == "PERSON" else compare_bodies
        if by is compare_persons and conflicts(self.evidence[a].gender, self.evidence[b].gender):
            return None
        found = [likeness for x in self.spellings(a) for y in self.spellings(b) if (likeness := by(x, y))]
        cut = [*product(self.shortened(a), self.spellings(b)), *product(self.shortened(b), self.spellings(a))]
        found += [likeness for x, y in cut if (likeness := by(x, y)) and likeness.needs == 0]
        return min(found, key=lambda likeness: (likeness.needs, -likeness.score), default=None)

    def join_similar(self, nodes: list[Node]) -> None:
        likely: dict[tuple[Node, Node], Likeness] = {}
        open_pairs: dict[tuple[Node, Node], Pair] = {}
        for a, b, found in self._compared(nodes):
            if isinstance(found, Likeness):
                likely[a, b] = found
            else:
                open_pairs[a, b] = found
        self.pairs += open_pairs.values()
        rivals = {needs: self._rivals(likely, needs) for needs in {likeness.needs for likeness in likely.values()}}
        for (a, b), (score, needs) in sorted(likely.items(), key=lambda item: (-item[1].score, item[0])):
            if a not in rivals[needs] and b not in rivals[needs]:
                self._join(a, b, "similarity", score)
            else:
                self.pairs.append(Pair(a, b, round(score / 2, 2), ("similar names", "another name is as similar")))

    def find_likeness(self, a: Node, b: Node) -> Likeness | Pair | None:
        """How alike two names are that are likely one; or that they may be, but for want of evidence."""
        likeness = self.compare(a, b)
        if likeness is None:
            return None
        kinds = self.evidence[a].shared(self.evidence[b])
        if likeness.needs == 0 or (kinds is not None and self.weight(a, b, kinds) >= likeness.needs):
            return likeness
        if kinds is None:
            return None
        return Pair(a, b, round(likeness.score / (1 + likeness.needs - len(kinds)), 2), ("similar names", *kinds))

    def weight(self, a: Node, b: Node, kinds: list[str]) -> int:
        """How much some kinds of evidence speak for two names: an office counts twice, and so does much the same company of persons."""
        words = {parse_person(self.evidence[node].name).words[-1:] for node in (a, b)}
        own = {f"{mark}{sound_of(' '.join(last))}" for last in words for mark in ("~", "~~")}
        company = self.evidence[a].company_with(self.evidence[b], own)
        return len([kind for kind in kinds if kind != "company"]) + ("role" in kinds) + company

    def _compared(self, nodes: list[Node]) -> Iterable[Found]:
        """What is found of the names that share the key of a block; of two that share more keys, more than once."""
        blocks: dict[tuple[str, str], list[Node]] = defaultdict(list)
        for node in sorted(nodes):
            group = self.group_of(node)
            if group in ("PERSON", "ORG"):
                spellings = [s for s in self.spellings(node) if group == "ORG" or " " in s]
                for key in {key for s in spellings for key in self.comparison.forms(s, group).keys}:
                    blocks[group, key].append(node)
        mark_of = cache(lambda node: self.evidence[node].mark_of(node))
        for shared, block in blocks.items():
            if 1 < len(block) <= MAX_BLOCK:
                yield from self.comparison.block(shared, {node: mark_of(node) for node in block}, self.find_likeness)

    def _rivals(self, likely: dict[tuple[Node, Node], Likeness], needs: int) -> set[Node]:
        """Names that are like two others which are not like each other ("J. Smith" between John and Jane): they stay apart.

        Of the others count those that need as much evidence or less: a name that only evidence joins leaves surer pairs alone.
        """
        beside: dict[Node, set[Node]] = defaultdict(set)
        for (a, b), likeness in likely.items():
            if likeness.needs <= needs:
                beside[a].add(b)
                beside[b].add(a)
        return {n for n, others in beside.items() if any(self.compare(x, y) is None for x, y in combinations(sorted(others), 2))}

    def _join(self, a: Node, b: Node, method: LinkMethod, score: float) -> None:
        first, second = self.members(a), self.members(b)
        if first is second or (method == "similarity" and any(self.compare(x, y) is None for x in first for y in second)):
            return
        for node in second:
            self.cluster[node] = first
        first.extend(second)
        for node in (a, b):
            self.method.setdefault(node, (method, score))

    def join_national_bodies(self, nodes: list[Node]) -> None:
        """ "Ministry of Foreign Affairs of Kazakhstan" and "Kazakh Foreign Ministry": the same words, and the same country."""
        bodies: dict[tuple[str, ...], Node] = {}
        for node in nodes:
            form = self._national_form(node) if node[0] == "ORG" else None
            if form is None:
                continue
            if form in bodies:
                self._join(bodies[form], node, "context", 0.85)
            else:
                bodies[form] = node
                self.identity[node] = form

    def _countries(self, ids: Iterable[str]) -> set[str]:
        """The ids of the countries of some places and peoples; what is not a known id has none."""
        known = [self.names.entities[i] for i in ids if i in self.names.entities]
        return {entity.related_id or entity.id for entity in known}

    def _country(self, node: Node) -> set[str]:
        """The country that a name says it is a body of, behind a mark."""
        return self._countries([node[1].partition(" | ")[2]]) if " | " in node[1] else set()

    def _national_form(self, node: Node) -> tuple[str, ...] | None:
        lexicon = read_toml("national_bodies.toml")
        name, _, beside = node[1].partition(" | ")
        text = self.evidence[node].name
        matches = [m for m in self.names.find(words_of(text), text) if m.start or m.end < len(text)]
        places = [m for m in matches if self.names.entities[m.ids[0]].label in ("NORP", "GPE")]
        countries = self._countries((*(m.ids[0] for m in places), beside))
        if len(countries) != 1:
            return None
        for m in reversed(places):
            text = text[: m.start] + " " + text[m.end :]
        form = f" {normal(text if matches else name, 'ORG')} "
        for spelled, accepted in lexicon["synonyms"].items():
            form = form.replace(f" {spelled} ", f" {accepted} ")
        words = sorted(set(form.split()))
        return (" ".join(words), *countries) if set(words) & set(lexicon["heads"]) else None

    def join_acronyms(self, nodes: list[Node]) -> None:
        """An acronym that stands alone joins the body that another article explains by it, if there is just one."""
        explained: dict[str, list[Node]] = defaultdict(list)
        for node in sorted(node for node, seen in self.evidence.items() if seen.acronyms):
            for acronym in self.evidence[node].acronyms:
                if all(self.members(node) is not self.members(other) for other in explained[acronym]):
                    explained[acronym].append(node)
        for node in nodes:
            text = self.evidence[node].name.replace(".", "")
            bodies = explained.get(text, []) if node[0] == "ORG" else []
            if len(bodies) == 1 and (len(text) >= LONG_ACRONYM or self.evidence[node].shared(self.evidence[bodies[0]])):
                self._join(bodies[0], node, "context", 0.8)

    def merged(self, node: Node) -> Merged:
        members = self.members(node)
        method, score = self.method.get(node, ("name", 0.9))
        anchors = [n for n in members if n[0] == "known"]
        if anchors:
            return Merged(anchors[0][1], (), method, score)
        identities = [self.identity[n] for n in members if n in self.identity]
        return Merged(None, min(identities) if identities else (min(n[1] for n in members),), method, score)


def _bare_names(bare: list[Node], merged: dict[Node, Merged], clusters: _Clusters, names: Names) -> tuple[dict[Node, Merged], list[Pair]]:
    """Names that do not say who is meant, by the articles they stand in.

    A surname is the one person who dominates it in the corpus, given evidence; a body that each country has is that of the country which
    the article is about; else each document has its own.
    """
    evidence = clusters.evidence
    lone = {node: evidence[node] for node in bare if node[0] == "PERSON"}
    found, pairs = join_lone_persons(lone, _persons_meant(set(map(lone_name, lone)), merged, clusters), clusters.comparison)
    for group, key, document in lone:
        found.setdefault((group, key, document), Merged(None, (key, document), "name", 0.6))
    return found | _bare_bodies({node: evidence[node] for node in bare if node[0] != "PERSON"}, names), pairs


def _persons_meant(lone: set[str], merged: dict[Node, Merged], clusters: _Clusters) -> Iterable[Person]:
    """The persons whom articles name in full that one of some lone names may mean."""
    sounds = {sound_of(name) for name in lone}
    nodes_of: defaultdict[tuple[str | None, tuple[str, ...]], list[Node]] = defaultdict(list)
    meant = set()
    for node in [node for node in clusters.evidence if not node[2] and clusters.group_of(node) == "PERSON"]:
        who = (node[1], ()) if node[0] == "known" else (merged[node].known_id, merged[node].identity)
        nodes_of[who].append(node)
        forms = _forms(node, clusters)
        names = {name for one in forms for name in one.surnames}.union(map(sound_of, clusters.evidence[node].called))
        if not sounds.isdisjoint(names) or not lone.isdisjoint([one.given for one in forms]):
            meant.add(who)
    for nodes in sorted(sorted(nodes_of[who]) for who in meant):
        yield _person(nodes, merged, clusters)


def _person(nodes: list[Node], merged: dict[Node, Merged], clusters: _Clusters) -> Person:
    """The person of some names."""
    first = nodes[0]
    person = Person(merged[first] if first in merged else Merged(first[1], (), "surname", 0.0), first)
    for node in nodes:
        person.add(clusters.evidence[node], [spelling for spelling in clusters.spellings(node) if " " in spelling])
        person.forms += _forms(node, clusters)
        person.marks.append(clusters.evidence[node].mark_of(node))
    return person


def _forms(node: Node, clusters: _Clusters) -> list[Forms]:
    return [clusters.comparison.forms(spelling, "PERSON") for spelling in clusters.spellings(node) if " " in spelling]


def _bare_bodies(bare: dict[Node, Evidence], names: Names) -> dict[Node, Merged]:
    """The Supreme Court of the country that the article is about, the Security Council of the United Nations that it names.

    A name of three words or more that only one country's articles use is that country's body also where an article tells of none; any
    other that nearly all articles use of one country is that country's where an article names it more often than others.
    """
    found: dict[Node, Merged] = {}
    countries: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for node, seen in bare.items():
        form = node[1].split(" |")[0]
        if (identity := _of_world(form, seen, names)) is not None:
            found[node] = Merged(identity, (), "context", 0.7)
        elif seen.country is not None:
            country = names.countries.get(seen.country, "")
            found[node] = Merged(None, (form, country), "context", 0.7)
            countries[form][country] += 1
    for node in [node for node in bare if node not in found]:
        form = node[1].split(" |")[0]
        alone = [*countries[form]] if form.count(" ") > 1 and len(countries[form]) == 1 else _usual(bare[node], countries[form], names)
        found[node] = Merged(None, (form, *(alone or [node[2]])), "context" if alone else "name", 0.6)
    return found


def _usual(seen: Evidence, countries: Counter[str], names: Names) -> list[str]:
    """The country whose body nearly all articles mean by a name, if an article that tells of no one country names it most."""
    for usual, n in countries.most_common(1):
        named, most = max(seen.countries.items(), key=lambda item: item[1], default=("", 0))
        is_first = names.countries.get(named) == usual and [*seen.countries.values()].count(most) == 1
        return [usual] if is_first and n >= MANY and n >= USUAL * countries.total() else []
    return []


def _of_world(form: str, seen: Evidence, names: Names) -> str | None:
    """The id of a body of the United Nations by the end of its name, where the articles name them."""
    for whole, prefix in read_toml("national_bodies.toml")["world"].items():
        identity = f"{prefix}-{form.replace(' ', '-')}"
        if identity in names.entities and any(whole in article.company for article in seen.articles):
            return identity
    return None
