"""Tests share the routes of a class (`tests.plugins.built_routes`). A shared one is what the product builds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from shared.auth.policy import Role
from shared.runtime.installed import composer, installed
from shared.web.app import service_app
from shared.web.routes import Routes, get
from tests.plugins import built_routes

PER_COPY = ("app", "endpoint", "dependant")
"""What a copy has of its own; the validators are compared by `fields`."""


def every_kind() -> Iterator[type[Routes]]:
    """The classes of all services."""
    for service in installed():
        composer(service)
    waiting = [Routes]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("services."):
            yield kind


def told(route: APIRoute) -> dict[str, Any]:
    """All that a route consists of, comparable."""
    plain = {name: value for name, value in vars(route).items() if name not in PER_COPY and "field" not in name}
    plain["dependencies"] = [each.dependency for each in route.dependencies]
    return plain | {"endpoint": route.endpoint, "fields": repr((route.body_field, route.response_field))}


@pytest.mark.parametrize("kind", every_kind(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_copied_route_is_the_route_that_would_be_built(kind: type[Routes]) -> None:
    routes = object.__new__(kind)

    built, copied = built_routes._build(routes).routes, routes.router().routes

    assert len(copied) == len(built)
    for one, other in zip(copied, built, strict=True):
        assert isinstance(one, APIRoute)
        assert isinstance(other, APIRoute)
        assert told(one) == told(other)
        assert repr(one.dependant) == repr(other.dependant)
        assert one.dependant.call == one.endpoint == other.endpoint


class Sums(Routes):
    prefix = "/sums"

    def __init__(self, more: int) -> None:
        self.more = more

    @get("/{number}", Role.PUBLIC)
    async def add(self, number: int) -> dict[str, int]:
        return {"sum": number + self.more}


class Nobody:
    async def enter(self, token: str) -> Any:  # noqa: ANN401 - never called
        raise AssertionError(token)


def app(more: int) -> FastAPI:
    return service_app("sums", Sums(more).router(), Nobody())


async def test_each_instance_answers_for_itself() -> None:
    found = []
    for application in (app(1), app(10)):
        transport = httpx2.ASGITransport(app=application)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as http:
            found.append([(await http.get(f"/sums/{word}")).status_code for word in ("1", "x")])
            found.append((await http.get("/sums/1")).json())

    assert found == [[200, 422], {"sum": 2}, [200, 422], {"sum": 11}]
