"""Fonnte on loopback: keeps what it is given, and fails by script."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.web.server import Server


@dataclass
class FonnteProvider:
    """sent: the forms of accepted messages; answers: to the next calls instead of the usual one."""

    token: str = "fonnte-token"
    url: str = ""
    sent: list[dict[str, str]] = field(default_factory=list)
    answers: deque[Response] = field(default_factory=deque)

    def clear(self) -> None:
        """Forget everything, and accept everything."""
        self.sent.clear()
        self.answers.clear()

    def refuse(self, reason: str) -> None:
        """Answer the next call with HTTP 200 and this reason."""
        self.answers.append(JSONResponse({"status": False, "reason": reason}))

    async def receive(self, request: Request) -> Response:
        """`POST /send`."""
        form = dict(parse_qsl((await request.body()).decode()))
        if self.answers:
            return self.answers.popleft()
        if request.headers.get("authorization") != self.token:
            return JSONResponse({"status": False, "reason": "token invalid"})
        self.sent.append(form)
        return JSONResponse(
            {
                "detail": "success! message in queue",
                "id": [str(80_000_000 + len(self.sent))],
                "process": "pending",
                "status": True,
                "target": [form["target"]],
            }
        )


@asynccontextmanager
async def fonnte_provider() -> AsyncIterator[FonnteProvider]:
    """A running provider."""
    provider = FonnteProvider()
    app = Starlette(routes=[Route("/send", provider.receive, methods=["POST"])])
    server = Server(app, "127.0.0.1", 0, stop_seconds=1)
    await server.begin()
    provider.url = server.url
    try:
        yield provider
    finally:
        await server.end()
