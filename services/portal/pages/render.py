"""Answers with a template: `await pages(request, "agency/home.html", duty=duty)`."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse

from services.portal.pages.context import Context
from services.portal.pages.flash import COOKIE
from services.portal.pages.session import session_of

_LEAST = 500  # bytes; less is sent as it is
_LEVEL = 6
_BAD = 400


class Pages:
    """Renders templates."""

    def __init__(self, environment: Environment, context: Context) -> None:
        self._environment = environment
        self.context = context

    async def __call__(
        self,
        request: Request,
        template: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> HTMLResponse:
        """The page, compressed if the browser can. values: of the template, besides those of `Context`."""
        common = await self.context.values(request)
        body = self._environment.get_template(template).render({**common, **values}).encode()
        answer = _answer(request, body, status, dict(headers or {}))
        if common["flash"] is not None and not common["partial"]:
            answer.delete_cookie(COOKIE)
        return answer


def _answer(request: Request, body: bytes, status: int, headers: dict[str, Any]) -> HTMLResponse:
    headers.setdefault("Cache-Control", "no-store" if session_of(request) else "private, no-cache")
    headers.setdefault("Vary", "Accept-Encoding, Cookie, HX-Request-Type")
    if status >= _BAD and request.method != "GET":
        headers.setdefault("HX-Push-Url", "false")  # the address of a refused form is not one to come back to
    if len(body) >= _LEAST and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, compresslevel=_LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return HTMLResponse(body, status_code=int(status), headers=headers)
