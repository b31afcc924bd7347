"""The choice of the language."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from services.portal.pages.flash import is_local, redirect
from services.portal.pages.forms import chosen, form_of
from services.portal.pages.language import COOKIE, NAMES
from shared.auth.policy import Role
from shared.web.routes import Routes, post

_YEAR = 31_536_000  # seconds


class LanguagePages(Routes):
    """`/bahasa`."""

    @post("/bahasa", Role.PUBLIC)
    async def choose(self, request: Request) -> Response:
        """Show the pages in another language from now on, beginning with the one that asked."""
        before = urlsplit(request.headers.get("referer", "")).path
        answer = redirect(before if is_local(before) else "/")
        code = chosen(form_of(request).text("bahasa"), list(NAMES))
        if code is not None:
            answer.set_cookie(COOKIE, code, max_age=_YEAR, httponly=True, samesite="lax")
        return answer
