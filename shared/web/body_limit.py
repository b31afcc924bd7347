"""ASGI middleware that limits the size of request bodies."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.faults import TooLarge
from shared.web.problems import problem_of


class BodyTooLarge(HTTPException):
    """Raised while a body is read. An HTTPException, because FastAPI lets only those pass at that point."""

    def __init__(self, fault: TooLarge) -> None:
        super().__init__(status_code=413, detail=fault.detail)
        self.fault = fault


class BodyLimit:
    """Refuses bodies that are too large, whether or not `Content-Length` declares their size.

    plain: bytes for JSON and text; upload: bytes for multipart, including the form around the file.
    """

    def __init__(self, app: ASGIApp, *, plain: int, upload: int) -> None:
        self.app = app
        self.plain = plain
        self.upload = upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 at once for a declared size that is too large; otherwise raise BodyTooLarge when the limit is
        passed."""
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
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise BodyTooLarge(too_large)
            return message

        await self.app(scope, counted, send)
