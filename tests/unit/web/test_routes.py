from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx2
import pytest
from fastapi import Depends, Request, Response
from starlette.applications import Starlette
from starlette.routing import Mount

from shared.auth.policy import EVERYBODY, Principal, Role
from shared.faults import Unauthenticated
from shared.web.app import service_app
from shared.web.guard import guarded_routes
from shared.web.routes import After, Limit, Routes, Who, created, delete, get, post, put


class Gate:
    async def enter(self, token: str) -> Principal:
        """A token is the name of its role."""
        if token not in set(Role):
            raise Unauthenticated("no such token")
        return Principal(f"a-{token}", Role(token), "61.12")


class ThingRoutes(Routes):
    prefix = "/things"
    tag = "things"

    def __init__(self, name: str) -> None:
        self._name = name

    @get("", *EVERYBODY)
    async def list_things(self, limit: Limit = 50, after: After = None) -> dict[str, Any]:
        return {"limit": limit, "after": after}

    @get("/first", *EVERYBODY)
    async def first(self) -> str:
        return f"first of {self._name}"

    @get("/{id}", Role.CURATOR, Role.EXECUTIVE)
    async def read_thing(self, who: Who, id: str) -> dict[str, str]:
        return {"id": id, "who": who.id}

    @post("", Role.CURATOR, status_code=201, summary="Make a thing")
    async def make_thing(self, request: Request, response: Response) -> None:
        created(request, response, "things/1", 7)

    @put("/{id}", Role.CURATOR)
    async def put_thing(self, id: str) -> str:
        return f"put {id}"

    @delete("/{id}", Role.OPERATOR, status_code=204)
    async def delete_thing(self, id: str) -> None:
        """Nothing to do."""

    async def not_a_route(self) -> None:
        """Not declared."""


def blocking() -> None:
    """A dependency that FastAPI would run in a thread."""


APP = service_app("test", ThingRoutes("all").router(), Gate())


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(Starlette(routes=[Mount("/test/v1", APP)]))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test/test/v1") as client:
        yield client


def by(role: Role) -> dict[str, str]:
    return {"Authorization": f"Bearer {role}"}


def test_every_declared_method_is_a_route_with_its_roles() -> None:
    declared = {(*sorted(route.methods), route.path): route.roles for route in guarded_routes(APP)}

    assert declared == {
        ("GET", "/things"): frozenset(EVERYBODY),
        ("GET", "/things/first"): frozenset(EVERYBODY),
        ("GET", "/things/{id}"): {Role.CURATOR, Role.EXECUTIVE},
        ("POST", "/things"): {Role.CURATOR},
        ("PUT", "/things/{id}"): {Role.CURATOR},
        ("DELETE", "/things/{id}"): {Role.OPERATOR},
    }


def test_what_would_run_in_a_thread_is_refused() -> None:
    class Endpoint(Routes):
        @get("/slow", *EVERYBODY)
        def slow(self) -> None: ...

    class Dependency(Routes):
        @get("/slow", *EVERYBODY)
        async def slow(self, done: Annotated[None, Depends(blocking)]) -> None: ...

    for routes, name in ((Endpoint(), "slow"), (Dependency(), "blocking")):
        with pytest.raises(TypeError, match=f"GET /slow needs `async def {name}`"):
            service_app("test", routes.router(), Gate())


async def test_routes_match_in_the_order_of_their_declaration(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/things/first")).json() == "first of all"


async def test_a_route_gets_the_principal_that_its_policy_let_in(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/things/9", headers=by(Role.EXECUTIVE))).json() == {"id": "9", "who": "a-executive"}


async def test_a_route_that_takes_no_principal_still_has_its_policy(client: httpx2.AsyncClient) -> None:
    assert (await client.put("/things/9")).status_code == 401
    assert (await client.put("/things/9", headers=by(Role.AGENCY))).status_code == 403
    assert (await client.put("/things/9", headers=by(Role.CURATOR))).json() == "put 9"
    assert (await client.delete("/things/9", headers=by(Role.CURATOR))).status_code == 403
    assert (await client.delete("/things/9", headers=by(Role.OPERATOR))).status_code == 204


async def test_a_creation_answers_where_the_document_is_and_its_version(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/things", headers=by(Role.CURATOR))

    assert answer.status_code == 201
    assert (answer.headers["Location"], answer.headers["ETag"]) == ("/test/v1/things/1", '"7"')


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", f"after={'x' * 1001}"])
async def test_a_list_s_parameters_are_bounded(client: httpx2.AsyncClient, query: str) -> None:
    assert (await client.get("/things?limit=200&after=x")).json() == {"limit": 200, "after": "x"}
    assert (await client.get(f"/things?{query}")).status_code == 422


def test_the_openapi_document_has_tag_summary_and_status() -> None:
    operation = APP.openapi()["paths"]["/things"]["post"]

    assert operation["tags"] == ["things"]
    assert operation["summary"] == "Make a thing"
    assert "201" in operation["responses"]
    assert operation["x-roles"] == ["curator"]
