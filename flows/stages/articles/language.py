"""Which language a text is in."""

from __future__ import annotations

from functools import cache
from typing import Any

_SAMPLE = 600  # characters: enough to be sure, and no slower for long texts
_SURE = 0.9
_LONG, _HARDLY = 200, 0.01  # characters, score: a text that long and that unlikely is not the expected language, whatever else it is


def identify_language(text: str, expected: str) -> tuple[str, float]:
    """ISO 639-1 code of the text's language and how sure that is, 0 to 1.

    Where the text is too short or too odd to be sure, it is taken to be in the `expected` language; a long text, only if that may be.
    """
    sample = text if len(text) <= _SAMPLE else text[len(text) // 4 : len(text) // 4 + _SAMPLE]
    words = " ".join(sample.split())
    code, score = _identifier().classify(words)
    if code != expected and score < _SURE:
        ours = dict(_identifier().rank(words)).get(expected, 0.0)
        if ours >= _HARDLY or len(sample) < _LONG:
            code, score = expected, ours
    return code, round(min(1.0, max(0.0, float(score))), 4)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
