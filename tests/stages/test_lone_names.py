"""A surname alone in an article, and how far in time the person may be."""

from __future__ import annotations

import pytest

from qantar.stages.entities.compared_before import Comparison
from qantar.stages.entities.evidence import Beside, Evidence, Merged
from qantar.stages.entities.likeness import forms_of
from qantar.stages.entities.lone_names import APART, Person, join_lone_persons


@pytest.mark.parametrize(
    ("day", "is_joined"), [(1, True), (1000 + APART, True), (1001 + APART, False), (8999 - APART, False), (9000, True)]
)
def test_a_surname_is_of_nobody_whom_only_articles_of_other_times_name(day: int, is_joined: bool) -> None:
    named = Evidence("Nadia Harrow", frozenset({"minister"}), articles=[Beside({}, frozenset(), when) for when in (9000, 1000, 0)])
    person = Person(Merged(None, ("nadia harrow",), "name", 0.9), ("PERSON", "nadia harrow", ""))
    person.add(named, ["Nadia Harrow"])
    person.forms.append(forms_of("Nadia Harrow", "PERSON"))
    alone = Evidence("Harrow", frozenset({"minister"}), articles=[Beside({}, frozenset(), day)])
    found, _ = join_lone_persons({("PERSON", "harrow", "an-article"): alone}, [person], Comparison(frozenset()))
    assert bool(found) == is_joined
