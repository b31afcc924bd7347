"""The routes of an innovation's evidence: for each row a claim and its files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Body, Request, Response

from services.registry.api.answers import innovation_answer
from services.registry.api.examples import CLAIM, LETTER
from services.registry.api.files import FILE_ANSWER, download, upload
from services.registry.api.parameters import DigestInPath, IdInPath, RowInPath
from services.registry.evidence.attachment import Letter
from services.registry.evidence.evidence import Claim, Evidence
from services.registry.evidence.form import FORM
from services.registry.files.uploads import Uploads
from services.registry.innovation import drafting
from services.registry.innovation.access import InnovationAccess
from services.registry.innovation.innovation import Change, Innovation
from services.registry.innovation.redaction import require_readable
from services.registry.innovation.views import InnovationAnswer
from shared.auth.policy import Principal, Role
from shared.faults import NotFound, Stale
from shared.storage.repository import Versioned
from shared.web.preconditions import IfMatch
from shared.web.routes import Routes, Who, delete, get, post, put
from shared.web.upload import UPLOAD_BODY

_MOST_TRIES = 4


class EvidenceRoutes(Routes):
    """Routes for `/innovations/{id}/evidence/{row}`. Every change answers with the innovation after the change."""

    prefix = "/innovations/{id}/evidence/{row}"
    tag = "evidence"

    def __init__(self, access: InnovationAccess, uploads: Uploads) -> None:
        self._access = access
        self._uploads = uploads

    @put("", Role.AGENCY, Role.CURATOR, hot=True)
    async def claim_row(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        row: RowInPath,
        expected: IfMatch,
        body: Annotated[Claim, Body(openapi_examples=CLAIM)],
    ) -> InnovationAnswer:
        """Set the claim of a row: a level, or a measured value that decides it. The row's files stay."""
        source = self._access.origin()
        innovation = await self._access.change(
            who, id, expected, lambda it: drafting.claim(it, row, body, who.id, source)
        )
        return innovation_answer(response, innovation)

    @delete("", Role.AGENCY, Role.CURATOR)
    async def drop_row(
        self, *, who: Who, response: Response, id: IdInPath, row: RowInPath, expected: IfMatch
    ) -> InnovationAnswer:
        """Remove a row's claim and its files."""
        source = self._access.origin()
        innovation = await self._access.change(who, id, expected, lambda it: drafting.drop(it, row, who.id, source))
        return innovation_answer(response, innovation)

    @post("/files", Role.AGENCY, Role.CURATOR, openapi_extra=UPLOAD_BODY)
    async def add_file(
        self, *, who: Who, request: Request, response: Response, id: IdInPath, row: RowInPath, expected: IfMatch
    ) -> InnovationAnswer:
        """Add a file to a row: PDF, JPEG or PNG of at most 10 MB, as the row accepts them; for row 35 an MP4 of at most
        100 MB. The content decides the type, not the name."""
        innovation = (await self._access.read_for_change(who, id, expected)).value
        drafting.require_open(innovation)
        source = self._access.origin()
        charge = await self._access.charge(who, innovation)
        file = await upload(self._uploads, request, FORM.rows[row], source.time, charge)
        changed = await self._attached(who, id, expected, lambda it: drafting.attach(it, row, file, who.id, source))
        return innovation_answer(response, changed)

    @put("/files/{digest}", Role.AGENCY, Role.CURATOR)
    async def describe_file(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        row: RowInPath,
        digest: DigestInPath,
        expected: IfMatch,
        body: Annotated[Letter, Body(openapi_examples=LETTER)],
    ) -> InnovationAnswer:
        """Set number, date and subject of the letter in a file; what is left out is empty then. A row may have several
        letters, each in a file of its own."""
        source = self._access.origin()
        innovation = await self._access.change(
            who, id, expected, lambda it: drafting.describe(it, row, digest, body, by=who.id, origin=source)
        )
        return innovation_answer(response, innovation)

    @get("/files/{digest}", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, **FILE_ANSWER)
    async def read_file(self, *, who: Who, id: IdInPath, row: RowInPath, digest: DigestInPath) -> Response:
        """A file of a row, for its agency and its region."""
        innovation = (await self._access.read_inside(who, id)).value
        require_readable(innovation, digest)
        for rows in (innovation.evidence, innovation.last_submitted.evidence):
            if (attachment := rows.get(row, Evidence()).file(digest)) is not None:
                return await download(self._access.files, attachment)
        raise NotFound(f"Indikator {row} tidak memuat berkas ini.")

    @delete("/files/{digest}", Role.AGENCY, Role.CURATOR)
    async def remove_file(
        self, *, who: Who, response: Response, id: IdInPath, row: RowInPath, digest: DigestInPath, expected: IfMatch
    ) -> InnovationAnswer:
        """Remove a file of a row."""
        source = self._access.origin()
        innovation = await self._access.change(
            who, id, expected, lambda it: drafting.detach(it, row, digest, who.id, source)
        )
        return innovation_answer(response, innovation)

    async def _attached(
        self, who: Principal, id: str, expected: int, attach: Callable[[Innovation], Change]
    ) -> Versioned[Innovation]:
        """Change the version that the caller had read when the upload began. If others went on editing while the file
        arrived, change the newest: an added file depends on nothing that they changed, and need not be sent again."""
        for _ in range(_MOST_TRIES):
            try:
                return await self._access.change(who, id, expected, attach)
            except Stale:
                expected = (await self._access.read_inside(who, id)).sequence
        return await self._access.change(who, id, expected, attach)
