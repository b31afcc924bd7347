"""ASGI middleware that limits the size of request bodies, and how many values a JSON body may have."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.faults import Fault, Flaw, Invalid, TooLarge
from shared.web.problems import problem_of, status_of

MEDIA_TYPES_KEY = "satu.media_types"
"""The key in a request's ASGI scope of the media types that its route accepts. The guard sets it."""

MOST_PLAIN = 2 * 1024 * 1024
"""Bytes of JSON or text; the longest profile has a few thousand words."""

MOST_VALUES = 20_000
"""Values in a JSON body, counted by its commas and brackets: a jury's table of 2 000 innovations by seven criteria
has as many. Two megabytes of small values would otherwise become a hundred megabytes of objects, and a flaw each."""


class BodyRefused(HTTPException):
    """Raised while a body is read. An HTTPException, because FastAPI lets only those pass at that point."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(status_code=int(status_of(fault)), detail=fault.detail)
        self.fault = fault


class BodyLimit:
    """Refuses bodies that are too large, whether or not `Content-Length` declares their size.

    plain: bytes for JSON and text; upload: bytes for routes that take files, including the form around the file;
    values: for JSON. The media types of the route decide, not those that the request claims.
    """

    def __init__(self, app: ASGIApp, *, plain: int, upload: int, values: int = MOST_VALUES) -> None:
        self.app = app
        self.plain = plain
        self.upload = upload
        self.values = values

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 at once for a declared size that is too large; otherwise raise BodyRefused when a limit is
        passed."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        accepted: frozenset[str] = scope.get(MEDIA_TYPES_KEY, frozenset())
        most = self.upload if "multipart/form-data" in accepted else self.plain
        too_large = TooLarge(f"Badan permintaan paling besar {most} byte.")
        declared = Request(scope).headers.get("content-length", "0")
        if declared.isdecimal() and int(declared) > most:
            await problem_of(too_large, instance=scope["path"])(scope, receive, send)
            return
        is_json = "application/json" in accepted
        received = values = 0

        async def counted() -> Message:
            nonlocal received, values
            message = await receive()
            body = message.get("body", b"")
            received += len(body)
            if received > most:
                raise BodyRefused(too_large)
            if is_json:
                values += count_values(body)
                if values > self.values:
                    raise BodyRefused(_too_many(self.values))
            return message

        await self.app(scope, counted, send)


def count_values(part: bytes) -> int:
    """How many values begin in a part of a JSON body, at most; see MOST_VALUES."""
    return part.count(b",") + part.count(b"[") + part.count(b"{")


def _too_many(most: int) -> Invalid:
    return Invalid([Flaw("body", "too-many-values", f"paling banyak {most} nilai dalam satu permintaan")])
