"""A file on its way out: never run by a browser, named as its owner named it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import StreamingResponse

from services.registry.attachment import JPEG, MB, MP4, PDF, PNG, Attachment, Limits, plain_name
from shared.faults import Flaw, Invalid
from shared.ports.files import Files
from shared.web.upload import Upload

FILE_ANSWER: dict[str, Any] = {
    "response_class": StreamingResponse,
    "responses": {
        200: {
            "description": "The file.",
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (PDF, JPEG, PNG, MP4)},
        }
    },
}
"""What a route that gives out a file says of its answer."""


async def download(files: Files, attachment: Attachment) -> StreamingResponse:
    """The answer. Raises NotFound and FilesAway before anything is sent."""
    chunks = files.get(attachment.digest)
    first = await anext(chunks)
    return StreamingResponse(_from(first, chunks), headers=headers_of(attachment), media_type=attachment.media_type)


def headers_of(attachment: Attachment) -> dict[str, str]:
    """Content-Disposition by RFC 6266, with a plain name for old readers and the true one in RFC 8187."""
    plain = "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in " .-_()") else "_" for sign in attachment.name
    )
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(attachment.name, safe='')}",
        "Content-Length": str(attachment.size),
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


async def _from(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk


async def take_in(files: Files, request: Request, limits: Limits, at: datetime) -> Attachment:
    """The file of the request. Raises Invalid (field `file`: missing, empty, too-large, wrong-type)."""
    upload = Upload(request)
    stored = await files.put(upload.chunks(), most=limits.largest, accept=limits.accept)
    most = limits.most[stored.media_type]
    if stored.size > most:  # a picture as large as a film may be; what was stored is nobody's and harms nobody
        raise Invalid([Flaw("file", "too-large", f"berkas jenis ini paling besar {most // MB} MB")])
    name = plain_name(upload.name, stored.media_type)
    return Attachment(digest=stored.digest, size=stored.size, media_type=stored.media_type, name=name, added_at=at)
