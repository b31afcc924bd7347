"""Nothing of one region reaches another's accounts, over every route of every service.

The routes come from the route tables and the bodies from the examples of the API's documents: a new route is covered by
itself, and one with a new path parameter fails until `tests/support/apart/requests.py` knows a value for it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from shared.auth import keys
from shared.auth.policy import Role
from shared.cli.generate import routes_by_service
from shared.contracts.event_types import OPEN_SUBJECTS
from shared.ports.store import ID
from shared.runtime.process import Running, running
from shared.settings import load
from shared.web.guard import MUTATING
from tests.support.apart.populated import Populated, populated
from tests.support.apart.requests import Ask, asks
from tests.support.client import Regency, eventually, issuing

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROUTES = [
    (service, route, method)
    for service, routes in routes_by_service().items()
    for route in routes
    for method in sorted(route.methods)
]
OF_A_REGION = (Role.CURATOR, Role.EXECUTIVE, Role.AGENCY, Role.SUBSCRIBER)
MAY_CHANGE = {
    "/regions/{code}/ideas": "anybody may send any region an idea",
    "/confirm/{token}": "the token alone decides",
    "/webhooks/whatsapp": "the provider's signature decides",
}
"""Changes that no region's account decides, with the reason."""
QUESTIONS = {"/likeness", "/what-if"}
"""Paths whose POST changes nothing: what it answers is looked at as what a GET does."""
SECONDS = 0.05  # for what a stream sends first


class Apart:
    """A process with the regions A and B. tokens: of A's accounts; own: of B's."""

    def __init__(self, process: Running, data: Path, a: Populated, b: Populated) -> None:
        self.process, self.a, self.b = process, a, b
        self.tokens = {role: self._token(data, role, a) for role in OF_A_REGION}
        self.own = {role: self._token(data, role, b) for role in OF_A_REGION}
        self.client = httpx2.AsyncClient(base_url=process.url, trust_env=False, timeout=20)

    @staticmethod
    def _token(data: Path, role: Role, of: Populated) -> str:
        agencies = (of.agency,) if role is Role.AGENCY else ()
        subjects = tuple(OPEN_SUBJECTS) if role is Role.SUBSCRIBER else ()
        grant = keys.Grant(f"{of.mark}-{role}", role, of.regency.code, agencies, subjects)
        return keys.issue(data, grant, timedelta(hours=1))

    async def answer(self, ask: Ask, role: Role, *, own: bool = False) -> tuple[int, str]:
        """Status and text for an account of A, or B's own; of a stream what comes first."""
        options = ask.options
        options["headers"]["Authorization"] = f"Bearer {(self.own if own else self.tokens)[role]}"
        async with self.client.stream(ask.method, ask.path, **options) as answer:
            if answer.headers.get("content-type", "").startswith("text/event-stream"):
                return answer.status_code, await _first(answer)
            return answer.status_code, (await answer.aread()).decode(errors="replace")

    async def of_b(self) -> dict[tuple[str, str, str], str]:
        """The documents of all stores that are about region B, without what relays and leases change."""
        found = {}
        for name, service in self.process.services.items():
            store = self.process.resources[name].store
            for kind in [each for each in service.kinds if each.name not in {*_SWEPT, *service.rebuilt_kinds}]:
                async for document in store.dump(kind.name):
                    kept = {key: value for key, value in document.items() if key not in _OF_THE_RELAY}
                    text = json.dumps(kept, sort_keys=True, default=str)
                    if any(each in text for each in (self.b.regency.code, *self.b.ids)):
                        found[name, kind.name, document[ID]] = text
        return found


_SWEPT = {"region_index", "region_mark", "likeness", "latest"}
"""What a sweep may write meanwhile, from what this test compares, and the feed's copies of events."""

_OF_THE_RELAY = {"outbox", "outbox_since", "lease_until", "lease", "last_event"}


async def _first(answer: httpx2.Response) -> str:
    text = ""
    lines = answer.aiter_text()
    try:
        while True:
            async with asyncio.timeout(SECONDS):
                text += await anext(lines)
    except (TimeoutError, StopAsyncIteration):
        return text


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def apart(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Apart]:
    data = tmp_path_factory.mktemp("apart")
    keys.init(data, data / "access")
    async with running(load({"WEBHOOK_NETWORKS": "127.0.0.0/8"}, data_dir=data, port=0)) as process:
        regency = partial(Regency, process.url, issuing(data))
        async with regency() as first, regency() as second:
            a, b = await populated(first, "MILIKSATU"), await populated(second, "MILIKDUA")
            it = Apart(process, data, a, b)
            yield it
            await it.client.aclose()


async def test_an_account_reads_nothing_of_another_region(apart: Apart) -> None:
    b, seen, answered = apart.b, [], 0
    for service, route, method in ROUTES:
        if method in MUTATING and route.path not in QUESTIONS:
            continue
        forbidden = {b.mark, b.mark.lower()} if Role.PUBLIC in route.roles else {*b.ids, b.mark.lower()}
        pairs = ((b, b), (apart.a, b), (apart.a, apart.a))
        each_once = {repr(ask): ask for pair in pairs for ask in asks(service, route, method, *pair)}
        for role in [each for each in OF_A_REGION if each in route.roles]:
            for ask in each_once.values():
                status, text = await apart.answer(ask, role)
                answered += status == 200
                asked = ask.path + "".join(ask.query.values())  # which a problem document may repeat
                shown = [word for word in forbidden if word in text and (status == 200 or word not in asked)]
                if shown or status >= 500:
                    seen.append(f"{role} {method} {ask.path} {ask.query}: {status} {shown} {text[:300]}")

    assert seen == [], "\n".join(seen)
    assert answered > 100


async def test_the_same_requests_show_a_region_to_its_own_accounts(apart: Apart) -> None:
    b, shown = apart.b, set()
    for service, route, method in ROUTES:
        if method not in MUTATING:
            for role in [each for each in OF_A_REGION if each in route.roles]:
                answers = [await apart.answer(ask, role, own=True) for ask in asks(service, route, method, b, b)]
                if any(status == 200 and any(word in text for word in b.ids) for status, text in answers):
                    shown.add(f"{service} {route.path}")
                    break

    assert len(shown) >= 25, shown
    assert {"feed /stream", "notifications /contacts/{person}", "registry /innovations/{id}"} <= shown


async def test_an_account_changes_nothing_of_another_region(apart: Apart) -> None:
    before = await eventually(lambda: _settled(apart), within=60)
    done = []
    for service, route, method in ROUTES:
        if method not in MUTATING or route.path in {*MAY_CHANGE, *QUESTIONS}:
            continue
        for role in [each for each in OF_A_REGION if each in route.roles]:
            for ask in asks(service, route, method, apart.b, apart.b):
                status, text = await apart.answer(ask, role)
                if status not in {403, 404}:
                    done.append(f"{role} {method} {ask.path}: {status} {text[:300]}")
            for ask in asks(service, route, method, apart.a, apart.b):  # its own thing, told another region's ids
                status, text = await apart.answer(ask, role)
                if status >= 500 or apart.b.mark in text:
                    done.append(f"{role} {method} {ask.path}: {status} {text[:300]}")

    after = await _settled(apart)
    assert done == [], "\n".join(done)
    assert {key: text for key, text in after.items() if before.get(key) != text} == {}
    assert before.keys() <= after.keys()


async def _settled(apart: Apart) -> dict[tuple[str, str, str], str]:
    """The documents of region B once two looks agree."""
    before: dict[tuple[str, str, str], str] = {}
    while (now := await apart.of_b()) != before:
        before = now
        await asyncio.sleep(0.2)
    return before
