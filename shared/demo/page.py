"""The demo's page: both sandboxes as two phones, obligations, scorecards. It exists in the demo only, on loopback."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from shared.clock import Clock
from shared.demo.client import Client
from shared.demo.page_content import PageContent
from shared.demo.sample import Sample
from shared.demo.sandboxes import Sandboxes
from shared.web.error_handlers import http_problem

_SERVICES = ("registry", "scoring", "notifications")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_HEADERS = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
_NOT_FOUND = 404


class DemoPage:
    """Reads the services over HTTP. Set `address` and `token` once the server runs."""

    def __init__(self, sample: Sample, clock: Clock, sandboxes: Sandboxes) -> None:
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
        """The ASGI application for `/`, and for the HTML part of a mail."""
        return Starlette(
            routes=[Route("/", self._show), Route("/surel/{number:int}", self._show_mail)],
            exception_handlers={HTTPException: http_problem},
        )

    async def _show(self, request: Request) -> Response:
        async with Client(self.address, self.token) as client:
            content = PageContent(self._sample, self._sandboxes, client)
            variables = await content.variables(self._clock.now(), request.query_params.get("surel", ""))
        return HTMLResponse(self._template.render(**variables, services=_SERVICES), headers=_HEADERS)

    async def _show_mail(self, request: Request) -> Response:
        number = int(request.path_params["number"])
        mails = self._sandboxes.mail.mails
        if not 0 < number <= len(mails):
            raise HTTPException(_NOT_FOUND, "Surel ini tidak ada.")
        return HTMLResponse(mails[number - 1].html, headers=_HEADERS)
