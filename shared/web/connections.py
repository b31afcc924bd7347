"""The connections of an HTTP server: how many, how long they may be silent, and what a refused one is answered.

uvicorn has neither a limit for the time of a request's head nor one for a body that stops, and it answers what it
cannot parse with plain text. Everything it decides by itself is decided here instead.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

import h11
from starlette.responses import Response
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from shared.clock import machine_seconds
from shared.web.middleware import SECURITY_HEADERS
from shared.web.problems import problem

_CLOSING = 5.0  # seconds that a client may take to receive the last bytes
_LOG_EVERY = 60.0  # seconds between two lines with the same message


@dataclass(frozen=True)
class ConnectionLimits:
    """head: seconds from a request's first byte to the end of its head; idle: seconds without a byte from the client,
    while nothing is due to it; most: open connections."""

    head: float = 10.0
    idle: float = 15.0
    most: int = 500


class OncePerMinute(logging.Filter):
    """Passes each warning at most once a minute: a scanner must not fill the log. The next line tells how many were
    left out."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}
        self._left_out: dict[str, int] = {}

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno != logging.WARNING:
            return True
        message, now = str(record.msg), machine_seconds()
        if now - self._last.get(message, -_LOG_EVERY) < _LOG_EVERY:
            self._left_out[message] = self._left_out.get(message, 0) + 1
            return False
        self._last[message] = now
        if left_out := self._left_out.pop(message, 0):
            record.msg = f"{message} ({left_out} more since the last such line)"
        return True


class LimitedConnection(H11Protocol):
    """One connection, within `ConnectionLimits`. A client that receives an answer, or waits for one, is not idle."""

    def __init__(self, *arguments: Any, limits: ConnectionLimits, **more: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*arguments, **more)
        self._limits = limits
        self._timer: asyncio.TimerHandle | None = None
        self._head_begun: float | None = None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        if len(self.connections) >= self._limits.most:
            self.transport = transport
            self.logger.warning("Too many connections: a new one was refused.")
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "too-many-connections", "Terlalu banyak sambungan; coba lagi.")
            return
        super().connection_made(transport)
        self._watch()

    @override
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    @override
    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_watching()
        super().connection_lost(exc)

    @override
    def send_400_response(self, msg: str) -> None:
        self._refuse(HTTPStatus.BAD_REQUEST, "malformed-request", "Permintaan HTTP ini tidak dapat dibaca.")

    def _watch(self) -> None:
        """Set the timer anew, by what the client owes now."""
        self._stop_watching()
        if self.transport.is_closing():
            return
        if self._handles_request():
            self._head_begun = None
            if self.cycle.more_body:
                self._timer = self.loop.call_later(self._limits.idle, self._body_silent)
        elif self._in_head():
            now = self.loop.time()
            self._head_begun = self._head_begun or now
            self._timer = self.loop.call_at(self._head_begun + self._limits.head, self._head_late)
        else:
            self._head_begun = None
            self._timer = self.loop.call_later(self._limits.idle, self._close)

    def _stop_watching(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _handles_request(self) -> bool:
        cycle = cast("RequestResponseCycle | None", self.cycle)  # None before the first request
        return cycle is not None and not cycle.response_complete

    def _in_head(self) -> bool:
        """Whether the next request has begun, or the last one's body still comes although it was answered."""
        return self.conn.their_state is not h11.IDLE or bool(self.conn.trailing_data[0])

    def _head_late(self) -> None:
        self._refuse(HTTPStatus.REQUEST_TIMEOUT, "request-timeout", "Kepala permintaan tidak lengkap pada waktunya.")

    def _body_silent(self) -> None:
        if self.flow.read_paused or self.cycle.waiting_for_100_continue:  # the application is not ready for more
            self._timer = self.loop.call_later(self._limits.idle, self._body_silent)
            return
        self._refuse(HTTPStatus.REQUEST_TIMEOUT, "request-timeout", "Badan permintaan berhenti sebelum lengkap.")

    def _refuse(self, status: HTTPStatus, slug: str, detail: str) -> None:
        """Answer with a problem document where no answer has begun, and close the connection."""
        if self._handles_request():
            self.cycle.disconnected = True  # the application's own answer comes too late
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            retry = {"Retry-After": "5"} if status is HTTPStatus.SERVICE_UNAVAILABLE else {}
            self._send(problem(status, slug, detail, headers={**SECURITY_HEADERS, **retry, "Connection": "close"}))
        self._close()

    def _send(self, answer: Response) -> None:
        reason = HTTPStatus(answer.status_code).phrase.encode()
        headers = self.server_state.default_headers + answer.raw_headers
        body = bytes(answer.body)
        for event in (
            h11.Response(status_code=answer.status_code, headers=headers, reason=reason),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event))

    def _close(self) -> None:
        self._stop_watching()
        self.transport.close()
        self.loop.call_later(_CLOSING, self.transport.abort)
