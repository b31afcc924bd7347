"""The relay from the real SQLite store to the real embedded bus."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.store import SqliteStore
from shared.faults import BusAway, StoreAway, Unroutable
from shared.messaging.relay import Relay
from shared.observability import failpoints
from shared.observability.failpoints import Failpoint
from shared.observability.metrics import PUBLISHED
from shared.ports.bus import Delivery, Fate, Outgoing
from shared.ports.store import Decision, Owed, State
from tests.support.events import AGENCY, agency_draft
from tests.support.pipeline import AGENCIES, eventually, opened_bus, opened_store, running

HOUR = 3600.0

Settlements = Sequence[tuple[Owed, Sequence[str]]]


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[SqliteBus]:
    async with opened_bus(tmp_path) as bus:
        yield bus


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with opened_store(tmp_path) as store:
        yield store


Publish = Callable[[str, str, bytes, bool], Awaitable[None]]


def apart(publish: Publish) -> Callable[[Sequence[Outgoing]], Awaitable[list[Fate]]]:
    """A `publish_many` that publishes each event by `publish`, all at once."""

    async def fate(event: Outgoing) -> Fate:
        try:
            await publish(event.type, event.id, event.body, event.mandatory)
        except (BusAway, Unroutable) as fault:
            return fault
        return None

    async def publish_many(events: Sequence[Outgoing]) -> list[Fate]:
        return list(await asyncio.gather(*map(fate, events)))

    return publish_many


def publisher(bus: SqliteBus) -> Publish:
    """Publishes one event on the bus as it is now."""
    publish_many = bus.publish_many

    async def publish(type: str, id: str, body: bytes, mandatory: bool) -> None:
        (fate,) = await publish_many([Outgoing(type, id, "61.12", body, mandatory)])
        if fate is not None:
            raise fate

    return publish


class SlowBus(SqliteBus):
    """Publishes only while `gate` is set, and remembers what is in flight."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - the parent's
        super().__init__(*args, **options)
        self.gate = asyncio.Event()
        self.in_flight: Counter[str] = Counter()
        self.most_of_one = 0
        self.most_together = 0

    async def publish_many(self, events: Sequence[Outgoing]) -> list[Fate]:
        self.in_flight.update(each.id for each in events)
        self.most_of_one = max(self.most_of_one, *self.in_flight.values())
        self.most_together = max(self.most_together, self.in_flight.total())
        try:
            await self.gate.wait()
            return await super().publish_many(events)
        finally:
            self.in_flight.subtract(each.id for each in events)


@pytest.fixture
async def slow(tmp_path: Path) -> AsyncIterator[SlowBus]:
    bus = SlowBus(tmp_path / "slow.sqlite", poll=0.02)
    await bus.open()
    await bus.apply([AGENCIES])
    yield bus
    await bus.close()


def relay(store: SqliteStore, bus: SqliteBus, **options: Any) -> Relay:  # noqa: ANN401 - the constructor's
    return Relay(store, bus, **{"mandatory": AGENCIES.types, "service": "tests", **options})


async def owe(store: SqliteStore, id: str, times: int = 1) -> None:
    for number in range(times):

        def decide(state: State | None, number: int = number) -> Decision:
            return {"count": (state or {"count": 0})["count"] + 1}, agency_draft(id, f"{id} {number}")

        await store.change("agency", id, decide)


async def taken(bus: SqliteBus, count: int) -> list[Delivery]:
    receiver = await bus.receive(AGENCIES, prefetch=count)
    async with asyncio.timeout(10):
        deliveries = [await receiver.take() for _ in range(count)]
    for delivery in deliveries:
        await receiver.ack(delivery)
    await receiver.close()
    return deliveries


async def nothing_owed(store: SqliteStore) -> bool:
    return await store.owed_depth() == 0


# --- Publishing ---


async def test_events_are_published_in_order_and_settled(bus: SqliteBus, store: SqliteStore) -> None:
    await owe(store, "a", 5)
    await owe(store, "b", 5)

    async with running(relay(store, bus)):
        arrived = await taken(bus, 10)
        await eventually(lambda: nothing_owed(store))

    for id in ("a", "b"):
        own = [each.message_id for each in arrived if each.message_id.startswith(f"agency/{id}/")]
        assert len(own) == 5
        assert own == sorted(own)
    assert {each.routing_key for each in arrived} == {AGENCY}
    assert await store.oldest_owed() is None


