"""Behaviour of RabbitMQ and its client that the adapter relies on, each verified on a real broker."""

from __future__ import annotations

import asyncio
import os

import aio_pika
import httpx2
import pytest
from aio_pika.abc import AbstractChannel

from shared.adapters.rabbit.bus import RabbitBus
from shared.adapters.rabbit.provision import apply
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.contracts.topology import EVENTS
from shared.faults import BusAway, QueueMissing, Unconfirmed, Unroutable
from shared.ports.bus import Parked, Receiver
from tests.servers.rabbit import Rabbit, Vhost
from tests.servers.wire import Wire
from tests.support.rabbit_vhost import (
    INNOVATIONS,
    SOON,
    SUBMITTED,
    channel,
    look,
    opened,
    plain,
    registry,
    scoring,
    take,
    vhost,
)

__all__ = ["plain", "registry", "scoring", "vhost"]
pytestmark = [pytest.mark.rabbit, pytest.mark.drawn(10)]

DELIVERY_LIMIT = 100


async def published(bus: RabbitBus, id: str = "innovation/a/1", body: bytes = b"bytes") -> None:
    await bus.publish(SUBMITTED, id, "61.12", body, mandatory=True)


# --- Headers ---


async def test_a_retried_and_parked_message_carries_our_headers_and_none_of_the_brokers(
    registry: RabbitBus, scoring: RabbitBus, plain: AbstractChannel
) -> None:
    await published(registry)
    receiver = await scoring.receive(INNOVATIONS, prefetch=1)

    await receiver.retry(await take(receiver), rung=0, counted=True)
    await receiver.park(await take(receiver), reason="why", fault="ValueError")

    message = await look(plain, "scoring.innovations.parked")
    broker = {name for name in message.headers if not name.startswith("satu-")}
    assert broker - {"x-delivery-count"} == set()
    assert message.headers["satu-attempt"] == 2
    assert (message.headers["satu-reason"], message.headers["satu-fault"]) == ("why", "ValueError")
    assert message.message_id == "innovation/a/1"
    assert message.content_type == "application/cloudevents+json"
    assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT


async def test_a_message_back_from_a_rung_does_carry_the_brokers_x_death(
    registry: RabbitBus, scoring: RabbitBus, plain: AbstractChannel
) -> None:
    await published(registry)
    receiver = await scoring.receive(INNOVATIONS, prefetch=1)
    await receiver.retry(await take(receiver), rung=0, counted=True)
    await receiver.close()

    message = await look(plain, "scoring.innovations")

    assert "x-death" in message.headers  # so there is something to strip


async def test_a_message_without_an_id_gets_one_from_its_bytes(plain: AbstractChannel, scoring: RabbitBus) -> None:
    exchange = await plain.get_exchange(EVENTS)
    without_id = aio_pika.Message(b"foreign", headers={"satu-attempt": "many", "satu-first-at": 5})
    await exchange.publish(without_id, SUBMITTED)
    receiver = await scoring.receive(INNOVATIONS, prefetch=1)

    delivery = await take(receiver)

    assert delivery.message_id
    assert (delivery.attempt, delivery.first_at) == (0, None)


# --- The delivery limit, and cycle detection ---


async def worn_out(registry: RabbitBus, url: str) -> None:
    """Publish a message and have it delivered again and again without an ack, until the broker parks it. Between a
    channel's close and the return of what it held the queue looks empty; only the parked queue shows that the limit is
    reached."""
    await published(registry)
    connection = await aio_pika.connect(url)
    delivered = 0
    async with connection, asyncio.timeout(SOON):
        while delivered < DELIVERY_LIMIT + 5:
            held = await connection.channel()
            message = await (await held.get_queue("scoring.innovations", ensure=False)).get(fail=False)
            if message is not None:
                delivered += 1
            elif (await (await held.get_queue("scoring.innovations.parked")).declare()).message_count:
                return
            await held.close()
    raise AssertionError("the broker delivered it more often than the delivery limit allows")


async def test_a_message_that_nobody_acks_is_parked_by_the_broker_with_that_reason(
    registry: RabbitBus, scoring: RabbitBus, vhost: Vhost
) -> None:
    await worn_out(registry, vhost.url)

    (dead,) = await until_parked(scoring, 1)

    assert (dead.id, dead.body, dead.reason, dead.fault) == (
        "innovation/a/1",
        b"bytes",
        "delivery-limit",
        "DeliveryLimit",
    )
    assert dead.last_at is not None
    assert (await scoring.state(INNOVATIONS)).parked == 1


async def until_parked(bus: RabbitBus, count: int) -> list[Parked]:
    async with asyncio.timeout(SOON):
        while True:
            found = [each async for each in bus.parked(INNOVATIONS)]
            if len(found) == count:
                return found
            await asyncio.sleep(0.05)


async def test_what_the_delivery_limit_parked_can_be_replayed_and_retried(
    registry: RabbitBus, scoring: RabbitBus, vhost: Vhost
) -> None:
    await worn_out(registry, vhost.url)
    await until_parked(scoring, 1)

    assert await scoring.unpark(INNOVATIONS, frozenset({"innovation/a/1"}), replay=True) == 1
    receiver = await scoring.receive(INNOVATIONS, prefetch=1)
    await receiver.retry(await take(receiver), rung=0, counted=True)
    back = await take(receiver)

    assert (back.body, back.attempt) == (b"bytes", 1)


