"""Raw handlers: envelope and bytes of every event, of any type and version."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.store import SqliteStore
from shared.contracts.event import Event, schema_urn
from shared.faults import StoreAway
from shared.messaging.consumer import Consumer
from shared.ports.bus import Delivery
from tests.support.events import AGENCY, agency_event, altered, newer
from tests.support.pipeline import AGENCIES, LADDER, eventually, opened_bus, opened_store, parked_of, running

Act = Callable[[Event, Delivery], Awaitable[None]]


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[SqliteBus]:
    async with opened_bus(tmp_path) as bus:
        yield bus


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with opened_store(tmp_path) as store:
        yield store


class RawHandler:
    """Records what it is given; `faults` are raised first."""

    def __init__(self, *faults: Exception) -> None:
        self.seen: list[tuple[str, bytes, bool]] = []
        self.events: list[Event] = []
        self._faults = list(faults)

    async def __call__(self, event: Event, delivery: Delivery) -> None:
        self.events.append(event)
        self.seen.append((event.type, delivery.body, delivery.redelivered))
        if self._faults:
            raise self._faults.pop(0)


def consumer(bus: SqliteBus, store: SqliteStore, handler: RawHandler) -> Consumer:
    return Consumer(bus, AGENCIES, handler, store, ladder=LADDER)


async def publish(bus: SqliteBus, key: str, body: bytes) -> None:
    """Also of a type that no queue takes yet: as the queue of a newer release would bring it."""
    event = Event.decode(body)
    await bus.apply([type(AGENCIES)("tests", "agencies", AGENCIES.types | {key})])
    await bus.publish(key, event.id, event.region, body, mandatory=True)


async def test_it_gets_the_envelope_and_the_bytes_and_the_payload_is_unread(bus: SqliteBus, store: SqliteStore) -> None:
    handler, body = RawHandler(), agency_event("a").encode()
    async with running(consumer(bus, store, handler)):
        await publish(bus, AGENCY, body)
        await eventually(lambda: bool(handler.seen))

    assert handler.seen == [(AGENCY, body, False)]
    (event,) = handler.events
    assert (event.subject, event.number, event.region, event.data) == ("agency/a", 1, "61.12", {})


async def test_a_newer_schema_and_an_unknown_type_are_handled_and_neither_pause_nor_park(
    bus: SqliteBus, store: SqliteStore
) -> None:
    handler, event, unknown = RawHandler(), agency_event("a"), "agency.merged"
    merged = altered(agency_event("b"), type=unknown, dataschema=schema_urn(unknown, 3))
    reading = consumer(bus, store, handler)
    async with running(reading):
        await publish(bus, AGENCY, newer(event))
        await publish(bus, unknown, merged)
        await eventually(lambda: len(handler.seen) == 2)

        assert not reading.paused
    assert handler.seen == [(AGENCY, newer(event), False), (unknown, merged, False)]
    assert await parked_of(bus) == []


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        altered(agency_event("a"), sequence="7"),
        altered(agency_event("a"), dataschema="urn:other"),
        altered(agency_event("a"), id="agency/a/0000000000000002"),
        altered(agency_event("a"), subject="innovation/a", id="innovation/a/0000000000000001"),
        altered(agency_event("a"), type="agency.retired", dataschema=schema_urn("agency.retired", 1)),
        altered(agency_event("a"), type="alert.sent", dataschema=schema_urn("alert.sent", 1)),
    ],
    ids=["no JSON", "no object", "sequence", "schema", "id", "subject", "routing key", "type"],
)
async def test_an_unreadable_envelope_is_parked(bus: SqliteBus, store: SqliteStore, body: bytes) -> None:
    handler = RawHandler()
    async with running(consumer(bus, store, handler)):
        await bus.publish(AGENCY, "unreadable", "61.12", body, mandatory=True)
        await eventually(lambda: _is_parked(bus))

    assert handler.seen == []
    (parked,) = await parked_of(bus)
    assert (parked.body, parked.fault) == (body, "Unreadable")


async def test_a_type_that_the_subscription_does_not_take_is_parked_however_it_came(
    bus: SqliteBus, store: SqliteStore
) -> None:
    body = altered(
        agency_event("a"),
        type="region.registered",
        dataschema=schema_urn("region.registered", 1),
        source="/registry",
        subject="region/a",
        id="region/a/0000000000000001",
    )
    handler = RawHandler()
    async with running(consumer(bus, store, handler)):
        await publish(bus, "region.registered", body)
        await eventually(lambda: _is_parked(bus))

    assert handler.seen == []


async def test_after_a_failure_it_is_told_that_it_may_have_run_before(bus: SqliteBus, store: SqliteStore) -> None:
    handler, body = RawHandler(RuntimeError("no")), agency_event("a").encode()
    async with running(consumer(bus, store, handler)):
        await publish(bus, AGENCY, body)
        await eventually(lambda: len(handler.seen) == 2)

    assert [redelivered for *_, redelivered in handler.seen] == [False, True]


async def test_after_a_pause_it_is_told_that_it_may_have_run_before(bus: SqliteBus, store: SqliteStore) -> None:
    handler, body = RawHandler(StoreAway("away")), agency_event("a").encode()
    async with running(consumer(bus, store, handler)):
        await publish(bus, AGENCY, body)
        await eventually(lambda: len(handler.seen) == 2)

    assert [redelivered for *_, redelivered in handler.seen] == [False, True]
    assert await parked_of(bus) == []


async def _is_parked(bus: SqliteBus) -> bool:
    return (await bus.state(AGENCIES)).parked == 1
