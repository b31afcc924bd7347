"""The pages `/operator`: which services are ready, and who is signed in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.accounts.service_health import ServiceHealth
from services.portal.accounts.sessions import Sessions
from services.portal.pages.flash import redirect
from services.portal.pages.forms import form_of
from services.portal.pages.language import _
from services.portal.pages.render import Pages
from shared.auth.policy import Role
from shared.web.routes import Routes, get, post

_PAGE = 50


class OperatorPages(Routes):
    """The portal's own data. All else is the command `satu` and Grafana."""

    prefix = "/operator"

    def __init__(self, pages: Pages, sessions: Sessions, health: ServiceHealth) -> None:
        self._pages = pages
        self._sessions = sessions
        self._health = health

    @get("", Role.OPERATOR)
    async def home(self, request: Request) -> Response:
        """The services, and where the rest is."""
        return await self._pages(request, "accounts/operator.html", services=await self._health.all())

    @get("/sesi", Role.OPERATOR)
    async def sessions(self, request: Request, after: str = "") -> Response:
        """Everybody who is signed in, the newest session first."""
        rows, following = await self._sessions.page(limit=_PAGE, after=after or None)
        return await self._pages(request, "accounts/sessions.html", rows=rows, after=following, first=bool(after))

    @post("/sesi/akhiri", Role.OPERATOR)
    async def end_session(self, request: Request) -> Response:
        """End one of them."""
        await self._sessions.end(form_of(request).text("sesi"))
        return redirect("/operator/sesi", _("Sesi itu sudah diakhiri."))
