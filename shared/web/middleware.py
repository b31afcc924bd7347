"""ASGI middleware around every request: trace, access log, security headers, and problems for unexpected errors."""

from __future__ import annotations

import re
from collections.abc import Iterable

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.auth.policy import CALLER_KEY, Principal
from shared.clock import machine_seconds
from shared.observability import logs, tracing
from shared.web.problems import broken

_CORRELATION = re.compile(r"^[A-Za-z0-9._-]{1,64}$")
_DEBUG_ONLY = ("/health/", "/metrics")
_CLIENT_CLOSED = 499  # the client is gone, so that only the log shows it

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}

_SECURITY = tuple((name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items())
_OWN = frozenset({b"x-correlation-id", b"traceparent"})

log = structlog.get_logger("http")


class RequestMiddleware:
    """Opens the request's trace (accepts and returns `X-Correlation-Id` and `traceparent`), adds the security headers,
    logs the request without its query string, with account, role and address of the caller, and answers an unexpected
    error with a problem document."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = {name: value for name, value in reversed(scope["headers"]) if name in _OWN}  # of several the first
        correlation = given.get(b"x-correlation-id", b"").decode("latin-1")
        parent = given.get(b"traceparent", b"").decode("latin-1")
        known = correlation if _CORRELATION.match(correlation) else None
        with tracing.of_request(known, parent) as trace, logs.about({"correlationid": trace.correlationid}):
            await _Handling(self.app, scope, send, trace).run(receive)


def _completed(headers: Iterable[tuple[bytes, bytes]], trace: tracing.Trace) -> list[tuple[bytes, bytes]]:
    """An answer's headers with those of every answer. A route may have its own security headers, but no other trace."""
    completed = [each for each in headers if each[0].lower() not in _OWN]
    names = {name.lower() for name, _ in completed}
    completed.append((b"x-correlation-id", trace.correlationid.encode("latin-1")))
    completed.append((b"traceparent", trace.traceparent.encode("latin-1")))
    completed += [each for each in _SECURITY if each[0] not in names]
    return completed


class _Handling:
    """One request and its answer."""

    def __init__(self, app: ASGIApp, scope: Scope, send: Send, trace: tracing.Trace) -> None:
        self._app = app
        self._scope = scope
        self._send = send
        self._trace = trace
        self._status: int | None = None

    async def run(self, receive: Receive) -> None:
        began = machine_seconds()
        try:
            await self._app(self._scope, receive, self._send_with_headers)
        except ClientDisconnect:
            self._status = _CLIENT_CLOSED
        except Exception:
            log.exception("http.broken", **self._request(), **self._caller())
            if self._status is not None:
                raise  # the answer has begun: break the connection, or half of it would pass for the whole
            await broken(instance=self._scope["path"])(self._scope, receive, self._send_with_headers)
        finally:
            seconds = round(machine_seconds() - began, 4)
            write = log.debug if self._scope["path"].startswith(_DEBUG_ONLY) else log.info
            write("http.answered", status=self._status, seconds=seconds, **self._request(), **self._caller())

    async def _send_with_headers(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            message = {**message, "headers": _completed(message.get("headers", ()), self._trace)}
        await self._send(message)

    def _request(self) -> dict[str, str]:
        return {"method": self._scope["method"], "path": self._scope["path"]}

    def _caller(self) -> dict[str, str | None]:
        """Who sent the request. account, role, jti: None when its token was refused, and where no token is read."""
        caller: Principal | None = self._scope.get(CALLER_KEY)
        client = self._scope.get("client")
        return {
            "account": caller.id if caller else None,
            "role": caller.role.value if caller else None,
            "jti": caller.jti if caller else None,
            "client": client[0] if client else None,
        }
