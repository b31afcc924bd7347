"""Sends the commands of a mail together (RFC 2920) over a connection that aiosmtplib has made.

aiosmtplib connects, encrypts, logs in and ends the session; it reads one reply for each thing it writes, so the replies
to several commands are read here. That takes two writes for a mail instead of four.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import NamedTuple

import aiosmtplib
from typing_extensions import override

LONGEST_REPLIES = 65_536  # bytes that may wait to be read

_CODE = 3  # digits of a reply
_UNUSUAL = re.compile(rb"\r(?:[^\n]|\n\.)")  # CR without LF, or a line that begins with a dot


class Reply(NamedTuple):
    """A reply of the server; its lines are joined."""

    code: int
    text: str


Next = Callable[[list[Reply]], bytes]
"""What is written once the replies have come; it gets fewer if the connection ends after some, and then raises."""


class SmtpPipeline(asyncio.Protocol):
    """Takes the place of aiosmtplib's protocol on the connection of `client`, until it hands it back. Not for several
    coroutines at once."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        protocol, transport = client.protocol, client.transport
        if protocol is None or not isinstance(transport, asyncio.Transport):
            raise aiosmtplib.SMTPServerDisconnected("not connected")
        self._former, self._transport = protocol, transport
        self._loop = asyncio.get_running_loop()
        self._unread = b""
        self._replies: list[Reply] = []
        self._wanted = 0
        self._next: Next | None = None
        self._waiter: asyncio.Future[Reply] | None = None
        transport.set_protocol(self)

    def hand_back(self) -> None:
        """Let aiosmtplib use the connection again. Only between two commands."""
        self._transport.set_protocol(self._former)

    async def exchange(self, commands: bytes, count: int, then: Next) -> Reply:
        """Write commands, wait for so many replies, write at once what `then` makes of them, and wait for the reply to
        that. Raises what `then` raises, SMTPServerDisconnected if the connection ends before a reply,
        SMTPResponseException for what is no reply."""
        if self._transport.is_closing():
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        waiter: asyncio.Future[Reply] = self._loop.create_future()
        self._waiter = waiter
        self._wanted, self._replies, self._next = count, [], then
        self._transport.write(commands)
        try:
            return await waiter
        finally:
            self._waiter = self._next = None

    @override
    def data_received(self, data: bytes) -> None:
        waiter = self._waiter
        if waiter is None or waiter.done():
            self._transport.close()  # nobody has asked: the server ends the session, or does not follow the protocol
            return
        try:
            found, self._unread = _read(self._unread + data)
        except ValueError:
            text = "Malformed or endless SMTP response"
            waiter.set_exception(aiosmtplib.SMTPResponseException(-1, text))
            self._transport.close()
            return
        self._replies += found
        if len(self._replies) >= self._wanted:
            self._go_on(waiter)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            if self._replies:
                self._go_on(waiter)
            else:
                lost = aiosmtplib.SMTPServerDisconnected("Connection lost")
                lost.__cause__ = exc
                waiter.set_exception(lost)
        self._former.connection_lost(exc)

    def _go_on(self, waiter: asyncio.Future[Reply]) -> None:
        if self._next is None:
            waiter.set_result(self._replies[0])
            return
        make, self._next = self._next, None
        try:
            text = make(self._replies)
        except Exception as error:  # noqa: BLE001 - raised where the mail is made
            waiter.set_exception(error)
            return
        self._wanted, self._replies = 1, []
        self._transport.write(text)


def dotted(text: bytes) -> bytes:
    """A text as it is written after DATA. Raises ValueError for line ends other than CRLF, which servers may take for
    the end of the text."""
    as_it_is = _UNUSUAL.search(text) is None
    ends = text.count(b"\n") if as_it_is else text.count(b"\r\n")  # as it is: each CR is followed by LF
    if text.count(b"\n") != ends or text.count(b"\r") != ends or not text.endswith(b"\r\n"):
        raise ValueError("line ends other than CRLF")
    stuffed = text if as_it_is else text.replace(b"\r\n.", b"\r\n..")
    return (b"." if text.startswith(b".") else b"") + stuffed + b".\r\n"


def _read(unread: bytes) -> tuple[list[Reply], bytes]:
    """The whole replies in what was received, and the rest of it. Raises ValueError."""
    found: list[Reply] = []
    texts: list[str] = []
    taken = 0
    *lines, rest = unread.split(b"\n")
    for number, line in enumerate(lines, 1):
        texts.append(line[_CODE + 1 :].decode("utf-8", "surrogateescape").strip())
        if line[_CODE : _CODE + 1] != b"-":
            found.append(Reply(int(line[:_CODE]), "\n".join(texts)))
            texts, taken = [], number
    if taken < len(lines):
        rest = b"\n".join([*lines[taken:], rest])
    if len(rest) > LONGEST_REPLIES:
        raise ValueError("an endless reply")
    return found, rest
