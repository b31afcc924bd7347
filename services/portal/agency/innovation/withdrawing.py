"""`/opd/inovasi/{id}/tarik`: withdraw what is not verified, ask the curator to withdraw what is."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.agency.desk import Desk
from services.portal.agency.innovation.detail import Innovation
from services.portal.agency.innovation.registry import InnovationClient, tag
from services.portal.owners.answers import Answer, OwnerProblem
from services.portal.owners.caught_up import done
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, form_of
from services.portal.pages.language import _
from services.portal.pages.reading import prose_of
from services.portal.pages.session import signed_in
from shared.auth.policy import Role
from shared.contracts.vocabulary import InnovationStatus
from shared.web.routes import Routes, get, post

_MOST_REASON = 2_000  # characters
_INVALID = 422
_WITHDRAWABLE = (InnovationStatus.SUBMITTED, InnovationStatus.RETURNED, InnovationStatus.VERIFIED)


class WithdrawalPages(Routes):
    """Withdraw, ask to withdraw, ask no more."""

    prefix = "/opd/inovasi/{id}/tarik"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.AGENCY)
    async def ask(self, request: Request, id: str) -> Response:
        """What a withdrawal means, and its reason."""
        innovation = await self._desk.innovation(signed_in(request), id).read()
        if innovation.status not in _WITHDRAWABLE:
            return redirect(f"/opd/inovasi/{id}", _("Inovasi ini tidak dapat ditarik."), "info")
        return await self._page(request, innovation, Form(()), Errors())

    @post("", Role.AGENCY)
    async def withdraw(self, request: Request, id: str) -> Response:
        """Withdraw, or ask for it if it is verified."""
        form, errors = form_of(request), Errors()
        client = self._desk.innovation(signed_in(request), id)
        innovation = await client.read()
        errors.require(form, "reason", sentence=_("Isi alasan penarikan."))
        try:
            reason = prose_of(form, "reason", _MOST_REASON)
        except ValueError:
            errors["reason"] = _("Alasan paling panjang 2.000 karakter.")
        if errors or reason is None:
            return await self._page(request, innovation, form, errors, _INVALID)
        verified = innovation.status is InnovationStatus.VERIFIED
        command = "withdrawal" if verified else "withdraw"
        answer = await self._sent(client, command, form.text("versi"), reason)
        if answer is None:
            return redirect(f"/opd/inovasi/{id}/tarik", _("Inovasi ini baru saja berubah. Periksa lagi."), "warning")
        text = _("Permohonan penarikan dikirim; kurator yang memutuskan.") if verified else _("Inovasi sudah ditarik.")
        return redirect(f"/opd/inovasi/{id}", await done(self._desk.model, f"innovation/{id}", answer, text))

    @post("/batal", Role.AGENCY)
    async def take_back(self, request: Request, id: str) -> Response:
        """Ask no more."""
        client = self._desk.innovation(signed_in(request), id)
        try:
            answer = await client.remove("withdrawal", tag(await client.read()))
        except OwnerProblem:
            text = _("Permohonan itu sudah tidak ada; mungkin kurator sudah memutuskannya.")
            return redirect(f"/opd/inovasi/{id}", text, "info")
        text = await done(self._desk.model, f"innovation/{id}", answer, _("Permohonan penarikan dibatalkan."))
        return redirect(f"/opd/inovasi/{id}", text)

    async def _sent(self, client: InnovationClient, command: str, version: str, reason: str) -> Answer | None:
        try:
            return await client.command(command, version, {"reason": reason})
        except OwnerProblem as problem:
            if problem.is_stale:
                return None
            raise

    async def _page(
        self, request: Request, innovation: Innovation, form: Form, errors: Errors, status: int = 200
    ) -> Response:
        return await self._desk.pages(
            request,
            "agency/withdraw.html",
            status,
            innovation=innovation,
            verified=innovation.status is InnovationStatus.VERIFIED,
            form=form.values(),
            errors=errors,
            version=tag(innovation),
        )
