"""Around every request: who caused it, what became of it, and that nothing of the inside is ever shown."""

from __future__ import annotations

import re

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.clock import machine_seconds
from shared.observability import tracing
from shared.problems import broken

_CORRELATION = re.compile(r"^[A-Za-z0-9._-]{1,64}$")
_QUIET = ("/health/", "/metrics")
_CLIENT_CLOSED = 499  # nobody was there to take the answer; only the log says so

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}

log = structlog.get_logger("http")


class Answering:
    """ASGI: opens the request's trace (`X-Correlation-Id` and `traceparent` in, both out), adds the security headers,
    writes the access log without query strings, and turns what nobody foresaw into a problem document."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-correlation-id", "")
        correlation = given if _CORRELATION.match(given) else None
        with (
            tracing.of_request(correlation, headers.get("traceparent")) as trace,
            structlog.contextvars.bound_contextvars(correlationid=trace.correlationid),
        ):
            await _Answer(self.app, scope, send, trace).give(receive)


class _Answer:
    """One answer under way."""

    def __init__(self, app: ASGIApp, scope: Scope, send: Send, trace: tracing.Trace) -> None:
        self._app = app
        self._scope = scope
        self._send = send
        self._trace = trace
        self._status: int | None = None

    async def give(self, receive: Receive) -> None:
        began = machine_seconds()
        try:
            await self._app(self._scope, receive, self._pass)
        except ClientDisconnect:
            self._status = _CLIENT_CLOSED
        except Exception:
            log.exception("http.broken", **self._what())
            if self._status is not None:
                raise  # half an answer is out: the connection must break, or it would pass for a whole one
            await broken(instance=self._scope["path"])(self._scope, receive, self._pass)
        finally:
            seconds = round(machine_seconds() - began, 4)
            note = log.debug if self._scope["path"].startswith(_QUIET) else log.info
            note("http.answered", status=self._status, seconds=seconds, **self._what())

    async def _pass(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Correlation-Id"] = self._trace.correlationid
            headers["traceparent"] = self._trace.traceparent
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)

    def _what(self) -> dict[str, str]:
        return {"method": self._scope["method"], "path": self._scope["path"]}
