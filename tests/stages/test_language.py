"""The language of a text: as py3langid says, but computed in integers."""

from __future__ import annotations

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from qantar.stages.articles.language import _probabilities, identify_language, identify_languages

TEXTS = [
    "The ferry to the islands was late again, and nobody on the quay could say why.",
    "Le bac des îles avait encore du retard, et personne sur le quai ne savait pourquoi.",
    "Паром на острова снова опоздал, и никто на причале не мог сказать почему.",
    "Аралға баратын паром тағы кешікті, ал жағалауда ешкім себебін айта алмады.",
    "OK",
    "12 345",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_languages_are_as_likely_as_by_the_library(text: str) -> None:
    theirs = dict(LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True).rank(text))
    languages, probabilities = _probabilities([text])
    ours = dict(zip(languages, probabilities[0].tolist(), strict=True))
    assert ours.keys() == theirs.keys()
    assert all(ours[language] == pytest.approx(theirs[language], abs=2e-3) for language in theirs)


def test_texts_that_are_looked_at_together_are_judged_as_each_by_itself() -> None:
    texts = [text * n for n in (1, 9) for text in TEXTS]
    together = _probabilities(texts)[1]
    assert together.tolist() == [_probabilities([text])[1][0].tolist() for text in texts]
    expected = ["en", "fr"] * len(TEXTS)
    assert identify_languages(texts, expected) == [identify_language(*each) for each in zip(texts, expected, strict=True)]


def test_a_text_is_in_the_expected_language_unless_another_is_sure() -> None:
    assert identify_language(TEXTS[0] * 3, "en")[0] == "en"
    assert identify_language(TEXTS[1] * 3, "en")[0] == "fr"
    assert identify_language("OK", "en")[0] == "en"
