"""The consumer pipeline on the real embedded bus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock
from shared.contracts.agency import AgencyRegistered
from shared.contracts.contract import Payload
from shared.contracts.event import Event
from shared.faults import BusAway, Busy, StoreAway
from shared.messaging.consumer import Consumer
from shared.observability import failpoints
from shared.observability.failpoints import Failpoint
from shared.observability.logs import with_subject
from shared.observability.metrics import DELIVERIES, HANDLER_SECONDS, RETRIES
from shared.observability.tracing import Trace, current
from shared.operations.parked import Selection, move
from tests.support.events import AGENCY, agency_event, altered, newer
from tests.support.pipeline import (
    AGENCIES,
    LADDER,
    SEEN,
    eventually,
    keep_newer,
    opened_bus,
    opened_store,
    parked_of,
    running,
)

Act = Callable[[Event, Payload], Awaitable[None]]


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[SqliteBus]:
    async with opened_bus(tmp_path) as bus:
        yield bus


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with opened_store(tmp_path) as store:
        yield store


class Handler:
    """A handler that records its events; `act` may fail."""

    def __init__(self, act: Act | None = None) -> None:
        self.ids: list[str] = []
        self.payloads: list[Payload] = []
        self._act = act

    async def __call__(self, event: Event, payload: Payload) -> None:
        self.ids.append(event.id)
        self.payloads.append(payload)
        if self._act is not None:
            await self._act(event, payload)


class Sleeps:
    """Records waits, which are over at once."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0.001)


def consumer(bus: SqliteBus, store: SqliteStore, handler: Act, **options: Any) -> Consumer:  # noqa: ANN401
    handlers = dict.fromkeys(AGENCIES.types, handler)
    return Consumer(bus, AGENCIES, handlers, store, ladder=LADDER, **options)


async def send(bus: SqliteBus, *events: Event) -> None:
    for event in events:
        await bus.publish(event.type, event.id, "61.12", event.encode(), mandatory=True)


async def empty(bus: SqliteBus) -> bool:
    state = await bus.state(AGENCIES)
    return state.ready == 0 and not state.held


def count(outcome: str) -> float:
    return DELIVERIES.labels(AGENCIES.name, outcome)._value.get()


# --- Done ---


async def test_an_event_is_decoded_handled_and_acknowledged(bus: SqliteBus, store: SqliteStore) -> None:
    handler, done = Handler(), count("done")
    async with running(consumer(bus, store, handler)):
        await send(bus, agency_event("a", name="Dinas Kesehatan"))
        await eventually(lambda: count("done") == done + 1)

    assert handler.ids == ["agency/a/0000000000000001"]
    assert isinstance(handler.payloads[0], AgencyRegistered)
    assert handler.payloads[0].name == "Dinas Kesehatan"
    assert await empty(bus)
    assert HANDLER_SECONDS.labels(AGENCIES.name, AGENCY)._sum.get() > 0


