"""The relay on a store that hands over what this process writes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.agency import AGENCY_RETIRED
from shared.messaging import relay as relay_module
from shared.messaging.relay import Relay
from tests.support.pipeline import eventually, running
from tests.support.relay.memory_outbox import MemoryOutbox
from tests.support.relay.recording_bus import RecordingBus

HOUR = timedelta(hours=1)


@pytest.fixture
def store() -> MemoryOutbox:
    return MemoryOutbox()


@pytest.fixture
def bus() -> RecordingBus:
    return RecordingBus()


async def soon(_: float) -> None:
    await asyncio.sleep(0.001)


def relay(store: MemoryOutbox, bus: RecordingBus, **options: Any) -> Relay:  # noqa: ANN401 - the constructor's
    return Relay(store, bus, **{"lease": HOUR, "sleep": soon, **options})  # type: ignore[arg-type]


async def test_what_is_handed_over_is_published_and_settled_without_a_claim(
    store: MemoryOutbox, bus: RecordingBus
) -> None:
    async with running(relay(store, bus)):
        await eventually(lambda: store.claims == 1)  # at the start
        for number in range(50):
            store.write(str(number))
            await asyncio.sleep(0)
        await eventually(lambda: len(bus.published) == 50)
        assert store.claims == 1
    assert await store.owed_depth() == 0


async def test_what_others_write_is_found_by_looking(
    store: MemoryOutbox, bus: RecordingBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "_OTHERS_EVERY", 0.02)
    async with running(relay(store, bus)):
        await eventually(lambda: store.claims == 1)
        written = store.write("a", elsewhere=True)
        await eventually(lambda: bus.published == [written])


async def test_two_events_of_one_document_go_one_after_the_other(store: MemoryOutbox, bus: RecordingBus) -> None:
    bus.gate.clear()
    async with running(relay(store, bus)):
        written = [store.write("a")]
        await eventually(lambda: bus.in_flight == written)
        written += [store.write("a"), store.write("a")]
        await asyncio.sleep(0.02)
        assert bus.in_flight == written[:1]
        bus.gate.set()
        await eventually(lambda: bus.published == written)
        await eventually(lambda: not store.documents["a"].events)
    assert not bus.twice


async def test_what_an_older_lease_still_publishes_is_not_published_again_by_a_claim(
    store: MemoryOutbox, bus: RecordingBus
) -> None:
    bus.gate.clear()
    part = relay(store, bus, lease=timedelta(milliseconds=1))
    async with running(part):
        written = [store.write("a")]
        await eventually(lambda: bus.in_flight == written)
        await asyncio.sleep(0.01)  # the lease is over
        written.append(store.write("a", elsewhere=True))
        claims = store.claims
        part.wake()
        await eventually(lambda: store.claims > claims)
        bus.gate.set()
        await eventually(lambda: bus.published == written)
    assert not bus.twice


async def test_with_the_bus_away_nothing_is_handed_over_and_no_lease_is_kept(
    store: MemoryOutbox, bus: RecordingBus
) -> None:
    bus.away = True
    part = relay(store, bus)
    async with running(part):
        store.write("a")
        await eventually(lambda: part.readiness.state == "bus-away")
        await eventually(lambda: store.documents["a"].leased[0] == "")
        assert store.handing_over[-1] is False
        store.write("b")
        assert store.documents["b"].leased[0] == ""
        bus.away = False
        await eventually(lambda: len(bus.published) == 2)
        await eventually(lambda: store.handing_over[-1] is True)


async def test_a_type_without_a_confirm_leaves_room_for_others(store: MemoryOutbox, bus: RecordingBus) -> None:
    bus.stuck = AGENCY_RETIRED.type
    async with running(relay(store, bus, at_once=8, grace=0.05)):
        for number in range(40):
            store.write(f"stuck {number}", type=bus.stuck)
        await eventually(lambda: len(bus.in_flight) == 8)
        others = [store.write(f"other {number}") for number in range(40)]
        await eventually(lambda: sorted(bus.published) == sorted(others))


async def test_beyond_a_thousand_waiting_documents_the_rest_is_claimed(
    store: MemoryOutbox, bus: RecordingBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "_MOST_WAITING", 20)
    bus.gate.clear()
    async with running(relay(store, bus, at_once=8)):
        await eventually(lambda: store.claims == 1)
        for number in range(60):
            store.write(str(number))
        assert store.handing_over == [True, False]
        leased = sum(each.leased[0] != "" for each in store.documents.values())
        assert leased == 21
        bus.gate.set()
        await eventually(lambda: len(bus.published) == 60)
        await eventually(lambda: store.handing_over == [True, False, True])
    assert await store.owed_depth() == 0
    assert len(set(bus.published)) == 60


async def test_a_settlement_that_fails_is_made_up_for_after_the_lease(
    store: MemoryOutbox, bus: RecordingBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "_OTHERS_EVERY", 0.02)
    store.away = True
    async with running(relay(store, bus, lease=timedelta(milliseconds=50))):
        written = store.write("a")
        await eventually(lambda: bus.published == [written])
        store.away = False
        await eventually(lambda: not store.documents["a"].events)
    assert bus.published == [written, written]


async def test_stop_releases_the_leases_of_what_is_not_published(store: MemoryOutbox, bus: RecordingBus) -> None:
    bus.gate.clear()
    part = relay(store, bus, at_once=4, grace=0.05)
    async with running(part):
        for number in range(10):
            store.write(str(number))
        await eventually(lambda: len(bus.in_flight) == 4)
    assert store.handing_over[-1] is False
    leased = [id for id, each in store.documents.items() if each.leased[0]]
    assert leased == ["0", "1", "2", "3"]  # whose fate is not known
