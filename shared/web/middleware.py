"""Around every request: who caused it, what became of it, and that nothing of the inside is ever shown."""

from __future__ import annotations

import re
from http import HTTPStatus

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.clock import machine_seconds
from shared.faults import TooLarge
from shared.observability import tracing
from shared.web.error_handlers import BodyTooLarge, http_problem
from shared.web.problems import broken, problem, problem_of

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


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class RequestMiddleware:
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


class Readable:
    """ASGI: refuses what could be read in two ways.

    A path with a control character is nobody's: Starlette's patterns let some fall through (a newline ends no `.*`) and
    take others for what they are not (`$` matches before a last newline). A body with both a length and chunks ends the
    connection (RFC 9112 §6.1): a proxy may have seen its end elsewhere.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.nowhere = RequestMiddleware(_nowhere)
        self.two_ends = RequestMiddleware(_two_ends)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        app = self.app
        if scope["type"] == "http":
            if _CONTROL.search(scope["path"]):
                app = self.nowhere
            elif {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}:
                app = self.two_ends
        await app(scope, receive, send)


async def _nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    answer = await http_problem(Request(scope), HTTPException(HTTPStatus.NOT_FOUND))
    await answer(scope, receive, send)


async def _two_ends(scope: Scope, receive: Receive, send: Send) -> None:
    why = "Content-Length dan Transfer-Encoding tidak boleh dikirim bersama."
    closing = {"Connection": "close"}
    answer = problem(HTTPStatus.BAD_REQUEST, "ambiguous-length", why, instance=scope["path"], headers=closing)
    await answer(scope, receive, send)


class BodyLimit:
    """ASGI: ends the reading of a body that is too large, whatever its `Content-Length` says.

    plain: bytes for JSON and text; upload: bytes for multipart, with room for the form around the file.
    """

    def __init__(self, app: ASGIApp, *, plain: int, upload: int) -> None:
        self.app = app
        self.plain = plain
        self.upload = upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 413 by itself when the length is declared, else as soon as too much has come."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        multipart = request.headers.get("content-type", "").lower().startswith("multipart/")
        most = self.upload if multipart else self.plain
        too_large = TooLarge(f"Badan permintaan paling besar {most} byte.")
        declared = request.headers.get("content-length", "0")
        if declared.isdecimal() and int(declared) > most:
            await problem_of(too_large, instance=scope["path"])(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise BodyTooLarge(too_large)
            return message

        await self.app(scope, counted, send)
