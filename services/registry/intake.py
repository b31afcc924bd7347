"""A file on its way in: streamed to the files' home, weighed against what is taken there, and remembered."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request

from services.registry.attachment import MB, Attachment, Limits, plain_name
from shared.faults import Flaw, Invalid
from shared.ports.files import Files
from shared.web.upload import Upload


async def take_in(files: Files, request: Request, limits: Limits, at: datetime) -> Attachment:
    """The file of the request. Raises Invalid (field `file`: missing, empty, too-large, wrong-type)."""
    upload = Upload(request)
    stored = await files.put(upload.chunks(), most=limits.largest, accept=limits.accept)
    most = limits.most[stored.media_type]
    if stored.size > most:  # a picture as large as a film may be; what was stored is nobody's and harms nobody
        raise Invalid([Flaw("file", "too-large", f"berkas jenis ini paling besar {most // MB} MB")])
    name = plain_name(upload.name, stored.media_type)
    return Attachment(digest=stored.digest, size=stored.size, media_type=stored.media_type, name=name, added_at=at)
