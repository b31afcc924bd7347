from __future__ import annotations

import random

import pytest
from starlette.routing import Match
from starlette.types import Scope

from shared.auth.policy import EVERYBODY
from shared.web.app import service_app
from shared.web.guard import GuardedRoute, guarded_routes
from shared.web.route_table import RouteTable, path_below_mount, values_in
from shared.web.routes import Routes, delete, get, post, put
from tests.unit.web.test_hot_routes import Gate

SEGMENTS = ("", "a", "b", "first", "x.json", "x.y.json", "{", "a b", "é", "{id}")


class ManyRoutes(Routes):
    @get("", *EVERYBODY)
    async def root(self) -> None: ...

    @get("/a", *EVERYBODY)
    async def a(self) -> None: ...

    @get("/a/{id}", *EVERYBODY)
    async def one(self, id: str) -> None: ...

    @put("/{id}", *EVERYBODY)
    async def put_one(self, id: str) -> None: ...

    @get("/a/first", *EVERYBODY)
    async def never_reached(self) -> None: ...

    @post("/a/first", *EVERYBODY)
    async def first(self) -> None: ...

    @get("/{id}.json", *EVERYBODY)
    async def file(self, id: str) -> None: ...

    @get("/{id}", *EVERYBODY)
    async def plain(self, id: str) -> None: ...

    @get("/{id}/{other}/b", *EVERYBODY)
    async def two(self, id: str, other: str) -> None: ...

    @get("/a/{other}/b", *EVERYBODY)
    async def shadowed(self, other: str) -> None: ...

    @delete("/{place:path}/b", *EVERYBODY)
    async def anywhere(self, place: str) -> None: ...


ROUTES = guarded_routes(
    service_app("test", type("Prefixed", (ManyRoutes,), {"prefix": "/x", **vars(ManyRoutes)})().router(), Gate())
)


def by_trying(routes: tuple[GuardedRoute, ...], scope: Scope) -> tuple[GuardedRoute | None, set[str]]:
    """As Starlette's router finds a route."""
    allowed: set[str] = set()
    for route in routes:
        match, _ = route.matches(scope)
        if match is Match.FULL:
            return route, set()
        if match is Match.PARTIAL:
            allowed |= route.methods
    return None, allowed


def test_a_route_is_found_as_by_trying_every_pattern_in_order() -> None:
    draw, table, found = random.Random(10), RouteTable(ROUTES), 0
    for _ in range(4000):
        path = "/x" + "".join(f"/{draw.choice(SEGMENTS)}" for _ in range(draw.randrange(5)))
        scope: Scope = {
            "type": "http",
            "path": f"/m{path}",
            "root_path": "/m",
            "method": draw.choice(["GET", "PUT", "POST", "DELETE"]),
        }
        route, allowed = table.find(path_below_mount(scope), scope)

        assert (route, allowed) == by_trying(ROUTES, scope), scope
        found += route is not None
    assert 400 < found < 3500


@pytest.mark.parametrize(
    ("path", "root", "below"), [("/m/x", "/m", "/x"), ("/m", "/m", ""), ("/mx", "/m", "/mx"), ("/x", "", "/x")]
)
def test_the_path_below_a_mount(path: str, root: str, below: str) -> None:
    assert path_below_mount({"path": path, "root_path": root}) == below


def test_the_values_of_a_path() -> None:
    assert values_in("/things/a b/rows/7", "/things/{id}/rows/{row}") == {"id": "a b", "row": "7"}
