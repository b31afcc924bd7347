"""The pages `/akun`: one's own account, password and sessions."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from services.portal.accounts.managing import Managing
from services.portal.accounts.proofs.password import SHORTEST
from services.portal.accounts.refusals import Locked
from services.portal.accounts.session import Step
from services.portal.accounts.sessions import Sessions
from services.portal.accounts.signing_in import SigningIn
from services.portal.accounts.views.common import EVERY_ROLE, SessionCookie, client_of, locked
from services.portal.accounts.views.new_password import password_errors
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, form_of
from services.portal.pages.language import _
from services.portal.pages.render import Pages
from services.portal.pages.session import signed_in
from shared.faults import Invalid
from shared.web.routes import Routes, get, post

_HERE = "/akun"


class OwnAccountPages(Routes):
    """For everybody who is signed in."""

    prefix = _HERE

    def __init__(
        self, pages: Pages, managing: Managing, sessions: Sessions, signing_in: SigningIn, cookie: SessionCookie
    ) -> None:
        self._pages = pages
        self._managing = managing
        self._sessions = sessions
        self._signing_in = signing_in
        self._cookie = cookie

    @get("", *EVERY_ROLE)
    async def account(self, request: Request) -> Response:
        """Who I am here, how I sign in, and where I am signed in."""
        account = await self._managing.get(signed_in(request).account)
        open_sessions = await self._sessions.of_account(account)
        return await self._pages(request, "accounts/account.html", account=account.value, sessions=open_sessions)

    @get("/sandi", *EVERY_ROLE)
    async def password_form(self, request: Request) -> Response:
        """Ask for the former and the new password."""
        return await self._form(request)

    @post("/sandi", *EVERY_ROLE)
    async def change_password(self, request: Request) -> Response:
        """Change it, and go on in a new session; all others are over."""
        form, me, client = form_of(request), signed_in(request), client_of(request)
        errors = password_errors(form)
        try:
            if not errors and not await self._signing_in.confirm(me.account, form.raw("lama"), client):
                errors["lama"] = _("Kata sandi yang sekarang salah.")
            if errors:
                return await self._form(request, errors)
            account = await self._managing.change_password(me.account, form.raw("sandi"))
        except Locked as fault:
            return await self._form(request, Errors({"": locked(fault)}))
        except Invalid as fault:
            errors.add_flaws(fault.flaws, {"password": "sandi"})
            return await self._form(request, errors)
        cookie = await self._sessions.begin(account, Step.OPEN, device=client.device)
        answer = redirect(_HERE, _("Kata sandi sudah diganti. Sesi di perangkat lain sudah diakhiri."))
        return self._cookie.give(answer, cookie)

    @post("/sesi/akhiri", *EVERY_ROLE)
    async def end_session(self, request: Request) -> Response:
        """End one of my sessions."""
        me = signed_in(request)
        account = await self._managing.get(me.account)
        wanted = form_of(request).text("sesi")
        if any(each.id == wanted for each in await self._sessions.of_account(account)):
            await self._sessions.end(wanted)
        if wanted == me.session:
            return self._cookie.take(redirect("/masuk", _("Anda sudah keluar.")))
        return redirect(f"{_HERE}#sesi", _("Sesi itu sudah diakhiri."))

    @post("/sesi/akhiri-semua", *EVERY_ROLE)
    async def end_others(self, request: Request) -> Response:
        """End all of my sessions but this one."""
        me = signed_in(request)
        for each in await self._sessions.of_account(await self._managing.get(me.account)):
            if each.id != me.session:
                await self._sessions.end(each.id)
        return redirect(f"{_HERE}#sesi", _("Semua sesi lain sudah diakhiri."))

    async def _form(self, request: Request, errors: Errors | None = None) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        return await self._pages(request, "accounts/password.html", status, errors=errors or {}, shortest=SHORTEST)
