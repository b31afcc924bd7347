"""The process's own pages: health, metrics, and where to find the API documents."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.auth.policy import Gate
from shared.faults import StoreAway
from shared.observability import metrics
from shared.runtime.health import Health, described
from shared.runtime.host import Host
from shared.web.ambiguity import RefuseAmbiguity
from shared.web.app import mount_of, service_app
from shared.web.body_limit import BodyLimit
from shared.web.error_handlers import http_problem
from shared.web.middleware import RequestMiddleware
from shared.web.problems import problem_of

_HEAD = (
    "<!doctype html><html lang='id'><head><meta charset='utf-8'><title>Satu Inovasi</title></head><body>"
    "<h1>Satu Inovasi</h1><p>Satu Perangkat Daerah, Satu Inovasi.</p><ul>"
)


def process_app(hosts: Sequence[Host], gate: Gate, front: ASGIApp | None = None) -> ASGIApp:
    """All that a process answers: each service below its mount, its own pages, and `front` (a demonstration's page)
    for the rest. Raises TypeError for a route without a policy."""
    routes: list[BaseRoute] = [
        Mount(
            mount_of(host.service.name),
            Opened(host, service_app(host.service.name, host.service.router, gate, intake=host.lag.intake)),
        )
        for host in hosts
    ]
    health = Health(hosts)
    routes.append(Mount("/", RequestMiddleware(BodyLimit(_own_pages(hosts, health, front), plain=65536, upload=65536))))
    return RefuseAmbiguity(Starlette(routes=routes))


class Opened:
    """ASGI: answers 503 with the reason until the service's store is open."""

    def __init__(self, host: Host, app: ASGIApp) -> None:
        self.host = host
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and not self.host.readiness.ready:
            why = self.host.readiness.why or "belum siap"
            await problem_of(StoreAway(f"{self.host.service.name}: {why}"), instance=scope["path"])(
                scope, receive, send
            )
            return
        await self.app(scope, receive, send)


def _own_pages(hosts: Sequence[Host], health: Health, front: ASGIApp | None) -> Starlette:
    async def live(_: Request) -> Response:
        return JSONResponse({"live": True})

    async def serving(_: Request) -> Response:
        serves = health.serving()
        return JSONResponse({"serving": serves}, status_code=200 if serves else 503)

    async def ready(_: Request) -> Response:
        body = described(await health.parts())
        return JSONResponse(body, status_code=200 if body["ready"] else 503)

    async def numbers(_: Request) -> Response:
        return Response(metrics.exposition(), media_type=metrics.CONTENT_TYPE)

    async def index(_: Request) -> Response:
        items = "".join(
            f"<li>{name}: <a href='{mount_of(name)}/docs'>docs</a> · "
            f"<a href='{mount_of(name)}/openapi.json'>openapi.json</a></li>"
            for name in (host.service.name for host in hosts)
        )
        return HTMLResponse(f"{_HEAD}{items}</ul><p><a href='/health/ready'>health</a></p></body></html>")

    routes: list[BaseRoute] = [
        Route("/health/live", live),
        Route("/health/serving", serving),
        Route("/health/ready", ready),
        Route("/metrics", numbers),
        Mount("/", front) if front is not None else Route("/", index),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: http_problem})
