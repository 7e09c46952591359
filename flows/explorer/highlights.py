"""Marking up text: spans that nest, touch or cross become well-formed HTML, and nothing of the text is taken for markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

NOTHING = Markup("")


@dataclass(frozen=True)
class Span:
    """A stretch of a text to be marked: `start` and `end` in code points, end exclusive.

    Where spans cross, those of a higher `layer` stand inside those of a lower one and are cut into pieces where needed; only the
    first piece carries `anchor`, the element's id, and only the last is followed by `after`.
    """

    start: int
    end: int
    layer: int
    tag: str = "span"
    attributes: Mapping[str, str] = field(default_factory=dict)
    anchor: str | None = None
    before: Markup = NOTHING
    after: Markup = NOTHING


def marked(text: str, spans: Iterable[Span], start: int = 0) -> Markup:
    """`text` as HTML with its spans marked; `start` is the place of its first character in what the spans index.

    Spans are clipped to the text; those outside it, and empty ones, are left out.

    >>> marked("a < b", [Span(2, 3, 1, "mark")])
    Markup('a <mark>&lt;</mark> b')
    >>> marked("abcd", [Span(0, 3, 1, "i"), Span(2, 4, 2, "b")])
    Markup('<i>ab<b>c</b></i><b>d</b>')
    """
    end = start + len(text)
    inside = [s for s in spans if max(s.start, start) < min(s.end, end)]
    edges = sorted({start, end, *(e for s in inside for e in (s.start, s.end) if start < e < end)})
    opening: dict[int, list[Span]] = {}
    for span in inside:
        opening.setdefault(max(span.start, start), []).append(span)
    html: list[str] = []
    stack: list[Span] = []
    for left, right in zip(edges, [*edges[1:], end], strict=True):
        staying = [s for s in stack if s.end > left]
        wanted = sorted([*staying, *opening.get(left, [])], key=_order) if left < end else []
        common = _common(stack, wanted)
        html += [f"</{span.tag}>{span.after if span.end <= left else ''}" for span in reversed(stack[common:])]
        html += [_open(span, first=max(span.start, start) == left) for span in wanted[common:]]
        stack = wanted
        html.append(str(escape(text[left - start : right - start])))
    return Markup("".join(html))


def _order(span: Span) -> tuple[int, int, int]:
    return span.layer, span.start, -span.end


def _common(stack: Sequence[Span], wanted: Sequence[Span]) -> int:
    n = 0
    while n < min(len(stack), len(wanted)) and stack[n] is wanted[n]:
        n += 1
    return n


def _open(span: Span, first: bool) -> str:
    attributes = dict(span.attributes)
    if first and span.anchor:
        attributes["id"] = span.anchor
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"{span.before if first else ''}<{span.tag}{written}>"
