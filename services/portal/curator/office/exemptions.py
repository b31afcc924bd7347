"""Exemptions from the duty of a year, by decree: `/kurator/kantor/pengecualian`. Notifications keeps them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.choice.choice import AgencyChoice
from services.portal.curator.office.sending import REFUSED, sent
from services.portal.curator.work.desk import Desk
from services.portal.curator.work.entered import day_of, year_of
from services.portal.owners.answers import OwnerProblem
from services.portal.owners.caught_up import done
from services.portal.owners.reading import unless_away
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, form_of
from services.portal.pages.language import _
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get, post

HOME = "/kurator/kantor/pengecualian"
NAMES = {"decree": "keputusan", "decree_date": "tanggal", "reason": "alasan"}
NOT_FOUND = 404
_PAGE = 100


class ExemptionPages(Routes):
    """List, grant and lift."""

    prefix = HOME

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def all(self, request: Request) -> Response:
        """Those in force, and those that were lifted."""
        here = await self._desk.here(request)
        owner = self._desk.owners.notifications(here.session)
        after = request.query_params.get("after")
        answer = await unless_away(owner.get("/exemptions", region=here.region, limit=_PAGE, after=after))
        return await self._desk.pages(
            request,
            "curator/office/exemptions.html",
            away=answer is None,
            items=answer.body["items"] if answer else [],
            more=answer.body["next"] if answer else None,
            query={},
            zone=here.zone,
        )

    @get("/baru", Role.CURATOR)
    async def ask(self, request: Request) -> Response:
        """The form; `?opd=` and `?tahun=` fill it in."""
        here = await self._desk.here(request)
        form = Form([("opd", request.query_params.get("opd", "")), ("tahun", str(here.year(request)))])
        agency = await self._desk.agencies.of(here.region, form)
        return await self._page(request, agency, form, agency.errors)

    @post("/baru", Role.CURATOR)
    async def grant(self, request: Request) -> Response:
        """Exempt an agency for a year."""
        here = await self._desk.here(request)
        form, errors = form_of(request), Errors()
        agency = await self._desk.agencies.of(here.region, form)
        agency.check(errors)
        errors.require(form, "keputusan", "alasan")
        year, day = year_of(form.text("tahun"), 0), day_of(form.text("tanggal"))
        if not year:
            errors["tahun"] = _("Tulis tahun dengan empat angka.")
        if day is None:
            errors["tanggal"] = _("Pilih tanggal keputusan.")
        if errors or day is None:
            return await self._page(request, agency, form, errors, REFUSED)
        body = {"decree": form.text("keputusan"), "decree_date": day.isoformat(), "reason": form.text("alasan")}
        owner = self._desk.owners.notifications(here.session)
        outcome = await sent(owner.put(f"/exemptions/{agency.id}/{year}", body), NAMES)
        if outcome.answer is None:
            return await self._page(request, agency, form, outcome.errors, outcome.status)
        return redirect(HOME, _("Pengecualian dicatat. Kewajibannya berubah dalam beberapa saat."))

    @post("/{agency}/{year}/cabut", Role.CURATOR)
    async def lift(self, request: Request, agency: str, year: int) -> Response:
        """The duty applies again."""
        here = await self._desk.here(request)
        owner, path = self._desk.owners.notifications(here.session), f"/exemptions/{agency}/{year}"
        try:
            found = await owner.get(path)
        except OwnerProblem as problem:
            if problem.status == NOT_FOUND:
                raise NotFound from problem
            raise
        outcome = await sent(owner.delete(path, version=found.etag))
        if outcome.answer is None:
            return redirect(HOME, outcome.errors.get("", _("Pengecualian ini tidak dapat dicabut.")), "warning")
        said = _("Pengecualian dicabut; kewajibannya berlaku lagi.")
        return redirect(HOME, await done(self._desk.model, f"obligation/{agency}/{year}", outcome.answer, said))

    async def _page(
        self, request: Request, agency: AgencyChoice, form: Form, errors: Errors, status: int = 200
    ) -> Response:
        return await self._desk.pages(
            request,
            "curator/office/exemption.html",
            status,
            form=form,
            errors=errors,
            agency=agency,
        )
