"""FastAPI's exception handlers: every known error becomes a problem document."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shared.faults import Away, Fault, Flaw, Invalid
from shared.web.body_limit import BodyRefused
from shared.web.problems import problem, problem_of
from shared.web.validation import invalid_of

log = structlog.get_logger("http")


def add_error_handlers(app: FastAPI) -> None:
    """Answer faults, invalid input and Starlette's own errors with problem documents. `RequestMiddleware` answers every
    other exception."""
    app.add_exception_handler(Fault, _fault)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, http_problem)


async def _fault(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Fault)  # noqa: S101 - Starlette chose this handler by the class
    return fault_problem(request, fault)


def fault_problem(request: Request, fault: Fault) -> Response:
    """The problem document of a fault that a route raised; a line of the log while a dependency is unavailable."""
    if isinstance(fault, Away):
        log.warning("http.away", slug=fault.slug, reason=fault.detail)
    return problem_of(fault, instance=request.url.path)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    return problem_of(invalid_of(error.errors()), instance=request.url.path)


async def http_problem(request: Request, error: Exception) -> Response:
    """The problem document of one of Starlette's own errors: unknown path, unreadable body, refused body."""
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    if isinstance(error, BodyRefused):
        return problem_of(error.fault, instance=request.url.path)
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.BAD_REQUEST:  # the body or form could not be read
        malformed = Invalid([Flaw("body", "malformed", "tidak dapat dibaca")])
        return problem_of(malformed, instance=request.url.path)
    slug = status.phrase.lower().replace(" ", "-")
    headers = dict(error.headers or {})
    return problem(status, slug, _DETAIL.get(status, error.detail), instance=request.url.path, headers=headers)


_DETAIL = {
    HTTPStatus.NOT_FOUND: "Alamat ini tidak ada.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Alamat ini tidak melayani metode itu; lihat Allow.",
}
