"""The page `/undangan`: a person accepts an invitation."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from services.portal.accounts.invitation import Invitation
from services.portal.accounts.inviting import Inviting
from services.portal.accounts.proofs.password import SHORTEST
from services.portal.accounts.refusals import AddressTaken, LinkOver
from services.portal.accounts.session import Step
from services.portal.accounts.sessions import Sessions
from services.portal.accounts.views.common import SessionCookie, client_of, onward
from services.portal.accounts.views.new_password import password_errors
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, form_of
from services.portal.pages.language import _
from services.portal.pages.render import Pages
from services.portal.pages.session import session_of
from shared.auth.policy import Role
from shared.contracts.fields import is_visible
from shared.faults import Invalid
from shared.web.routes import Routes, get, post

_LONGEST_NAME = 200


class InvitationPages(Routes):
    """Whoever has the link is the person: it went to the address, or was handed over."""

    prefix = "/undangan"

    def __init__(self, pages: Pages, inviting: Inviting, sessions: Sessions, cookie: SessionCookie) -> None:
        self._pages = pages
        self._inviting = inviting
        self._sessions = sessions
        self._cookie = cookie

    @get("", Role.PUBLIC)
    async def form(self, request: Request, kode: str = "") -> Response:
        """Ask for a password."""
        try:
            found = await self._inviting.opened(kode)
        except LinkOver:
            return await self._over(request)
        return await self._form(request, found.value, kode, found.value.name)

    @post("", Role.PUBLIC)
    async def accept(self, request: Request) -> Response:
        """Make the account, and sign in."""
        form = form_of(request)
        code, name = form.text("kode"), form.text("nama")
        try:
            found = await self._inviting.opened(code)
            errors = _errors(form)
            if errors:
                return await self._form(request, found.value, code, name, errors)
            account = await self._inviting.accept(code, name, form.raw("sandi"))
        except LinkOver:
            return await self._over(request)
        except AddressTaken as fault:
            return await self._form(request, found.value, code, name, Errors({"": fault.detail}))
        except Invalid as fault:
            errors.add_flaws(fault.flaws, {"password": "sandi"})
            return await self._form(request, found.value, code, name, errors)
        former = session_of(request)
        if former is not None:
            await self._sessions.end(former.session)
        cookie = await self._sessions.begin(account, Step.OPEN, device=client_of(request).device)
        answer = redirect(onward(account.value.role, ""), _("Akun Anda sudah siap. Selamat datang di Satu Inovasi."))
        return self._cookie.give(answer, cookie)

    async def _form(
        self, request: Request, invitation: Invitation, code: str, name: str, errors: Errors | None = None
    ) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        return await self._pages(
            request,
            "accounts/accept.html",
            status,
            errors=errors or {},
            invitation=invitation,
            code=code,
            name=name,
            shortest=SHORTEST,
        )

    async def _over(self, request: Request) -> Response:
        return await self._pages(request, "accounts/link_over.html", HTTPStatus.NOT_FOUND, reset=False)


def _errors(form: Form) -> Errors:
    errors = password_errors(form)
    name = form.text("nama")
    if not name:
        errors["nama"] = _("Isi nama Anda.")
    elif len(name) > _LONGEST_NAME or not name.isprintable() or not is_visible(name):
        errors["nama"] = _("Nama ini memuat tanda yang tidak dapat dipakai, atau terlalu panjang.")
    return errors
