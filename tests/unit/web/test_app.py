from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Iterator, MutableMapping
from typing import Annotated, Any

import httpx2
import pytest
import structlog
from fastapi import APIRouter, Query, Request, Response, UploadFile
from pydantic import BaseModel, Field
from starlette.applications import Starlette
from starlette.requests import Request as AnyRequest
from starlette.responses import StreamingResponse
from starlette.routing import Mount

from shared.auth.policy import Principal, Role, allow
from shared.faults import Busy, Conflict, Flaw, Invalid, KeyReused, NotFound, StoreAway, Unauthenticated, Unroutable
from shared.observability import tracing
from shared.web.app import MOST_PLAIN, service_app
from shared.web.body_limit import MOST_VALUES
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, IfMatch, etag, fingerprint, idempotent_id

CURATOR = {"Authorization": "Bearer curator"}


Curator = Annotated[Principal, allow(Role.CURATOR)]


class Inner(BaseModel):
    name: str = Field(min_length=3)


class Thing(BaseModel):
    profile: Inner
    count: int = Field(ge=1)


class Filter(BaseModel):
    year: int
    kind_: str = Field(default="", alias="kind")


class Gate:
    """A token is the name of its role."""

    async def enter(self, token: str) -> Principal:
        if token not in set(Role):
            raise Unauthenticated("no such token")
        return Principal(f"a-{token}", Role(token), "61.12")


FAULTS = {
    "not-found": NotFound("none"),
    "conflict": Conflict("no longer"),
    "away": StoreAway("secret inside"),
    "invalid": Invalid([Flaw("profile.name", "taken", "sudah dipakai"), Flaw("count", "odd", "ganjil")]),
    "reused": KeyReused("another body"),
    "unroutable": Unroutable("secret inside"),
    "broken": RuntimeError("secret inside"),
}


def router() -> APIRouter:
    routes = APIRouter()

    @routes.post("/things", status_code=201)
    async def create(who: Curator, key: IdempotencyKey, body: Thing, response: Response) -> dict[str, str]:
        etag(response, 41)
        return {"id": idempotent_id(who, key), "print": fingerprint(body).sent}

    @routes.get("/things")
    async def find(
        _who: Annotated[Principal, allow(Role.CURATOR, Role.PUBLIC)],
        request: Request,
        response: Response,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        after: str | None = None,
    ) -> dict[str, Any]:
        return paged(request, response, [limit], None if after else "a b&c")

    @routes.get("/filtered")
    async def filtered(_who: Annotated[Principal, allow(Role.PUBLIC)], query: Annotated[Filter, Query()]) -> Filter:
        return query

    @routes.put("/things/{id}")
    async def update(_who: Curator, id: str, expected: IfMatch) -> dict[str, int]:
        return {"expected": expected}

    @routes.get("/faults/{name}")
    async def fault(_who: Curator, name: str) -> None:
        raise FAULTS[name]

    @routes.post("/files")
    async def upload(_who: Curator, file: UploadFile) -> dict[str, int]:
        return {"size": len(await file.read())}

    @routes.get("/trace")
    async def trace(_who: Curator) -> dict[str, str]:
        now = tracing.current()
        return {"correlation": now.correlationid, "trace": now.traceparent}

    @routes.get("/half")
    async def half(_who: Curator) -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"half"
            raise RuntimeError("secret inside")

        return StreamingResponse(parts())

    return routes


@pytest.fixture(autouse=True)
def log_entries() -> Iterator[list[MutableMapping[str, Any]]]:
    """The log entries of the test."""
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    app = Starlette(routes=[Mount("/test/v1", service_app("test", router(), Gate()))])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://t/test/v1") as client:
        yield client


def problem(answer: httpx2.Response) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["status"] == answer.status_code
    return document