async def test_the_bytes_of_the_outbox_are_published_unchanged(bus: SqliteBus, store: SqliteStore) -> None:
    await owe(store, "a")
    (owed,) = await store.claim_owed(1, timedelta(0))

    async with running(relay(store, bus)):
        (arrived,) = await taken(bus, 1)

    assert (arrived.message_id, arrived.body) == (owed.events[0].id, owed.events[0].body)


async def test_a_wake_is_enough(bus: SqliteBus, store: SqliteStore) -> None:
    async with running(relay(store, bus, interval=HOUR)):
        for number in range(3):
            await owe(store, str(number))
            await taken(bus, 1)


async def test_events_of_another_process_are_found_by_polling(
    bus: SqliteBus, store: SqliteStore, tmp_path: Path
) -> None:
    async with running(relay(store, bus, interval=0.02)), opened_store(tmp_path) as command:
        await owe(command, "a")
        await taken(bus, 1)


async def test_many_documents_are_published_at_once_up_to_the_limit(slow: SlowBus, store: SqliteStore) -> None:
    await asyncio.gather(*(owe(store, str(number), 2) for number in range(30)))

    async with running(relay(store, slow, at_once=8)):
        await eventually(lambda: slow.in_flight.total() == 8)
        slow.gate.set()
        arrived = await taken(slow, 60)
        await eventually(lambda: nothing_owed(store))

    assert slow.most_together == 8
    assert len({each.message_id for each in arrived}) == 60


async def test_nothing_is_settled_before_the_confirm(slow: SlowBus, store: SqliteStore) -> None:
    await owe(store, "a")
    async with running(relay(store, slow)):
        await eventually(lambda: slow.in_flight.total() == 1)
        assert await store.owed_depth() == 1
        slow.gate.set()
        await eventually(lambda: nothing_owed(store))


async def test_the_same_event_is_never_twice_in_flight(slow: SlowBus, store: SqliteStore) -> None:
    await owe(store, "a", 3)
    async with running(relay(store, slow, lease=timedelta(milliseconds=5), interval=0.005)):
        await asyncio.sleep(0.2)  # the lease runs out many times over
        slow.gate.set()
        await eventually(lambda: nothing_owed(store))
    assert slow.most_of_one == 1


async def test_two_relays_of_one_service_share_the_work(bus: SqliteBus, store: SqliteStore, tmp_path: Path) -> None:
    await asyncio.gather(*(owe(store, str(number)) for number in range(100)))
    async with opened_store(tmp_path) as replica, running(relay(store, bus)), running(relay(replica, bus)):
        arrived = await taken(bus, 100)
        await eventually(lambda: nothing_owed(store))
    assert len({each.message_id for each in arrived}) == 100


async def test_a_change_during_a_publish_is_published_too(slow: SlowBus, store: SqliteStore) -> None:
    await owe(store, "a")
    async with running(relay(store, slow, interval=HOUR)):
        await eventually(lambda: slow.in_flight.total() == 1)
        await owe(store, "a")
        slow.gate.set()
        arrived = await taken(slow, 2)
        await eventually(lambda: nothing_owed(store))
    assert arrived[0].message_id < arrived[1].message_id


