"""The validation page: what was checked of a build and which rows failed, with no script and no request to any host."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

_PAGE = Path(__file__).with_name("report.html")


def report_page(report: dict[str, Any]) -> str:
    """The page of a report, as `Validation.to_json` gives it; every value is escaped."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for checked in report["expectations"]:
        tables.setdefault(checked["table"], []).append(checked)
    return _template().render(report=report, tables=tables)


def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["code"] = _code
    return environment.from_string(_PAGE.read_text("utf-8"))


def _code(words: str) -> Markup:
    """Words with `names` in backticks, as HTML."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(words))))
