"""The largest body that is taken in."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.faults import TooLarge
from shared.problems import problem_of


class BodyTooLarge(HTTPException):
    """Raised out of `receive`: an HTTPException, because FastAPI lets only those pass while it reads a body."""

    def __init__(self, fault: TooLarge) -> None:
        super().__init__(status_code=413, detail=fault.detail)
        self.fault = fault


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
