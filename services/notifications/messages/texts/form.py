"""Renders a template once for each form of a mail, and fills in the values of every mail of that form.

Two mails have the same form when they have as many statements, paragraphs, facts and links, and the same of their
values are empty. That is all that the templates ask about a value; otherwise they only print it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from services.notifications.messages.texts.details import Office
from services.notifications.messages.texts.statement import Statement

if TYPE_CHECKING:
    from jinja2 import Template

MOST_FORMS = 256  # that are kept
_MARK = "\0"  # `cleaned` leaves none in a value
_PLACE = re.compile(f"{_MARK}(\\d+){_MARK}")


@dataclass(frozen=True)
class Link:
    """words: what it does; address: absolute."""

    words: str
    address: str


@dataclass(frozen=True)
class Mail:
    """What the templates print. name: of the reader, empty when it is not known; note: a sentence about this copy."""

    name: str
    region: str
    subject: str
    statements: Sequence[Statement]
    links: Sequence[Link]
    office: Office
    note: str = ""


@dataclass(frozen=True)
class _Part:
    """A template with gaps. pieces: every second one is a gap; order: the value of each gap, by its place."""

    pieces: tuple[str, ...]
    order: tuple[int, ...]

    def with_values(self, values: Sequence[str]) -> str:
        pieces = list(self.pieces)
        pieces[1::2] = [values[place] for place in self.order]
        return "".join(pieces)


def rendered(mail: Mail) -> tuple[str, str]:
    """Plain text and HTML, as `rendered_plainly` makes them."""
    for each in mail.statements:
        if each.tables:
            return rendered_plainly(mail)
    counts, values = _taken_apart(mail)
    escaped = str(_escape()(_MARK.join(values))).split(_MARK)  # at once: each call costs more than the work
    if len(escaped) != len(values):
        return rendered_plainly(mail)
    text, html = _form(counts, tuple(map(bool, values)))
    return text.with_values(values), html.with_values(escaped)


def rendered_plainly(mail: Mail) -> tuple[str, str]:
    """Plain text and HTML, straight from the templates."""
    text, html = _templates()
    context = dict(vars(mail))
    return text.render(context), html.render(context)


def _taken_apart(mail: Mail) -> tuple[tuple[int, ...], list[str]]:
    """The counts of the links, then of the paragraphs and facts of each statement; and the values in the order in which
    `_put_together` takes them."""
    office = mail.office
    counts = [len(mail.links)]
    values = [mail.name, mail.region, mail.subject, mail.note, office.name, office.telephone, office.reply_to]
    for link in mail.links:
        values += link.words, link.address
    for each in mail.statements:
        counts += len(each.paragraphs), len(each.facts)
        values.append(each.heading)
        values += each.paragraphs
        for fact in each.facts:
            values += fact
    return tuple(counts), values


def _put_together(counts: Sequence[int], values: Sequence[str]) -> dict[str, Any]:
    """The context of the templates."""
    left = iter(values)
    name, region, subject, note = (next(left) for _ in range(4))
    office = Office(name=next(left), telephone=next(left), reply_to=next(left))
    links = [Link(next(left), next(left)) for _ in range(counts[0])]
    statements = [
        SimpleNamespace(
            heading=next(left),
            paragraphs=[next(left) for _ in range(paragraphs)],
            facts=[(next(left), next(left)) for _ in range(facts)],
            tables=(),
        )
        for paragraphs, facts in zip(counts[1::2], counts[2::2], strict=True)
    ]
    return {
        "name": name,
        "region": region,
        "subject": subject,
        "statements": statements,
        "links": links,
        "office": office,
        "note": note,
    }


@lru_cache(maxsize=MOST_FORMS)
def _form(counts: tuple[int, ...], filled: tuple[bool, ...]) -> tuple[_Part, _Part]:
    """Both templates, rendered with the places of the values instead of these. filled: which values are not empty."""
    places = [f"{_MARK}{place}{_MARK}" if each else "" for place, each in enumerate(filled)]
    context = _put_together(counts, places)
    text, html = _templates()
    return _part(text.render(context)), _part(html.render(context))


def _part(marked: str) -> _Part:
    pieces = _PLACE.split(marked)
    return _Part(tuple(pieces), tuple(int(place) for place in pieces[1::2]))


@cache
def _escape() -> Callable[[str], str]:
    """As the templates escape."""
    escape: Callable[[str], str] = _templates()[1].environment.filters["escape"]
    return escape


@cache
def _templates() -> tuple[Template, Template]:
    """Of the plain text and of the HTML."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape  # noqa: PLC0415 - slow to import

    templates = Environment(
        loader=PackageLoader("services.notifications"),
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    return templates.get_template("email.txt"), templates.get_template("email.html")
