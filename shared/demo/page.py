"""The demo's page below `/peragaan`: both sandboxes as two phones, obligations, scorecards, and the form that signs a
person of the demo in at the portal. It exists in the demo only, on loopback."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from shared.clock import Clock
from shared.demo.client import Client
from shared.demo.page_content import PageContent
from shared.demo.people import People
from shared.demo.sample import Sample
from shared.demo.sandboxes import Sandboxes
from shared.web.error_handlers import http_problem

_SERVICES = ("registry", "scoring", "notifications")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_HEADERS = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
_NOT_FOUND, _FORBIDDEN, _SEE_OTHER = 404, 403, 303

PATH = "/peragaan"
"""Where the page is mounted beside the services."""

PUBLIC = "publik"
"""The choice of the form that nobody has to sign in for."""

SESSION_COOKIE = "satu"
"""The portal's cookie of a session where there is no TLS."""


class DemoPage:
    """Reads the services over HTTP. Set `address` and `token` once the server runs."""

    def __init__(self, sample: Sample, clock: Clock, sandboxes: Sandboxes, people: People) -> None:
        self._people = people
        self._sample = sample
        self._clock = clock
        self._sandboxes = sandboxes
        self.address = ""
        self.token = ""
        templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._template = templates.get_template("page.html")

    def app(self) -> Starlette:
        """The ASGI application for `/`, for the HTML part of a mail, and for the form."""
        return Starlette(
            routes=[
                Route("/", self._show),
                Route("/surel/{number:int}", self._show_mail),
                Route("/masuk", self._sign_in, methods=["POST"]),
            ],
            exception_handlers={HTTPException: http_problem},
        )

    async def _show(self, request: Request) -> Response:
        async with Client(self.address, self.token) as client:
            content = PageContent(self._sample, self._sandboxes, client)
            variables = await content.variables(self._clock.now(), request.query_params.get("surel", ""))
        return HTMLResponse(self._template.render(**variables, services=_SERVICES, root=PATH), headers=_HEADERS)

    async def _sign_in(self, request: Request) -> Response:
        """Become one of the people of the demo, or the public again."""
        if request.headers.get("origin", self.address) != self.address:
            raise HTTPException(_FORBIDDEN, "Hanya dari halaman ini.")
        fields = parse_qs((await request.body()).decode("utf-8", "replace"))
        who = fields.get("sebagai", [PUBLIC])[0]
        if who == PUBLIC:
            answer = RedirectResponse("/", _SEE_OTHER)
            answer.delete_cookie(SESSION_COOKIE)
            return answer
        try:
            home, cookies = await self._people.sign_in(who)
        except KeyError:
            raise HTTPException(_NOT_FOUND, "Peraga ini belum ada; tunggu sampai semua langkah selesai.") from None
        answer = RedirectResponse(home, _SEE_OTHER)
        for cookie in cookies:
            answer.headers.append("set-cookie", cookie)
        return answer

    async def _show_mail(self, request: Request) -> Response:
        number = int(request.path_params["number"])
        mails = self._sandboxes.mail.mails
        if not 0 < number <= len(mails):
            raise HTTPException(_NOT_FOUND, "Surel ini tidak ada.")
        return HTMLResponse(mails[number - 1].html, headers=_HEADERS)
