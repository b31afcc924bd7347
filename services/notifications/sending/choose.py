"""Chooses the channel of a process: CHANNEL, else e-mail if there is an SMTP server, else the log."""

from __future__ import annotations

from email.utils import parseaddr

from services.notifications.contacts.fields import email_address
from services.notifications.sending.channel import Channel
from services.notifications.sending.email import EmailChannel, FromAddress
from services.notifications.sending.log import LogChannel
from services.notifications.sending.smtp_url import SmtpUrl, parse
from services.notifications.settings import MailSettings
from shared.faults import Flaw, Misconfigured

EMAIL = "email"


def name_of(settings: MailSettings) -> str:
    """`email` or `log`."""
    return settings.channel or (EMAIL if settings.smtp_url.get_secret_value() else LogChannel.name)


def check(settings: MailSettings) -> None:
    """Raises Misconfigured with every flaw of the mail settings when the channel is e-mail."""
    if name_of(settings) == EMAIL:
        _, flaws = _url(settings)
        flaws += _address("MAIL_FROM", settings.mail_from, needed=True)
        flaws += _address("MAIL_REPLY_TO", settings.mail_reply_to, needed=False)
        flaws += _domain(settings.mail_domain)
        if flaws:
            raise Misconfigured(flaws)


def choose(settings: MailSettings) -> Channel:
    """The channel. Raises Misconfigured as `check` does."""
    check(settings)
    url, _ = _url(settings)
    if name_of(settings) != EMAIL or url is None:
        return LogChannel()
    domain = settings.mail_domain or parseaddr(settings.mail_from)[1].rpartition("@")[2]
    return EmailChannel(url, FromAddress(settings.mail_from, settings.mail_reply_to, domain))


def _url(settings: MailSettings) -> tuple[SmtpUrl | None, list[Flaw]]:
    text = settings.smtp_url.get_secret_value()
    if not text:
        return None, [Flaw("SMTP_URL", "missing", "is needed to send e-mail; or set CHANNEL=log")]
    try:
        return parse(text), []
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
