"""Evidence, row by row: claims and their files."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response

from services.registry import drafting
from services.registry.api.examples import CLAIM
from services.registry.api.parameters import COMMAND, DigestInPath, IdInPath, RowInPath
from services.registry.evidence import ROW_LIMITS, Claim, Evidence
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


class EvidenceRoutes:
    """Answers for `/innovations/{id}/evidence/{row}`; every change answers with the innovation as it now is."""

    def __init__(self, counter: InnovationAccess) -> None:
        self._counter = counter

    def routes(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(prefix="/innovations/{id}/evidence/{row}", tags=["evidence"])
        router.add_api_route(
            "", self.claim_row, methods=["PUT"], response_model=InnovationAnswer, dependencies=[COMMAND]
        )
        router.add_api_route(
            "", self.drop_row, methods=["DELETE"], response_model=InnovationAnswer, dependencies=[COMMAND]
        )
        router.add_api_route(
            "/files", self.add_file, methods=["POST"], response_model=InnovationAnswer, dependencies=[COMMAND],
            openapi_extra=FORM,
        )  # fmt: skip
        router.add_api_route("/files/{digest}", self.read_file, methods=["GET"], **FILE_ANSWER)
        router.add_api_route(
            "/files/{digest}", self.remove_file, methods=["DELETE"], response_model=InnovationAnswer,
            dependencies=[COMMAND],
        )  # fmt: skip
        return router

    async def claim_row(
        self,
        *,
        who: Keeper,
        response: Response,
        id: IdInPath,
        row: RowInPath,
        expected: IfMatch,
        body: Annotated[Claim, Body(openapi_examples=CLAIM)],
    ) -> InnovationAnswer:
        """Say what is claimed for a row: a level, or a measured value that decides it. Its files stay."""
        here = self._counter.here()
        held = await self._counter.change(who, id, expected, lambda it: drafting.claim(it, row, body, who.id, here))
        return _answer(response, held)

    async def drop_row(
        self, *, who: Keeper, response: Response, id: IdInPath, row: RowInPath, expected: IfMatch
    ) -> InnovationAnswer:
        """Claim nothing for a row any more; its files go with it."""
        here = self._counter.here()
        held = await self._counter.change(who, id, expected, lambda it: drafting.drop(it, row, who.id, here))
        return _answer(response, held)

    async def add_file(
        self, *, who: Keeper, request: Request, response: Response, id: IdInPath, row: RowInPath, expected: IfMatch
    ) -> InnovationAnswer:
        """Add a file to a row: PDF, JPEG or PNG of at most 10 MB as the row takes them; for row 35 an MP4 of at most
        100 MB. What it is, its content says, not its name."""
        drafting.require_open((await self._counter.for_change(who, id, expected)).value)
        here = self._counter.here()
        file = await take_in(self._counter.files, request, ROW_LIMITS[row], here.time)
        held = await self._counter.change(who, id, expected, lambda it: drafting.attach(it, row, file, who.id, here))
        return _answer(response, held)

    async def read_file(self, *, who: Reader, id: IdInPath, row: RowInPath, digest: DigestInPath) -> Response:
        """A file of a row, for its agency and its region."""
        innovation = (await self._counter.inside(who, id)).value
        for rows in (innovation.evidence, innovation.last_handed_in.evidence):
            if (attachment := rows.get(row, Evidence()).file(digest)) is not None:
                return await download(self._counter.files, attachment)
        raise NotFound(f"Indikator {row} tidak memuat berkas ini.")

    async def remove_file(
        self, *, who: Keeper, response: Response, id: IdInPath, row: RowInPath, digest: DigestInPath, expected: IfMatch
    ) -> InnovationAnswer:
        """Take a file off a row."""
        here = self._counter.here()
        held = await self._counter.change(who, id, expected, lambda it: drafting.detach(it, row, digest, who.id, here))
        return _answer(response, held)


def _answer(response: Response, held: Versioned[Innovation]) -> InnovationAnswer:
    etag(response, held.sequence)
    return InnovationAnswer.of(held)
