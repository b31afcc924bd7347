"""The region's index of a national round: result and forecast, and how far the next predicate is. `/kurator/indeks`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.work.asking import Asking
from services.portal.curator.work.desk import Desk
from services.portal.curator.work.owner_answers.index import Index
from services.portal.owners.answers import OwnerProblem
from services.portal.owners.reading import read, unless_away
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get


class IndexPages(Routes):
    """The index with its parts."""

    prefix = "/kurator/indeks"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def overview(self, request: Request) -> Response:
        """Of a year (`?tahun=`)."""
        here = await self._desk.here(request)
        year = here.year(request)
        asking = Asking(self._desk.owners, here.session)
        found = await unless_away(index_of(asking, here.region, year))
        return await self._desk.pages(
            request,
            "curator/work/index/overview.html",
            year=year,
            years=[(each, each) for each in sorted({*here.years, year}, reverse=True)],
            index=found.it if found else None,
            why=found.why if found else "",
            away=found is None,
        )


class FoundIndex:
    """it: None: there is none, and why tells in a sentence, if the owner has one."""

    def __init__(self, it: Index | None, why: str = "") -> None:
        self.it = it
        self.why = why


async def index_of(asking: Asking, region: str, year: int) -> FoundIndex:
    """The index of a round. Raises OwnerAway."""
    try:
        return FoundIndex((await read(asking.scoring, f"/indices/{region}/{year}", Index)).it)
    except NotFound:
        return FoundIndex(None)
    except OwnerProblem as problem:  # a year whose formula needs a constant that no source gives
        return FoundIndex(None, problem.detail)