@pytest.mark.parametrize(
    ("name", "status", "slug"),
    [
        ("not-found", 404, "not-found"),
        ("conflict", 409, "conflict"),
        ("away", 503, "store-away"),
        ("invalid", 422, "invalid"),
        ("reused", 422, "idempotency-key-reused"),
    ],
)
async def test_a_fault_is_a_problem_document_with_its_slug(
    client: httpx2.AsyncClient, name: str, status: int, slug: str
) -> None:
    answer = await client.get(f"/faults/{name}", headers=CURATOR)

    assert answer.status_code == status
    assert problem(answer)["type"] == f"/problems/{slug}"
    assert problem(answer)["instance"] == f"/test/v1/faults/{name}"


async def test_all_flaws_are_listed(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/faults/invalid", headers=CURATOR)

    assert [flaw["field"] for flaw in problem(answer)["flaws"]] == ["profile.name", "count"]


async def test_while_a_dependency_is_away_the_answer_has_retry_after(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/faults/away", headers=CURATOR)

    assert answer.headers["retry-after"] == "5"
    assert "secret" not in answer.text


@pytest.mark.parametrize("name", ["broken", "unroutable"])
async def test_an_unexpected_error_shows_no_internal_detail(client: httpx2.AsyncClient, name: str) -> None:
    answer = await client.get(f"/faults/{name}", headers=CURATOR)

    assert answer.status_code == 500
    assert problem(answer)["type"] == "/problems/broken"
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


async def test_an_error_in_the_middle_of_an_answer_breaks_the_connection(client: httpx2.AsyncClient) -> None:
    with pytest.raises(RuntimeError):
        await client.get("/half", headers=CURATOR)


async def test_all_flaws_of_a_body_are_listed_with_their_paths(client: httpx2.AsyncClient) -> None:
    headers = CURATOR | {"Idempotency-Key": "k"}
    answer = await client.post("/things", headers=headers, json={"profile": {"name": "ab"}, "count": 0})

    assert answer.status_code == 422
    assert problem(answer)["flaws"] == [
        {"field": "profile.name", "code": "string-too-short", "message": "paling sedikit 3 karakter"},
        {"field": "count", "code": "greater-than-equal", "message": "paling sedikit 1"},
    ]


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"\xff", b'{"count": NaN', b"9" * 5000], ids=range(5))
async def test_malformed_json_is_unprocessable(client: httpx2.AsyncClient, body: bytes) -> None:
    headers = CURATOR | {"Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = await client.post("/things", headers=headers, content=body)

    assert answer.status_code == 422
    assert problem(answer)["flaws"][0]["field"] == "body"


@pytest.mark.parametrize(
    ("method", "path", "type"),
    [
        ("POST", "/things", "text/plain"),
        ("POST", "/things", "multipart/form-data; boundary=x"),
        ("POST", "/things", None),
        ("POST", "/files", "application/json"),
    ],
)
async def test_a_body_of_another_media_type_is_refused(
    client: httpx2.AsyncClient, method: str, path: str, type: str | None
) -> None:
    headers = CURATOR | ({"Content-Type": type} if type else {})
    answer = await client.request(method, path, headers=headers, content=b"x")

    assert answer.status_code == 415
    problem(answer)


async def test_json_with_a_charset_or_a_suffix_is_accepted(client: httpx2.AsyncClient) -> None:
    for type in ("application/json; charset=utf-8", "application/merge-patch+json"):
        headers = CURATOR | {"Idempotency-Key": "k", "Content-Type": type}
        answer = await client.post("/things", headers=headers, content=b'{"profile": {"name": "abc"}, "count": 1}')
        assert answer.status_code == 201


@pytest.mark.parametrize(
    "type", ["multipart/x+json", "multipart/form-data+json; boundary=x", "text/x+json", "image/+json"]
)
async def test_only_json_of_applications_passes_for_json(client: httpx2.AsyncClient, type: str) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 4 * MOST_PLAIN:
            read += 65536
            yield b" " * 65536

    headers = CURATOR | {"Idempotency-Key": "k", "Content-Type": type}
    answer = await client.post("/things", headers=headers, content=endless())

    assert (answer.status_code, read) == (415, 0)


async def test_the_route_and_not_the_request_decides_how_much_is_read(client: httpx2.AsyncClient) -> None:
    size = MOST_PLAIN + 1
    claimed = await client.post(
        "/nowhere", headers=CURATOR | {"Content-Type": "multipart/form-data; boundary=x"}, content=b"x" * size
    )
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    file = await client.post(
        "/files",
        headers=CURATOR | {"Content-Type": "multipart/form-data; boundary=x"},
        content=head + b"x" * size + b"\r\n--x--\r\n",
    )

    assert (claimed.status_code, file.status_code) == (413, 200)


async def test_values_of_a_json_body_are_counted_before_they_are_read(client: httpx2.AsyncClient) -> None:
    headers = CURATOR | {"Idempotency-Key": "k", "Content-Type": "application/json"}
    few = b'{"profile": {"name": "abc"}, "count": 1, "x": [' + b"0," * (MOST_VALUES - 10) + b"0]}"
    many = b'{"profile": {"name": "abc"}, "count": 1, "x": [' + b"0," * MOST_VALUES + b"0]}"

    accepted = await client.post("/things", headers=headers, content=few)
    refused = await client.post("/things", headers=headers, content=many)

    assert accepted.status_code == 201
    assert problem(refused)["flaws"][0]["code"] == "too-many-values"


async def test_unknown_query_parameters_are_named(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/things?limit=2&Limit=3&afer=x")

    assert answer.status_code == 422
    assert [(flaw["field"], flaw["code"]) for flaw in problem(answer)["flaws"]] == [
        ("Limit", "unknown-parameter"),
        ("afer", "unknown-parameter"),
    ]
    assert (await client.get("/trace?limit=2", headers=CURATOR)).status_code == 422
    assert (await client.get("/trace?limit=2")).status_code == 401


async def test_the_fields_of_a_query_model_are_known(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/filtered?year=2026&kind=dinas")).json() == {"year": 2026, "kind": "dinas"}
    assert (await client.get("/filtered?year=2026&query=x")).status_code == 422


async def test_a_body_that_declares_too_large_a_size_is_refused(client: httpx2.AsyncClient) -> None:
    answer = await client.post(
        "/things", headers=CURATOR | {"Content-Type": "application/json"}, content=b"x" * (MOST_PLAIN + 1)
    )

    assert answer.status_code == 413
    assert problem(answer)["type"] == "/problems/too-large"


async def test_a_body_without_a_declared_size_is_cut_off_at_the_limit(client: httpx2.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 10 * MOST_PLAIN:
            sent += 65536
            yield b" " * 65536

    answer = await client.post("/things", headers=CURATOR | {"Content-Type": "application/json"}, content=endless())

    assert answer.status_code == 413
    assert sent < 2 * MOST_PLAIN


async def test_unauthorised_requests_are_refused_before_their_body_is_read(client: httpx2.AsyncClient) -> None:
    read = False

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        read = True
        yield b"{"

    nobody = await client.post("/things", headers={"Content-Type": "application/json"}, content=body())
    other = await client.post(
        "/things", headers={"Authorization": "Bearer agency", "Content-Type": "text/plain"}, content=body()
    )

    assert (nobody.status_code, other.status_code, read) == (401, 403, False)
    assert nobody.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["curator", "Basic curator", "Bearer", "Bearer  ", "Bearer nobody"])
async def test_an_invalid_authorization_header_is_refused_even_on_a_public_route(
    client: httpx2.AsyncClient, header: str
) -> None:
    assert (await client.get("/things", headers={"Authorization": header})).status_code == 401


async def test_an_unknown_path_and_an_unsupported_method_are_problems(client: httpx2.AsyncClient) -> None:
    nowhere = await client.get("/nowhere")
    unserved = await client.delete("/things")

    assert (nowhere.status_code, problem(nowhere)["type"]) == (404, "/problems/not-found")
    assert (unserved.status_code, unserved.headers["allow"]) == (405, "GET, POST")
    problem(unserved)


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        ('"41"', 200),
        (None, 428),
        ('W/"41"', 412),
        ('"abc"', 412),
        ('"99999999999999999999"', 412),
        ("41", 422),
        ("*", 422),
        ('"1", "2"', 422),
        ("", 422),
    ],
)
async def test_an_update_requires_an_etag(client: httpx2.AsyncClient, tag: str | None, status: int) -> None:
    answer = await client.put("/things/1", headers=CURATOR | ({} if tag is None else {"If-Match": tag}))

    assert answer.status_code == status
    if status == 200:
        assert answer.json() == {"expected": 41}
    else:
        problem(answer)


@pytest.mark.parametrize("key", [None, "", " ", "a" * 201, "é"])
async def test_a_creation_requires_an_idempotency_key(client: httpx2.AsyncClient, key: str | None) -> None:
    headers = {name.encode(): value.encode() for name, value in CURATOR.items()}
    if key is not None:
        headers[b"Idempotency-Key"] = key.encode()
    body = {"profile": {"name": "abc"}, "count": 1}
    answer = await client.post("/things", headers=headers, json=body)

    assert answer.status_code == 422
    assert problem(answer)["flaws"][0]["field"] == "Idempotency-Key"


async def test_an_id_is_derived_from_principal_and_key(client: httpx2.AsyncClient) -> None:
    one, two = Principal("a", Role.CURATOR), Principal("b", Role.CURATOR)

    assert idempotent_id(one, "k") == idempotent_id(one, "k")
    assert len({idempotent_id(who, key) for who in (one, two) for key in ("k", "l")}) == 4
    assert idempotent_id(Principal('a", "b', Role.CURATOR), "c") != idempotent_id(
        Principal("a", Role.CURATOR), 'b", "c'
    )


def test_a_fingerprint_does_not_depend_on_the_order_of_fields() -> None:
    one = Thing.model_validate({"profile": {"name": "abc"}, "count": 1})
    same = Thing.model_validate({"count": 1, "profile": {"name": "abc"}})
    other = Thing.model_validate({"count": 2, "profile": {"name": "abc"}})

    assert fingerprint(one) == fingerprint(same) != fingerprint(other)
    assert re.fullmatch(r"[0-9a-f]{64}", fingerprint(one).sent)


class LaterInner(Inner):
    colour: str = "red"


class LaterThing(Thing):
    """The form of a later release: two more fields, each with a default."""

    profile: LaterInner
    size: int = 3


def test_a_repeat_is_recognised_by_a_release_that_added_fields_with_defaults() -> None:
    request = {"profile": {"name": "abc"}, "count": 1}
    stored = fingerprint(Thing.model_validate(request)).sent

    assert fingerprint(LaterThing.model_validate(request)).matches(stored)
    assert not fingerprint(LaterThing.model_validate({**request, "size": 4})).matches(stored)
    assert not fingerprint(LaterThing.model_validate({**request, "count": 2})).matches(stored)


def test_the_fingerprint_that_release_0_1_0_stored_is_recognised() -> None:
    """It was made of the body with all defaults."""
    stored = hashlib.sha256(b'{"count":1,"profile":{"colour":"red","name":"abc"},"size":3}').hexdigest()

    repeat = fingerprint(LaterThing.model_validate({"profile": {"name": "abc"}, "count": 1}))

    assert repeat.matches(stored)
    assert repeat.sent != stored


async def test_a_page_links_to_the_next_and_keeps_the_parameters(client: httpx2.AsyncClient) -> None:
    first = await client.get("/things?limit=2")
    link = re.fullmatch(r'<(/[^>]*)>; rel="next"', first.headers["link"])

    assert first.json() == {"items": [2], "next": "a b&c"}
    assert link is not None
    following = await client.get(f"http://t{link[1]}")
    assert (following.json(), "link" in following.headers) == ({"items": [2], "next": None}, False)


async def test_an_invalid_parameter_is_named(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/things?limit=201")

    assert problem(answer)["flaws"] == [{"field": "limit", "code": "less-than-equal", "message": "paling banyak 200"}]


async def test_correlation_id_and_trace_are_accepted_and_returned(client: httpx2.AsyncClient) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    given = CURATOR | {"X-Correlation-Id": "from-the-portal", "traceparent": trace}
    answer = await client.get("/trace", headers=given)

    assert answer.json()["correlation"] == answer.headers["x-correlation-id"] == "from-the-portal"
    assert answer.json()["trace"] == answer.headers["traceparent"]
    assert answer.headers["traceparent"].split("-")[1] == "0af7651916cd43dd8448eb211c80319c"
    assert answer.headers["traceparent"] != trace


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "<script>"])
async def test_an_invalid_correlation_id_is_replaced(client: httpx2.AsyncClient, given: str) -> None:
    answer = await client.get("/trace", headers=CURATOR | {"X-Correlation-Id": given})

    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["x-correlation-id"])


