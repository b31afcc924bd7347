"""An SMTP server on loopback that keeps every mail and forwards none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from shared.clock import Clock


@dataclass(frozen=True)
class Mail:
    """One received mail. at: when it arrived; text: its plain part; html: its HTML part; each empty when there is
    none."""

    number: int
    message_id: str
    to: str
    subject: str
    at: datetime
    text: str
    html: str


class MailSandbox:
    """A context manager. The mails are in `mails` and, as `.eml` files, in the folder. gone: addresses that it refuses
    as a real server refuses an unknown mailbox; refused: the refusals; now: the time to note, business or machine."""

    def __init__(
        self, folder: Path, gone: Collection[str] = (), *, now: Callable[[], datetime] = Clock.machine
    ) -> None:
        self.mails: list[Mail] = []
        self.refused: list[str] = []
        self._folder = folder
        self._gone = frozenset(gone)
        self._now = now
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """`smtp://127.0.0.1:<port>`, while it runs."""
        if self._server is None:
            raise RuntimeError("the mail sandbox does not run")
        return f"smtp://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, hostname="sandbox.example"), "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse a mailbox that is gone."""
        if address in self._gone:
            self.refused.append(address)
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd
        """Keep the mail: aiosmtpd calls this once it is complete."""
        body = envelope.original_content or b""
        mail = _read(len(self.mails) + 1, ", ".join(envelope.rcpt_tos), self._now(), body)
        (self._folder / f"{mail.number:04d}.eml").write_bytes(body)
        self.mails.append(mail)
        return "250 2.0.0 kept in the sandbox"


def _read(number: int, to: str, at: datetime, body: bytes) -> Mail:
    message = message_from_bytes(body, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError("policy.default makes EmailMessage")
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    return Mail(
        number=number,
        message_id=str(message["Message-ID"] or ""),
        to=to,
        subject=str(message["Subject"] or ""),
        at=at,
        text=plain.get_content() if plain else "",
        html=html.get_content() if html else "",
    )
