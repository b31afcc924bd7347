"""Where the region's innovations are on their way: by stage, by use. `/kurator/tahapan`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.work import words
from services.portal.curator.work.asking import Asking
from services.portal.curator.work.desk import Desk
from services.portal.curator.work.owner_answers.continuation import Summary
from services.portal.owners.reading import read, unless_away
from shared.auth.policy import Role
from shared.web.routes import Routes, get


class StagePages(Routes):
    """The pipelines of the region with their counts."""

    prefix = "/kurator/tahapan"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def stages(self, request: Request) -> Response:
        """Of all years, or of one (`?tahun=`)."""
        here = await self._desk.here(request)
        year = here.year(request) if request.query_params.get("tahun") else None
        asking = Asking(self._desk.owners, here.session)
        found = await unless_away(read(asking.registry, f"/regions/{here.region}/continuation", Summary, year=year))
        return await self._desk.pages(
            request,
            "curator/work/continuation/stages.html",
            year=year or "",
            years=[(each, each) for each in here.years],
            summary=found.it if found else None,
            words=words,
        )
