"""One HTTP request on a connection, and its answer: the server's side of ASGI.

The head of an answer is written together with the first part of its body, as ASGI demands of a server; in one write,
which the client gets in one piece.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Scope
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT, FlowControl

_STATUS_LINES: dict[int, bytes] = {
    int(status): f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus
}
_WITHOUT_BODY = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
CLOSING = 5.0
"""Seconds that a client may take to receive the last bytes of a connection that is closed."""

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

Headers = Iterable[tuple[bytes, bytes]]

log = logging.getLogger("uvicorn.error")


def head_of(status: int, headers: Headers) -> bytes:
    """The head of an answer. Raises ValueError for a header that would end the head or begin another one."""
    lines = [_STATUS_LINES.get(status) or b"HTTP/1.1 %d \r\n" % status]
    for name, value in headers:
        lines += (name, b": ", value, b"\r\n")
    head = b"".join((*lines, b"\r\n"))
    ends = len(lines) // 4 + 2
    if head.count(b"\n") != ends or head.count(b"\r") != ends or b"\0" in head:
        raise ValueError("a header of the answer has a line end or a NUL in it")
    return head


class Exchange:
    """The attributes that the connection and uvicorn read: response_started: a byte of the answer is written;
    response_complete; more_body: the client has not sent the whole body yet; disconnected: the client is gone, or was
    answered by the connection; keep_alive: whether the connection stays open afterwards."""

    def __init__(
        self,
        scope: Scope,
        transport: asyncio.Transport,
        flow: FlowControl,
        ended: Callable[[], None],
        *,
        keep_alive: bool,
        expects_continue: bool,
        default_headers: list[tuple[bytes, bytes]],
    ) -> None:
        """ended: called once the answer is complete; default_headers: of every answer."""
        self.scope = scope
        self.keep_alive = keep_alive
        self.waiting_for_100_continue = expects_continue
        self.message_event = asyncio.Event()
        self.more_body = True
        self.disconnected = self.response_started = self.response_complete = False
        self._transport = transport
        self._flow = flow
        self._ended = ended
        self._default_headers = default_headers
        self._body = bytearray()
        self._start: Message | None = None
        self._without_body = self._chunked = False
        self._left: int | None = None  # bytes of the announced length that are not sent yet

    async def run(self, app: ASGIApp) -> None:
        """Have the application answer. Without a whole answer the connection is closed, so that half of one does not
        pass for the whole; our applications answer an unexpected error themselves."""
        try:
            await app(self.scope, self.receive, self.send)
        except Exception:
            log.exception("Exception in ASGI application")
        finally:
            if not self.response_complete:
                self._transport.close()
                asyncio.get_running_loop().call_later(CLOSING, self._transport.abort)

    def feed(self, data: bytes) -> None:
        """A part of the request's body has come."""
        self._body += data
        if len(self._body) > HIGH_WATER_LIMIT:
            self._flow.pause_reading()
        self.message_event.set()

    def feed_end(self) -> None:
        """The request's body is complete."""
        self.more_body = False
        self.message_event.set()

    async def receive(self) -> Message:
        """ASGI: what has come of the body since the last call; waits if that is nothing."""
        if self.waiting_for_100_continue and not self._transport.is_closing():
            self.waiting_for_100_continue = False
            self._transport.write(_CONTINUE)
        if not self._over():
            self._flow.resume_reading()
            await self.message_event.wait()
            self.message_event.clear()
        if self._over():
            return {"type": "http.disconnect"}
        body, self._body = bytes(self._body), bytearray()
        return {"type": "http.request", "body": body, "more_body": self.more_body}

    def _over(self) -> bool:
        return self.disconnected or self.response_complete

    async def send(self, message: Message) -> None:
        """ASGI: the next part of the answer. Raises RuntimeError for one that is out of order."""
        if self._flow.write_paused and not self.disconnected:
            await self._flow.drain()
        if self.disconnected:
            return
        if self._start is None and message["type"] == "http.response.start":
            self._start = message
            return
        if self._start is None or self.response_complete or message["type"] != "http.response.body":
            raise RuntimeError(f"{message['type']} is out of order")
        body: bytes = message.get("body", b"")
        more: bool = message.get("more_body", False)
        head = b"" if self.response_started else self._head(self._start, len(body), more=more)
        data = head + self._framed(body, more=more)
        self.response_started = True
        if data:
            self._transport.write(data)
        if not more:
            self._complete()

    def _head(self, start: Message, size: int, *, more: bool) -> bytes:
        """Decides how the end of the body is told: by its length, by chunks, or by the end of the connection."""
        self.waiting_for_100_continue = False
        headers = [*self._default_headers, *start.get("headers", ())]
        length = None
        for name, value in headers:
            lowered = name.lower()
            if lowered == b"content-length":
                length = int(value)
            elif lowered == b"connection" and b"close" in value.lower():
                self.keep_alive = False
        if self.scope["method"] == "HEAD" or start["status"] in _WITHOUT_BODY:
            self._without_body = True
        elif length is not None:
            self._left = length
        elif not more:
            self._left = size
            headers.append((b"content-length", b"%d" % size))
        elif self.scope["http_version"] == "1.0":
            self.keep_alive = False
        else:
            self._chunked = True
            headers.append((b"transfer-encoding", b"chunked"))
        if not self.keep_alive:
            headers = [each for each in headers if each[0].lower() != b"connection"]
            headers.append((b"connection", b"close"))
        return head_of(start["status"], headers)

    def _framed(self, body: bytes, *, more: bool) -> bytes:
        if self._without_body:
            return b""
        if self._chunked:
            chunk = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            return chunk if more else chunk + b"0\r\n\r\n"
        if self._left is None:
            return body
        self._left -= len(body)
        if self._left < 0 or (self._left and not more):
            raise RuntimeError("the body is not as long as Content-Length tells")
        return body

    def _complete(self) -> None:
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self._transport.close()
        self._ended()
