"""The ranking as it is now, and its freezes. `/kurator/peringkat`."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from services.portal.answered.ranking import Freeze, FreezePage, Ranking
from services.portal.curator.work import words
from services.portal.curator.work.asking import Asking
from services.portal.curator.work.desk import Desk
from services.portal.curator.work.entered import year_of
from services.portal.owners.answers import OwnerProblem
from services.portal.owners.reading import read, unless_away
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, form_of
from services.portal.pages.language import _
from shared.auth.policy import Role
from shared.web.routes import Routes, get, post

MEASURES = ("verified", "claimed")
ON_A_PAGE = 50


class RankingPages(Routes):
    """Rankings of a year."""

    prefix = "/kurator/peringkat"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def ranking(self, request: Request) -> Response:
        """Of a year (`?tahun=`), by verified or claimed maturity (`?ukuran=`)."""
        return await self._page(request, Form(()), Errors())

    @post("", Role.CURATOR)
    async def freeze(self, request: Request) -> Response:
        """Freeze the ranking of a year. It is public at once and never changes; a correction is another one."""
        here = await self._desk.here(request)
        form, errors = form_of(request), Errors()
        errors.require(form, "yakin", sentence=_("Centang bahwa Anda yakin: pembekuan tidak dapat dihapus."))
        if errors:
            return await self._page(request, form, errors, 422)
        body = {
            "region": here.region,
            "year": year_of(form.text("tahun"), here.today.year),
            "synthetic": form.has("contoh"),
        }
        if form.text("alasan"):
            body["reason"] = form.text("alasan")
        asking = Asking(self._desk.owners, here.session)
        try:
            answer = await asking.scoring.post("/rankings/freezes", body, key=form.text("key"))
        except OwnerProblem as problem:
            errors.add_flaws(problem.flaws, {"reason": "alasan", "year": "tahun"})
            if not errors:
                errors[""] = problem.detail
            return await self._page(request, form, errors, problem.status)
        frozen = Freeze.model_validate(answer.body)
        return redirect(f"/kurator/peringkat/beku/{frozen.id}", _("Peringkat dibekukan dan sudah dapat dibaca umum."))

    @get("/beku/{region}/{series}/{number}", Role.CURATOR)
    async def frozen(self, request: Request, region: str, series: str, number: int) -> Response:
        """One freeze."""
        here = await self._desk.here(request)
        asking = Asking(self._desk.owners, here.session)
        found = await read(asking.scoring, f"/rankings/freezes/{region}/{series}/{number}", Freeze)
        return await self._desk.pages(
            request, "curator/work/ranking/freeze.html", freeze=found.it, zone=here.zone, words=words
        )

    async def _page(self, request: Request, form: Form, errors: Errors, status: int = 200) -> Response:
        here = await self._desk.here(request)
        year = year_of(form.text("tahun"), here.year(request))
        measure = request.query_params.get("ukuran", "")
        measure = measure if measure in MEASURES else MEASURES[0]
        after = request.query_params.get("sesudah")
        asking = Asking(self._desk.owners, here.session)
        query: dict[str, str | int | None] = {"year": year, "region": here.region, "measure": measure}
        query |= {"limit": ON_A_PAGE, "after": after}
        ranking, freezes = await asyncio.gather(
            unless_away(read(asking.scoring, "/rankings", Ranking, **query)),
            unless_away(read(asking.scoring, "/rankings/freezes", FreezePage, region=here.region, year=year)),
        )
        own = [each for each in freezes.it.items if each.competition is None] if freezes else None
        kept = {"tahun": year, "ukuran": measure}
        following = ranking.it.next if ranking else None
        return await self._desk.pages(
            request,
            "curator/work/ranking/ranking.html",
            status,
            year=year,
            years=[(each, each) for each in sorted({*here.years, year}, reverse=True)],
            measure=measure,
            ranking=ranking.it if ranking else None,
            freezes=own,
            form=form,
            errors=errors,
            next_page=f"?{urlencode({**kept, 'sesudah': following})}" if following else None,
            first_page=f"?{urlencode(kept)}" if after else None,
            words=words,
            zone=here.zone,
        )
