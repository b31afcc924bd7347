"""Files between the browser and the registry: nothing of them is kept here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.client import OwnerClient
from services.portal.owners.multipart import Multipart
from services.portal.pages.forms import sentence
from services.portal.pages.language import _
from services.portal.pages.upload import FileForm
from shared.faults import Invalid

_PASSED = ("content-type", "content-length", "content-disposition")


@dataclass(frozen=True)
class Uploaded:
    """name: of the file; refused: why it was not taken, empty when it was."""

    name: str
    refused: str = ""


async def with_file(request: Request, registry: OwnerClient, method: str, id: str, path: str) -> Uploaded:
    """Pass the form's file on to the newest version of an innovation. An upload whose connection is cut leaves nothing.
    Raises OwnerAway, Forbidden."""
    form = await FileForm.read(request)
    if not form.name:
        return Uploaded("", _("Pilih berkas yang akan diunggah."))
    version = (await registry.get(f"/innovations/{id}")).etag
    try:
        await registry.send_file(method, path, Multipart(form.name, form.chunks(), form.media_type), version=version)
    except Invalid as cut:
        return Uploaded(form.name, cut.detail)
    except OwnerProblem as problem:
        if problem.is_stale:
            why = _("Inovasi ini diubah orang lain selama unggahan berlangsung. Unggah sekali lagi.")
            return Uploaded(form.name, why)
        why = " ".join(sentence(each["message"]) for each in problem.flaws) or problem.detail
        return Uploaded(form.name, _("Berkas “%(name)s” tidak diterima. %(why)s") % {"name": form.name, "why": why})
    except OwnerAway:
        return Uploaded(form.name, _("Berkas belum terunggah: penyimpanan sedang tidak menjawab. Coba lagi."))
    return Uploaded(form.name)


async def passed_on(registry: OwnerClient, path: str) -> Response:
    """A file of the registry, while it arrives. Raises OwnerProblem, OwnerAway before anything is sent."""
    opened = AsyncExitStack()
    download = await opened.enter_async_context(registry.stream(path))

    async def chunks() -> AsyncIterator[bytes]:
        async with opened:
            async for chunk in download.chunks():
                yield chunk

    headers = {name: download.headers[name] for name in _PASSED if name in download.headers}
    return StreamingResponse(chunks(), headers={**headers, "Cache-Control": "no-store"})
