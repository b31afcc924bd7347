"""Uploads and downloads of attachments over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from starlette.requests import Request
from starlette.responses import StreamingResponse

from services.registry.attachment import Attachment, plain_name
from services.registry.evidence_form import JPEG, MB, MP4, PDF, PNG, UploadLimits
from shared.faults import Flaw, Invalid
from shared.ports.files import Files
from shared.web.download import file_answer, file_headers
from shared.web.upload import Upload

FILE_ANSWER = file_answer(PDF, JPEG, PNG, MP4)
"""Route options that describe a file as the answer."""


async def upload(files: Files, request: Request, limits: UploadLimits, at: datetime) -> Attachment:
    """Store the request's file and describe it. Raises Invalid (field `file`: missing, empty, too-large,
    wrong-type)."""
    body = Upload(request)
    stored = await files.put(body.chunks(), most=limits.largest, accept=limits.accept)
    most = limits.sizes[stored.media_type]
    if stored.size > most:  # the type is known only now; the stored bytes stay without an owner and are harmless
        raise Invalid([Flaw("file", "too-large", f"berkas jenis ini paling besar {most // MB} MB")])
    name = plain_name(body.name, stored.media_type)
    return Attachment(digest=stored.digest, size=stored.size, media_type=stored.media_type, name=name, added_at=at)


async def download(files: Files, attachment: Attachment) -> StreamingResponse:
    """Stream an attachment. Raises NotFound and FilesAway before anything is sent."""
    chunks = files.get(attachment.digest)
    first = await anext(chunks)
    headers = {**file_headers(attachment.name), "Content-Length": str(attachment.size)}
    return StreamingResponse(_chained(first, chunks), headers=headers, media_type=attachment.media_type)


async def _chained(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk
