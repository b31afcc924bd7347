"""Renders a message, with all its alerts, in Bahasa Indonesia: an e-mail as plain text and HTML, a WhatsApp message as
a template with variables.

The wording addresses the agency, reports, and neither threatens nor decides. It uses no more personal data than the
salutation of an e-mail needs; a WhatsApp message has none, because it is transferred abroad (UU 27/2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.rendered import RenderedMessage
from services.notifications.messages.texts import layout
from services.notifications.messages.texts.cleaning import cleaned
from services.notifications.messages.texts.details import AlertDetails, ContactDetails, Office, RegionDetails
from services.notifications.messages.texts.statement import Statement
from services.notifications.messages.texts.statements import in_order
from services.notifications.messages.texts.whatsapp import MOST_BRIEF, MOST_INFORMATION, whatsapp_templates
from services.notifications.messages.texts.wording import channel_name, one_line, shortened

__all__ = ["AlertDetails", "Envelope", "Office", "RegionDetails", "RenderedMessage", "render"]

LONGEST_SUBJECT = 120  # characters
LONGEST_SALUTATION = 120


@dataclass(frozen=True)
class Envelope:
    """Whom a message is for. message: `<person>/<n>`; mail: the id in the mail's `Message-ID`; to: the address on
    `channel`; name: the reader's; after: the channel on which the same message was sent before without a receipt."""

    message: str
    mail: str
    channel: ChannelName
    to: str
    name: str
    after: ChannelName | None = None


def render(
    envelope: Envelope, details: Sequence[AlertDetails], *, region: RegionDetails, today: date, office: Office
) -> RenderedMessage:
    """Render a message. details: of at least one alert, in any order; today: the local day. Pure."""
    region, office = _cleaned(region, office)
    statements = in_order([_reachable(each, office) for each in details], region, today)
    form = _mail if envelope.channel is ChannelName.EMAIL else _whatsapp
    return form(envelope, statements, region, office)


@lru_cache(maxsize=64)  # the messages of a region share them
def _cleaned(region: RegionDetails, office: Office) -> tuple[RegionDetails, Office]:
    return cleaned(region), cleaned(office)


def _mail(
    envelope: Envelope, statements: Sequence[Statement], region: RegionDetails, office: Office
) -> RenderedMessage:
    subject = _subject(statements)
    name = shortened(one_line(envelope.name), LONGEST_SALUTATION)
    parts = layout.mail_text(
        name=name,
        region=region.name,
        subject=subject,
        statements=statements,
        office=office,
        note=_note(envelope),
    )
    return RenderedMessage(
        message=envelope.message,
        mail=envelope.mail,
        alerts=tuple(each.alert for each in statements),
        to=envelope.to,
        name=name,
        subject=subject,
        text=parts.text,
        html=parts.html,
        template=layout.NAME,
        version=layout.VERSION,
        link=parts.links[0].address if parts.links else "",
        reply_to=office.reply_to,
    )


def _whatsapp(
    envelope: Envelope, statements: Sequence[Statement], region: RegionDetails, office: Office
) -> RenderedMessage:
    """The template of the most urgent statement; the others are counted."""
    first = statements[0]
    template = whatsapp_templates()[first.template]
    links = layout.links_of(statements[:1], office)
    link = links[0].address if links else ""
    variables = (
        *first.variables,
        _brief(first, len(statements) - 1, _note(envelope)),
        _information(link, office, region),
    )
    return RenderedMessage(
        message=envelope.message,
        mail=envelope.mail,
        alerts=tuple(each.alert for each in statements),
        to=envelope.to,
        name=one_line(envelope.name),
        subject=_subject(statements),
        text=f"{template.filled(variables)}\n\n_{template.footer}_",
        html="",
        template=template.name,
        version=template.version,
        variables=variables,
        language=template.language,
        link=link,
        reply_to=office.reply_to,
    )


def _reachable(details: AlertDetails, office: Office) -> AlertDetails:
    """Without a public URL there is no link to confirm with."""
    if isinstance(details, ContactDetails) and not office.public_url:
        return replace(details, path="")
    return details


def _subject(statements: Sequence[Statement]) -> str:
    others = f" dan {len(statements) - 1} pemberitahuan lain" if len(statements) > 1 else ""
    return shortened(statements[0].subject, LONGEST_SUBJECT - len(others)) + others


def _note(envelope: Envelope) -> str:
    if envelope.after is None:
        return ""
    before, now = channel_name(envelope.after), channel_name(envelope.channel)
    return f"Pesan ini juga dikirim lewat {before}; {now} ini menyusul karena belum ada tanda terima."


def _brief(first: Statement, others: int, note: str) -> str:
    more = f"Ada {others} pemberitahuan lain untuk Saudara." if others else ""
    rest = " ".join(part for part in (more, note) if part)
    return f"{shortened(first.brief, MOST_BRIEF - len(rest))} {rest}".rstrip()


def _information(link: str, office: Office, region: RegionDetails) -> str:
    """Where to learn more: the link, and the office with its telephone number; never empty."""
    name = shortened(office.name or f"kantor kurator {region.name}")
    who = f"{name}, telepon {office.telephone}" if office.telephone else name
    if link:
        return f"{link} atau {who}" if office.name or office.telephone else link
    return shortened(who, MOST_INFORMATION)
