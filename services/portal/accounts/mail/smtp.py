"""Hands mails over by SMTP: one connection for each, for there are few.

Sources: RFC 5321 §4.2 (answers), RFC 3834 (Auto-Submitted).
"""

from __future__ import annotations

import asyncio
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

import aiosmtplib

from services.portal.accounts.mail.letter import Letter
from services.portal.accounts.mail.sender import Handed
from shared.clock import Clock
from shared.indonesian import LOCALE
from shared.smtp_url import SmtpUrl

TIMEOUT = 30.0  # seconds for a whole hand-over
_PERMANENT = 500


class SmtpMailer:
    """A `Mailer`. mail_from, reply_to: `Name <address>` or an address; reply_to may be empty; domain: right of the @ in
    a Message-ID."""

    def __init__(self, url: SmtpUrl, mail_from: str, *, domain: str, reply_to: str = "") -> None:
        self._url = url
        self._from = mail_from
        self._domain = domain
        self._reply_to = reply_to

    async def hand_over(self, letter: Letter) -> Handed:
        """See `Mailer`."""
        url = self._url
        try:
            async with asyncio.timeout(TIMEOUT):
                await aiosmtplib.send(
                    self.message(letter),
                    sender=parseaddr(self._from)[1],
                    recipients=[letter.to],
                    hostname=url.host,
                    port=url.port,
                    username=url.user,
                    password=url.password,
                    use_tls=url.scheme == "smtps",
                    start_tls=url.scheme == "starttls",
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _judged(max(each.code for each in error.recipients))
        except aiosmtplib.SMTPResponseException as error:
            return _judged(error.code)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            return Handed.AWAY
        except ValueError:  # a character that no header may contain
            return Handed.REFUSED
        return Handed.ACCEPTED

    def message(self, letter: Letter) -> EmailMessage:
        """The mail. Raises ValueError for a line end in a header."""
        mail = EmailMessage()
        mail["From"] = self._from
        mail["To"] = letter.to
        if self._reply_to:
            mail["Reply-To"] = self._reply_to
        mail["Subject"] = letter.subject
        mail["Date"] = format_datetime(Clock.machine().replace(microsecond=0))
        mail["Message-ID"] = f"<{letter.id}@{self._domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["Content-Language"] = LOCALE
        mail.set_content(letter.text)
        mail.add_alternative(letter.html, subtype="html")
        return mail


def _judged(code: int) -> Handed:
    """A refusal that lasts, or one that does not."""
    return Handed.REFUSED if code >= _PERMANENT else Handed.AWAY
