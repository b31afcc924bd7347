"""Sends the commands of a mail together (RFC 2920) over a connection that aiosmtplib has made.

aiosmtplib connects, encrypts, logs in and ends the session; it reads one reply for each thing it writes, so the replies
to several commands are read here. That takes two writes for a mail instead of four.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import aiosmtplib
from typing_extensions import override

LONGEST_REPLIES = 65_536  # bytes that may wait to be read

_CODE = 3  # digits of a reply


@dataclass(frozen=True)
class Reply:
    """A reply of the server; its lines are joined."""

    code: int
    text: str


class SmtpPipeline(asyncio.Protocol):
    """Takes the place of aiosmtplib's protocol on the connection of `client`, until it hands it back. Not for several
    coroutines at once."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        protocol, transport = client.protocol, client.transport
        if protocol is None or not isinstance(transport, asyncio.Transport):
            raise aiosmtplib.SMTPServerDisconnected("not connected")
        self._former, self._transport = protocol, transport
        self._unread = bytearray()
        self._replies: list[Reply] = []
        self._wanted = 0
        self._waiter: asyncio.Future[None] | None = None
        transport.set_protocol(self)

    def hand_back(self) -> None:
        """Let aiosmtplib use the connection again. Only between two commands."""
        self._transport.set_protocol(self._former)

    async def replies(self, sent: bytes, count: int) -> list[Reply]:
        """Write, and wait for so many replies; fewer if the connection ends after some. Raises SMTPServerDisconnected
        if it ends before any, SMTPResponseException for what is no reply."""
        if self._transport.is_closing():
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        self._waiter = asyncio.get_running_loop().create_future()
        self._wanted, self._replies = count, []
        self._transport.write(sent)
        try:
            await self._waiter
        finally:
            self._waiter = None
        return self._replies

    @override
    def data_received(self, data: bytes) -> None:
        if self._waiter is None or self._waiter.done():
            self._transport.close()  # nobody has asked: the server ends the session, or does not follow the protocol
            return
        self._unread += data
        try:
            self._replies += _read(self._unread)
        except ValueError:
            text = "Malformed or endless SMTP response"
            self._waiter.set_exception(aiosmtplib.SMTPResponseException(-1, text))
            self._transport.close()
            return
        if len(self._replies) >= self._wanted:
            self._waiter.set_result(None)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiter is not None and not self._waiter.done():
            if self._replies:
                self._waiter.set_result(None)
            else:
                lost = aiosmtplib.SMTPServerDisconnected("Connection lost")
                lost.__cause__ = exc
                self._waiter.set_exception(lost)
        self._former.connection_lost(exc)


def dotted(text: bytes) -> bytes:
    """A text as it is written after DATA. Raises ValueError for line ends other than CRLF, which servers may take for
    the end of the text."""
    ends = text.count(b"\r\n")
    if text.count(b"\n") != ends or text.count(b"\r") != ends or not text.endswith(b"\r\n"):
        raise ValueError("line ends other than CRLF")
    stuffed = text.replace(b"\r\n.", b"\r\n..")
    return (b"." if text.startswith(b".") else b"") + stuffed + b".\r\n"


def _read(unread: bytearray) -> list[Reply]:
    """Take the whole replies out of what was received. Raises ValueError."""
    found: list[Reply] = []
    lines: list[str] = []
    begin = taken = 0
    while (end := unread.find(b"\n", begin)) >= 0:
        line = bytes(unread[begin:end]).decode("utf-8", "surrogateescape")
        begin = end + 1
        lines.append(line[_CODE + 1 :].strip())
        if line[_CODE : _CODE + 1] != "-":
            found.append(Reply(int(line[:_CODE]), "\n".join(lines)))
            lines, taken = [], begin
    del unread[:taken]
    if len(unread) > LONGEST_REPLIES:
        raise ValueError("an endless reply")
    return found
