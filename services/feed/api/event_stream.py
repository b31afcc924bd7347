"""The answer that never ends by itself: server-sent events, until its token, its client or the process ends it.

Source: HTML Standard, §9.2 Server-sent events. The encoding is FastAPI's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import AbstractContextManager
from typing import Any

from fastapi.sse import EventSourceResponse
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send
from typing_extensions import override

from services.feed.api.lapse import first_of, gone

STALLED = 30.0  # seconds that a client may take to receive what is sent; then its connection is closed
_ENDING = 1.0  # seconds for the end of the body: who does not read does not get it

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # no proxy may keep or collect it


class EventStream(EventSourceResponse):
    """chunks: the parts of the body; what is raised before the first one becomes a problem document. place: held while
    the answer lasts. lapsed: returns when the answer must end."""

    def __init__(
        self,
        chunks: AsyncGenerator[bytes],
        *,
        place: Callable[[], AbstractContextManager[None]],
        lapsed: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        super().__init__(chunks, headers=_HEADERS)
        self._chunks = chunks
        self._place = place
        self._lapsed = lapsed

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with self._place():
                await self._run(receive, send)
        finally:
            await self._chunks.aclose()

    async def _run(self, receive: Receive, send: Send) -> None:
        first = await anext(self._chunks)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        client_gone = 1
        if await first_of(self._send_all(first, send), gone(receive), self._lapsed()) != client_gone:
            await _send(send, b"", within=_ENDING, more=False)

    async def _send_all(self, first: bytes, send: Send) -> None:
        await _send(send, first)
        async for chunk in self._chunks:
            await _send(send, chunk)


async def _send(send: Send, body: bytes, *, within: float | None = None, more: bool = True) -> None:
    """Send a part of the body. Raises ClientDisconnect when the client does not receive it."""
    message: Message = {"type": "http.response.body", "body": body, "more_body": more}
    try:
        async with asyncio.timeout(STALLED if within is None else within):
            await send(message)
    except TimeoutError:
        raise ClientDisconnect from None
