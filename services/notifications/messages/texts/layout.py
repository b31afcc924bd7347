"""The two parts of an e-mail, plain text and HTML, made of statements by templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from services.notifications.messages.texts.details import Office
from services.notifications.messages.texts.statement import Statement

if TYPE_CHECKING:
    from jinja2 import Template

NAME, VERSION = "email", 2
"""Raise the version with every change of a text. Version 1 is the text of release 0.1."""


@dataclass(frozen=True)
class Link:
    """words: what it does; address: absolute."""

    words: str
    address: str


@dataclass(frozen=True)
class MailText:
    """Both parts, and the links in them."""

    text: str
    html: str
    links: Sequence[Link]


def mail_text(
    *, name: str, region: str, subject: str, statements: Sequence[Statement], office: Office, note: str = ""
) -> MailText:
    """name: of the reader, empty when it is not known; note: a sentence about this copy of the message."""
    links = links_of(statements, office)
    context = {
        "name": name,
        "region": region,
        "subject": subject,
        "statements": statements,
        "links": links,
        "office": office,
        "note": note,
    }
    text, html = _templates()
    return MailText(text.render(context), html.render(context), links)


def links_of(statements: Sequence[Statement], office: Office) -> list[Link]:
    """Where the message leads, each address once, in the order of the statements; none without a public URL."""
    if not office.public_url:
        return []
    root = office.public_url.rstrip("/")
    words = {each.path: each.action for each in reversed(statements) if each.path}
    paths = dict.fromkeys(each.path for each in statements if each.path)
    return [Link(words[path], f"{root}{path}") for path in paths]


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
