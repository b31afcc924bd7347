"""Builds SVG elements as escaped markup.

Lengths are percent across and em down: a chart fills any width while its text keeps the size of the page's, at 360 px
and when a reader enlarges it. Colours are classes of `static/charts.css`, so that light, dark, print and forced colours
need no other markup, and no inline style is used.
"""

from __future__ import annotations

from functools import cache

from markupsafe import Markup, escape

SMALL = 0.875
"""The size of heads and cells, of the chart's text; `static/charts.css` has the same."""

Attribute = str | int | float | None


def element(name: str, *children: str, **attributes: Attribute) -> Markup:
    """`<name …>children</name>`. Text is escaped; attributes: `class_` is `class`, other underscores are hyphens, None
    is left out."""
    written = "".join(f' {_attribute(key)}="{escape(value)}"' for key, value in attributes.items() if value is not None)
    inner = "".join(map(escape, children))
    return Markup(f"<{name}{written}>{inner}</{name}>")  # noqa: S704 - every part is escaped; its `format` takes most of a page


def percent(share: float) -> str:
    """A share from 0 to 1 as a length across: `12.5%`. Beyond either end it is cut off."""
    return f"{_short(100 * min(1.0, max(0.0, share)))}%"


def em(lines: float) -> str:
    """A length down, in the size of the chart's text: `1.5em`."""
    return f"{_short(lines)}em"


def canvas(height: float, summary: str, kind: str, *children: str) -> Markup:
    """The picture, as wide as its place. height: in em; summary: what it shows, in one sentence, for those who do not
    see it; kind: the class of the chart."""
    return element(
        "svg",
        *children,
        class_=f"chart chart-{kind}",
        role="img",
        aria_label=summary,
        width="100%",
        height=em(height),
    )


def text(words: str, x: str, y: str, class_: str | None = None, **attributes: Attribute) -> Markup:
    """Words that begin at a place; y is their base line."""
    return element("text", words, x=x, y=y, class_=class_, **attributes)


def small_text(words: str, x: str, lines: float, class_: str) -> Markup:
    """Words in the smaller size (SMALL), whose own em is shorter. lines: its base line in em of the chart's text."""
    return text(words, x, em(lines / SMALL), class_)


def bar(x: float, y: float, width: float, height: float, class_: str) -> Markup:
    """A rectangle. x, width: shares; y, height: em."""
    return element("rect", x=percent(x), y=em(y), width=percent(width), height=em(height), rx=2, class_=class_)


@cache
def _attribute(key: str) -> str:
    return key.rstrip("_") if key.endswith("_") else key.replace("_", "-")


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
