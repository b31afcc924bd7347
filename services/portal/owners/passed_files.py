"""Files of an owner, streamed through to be saved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from starlette.responses import StreamingResponse

from services.portal.owners.answers import OwnerProblem
from services.portal.owners.client import Download, OwnerClient
from services.portal.owners.reading import NOT_FOUND
from shared.faults import NotFound

_PASSED = ("content-length", "content-disposition", "content-type")


async def saved_file(owner: OwnerClient, path: str, **query: str | int | None) -> StreamingResponse:
    """The file as an answer, under the name that its owner gives it. Raises NotFound, OwnerProblem, OwnerAway."""
    stack = AsyncExitStack()
    try:
        file = await stack.enter_async_context(owner.stream(path, **query))
    except OwnerProblem as problem:
        if problem.status == NOT_FOUND:
            raise NotFound from problem
        raise
    headers = {name: file.headers[name] for name in _PASSED if name in file.headers}
    headers.setdefault("content-disposition", "attachment")
    return StreamingResponse(_closing(file, stack), headers={**headers, "cache-control": "no-store"})


async def _closing(file: Download, stack: AsyncExitStack) -> AsyncIterator[bytes]:
    async with stack:
        async for chunk in file.chunks():
            yield chunk
