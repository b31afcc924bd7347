"""The pages `/akun/dua-langkah`: the second factor is set up and taken away.

What is shown once (the secret, the recovery codes) is shown by the answer to a form, never under an address.
"""

from __future__ import annotations

import re
from http import HTTPStatus

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from services.portal.accounts.managing import Managing
from services.portal.accounts.proofs import second_factor
from services.portal.accounts.refusals import Locked
from services.portal.accounts.signing_in import SigningIn
from services.portal.accounts.views.common import EVERY_ROLE, client_of, locked
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, form_of
from services.portal.pages.language import _
from services.portal.pages.render import Pages
from services.portal.pages.session import signed_in
from shared.faults import NotFound
from shared.web.routes import Routes, get, post

_HERE = "/akun/dua-langkah"
_SECRET = re.compile(r"[A-Z2-7]{32}")


class SecondFactorPages(Routes):
    """For everybody who is signed in."""

    prefix = _HERE

    def __init__(self, pages: Pages, managing: Managing, signing_in: SigningIn) -> None:
        self._pages = pages
        self._managing = managing
        self._signing_in = signing_in

    @get("", *EVERY_ROLE)
    async def form(self, request: Request) -> Response:
        """Set it up, or what can be done with it."""
        account = (await self._managing.get(signed_in(request).account)).value
        if account.second_factor is None:
            return await self._set_up(request, account.email, second_factor.new_secret())
        return await self._present(request)

    @post("", *EVERY_ROLE)
    async def set_up(self, request: Request) -> Response:
        """Begin with the secret whose code the app shows; answers with the recovery codes."""
        form, me = form_of(request), signed_in(request)
        account = (await self._managing.get(me.account)).value
        secret = form.text("rahasia")
        if account.second_factor is not None or not _SECRET.fullmatch(secret):
            return redirect(_HERE)
        codes = await self._managing.set_second_factor(me.account, secret, form.text("kode"))
        if codes is None:
            wrong = Errors({"kode": _("Kode ini tidak cocok. Pastikan jam telepon Anda tepat, lalu coba lagi.")})
            return await self._set_up(request, account.email, secret, wrong)
        return await self._pages(request, "accounts/recovery_codes.html", codes=codes, new=True)

    @post("/pemulihan", *EVERY_ROLE)
    async def renew_codes(self, request: Request) -> Response:
        """Other recovery codes, after the password."""
        errors = await self._wrong_password(request, "sandi-pemulihan")
        if errors:
            return await self._present(request, errors)
        codes = await self._managing.renew_recovery_codes(signed_in(request).account)
        return await self._pages(request, "accounts/recovery_codes.html", codes=codes, new=False)

    @post("/hapus", *EVERY_ROLE)
    async def remove(self, request: Request) -> Response:
        """Sign in by the password alone from now on, after the password."""
        errors = await self._wrong_password(request, "sandi-hapus")
        if errors:
            return await self._present(request, errors)
        await self._managing.remove_second_factor(signed_in(request).account)
        return redirect("/akun", _("Verifikasi dua langkah sudah dimatikan."))

    async def _wrong_password(self, request: Request, field: str) -> Errors:
        try:
            right = await self._signing_in.confirm(
                signed_in(request).account, form_of(request).raw(field), client_of(request)
            )
        except Locked as fault:
            return Errors({"": locked(fault)})
        return Errors() if right else Errors({field: _("Kata sandi salah.")})

    async def _set_up(self, request: Request, email: str, secret: str, errors: Errors | None = None) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        return await self._pages(
            request,
            "accounts/second_factor_set_up.html",
            status,
            errors=errors or {},
            secret=secret,
            grouped=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
            picture=picture(second_factor.uri(secret, email)),
        )

    async def _present(self, request: Request, errors: Errors | None = None) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        account = (await self._managing.get(signed_in(request).account)).value
        if account.second_factor is None:
            raise NotFound
        return await self._pages(
            request,
            "accounts/second_factor.html",
            status,
            errors=errors or {},
            since=account.factor_since,
            left=len(account.second_factor.recovery),
        )


def picture(uri: str) -> Markup:
    """The QR code as SVG, dark on light in every theme, because cameras read nothing else."""
    made = segno.make(uri, error="m", micro=False)
    drawn = made.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    return Markup(drawn)  # noqa: S704 - made by segno of a URI that we have quoted
