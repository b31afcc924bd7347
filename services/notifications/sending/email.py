"""E-mail by SMTP. Sources: RFC 5321, RFC 3463 (codes), RFC 3834 (Auto-Submitted), RFC 5322 (Message-ID).

The answer to the text (DATA) decides whether a mail was accepted; how the session ends after it does not matter. SMTP
has no way to ask whether a server has accepted a mail. So a connection that breaks once the text may have been
sent is UNANSWERED; the same message is then handed over once more under the same Message-ID.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr

import aiosmtplib

from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.messages.rendering import RenderedMessage
from services.notifications.sending.channel import ChannelName, HandOver
from services.notifications.sending.smtp_url import SmtpUrl
from shared.clock import Clock
from shared.indonesian import LOCALE

WHOLE_TIMEOUT = 30.0  # seconds for all of a hand-over, from the connection to the answer about the text
QUIT_TIMEOUT = 2.0  # seconds that a server has to end the session after that


_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_RECIPIENT = frozenset({"5.1.1", "5.1.10", "5.1.2", "5.1.3", "5.1.6", "5.2.1", "5.2.2", "550"})


@dataclass(frozen=True)
class FromAddress:
    """mail_from: `Name <address>` or an address; reply_to: a person's address at the curator's office, may be empty;
    domain: right of the @ in a Message-ID."""

    mail_from: str
    reply_to: str
    domain: str


class EmailChannel:
    """See `Channel`. One connection for each message."""

    name = ChannelName.EMAIL
    driver = "smtp"
    has_receipts = False
    at_once = 4
    per_second: float | None = None

    def __init__(self, url: SmtpUrl, sender: FromAddress, *, timeout: float = WHOLE_TIMEOUT) -> None:
        self._url = url
        self._sender = sender
        self._timeout = timeout

    async def close(self) -> None:
        """Nothing is kept open."""

    async def hand_over(self, message: HandOver) -> Answer:
        """Connect, hand over, wait for the answer."""
        session = _SmtpSession(self._url, self._timeout)
        body = self.mail(message.content).as_bytes(policy=SMTP_POLICY)
        try:
            async with asyncio.timeout(self._timeout):
                await session.make(parseaddr(self._sender.mail_from)[1], message.to, body)
            await session.quit()
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return session.judge(error)
        else:
            return Answer(AnswerClass.ACCEPTED)
        finally:
            session.client.close()

    def mail(self, message: RenderedMessage) -> EmailMessage:
        """The message as a mail: multipart text and HTML, in Bahasa Indonesia."""
        mail = EmailMessage()
        mail["From"] = self._sender.mail_from
        mail["To"] = Address(plain(message.name), addr_spec=message.to)
        if self._sender.reply_to:
            mail["Reply-To"] = self._sender.reply_to
        mail["Subject"] = plain(message.subject)
        mail["Date"] = format_datetime(Clock.machine())
        mail["Message-ID"] = f"<{message.mail}@{self._sender.domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        mail.add_alternative(message.html, subtype="html")
        mail["Content-Language"] = LOCALE  # set last, else it would become the first part's
        return mail


def judge_reply(code: int, text: str, *, about_recipient: bool) -> Answer:
    """The class of a refusal. about_recipient: it answered RCPT or DATA."""
    match = _ENHANCED.search(text)
    status = match[1] if match else str(code)
    if not about_recipient:
        return Answer(AnswerClass.AWAY if code < 500 else AnswerClass.ACCOUNT, status)  # noqa: PLR2004 - RFC 5321
    if status in _RECIPIENT:
        return Answer(AnswerClass.RECIPIENT, status)
    if status.startswith("5.6."):
        return Answer(AnswerClass.BUG, status)
    return Answer(AnswerClass.TRANSIENT, status)


def plain(text: str) -> str:
    """The text as a safe header value: on one line, without unprintable characters, and without the beginning of an
    encoded word (RFC 2047), which the e-mail package would decode, line ends included, into further headers."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split()).replace("=?", "= ?")


class _SmtpSession:
    """One SMTP session, and how far it has come."""

    def __init__(self, url: SmtpUrl, timeout: float) -> None:
        self.client = aiosmtplib.SMTP(
            hostname=url.host,
            port=url.port,
            username=url.user,
            password=url.password,
            use_tls=url.scheme == "smtps",
            start_tls=url.scheme == "starttls",
            timeout=timeout,
        )
        self._about_recipient = False
        self._may_be_accepted = False

    async def make(self, sender: str, recipient: str, body: bytes) -> None:
        """Run all steps up to the answer about the text. Raises what aiosmtplib raises."""
        await self.client.connect()
        await self.client.mail(sender)
        self._about_recipient = True
        await self.client.rcpt(recipient)
        self._may_be_accepted = True
        await self.client.data(body)

    async def quit(self) -> None:
        """End the session of an accepted mail, within QUIT_TIMEOUT. It was accepted, however the session ends."""
        with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
            async with asyncio.timeout(QUIT_TIMEOUT):
                await self.client.quit()

    def judge(self, error: Exception) -> Answer:
        """The outcome that an error means."""
        if isinstance(error, aiosmtplib.SMTPResponseException):
            return judge_reply(error.code, str(error.message), about_recipient=self._about_recipient)
        if type(error) in (aiosmtplib.SMTPException, aiosmtplib.SMTPNotSupported):  # no STARTTLS, no way to log in
            return Answer(AnswerClass.ACCOUNT, "not-supported")
        if _bad_certificate(error):
            return Answer(AnswerClass.ACCOUNT, "certificate")
        if self._may_be_accepted:
            return Answer(AnswerClass.UNANSWERED, "no-answer")
        return Answer(AnswerClass.AWAY, "no-connection")


def _bad_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
