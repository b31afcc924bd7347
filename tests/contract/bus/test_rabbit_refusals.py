"""What RabbitMQ does not take, for lack of a right, of room, of a confirm or of memory: all else goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from shared.adapters.rabbit.bus import RabbitBus
from shared.adapters.sqlite.store import SqliteStore
from shared.contracts.contract import Payload
from shared.contracts.event import Event
from shared.contracts.subscriptions import subscription
from shared.contracts.topology import EVENTS
from shared.faults import Refused, Unconfirmed
from shared.messaging.consumer import Consumer
from shared.messaging.relay import Relay
from shared.ports.bus import Outgoing
from shared.ports.store import Decision, State
from tests.servers.need import missing
from tests.servers.rabbit import RabbitServer, Vhost, installed, running
from tests.support.events import agency_draft, agency_event
from tests.support.pipeline import KIND, eventually, opened_store
from tests.support.pipeline import running as working
from tests.support.rabbit_vhost import opened

pytestmark = [pytest.mark.rabbit, pytest.mark.drawn(3), pytest.mark.timeout(120)]

REGISTERED, RETIRED = "agency.registered", "agency.retired"
MOST = 4096  # bytes of a message
LEASE = timedelta(seconds=1)


@pytest.fixture(scope="module")
def server() -> Iterator[RabbitServer]:
    if not installed():
        missing("RabbitMQ", "apt-get install rabbitmq-server")
    with running(f"max_message_size = {MOST}") as server:
        yield server


@pytest.fixture
async def vhost(server: RabbitServer) -> AsyncIterator[Vhost]:
    async with server.vhost() as vhost:
        yield vhost


@pytest.fixture
async def bus(vhost: Vhost) -> AsyncIterator[RabbitBus]:
    async with opened(vhost.url_of("registry"), seconds=2) as bus:
        yield bus


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with opened_store(tmp_path, "registry") as store:
        yield store


async def owe(store: SqliteStore, id: str, type: str = REGISTERED, name: str = "Dinas") -> None:
    draft = agency_draft(id, name).model_copy(update={"type": type})

    def decide(_: State | None) -> Decision:
        return {"name": name}, draft

    await store.change(KIND.name, id, decide)


async def owing(store: SqliteStore) -> set[str]:
    """The ids of the documents that owe."""
    return {document["_id"] async for document in store.dump(KIND.name) if document["outbox"]}


async def allow(vhost: Vhost, types: str) -> None:
    """Give the registry the right to publish these types: a pattern."""
    management = vhost.management
    async with httpx2.AsyncClient(auth=(management.user, management.password), trust_env=False) as http:
        right = {"exchange": EVENTS, "write": types, "read": "^$"}
        path = f"/api/topic-permissions/{vhost.name}/registry"
        (await http.put(f"{management.url}{path}", json=right)).raise_for_status()


@contextmanager
def without_majority(server: RabbitServer, vhost: Vhost, queue: str) -> Iterator[None]:
    """The queue takes messages and confirms none, as when it has lost the majority of its nodes."""
    process = f'{{list_to_existing_atom("{vhost.name}_{queue}"), node()}}'
    server.control("eval", f"sys:suspend({process}).")
    try:
        yield
    finally:
        server.control("eval", f"sys:resume({process}).")


async def test_a_type_without_the_right_rests_and_all_others_go_on(
    vhost: Vhost, bus: RabbitBus, store: SqliteStore
) -> None:
    await allow(vhost, "^agency\\.registered$")
    for number in range(20):
        await owe(store, f"refused {number}", RETIRED)
        await owe(store, f"allowed {number}")
    part = Relay(store, bus, lease=LEASE)
    async with working(part):

        async def others_went_on() -> bool:
            return await owing(store) == {f"refused {number}" for number in range(20)}

        await eventually(others_went_on)
        await eventually(lambda: part.readiness.state == "refused")
        assert not part.readiness.ready
        for words in (RETIRED, "the cure: satu topology apply"):
            assert words in part.readiness.why
        assert REGISTERED not in part.readiness.why

        await owe(store, "later")
        await eventually(others_went_on)
        await allow(vhost, "^agency\\..+$")

        async def all_went() -> bool:
            return await store.owed_depth() == 0

        await eventually(all_went)
        assert part.readiness.ready


async def test_a_message_that_is_too_large_rests_and_others_of_its_type_go_on(
    bus: RabbitBus, store: SqliteStore
) -> None:
    await owe(store, "large", name="x" * MOST)
    for number in range(20):
        await owe(store, f"small {number}")
    part = Relay(store, bus, lease=LEASE)
    async with working(part):

        async def others_went_on() -> bool:
            return await owing(store) == {"large"}

        await eventually(others_went_on)
        await eventually(lambda: part.readiness.state == "refused")
        for words in (REGISTERED, str(MOST), "max_message_size"):
            assert words in part.readiness.why
        for number in range(20):
            await owe(store, f"later {number}")
        await eventually(others_went_on)


async def test_of_many_published_at_once_only_the_one_that_is_too_large_is_refused(bus: RabbitBus) -> None:
    bodies = [b"x" * (MOST + 1 if number == 7 else 10) for number in range(30)]

    fates = await bus.publish_many(
        [Outgoing(REGISTERED, f"agency/{n}", "61.12", body) for n, body in enumerate(bodies)]
    )

    assert isinstance(fates[7], Refused)
    assert not fates[7].whole_type
    assert [fate for n, fate in enumerate(fates) if n != 7] == [None] * 29


async def test_of_many_published_at_once_those_without_a_confirm_hold_up_the_others_only_once(
    server: RabbitServer, vhost: Vhost, bus: RabbitBus
) -> None:
    """The first message for such a queue stops its channel: which one it was, the broker does not tell."""
    types = ["innovation.submitted" if number % 2 else REGISTERED for number in range(10)]
    events = [Outgoing(type, f"m/{number}", "61.12", b"x") for number, type in enumerate(types)]
    with without_majority(server, vhost, "scoring.innovations"):
        first, second = [await bus.publish_many(events) for _ in range(2)]
    assert all(fate is None or isinstance(fate, Unconfirmed) for fate in [*first, *second])
    assert [fate is None for fate in second] == [type == REGISTERED for type in types]

    async def all_go() -> bool:
        return await bus.publish_many(events) == [None] * 10

    await eventually(all_go)


async def test_a_queue_without_a_majority_holds_up_no_other_type(
    server: RabbitServer, vhost: Vhost, bus: RabbitBus, store: SqliteStore
) -> None:
    stuck = "innovation.submitted"
    part = Relay(store, bus, lease=LEASE, at_once=8)
    with without_majority(server, vhost, "scoring.innovations"):
        for number in range(40):
            await owe(store, f"stuck {number}", stuck)
        async with working(part):
            await eventually(lambda: part.readiness.state == "unconfirmed")
            assert stuck in part.readiness.why
            for number in range(40):
                await owe(store, f"other {number}")

            async def others_went_on() -> bool:
                return await owing(store) == {f"stuck {number}" for number in range(40)}

            await eventually(others_went_on)
            assert part.readiness.state == "unconfirmed"

    async with working(Relay(store, bus, lease=LEASE)):

        async def all_went() -> bool:
            return await store.owed_depth() == 0

        await eventually(all_went)


async def test_a_broker_that_takes_no_messages_costs_a_failing_message_no_delivery(
    server: RabbitServer, vhost: Vhost, bus: RabbitBus, store: SqliteStore
) -> None:
    agencies, event = subscription("scoring.agencies"), agency_event("a")
    calls: list[str] = []

    async def fail_once(event: Event, _: Payload) -> None:
        calls.append(event.id)
        if len(calls) == 1:
            raise ValueError("the first time")

    await bus.publish(event.type, event.id, "61.12", event.encode(), mandatory=True)
    async with opened(vhost.url_of("scoring"), seconds=0.5) as scoring:
        part = Consumer(scoring, agencies, dict.fromkeys(agencies.types, fail_once), store)
        server.control("set_vm_memory_high_watermark", "0")
        try:
            async with working(part):
                await asyncio.sleep(5)  # time enough to be given back and delivered again several times
                assert len(calls) == 1
                server.control("set_vm_memory_high_watermark", "absolute", "512MB")
                await eventually(lambda: len(calls) == 2)
        finally:
            server.control("set_vm_memory_high_watermark", "absolute", "512MB")