async def test_the_failpoints_are_reached_in_order(
    bus: SqliteBus, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed: list[tuple[Failpoint, str]] = []
    monkeypatch.setattr(failpoints, "_listeners", [lambda moment, what: passed.append((moment, what))])
    event = agency_event("a")
    async with running(consumer(bus, store, Handler())):
        await send(bus, event)
        await eventually(lambda: len(passed) == 3)

    assert passed == [
        (Failpoint.DELIVERY_TAKEN, event.id),
        (Failpoint.DELIVERY_HANDLED, event.id),
        (Failpoint.DELIVERY_ACKED, event.id),
    ]


async def test_a_handler_runs_in_its_events_trace_and_log_context(bus: SqliteBus, store: SqliteStore) -> None:
    seen: list[tuple[Trace, dict[str, Any]]] = []
    traced = agency_event("a").model_copy(
        update={"correlationid": "request-7", "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    )

    async def look(_event: Event, _payload: Payload) -> None:
        seen.append((current(), dict(with_subject(None, "info", {}))))

    async with running(consumer(bus, store, look)):
        await send(bus, traced)
        await eventually(lambda: bool(seen))

    ((trace, context),) = seen
    assert (trace.correlationid, trace.causationid) == ("request-7", traced.id)
    assert trace.traceparent.startswith(f"00-{'a' * 32}-")
    assert context == {
        "subscription": "tests.agencies",
        "event_id": traced.id,
        "event_type": AGENCY,
        "correlation_id": "request-7",
    }


async def test_no_more_than_prefetch_are_handled_at_once(bus: SqliteBus, store: SqliteStore) -> None:
    now, most, gate = 0, 0, asyncio.Event()

    async def work(_event: Event, _payload: Payload) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await gate.wait()
        now -= 1

    handler = Handler(work)
    async with running(consumer(bus, store, handler, prefetch=3)):
        await send(bus, *(agency_event(str(number)) for number in range(8)))
        await eventually(lambda: now == 3)
        gate.set()
        await eventually(lambda: len(handler.ids) == 8)
    assert most == 3


async def test_a_duplicate_and_a_late_event_change_nothing(bus: SqliteBus, store: SqliteStore) -> None:
    handled = 0

    async def keep(event: Event, payload: Payload) -> None:
        nonlocal handled
        await store.change("seen", event.subject, keep_newer(event, payload))
        handled += 1

    older, newest = agency_event("a", 1, "old"), agency_event("a", 2, "new")
    async with running(consumer(bus, store, keep)):
        await send(bus, newest, older, newest, older)
        await eventually(lambda: handled == 4)

    document = await store.get(SEEN.name, "agency/a")
    assert document is not None
    assert document.state["data"]["name"] == "new"


def test_a_subscription_without_a_handler_for_a_type_is_refused(bus: SqliteBus, store: SqliteStore) -> None:
    with pytest.raises(ValueError, match=r"tests\.agencies has no handler for agency\.retired"):
        Consumer(bus, AGENCIES, {AGENCY: Handler()}, store)


# --- Faults of one message ---


async def test_a_message_that_always_fails_is_parked_with_its_reason_while_others_are_handled(
    bus: SqliteBus, store: SqliteStore
) -> None:
    async def act(event: Event, _payload: Payload) -> None:
        if event.subject == "agency/poison":
            raise KeyError("weight")

    began, handler, poison = Clock.machine(), Handler(act), agency_event("poison")
    retries = [RETRIES.labels(AGENCIES.name, str(rung))._value.get() for rung in range(2)]
    async with running(consumer(bus, store, handler)):
        await send(bus, poison, agency_event("fine"))
        await eventually(lambda: "agency/fine/0000000000000001" in handler.ids)
        assert handler.ids.count(poison.id) < len(LADDER) + 1  # the good message did not wait for it
        await eventually(lambda: _is_parked(bus))

    (dead,) = await parked_of(bus)
    assert handler.ids.count(poison.id) == len(LADDER) + 1
    assert (dead.id, dead.body, dead.attempt) == (poison.id, poison.encode(), 3)
    assert dead.fault == "KeyError"
    assert dead.reason.startswith("KeyError: 'weight' (test_consumer.py:")
    assert dead.first_at is not None
    assert dead.last_at is not None
    assert began <= dead.last_at
    assert (dead.last_at - dead.first_at).total_seconds() >= sum(LADDER) * 0.9
    assert [RETRIES.labels(AGENCIES.name, str(rung))._value.get() for rung in range(2)] == [n + 1 for n in retries]


async def test_a_replayed_message_is_handled_once_its_cause_is_solved(bus: SqliteBus, store: SqliteStore) -> None:
    mended = False

    async def act(_event: Event, _payload: Payload) -> None:
        if not mended:
            raise ValueError("not yet")

    handler = Handler(act)
    async with running(consumer(bus, store, handler)):
        await send(bus, agency_event("a"))
        await eventually(lambda: _is_parked(bus))
        mended, tried = True, len(handler.ids)

        assert await move(bus, AGENCIES, Selection(reason="not yet"), Clock.machine(), replay=True) == 1

        await eventually(lambda: len(handler.ids) == tried + 1)
        await eventually(lambda: empty(bus))
    assert await parked_of(bus) == []


async def test_a_handler_that_cancels_itself_is_retried_and_the_consumer_goes_on(
    bus: SqliteBus, store: SqliteStore
) -> None:
    async def act(_event: Event, _payload: Payload) -> None:
        if len(handler.ids) == 1:
            raise asyncio.CancelledError

    handler = Handler(act)
    async with running(consumer(bus, store, handler)):
        await send(bus, agency_event("a"))
        await eventually(lambda: len(handler.ids) == 2)
        await eventually(lambda: empty(bus))


EVENT = agency_event("a")


@pytest.mark.parametrize(
    ("key", "body", "reason"),
    [
        (AGENCY, b"\xff\xfe not json", "body: "),
        (AGENCY, b"[]", "body: "),
        (AGENCY, altered(EVENT, type="agency.unheard"), "unknown type 'agency.unheard'"),
        (AGENCY, altered(EVENT, source="/scoring"), "from '/scoring'"),
        (AGENCY, altered(EVENT, id="agency/b/0000000000000001"), "is not subject and sequence"),
        (AGENCY, altered(EVENT, data="{}"), "data: "),
        ("agency.retired", EVENT.encode(), "agency.registered came under routing key 'agency.retired'"),
        ("agency.retired", newer(EVENT), "agency.registered came under routing key 'agency.retired'"),
    ],
    ids=["bytes", "list", "unknown type", "foreign source", "other id", "payload", "other key", "newer, other key"],
)
async def test_an_unreadable_message_is_parked_at_once_while_others_are_handled(
    bus: SqliteBus, store: SqliteStore, key: str, body: bytes, reason: str
) -> None:
    handler = Handler()
    async with running(consumer(bus, store, handler)):
        await bus.publish(key, "unreadable", "61.12", body, mandatory=True)
        await send(bus, agency_event("next"))
        await eventually(lambda: _is_parked(bus))
        await eventually(lambda: handler.ids == ["agency/next/0000000000000001"])

    (dead,) = await parked_of(bus)
    assert (dead.id, dead.body, dead.fault, dead.attempt) == ("unreadable", body, "Unreadable", 1)
    assert reason in dead.reason


async def test_a_message_of_a_type_that_the_queue_does_not_take_is_unreadable(
    bus: SqliteBus, store: SqliteStore
) -> None:
    other = agency_event("a").model_copy(update={"type": "region.registered"})
    await bus.publish(AGENCY, "stray", "61.12", other.encode(), mandatory=True)
    async with running(consumer(bus, store, Handler())):
        await eventually(lambda: _is_parked(bus))


# --- Faults of the environment ---


async def test_with_the_store_away_the_subscription_pauses_and_no_attempt_is_counted(
    bus: SqliteBus, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    away, pings, looked = True, 0, asyncio.Event()

    async def act(_event: Event, _payload: Payload) -> None:
        await asyncio.sleep(0.01)
        if away:
            raise StoreAway("no answer")

    async def ping() -> None:
        nonlocal pings, away
        pings += 1
        if pings < 4:
            raise StoreAway("still no answer")
        await looked.wait()
        away = False

    monkeypatch.setattr(store, "ping", ping)
    handler, sleeps = Handler(act), Sleeps()
    part = consumer(bus, store, handler, sleep=sleeps, prefetch=4)
    await send(bus, *(agency_event(str(number)) for number in range(12)))
    async with running(part):
        await eventually(lambda: pings == 4)
        assert len(handler.ids) <= 4  # nothing was taken during the pause
        looked.set()
        await eventually(lambda: empty(bus))
        await eventually(lambda: len(set(handler.ids)) == 12)
        await eventually(lambda: part.readiness.ready)

    assert sleeps.waits == [1, 2, 4, 8]
    assert await parked_of(bus) == []
    assert not part.paused


async def test_a_pause_shows_in_the_readiness_and_keeps_the_messages(
    bus: SqliteBus, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise StoreAway("no answer")

    monkeypatch.setattr(store, "ping", away)
    part = consumer(bus, store, away)
    async with running(part):
        await send(bus, agency_event("a"))
        await eventually(lambda: part.paused)
        assert (part.readiness.ready, part.readiness.why) == (False, "no answer")
        await eventually(lambda: _ready(bus, 1))

    receiver = await bus.receive(AGENCIES, prefetch=1)
    back = await receiver.take()
    assert (back.attempt, back.first_at, back.routing_key) == (0, None, AGENCIES.name)


async def test_after_a_pause_one_message_is_taken_and_then_all(bus: SqliteBus, store: SqliteStore) -> None:
    """The store answers a ping but a document's outbox is full: the waits keep growing, one message at a time."""
    busy, now, most = 3, 0, 0
    gate = asyncio.Event()

    async def act(_event: Event, _payload: Payload) -> None:
        nonlocal busy, now, most
        now += 1
        most = max(most, now)
        try:
            if busy:
                busy -= 1
                await asyncio.sleep(0.01)
                raise Busy("owes 50 events")
            await gate.wait()
        finally:
            now -= 1

    handler, sleeps = Handler(act), Sleeps()
    async with running(consumer(bus, store, handler, sleep=sleeps, prefetch=1)):
        await send(bus, *(agency_event(str(number)) for number in range(5)))
        await eventually(lambda: now == 1 and len(sleeps.waits) == 3)
        assert sleeps.waits == [1, 2, 4]
        gate.set()
        await eventually(lambda: empty(bus))
    assert most == 1
    assert await parked_of(bus) == []


async def test_a_probe_is_one_message_even_with_a_wide_prefetch(bus: SqliteBus, store: SqliteStore) -> None:
    phase, now, most = "away", 0, 0
    gate = asyncio.Event()

    async def act(_event: Event, _payload: Payload) -> None:
        nonlocal now, most
        if phase == "away":
            raise StoreAway("no answer")
        now += 1
        most = max(most, now)
        await gate.wait()
        now -= 1

    async def sleep(_: float) -> None:
        nonlocal phase
        phase = "back"

    async with running(consumer(bus, store, Handler(act), sleep=sleep, prefetch=8)):
        await send(bus, *(agency_event(str(number)) for number in range(8)))
        await eventually(lambda: now == 1)
        await asyncio.sleep(3 * LADDER[1])  # all others are back in the queue by now
        assert most == 1
        gate.set()
        await eventually(lambda: empty(bus))


async def test_a_newer_schema_pauses_and_is_never_parked(bus: SqliteBus, store: SqliteStore) -> None:
    handler, sleeps = Handler(), Sleeps()
    part = consumer(bus, store, handler, sleep=sleeps)
    event = agency_event("future")
    async with running(part):
        await bus.publish(AGENCY, event.id, "61.12", newer(event), mandatory=True)
        await eventually(lambda: len(sleeps.waits) >= 4)
        assert part.paused
        assert "version 99; this process knows 1" in part.readiness.why
        assert sleeps.waits[:4] == [1, 2, 4, 8]
        assert handler.ids == []
        assert await parked_of(bus) == []

    receiver = await bus.receive(AGENCIES, prefetch=1)
    back = await receiver.take()
    assert (back.message_id, back.body, back.attempt) == (event.id, newer(event), 0)


async def test_a_pause_for_a_newer_schema_ends_when_another_release_has_taken_the_message(
    bus: SqliteBus, store: SqliteStore
) -> None:
    async def longer_than_the_rung(_seconds: float) -> None:
        await asyncio.sleep(0.5)

    handler = Handler()
    part = consumer(bus, store, handler, sleep=longer_than_the_rung)
    event = agency_event("future")
    async with running(part):
        await bus.publish(AGENCY, event.id, "61.12", newer(event), mandatory=True)
        await eventually(lambda: part.paused)
        another = await bus.receive(AGENCIES, prefetch=8)
        taken = await another.take()  # the rung brings it back while the old release waits
        assert taken.message_id == event.id
        await another.ack(taken)
        await another.close()

        await send(bus, agency_event("a"))
        await eventually(lambda: handler.ids == ["agency/a/0000000000000001"])
        await eventually(lambda: not part.paused)


async def test_when_the_bus_is_away_the_consumer_only_connects_again(bus: SqliteBus, store: SqliteStore) -> None:
    handler, sleeps = Handler(), Sleeps()
    part = consumer(bus, store, handler, sleep=sleeps)
    async with running(part):
        await eventually(lambda: part.readiness.ready)
        await bus.close()
        await eventually(lambda: bool(sleeps.waits))
        await eventually(lambda: part.readiness.ready)
        await send(bus, agency_event("a"))
        await eventually(lambda: len(handler.ids) == 1)
    assert await parked_of(bus) == []


async def test_a_handler_that_finds_the_bus_away_leaves_its_message_uncounted(
    bus: SqliteBus, store: SqliteStore
) -> None:
    failures = 1

    async def act(_event: Event, _payload: Payload) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise BusAway("gone")

    handler = Handler(act)
    async with running(consumer(bus, store, handler, sleep=Sleeps())):
        await send(bus, agency_event("a"))
        await eventually(lambda: len(handler.ids) == 2)
        await eventually(lambda: empty(bus))
    assert await parked_of(bus) == []


async def test_the_waits_between_connections_start_anew_only_after_a_message_was_handled(
    bus: SqliteBus, store: SqliteStore
) -> None:
    """Each connection costs a held message one of the deliveries that it may have."""
    failures = 5

    async def act(_event: Event, _payload: Payload) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise BusAway("no confirm")

    handler, sleeps = Handler(act), Sleeps()
    async with running(consumer(bus, store, handler, sleep=sleeps)):
        await send(bus, agency_event("a"))
        await eventually(lambda: empty(bus))
        failures = 2
        await send(bus, agency_event("b"))
        await eventually(lambda: empty(bus))
    assert sleeps.waits == [0.5, 1, 2, 4, 8, 0.5, 1]


async def test_a_missing_queue_is_shown_with_its_cure_and_works_once_it_is_created(
    bus: SqliteBus, store: SqliteStore, tmp_path: Path
) -> None:
    async with opened_bus(tmp_path / "other") as bare:
        await bare.apply([])
        await bare._open_file().write(lambda db: db.execute("DELETE FROM queue"))
        handler, sleeps = Handler(), Sleeps()
        part = consumer(bare, store, handler, sleep=sleeps)
        async with running(part):
            await eventually(lambda: part.readiness.state == "queue-missing")
            assert not part.readiness.ready
            assert part.readiness.why == (
                "tests.agencies does not exist; the cure: satu topology apply, then satu resync registry"
            )
            await bare.apply([AGENCIES])
            await eventually(lambda: part.readiness.ready)
            assert "satu resync registry" in part.readiness.why  # nobody else remembers that events were missed
            await send(bare, agency_event("a"))
            await eventually(lambda: len(handler.ids) == 1)


# --- Stop ---


async def test_stop_lets_a_handler_finish_and_acknowledges_its_message(bus: SqliteBus, store: SqliteStore) -> None:
    entered, gate = asyncio.Event(), asyncio.Event()

    async def act(_event: Event, _payload: Payload) -> None:
        entered.set()
        await gate.wait()

    part = consumer(bus, store, Handler(act))
    task = asyncio.create_task(part.run())
    await send(bus, agency_event("a"))
    await entered.wait()
    stopping = asyncio.create_task(part.stop())
    await asyncio.sleep(0.02)
    assert not stopping.done()

    gate.set()
    await asyncio.wait_for(stopping, 5)
    await task

    assert await empty(bus)
    assert part.readiness.state == "stopped"


async def test_a_handler_that_does_not_finish_in_time_is_cancelled(bus: SqliteBus, store: SqliteStore) -> None:
    entered = asyncio.Event()

    async def act(_event: Event, _payload: Payload) -> None:
        entered.set()
        await asyncio.Event().wait()

    part = consumer(bus, store, Handler(act), grace=0.05)
    task = asyncio.create_task(part.run())
    await send(bus, agency_event("a"))
    await entered.wait()
    await asyncio.wait_for(part.stop(), 5)
    await task

    assert (await bus.state(AGENCIES)).ready == 1


async def test_stop_ends_a_long_wait_at_once(
    bus: SqliteBus, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise StoreAway("no answer")

    monkeypatch.setattr(store, "ping", away)
    part = consumer(bus, store, away)
    task = asyncio.create_task(part.run())
    await send(bus, agency_event("a"))
    await eventually(lambda: part.paused)

    async with asyncio.timeout(0.9):  # the first wait is a whole second
        await part.stop()
    await task


async def _is_parked(bus: SqliteBus) -> bool:
    return bool(await parked_of(bus))


async def _ready(bus: SqliteBus, count: int) -> bool:
    return (await bus.state(AGENCIES)).ready == count
