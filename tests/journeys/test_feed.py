"""Another system lives on the feed, on both pairs of engines: it has what the services have, and nobody's personal
data."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import httpx2
import pytest

from shared.contracts.event import Event
from tests.support.client import Regency, eventually
from tests.support.faults.engine_state import EngineState, open_engines
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import DEADLINE, EVIDENCE, YEAR
from tests.support.feed.follower import Follower
from tests.support.feed.grants import subscriber
from tests.support.feed.truth import present
from tests.support.registry_samples import valid_profile

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.sampled(1)]

PROFILE = valid_profile(applied_on="2026-05-05")


async def everything_happens(regency: Regency, comment: str = "Nomor peraturan belum terbaca") -> None:
    """Submitted, returned, submitted again, verified, withdrawn, and an agency that is late."""
    await regency.deadline(YEAR, DEADLINE)
    agency, other = await regency.agency("Dinas Rajin"), await regency.agency("Dinas Lalai")
    first = await regency.draft(agency, PROFILE, EVIDENCE)
    await regency.submit(first, agency)
    await regency.give_back(first, {"16": comment})
    await regency.submit(first, agency)
    await regency.verify(first, {"16": 2, "35": 3})
    second = await regency.draft(other, PROFILE, EVIDENCE)
    await regency.submit(second, other)
    await regency.withdraw(second, other)
    await regency.becomes(agency, YEAR, "fulfilled")


async def has_caught_up(follower: Follower, engines: EngineState, region: str, *subjects: str) -> None:
    """What it keeps becomes the present of the region."""

    def selected(event: Event) -> bool:
        return event.region == region and (not subjects or event.subject.partition("/")[0] in subjects)

    async def difference() -> dict[str, tuple[str | None, str | None]]:
        await follower.read()
        kept, wanted = follower.bodies(), await present(engines, selected)
        return {
            each: (kept.get(each), wanted.get(each))
            for each in kept.keys() | wanted.keys()
            if kept.get(each) != wanted.get(each)
        }

    await eventually(difference, lambda them: not them)
    assert follower.present


async def test_a_subscriber_has_the_present_of_its_region_whenever_it_comes(
    system: RunningSystem, regency: Regency
) -> None:
    grant = subscriber("dasbor", region=regency.code)
    early = Follower(system.url, system.issue(grant), limit=3)
    await early.read()
    followed = asyncio.create_task(_followed(early))
    narrow = Follower(system.url, system.issue(grant), subjects="innovation,agency", limit=1)
    async with open_engines(system.process.environment) as engines:
        await everything_happens(regency)

        late = Follower(system.url, system.issue(grant))
        await has_caught_up(late, engines, regency.code)
        await has_caught_up(narrow, engines, regency.code, "innovation", "agency")
        followed.cancel()
        await asyncio.gather(followed, return_exceptions=True)
        await has_caught_up(early, engines, regency.code)
    assert {each.partition("/")[0] for each in late.present} >= {
        *("region", "agency", "innovation", "scorecard", "obligation"),
    }
    assert not [each for each in late.present if each.startswith("message/")]


async def _followed(follower: Follower) -> None:
    while True:
        await follower.read(wait=30)


async def test_a_stream_goes_on_where_another_ended(system: RunningSystem, regency: Regency) -> None:
    follower = Follower(system.url, system.issue(subscriber("layar", "innovation", "agency", region=regency.code)))
    async with open_engines(system.process.environment) as engines:
        await everything_happens(regency)
        wanted = await present(
            engines, lambda it: it.region == regency.code and it.subject.partition("/")[0] in ("innovation", "agency")
        )
        other = Follower(system.url, system.issue(subscriber("lain", "innovation", "agency", region=regency.code)))
        await has_caught_up(other, engines, regency.code, "innovation", "agency")
        for _ in wanted:  # a stream for each event, closed after it
            async with asyncio.timeout(20), aclosing(follower.stream()) as stream:
                await anext(stream)

    assert follower.bodies() == wanted


async def test_nothing_personal_is_in_the_feed_its_log_or_its_metrics(system: RunningSystem, regency: Regency) -> None:
    """UU 27/2022. What is searched for was entered by people, and is shown to those who may see it."""
    mark = regency.code.replace(".", "")
    needles = {
        "name": f"Budi Rahasia {mark}",
        "email": f"rahasia-{mark}@dinas.example",
        "phone": f"81234{mark}77",
        "comment": f"Tanyakan kepada Ibu Rahasia {mark}",
    }
    agency = await regency.agency("Dinas Rahasia")
    body = {"region": regency.code, "agencies": [agency], "name": needles["name"], "email": needles["email"]}
    answer = None

    async def registered() -> bool:
        nonlocal answer
        headers = {"Idempotency-Key": f"rahasia {mark}"}
        answer = await regency.curator.raw(
            "POST", "/notifications/v1/contacts", json=body | {"phone": f"0{needles['phone']}"}, headers=headers
        )
        return answer.is_success

    await eventually(registered)
    await everything_happens(regency, needles["comment"])
    follower = Follower(system.url, system.issue(subscriber("pencari", region=regency.code)))
    async with open_engines(system.process.environment) as engines:
        await has_caught_up(follower, engines, regency.code)
    streamed = Follower(system.url, system.issue(subscriber("pencari", region=regency.code)))
    async with asyncio.timeout(20), aclosing(streamed.stream()) as stream:
        async for _ in stream:
            if streamed.present.keys() == follower.present.keys():
                break

    async with httpx2.AsyncClient(trust_env=False) as http:
        metrics = (await http.get(f"{system.process.admin_url}/metrics")).text
    searched = {
        "pages": "\n".join(follower.bodies().values()),
        "stream": "\n".join(streamed.bodies().values()),
        "log": system.process.log.read_text(),
        "metrics": metrics,
    }
    found = [
        (place, what)
        for place, text in searched.items()
        for what, needle in needles.items()
        if needle.casefold() in text.casefold()
    ]
    assert found == []
    assert f'"{regency.code}"' in searched["pages"]
