"""An SMTP server on loopback that keeps every mail and forwards none."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Mail:
    """One received mail. text: its plain part; html: its HTML part; each empty when there is none."""

    number: int
    message_id: str
    to: str
    subject: str
    date: str
    text: str
    html: str


class MailSandbox:
    """A context manager. The mails are in `mails` and, as `.eml` files, in the folder."""

    def __init__(self, folder: Path) -> None:
        self.mails: list[Mail] = []
        self._folder = folder
        self._arrival = asyncio.Event()
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

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd
        """Keep the mail: aiosmtpd calls this once it is complete."""
        body = envelope.original_content or b""
        mail = _read(len(self.mails) + 1, ", ".join(envelope.rcpt_tos), body)
        (self._folder / f"{mail.number:04d}.eml").write_bytes(body)
        self.mails.append(mail)
        self._arrival.set()
        return "250 2.0.0 kept in the sandbox"

    async def arrived(self, count: int, within: float) -> bool:
        """Wait until `count` mails have arrived; False when they have not within so many seconds."""
        try:
            async with asyncio.timeout(within):
                while len(self.mails) < count:
                    self._arrival.clear()
                    if len(self.mails) < count:
                        await self._arrival.wait()
        except TimeoutError:
            return False
        return True


def _read(number: int, to: str, body: bytes) -> Mail:
    message = message_from_bytes(body, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError("policy.default makes EmailMessage")
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    return Mail(
        number=number,
        message_id=str(message["Message-ID"] or ""),
        to=to,
        subject=str(message["Subject"] or ""),
        date=str(message["Date"] or ""),
        text=plain.get_content() if plain else "",
        html=html.get_content() if html else "",
    )
