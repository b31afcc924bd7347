"""The demo's page: obligations, scorecards and the sandbox's mails. It exists in the demo only, on loopback."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from shared.clock import Clock
from shared.contracts.vocabulary import ObligationStatus
from shared.demo.client import Client
from shared.demo.sample import Sample
from shared.demo.sandboxes import Sandboxes
from shared.web.error_handlers import http_problem

WORDS = {
    ObligationStatus.OVERDUE.value: "Terlambat",
    ObligationStatus.OPEN.value: "Belum terpenuhi",
    ObligationStatus.FULFILLED.value: "Terpenuhi",
    ObligationStatus.EXEMPTED.value: "Dikecualikan",
}
"""The status of an obligation in Bahasa Indonesia, the most urgent first."""

_SERVICES = ("registry", "scoring", "notifications")


class DemoPage:
    """Reads the services over HTTP. Set `address` and `token` once the server runs."""

    def __init__(self, sample: Sample, clock: Clock, sandboxes: Sandboxes) -> None:
        self._sample = sample
        self._clock = clock
        self._sandboxes = sandboxes
        self.address = ""
        self.token = ""
        templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
        )
        self._template = templates.get_template("page.html")

    def app(self) -> Starlette:
        """The ASGI application for `/`."""
        return Starlette(routes=[Route("/", self._show)], exception_handlers={HTTPException: http_problem})

    async def _show(self, _request: Request) -> Response:
        region = self._sample.region
        async with Client(self.address, self.token) as client:
            agencies = await client.every("/registry/v1/agencies", region=region.code)
            cards = await client.every("/scoring/v1/scorecards", region=region.code)
            duties = await client.every("/notifications/v1/obligations", region=region.code, year=region.deadline.year)
        names = {agency["id"]: agency["name"] for agency in agencies}
        order = list(WORDS)
        named = [{**duty, "agency": names.get(duty["agency"], duty["agency"])} for duty in duties]
        scored = [
            {**card, "agency": names.get(card["agency"], card["agency"])}
            for card in cards
            if card["maturity"] is not None
        ]
        now = self._clock.now().astimezone(ZoneInfo(region.zone))
        body = self._template.render(
            region=region.name,
            year=region.deadline.year,
            today=format_datetime(now, "EEEE, d MMMM y, HH.mm 'WIB'", locale="id"),
            obligations=sorted(named, key=lambda duty: (order.index(duty["status"]), duty["agency"])),
            counts=Counter(duty["status"] for duty in duties),
            notices=sorted({card["catalogue"]["notice"] for card in scored if card["catalogue"]["notice"]}),
            scorecards=sorted(scored, key=lambda card: -card["maturity"]["claimed"]),
            mails=list(reversed(self._sandboxes.mail.mails)),
            words=WORDS,
            services=_SERVICES,
        )
        return HTMLResponse(body, headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"})
