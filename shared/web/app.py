"""Builds the HTTP application of a service, which is mounted at `/<service>/v1`.

Routes raise `shared.faults`, never HTTPException. A route without a policy is an error at start.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shared.auth.policy import Gate
from shared.web import openapi
from shared.web.body_limit import MOST_PLAIN, BodyLimit
from shared.web.docs_page import add_docs_page
from shared.web.error_handlers import add_error_handlers
from shared.web.guard import Guard, IntakeCheck, guarded_routes
from shared.web.middleware import RequestMiddleware

VERSION = "1.0.0"
MOST_UPLOAD = 112 * 1024 * 1024  # bytes; a video of the national form has at most 100 MB (form of 2024)


def mount_of(service: str) -> str:
    """The path below which a service's routes are, in one process and behind the proxy."""
    return f"/{service}/v1"


def service_app(name: str, router: APIRouter, gate: Gate, *, intake: IntakeCheck | None = None) -> FastAPI:
    """The application of a service, to be mounted at `mount_of(name)`. Raises TypeError for a route without a policy.

    intake: called before every change; raises Busy while event processing lags.
    """
    app = FastAPI(
        title=f"Satu Inovasi: {name}",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.gate = gate
    app.router.routes.extend(router.routes)  # include_router would build every route a second time
    routes = guarded_routes(app)
    app.add_middleware(BodyLimit, plain=MOST_PLAIN, upload=MOST_UPLOAD)
    app.add_middleware(Guard, routes=routes, intake=intake)  # around the limit, which depends on the route
    app.add_middleware(RequestMiddleware)
    add_error_handlers(app)

    @cache
    def document() -> dict[str, Any]:
        return openapi.document(app, routes, mount_of(name))

    async def openapi_json(_: Request) -> Response:
        return JSONResponse(document())

    app.openapi = document  # type: ignore[method-assign]
    app.add_route("/openapi.json", openapi_json, include_in_schema=False)
    add_docs_page(app)
    return app
