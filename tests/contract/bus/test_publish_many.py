"""The contract of `publish_many`, against every adapter."""

from __future__ import annotations

import asyncio

from shared.contracts.subscriptions import Subscription
from shared.faults import BusAway, Unroutable
from shared.ports.bus import Bus, Delivery, Outgoing
from tests.support.bus_makers import BusMaker

SOON = 10.0  # seconds in which anything here must have happened


async def started(maker: BusMaker) -> tuple[Bus, Subscription, str]:
    """An open bus, a subscription, and its type."""
    subscription = maker.subscription("main", "made")
    await maker.apply(subscription)
    (type,) = subscription.types
    return await maker.open(), subscription, type


async def taken(bus: Bus, subscription: Subscription, count: int) -> list[Delivery]:
    """The next messages, acked."""
    receiver, deliveries = await bus.receive(subscription, prefetch=count), []
    async with asyncio.timeout(SOON):
        for _ in range(count):
            deliveries.append(await receiver.take())
            await receiver.ack(deliveries[-1])
    await receiver.close()
    return deliveries


async def test_many_arrive_in_order_with_their_bytes_unchanged(bus_maker: BusMaker) -> None:
    bus, subscription, type = await started(bus_maker)
    bodies = [bytes([number % 256]) * (number * 7) for number in range(150)]
    bodies[70] = bytes(range(256)) * 1200  # more than a frame of AMQP

    fates = await bus.publish_many([Outgoing(type, f"m/{n}", "61.12", body) for n, body in enumerate(bodies)])

    assert fates == [None] * 150
    arrived = await taken(bus, subscription, 150)
    assert [(each.message_id, each.body) for each in arrived] == [(f"m/{n}", body) for n, body in enumerate(bodies)]
    assert {each.routing_key for each in arrived} == {type}


async def test_only_what_no_queue_takes_is_unroutable(bus_maker: BusMaker) -> None:
    bus, subscription, type = await started(bus_maker)
    nowhere = f"{subscription.service}.nowhere"
    events = [Outgoing(nowhere if n % 3 == 0 else type, f"m/{n}", "61.12", b"x", mandatory=n != 6) for n in range(20)]

    fates = await bus.publish_many(events)

    unroutable = [n for n in range(20) if isinstance(fates[n], Unroutable)]
    assert unroutable == [0, 3, 9, 12, 15, 18]  # number 6 needs no queue
    assert [fates[n] for n in range(20) if n not in unroutable] == [None] * 14
    arrived = await taken(bus, subscription, 13)
    assert [each.message_id for each in arrived] == [f"m/{n}" for n in range(20) if n % 3]


async def test_an_event_that_is_published_twice_at_once_arrives_twice(bus_maker: BusMaker) -> None:
    bus, subscription, type = await started(bus_maker)
    twice = [
        Outgoing(type, "same", "61.12", b"1"),
        Outgoing(type, "other", "61.12", b"2"),
        Outgoing(type, "same", "61.12", b"1"),
    ]

    fates, more = await asyncio.gather(bus.publish_many(twice), bus.publish_many(twice[:1]))

    assert (fates, more) == ([None] * 3, [None])
    arrived = await taken(bus, subscription, 4)
    assert sorted(each.message_id for each in arrived) == ["other", "same", "same", "same"]


async def test_on_a_closed_bus_every_fate_is_that_it_is_away(bus_maker: BusMaker) -> None:
    bus, _, made = await started(bus_maker)
    await bus.close()
    fates = await bus.publish_many([Outgoing(made, f"m/{n}", "61.12", b"x") for n in range(3)])
    assert [type(fate) for fate in fates] == [BusAway] * 3
    await bus.open()
    assert await bus.publish_many([Outgoing(made, "m", "61.12", b"x")]) == [None]


async def test_nothing_to_publish_is_no_error(bus_maker: BusMaker) -> None:
    bus, _, _ = await started(bus_maker)
    assert await bus.publish_many([]) == []
