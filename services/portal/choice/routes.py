"""The agencies that match what is being typed, as a part of a form: `/perangkat-daerah/temuan`."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from services.portal.choice.choice import FOUND, TYPED
from services.portal.choice.chooser import AgencyChooser
from services.portal.pages.render import Pages
from services.portal.pages.session import signed_in
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get

_NAME = re.compile(r"[a-z][a-z-]{0,39}")


class FoundAgencyPages(Routes):
    """A curator and an agency search the own region; an operator, whose forms name a region, that one."""

    prefix = FOUND

    def __init__(self, pages: Pages, agencies: AgencyChooser) -> None:
        self._pages = pages
        self._agencies = agencies

    @get("", Role.AGENCY, Role.CURATOR, Role.OPERATOR)
    async def found(self, request: Request) -> Response:
        """isian: the name of the field; the text is in `<isian>-cari`; daerah: of an operator's form; tutup: also
        closed agencies; bukan: an id that cannot be chosen."""
        session, query = signed_in(request), request.query_params
        name = query.get("isian", "opd")
        if not _NAME.fullmatch(name):
            raise NotFound
        found = await self._agencies.found(
            session.region or query.get("daerah", ""),
            name,
            query.get(f"{name}{TYPED}", ""),
            retired=bool(query.get("tutup")),
            without=query.get("bukan", ""),
        )
        return await self._pages(request, "choice/found.html", found=found)
