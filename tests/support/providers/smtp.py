"""A small SMTP server that answers by script and keeps every command, in the loop of the test.

`tests/servers/smtp.py` is a complete server; this one can also be rude before RCPT, and shows how sessions are used.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

DROP = "drop"  # instead of a reply: end the connection
HANG = "hang"  # instead of a reply: none
TAKE_AND_DROP = "take-and-drop"  # at TEXT: accept the mail, then end the connection without saying so

_USUAL = {
    "CONNECT": "220 provider.example ESMTP",
    "EHLO": "250-provider.example\r\n250 PIPELINING",
    "DATA": "354 go on",
    "TEXT": "250 2.0.0 taken",
    "QUIT": "221 2.0.0 bye",
    "AUTH": "235 2.7.0 ok",
}


@dataclass
class SmtpProvider:
    """replies: step (`CONNECT`, `EHLO`, `STARTTLS`, `AUTH`, `MAIL`, `RCPT`, `DATA`, `TEXT`, `RSET`, `NOOP`, `QUIT`) →
    reply, DROP or HANG, or a function of the recipient that gives one; sessions: the commands of each connection;
    taken: the recipients of the mails that were accepted, in order; messages: their texts."""

    replies: dict[str, str | Callable[[str], str]] = field(default_factory=dict)
    sessions: list[list[str]] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    port: int = 0
    writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _empty: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """`smtp://127.0.0.1:<port>`."""
        return f"smtp://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """End every connection, as a restart of the server does."""
        for writer in self.writers:
            writer.close()

    async def nobody_there(self) -> None:
        """Wait until no connection is open."""
        await self._empty.wait()

    def _reply(self, step: str, recipient: str) -> str:
        reply = self.replies.get(step, _USUAL.get(step, "250 2.0.0 ok"))
        return reply if isinstance(reply, str) else reply(recipient)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        commands: list[str] = []
        self.sessions.append(commands)
        self.writers.add(writer)
        self._empty.clear()
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._converse(reader, writer, commands)
        finally:
            self.writers.discard(writer)
            if not self.writers:
                self._empty.set()
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, commands: list[str]) -> None:
        recipient, text, step = "", b"", "CONNECT"
        while True:
            reply = self._reply(step, recipient)
            if step == "TEXT" and (reply.startswith("250") or reply == TAKE_AND_DROP):
                self.taken.append(recipient)
                self.messages.append(text)
            if reply in (DROP, TAKE_AND_DROP):
                return
            if reply == HANG:
                await reader.read()
                return
            writer.write(f"{reply}\r\n".encode())
            await writer.drain()
            if step == "QUIT" or reply.startswith("421"):
                return
            if step == "DATA" and reply.startswith("354"):
                text, step = await reader.readuntil(b"\r\n.\r\n"), "TEXT"
                continue
            commands.append((await reader.readuntil(b"\r\n")).decode().strip())
            step = commands[-1].partition(" ")[0].upper()
            if step == "RCPT":
                recipient = commands[-1].partition("<")[2].partition(">")[0]


@asynccontextmanager
async def smtp_provider(tls: ssl.SSLContext | None = None) -> AsyncIterator[SmtpProvider]:
    """A running server. tls: encrypt from the first byte."""
    provider = SmtpProvider()
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0, ssl=tls)
    provider.port = server.sockets[0].getsockname()[1]
    try:
        yield provider
    finally:
        server.close()
        provider.cut()
        await server.wait_closed()
