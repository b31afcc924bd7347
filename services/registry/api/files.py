"""Uploads and downloads of attachments over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from starlette.requests import Request
from starlette.responses import StreamingResponse

from services.registry.evidence.attachment import Attachment, plain_name
from services.registry.evidence.form import JPEG, MP4, PDF, PNG, UploadLimits
from services.registry.files.uploads import Charge, Uploads
from shared.ports.files import Files
from shared.web.download import file_answer, file_headers
from shared.web.upload import Upload

FILE_ANSWER = file_answer(PDF, JPEG, PNG, MP4)
"""Route options that describe a file as the answer."""


async def upload(
    uploads: Uploads, request: Request, limits: UploadLimits, at: datetime, charge: Charge | None
) -> Attachment:
    """Store the request's file and describe it. charge: whose daily quota it counts against. Raises Invalid (field
    `file`: missing, empty, too-large, wrong-type), StorageLow, QuotaSpent, FilesAway."""
    body = Upload(request)
    length = request.headers.get("content-length")
    declared = None if length is None else int(length)
    stored = await uploads.store(body.chunks(), limits, declared=declared, charge=charge)
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
