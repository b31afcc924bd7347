"""Withdraws a verified innovation, or declines the agency's request to do so."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.work.asking import Asking
from services.portal.curator.work.desk import Desk
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
DECLINE = "tolak"


class WithdrawalPages(Routes):
    """`/kurator/inovasi/{id}/penarikan`."""

    prefix = "/kurator/inovasi/{id}/penarikan"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def ask(self, request: Request, id: str) -> Response:
        """The request with its reason, and the decision."""
        here = await self._desk.here(request)
        it = await of_region(Asking(self._desk.owners, here.session), id, here.region)
        return await self._page(request, it, Form(()), Errors(), zone=here.zone)

    @post("", Role.CURATOR)
    async def decide(self, request: Request, id: str) -> Response:
        """Withdraw for good, or decline."""
        here = await self._desk.here(request)
        asking, form, errors = Asking(self._desk.owners, here.session), form_of(request), Errors()
        it = await of_region(asking, id, here.region)
        declines = form.text("keputusan") == DECLINE
        if declines or it.withdrawal is None:
            errors.require(form, "alasan", sentence=_("Tulis alasan keputusan Anda."))
        if errors:
            return await self._page(request, it, form, errors, REFUSED, zone=here.zone)
        body = {"reason": form.text("alasan")} if form.text("alasan") else {}
        action = "withdrawal/decline" if declines else "withdraw"
        try:
            answer = await asking.registry.post(f"/innovations/{id}/{action}", body, version=version(it.sequence))
        except OwnerProblem as problem:
            errors.add_flaws(problem.flaws, {"reason": "alasan"})
            if not errors:
                errors[""] = problem.detail
            return await self._page(request, it, form, errors, problem.status, zone=here.zone)
        said = _("Permintaan ditolak; inovasi tetap terverifikasi.") if declines else _("Inovasi ini ditarik.")
        return redirect(f"/kurator/inovasi/{id}", await done(self._desk.model, f"innovation/{id}", answer, said))

    async def _page(
        self, request: Request, it: Innovation, form: Form, errors: Errors, status: int = 200, *, zone: str
    ) -> Response:
        return await self._desk.pages(
            request,
            "curator/work/verification/withdrawal.html",
            status,
            it=it,
            form=form,
            errors=errors,
            zone=zone,
        )
