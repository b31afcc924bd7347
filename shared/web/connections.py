"""The connections of an HTTP server: how many, how long they may be silent, and what a refused one is answered.

uvicorn has neither a limit for the time and the size of a request's head nor one for a body that stops, and it answers
what it cannot parse with plain text. Everything it decides by itself is decided here instead.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import httptools
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared.web.deadline import Deadline
from shared.web.exchange import CLOSING, Exchange
from shared.web.refusals import BODY_SILENT, HEAD_LATE, MALFORMED, NO_PATH, TOO_MANY, Refusal
from shared.web.request_head import Malformed, check_head

STOPPING_KEY = "satu.stopping"
"""The key in a request's ASGI scope of an `asyncio.Event` that is set when the server stops: an answer without an end
must then end."""

_MOST_HEAD = 64 * 1024  # bytes of a request's head that is not complete yet


@dataclass(frozen=True)
class ConnectionLimits:
    """head: seconds from a request's first byte to the end of its head; idle: seconds without a byte from the client,
    while nothing is due to it; most: open connections."""

    head: float = 10.0
    idle: float = 15.0
    most: int = 500


class LimitedConnection(HttpToolsProtocol):
    """One connection, within `ConnectionLimits`. A client that receives an answer, or waits for one, is not idle.

    What is done for every request is done here and in `Exchange`; uvicorn's class counts the connections, pauses and
    shuts down.
    """

    cycle: Exchange  # type: ignore[assignment]  # the newest; None before the first request

    def __init__(
        self,
        *arguments: Any,  # noqa: ANN401 - uvicorn's own
        limits: ConnectionLimits,
        stopping: asyncio.Event,
        **more: Any,  # noqa: ANN401 - as above
    ) -> None:
        super().__init__(*arguments, **more)
        self.parser.set_dangerous_leniencies(
            lenient_data_after_close=True,  # it is not read
            lenient_chunked_length=True,  # `RefuseAmbiguity` refuses it, and says why
        )
        self._limits = limits
        self._stopping = stopping
        self._deadline = Deadline(self.loop)
        self._head_begun: float | None = None
        self._head_size = 0
        self._received = 0
        self._in_message = self._in_body = False
        self._running: Exchange | None = None
        self._waiting: deque[Exchange] = deque()
        self._refusal: Refusal | None = None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        if len(self.connections) >= self._limits.most:
            self.transport = transport
            self.logger.warning("Too many connections: a new one was refused.")
            self._refuse(TOO_MANY)
            return
        super().connection_made(transport)
        self._watch()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._deadline.end()
        if self._running is not None:
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)

    # What the client sends

    @override
    def data_received(self, data: bytes) -> None:
        self._in_message = True
        self._received = len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:  # no other protocol is spoken here: answered, then closed
            self.cycle.keep_alive = False
            self.flow.pause_reading()
        except httptools.HttpParserError as error:
            self._unreadable(error)
            return
        self._head_size += len(data)
        if self._in_message and not self._in_body and self._head_size > _MOST_HEAD:
            self._unreadable(Malformed())
            return
        self._watch()

    @override
    def on_message_begin(self) -> None:
        self._in_message = True
        self.url = b""
        self.headers = []

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_body:  # what comes after the chunks of a body is no header
            self.headers.append((name.lower(), value.rstrip(b" \t")))

    @override
    def on_headers_complete(self) -> None:
        version = self.parser.get_http_version()
        expects_continue = check_head(version, self.headers)
        try:
            path, _, query = self.url.partition(b"?")
            decoded = path.decode("ascii")
        except UnicodeDecodeError:
            raise Malformed from None
        self._in_body = True
        scope = {
            "type": "http",
            "asgi": {"version": self.config.asgi_version, "spec_version": "2.3"},
            "http_version": version,
            "server": self.server,
            "client": self.client,
            "scheme": self.scheme,
            "method": self.parser.get_method().decode("ascii"),
            "root_path": self.root_path,
            "path": self.root_path + (unquote(decoded) if "%" in decoded else decoded),
            "raw_path": self.root_path.encode("ascii") + path,
            "query_string": query,
            "headers": self.headers,
            "state": self.app_state.copy(),
            STOPPING_KEY: self._stopping,
        }
        self.cycle = Exchange(
            scope,
            self.transport,
            self.flow,
            self.on_response_complete,
            keep_alive=version != "1.0" and self.parser.should_keep_alive(),
            expects_continue=expects_continue,
            default_headers=self.server_state.default_headers,
        )
        if self._running is None:
            self._run(self.cycle)
        else:
            self.flow.pause_reading()
            self._waiting.append(self.cycle)

    @override
    def on_body(self, body: bytes) -> None:
        if not self.cycle.response_complete:
            self.cycle.feed(body)

    @override
    def on_message_complete(self) -> None:
        self._in_message = self._in_body = False
        self._head_size = -self._received
        if not self.cycle.response_complete:
            self.cycle.feed_end()

    def _run(self, exchange: Exchange) -> None:
        self._running = exchange
        task = self.loop.create_task(exchange.run(self.app))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    @override
    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        self._running = None
        if self.transport.is_closing():
            return
        if self._waiting:
            self._run(self._waiting.popleft())
        elif self._refusal is not None:
            self._refuse(self._refusal)
            return
        if not self._waiting:
            self.flow.resume_reading()
        self._watch()

    # Time

    def _watch(self) -> None:
        """Set the time limit anew, by what the client owes now."""
        now = self.loop.time()
        if self.transport.is_closing():
            self._deadline.end()
        elif self._running is not None:
            self._head_begun = None
            if self.cycle.more_body:
                self._deadline.set(now + self._limits.idle, self._body_silent)
            else:
                self._deadline.lift()
        elif self._in_message:
            self._head_begun = self._head_begun or now
            self._deadline.set(self._head_begun + self._limits.head, self._head_late)
        else:
            self._head_begun = None
            self._deadline.set(now + self._limits.idle, self._close)

    def _head_late(self) -> None:
        self._refuse(HEAD_LATE)

    def _body_silent(self) -> None:
        if self.flow.read_paused or self.cycle.waiting_for_100_continue:  # the application is not ready for more
            self._watch()
            return
        self._refuse(BODY_SILENT)

    # What the server itself answers

    def _unreadable(self, error: Exception) -> None:
        """Refuse what could not be parsed, once the requests before it are answered."""
        cause = error.__context__
        if cause is not None and not isinstance(cause, Malformed):
            self.logger.error("A request's head could not be handled.", exc_info=cause)
        self.logger.warning("Invalid HTTP request received.")
        refusal = NO_PATH if isinstance(error, httptools.HttpParserInvalidURLError) else MALFORMED
        if self._running is None or (self._running is self.cycle and self.cycle.more_body):
            self._refuse(refusal)
            return
        self._refusal, self._in_body = refusal, False
        self._waiting = deque(each for each in self._waiting if not each.more_body)
        self.flow.pause_reading()
        self._watch()

    def _refuse(self, refusal: Refusal) -> None:
        """Answer with a problem document where no answer has begun, and close the connection."""
        running, self._running = self._running, None
        if running is not None:
            running.disconnected = True  # the application's own answer comes too late
            running.message_event.set()
        if not (running.response_started if running is not None else self._in_body):
            self.transport.write(refusal.answer(self.server_state.default_headers))
        self._waiting.clear()
        self._close()

    def _close(self) -> None:
        self._deadline.end()
        self.transport.close()
        self.loop.call_later(CLOSING, self.transport.abort)
