"""Chooses the channels of a process by its settings."""

from __future__ import annotations

from email.utils import parseaddr

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.fields import email_address
from services.notifications.messages.texts.whatsapp import whatsapp_templates
from services.notifications.sending.bounces.imap_url import ImapUrl
from services.notifications.sending.bounces.imap_url import parse as parse_imap
from services.notifications.sending.channel import Channel
from services.notifications.sending.drivers.cloud_api import CloudApiChannel
from services.notifications.sending.drivers.email import EmailChannel, FromAddress
from services.notifications.sending.drivers.fonnte import FonnteChannel
from services.notifications.settings import MailSettings
from shared.faults import Flaw, Misconfigured
from shared.settings import require_encrypted
from shared.smtp_url import SmtpUrl
from shared.smtp_url import parse as parse_smtp

LOG = "log"


def check(settings: MailSettings) -> None:
    """Raises Misconfigured with every flaw of the channels' settings."""
    flaws = [*_email_flaws(settings), *_whatsapp_flaws(settings), *_bounce_flaws(settings)]
    if flaws:
        raise Misconfigured(flaws)


def channels(settings: MailSettings) -> dict[ChannelName, Channel]:
    """The channels; none with CHANNEL=log. Raises Misconfigured as `check` does."""
    check(settings)
    if settings.channel == LOG:
        return {}
    chosen: list[Channel | None] = [_email(settings), _whatsapp(settings)]
    return {channel.name: channel for channel in chosen if channel is not None}


def bounce_mailbox(settings: MailSettings) -> ImapUrl | None:
    """The mailbox that bounces return to; None when none is set or nothing is sent by e-mail."""
    text = settings.bounce_imap_url.get_secret_value()
    return parse_imap(text) if text and _sends_email(settings) else None


def mail_domain(settings: MailSettings) -> str:
    """Right of the @ in our Message-IDs; empty when no sender is set."""
    return settings.mail_domain or parseaddr(settings.mail_from)[1].rpartition("@")[2]


def _sends_email(settings: MailSettings) -> bool:
    wanted = bool(settings.smtp_url.get_secret_value()) or settings.channel == ChannelName.EMAIL.value
    return wanted and settings.channel != LOG


def _email(settings: MailSettings) -> Channel | None:
    url, _ = _url(settings)
    if url is None or not _sends_email(settings):
        return None
    sender = FromAddress(settings.mail_from, settings.mail_reply_to, mail_domain(settings))
    return EmailChannel(url, sender)


def _whatsapp(settings: MailSettings) -> Channel | None:
    if token := settings.whatsapp_token.get_secret_value():
        number = settings.whatsapp_phone_number_id
        return CloudApiChannel(token, number, url=settings.whatsapp_url, count=_variables)
    if token := settings.fonnte_token.get_secret_value():
        return FonnteChannel(token, url=settings.fonnte_url)
    return None


def _variables(template: str) -> int | None:
    found = whatsapp_templates().get(template)
    return None if found is None else len(found.variables)


def _email_flaws(settings: MailSettings) -> list[Flaw]:
    if not _sends_email(settings):
        return []
    _, flaws = _url(settings)
    flaws += _address("MAIL_FROM", settings.mail_from, needed=True)
    flaws += _address("MAIL_REPLY_TO", settings.mail_reply_to, needed=False)
    return flaws + _domain(settings.mail_domain)


def _whatsapp_flaws(settings: MailSettings) -> list[Flaw]:
    official = {
        "WHATSAPP_TOKEN": settings.whatsapp_token.get_secret_value(),
        "WHATSAPP_PHONE_NUMBER_ID": settings.whatsapp_phone_number_id,
        "WHATSAPP_APP_SECRET": settings.whatsapp_app_secret.get_secret_value(),
        "WHATSAPP_VERIFY_TOKEN": settings.whatsapp_verify_token.get_secret_value(),
    }
    flaws = []
    if any(official.values()):
        flaws += [
            Flaw(variable, "missing", "is needed for WhatsApp by the Cloud API, with the other WHATSAPP_ variables")
            for variable, value in official.items()
            if not value
        ]
        if settings.fonnte_token.get_secret_value():
            flaws.append(Flaw("FONNTE_TOKEN", "alone", "cannot be combined with WHATSAPP_TOKEN: choose one provider"))
    number = settings.whatsapp_phone_number_id
    if number and not (number.isascii() and number.isdecimal()):
        flaws.append(Flaw("WHATSAPP_PHONE_NUMBER_ID", "malformed", "is Meta's id of the number, digits only"))
    for variable, url in (("WHATSAPP_URL", settings.whatsapp_url), ("FONNTE_URL", settings.fonnte_url)):
        flaws += _web(variable, url)
    return flaws


def _web(variable: str, url: str) -> list[Flaw]:
    if not url:
        return []
    if not url.startswith(("http://", "https://")):
        return [Flaw(variable, "malformed", "must begin with https:")]
    try:
        require_encrypted(url)
    except ValueError as error:
        return [Flaw(variable, "malformed", str(error))]
    return []


def _bounce_flaws(settings: MailSettings) -> list[Flaw]:
    text = settings.bounce_imap_url.get_secret_value()
    if not text:
        return []
    try:
        parse_imap(text)
    except ValueError as error:
        return [Flaw("BOUNCE_IMAP_URL", "malformed", str(error))]
    return []


def _url(settings: MailSettings) -> tuple[SmtpUrl | None, list[Flaw]]:
    text = settings.smtp_url.get_secret_value()
    if not text:
        return None, [Flaw("SMTP_URL", "missing", "is needed to send e-mail; or set CHANNEL=log")]
    try:
        return parse_smtp(text), []
    except ValueError as error:
        return None, [Flaw("SMTP_URL", "malformed", str(error))]


def _domain(text: str) -> list[Flaw]:
    if not text:
        return []
    try:
        email_address(f"satu@{text}")
    except ValueError:
        return [Flaw("MAIL_DOMAIN", "malformed", "is no domain, such as kuburaya.example")]
    return []


def _address(variable: str, text: str, *, needed: bool) -> list[Flaw]:
    if not text:
        return [Flaw(variable, "missing", "is needed to send e-mail")] if needed else []
    try:
        email_address(parseaddr(text)[1])
    except ValueError:
        return [Flaw(variable, "malformed", "is no e-mail address, nor `Name <address>`")]
    return []
