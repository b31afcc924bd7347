"""The routes of the evidence pre-check."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request, Response

from services.registry.api.parameters import DigestInPath, IdInPath, RowInPath
from services.registry.evidence.precheck.prechecks import (
    EvidencePrechecks,
    FilePrecheck,
    Prechecks,
    files_of,
    found_file,
)
from services.registry.innovation.access import InnovationAccess
from shared.auth.policy import Role
from shared.contracts.fields import Year
from shared.faults import Flaw, Invalid
from shared.web.paging import paged
from shared.web.routes import After, Routes, Who, get

MOST_FILES = 20  # of one page: each is read anew

AssessmentYear = Annotated[
    Year | None,
    Query(description="The year of assessment (T-0) that the years are counted from; the innovation's by default."),
]
FewFiles = Annotated[int, Query(ge=1, le=MOST_FILES, description="How many files to a page.")]


class PrecheckRoutes(Routes):
    """Routes for what the text of PDFs says of the letters that an agency has declared."""

    prefix = "/innovations/{id}"
    tag = "evidence"

    def __init__(self, access: InnovationAccess, prechecks: EvidencePrechecks) -> None:
        self._access = access
        self._prechecks = prechecks

    @get("/precheck", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, response_model=Prechecks)
    async def precheck_innovation(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        id: IdInPath,
        year: AssessmentYear = None,
        limit: FewFiles = 10,
        after: After = None,
    ) -> dict[str, Any]:
        """Pre-check the files of all rows: whether number, date, subject, the innovation's name and the row's years are
        in the text, with the words and the page. A hint, never a verdict."""
        innovation = (await self._access.read_inside(who, id)).value
        files = list(files_of(innovation))
        places = [f"{row}/{file.digest}" for row, file in files]
        if after is not None and after not in places:
            raise Invalid([Flaw("after", "bad-cursor", "Penanda halaman tidak dikenal; mulai lagi tanpa `after`.")])
        first = 0 if after is None else places.index(after) + 1
        page = files[first : first + limit]
        items = [
            await self._prechecks.of(innovation, row, file, innovation.year if year is None else year)
            for row, file in page
        ]
        more = first + limit < len(files)
        return paged(request, response, items, places[first + limit - 1] if more else None)

    @get("/evidence/{row}/files/{digest}/precheck", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE)
    async def precheck_file(
        self, *, who: Who, id: IdInPath, row: RowInPath, digest: DigestInPath, year: AssessmentYear = None
    ) -> FilePrecheck:
        """Pre-check one file of a row."""
        innovation = (await self._access.read_inside(who, id)).value
        file = found_file(innovation, row, digest)
        return await self._prechecks.of(innovation, row, file, innovation.year if year is None else year)
