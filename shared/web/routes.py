"""Declares routes as decorated methods, with HTTP method, path and roles on one line::

    class AgencyRoutes(Routes):
        prefix = "/agencies"

        @get("/{id}", *EVERYBODY)
        async def read_agency(self, id: IdInPath) -> AgencyAnswer: …

        @post("", Role.CURATOR, status_code=201)
        async def register_agency(self, who: Who, body: NewAgency) -> AgencyAnswer: …

The roles are the route's policy (`shared.auth.policy.allow`). A method takes `who: Who` only if it uses it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, ClassVar, TypeVar

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from shared.auth.policy import PRINCIPAL_KEY, Principal, Role, allow
from shared.web.preconditions import etag

F = TypeVar("F", bound=Callable[..., Any])

_DECLARED = "__route__"


@dataclass(frozen=True)
class _Declared:
    method: str
    path: str
    roles: tuple[Role, ...]
    hot: bool
    options: dict[str, Any]


def route(
    method: str,
    path: str,
    *roles: Role,
    hot: bool = False,
    **options: Any,  # noqa: ANN401 - FastAPI's own
) -> Callable[[F], F]:
    """Declare a method as a route. roles: who may call it (Role.PUBLIC: also without a token); hot: called so often
    that it runs without FastAPI (`HotRoute`); options: passed to `APIRouter.add_api_route`."""

    def declare(endpoint: F) -> F:
        setattr(endpoint, _DECLARED, _Declared(method, path, roles, hot, options))
        return endpoint

    return declare


def is_hot(endpoint: object) -> bool:
    """Whether a route's method was declared as hot."""
    declared: _Declared | None = getattr(endpoint, _DECLARED, None)
    return declared is not None and declared.hot


get = partial(route, "GET")
post = partial(route, "POST")
put = partial(route, "PUT")
delete = partial(route, "DELETE")


class Routes:
    """A group of routes with its dependencies. Subclasses set `prefix`, and `tag` for the OpenAPI document."""

    prefix: ClassVar[str] = ""
    tag: ClassVar[str] = ""

    def router(self) -> APIRouter:
        """The routes of the class's own methods, in the order of their declaration."""
        router = APIRouter(prefix=self.prefix, tags=[self.tag] if self.tag else None)
        for name, member in vars(type(self)).items():
            declared: _Declared | None = getattr(member, _DECLARED, None)
            if declared is not None:
                router.add_api_route(
                    declared.path,
                    getattr(self, name),
                    methods=[declared.method],
                    dependencies=[allow(*declared.roles)],
                    **declared.options,
                )
        return router


async def _principal(request: Request) -> Principal:
    principal: Principal = request.scope[PRINCIPAL_KEY]
    return principal


Who = Annotated[Principal, Depends(_principal)]
"""A route's parameter: the principal that the route's policy has let in."""

Limit = Annotated[int, Query(ge=1, le=200, description="How many to a page.")]
After = Annotated[str | None, Query(max_length=1_000, description="The `next` of the page before.")]


def created(request: Request, response: Response, place: str, sequence: int) -> None:
    """Set the headers of a creation: `Location`, with `place` below the service's mount, and the version as ETag."""
    response.headers["Location"] = f"{request.scope.get('root_path', '')}/{place}"
    etag(response, sequence)
