"""Generated files as answers: written to disk by a bounded number at once, streamed, then gone."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from tempfile import mkstemp
from typing import Any, BinaryIO
from urllib.parse import quote

from starlette.responses import StreamingResponse

from shared.auth.policy import Principal, Role
from shared.faults import Busy

AT_ONCE = 4
"""Files that one process generates at the same time; further requests get Busy."""

PUBLIC_AT_ONCE = 1
"""Of these, for callers without a token: however many ask, an agency's file is still made."""

_CHUNK = 256 * 1024  # bytes


class FileGenerator:
    """Generates files for download, a limited number at once, and of these a smaller number for the public."""

    def __init__(self, at_once: int = AT_ONCE, public_at_once: int = PUBLIC_AT_ONCE) -> None:
        self._free = at_once
        self._public_free = public_at_once

    async def send(
        self, who: Principal, name: str, media_type: str, write: Callable[[Path], Awaitable[None]]
    ) -> StreamingResponse:
        """Let `write` fill a temporary file, then stream it: a slow reader holds no place. Raises Busy, and whatever
        `write` raises, before anything is sent."""
        public = who.role is Role.PUBLIC
        if self._free == 0 or (public and self._public_free == 0):
            raise Busy("Terlalu banyak berkas sedang disusun; coba lagi sebentar lagi.")
        self._free -= 1
        self._public_free -= public
        try:
            file = await _generated(write)
        finally:
            self._free += 1
            self._public_free += public
        headers = {**file_headers(name), "Content-Length": str(os.fstat(file.fileno()).st_size)}
        return StreamingResponse(_chunks(file), headers=headers, media_type=media_type)


def file_headers(name: str) -> dict[str, str]:
    """The headers of a file that a browser must save and never show or run.

    Content-Disposition by RFC 6266: a name of plain ASCII as it is; any other also encoded by RFC 8187, beside a plain
    one for old clients.
    """
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in " .-_()") else "_" for sign in name)
    encoded = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return {
        "Content-Disposition": f'attachment; filename="{plain}"{encoded}',
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    }


def file_answer(*media_types: str) -> dict[str, Any]:
    """Route options that describe a file of one of these types as the answer."""
    content = {
        kind.partition(";")[0]: {"schema": {} if kind == "application/json" else {"type": "string", "format": "binary"}}
        for kind in media_types
    }
    return {
        "response_class": StreamingResponse,
        "responses": {200: {"description": "Berkas.", "content": content}},
    }


async def _generated(write: Callable[[Path], Awaitable[None]]) -> BinaryIO:
    """The file, open for reading and already unlinked, so that nothing stays on the disk."""
    descriptor, name = mkstemp(prefix="satu-export-")
    os.close(descriptor)
    path = Path(name)
    try:
        await write(path)
        return path.open("rb")  # noqa: ASYNC230 - a local file
    finally:
        path.unlink()  # noqa: ASYNC240 - as above


async def _chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
