"""One article, one reading: labels agree across an article and missed names are added, without touching what is sure."""

from __future__ import annotations

import itertools

from qantar.model.consistency import settle
from qantar.model.readings import Name


def test_a_surname_alone_is_a_person_where_a_full_name_with_it_stands() -> None:
    words = ["Askar", "Mamin", "resigned", ".", "Mamin", "left", ".", "Then", "Mamin", "spoke"]
    found = settle([Name(0, 2, "PERSON", 0.9), Name(4, 5, "PERSON", 0.6)], words)
    assert found == [Name(0, 2, "PERSON", 0.9), Name(4, 5, "PERSON", 0.6), Name(8, 9, "PERSON", 0.5)]


def test_the_likelier_label_of_a_name_replaces_a_stray_one() -> None:
    words = ["Odhikar", "said", ".", "Odhikar", "wrote", ".", "Odhikar"]
    names = [Name(0, 1, "ORG", 0.9), Name(3, 4, "ORG", 0.8), Name(6, 7, "PERSON", 0.4)]
    assert [n.label for n in settle(names, words)] == ["ORG", "ORG", "ORG"]


def test_labels_of_nearly_equal_weight_stay_as_they_are() -> None:
    words = ["Jordan", "met", "Jordan"]
    names = [Name(0, 1, "PERSON", 0.9), Name(2, 3, "LOC", 0.85)]
    assert settle(names, words) == names


def test_a_body_that_was_missed_once_is_added_and_a_place_is_not() -> None:
    words = ["Kazakh", "Invest", "and", "Almaty", ";", "Kazakh", "Invest", "in", "Almaty"]
    found = settle([Name(0, 2, "ORG", 0.9), Name(3, 4, "LOC", 0.9)], words)
    assert found == [Name(0, 2, "ORG", 0.9), Name(3, 4, "LOC", 0.9), Name(5, 7, "ORG", 0.5)]


def test_names_never_overlap_and_stand_in_order() -> None:
    words = ["Bank", "of", "Almaty", ",", "Bank", "of", "Almaty", "Bank"]
    found = settle([Name(0, 3, "ORG", 0.9), Name(4, 5, "ORG", 0.9), Name(6, 7, "LOC", 0.9)], words)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
