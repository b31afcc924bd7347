"""The HTTP application on `ADMIN_ADDRESS`, for operators and their tools: metrics, and the readiness of each part.

Its answers name hosts, files and queues, so it is never proxied to the public.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from shared.observability import metrics
from shared.runtime.health import Health, described
from shared.web.ambiguity import RefuseAmbiguity
from shared.web.body_limit import BodyLimit
from shared.web.error_handlers import http_problem
from shared.web.middleware import RequestMiddleware

_MOST = 65536  # bytes of a body; no path here reads one


def admin_app(health: Health) -> ASGIApp:
    """`/metrics`, `/health/live`, and `/health/ready` with the reasons."""

    async def live(_: Request) -> Response:
        return JSONResponse({"live": True})

    async def ready(_: Request) -> Response:
        body = described(await health.parts())
        return JSONResponse(body, status_code=200 if body["ready"] else 503)

    async def prometheus(_: Request) -> Response:
        return Response(metrics.exposition(), media_type=metrics.CONTENT_TYPE)

    routes = [Route("/health/live", live), Route("/health/ready", ready), Route("/metrics", prometheus)]
    pages = Starlette(routes=routes, exception_handlers={HTTPException: http_problem})
    return RefuseAmbiguity(RequestMiddleware(BodyLimit(pages, plain=_MOST, upload=_MOST)))
