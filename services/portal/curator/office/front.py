"""The first page of the office: `/kurator/kantor`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.office.cards import GROUPS
from services.portal.curator.work.desk import Desk
from shared.auth.policy import Role
from shared.web.routes import Routes, get


class OfficePages(Routes):
    """The cards of all tasks."""

    prefix = "/kurator/kantor"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def front(self, request: Request) -> Response:
        """Every task of the office."""
        return await self._desk.pages(request, "curator/office/front.html", groups=GROUPS)
