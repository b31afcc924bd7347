"""The feed in containers: pages, long polls and streams through the proxy, and the rest without it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from shared.auth.keys import Grant
from shared.auth.policy import Role
from tests.containers.compose import Compose, docker
from tests.support.client import Regency, eventually, issuing
from tests.support.registry_samples import valid_evidence, valid_profile

RESYNCED = ("feed", "notifications", "scoring", "registry")
SUBJECTS = ("agency", "innovation", "region")
Event = dict[str, Any]


class Reader:
    """Another system, with a token for the innovations, agencies and the region itself of one region."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self.http = http

    async def page(self, **query: str | int) -> Event:
        """One page of the feed, whatever its status."""
        answer = await self.http.get("/feed/v1/events", params=query)
        answer.raise_for_status()
        return dict(answer.json())

    async def present(self) -> tuple[dict[str, Event], str]:
        """The newest event of each subject, from the beginning on, and the last cursor."""
        found: dict[str, Event] = {}
        page = await self.page(limit=2)
        while True:
            found |= {each["subject"]: each for each in page["events"]}
            if not page["more"]:
                return found, page["cursor"]
            page = await self.page(limit=2, after=page["cursor"])


@pytest_asyncio.fixture
async def reader(system: Compose, regency: Regency) -> AsyncIterator[Reader]:
    """A subscriber of the test's region, through the proxy."""
    token = issuing(system.secrets)(Grant("dasbor", Role.SUBSCRIBER, regency.code, (), SUBJECTS))
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=system.url, headers=headers, timeout=45, trust_env=False) as http:
        yield Reader(http)


async def submitted(regency: Regency, agency: str) -> str:
    """Submit an innovation for the agency; returns its id."""
    innovation = await regency.draft(agency, valid_profile(), valid_evidence())
    await regency.submit(innovation, agency)
    return innovation


async def test_whoever_comes_late_gets_the_present_and_then_follows(regency: Regency, reader: Reader) -> None:
    agency = await regency.agency()
    innovation = await submitted(regency, agency)

    async def has_it() -> bool:
        newest = (await reader.present())[0].get(f"innovation/{innovation}")
        return newest is not None and newest["type"] == "innovation.submitted"

    await eventually(has_it)
    found, cursor = await reader.present()
    assert {f"region/{regency.code}", f"agency/{agency}", f"innovation/{innovation}"} == found.keys()
    assert found[f"innovation/{innovation}"]["type"] == "innovation.submitted"

    # A long poll is answered by what happens while it waits, and not before.
    poll = asyncio.create_task(reader.page(after=cursor, wait=30))
    await asyncio.sleep(1)
    assert not poll.done()
    await regency.give_back(innovation, {"16": "Unggah ulang (contoh)."})
    async with asyncio.timeout(10):
        page = await poll
    assert [each["type"] for each in page["events"]] == ["innovation.returned"]


async def test_a_stream_passes_the_proxy_event_by_event(regency: Regency, reader: Reader, system: Compose) -> None:
    agency = await regency.agency()
    lines: asyncio.Queue[str] = asyncio.Queue()

    async def follow() -> None:
        async with reader.http.stream("GET", "/feed/v1/stream", timeout=60) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            async for line in answer.aiter_lines():
                await lines.put(line)

    async def until(subject: str) -> Event:
        async with asyncio.timeout(20):
            while True:
                line = await lines.get()
                if line.startswith("data:") and (event := json.loads(line[5:]))["subject"] == subject:
                    return dict(event)

    stream = asyncio.create_task(follow())
    try:
        assert (await until(f"agency/{agency}"))["type"] == "agency.registered"
        innovation = await submitted(regency, agency)
        assert (await until(f"innovation/{innovation}"))["type"].startswith("innovation.")

        # Without the feed the rest goes on; the stream ends at once, and the feed catches up afterwards.
        await asyncio.to_thread(docker, "stop", *system.containers("feed"))
        async with asyncio.timeout(5):
            await asyncio.wait([stream])
        during = await submitted(regency, agency)
        assert (await eventually(lambda: regency.scorecard(during)))["status"] == "submitted"
        assert (await reader.http.get("/feed/v1/events")).status_code == 503
    finally:
        stream.cancel()
    await asyncio.to_thread(system, "start", "feed")

    async def caught_up() -> bool:
        answer = await reader.http.get("/feed/v1/events", params={"limit": 500})
        return answer.is_success and f"innovation/{during}" in {each["subject"] for each in answer.json()["events"]}

    await eventually(caught_up, within=60)


async def test_a_subscribers_token_opens_the_feed_alone(regency: Regency, reader: Reader) -> None:
    paths = ("/registry/v1/regions", f"/scoring/v1/rankings/{regency.code}", "/notifications/v1/obligations")

    answers = [await reader.http.get(path) for path in paths]

    assert {answer.status_code for answer in answers} <= {403, 404}
    assert (await reader.http.get("/feed/v1/events", params={"subjects": "obligation"})).status_code == 403


@pytest.mark.drawn(2, of="long ones of the containers")
async def test_a_rebuilt_feed_is_filled_by_the_commands_and_then_declared_complete(
    regency: Regency, reader: Reader, system: Compose
) -> None:
    agency = await regency.agency()
    innovation = await submitted(regency, agency)

    async def has_all() -> bool:
        return (await reader.present())[0].keys() >= {f"agency/{agency}", f"innovation/{innovation}"}

    await eventually(has_all)
    _, cursor = await reader.present()

    for service, *words in (("feed", "feed", "rebuild"), *((each, "resync", each, "--wait") for each in RESYNCED)):
        await asyncio.to_thread(system, "exec", "-T", service, "satu", *words)

    async def declared() -> bool:
        done = await asyncio.to_thread(system, "exec", "-T", "feed", "satu", "feed", "complete", check=False)
        assert "Traceback" not in done.stderr
        return done.returncode == 0  # refused while events wait

    await eventually(has_all, within=60)
    await eventually(declared, within=60)
    refused = await reader.http.get("/feed/v1/events", params={"after": cursor})
    assert (refused.status_code, refused.json()["type"]) == (410, "/problems/feed-restarted")
    assert (await reader.page(limit=2))["complete"] is True
