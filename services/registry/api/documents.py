"""The profile's own files: budget, business profile, intellectual property, award."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from services.registry import drafting
from services.registry.api.parameters import COMMAND, IdInPath
from services.registry.attachment import PROFILE_LIMITS, ProfileDocument
from services.registry.files import FILE_ANSWER, download, take_in
from services.registry.innovation import Innovation
from services.registry.innovation_access import InnovationAccess
from services.registry.views import InnovationAnswer
from shared.auth.policy import Principal, Role, allow
from shared.faults import NotFound
from shared.storage.repository import Versioned
from shared.web.preconditions import IfMatch, etag
from shared.web.upload import FORM

Keeper = Annotated[Principal, allow(Role.AGENCY, Role.CURATOR)]
Reader = Annotated[Principal, allow(Role.AGENCY, Role.CURATOR, Role.EXECUTIVE)]
ItemInPath = Annotated[ProfileDocument, Path(description="Which of the form's files.")]


class DocumentsRoutes:
    """Answers for `/innovations/{id}/documents/{item}`; every change answers with the innovation as it now is."""

    def __init__(self, counter: InnovationAccess) -> None:
        self._counter = counter

    def routes(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(prefix="/innovations/{id}/documents/{item}", tags=["documents"])
        router.add_api_route(
            "", self.put_document, methods=["PUT"], response_model=InnovationAnswer, dependencies=[COMMAND],
            openapi_extra=FORM,
        )  # fmt: skip
        router.add_api_route("", self.read_document, methods=["GET"], **FILE_ANSWER)
        router.add_api_route(
            "", self.remove_document, methods=["DELETE"], response_model=InnovationAnswer, dependencies=[COMMAND]
        )
        return router

    async def put_document(
        self, *, who: Keeper, request: Request, response: Response, id: IdInPath, item: ItemInPath, expected: IfMatch
    ) -> InnovationAnswer:
        """Put a file of the profile, a PDF of at most 2 MB, in the place of an earlier one."""
        drafting.require_open((await self._counter.for_change(who, id, expected)).value)
        here = self._counter.here()
        file = await take_in(self._counter.files, request, PROFILE_LIMITS[item], here.time)
        held = await self._counter.change(who, id, expected, lambda it: drafting.enclose(it, item, file, who.id, here))
        return _answer(response, held)

    async def read_document(self, *, who: Reader, id: IdInPath, item: ItemInPath) -> Response:
        """A file of the profile, for its agency and its region."""
        attachment = (await self._counter.inside(who, id)).value.documents.get(item)
        if attachment is None:
            raise NotFound("Dokumen profil ini belum ada.")
        return await download(self._counter.files, attachment)

    async def remove_document(
        self, *, who: Keeper, response: Response, id: IdInPath, item: ItemInPath, expected: IfMatch
    ) -> InnovationAnswer:
        """Take a file off the profile."""
        here = self._counter.here()
        held = await self._counter.change(who, id, expected, lambda it: drafting.remove(it, item, who.id, here))
        return _answer(response, held)


def _answer(response: Response, held: Versioned[Innovation]) -> InnovationAnswer:
    etag(response, held.sequence)
    return InnovationAnswer.of(held)
