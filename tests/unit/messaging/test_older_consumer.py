"""A consumer of an earlier release beside a producer of this one: it pauses and loses nothing.

Consumers are deployed first; this is what happens when somebody does not. The earlier release is played by the contract
that it had: `region.registered` version 1, with one policy for all years.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.store import SqliteStore
from shared.contracts import event_types
from shared.contracts.contract import Contract, Payload
from shared.contracts.event import Event
from shared.contracts.event_types import types_of
from shared.contracts.region import REGION_REGISTERED, RegionRegistered
from shared.contracts.subscriptions import Subscription
from shared.contracts.vocabulary import AgencyKind, CountsWhen, Zone
from shared.messaging.consumer import Consumer
from tests.museum.test_museum import MUSEUM
from tests.support.pipeline import LADDER, SEEN, eventually, keep_newer, running

REGIONS = Subscription("tests", "regions", types_of("region"))
FORMER_BODY, BODY = (
    (MUSEUM / f"region.registered.{version}.json").read_bytes() for version in (1, REGION_REGISTERED.version)
)


class FormerDeadline(Payload):
    year: int
    revision: int
    date: str
    set_at: str
    basis: str = ""


class FormerPolicy(Payload):
    obliged_kinds: tuple[AgencyKind, ...]
    minimum: int = 1
    counts_when: CountsWhen = CountsWhen.SUBMITTED
    community_counts: bool = True
    deadlines: tuple[FormerDeadline, ...] = ()


class FormerRegion(Payload):
    code: str
    name: str
    zone: Zone
    catalogue: str
    policy: FormerPolicy


FORMER = Contract(
    type="region.registered",
    subject="region",
    source="registry",
    payload=FormerRegion,
    means="As release 0.1.0 had it.",
)


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[SqliteBus]:
    bus = SqliteBus(tmp_path / "bus.sqlite", ladder=LADDER, poll=0.02)
    await bus.open()
    await bus.apply([REGIONS])
    yield bus
    await bus.close()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store.sqlite")
    await store.open([SEEN])
    yield store
    await store.close()


def consumer(bus: SqliteBus, store: SqliteStore) -> Consumer:
    async def keep(event: Event, payload: Payload) -> None:
        await store.change("seen", event.subject, keep_newer(event, payload))

    async def soon(_seconds: float) -> None:
        await asyncio.sleep(0.01)

    return Consumer(bus, REGIONS, dict.fromkeys(REGIONS.types, keep), store, ladder=LADDER, sleep=soon)


async def publish(bus: SqliteBus, body: bytes) -> None:
    event = Event.decode(body)
    await bus.publish(event.type, event.id, "61.12", body, mandatory=True)


async def seen(store: SqliteStore, subject: str) -> int | None:
    document = await store.get("seen", subject)
    return None if document is None else int(document.state["sequence_seen"])


async def test_an_older_consumer_pauses_at_a_newer_region_and_loses_nothing(
    bus: SqliteBus, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    former, newer = Event.decode(FORMER_BODY), Event.decode(BODY)
    another = former.model_copy(
        update={
            "subject": "region/61.71",
            "id": f"region/61.71/{former.sequence}",
            "data": {**former.data, "code": "61.71"},
        }
    )
    with monkeypatch.context() as release:
        release.setitem(event_types.CONTRACTS, FORMER.type, FORMER)
        part = consumer(bus, store)
        async with running(part):
            await publish(bus, FORMER_BODY)
            await eventually(lambda: _is(store, former))
            await publish(bus, BODY)
            await eventually(lambda: part.paused)
            await publish(bus, another.encode())
            assert "version 2; this process knows 1" in part.readiness.why
            assert await seen(store, newer.subject) == former.number
            assert [each async for each in bus.parked(REGIONS)] == []

    async with running(consumer(bus, store)):
        await eventually(lambda: _is(store, newer))
        await eventually(lambda: _is(store, another))

    kept = await store.get("seen", newer.subject)
    assert kept is not None
    assert RegionRegistered.model_validate(kept.state["data"]).policies
    assert [each async for each in bus.parked(REGIONS)] == []
    state = await bus.state(REGIONS)
    assert (state.ready, state.held or 0) == (0, 0)


async def _is(store: SqliteStore, event: Event) -> bool:
    return await seen(store, event.subject) == event.number