async def test_a_message_replayed_with_its_x_death_is_dropped_as_a_cycle_on_3_10(
    rabbit: Rabbit, registry: RabbitBus, scoring: RabbitBus, plain: AbstractChannel, vhost: Vhost
) -> None:
    async with httpx2.AsyncClient(auth=(vhost.management.user, vhost.management.password)) as http:
        version = (await http.get(f"{rabbit.management_url}/api/overview")).json()["rabbitmq_version"]
    if not version.startswith("3."):
        pytest.skip(f"RabbitMQ {version} does not drop it")
    await worn_out(registry, vhost.url)
    await until_parked(scoring, 1)
    parked = await look(plain, "scoring.innovations.parked")

    careless = aio_pika.Message(parked.body, headers=parked.headers, message_id="careless")
    await (await plain.get_exchange("scoring.retry.0")).publish(careless, "scoring.innovations")
    careful = aio_pika.Message(parked.body, message_id="careful")
    await (await plain.get_exchange("scoring.retry.1")).publish(careful, "scoring.innovations")

    receiver = await scoring.receive(INNOVATIONS, prefetch=5)
    assert (await take(receiver)).message_id == "careful"  # the careless one was due before it


# --- At least once on the way from queue to queue ---


async def test_a_message_on_a_rung_waits_for_a_queue_that_is_missing_meanwhile(
    registry: RabbitBus, scoring: RabbitBus, plain: AbstractChannel, vhost: Vhost
) -> None:
    if "AMQP_URL" in os.environ:
        pytest.skip("this broker tries again only after 3 minutes; the one that the tests start tries sooner")
    await published(registry)
    receiver = await scoring.receive(INNOVATIONS, prefetch=1)
    await receiver.retry(await take(receiver), rung=0, counted=True)
    await plain.queue_delete("scoring.innovations")
    await asyncio.sleep(0.5)  # longer than the rung: it has expired and found no queue

    await apply(vhost.management, vhost.topology, vhost.passwords)

    back = await take(await scoring.receive(INNOVATIONS, prefetch=1))
    assert (back.body, back.attempt) == (b"bytes", 1)


# --- Confirms ---


async def test_the_client_confirms_an_unroutable_message_unless_it_is_set_to_raise(vhost: Vhost) -> None:
    async with channel(vhost.url, on_return_raises=False) as careless:
        events = await careless.get_exchange(EVENTS)
        answer = await events.publish(aio_pika.Message(b"x"), "unbound", mandatory=True)
    assert answer is not None  # a returned message, and no exception

    async with channel(vhost.url, on_return_raises=True) as careful:
        events = await careful.get_exchange(EVENTS)
        with pytest.raises(aio_pika.exceptions.PublishError):
            await events.publish(aio_pika.Message(b"x"), "unbound", mandatory=True)


async def test_a_message_that_the_broker_refuses_is_not_published(registry: RabbitBus, plain: AbstractChannel) -> None:
    full = await plain.declare_queue("full", arguments={"x-max-length": 1, "x-overflow": "reject-publish"})
    await full.bind(EVENTS, SUBMITTED)
    await published(registry, "fits")

    with pytest.raises(Unconfirmed, match="did not take"):
        await published(registry, "too much")

    await full.delete(if_empty=False)
    await published(registry, "fits again")


async def test_a_missing_exchange_raises_and_does_not_affect_later_publishes(
    registry: RabbitBus, plain: AbstractChannel, vhost: Vhost
) -> None:
    await plain.exchange_delete(EVENTS)
    with pytest.raises(Unroutable):
        await published(registry)
    with pytest.raises(BusAway):
        await registry.publish(SUBMITTED, "b", "61.12", b"x", mandatory=False)

    await apply(vhost.management, vhost.topology, vhost.passwords)

    await published(registry)


async def test_each_of_several_publishes_of_one_event_gets_its_own_confirm(
    registry: RabbitBus, scoring: RabbitBus
) -> None:
    same = [registry.publish(SUBMITTED, "same", "61.12", b"x", mandatory=True) for _ in range(5)]
    await asyncio.gather(*same)

    receiver = await scoring.receive(INNOVATIONS, prefetch=5)
    assert [(await take(receiver)).message_id for _ in range(5)] == ["same"] * 5


