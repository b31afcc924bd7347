"""The public HTTP application of a process: every service below its mount, health, and pages: those of a service, or
links to the API documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.auth.policy import Gate
from shared.faults import StoreAway
from shared.runtime.health import Health
from shared.runtime.service import CLOSED_KEY
from shared.runtime.service_runner import ServiceRunner
from shared.web.ambiguity import RefuseAmbiguity
from shared.web.app import mount_of, service_app
from shared.web.body_limit import BodyLimit
from shared.web.error_handlers import http_problem
from shared.web.middleware import RequestMiddleware
from shared.web.mounts import Mounts
from shared.web.problems import problem_of

_HEAD = (
    "<!doctype html><html lang='id'><head><meta charset='utf-8'><title>Satu Inovasi</title></head><body>"
    "<h1>Satu Inovasi</h1><p>Satu Perangkat Daerah, Satu Inovasi.</p><ul>"
)


def process_app(
    runners: Sequence[ServiceRunner], gate: Gate, health: Health, beside: Mapping[str, ASGIApp] | None = None
) -> ASGIApp:
    """The application. beside: further applications by path, such as `/peragaan`. Raises TypeError for a route without
    a policy."""
    services: dict[str, ASGIApp] = {}
    for each in runners:
        app = service_app(each.service.name, each.service.router, gate, intake=each.lag.intake)
        services[mount_of(each.service.name)] = AvailabilityMiddleware(each, app)
    own = RequestMiddleware(BodyLimit(_own_pages(runners, health), plain=65536, upload=65536))
    for path, other in (beside or {}).items():
        services[path] = RequestMiddleware(BodyLimit(other, plain=65536, upload=65536))
    pages = next((each for each in runners if each.service.pages is not None), None)
    return RefuseAmbiguity(Mounts(services, own if pages is None else PagesMiddleware(pages, own)))


class PagesMiddleware:
    """ASGI: the pages of a service, which are told while the service is not open. health: for what begins with
    `/health/`."""

    def __init__(self, runner: ServiceRunner, health: ASGIApp) -> None:
        """Raises TypeError for a service without pages."""
        if runner.service.pages is None:
            raise TypeError(f"{runner.service.name} has no pages")
        self.runner = runner
        self.pages = runner.service.pages
        self.health = health

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and scope["path"].startswith("/health/"):
            await self.health(scope, receive, send)
            return
        if not self.runner.readiness.ready:
            scope = {**scope, CLOSED_KEY: self.runner.readiness.why or self.runner.readiness.state}
        await self.pages(scope, receive, send)


class AvailabilityMiddleware:
    """ASGI: answers 503 with the reason until the service is open."""

    def __init__(self, runner: ServiceRunner, app: ASGIApp) -> None:
        self.runner = runner
        self.app = app
        self.refusal = RequestMiddleware(self._refuse)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        closed = scope["type"] == "http" and not self.runner.readiness.ready
        await (self.refusal if closed else self.app)(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = StoreAway(f"{self.runner.service.name}: {self.runner.readiness.why or 'belum siap'}")
        await problem_of(fault, instance=scope["path"])(scope, receive, send)


def _own_pages(runners: Sequence[ServiceRunner], health: Health) -> Starlette:
    async def live(_: Request) -> Response:
        return JSONResponse({"live": True})

    async def serving(_: Request) -> Response:
        serves = health.serving()
        return JSONResponse({"serving": serves}, status_code=200 if serves else 503)

    async def ready(_: Request) -> Response:
        is_ready = all(part.ready for part in (await health.parts()).values())
        return JSONResponse({"ready": is_ready}, status_code=200 if is_ready else 503)

    async def index(_: Request) -> Response:
        items = "".join(
            f"<li>{name}: <a href='{mount_of(name)}/docs'>docs</a> · "
            f"<a href='{mount_of(name)}/openapi.json'>openapi.json</a></li>"
            for name in (each.service.name for each in runners)
        )
        return HTMLResponse(f"{_HEAD}{items}</ul><p><a href='/health/ready'>health</a></p></body></html>")

    routes: list[BaseRoute] = [
        Route("/health/live", live),
        Route("/health/serving", serving),
        Route("/health/ready", ready),
        Route("/", index),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: http_problem})
