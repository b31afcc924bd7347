"""E-mail by SMTP. Sources: RFC 5321, RFC 3463 (codes), RFC 3834 (Auto-Submitted), RFC 5322 (Message-ID).

The answer to the text (DATA) decides whether a mail was accepted; how the session ends after it does not matter. SMTP
has no way to ask whether a server has accepted a mail. So a connection that breaks once the text may have been
sent is UNANSWERED; the same message is then handed over once more under the same Message-ID.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from email.utils import parseaddr

import aiosmtplib

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.sending.channel import HandOver
from services.notifications.sending.drivers.mime import compose
from services.notifications.sending.drivers.smtp_pipeline import Reply, SmtpPipeline, dotted
from services.notifications.sending.drivers.smtp_pool import SmtpConnection, SmtpPool
from services.notifications.sending.drivers.smtp_reply import Step, classify
from shared.smtp_url import SmtpUrl

WHOLE_TIMEOUT = 30.0  # seconds for all of a hand-over, from the wait for a connection to the answer about the text
AT_ONCE = 8  # connections; Postfix allows a client 50, Exchange 20
ACCEPTED = Answer(AnswerClass.ACCEPTED)

_MAIL, _RCPT = b"MAIL FROM:<%b>", b"RCPT TO:<%b>"
_STEPS = (Step.BEFORE, Step.RECIPIENT, Step.TEXT)  # at which the three commands may be refused
_OK, _GO_ON, _TAKEN = (250, 251), (354,), (250,)
_SERVICE_CLOSING = 421
_GONE = (aiosmtplib.SMTPServerDisconnected, ConnectionError)


@dataclass(frozen=True)
class FromAddress:
    """mail_from: `Name <address>` or an address; reply_to: a person's address at the curator's office, may be empty;
    domain: right of the @ in a Message-ID."""

    mail_from: str
    reply_to: str
    domain: str


class EmailChannel:
    """See `Channel`. Without receipts: an accepted mail is done; a bounce may still tell otherwise (`bounces.py`)."""

    name = ChannelName.EMAIL
    driver = "smtp"
    has_receipts = False
    per_second = None

    def __init__(
        self, url: SmtpUrl, sender: FromAddress, *, timeout: float = WHOLE_TIMEOUT, at_once: int = AT_ONCE
    ) -> None:
        self.at_once = at_once
        self._sender = sender
        self._envelope_from = parseaddr(sender.mail_from)[1]
        self._timeout = timeout
        self._pool = SmtpPool(url, at_once, timeout)

    async def hand_over(self, message: HandOver) -> Answer:
        """Hand over, and wait for the answer about the text."""
        session = _Session(self._envelope_from, message.to)
        try:
            session.body = self.mail(message)
            async with asyncio.timeout(self._timeout), self._pool.connection() as connection:
                refusal = await session.make(connection)
                if refusal is not None and session.stale:
                    connection.client.close()
                    another = self._pool.new()
                    try:
                        refusal = await session.make(another)
                    except BaseException:
                        another.client.close()
                        raise
                    self._pool.keep(another)
                return refusal or ACCEPTED
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return session.judge(error)
        except ValueError:  # a character that no command or header may contain
            return Answer(AnswerClass.BUG, "not-writable")

    def mail(self, message: HandOver) -> bytes:
        """The message as a mail."""
        content = message.content
        reply_to = content.reply_to or self._sender.reply_to
        return compose(content, mail_from=self._sender.mail_from, reply_to=reply_to, domain=self._sender.domain)

    async def close(self) -> None:
        """End the sessions that are kept open."""
        await self._pool.close()


class _Session:
    """The hand-over of one mail, and how far it has come. stale: whether a connection that was kept open had ended
    before the mail began, which says nothing about the mail or the server."""

    def __init__(self, sender: str, recipient: str) -> None:
        self._sender = sender
        self._recipient = recipient
        self.body = b""
        self._step = Step.BEFORE
        self.stale = False

    async def make(self, connection: SmtpConnection) -> Answer | None:
        """Run all steps up to the answer about the text; the refusal, or None. Raises what aiosmtplib raises when the
        connection breaks, except for a stale one."""
        fresh, client = connection.fresh, connection.client
        self.stale = False
        try:
            if fresh:
                await client.connect()
            pipeline = None if fresh else connection.pipeline()
            connection.mails += 1
            if pipeline is not None:
                await self._together(connection, pipeline)
            else:
                await self._one_by_one(connection, fresh=fresh)
        except aiosmtplib.SMTPResponseException as refusal:
            if refusal.code == _SERVICE_CLOSING:
                self.stale = not fresh and self._step is Step.BEFORE
                client.close()
            elif self._step is Step.BEFORE and fresh:
                client.close()  # it may not even be logged in
            return self.judge(refusal)
        except _GONE as error:
            if fresh or self._step is not Step.BEFORE:
                raise
            self.stale = True
            return self.judge(error)
        connection.clean = True
        return None

    async def _one_by_one(self, connection: SmtpConnection, *, fresh: bool) -> None:
        client = connection.client
        if fresh:
            await client.mail(self._sender)  # after EHLO, unless the login has sent it
        else:
            await _command(client, _MAIL, self._sender)
        connection.clean = False
        self._step = Step.RECIPIENT
        await _command(client, _RCPT, self._recipient)
        self._step = Step.TEXT
        await client.data(self.body, timeout=None)

    async def _together(self, connection: SmtpConnection, pipeline: SmtpPipeline) -> None:
        """MAIL, RCPT and DATA are written together; the text only once all three are accepted, so that until then the
        mail is certainly not taken."""
        text = dotted(self.body)
        commands = b"\r\n".join((_line(_MAIL, self._sender), _line(_RCPT, self._recipient), b"DATA", b""))
        connection.clean = False

        def accepted(replies: list[Reply]) -> bytes:
            for step, reply, good in zip(_STEPS, replies, (_OK, _OK, _GO_ON), strict=False):
                self._step = step
                if reply.code not in good:
                    if replies[-1].code in _GO_ON:
                        connection.client.close()  # it waits for a text, although it has refused sender or recipient
                    raise aiosmtplib.SMTPResponseException(reply.code, reply.text)
            if len(replies) < len(_STEPS):
                self._step = Step.RECIPIENT
                raise aiosmtplib.SMTPServerDisconnected("Connection lost")
            self._step = Step.TEXT
            return text

        reply = await pipeline.exchange(commands, len(_STEPS), accepted)
        if reply.code not in _TAKEN:
            raise aiosmtplib.SMTPResponseException(reply.code, reply.text)

    def judge(self, error: Exception) -> Answer:
        """The answer that an error means."""
        if isinstance(error, aiosmtplib.SMTPResponseException):
            return classify(error.code, str(error.message), self._step)
        if type(error) in (aiosmtplib.SMTPException, aiosmtplib.SMTPNotSupported):  # no STARTTLS, no way to log in
            return Answer(AnswerClass.ACCOUNT, "not-supported")
        if _bad_certificate(error):
            return Answer(AnswerClass.ACCOUNT, "certificate")
        if self._step is Step.TEXT:
            return Answer(AnswerClass.UNANSWERED, "no-answer")
        return Answer(AnswerClass.AWAY, "no-connection")


async def _command(client: aiosmtplib.SMTP, command: bytes, address: str) -> None:
    """Send MAIL or RCPT. The time limit is that of the whole hand-over: one of each command costs as much as the
    command."""
    response = await client.execute_command(_line(command, address), timeout=None)
    if response.code not in _OK:
        raise aiosmtplib.SMTPResponseException(response.code, response.message)


def _line(command: bytes, address: str) -> bytes:
    """address: without quoting, which `compose` has checked, so that it need not be parsed here."""
    line = command % address.encode("ascii")
    if not line.isascii() or b"\r" in line or b"\n" in line:
        raise ValueError("an address with a line end")
    return line


def _bad_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
