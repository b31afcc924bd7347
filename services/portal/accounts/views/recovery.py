"""The pages `/lupa-sandi`: a link to choose another password."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from services.portal.accounts.proofs.password import SHORTEST
from services.portal.accounts.refusals import LinkOver
from services.portal.accounts.resetting import Resetting
from services.portal.accounts.views.common import client_of
from services.portal.accounts.views.new_password import password_errors
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, form_of
from services.portal.pages.language import _
from services.portal.pages.render import Pages
from shared.auth.policy import Role
from shared.faults import Invalid
from shared.web.routes import Routes, get, post


class RecoveryPages(Routes):
    """Neither page tells whether an address has an account."""

    prefix = "/lupa-sandi"

    def __init__(self, pages: Pages, resetting: Resetting) -> None:
        self._pages = pages
        self._resetting = resetting

    @get("", Role.PUBLIC)
    async def form(self, request: Request) -> Response:
        """Ask for the address."""
        return await self._form(request)

    @post("", Role.PUBLIC)
    async def ask(self, request: Request) -> Response:
        """Send a link, if an account has the address."""
        form = form_of(request)
        errors = Errors()
        errors.require(form, "surel", sentence=_("Isi alamat surel Anda."))
        if errors:
            return await self._form(request, errors)
        await self._resetting.ask(form.text("surel"), client_of(request).address)
        return redirect("/lupa-sandi/terkirim")

    @get("/terkirim", Role.PUBLIC)
    async def asked(self, request: Request) -> Response:
        """What happens now."""
        return await self._pages(request, "accounts/reset_asked.html", by_mail=self._resetting.sends_mail)

    @get("/baru", Role.PUBLIC)
    async def choice(self, request: Request, kode: str = "") -> Response:
        """Ask for another password."""
        try:
            await self._resetting.opened(kode)
        except LinkOver:
            return await self._over(request)
        return await self._choice(request, kode)

    @post("/baru", Role.PUBLIC)
    async def choose(self, request: Request) -> Response:
        """Change the password; every session of the account is over."""
        form = form_of(request)
        code = form.text("kode")
        errors = password_errors(form)
        if errors:
            return await self._choice(request, code, errors)
        try:
            await self._resetting.choose(code, form.raw("sandi"))
        except LinkOver:
            return await self._over(request)
        except Invalid as fault:
            errors.add_flaws(fault.flaws, {"password": "sandi"})
            return await self._choice(request, code, errors)
        return redirect("/masuk", _("Kata sandi Anda sudah diganti. Masuk dengan kata sandi yang baru."))

    async def _form(self, request: Request, errors: Errors | None = None) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        by_mail = self._resetting.sends_mail
        return await self._pages(request, "accounts/reset.html", status, errors=errors or {}, by_mail=by_mail)

    async def _choice(self, request: Request, code: str, errors: Errors | None = None) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        return await self._pages(
            request, "accounts/new_password.html", status, errors=errors or {}, code=code, shortest=SHORTEST
        )

    async def _over(self, request: Request) -> Response:
        return await self._pages(request, "accounts/link_over.html", HTTPStatus.NOT_FOUND, reset=True)
