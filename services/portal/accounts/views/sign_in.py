"""The pages `/masuk` and `/keluar`."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from services.portal.accounts.refusals import Locked, WrongCredentials
from services.portal.accounts.session import Step
from services.portal.accounts.sessions import Sessions
from services.portal.accounts.signing_in import SigningIn
from services.portal.accounts.views.common import SessionCookie, client_of, locked, onward, wanted
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, form_of
from services.portal.pages.language import _
from services.portal.pages.render import Pages
from services.portal.pages.session import session_of
from shared.auth.policy import Role
from shared.faults import Busy, QuotaSpent
from shared.web.routes import Routes, get, post

_CODE = "/masuk/kode"


class SignInPages(Routes):
    """Also for those who are signed in: they are sent to their first page."""

    def __init__(self, pages: Pages, signing_in: SigningIn, sessions: Sessions, cookie: SessionCookie) -> None:
        self._pages = pages
        self._signing_in = signing_in
        self._sessions = sessions
        self._cookie = cookie

    @get("/masuk", Role.PUBLIC)
    async def form(self, request: Request, ke: str = "") -> Response:
        """Ask for address and password. ke: where to go afterwards."""
        session = session_of(request)
        if session is not None:
            return redirect(onward(session.role, ke))
        return await self._form(request, ke)

    @post("/masuk", Role.PUBLIC)
    async def sign_in(self, request: Request) -> Response:
        """Begin a session, under another cookie than any before."""
        form = form_of(request)
        email, password, to = form.text("surel"), form.raw("sandi"), form.text("ke")
        errors = Errors()
        errors.require(form, "surel", sentence=_("Isi alamat surel Anda."))
        errors.require(form, "sandi", sentence=_("Isi kata sandi Anda."))
        if errors:
            return await self._form(request, to, errors, email)
        try:
            begun = await self._signing_in.by_password(email, password, client_of(request), wanted(to))
        except WrongCredentials:
            errors["surel"] = _("Alamat surel atau kata sandi salah.")
        except Locked as fault:
            errors[""] = locked(fault)
        except (QuotaSpent, Busy):
            errors[""] = _("Terlalu banyak percobaan dari jaringan ini. Coba lagi beberapa menit lagi.")
        else:
            former = session_of(request)
            if former is not None:
                await self._sessions.end(former.session)
            there = _CODE if begun.step is Step.CODE else onward(begun.account.role, begun.onward)
            return self._cookie.give(redirect(there), begun.cookie)
        return await self._form(request, to, errors, email)

    @get("/masuk/kode", Role.PUBLIC)
    async def code_form(self, request: Request) -> Response:
        """Ask for the code of the second factor."""
        if await self._sessions.waiting(self._cookie.of(request)) is None:
            return redirect("/masuk")
        return await self._code_form(request)

    @post("/masuk/kode", Role.PUBLIC)
    async def check_code(self, request: Request) -> Response:
        """Open the session, under another cookie."""
        form = form_of(request)
        errors = Errors()
        errors.require(form, "kode", sentence=_("Isi kode enam angka dari aplikasi, atau satu kode pemulihan."))
        if errors:
            return await self._code_form(request, errors)
        try:
            begun = await self._signing_in.by_code(self._cookie.of(request), form.text("kode"), client_of(request))
        except WrongCredentials:
            errors["kode"] = _("Kode salah atau sudah dipakai. Tunggu kode berikutnya di aplikasi, lalu coba lagi.")
        except Locked as fault:
            errors[""] = locked(fault)
        except QuotaSpent:
            errors[""] = _("Terlalu banyak percobaan dari jaringan ini. Coba lagi beberapa menit lagi.")
        else:
            if begun is None:
                return redirect("/masuk", _("Waktu untuk memasukkan kode telah habis. Masuk sekali lagi."), "info")
            return self._cookie.give(redirect(onward(begun.account.role, begun.onward)), begun.cookie)
        return await self._code_form(request, errors)

    @post("/keluar", Role.PUBLIC)
    async def sign_out(self, request: Request) -> Response:
        """End the session."""
        session = session_of(request)
        if session is not None:
            await self._sessions.end(session.session)
        return self._cookie.take(redirect("/masuk", _("Anda sudah keluar.")))

    async def _form(self, request: Request, to: str, errors: Errors | None = None, email: str = "") -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        return await self._pages(
            request, "accounts/sign_in.html", status, errors=errors or {}, email=email, to=wanted(to)
        )

    async def _code_form(self, request: Request, errors: Errors | None = None) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        return await self._pages(request, "accounts/code.html", status, errors=errors or {})
