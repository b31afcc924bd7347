"""`/opd/inovasi/{id}/tahun`: for which year's duty a draft is."""

from __future__ import annotations

from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from services.portal.agency.desk import Desk
from services.portal.agency.innovation.detail import Innovation
from services.portal.agency.innovation.registry import tag
from services.portal.model.views.region import RegionView
from services.portal.owners.answers import OwnerProblem
from services.portal.owners.caught_up import caught_up
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, form_of
from services.portal.pages.language import _
from services.portal.pages.session import SignedIn, signed_in
from shared.auth.policy import Role
from shared.contracts.vocabulary import InnovationStatus
from shared.web.routes import Routes, get, post

_INVALID, _CONFLICT = 422, 409


def years_of(region: RegionView | None, today: date) -> list[tuple[int, str, str]]:
    """The years that a draft may be for: value, text, what it means. The registry has the last word."""
    former = [each for each in (region.years if region else ()) if each < today.year]
    return [
        (today.year, str(today.year), _("Tahun ini")),
        (today.year + 1, str(today.year + 1), _("Baru dapat diajukan tahun depan")),
        *((each, str(each), _("Dicatat terlambat bila batas waktunya sudah lewat")) for each in former),
    ]


class DutyYearPages(Routes):
    """Only of a draft: afterwards the curator decides."""

    prefix = "/opd/inovasi/{id}/tahun"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.AGENCY)
    async def read(self, request: Request, id: str) -> Response:
        """The years to choose from."""
        session = signed_in(request)
        innovation = await self._desk.innovation(session, id).read()
        if innovation.status is not InnovationStatus.DRAFT:
            text = _("Setelah diajukan, tahun kewajiban hanya dapat diubah kurator.")
            return redirect(f"/opd/inovasi/{id}", text, "info")
        return await self._page(request, session, innovation, Errors())

    @post("", Role.AGENCY)
    async def change(self, request: Request, id: str) -> Response:
        """Choose another year."""
        session, text, errors = signed_in(request), form_of(request).text("year"), Errors()
        client = self._desk.innovation(session, id)
        innovation = await client.read()
        known = {str(year): year for year, _text, _means in await self._years(session)}
        if text not in known:
            errors["year"] = _("Pilih tahun kewajiban.")
            return await self._page(request, session, innovation, errors, _INVALID)
        try:
            answer = await client.assign(innovation, known[text])
        except OwnerProblem as problem:
            if problem.is_stale:
                errors[""] = _("Rancangan ini baru saja diubah. Pilih sekali lagi.")
            else:
                errors["year"] = " ".join(each["message"] for each in problem.flaws) or problem.detail
            status = _CONFLICT if problem.is_stale else _INVALID
            return await self._page(request, session, await client.read(), errors, status)
        await caught_up(self._desk.model, f"innovation/{id}", answer)
        return redirect(f"/opd/inovasi/{id}", _("Tahun kewajiban tersimpan."))

    async def _years(self, session: SignedIn) -> list[tuple[int, str, str]]:
        return years_of(await self._desk.region(session), await self._desk.today(session))

    async def _page(
        self, request: Request, session: SignedIn, innovation: Innovation, errors: Errors, status: int = 200
    ) -> Response:
        return await self._desk.pages(
            request,
            "agency/duty_year.html",
            status,
            innovation=innovation,
            years=await self._years(session),
            errors=errors,
            version=tag(innovation),
        )
