"""HTTP for a service: its application below `/<service>/v1`, and what its routes need.

Routes raise `shared.faults`, never HTTPException; a route without a policy (`shared.auth.policy.allow`) is not built.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from shared.auth.policy import Gate
from shared.web import openapi
from shared.web.docs_page import render
from shared.web.error_handlers import answer_problems
from shared.web.guard import Guard, Intake, guarded_routes
from shared.web.middleware import BodyLimit, RequestMiddleware

VERSION = "1.0.0"
MOST_PLAIN = 2 * 1024 * 1024  # bytes of JSON or text: the longest profile has a few thousand words
MOST_UPLOAD = 112 * 1024 * 1024  # bytes: a video of the national form has at most 100 MB (form of 2024)


def mount_of(service: str) -> str:
    """Where a service's routes are, in one process and behind the proxy."""
    return f"/{service}/v1"


def service_app(name: str, router: APIRouter, gate: Gate, *, intake: Intake | None = None) -> FastAPI:
    """The application of a service, to be mounted at `mount_of(name)`. Raises TypeError for a route without a policy.

    intake: asked before every change; raises Busy while the world lags behind.
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
    doors = guarded_routes(app)
    app.add_middleware(Guard, doors=doors, intake=intake)
    app.add_middleware(BodyLimit, plain=MOST_PLAIN, upload=MOST_UPLOAD)
    app.add_middleware(RequestMiddleware)
    answer_problems(app)

    @cache
    def described() -> dict[str, Any]:
        return openapi.document(app, doors, mount_of(name))

    async def machine_page(_: Request) -> Response:
        return JSONResponse(described())

    async def human_page(_: Request) -> Response:
        return HTMLResponse(
            render(described()),
            headers={
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
            },
        )

    app.openapi = described  # type: ignore[method-assign]
    app.add_route("/openapi.json", machine_page, include_in_schema=False)
    app.add_route("/docs", human_page, include_in_schema=False)
    return app
