"""HTTP for a service: its application below `/<service>/v1`, and what its routes need.

Routes raise `shared.faults`, never HTTPException; a route without a policy (`shared.auth.policy.allow`) is not built.
"""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from shared import openapi
from shared.answering import Answering
from shared.api_page import render
from shared.auth.policy import Gate
from shared.body_limit import BodyLimit, BodyTooLarge
from shared.faults import Away, Fault, Flaw
from shared.flaws import flaws_of
from shared.guard import Guard, Intake, doors_of
from shared.paging import paged
from shared.preconditions import IdempotencyKey, IfMatch, etag, fingerprint, idempotent_id
from shared.problems import problem, problem_of

__all__ = [
    "IdempotencyKey",
    "IfMatch",
    "etag",
    "fingerprint",
    "http_problem",
    "idempotent_id",
    "mount_of",
    "paged",
    "service_app",
]

log = structlog.get_logger("http")

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
    app.include_router(router)
    doors = doors_of(app)
    app.add_middleware(Guard, doors=doors, intake=intake)
    app.add_middleware(BodyLimit, plain=MOST_PLAIN, upload=MOST_UPLOAD)
    app.add_middleware(Answering)
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


def answer_problems(app: FastAPI) -> None:
    """Every error that this application can name becomes a problem document; the rest is `Answering`'s."""
    app.add_exception_handler(Fault, _fault)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, http_problem)


async def _fault(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Fault)  # noqa: S101 - Starlette chose this handler by the class
    if isinstance(fault, Away):
        log.warning("http.away", slug=fault.slug, reason=fault.detail)
    return problem_of(fault, instance=request.url.path)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    return _unprocessable(request, flaws_of(error.errors()))


async def http_problem(request: Request, error: Exception) -> Response:
    """Starlette's own errors (no such path, unreadable body, too large a body) as problem documents."""
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    if isinstance(error, BodyTooLarge):
        return problem_of(error.fault, instance=request.url.path)
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.BAD_REQUEST:  # a body or form that could not be read at all
        return _unprocessable(request, [Flaw("body", "malformed", "tidak dapat dibaca")])
    slug = status.phrase.lower().replace(" ", "-")
    headers = dict(error.headers or {})
    return problem(status, slug, _DETAIL.get(status, error.detail), instance=request.url.path, headers=headers)


_DETAIL = {
    HTTPStatus.NOT_FOUND: "Alamat ini tidak ada.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Alamat ini tidak melayani metode itu; lihat Allow.",
}


def _unprocessable(request: Request, flaws: list[Flaw]) -> Response:
    detail = "; ".join(f"{flaw.field}: {flaw.message}" for flaw in flaws)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", detail, instance=request.url.path, flaws=flaws)
