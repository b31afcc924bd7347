"""The registry's hot routes answer as through FastAPI: a story of good, bad and refused requests, told twice."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.types import Scope

from shared.web.guard import guarded_routes
from shared.web.hot_route import HotRoute, ReceivedBody
from tests.support.registry_samples import valid_evidence, valid_profile
from tests.support.registry_service import RegistryService, running_registry

HOT = {
    ("POST", "/innovations"),
    ("GET", "/innovations/{id}"),
    ("PUT", "/innovations/{id}"),
    ("PUT", "/innovations/{id}/evidence/{row}"),
    ("POST", "/innovations/{id}/submit"),
}
VARIES = re.compile(r"\b1\d{12}\b|\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)")  # sequences and times


def seen(answer: httpx2.Response) -> tuple[int, list[tuple[bytes, bytes]], str]:
    """What does not vary from one telling to the next."""
    headers = [each for each in answer.headers.raw if each[0] not in {b"x-correlation-id", b"traceparent", b"etag"}]
    assert ("etag" in answer.headers) == answer.is_success
    return answer.status_code, headers, VARIES.sub("…", answer.text)


async def story(registry: RegistryService) -> AsyncIterator[httpx2.Response]:
    """The answers of an innovation's life, with every role and much that is wrong."""
    await registry.region()
    agency, other = await registry.agency(), await registry.agency("Dinas Lain")
    officer, stranger = registry.by(f"agency:{agency}"), registry.by(f"agency:{other}")
    new: dict[str, Any] = {"agency": agency, "profile": {"name": "Awal"}}
    for key in ("draft", "draft", None, " "):
        yield await officer("POST", "/innovations", new, key=key)
    yield await officer("POST", "/innovations", {**new, "year": 1066, "unknown": 1}, key="bad")
    yield await officer("POST", "/innovations", {**new, "profile": {"name": "Lain"}}, key="draft")
    yield await stranger("POST", "/innovations", new, key="other")
    for token in (None, "executive", "operator", "nonsense"):
        yield await registry.by(token)("POST", "/innovations", new, key="other")
    made = await officer("POST", "/innovations", new, key="draft")
    place, tag = f"/innovations/{made.json()['id']}", made.headers["ETag"]

    for token in (None, "executive", "operator", "curator", "curator-71", f"agency:{agency}", f"agency:{other}"):
        yield await registry.by(token)("GET", place)
        yield await registry.by(token)("POST", f"{place}/submit", tag=tag)
    yield await officer("GET", f"{place}?fields=all")
    yield await officer("GET", "/innovations/none")
    yield await officer("GET", f"/innovations/{'x' * 300}")
    for wrong in (None, '"1"', "1", 'W/"1"'):
        yield await officer("PUT", place, {"profile": valid_profile()}, tag=wrong)
    yield await officer("PUT", place, {"profile": {"name": 1}}, tag=tag)
    yield await officer("PUT", place, tag=tag)
    rewritten = await officer("PUT", place, {"profile": valid_profile()}, tag=tag)
    yield rewritten
    tag = rewritten.headers["ETag"]
    for row, claim in valid_evidence().items():
        yield await officer("PUT", f"{place}/evidence/{row}", {**claim, "level": 99}, tag=tag)
        yield await officer("PUT", f"{place}/evidence/0{row}", claim, tag=tag)
        put = await officer("PUT", f"{place}/evidence/{row}", claim, tag=tag)
        yield put
        tag = put.headers["ETag"]
    done = await officer("POST", f"{place}/submit", tag=tag)
    yield done
    yield await officer("POST", f"{place}/submit", tag=tag)
    yield await officer("POST", f"{place}/submit", tag=done.headers["ETag"])
    yield await officer("GET", place)
    yield await registry.by(None)("GET", place)


async def told(folder: Path) -> list[tuple[int, list[tuple[bytes, bytes]], str]]:
    async with running_registry(folder) as registry:
        return [seen(answer) async for answer in story(registry)]


async def test_hot_routes_answer_as_fastapi_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = await told(tmp_path / "fast")

    async def never(self: HotRoute, scope: Scope, values: Mapping[str, str], body: ReceivedBody) -> None: ...

    monkeypatch.setattr(HotRoute, "answer", never)
    plain = await told(tmp_path / "plain")

    for number, (one, other) in enumerate(zip(fast, plain, strict=True)):
        assert one == other, number
    assert {200, 201, 401, 403, 404, 412, 422, 428} <= {status for status, *_ in fast}


async def test_which_routes_are_hot(tmp_path: Path) -> None:
    async with running_registry(tmp_path) as registry:
        routes = guarded_routes(registry.app)

    assert {(method, each.path) for each in routes if each.hot is not None for method in each.methods} == HOT
