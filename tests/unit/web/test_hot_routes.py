"""A hot route answers as FastAPI does: good, bad and refused requests, drawn at random from parts of requests."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, MutableMapping
from itertools import product
from typing import Annotated, Any

import httpx2
import pytest
import structlog
from fastapi import Body, Depends, FastAPI, Header, Path, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request as AnyRequest
from starlette.routing import Mount
from starlette.types import Scope

from shared.auth.policy import EVERYBODY, Principal, Role
from shared.faults import Busy, Conflict, Flaw, Invalid, StoreAway, Unauthenticated
from shared.web.app import MOST_PLAIN, service_app
from shared.web.body_limit import MOST_VALUES
from shared.web.hot_route import HotRoute, ReceivedBody
from shared.web.preconditions import IdempotencyKey, IfMatch, etag, fingerprint, idempotent_id
from shared.web.routes import Limit, Routes, Who, created, get, post, put

IdInPath = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,20}$")]
YearInPath = Annotated[int, Path(ge=2000, le=2100)]
FAULTS: dict[str, Exception] = {
    "conflict": Conflict("no longer"),
    "away": StoreAway("secret inside"),
    "invalid": Invalid([Flaw("name", "taken", "sudah dipakai")]),
    "not-found": HTTPException(404),
    "broken": RuntimeError("secret inside"),
}


class Gate:
    """A token is the name of its role."""

    async def enter(self, token: str) -> Principal:
        if token not in set(Role):
            raise Unauthenticated("no such token")
        return Principal(f"a-{token}", Role(token), "61.12")


class Inner(BaseModel):
    links: tuple[str, ...] = ()
    level: int = Field(default=0, ge=0, le=5)


class Thing(BaseModel, extra="forbid"):
    name: str = Field(min_length=2)
    value: float | None = None
    inner: Inner = Inner()


class Answer(BaseModel):
    who: str = ""
    told: dict[str, Any] = {}


class Public(BaseModel):
    id: str


class ThingRoutes(Routes):
    prefix = "/things"

    @get("/{id}", *EVERYBODY, hot=True)
    async def read(self, *, who: Who, response: Response, id: IdInPath) -> Answer | Public:
        etag(response, 7)
        return Public(id=id) if who.role is Role.PUBLIC else Answer(who=who.id, told={"id": id})

    @post("", Role.CURATOR, status_code=201, hot=True)
    async def make(
        self, *, who: Who, request: Request, response: Response, key: IdempotencyKey, body: Annotated[Thing, Body()]
    ) -> Answer:
        created(request, response, f"things/{body.name}", 9)
        told = {"id": idempotent_id(who, key), "print": fingerprint(body).sent, "body": body}
        return Answer(who=who.id, told=told)

    @put("/{id}/rows/{year}", Role.CURATOR, Role.AGENCY, hot=True)
    async def row(self, *, id: IdInPath, year: YearInPath, expected: IfMatch, body: Thing) -> Answer:
        return Answer(told={"id": id, "year": year, "expected": expected, "body": body})

    @post("/{id}/submit", Role.CURATOR, hot=True)
    async def submit(self, *, who: Who, response: Response, id: IdInPath, expected: IfMatch) -> Answer:
        if id in FAULTS:
            raise FAULTS[id]
        if id == "accepted":
            response.status_code = 202
        etag(response, expected + 1)
        return Answer(who=who.id)

    @post("/{id}/raw", Role.CURATOR, hot=True)
    async def raw(self, *, id: IdInPath) -> Answer:
        answer: Any = Response(id, status_code=203, headers={"X-Frame-Options": "SAMEORIGIN"})
        return answer  # type: ignore[no-any-return]


async def busy(request: AnyRequest) -> None:
    if "busy" in request.url.path:
        raise Busy("catching up")


APP: FastAPI = service_app("test", ThingRoutes().router(), Gate(), intake=busy)
SEED = 10
MANY = json.dumps({"name": "ab", "inner": {"links": ["a"] * MOST_VALUES}}).encode()
METHODS = ("GET", "POST", "PUT", "DELETE")
PATHS = (
    "",
    "/a",
    "/UPPER",
    "/a%20b",
    "/x?limit=2",
    "/busy",
    "/a/rows/2026",
    "/a/rows/1999",
    "/A/rows/x",
    "/busy/rows/2026",
    "/a/submit",
    "/accepted/submit",
    "/a/raw",
    "/a/submit/",
    "/a/nowhere",
    *(f"/{name}/submit" for name in FAULTS),
)
TAGS = (None, '"41"', 'W/"41"', "41", '"x"', "")
KEYS = (None, "key-1", " padded ", "", "x" * 300)
BODIES: tuple[bytes | None, ...] = (
    None,
    b"",
    b"null",
    b"[]",
    b"{",
    b'{"name": "ab"}',
    b'{"name": "ab", "value": 1.5, "inner": {"links": ["a", "b"], "level": 3}}',
    b'{"name": "a", "value": "x", "inner": {"level": 9}, "other": 1}',
    b'{"name": "ab", "value": NaN}',
    b'{"name": "\\ud800"}',
    b'{"name": "\xff"}',
    '{"name": "åé"}'.encode("utf-16"),
    b'{"name": "ab", "name": "cd"}',
    MANY,
    b" " * (MOST_PLAIN + 1),
)
TYPES = (None, "application/json", "application/json; charset=utf-8", "application/x+json", "text/plain", "nonsense")
TOKENS = (None, "Bearer curator", "Bearer agency", "Bearer executive", "Bearer nobody", "Basic x")


def likely(draw: random.Random, good: Any, others: tuple[Any, ...]) -> Any:  # noqa: ANN401 - any part of a request
    """The good part three times of four."""
    return good if draw.random() < 0.75 else draw.choice(others)


def drawn(count: int) -> list[dict[str, Any]]:
    """Requests; most parts of each are right."""
    draw = random.Random(SEED)
    good = (("GET", "/a"), ("POST", ""), ("PUT", "/a/rows/2026"), ("POST", "/a/submit"), ("POST", "/a/raw"))
    requests = []
    for _ in range(count):
        method, path = likely(draw, draw.choice(good), tuple(product(METHODS, PATHS)))
        headers = {
            "Authorization": likely(draw, "Bearer curator", TOKENS),
            "If-Match": likely(draw, '"41"', TAGS),
            "Idempotency-Key": likely(draw, "key-1", KEYS),
            "Content-Type": likely(draw, "application/json", TYPES),
        }
        content = likely(draw, BODIES[6], BODIES) if method in {"POST", "PUT"} else None
        requests.append(
            {
                "method": method,
                "url": path,
                "headers": {name: value for name, value in headers.items() if value is not None},
                "content": content,
            }
        )
    return requests


async def answered(requests: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What differs by the way: status, headers without the trace, body, log."""
    answers = []
    transport = httpx2.ASGITransport(Starlette(routes=[Mount("/test/v1", APP)]))
    async with httpx2.AsyncClient(transport=transport, base_url="http://t/test/v1/things") as client:
        for request in requests:
            with structlog.testing.capture_logs() as entries:
                url = f"http://t/test/v1/things{request['url']}"
                answer = await client.request(**request | {"url": url})
            headers = [each for each in answer.headers.raw if each[0] not in {b"x-correlation-id", b"traceparent"}]
            answers.append((answer.status_code, headers, answer.content, [_told(each) for each in entries]))
    return answers


