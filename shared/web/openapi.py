"""Completes FastAPI's OpenAPI document with each route's problem answers, roles and required headers."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from shared.auth.policy import Role
from shared.web.guard import MUTATING, GuardedRoute
from shared.web.problems import MEDIA_TYPE, Problem, title_of

_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "`satu token issue`, or a token of the OIDC issuer that the deployment trusts.",
}
_HEADERS: dict[str, dict[str, Any]] = {
    "If-Match": {
        "description": "The ETag of the version that you saw.",
        "schema": {"type": "string", "pattern": r'^"[0-9]{1,16}"$', "title": "If-Match"},
        "example": '"1764669900000"',
    },
    "Idempotency-Key": {
        "description": "Yours to choose, one per creation: a repeat under the same key gets the first answer.",
        "schema": {"type": "string", "pattern": r"^[!-~]([ -~]{0,198}[!-~])?$", "title": "Idempotency-Key"},
        "example": "5f0c2a7e-agenda-17",
    },
}
_ALWAYS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.NOT_FOUND)
_ON_CHANGE = (HTTPStatus.CONFLICT,)
_ON_BODY = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
_ON_UPLOAD = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INSUFFICIENT_STORAGE)
_ON_IF_MATCH = (HTTPStatus.PRECONDITION_FAILED, HTTPStatus.PRECONDITION_REQUIRED)
_RETRIED = (*_ON_UPLOAD, HTTPStatus.SERVICE_UNAVAILABLE)


def document(app: FastAPI, guarded: Sequence[GuardedRoute], mount: str) -> dict[str, Any]:
    """The document of an application that is mounted at `mount`."""
    openapi = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        servers=[{"url": mount}],
    )
    components = openapi.setdefault("components", {})
    components.setdefault("securitySchemes", {})["bearer"] = _BEARER
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    for route in guarded:
        for method in route.methods:
            operation = openapi.get("paths", {}).get(route.path, {}).get(method.lower())
            if operation is not None:
                _complete(operation, route, method)
    return openapi


def _complete(operation: dict[str, Any], route: GuardedRoute, method: str) -> None:
    names = {parameter["name"] for parameter in operation.get("parameters", [])}
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "header" and parameter["name"] in _HEADERS:
            parameter.update(_HEADERS[parameter["name"]], required=True)
    statuses = [*_ALWAYS, HTTPStatus.SERVICE_UNAVAILABLE]
    statuses += _ON_CHANGE if method in MUTATING else ()
    statuses += _ON_BODY if route.media_types else ()
    statuses += _ON_UPLOAD if "multipart/form-data" in route.media_types else ()
    statuses += _ON_IF_MATCH if "If-Match" in names else ()
    responses = operation.setdefault("responses", {})
    for status in statuses:
        responses[str(int(status))] = problem_response(status)
    roles = sorted(role.value for role in route.roles)
    operation["x-roles"] = roles
    operation["security"] = ([{}] if Role.PUBLIC in route.roles else []) + [{"bearer": []}]


def problem_response(status: HTTPStatus) -> dict[str, Any]:
    """How a route describes that it answers with a problem of this status: a route option's `responses` value."""
    answer: dict[str, Any] = {
        "description": title_of(status),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in _RETRIED:
        answer["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    if status is HTTPStatus.UNAUTHORIZED:
        answer["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return answer
