"""Files of the registry, streamed through to be shown in a page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from starlette.responses import StreamingResponse

from services.portal.owners.answers import OwnerProblem
from services.portal.owners.client import Download, OwnerClient
from shared.faults import NotFound

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; frame-ancestors 'self'"
"""A file may run nothing and load nothing; pages of ours may frame it."""

KINDS = frozenset({"application/pdf", "image/jpeg", "image/png", "video/mp4"})
"""What a browser may show: what the registry takes as evidence. Anything else is saved."""

_KEPT = "private, max-age=300"  # its address names its content
_NOT_FOUND = 404


async def shown_file(owner: OwnerClient, path: str) -> StreamingResponse:
    """The file as an answer. Raises NotFound, OwnerAway."""
    stack = AsyncExitStack()
    try:
        file = await stack.enter_async_context(owner.stream(path))
    except OwnerProblem as problem:
        if problem.status == _NOT_FOUND:
            raise NotFound from problem
        raise
    kind = file.headers.get("content-type", "").partition(";")[0]
    headers = {
        "Content-Security-Policy": POLICY,
        "Content-Disposition": "inline" if kind in KINDS else "attachment",
        "Cache-Control": _KEPT,
        "X-Content-Type-Options": "nosniff",
    }
    if size := file.headers.get("content-length"):
        headers["Content-Length"] = size
    return StreamingResponse(_closing(file, stack), headers=headers, media_type=kind or "application/octet-stream")


async def _closing(file: Download, stack: AsyncExitStack) -> AsyncIterator[bytes]:
    async with stack:
        async for chunk in file.chunks():
            yield chunk
