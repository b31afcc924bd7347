"""Moves an innovation to another agency or to another year's duty, with a reason."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.choice.choice import AgencyChoice
from services.portal.curator.work.asking import Asking
from services.portal.curator.work.desk import Desk, Here
from services.portal.curator.work.entered import year_of
from services.portal.curator.work.owner_answers.innovation import Innovation
from services.portal.curator.work.verification.submission import of_region
from services.portal.owners.answers import OwnerProblem
from services.portal.owners.caught_up import done
from services.portal.owners.reading import version
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, form_of
from services.portal.pages.language import _
from shared.auth.policy import Role
from shared.web.routes import Routes, get, post

REFUSED = 422


class ReassignmentPages(Routes):
    """`/kurator/inovasi/{id}/pindah`."""

    prefix = "/kurator/inovasi/{id}/pindah"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def ask(self, request: Request, id: str) -> Response:
        """The form."""
        here = await self._desk.here(request)
        it = await of_region(Asking(self._desk.owners, here.session), id, here.region)
        form = Form((("opd", it.agency), ("tahun", str(it.year))))
        return await self._page(request, here, it, await self._choice(here, it, form), form, Errors())

    @post("", Role.CURATOR)
    async def reassign(self, request: Request, id: str) -> Response:
        """Move it."""
        here = await self._desk.here(request)
        asking, form, errors = Asking(self._desk.owners, here.session), form_of(request), Errors()
        it = await of_region(asking, id, here.region)
        agency = await self._choice(here, it, form)
        agency.check(errors)
        errors.require(form, "tahun", "alasan")
        body = {"agency": agency.id, "year": year_of(form.text("tahun"), 0), "reason": form.text("alasan")}
        if not errors and (it.agency, it.year) == (body["agency"], body["year"]):
            errors["opd"] = _("Pilih perangkat daerah atau tahun yang lain.")
        if errors:
            return await self._page(request, here, it, agency, form, errors, REFUSED)
        try:
            answer = await asking.registry.post(f"/innovations/{id}/reassign", body, version=version(it.sequence))
        except OwnerProblem as problem:
            errors.add_flaws(problem.flaws, {"agency": "opd", "year": "tahun", "reason": "alasan"})
            if not errors:
                errors[""] = problem.detail
            return await self._page(request, here, it, agency, form, errors, problem.status)
        said = _("Inovasi ini dipindahkan. Kewajiban kedua pihak dihitung ulang.")
        return redirect(f"/kurator/inovasi/{id}", await done(self._desk.model, f"innovation/{id}", answer, said))

    async def _choice(self, here: Here, it: Innovation, form: Form) -> AgencyChoice:
        return await self._desk.agencies.of(here.region, form, also=(it.agency,))

    async def _page(  # noqa: PLR0917 - what a form needs to be shown again
        self,
        request: Request,
        here: Here,
        it: Innovation,
        agency: AgencyChoice,
        form: Form,
        errors: Errors,
        status: int = 200,
    ) -> Response:
        now = here.today.year
        return await self._desk.pages(
            request,
            "curator/work/verification/reassignment.html",
            status,
            it=it,
            form=form,
            errors=errors,
            agency=agency,
            years=[(each, each) for each in sorted({*here.years, it.year, now, now + 1}, reverse=True)],
        )
