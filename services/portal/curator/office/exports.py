"""Tables and reports to take along: `/kurator/kantor/ekspor`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.office.downloads import DOWNLOADS, GROUPS, Owner
from services.portal.curator.work.desk import Desk
from services.portal.owners.passed_files import saved_file
from services.portal.pages.forms import chosen
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get


class ExportPages(Routes):
    """The list, and each file passed through from its owner."""

    prefix = "/kurator/kantor/ekspor"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def choose(self, request: Request) -> Response:
        """All files of the region, of a year."""
        here = await self._desk.here(request)
        return await self._desk.pages(
            request,
            "curator/office/exports.html",
            groups=GROUPS,
            year=here.year(request),
            years=[(each, each) for each in here.years],
        )

    @get("/{name}.{kind}", Role.CURATOR)
    async def download(self, request: Request, name: str, kind: str) -> Response:
        """One file."""
        here = await self._desk.here(request)
        wanted = DOWNLOADS.get(name)
        if wanted is None or chosen(kind, wanted.kinds) is None:
            raise NotFound
        owners = self._desk.owners
        owner = {
            Owner.REGISTRY: owners.registry,
            Owner.SCORING: owners.scoring,
            Owner.NOTIFICATIONS: owners.notifications,
        }[wanted.owner](here.session)
        year = here.year(request)
        return await saved_file(owner, wanted.path(here.region, year, kind), **wanted.query(here.region, year))
