"""The routes of the ready package: its check, and the package itself, for the curator of the region."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from services.registry.api.parameters import CodeInPath
from services.registry.exports.package.choice import Choice, Scope, Take
from services.registry.exports.package.naming import top_folder
from services.registry.exports.package.package import Packages
from services.registry.exports.package.views import CheckedInnovation, CheckedInnovations, PackageSummary, Totals
from shared.auth.policy import Principal, Role
from shared.contracts.fields import Year
from shared.faults import Flaw, Invalid
from shared.web.download import file_answer, file_headers
from shared.web.paging import paged
from shared.web.routes import Routes, Who, get

ZIP = "application/zip"

RoundInPath = Annotated[Year, Path(description="The year of the national round.", examples=[2026])]


class PackageQuery(BaseModel):
    """scope: only verified innovations, or submitted ones as well; duty_year: only innovations of that duty year."""

    scope: Scope = Scope.VERIFIED
    duty_year: int | None = Field(default=None, ge=2000, le=2100)


class PackageDownload(PackageQuery):
    """take: what to do about innovations with errors."""

    take: Take = Take.COMPLETE


class CheckPage(PackageQuery):
    """limit: how many innovations are checked; after: the `next` of the page before."""

    limit: int = Field(default=50, ge=1, le=200)
    after: str | None = Field(default=None, max_length=20)


class PackageRoutes(Routes):
    """Routes for `/regions/{code}/ready-package/{year}`."""

    prefix = "/regions/{code}/ready-package"
    tag = "exports"

    def __init__(self, packages: Packages) -> None:
        self._packages = packages

    @get("/{year}.zip", Role.CURATOR, summary="Paket siap unggah", **file_answer(ZIP))
    async def download(
        self, *, who: Who, code: CodeInPath, year: RoundInPath, query: Annotated[PackageDownload, Query()]
    ) -> Response:
        """Every innovation in a folder of its own, in the order of the national form, with its evidence files and their
        numbers. `take=complete` is refused while the check finds errors; `ready` takes those without, `all` takes all.
        Streamed: a package that was cut off cannot be opened."""
        choice = await self._choice(who, code, year, query)
        chunks = self._packages.stream(choice, query.take)
        first = await anext(chunks)
        return StreamingResponse(
            _chained(first, chunks), headers=file_headers(f"{top_folder(code, year)}.zip"), media_type=ZIP
        )

    @get("/{year}", Role.CURATOR, Role.EXECUTIVE)
    async def summarise(
        self, *, who: Who, code: CodeInPath, year: RoundInPath, query: Annotated[PackageQuery, Query()]
    ) -> PackageSummary:
        """The check of the whole package in figures. It looks at every file."""
        choice = await self._choice(who, code, year, query)
        chosen, totals = await self._packages.chosen(choice), Totals()
        async for each in self._packages.check(choice, chosen.taken):
            totals.add(each)
        return totals.summary(choice, chosen)

    @get("/{year}/check", Role.CURATOR, Role.EXECUTIVE, response_model=CheckedInnovations)
    async def check(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        code: CodeInPath,
        year: RoundInPath,
        query: Annotated[CheckPage, Query()],
    ) -> dict[str, Any]:
        """The check, innovation by innovation in the order of the package: missing mandatory rows, evidence older than
        the window, files of the wrong kind, too large or missing, letters without number, date or subject."""
        choice = await self._choice(who, code, year, query)
        taken = (await self._packages.chosen(choice)).taken
        begin = _begin(query.after)
        page = taken[begin : begin + query.limit]
        items = [CheckedInnovation.of(each) async for each in self._packages.check(choice, page)]
        end = begin + len(page)
        return paged(request, response, items, str(end) if end < len(taken) else None)

    async def _choice(self, who: Principal, code: str, year: int, query: PackageQuery) -> Choice:
        who.require_region(code)
        region = (await self._packages.choice_of(code, year)).region
        return Choice(region, year, query.scope, query.duty_year)


def _begin(after: str | None) -> int:
    if after is None:
        return 0
    if not (after.isascii() and after.isdigit()):
        raise Invalid([Flaw("after", "unknown", "penanda halaman ini tidak dikenal")])
    return int(after)


async def _chained(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk
