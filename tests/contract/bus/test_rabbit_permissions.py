"""Permissions on a real broker: no service uses another's queues or publishes another's event types."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import aio_pika
import httpx2
import pytest
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aiormq.exceptions import ChannelAccessRefused

from shared.adapters.rabbit.provision import apply
from shared.contracts.event_types import CONTRACTS, types_from
from shared.contracts.subscriptions import SUBSCRIPTIONS, Subscription
from shared.contracts.topology import EVENTS, subscriber
from shared.faults import BusAway, Refused
from shared.ports.bus import Tailing
from tests.servers.rabbit import Vhost
from tests.support.rabbit_vhost import INNOVATIONS, SUBMITTED, channel, opened, still_vhost, take, vhost

__all__ = ["still_vhost", "vhost"]
pytestmark = pytest.mark.rabbit

SERVICES = ("registry", "scoring", "notifications")
Attempt = Callable[[AbstractChannel], Awaitable[object]]


async def ignore(_: AbstractIncomingMessage) -> None:
    pass


def publishing(exchange: str, key: str) -> Attempt:
    async def attempt(channel: AbstractChannel) -> None:
        where = channel.default_exchange if not exchange else await channel.get_exchange(exchange, ensure=False)
        await where.publish(aio_pika.Message(b"forged"), key, mandatory=False)

    return attempt


def consuming(queue: str) -> Attempt:
    async def attempt(channel: AbstractChannel) -> None:
        await (await channel.get_queue(queue, ensure=False)).consume(ignore)

    return attempt


def fetching(queue: str) -> Attempt:
    async def attempt(channel: AbstractChannel) -> None:
        await (await channel.get_queue(queue, ensure=False)).get(fail=False)

    return attempt


def purging(queue: str) -> Attempt:
    async def attempt(channel: AbstractChannel) -> None:
        await (await channel.get_queue(queue, ensure=False)).purge()

    return attempt


def binding(queue: str, exchange: str, key: str) -> Attempt:
    async def attempt(channel: AbstractChannel) -> None:
        await (await channel.get_queue(queue, ensure=False)).bind(exchange, key)

    return attempt


def unbinding(queue: str, exchange: str, key: str) -> Attempt:
    async def attempt(channel: AbstractChannel) -> None:
        await (await channel.get_queue(queue, ensure=False)).unbind(exchange, key)

    return attempt


async def refused(url: str, attempt: Attempt) -> bool:
    """Whether the broker refuses it for lack of permission (403). Any other error fails the test."""
    async with channel(url) as each:
        try:
            await attempt(each)
        except ChannelAccessRefused:
            return True
    return False


# --- A service ---


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_publishes_its_own_types_and_no_other(still_vhost: Vhost, service: str) -> None:
    own = types_from(service)

    for type in CONTRACTS:
        assert await refused(still_vhost.url_of(service), publishing(EVENTS, type)) == (type not in own), type
    assert await refused(still_vhost.url_of(service), publishing(EVENTS, "anything.else"))


@pytest.mark.parametrize(
    "attempt",
    [
        publishing("notifications.own", "notifications.regions"),
        publishing("notifications.own", "notifications.regions.parked"),
        publishing("notifications.retry.0", "notifications.regions"),
        publishing("", "notifications.regions"),
        publishing("", "scoring.innovations"),
        publishing("amq.topic", "x"),
    ],
)
async def test_a_service_writes_to_no_queue_of_another(still_vhost: Vhost, attempt: Attempt) -> None:
    assert await refused(still_vhost.url_of("scoring"), attempt)


@pytest.mark.parametrize("queue", ["notifications.regions", "notifications.regions.parked", "notifications.retry.0"])
@pytest.mark.parametrize("way", [consuming, fetching, purging])
async def test_a_service_reads_no_queue_of_another(
    still_vhost: Vhost, way: Callable[[str], Attempt], queue: str
) -> None:
    assert await refused(still_vhost.url_of("scoring"), way(queue))


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_declares_and_deletes_nothing_not_even_its_own(still_vhost: Vhost, service: str) -> None:
    url = still_vhost.url_of(service)

    assert await refused(url, lambda c: c.declare_queue(f"{service}.more", durable=True))
    assert await refused(url, lambda c: c.declare_queue("", exclusive=True))
    assert await refused(url, lambda c: c.declare_exchange(f"{service}.more"))
    assert await refused(url, lambda c: c.exchange_delete(EVENTS))
    for name in (each.name for each in SUBSCRIPTIONS):
        assert await refused(url, lambda c, name=name: c.queue_delete(name))  # type: ignore[misc]


async def test_a_service_binds_nothing_to_the_events(still_vhost: Vhost) -> None:
    for key in ("#", "obligation.opened", SUBMITTED):
        assert await refused(still_vhost.url_of("scoring"), binding("scoring.innovations", EVENTS, key))
        assert await refused(still_vhost.url_of("scoring"), unbinding("scoring.innovations", EVENTS, key))


async def test_a_users_permissions_are_enough_for_all_that_a_service_does(vhost: Vhost) -> None:
    async with opened(vhost.url_of("registry")) as registry, opened(vhost.url_of("scoring")) as scoring:
        await scoring.ping()
        assert (await scoring.state(INNOVATIONS)).ready == 0
        await registry.publish(SUBMITTED, "innovation/a/1", "61.12", b"x", mandatory=True)
        receiver = await scoring.receive(INNOVATIONS, prefetch=2)
        for rung in range(2):
            await receiver.retry(await take(receiver), rung=rung, counted=True)
        await receiver.park(await take(receiver), reason="r", fault="F")
        assert [each.attempt async for each in scoring.parked(INNOVATIONS)] == [3]
        assert await scoring.unpark(INNOVATIONS, frozenset({"innovation/a/1"}), replay=True) == 1
        await receiver.ack(await take(receiver))


async def test_publishing_anothers_type_is_refused(still_vhost: Vhost) -> None:
    async with opened(still_vhost.url_of("scoring")) as bus:
        with pytest.raises(Refused, match="refused for user"):
            await bus.publish(SUBMITTED, "innovation/a/1", "61.12", b"forged", mandatory=True)
        await bus.publish(
            "innovation.scored", "scorecard/a/1", "61.12", b"x", mandatory=False
        )  # its own types still work


async def test_receiving_from_anothers_queue_raises_bus_away(still_vhost: Vhost) -> None:
    foreign = next(each for each in SUBSCRIPTIONS if each.service == "notifications")
    async with opened(still_vhost.url_of("scoring")) as bus:
        with pytest.raises(BusAway, match="ACCESS_REFUSED"):
            await bus.receive(foreign, prefetch=1)


async def test_a_message_with_extra_routing_keys_in_a_header_arrives_with_its_own_key(vhost: Vhost) -> None:
    # RabbitMQ 3.10 checks the topic permission of the key only, and routes by the CC header too. What arrives has the
    # key, so the rule "key = the body's type" parks it as unreadable.
    async with channel(vhost.url_of("scoring")) as plain, opened(vhost.url_of("scoring")) as bus:
        events = await plain.get_exchange(EVENTS, ensure=False)
        with contextlib.suppress(ChannelAccessRefused):  # a newer broker may refuse it
            forged = aio_pika.Message(b"forged", headers={"CC": [SUBMITTED]})
            await events.publish(forged, "innovation.scored", mandatory=False)
        await asyncio.sleep(0.2)
        arrived = (await bus.state(INNOVATIONS)).ready
        receiver = await bus.receive(INNOVATIONS, prefetch=1)
        for _ in range(arrived):
            assert (await take(receiver)).routing_key == "innovation.scored"


async def test_a_user_without_a_topic_record_could_publish_every_type(vhost: Vhost) -> None:
    management = vhost.management
    async with httpx2.AsyncClient(base_url=management.url, auth=(management.user, management.password)) as http:
        (await http.delete(f"/api/topic-permissions/{vhost.name}/scoring")).raise_for_status()

    assert not await refused(vhost.url_of("scoring"), publishing(EVENTS, SUBMITTED))

    await apply(vhost.management, vhost.topology, vhost.passwords)
    assert await refused(vhost.url_of("scoring"), publishing(EVENTS, SUBMITTED))


# --- The tail ---


async def test_the_tail_yields_every_event(vhost: Vhost) -> None:
    async with opened(vhost.url_of("tail")) as bus, opened(vhost.url_of("registry")) as registry:
        assert isinstance(bus, Tailing)
        tail = bus.tail()
        first = asyncio.ensure_future(anext(tail))
        while not first.done():
            await registry.publish(SUBMITTED, "innovation/a/1", "61.12", b"one", mandatory=True)
            await asyncio.wait([first], timeout=0.1)
        await registry.publish("agency.registered", "agency/a/2", "61.12", b"two", mandatory=True)

        assert first.result() == b"one"
        async with asyncio.timeout(5):
            while await anext(tail) != b"two":
                pass
        await tail.aclose()  # type: ignore[attr-defined]


async def test_the_tail_ends_with_the_bus(vhost: Vhost) -> None:
    async with opened(vhost.url_of("tail")) as bus:
        following = asyncio.ensure_future(anext(bus.tail()))
        await asyncio.sleep(0.1)
        await bus.close()
        with pytest.raises(BusAway):
            await following


@pytest.mark.parametrize(
    "attempt",
    [
        publishing(EVENTS, SUBMITTED),
        publishing("scoring.own", "scoring.innovations"),
        publishing("", "scoring.innovations"),
        fetching("scoring.innovations"),
        purging("scoring.innovations.parked"),
        binding("scoring.innovations", EVENTS, "#"),
        lambda c: c.declare_queue("scoring.more"),
        lambda c: c.declare_exchange("tails"),
        lambda c: c.queue_delete("scoring.innovations"),
    ],
)
async def test_the_tail_can_only_read_events(still_vhost: Vhost, attempt: Attempt) -> None:
    assert await refused(still_vhost.url_of("tail"), attempt)


# --- A foreign subscriber ---


async def test_a_foreign_subscriber_reads_its_own_queue_and_nothing_else(vhost: Vhost) -> None:
    given = subscriber("warehouse", ["innovation"])
    await apply(vhost.management, given, {"subscriber.warehouse": "test-warehouse"})
    vhost.passwords["subscriber.warehouse"] = "test-warehouse"
    url = vhost.url_of("subscriber.warehouse")

    async with opened(vhost.url_of("registry")) as registry:
        await registry.publish(SUBMITTED, "innovation/a/1", "61.12", b"x", mandatory=True)
    async with opened(url) as bus:
        receiver = await bus.receive(Subscription("subscriber", "warehouse", frozenset()), prefetch=1)
        assert (await take(receiver)).body == b"x"

    for attempt in (
        fetching("scoring.innovations"),
        publishing(EVENTS, SUBMITTED),
        publishing("scoring.own", "scoring.innovations"),
        binding("subscriber.warehouse", EVENTS, "#"),
        purging("notifications.regions"),
    ):
        assert await refused(url, attempt)


async def test_a_foreign_subscriber_that_does_not_read_blocks_nobody(vhost: Vhost) -> None:
    given = subscriber("sleeper", ["innovation"], length=3)
    await apply(vhost.management, given, {"subscriber.sleeper": "test-sleeper"})

    async with opened(vhost.url_of("registry")) as registry, opened(vhost.url_of("scoring")) as scoring:
        for number in range(10):
            await registry.publish(SUBMITTED, f"innovation/a/{number}", "61.12", str(number).encode(), mandatory=True)
        assert (await scoring.state(INNOVATIONS)).ready == 10

    async with channel(vhost.url) as plain:
        queue = await plain.get_queue("subscriber.sleeper")
        kept = [await queue.get() for _ in range(queue.declaration_result.message_count or 0)]
    assert [int(message.body) for message in kept] == [7, 8, 9]
