"""A file on its way out: made in a thread and on disk, sent piece by piece, gone afterwards."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from tempfile import mkstemp
from typing import Any, BinaryIO

from starlette.responses import StreamingResponse

from shared.faults import Busy

AT_ONCE = 4
"""Files that one process makes at the same time; who comes on top is told to come again."""

_PIECE = 256 * 1024  # bytes


class Workshop:
    """Where files are made."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._free = at_once

    async def send(self, name: str, media_type: str, make: Callable[[Path], Awaitable[None]]) -> StreamingResponse:
        """Make the file and send it. Raises Busy, and whatever `make` raises, before anything is sent."""
        if self._free == 0:
            raise Busy("Terlalu banyak berkas sedang disusun; coba lagi sebentar lagi.")
        self._free -= 1
        try:
            made = await self._made(make)
        finally:
            self._free += 1
        headers = {**file_headers(name), "Content-Length": str(os.fstat(made.fileno()).st_size)}
        return StreamingResponse(_pieces(made), headers=headers, media_type=media_type)

    @staticmethod
    async def _made(make: Callable[[Path], Awaitable[None]]) -> BinaryIO:
        """The file, open and without a name any more: whatever becomes of the answer, nothing is left on the disk."""
        descriptor, name = mkstemp(prefix="satu-export-")
        os.close(descriptor)
        path = Path(name)
        try:
            await make(path)
            return path.open("rb")  # noqa: ASYNC230 - a file of the local disk
        finally:
            path.unlink()  # noqa: ASYNC240 - as above


def file_headers(name: str) -> dict[str, str]:
    """Never shown by a browser in our name; `name` is plain ASCII."""
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    }


def file_answer(*media_types: str) -> dict[str, Any]:
    """What a route that gives out files says of its answer."""
    content = {
        kind.partition(";")[0]: {"schema": {} if kind == "application/json" else {"type": "string", "format": "binary"}}
        for kind in media_types
    }
    return {
        "response_class": StreamingResponse,
        "responses": {200: {"description": "Berkas.", "content": content}},
    }


async def _pieces(made: BinaryIO) -> AsyncIterator[bytes]:
    with made:
        while piece := made.read(_PIECE):
            yield piece