async def test_what_is_claimed_while_an_older_claim_ends_does_not_wait_for_the_lease(
    slow: SlowBus, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle, claim, claimed_again = store.settle_many, store.claim_owed, asyncio.Event()
    settled = False

    async def settle_slowly(settlements: Settlements, *, keeping: Mapping[str, State] | None) -> None:
        nonlocal settled
        await settle(settlements, keeping=keeping)  # the lease is free, and the relay is told of what is left
        if not settled:
            settled = True
            await claimed_again.wait()

    async def claim_and_tell(limit: int, lease: timedelta) -> list[Owed]:
        claimed = await claim(limit, lease)
        if claimed and settled:
            asyncio.get_running_loop().call_later(0.05, claimed_again.set)  # after the relay has seen the claim
        return claimed

    monkeypatch.setattr(store, "hand_over", lambda *_: False)  # else the second event is not claimed
    monkeypatch.setattr(store, "settle_many", settle_slowly)
    monkeypatch.setattr(store, "claim_owed", claim_and_tell)
    await owe(store, "a")
    async with running(relay(store, slow, interval=HOUR, lease=timedelta(hours=1))):
        await eventually(lambda: slow.in_flight.total() == 1)
        await owe(store, "a")
        slow.gate.set()
        arrived = await taken(slow, 2)
        await eventually(lambda: nothing_owed(store))
    assert arrived[0].message_id < arrived[1].message_id
    assert slow.most_of_one == 1


async def test_the_failpoints_are_reached_in_order(
    bus: SqliteBus, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await owe(store, "a")
    passed: list[tuple[Failpoint, str]] = []
    monkeypatch.setattr(failpoints, "_listeners", [lambda moment, what: passed.append((moment, what))])
    async with running(relay(store, bus)):
        (arrived,) = await taken(bus, 1)
        await eventually(lambda: len(passed) == 3)
    id = arrived.message_id
    assert passed == [(Failpoint.RELAY_CLAIMED, id), (Failpoint.RELAY_PUBLISHED, id), (Failpoint.RELAY_SETTLED, id)]


# --- Faults ---


async def test_with_the_bus_away_events_stay_in_the_outbox_until_it_is_back(
    bus: SqliteBus, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    away, waits = True, []
    publish, ping = publisher(bus), bus.ping

    async def maybe_publish(type: str, id: str, body: bytes, mandatory: bool) -> None:
        if away:
            raise BusAway("no confirm")
        await publish(type, id, body, mandatory)

    async def maybe_ping() -> None:
        if away:
            raise BusAway("no answer")
        await ping()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0.001)

    monkeypatch.setattr(bus, "publish_many", apart(maybe_publish))
    monkeypatch.setattr(bus, "ping", maybe_ping)
    await owe(store, "a", 3)
    await owe(store, "b", 3)
    part = relay(store, bus, sleep=sleep, lease=timedelta(hours=1))
    async with running(part):
        await eventually(lambda: len(waits) >= 8)
        assert (part.readiness.ready, part.readiness.state) == (False, "bus-away")
        assert waits[:8] == [0.5, 1, 2, 4, 8, 16, 30, 30]
        assert await store.owed_depth() == 2
        away = False
        arrived = await taken(bus, 6)  # at once: the lease of an hour was given up
        await eventually(lambda: nothing_owed(store))
        assert part.readiness.ready
    assert len({each.message_id for each in arrived}) == 6


async def test_a_bus_that_goes_in_the_middle_of_a_document_loses_and_swaps_nothing(
    bus: SqliteBus, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish, calls = publisher(bus), 0

    async def every_other(type: str, id: str, body: bytes, mandatory: bool) -> None:
        nonlocal calls
        calls += 1
        if calls % 2 == 0:
            raise BusAway("cut")
        await publish(type, id, body, mandatory)

    async def sleep(_: float) -> None:
        await asyncio.sleep(0.001)

    monkeypatch.setattr(bus, "publish_many", apart(every_other))
    await owe(store, "a", 6)
    async with running(relay(store, bus, sleep=sleep)):
        arrived = await taken(bus, 6)
        await eventually(lambda: nothing_owed(store))
    ids = [each.message_id for each in arrived]
    assert ids == sorted(set(ids))


async def test_what_no_queue_takes_stays_owed_shows_its_cure_and_goes_once_there_is_one(
    bus: SqliteBus, store: SqliteStore
) -> None:
    await bus.apply([])
    await owe(store, "a", 2)
    refused = PUBLISHED.labels("tests", "unroutable")._value.get()
    part = relay(store, bus, lease=timedelta(milliseconds=100), interval=0.02)
    async with running(part):
        await eventually(lambda: part.readiness.state == "unroutable")
        assert not part.readiness.ready
        assert part.readiness.why == "no queue takes agency.registered; the cure: satu topology apply"
        await eventually(lambda: PUBLISHED.labels("tests", "unroutable")._value.get() >= refused + 3)
        assert await store.owed_depth() == 1

        await bus.apply([AGENCIES])

        arrived = await taken(bus, 2)
        await eventually(lambda: nothing_owed(store))
        await eventually(lambda: part.readiness.ready)
    assert arrived[0].message_id < arrived[1].message_id


async def test_what_is_unroutable_is_not_tried_in_a_hot_loop_and_holds_nobody_up(
    bus: SqliteBus, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: Counter[str] = Counter()
    publish = publisher(bus)

    async def publish_some(type: str, id: str, body: bytes, mandatory: bool) -> None:
        tries[id.split("/")[1]] += 1
        if id.startswith("agency/nobody/"):
            raise Unroutable("no queue")
        await publish(type, id, body, mandatory)

    monkeypatch.setattr(bus, "publish_many", apart(publish_some))
    await owe(store, "nobody")
    async with running(relay(store, bus, interval=0.005)):
        await eventually(lambda: tries["nobody"] == 1)
        for number in range(10):
            await owe(store, str(number))
        await taken(bus, 10)
        await asyncio.sleep(0.1)
    assert tries["nobody"] == 1


async def test_a_type_that_nobody_takes_is_settled_on_the_plain_confirm(bus: SqliteBus, store: SqliteStore) -> None:
    await bus.apply([])
    await owe(store, "a")
    async with running(relay(store, bus, mandatory=frozenset())):
        await eventually(lambda: nothing_owed(store))


async def test_with_the_store_away_the_relay_waits_and_goes_on(
    bus: SqliteBus, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, waits = store.claim_owed, []

    async def away(limit: int, lease: timedelta) -> list[Owed]:
        if len(waits) < 4:
            raise StoreAway("no answer")
        return await claim(limit, lease)

    states: list[str] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        states.append(part.readiness.state)

    monkeypatch.setattr(store, "claim_owed", away)
    await owe(store, "a")
    part = relay(store, bus, sleep=sleep)
    async with running(part):
        await taken(bus, 1)
        await eventually(lambda: part.readiness.ready)
    assert waits == [1, 2, 4, 8]
    assert set(states) == {"store-away"}


async def test_an_event_that_was_confirmed_and_not_struck_off_goes_once_more(
    bus: SqliteBus, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle, failures = store.settle_many, 1

    async def fail_once(settlements: Settlements, *, keeping: Mapping[str, State] | None) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise StoreAway("no answer")
        await settle(settlements, keeping=keeping)

    monkeypatch.setattr(store, "settle_many", fail_once)
    await owe(store, "a")
    async with running(relay(store, bus, lease=timedelta(milliseconds=50), interval=0.02)):
        first, second = await taken(bus, 2)
        await eventually(lambda: nothing_owed(store))
    assert (first.message_id, first.body) == (second.message_id, second.body)


async def test_a_bug_in_an_adapter_does_not_end_the_relay(
    bus: SqliteBus, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish, failures = publisher(bus), 1

    async def fail_once(type: str, id: str, body: bytes, mandatory: bool) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise RuntimeError("a bug")
        await publish(type, id, body, mandatory)

    monkeypatch.setattr(bus, "publish_many", apart(fail_once))
    await owe(store, "a")
    async with running(relay(store, bus, lease=timedelta(milliseconds=50), interval=0.02)):
        await taken(bus, 1)
        await eventually(lambda: nothing_owed(store))


# --- Stop ---


async def test_stop_lets_a_publish_finish_and_settles_it(slow: SlowBus, store: SqliteStore) -> None:
    await owe(store, "a")
    part = relay(store, slow)
    task = asyncio.create_task(part.run())
    await eventually(lambda: slow.in_flight.total() == 1)
    stopping = asyncio.create_task(part.stop())
    await asyncio.sleep(0.02)
    slow.gate.set()
    async with asyncio.timeout(5):
        await stopping
        await task
    assert await nothing_owed(store)
    assert part.readiness.state == "stopped"


async def test_stop_does_not_wait_for_ever(slow: SlowBus, store: SqliteStore) -> None:
    await owe(store, "a")
    part = relay(store, slow, grace=0.05)
    task = asyncio.create_task(part.run())
    await eventually(lambda: slow.in_flight.total() == 1)
    async with asyncio.timeout(5):
        await part.stop()
        await task
    assert await store.owed_depth() == 1


async def test_a_relay_that_never_ran_can_be_stopped(bus: SqliteBus, store: SqliteStore) -> None:
    part = relay(store, bus)
    async with asyncio.timeout(5):
        await part.stop()
        await part.run()
