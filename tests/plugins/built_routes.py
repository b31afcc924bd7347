"""Builds the routes of a class once per process, in all tests; each instance gets copies that call its own methods.

FastAPI reads the signature of every method and compiles a validator for each of its parameters: a millisecond for each
route, and most tests make an application of fifty. A real process makes one.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from functools import cache

from fastapi import APIRouter
from fastapi.routing import APIRoute, request_response, wrap_app_with_body_limit

from shared.web.routes import Routes

_build = Routes.router


def router(self: Routes) -> APIRouter:
    """As `Routes.router`."""
    router = APIRouter(prefix=self.prefix, tags=[self.tag] if self.tag else None)
    router.routes.extend(_copy(built, getattr(self, name)) for name, built in _built(type(self)))
    return router


def build_all() -> None:
    """Build those of every class that is imported."""
    kinds = [Routes]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        _built(kind)


@cache
def _built(kind: type[Routes]) -> list[tuple[str, APIRoute]]:
    """The routes of a class with the names of their methods."""
    routes = [each for each in _build(object.__new__(kind)).routes if isinstance(each, APIRoute)]
    return [(each.endpoint.__name__, each) for each in routes]


def _copy(built: APIRoute, endpoint: object) -> APIRoute:
    assert callable(endpoint)
    route = copy(built)
    route.endpoint = endpoint
    route.dependant = replace(built.dependant, call=endpoint)
    route.app = wrap_app_with_body_limit(request_response(route.get_route_handler()), route.max_body_size)
    return route


Routes.router = router  # type: ignore[method-assign]
