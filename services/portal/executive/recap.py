"""Passes the recap on while it arrives from notifications: nothing is kept here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Literal

from starlette.responses import Response, StreamingResponse

from services.portal.owners.client import OwnerClient

_PASSED_ON = ("content-type", "content-length", "content-disposition")


async def recap(owner: OwnerClient, region: str, year: int, format: Literal["pdf", "xlsx"]) -> Response:
    """The file. Raises OwnerProblem, OwnerAway, before anything is answered."""
    stack = AsyncExitStack()
    download = await stack.enter_async_context(owner.stream(f"/recaps/{region}/{year}/recap.{format}"))

    async def body() -> AsyncIterator[bytes]:
        async with stack:
            async for chunk in download.chunks():
                yield chunk

    headers = {name: download.headers[name] for name in _PASSED_ON if name in download.headers}
    return StreamingResponse(body(), headers=headers | {"Cache-Control": "no-store"})