async def test_every_answer_has_the_security_headers(client: httpx2.AsyncClient) -> None:
    for path in ("/things", "/nowhere", "/faults/broken", "/docs"):
        headers = (await client.get(path, headers=CURATOR)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["cache-control"] == "no-store"


async def test_while_processing_lags_changes_are_refused_and_reads_work() -> None:
    async def busy(_request: AnyRequest) -> None:
        raise Busy("too much is owed")

    app = service_app("test", router(), Gate(), intake=busy)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://t") as client:
        refused = await client.put("/things/1", headers=CURATOR | {"If-Match": '"1"'})
        stranger = await client.put("/things/1")
        read = await client.get("/things")

    assert (refused.status_code, problem(refused)["type"], refused.headers["retry-after"]) == (
        503,
        "/problems/busy",
        "5",
    )
    assert (stranger.status_code, read.status_code) == (401, 200)


async def test_the_openapi_document_lists_every_answer_and_role(client: httpx2.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    create, find = document["paths"]["/things"]["post"], document["paths"]["/things"]["get"]
    update = document["paths"]["/things/{id}"]["put"]

    assert document["servers"] == [{"url": "/test/v1"}]
    assert set(create["responses"]) == {"201", "401", "403", "404", "409", "413", "415", "422", "503"}
    assert {"412", "428"} <= set(update["responses"])
    assert create["security"] == [{"bearer": []}]
    assert find["security"] == [{}, {"bearer": []}]
    assert create["x-roles"] == ["curator"]
    assert {each["name"]: each["required"] for each in create["parameters"]} == {"Idempotency-Key": True}
    assert create["responses"]["422"]["content"].keys() == {"application/problem+json"}
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert {"Problem", "ProblemFlaw"} <= set(document["components"]["schemas"])


async def test_concurrent_requests_have_separate_traces(client: httpx2.AsyncClient) -> None:
    answers = await asyncio.gather(
        *(client.get("/trace", headers=CURATOR | {"X-Correlation-Id": f"c{number}"}) for number in range(50))
    )

    assert [answer.json()["correlation"] for answer in answers] == [f"c{number}" for number in range(50)]


async def test_the_access_log_leaves_out_the_query(
    client: httpx2.AsyncClient, log_entries: list[MutableMapping[str, Any]]
) -> None:
    await client.get("/things?limit=3&after=secret")

    (entry,) = log_entries
    assert {name: entry[name] for name in ("event", "method", "path", "status")} == {
        "event": "http.answered",
        "method": "GET",
        "path": "/test/v1/things",
        "status": 200,
    }
    assert "secret" not in str(entry)


async def test_an_unexpected_error_is_logged_with_its_stack(
    client: httpx2.AsyncClient, log_entries: list[MutableMapping[str, Any]]
) -> None:
    await client.get("/faults/broken", headers=CURATOR)

    assert [(entry["event"], entry.get("exc_info", False)) for entry in log_entries] == [
        ("http.broken", True),
        ("http.answered", False),
    ]