async def test_an_unroutable_message_among_many_is_the_only_one_that_fails(
    registry: RabbitBus, plain: AbstractChannel
) -> None:
    for each in SUBSCRIPTIONS:
        if "agency.registered" in each.types:
            await plain.queue_delete(each.name)
    kinds = ["agency.registered" if number % 7 == 0 else SUBMITTED for number in range(50)]

    outcomes = await asyncio.gather(
        *(registry.publish(kind, f"m/{number}", "61.12", b"x", mandatory=True) for number, kind in enumerate(kinds)),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [
        type(None) if kind == SUBMITTED else Unroutable for kind in kinds
    ]


# --- Missing parts of the topology ---


async def test_a_missing_rung_raises_and_the_message_stays_held(
    registry: RabbitBus, scoring: RabbitBus, plain: AbstractChannel, vhost: Vhost
) -> None:
    await published(registry)
    receiver = await scoring.receive(INNOVATIONS, prefetch=1)
    held = await take(receiver)
    await plain.queue_delete("scoring.retry.0")
    with pytest.raises(QueueMissing):
        await receiver.retry(held, rung=0, counted=True)
    await plain.exchange_delete("scoring.retry.1")
    with pytest.raises(QueueMissing):
        await receiver.retry(held, rung=1, counted=True)
    await plain.queue_delete("scoring.innovations.parked")
    with pytest.raises(QueueMissing):
        await receiver.park(held, reason="r", fault="F")
    with pytest.raises(QueueMissing):
        await scoring.state(INNOVATIONS)
    with pytest.raises(QueueMissing):
        await until_parked(scoring, 0)

    await apply(vhost.management, vhost.topology, vhost.passwords)

    await receiver.retry(held, rung=0, counted=True)
    assert (await take(receiver)).attempt == 1


async def test_a_message_that_is_no_longer_held_cannot_be_acked(registry: RabbitBus, scoring: RabbitBus) -> None:
    await published(registry)
    receiver: Receiver = await scoring.receive(INNOVATIONS, prefetch=1)
    held = await take(receiver)
    await receiver.ack(held)

    with pytest.raises(BusAway):
        await receiver.ack(held)
    with pytest.raises(BusAway):
        await receiver.retry(held, rung=0, counted=True)


# --- Parked queues ---


async def test_an_interrupted_look_at_parked_messages_leaves_all_in_place_and_in_order(
    registry: RabbitBus, scoring: RabbitBus
) -> None:
    receiver = await scoring.receive(INNOVATIONS, prefetch=1)
    for number in range(6):
        await published(registry, f"m/{number}")
        await receiver.park(await take(receiver), reason="r", fault="F")

    for _ in range(3):
        walk = scoring.parked(INNOVATIONS)
        assert [(await anext(walk)).id for _ in range(4)] == ["m/0", "m/1", "m/2", "m/3"]
        await walk.aclose()  # type: ignore[attr-defined]

    assert [each.id for each in await until_parked(scoring, 6)] == [f"m/{number}" for number in range(6)]
    assert await scoring.unpark(INNOVATIONS, frozenset({"m/2", "m/5"}), replay=False) == 2
    assert [each.id for each in await until_parked(scoring, 4)] == ["m/0", "m/1", "m/3", "m/4"]


# --- Time limits ---


async def test_the_time_limit_of_a_publish_covers_the_wait_for_a_connection(vhost: Vhost) -> None:
    port = int(vhost.url.rpartition(":")[2].partition("/")[0])
    wire = Wire(port)
    url = vhost.url.replace(f":{port}/", f":{await wire.open()}/")
    bus = RabbitBus(url, seconds=0.5)
    wire.hold()
    try:
        async with asyncio.timeout(3):
            with pytest.raises(BusAway, match=r"0\.5 s"):
                await bus.open()
            with pytest.raises(BusAway, match=r"0\.5 s"):
                await published(bus)
        wire.release()
        await published(bus)
    finally:
        await bus.close()
        await wire.close()


async def test_a_publish_that_was_too_slow_is_made_again_on_another_channel(vhost: Vhost, scoring: RabbitBus) -> None:
    port = int(vhost.url.rpartition(":")[2].partition("/")[0])
    wire = Wire(port)
    url = vhost.url.replace(f":{port}/", f":{await wire.open()}/")
    async with opened(url, seconds=1.0) as bus:
        await published(bus, "first")
        wire.hold()
        with pytest.raises(BusAway):
            await published(bus, "second")
        wire.release()

        await published(bus, "second")

        receiver = await scoring.receive(INNOVATIONS, prefetch=5)
        assert [(await take(receiver)).message_id for _ in range(3)] == ["first", "second", "second"]
    await wire.close()


async def test_a_silent_broker_is_noticed_by_a_waiting_consumer(vhost: Vhost) -> None:
    port = int(vhost.url.rpartition(":")[2].partition("/")[0])
    wire = Wire(port)
    url = vhost.url.replace(f":{port}/", f":{await wire.open()}/")
    async with opened(f"{url}?heartbeat=1", seconds=1.0) as bus:
        receiver = await bus.receive(INNOVATIONS, prefetch=1)
        wire.hold()
        with pytest.raises(BusAway):
            await take(receiver)
        wire.release()

        await published(bus)
        assert (await take(await bus.receive(INNOVATIONS, prefetch=1))).body == b"bytes"
    await wire.close()


async def test_a_wrong_password_raises_bus_away_and_is_not_in_the_message(vhost: Vhost) -> None:
    bus = RabbitBus(vhost.url_of("scoring").replace("test-scoring@", "secret-guess@"))

    with pytest.raises(BusAway) as caught:
        await bus.open()

    assert "secret-guess" not in str(caught.value)
    await bus.close()
