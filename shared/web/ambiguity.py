"""ASGI middleware that reads a request's target in one way, and refuses requests which two programs could read in two
ways."""

from __future__ import annotations

import re
from http import HTTPStatus
from urllib.parse import unquote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.web.error_handlers import http_problem
from shared.web.middleware import RequestMiddleware
from shared.web.problems import problem

_ABSOLUTE = re.compile(rb"https?://", re.IGNORECASE)
_SLASHES_BEFORE_HOST = 2
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class RefuseAmbiguity:
    """Refuses ambiguous paths and bodies.

    A path with a control character is answered with 404: Starlette's path patterns do not treat newlines as other
    characters (`.*` stops at one, `$` matches before a last one). A body with both a length and chunks is answered with
    400, and the connection is closed (RFC 9112 §6.1): a proxy may have seen another end of the body. A target in
    absolute form (`GET http://host/path`) is read as its path (RFC 9112 §3.2.2); any other without a slash is answered
    with 404.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.not_found = RequestMiddleware(_not_found)
        self.ambiguous_length = RequestMiddleware(_ambiguous_length)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        app = self.app
        if scope["type"] == "http":
            scope = _origin_form(scope)
            if not scope["path"].startswith("/") or _CONTROL.search(scope["path"]):
                app = self.not_found
            elif {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}:
                app = self.ambiguous_length
        await app(scope, receive, send)


def _origin_form(scope: Scope) -> Scope:
    raw: bytes = scope.get("raw_path") or b""
    if not _ABSOLUTE.match(raw):
        return scope
    rest = b"/" + raw.split(b"/", 3)[3] if raw.count(b"/") > _SLASHES_BEFORE_HOST else b"/"
    return {**scope, "path": unquote(rest.decode("latin-1")), "raw_path": rest}


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    answer = await http_problem(Request(scope), HTTPException(HTTPStatus.NOT_FOUND))
    await answer(scope, receive, send)


async def _ambiguous_length(scope: Scope, receive: Receive, send: Send) -> None:
    why = "Content-Length dan Transfer-Encoding tidak boleh dikirim bersama."
    closing = {"Connection": "close"}
    answer = problem(HTTPStatus.BAD_REQUEST, "ambiguous-length", why, instance=scope["path"], headers=closing)
    await answer(scope, receive, send)
