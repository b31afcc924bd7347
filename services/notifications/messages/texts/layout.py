"""The two parts of an e-mail, plain text and HTML, made of statements by templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.notifications.messages.texts.details import Office
from services.notifications.messages.texts.form import Link, Mail, rendered
from services.notifications.messages.texts.statement import Statement

NAME, VERSION = "email", 2
"""Raise the version with every change of a text. Version 1 is the text of release 0.1."""


@dataclass(frozen=True)
class MailText:
    """Both parts, and the links in them."""

    text: str
    html: str
    links: Sequence[Link]


def mail_text(
    *, name: str, region: str, subject: str, statements: Sequence[Statement], office: Office, note: str = ""
) -> MailText:
    """name: of the reader, empty when it is not known; note: a sentence about this copy of the message. Every value is
    `cleaned`."""
    links = links_of(statements, office)
    text, html = rendered(Mail(name, region, subject, statements, links, office, note))
    return MailText(text, html, links)


def links_of(statements: Sequence[Statement], office: Office) -> list[Link]:
    """Where the message leads, each address once, in the order of the statements; none without a public URL."""
    if not office.public_url:
        return []
    root = office.public_url.rstrip("/")
    words = {each.path: each.action for each in reversed(statements) if each.path}
    paths = dict.fromkeys(each.path for each in statements if each.path)
    return [Link(words[path], f"{root}{path}") for path in paths]
