"""ASGI middleware that checks a route's policy, parameters, media type and the intake before a body is read.

FastAPI reads the body before it runs dependencies. Checking first keeps unauthorised callers from sending large
uploads, and answers 401 or 403 before any flaw of the body.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from inspect import iscoroutinefunction
from typing import Any

from fastapi import FastAPI, params
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel
from starlette.requests import Request
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.auth.policy import PRINCIPAL_KEY, Principal, Role, RoutePolicy
from shared.faults import Fault, Flaw, Invalid, WrongMediaType
from shared.observability.actor import Actor, acting
from shared.observability.failpoints import Failpoint, reach
from shared.web.body_limit import MEDIA_TYPES_KEY
from shared.web.hot_route import HotRoute, ReceivedBody
from shared.web.problems import not_allowed, problem_of
from shared.web.route_table import RouteTable, path_below_mount, values_in
from shared.web.routes import is_hot

MUTATING = frozenset({"POST", "PUT", "PATCH", "DELETE"})

IntakeCheck = Callable[[Request], Awaitable[None]]
"""Called before a change is accepted; raises Busy to refuse it for now."""


@dataclass(frozen=True)
class GuardedRoute:
    """A route with its policy. path: below the mount, with parameters in braces; media_types: that its body may have,
    empty when it reads none; query: the names of its query parameters; hot: runs it, if it is declared as hot."""

    path: str
    methods: frozenset[str]
    policy: RoutePolicy
    media_types: frozenset[str]
    query: frozenset[str]
    matches: Callable[[Scope], tuple[Match, Scope]]
    hot: HotRoute | None = None

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that may call it."""
        return self.policy.roles


def guarded_routes(app: FastAPI) -> tuple[GuardedRoute, ...]:
    """Every route of an application. Raises TypeError for a route without a policy, or with more than one, and for one
    that FastAPI would run, or a dependency of it, in a thread because it is no coroutine function."""
    return tuple(
        _guarded(context) for context in iter_route_contexts(app.routes) if isinstance(context.original_route, APIRoute)
    )


def _guarded(route: Any) -> GuardedRoute:  # noqa: ANN401 - FastAPI's route context forwards a route's attributes untyped
    policies = _policies(route.dependant)
    methods = frozenset(route.methods or ())
    if len(policies) != 1:
        raise TypeError(f"{' '.join(sorted(methods))} {route.path} has {len(policies)} policies; it must have one")
    for call in _calls(route.dependant):
        if not (iscoroutinefunction(call) or iscoroutinefunction(type(call).__call__)):
            raise TypeError(f"{' '.join(sorted(methods))} {route.path} needs `async def {call.__name__}`")
    query = frozenset(_query_names(route.dependant))
    hot = HotRoute(route.original_route) if is_hot(route.endpoint) else None
    return GuardedRoute(str(route.path), methods, policies[0], _media_types(route), query, route.matches, hot)


def _policies(dependant: Any) -> list[RoutePolicy]:  # noqa: ANN401 - FastAPI's Dependant is no public type
    found = [dependant.call] if isinstance(dependant.call, RoutePolicy) else []
    return found + [policy for inner in dependant.dependencies for policy in _policies(inner)]


def _calls(dependant: Any) -> Iterator[Callable[..., Any]]:  # noqa: ANN401 - as above
    """The endpoint and its dependencies."""
    yield dependant.call
    for inner in dependant.dependencies:
        yield from _calls(inner)


def _query_names(dependant: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    """The names of the endpoint's query parameters and of those of its dependencies; a model stands for its fields."""
    for parameter in dependant.query_params:
        model = parameter.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            yield from (field.alias or name for name, field in model.model_fields.items())
        else:
            yield parameter.alias
    for inner in dependant.dependencies:
        yield from _query_names(inner)


def _media_types(route: Any) -> frozenset[str]:  # noqa: ANN401 - as above
    declared = ((route.openapi_extra or {}).get("requestBody") or {}).get("content") or {}
    if declared:
        return frozenset(declared)
    if route.body_field is None:
        return frozenset()
    info = route.body_field.field_info
    if isinstance(info, params.File):
        return frozenset({"multipart/form-data"})
    if isinstance(info, params.Form):
        return frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})
    return frozenset({"application/json"})


class Guard:
    """Passes a request on to its route, or answers with a problem document."""

    def __init__(self, app: ASGIApp, routes: Sequence[GuardedRoute], intake: IntakeCheck | None = None) -> None:
        self.app = app
        self.table = RouteTable(routes)
        self.intake = intake

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request. The router answers unknown paths with 404."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = path_below_mount(scope)
        route, allowed = self.table.find(path, scope)
        if route is not None:
            scope[MEDIA_TYPES_KEY] = route.media_types
            try:
                await self._check(route, Request(scope))
            except Fault as fault:
                await problem_of(fault, instance=scope["path"])(scope, receive, send)
                return
            with acting(_actor(route, scope)):
                if route.hot is not None:
                    body = ReceivedBody(receive)
                    answer = await route.hot.answer(scope, values_in(path, route.path), body)
                    if answer is not None:
                        await answer(scope, receive, send)
                        return
                    receive = body.receive
                await self.app(scope, receive, send)
            return
        if allowed:
            await not_allowed(allowed, instance=scope["path"])(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _check(self, route: GuardedRoute, request: Request) -> None:
        await route.policy.authorise(request)
        _require_known_parameters(route, request)
        _require_media_type(route, request)
        if request.method in MUTATING:
            if self.intake is not None:
                await self.intake(request)
            reach(Failpoint.COMMAND_RECEIVED, request.scope["path"])


def _actor(route: GuardedRoute, scope: Scope) -> Actor:
    """Whose doing are the changes of a request that was let in."""
    who: Principal = scope[PRINCIPAL_KEY]
    client = scope.get("client")
    account = None if who.role is Role.PUBLIC else who.id
    return Actor(account, who.role.value, client[0] if client else None, f"{scope['method']} {route.path}")


def _require_known_parameters(route: GuardedRoute, request: Request) -> None:
    """A misspelt filter must not give an unfiltered answer. Raises Invalid, which names the unknown parameters."""
    if not request.scope["query_string"]:
        return
    unknown = [name for name in request.query_params.keys() if name not in route.query]  # noqa: SIM118 - no dict
    if unknown:
        raise Invalid([Flaw(name, "unknown-parameter", "parameter ini tidak dikenal di sini") for name in unknown])


def _require_media_type(route: GuardedRoute, request: Request) -> None:
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    if not route.media_types or not has_body:
        return
    if request.headers.get("content-type") in route.media_types:
        return
    header = Message()
    header["content-type"] = request.headers.get("content-type") or "unknown/unknown"
    given = header.get_content_type()
    if given in route.media_types:
        return
    if "application/json" in route.media_types and given.startswith("application/") and given.endswith("+json"):
        return
    raise WrongMediaType(f"Badan permintaan harus {' atau '.join(sorted(route.media_types))}.")