def _told(entry: MutableMapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in {"seconds", "exc_info"}}


async def test_every_request_is_answered_as_by_fastapi(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = drawn(800)
    fast = await answered(requests)
    hot: list[int] = []
    usual = HotRoute.answer

    async def counted(self: HotRoute, scope: Scope, values: Mapping[str, str], body: ReceivedBody) -> Response | None:
        answer = await usual(self, scope, values, body)
        hot.append(0 if answer is None else answer.status_code)
        return answer

    monkeypatch.setattr(HotRoute, "answer", counted)
    await answered(requests)

    async def never(self: HotRoute, scope: Scope, values: Mapping[str, str], body: ReceivedBody) -> None: ...

    monkeypatch.setattr(HotRoute, "answer", never)
    plain = await answered(requests)

    for request, one, other in zip(requests, fast, plain, strict=True):
        assert one == other, request
    assert {200, 201, 202, 203, 404, 405, 409, 412, 413, 415, 422, 428, 500, 503} <= {status for status, *_ in plain}
    assert {0, 200, 201, 202, 203, 404, 409, 412, 422, 428, 503} <= set(hot)
    assert hot.count(0) < len(hot) / 3


def test_the_openapi_document_does_not_tell_which_routes_are_hot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.web.guard.is_hot", lambda _: False)
    plain = service_app("test", ThingRoutes().router(), Gate())

    assert APP.openapi() == plain.openapi()
    assert "201" in APP.openapi()["paths"]["/things"]["post"]["responses"]


async def with_query(number: Annotated[int, Query()]) -> int:
    return number


@pytest.mark.parametrize("what", ["query", "nested", "two bodies", "no answer", "typed header"])
def test_what_a_hot_route_cannot_take_is_refused_at_start(what: str) -> None:
    class WithQuery(Routes):
        @get("/a", *EVERYBODY, hot=True)
        async def query(self, limit: Limit = 1) -> Answer: ...

    class Nested(Routes):
        @get("/a", *EVERYBODY, hot=True)
        async def nested(self, number: Annotated[int, Depends(with_query)]) -> Answer: ...

    class TwoBodies(Routes):
        @post("/a", *EVERYBODY, hot=True)
        async def two(self, one: Thing, other: Inner) -> Answer: ...

    class NoAnswer(Routes):
        @get("/a", *EVERYBODY, hot=True)
        async def nothing(self) -> Response: ...

    class TypedHeader(Routes):
        @get("/a", *EVERYBODY, hot=True)
        async def typed(self, x: Annotated[int, Header()]) -> Answer: ...

    routes = {
        "query": WithQuery(),
        "nested": Nested(),
        "two bodies": TwoBodies(),
        "no answer": NoAnswer(),
        "typed header": TypedHeader(),
    }
    with pytest.raises(TypeError, match="cannot take"):
        service_app("test", routes[what].router(), Gate())
