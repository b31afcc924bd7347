"""The contract of `shared.ports.bus.Bus` for subscriptions that can be rebuilt: bounded queues, and what may repeat."""

from __future__ import annotations

import asyncio
import dataclasses

from shared.contracts.subscriptions import Subscription
from shared.ports.bus import Bus, Delivery, Receiver
from tests.support.bus_makers import BOUND, BusMaker

SOON = 10.0  # seconds


async def take(receiver: Receiver) -> Delivery:
    async with asyncio.timeout(SOON):
        return await receiver.take()


async def started(maker: BusMaker) -> tuple[Bus, Subscription, Subscription]:
    """A bus with one subscription that is bounded, and one of the same type that is not."""
    whole = maker.subscription("whole", "made")
    rebuilt = dataclasses.replace(whole, purpose="rebuilt", rebuilt=True, single_active=True)
    await maker.apply(whole, rebuilt)
    return await maker.open(), rebuilt, whole


async def publish(bus: Bus, subscription: Subscription, *numbers: int) -> None:
    (type,) = subscription.types
    for number in numbers:
        await bus.publish(type, f"thing/{number}", "61.12", b"x", mandatory=True)


async def test_a_full_bounded_queue_drops_its_oldest_and_no_other_queue_does(bus_maker: BusMaker) -> None:
    bus, rebuilt, whole = await started(bus_maker)

    await publish(bus, rebuilt, *range(BOUND + 5))

    state = await bus.state(rebuilt)
    assert (state.ready, state.full) == (BOUND, True)
    if bus_maker.features.counts_dropped:
        assert state.dropped == 5
    receiver = await bus.receive(rebuilt, prefetch=BOUND)
    kept = [await take(receiver) for _ in range(BOUND)]
    assert [each.message_id for each in kept] == [f"thing/{number}" for number in range(5, BOUND + 5)]
    assert ((await bus.state(whole)).ready, (await bus.state(whole)).full) == (BOUND + 5, False)


async def test_a_bounded_queue_that_is_read_drops_nothing(bus_maker: BusMaker) -> None:
    bus, rebuilt, _ = await started(bus_maker)
    receiver = await bus.receive(rebuilt, prefetch=2)

    for number in range(3 * BOUND):
        await publish(bus, rebuilt, number)
        delivery = await take(receiver)
        assert (delivery.message_id, delivery.redelivered) == (f"thing/{number}", False)
        await receiver.ack(delivery)

    state = await bus.state(rebuilt)
    assert (state.full, state.dropped or 0) == (False, 0)


async def test_what_came_back_from_a_rung_may_have_been_handled_before(bus_maker: BusMaker) -> None:
    bus, rebuilt, _ = await started(bus_maker)
    await publish(bus, rebuilt, 1, 2)
    receiver = await bus.receive(rebuilt, prefetch=2)

    for counted in (True, False):
        delivery = await take(receiver)
        assert not delivery.redelivered
        await receiver.retry(delivery, rung=0, counted=counted)

    back = [await take(receiver) for _ in range(2)]
    assert sorted((each.message_id, each.attempt, each.redelivered) for each in back) == [
        ("thing/1", 1, True),
        ("thing/2", 0, True),
    ]


async def test_what_was_replayed_may_have_been_handled_before(bus_maker: BusMaker) -> None:
    bus, rebuilt, _ = await started(bus_maker)
    await publish(bus, rebuilt, 1)
    receiver = await bus.receive(rebuilt, prefetch=2)
    await receiver.park(await take(receiver), reason="unreadable", fault="Unreadable")

    assert await bus.unpark(rebuilt, frozenset({"thing/1"}), replay=True) == 1

    back = await take(receiver)
    assert (back.message_id, back.attempt, back.redelivered) == ("thing/1", 0, True)
