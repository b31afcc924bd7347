"""The routes of the profile's own files: budget, business profile, intellectual property, award."""

from __future__ import annotations

from fastapi import Request, Response

from services.registry.api.answers import innovation_answer
from services.registry.api.files import FILE_ANSWER, download, upload
from services.registry.api.parameters import DocumentInPath, IdInPath
from services.registry.evidence.form import FORM
from services.registry.files.uploads import Uploads
from services.registry.innovation import drafting
from services.registry.innovation.access import InnovationAccess
from services.registry.innovation.redaction import require_readable
from services.registry.innovation.views import InnovationAnswer
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.preconditions import IfMatch
from shared.web.routes import Routes, Who, delete, get, put
from shared.web.upload import UPLOAD_BODY


class DocumentRoutes(Routes):
    """Routes for `/innovations/{id}/documents/{item}`. Every change answers with the innovation after the change."""

    prefix = "/innovations/{id}/documents/{item}"
    tag = "documents"

    def __init__(self, access: InnovationAccess, uploads: Uploads) -> None:
        self._access = access
        self._uploads = uploads

    @put("", Role.AGENCY, Role.CURATOR, openapi_extra=UPLOAD_BODY)
    async def put_document(
        self, *, who: Who, request: Request, response: Response, id: IdInPath, item: DocumentInPath, expected: IfMatch
    ) -> InnovationAnswer:
        """Upload a file of the profile, a PDF of at most 2 MB. It replaces an earlier one."""
        innovation = (await self._access.read_for_change(who, id, expected)).value
        drafting.require_open(innovation)
        source = self._access.origin()
        charge = await self._access.charge(who, innovation)
        file = await upload(self._uploads, request, FORM.profile, source.time, charge)
        changed = await self._access.change(
            who, id, expected, lambda it: drafting.put_document(it, item, file, who.id, source)
        )
        return innovation_answer(response, changed)

    @get("", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, **FILE_ANSWER)
    async def read_document(self, *, who: Who, id: IdInPath, item: DocumentInPath) -> Response:
        """A file of the profile, for its agency and its region."""
        innovation = (await self._access.read_inside(who, id)).value
        attachment = innovation.documents.get(item)
        if attachment is None:
            raise NotFound("Dokumen profil ini belum ada.")
        require_readable(innovation, attachment.digest)
        return await download(self._access.files, attachment)

    @delete("", Role.AGENCY, Role.CURATOR)
    async def remove_document(
        self, *, who: Who, response: Response, id: IdInPath, item: DocumentInPath, expected: IfMatch
    ) -> InnovationAnswer:
        """Remove a file of the profile."""
        source = self._access.origin()
        innovation = await self._access.change(
            who, id, expected, lambda it: drafting.remove_document(it, item, who.id, source)
        )
        return innovation_answer(response, innovation)
