"""`/opd/inovasi/{id}/dokumen`: the files of the profile: budget, business profile, certificates."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.portal.agency import lists
from services.portal.agency.desk import Desk
from services.portal.agency.editing.retrying import on_newest
from services.portal.agency.evidence.passing import passed_on, with_file
from services.portal.agency.innovation.detail import Innovation
from services.portal.pages.flash import redirect
from services.portal.pages.forms import FILE_FORM
from services.portal.pages.language import _
from services.portal.pages.session import signed_in
from shared.auth.policy import Role
from shared.web.routes import Routes, get, post


class DocumentPages(Routes):
    """All of them are optional."""

    prefix = "/opd/inovasi/{id}/dokumen"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.AGENCY)
    async def documents(self, request: Request, id: str) -> Response:
        """What is there, and what may be added."""
        innovation = await self._desk.innovation(signed_in(request), id).read()
        documents = [(item, _(words), innovation.documents.get(item)) for item, words in lists.DOCUMENTS.items()]
        return await self._desk.pages(request, "agency/documents.html", innovation=innovation, documents=documents)

    @post("/{item}", Role.AGENCY, **FILE_FORM)
    async def upload(self, request: Request, id: str, item: str) -> Response:
        """Set one; it replaces an earlier one."""
        _require(item)
        registry = self._desk.owners.registry(signed_in(request))
        outcome = await with_file(request, registry, "PUT", id, f"/innovations/{id}/documents/{item}")
        text = outcome.refused or _("Berkas “%(name)s” terunggah.") % {"name": outcome.name}
        return redirect(f"/opd/inovasi/{id}/dokumen", text, "warning" if outcome.refused else "success")

    @get("/{item}", Role.AGENCY)
    async def read(self, request: Request, id: str, item: str) -> Response:
        """One of them."""
        _require(item)
        registry = self._desk.owners.registry(signed_in(request))
        return await passed_on(registry, f"/innovations/{id}/documents/{item}")

    @post("/{item}/hapus", Role.AGENCY)
    async def remove(self, request: Request, id: str, item: str) -> Response:
        """Remove one."""
        _require(item)
        client = self._desk.innovation(signed_in(request), id)

        async def remove(read: Innovation) -> Innovation:
            return await client.remove_document(read, item) if item in read.documents else read

        await on_newest(client, remove)
        return redirect(f"/opd/inovasi/{id}/dokumen", _("Berkas sudah dihapus."))


def _require(item: str) -> None:
    if item not in lists.DOCUMENTS:
        raise HTTPException(404)
