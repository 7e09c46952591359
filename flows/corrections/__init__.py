"""Corrections: what people said is wrong in a build, applied at every later one.

A line of `raw/corrections.csv` is a `Fix`. It is anchored by the words that it is about, with their place as a hint, so that it holds while
the article does. Each table has a module that applies its fixes to plain rows and says what became of each (`Outcome`); the steps of the
flow call them after the stage that makes the row, and before what depends on it.
"""

from qantar.corrections.fixes import FIELDS, Fix, Had, Move, Outcome, by_articles, of_tables, with_moves

__all__ = ["FIELDS", "Fix", "Had", "Move", "Outcome", "by_articles", "of_tables", "with_moves"]
