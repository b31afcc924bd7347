"""The contract of `shared.ports.bus.Bus`, against every adapter."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from shared.clock import Clock
from shared.contracts.subscriptions import Subscription
from shared.faults import BusAway, QueueMissing, Unroutable
from shared.ports.bus import Bus, Delivery, Parked, Receiver
from tests.support.bus_makers import BusMaker

SOON = 10.0  # seconds in which anything here must have happened
NOTHING = 0.3  # seconds without a message after which we conclude that none comes


async def take(receiver: Receiver) -> Delivery:
    async with asyncio.timeout(SOON):
        return await receiver.take()


async def take_all(receiver: Receiver, count: int) -> list[Delivery]:
    return [await take(receiver) for _ in range(count)]


async def nothing_comes(receiver: Receiver) -> bool:
    try:
        async with asyncio.timeout(NOTHING):
            await receiver.take()
    except TimeoutError:
        return True
    return False


async def parked(bus: Bus, subscription: Subscription) -> list[Parked]:
    return [each async for each in bus.parked(subscription)]


def only_type(subscription: Subscription) -> str:
    (type,) = subscription.types
    return type


async def started(maker: BusMaker, *types: str) -> tuple[Bus, Subscription]:
    subscription = maker.subscription("main", *(types or ("made",)))
    await maker.apply(subscription)
    return await maker.open(), subscription


# --- Publish and take ---


async def test_a_message_arrives_with_its_bytes_unchanged(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    body = bytes(range(256)) * 20

    await bus.publish(only_type(subscription), "thing/1", "61.12", body, mandatory=True)
    delivery = await take(await bus.receive(subscription, prefetch=1))

    assert delivery.body == body
    assert delivery.message_id == "thing/1"
    assert delivery.routing_key == only_type(subscription)
    assert (delivery.attempt, delivery.first_at, delivery.redelivered) == (0, None, False)


async def test_every_subscription_of_a_type_gets_its_own_copy_and_no_other(bus_maker: BusMaker) -> None:
    one, two = bus_maker.subscription("one", "made", "mended"), bus_maker.subscription("two", "mended")
    await bus_maker.apply(one, two)
    bus = await bus_maker.open()
    service = one.service

    await bus.publish(f"{service}.made", "a", "61.12", b"a", mandatory=True)
    await bus.publish(f"{service}.mended", "b", "61.12", b"b", mandatory=True)

    first, second = await bus.receive(one, prefetch=5), await bus.receive(two, prefetch=5)
    assert [each.message_id for each in await take_all(first, 2)] == ["a", "b"]
    assert (await take(second)).message_id == "b"
    assert await nothing_comes(second)


async def test_messages_keep_their_order(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    for number in range(20):
        await bus.publish(only_type(subscription), str(number), "61.12", b"x", mandatory=True)

    receiver = await bus.receive(subscription, prefetch=7)
    seen = []
    for _ in range(20):
        delivery = await take(receiver)
        seen.append(delivery.message_id)
        await receiver.ack(delivery)

    assert seen == [str(number) for number in range(20)]


async def test_a_waiting_take_gets_a_new_message_at_once(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    receiver = await bus.receive(subscription, prefetch=1)
    waiting = asyncio.create_task(take(receiver))
    await asyncio.sleep(0.05)

    await (await bus_maker.open()).publish(only_type(subscription), "a", "61.12", b"from another", mandatory=True)

    assert (await waiting).body == b"from another"


async def test_a_receiver_holds_no_more_than_its_prefetch(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    for number in range(4):
        await bus.publish(only_type(subscription), str(number), "61.12", b"x", mandatory=True)
    receiver = await bus.receive(subscription, prefetch=2)

    held = await take_all(receiver, 2)
    assert await nothing_comes(receiver)

    await receiver.ack(held[0])
    assert (await take(receiver)).message_id == "2"


async def test_two_receivers_share_the_work(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    other = await bus_maker.open() if bus_maker.features.many_receive else bus
    one = await bus.receive(subscription, prefetch=1)
    two = await other.receive(subscription, prefetch=1)

    for name in ("a", "b"):
        await bus.publish(only_type(subscription), name, "61.12", b"x", mandatory=True)

    assert {(await take(one)).message_id, (await take(two)).message_id} == {"a", "b"}


async def test_a_cancelled_take_loses_nothing(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    receiver = await bus.receive(subscription, prefetch=1)
    for number in range(10):
        waiting = asyncio.create_task(receiver.take())
        publishing = asyncio.create_task(
            bus.publish(only_type(subscription), str(number), "61.12", b"x", mandatory=True)
        )
        await asyncio.sleep(0.001 * number)
        waiting.cancel()
        await asyncio.wait([waiting, publishing])
        delivery = await take(receiver) if waiting.cancelled() else waiting.result()
        assert delivery.message_id == str(number)
        await receiver.ack(delivery)


async def test_many_publishers_at_once_are_all_confirmed_and_all_arrive(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    names = {f"thing/{number}" for number in range(200)}

    await asyncio.gather(
        *(bus.publish(only_type(subscription), name, "61.12", name.encode(), mandatory=True) for name in names)
    )

    receiver = await bus.receive(subscription, prefetch=50)
    seen = set()
    while len(seen) < len(names):
        delivery = await take(receiver)
        assert delivery.body == delivery.message_id.encode()
        seen.add(delivery.message_id)
        await receiver.ack(delivery)
    assert seen == names
    assert await nothing_comes(receiver)


# --- Unroutable, missing ---


async def test_a_mandatory_message_without_a_queue_is_unroutable(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)

    with pytest.raises(Unroutable):
        await bus.publish(f"{subscription.service}.unbound", "a", "61.12", b"x", mandatory=True)

    await bus.publish(only_type(subscription), "b", "61.12", b"x", mandatory=True)  # the bus goes on
    assert (await take(await bus.receive(subscription, prefetch=1))).message_id == "b"


async def test_a_message_without_a_queue_is_confirmed_when_it_is_not_mandatory(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)

    await bus.publish(f"{subscription.service}.unbound", "a", "61.12", b"x", mandatory=False)

    assert (await bus.state(subscription)).ready == 0


async def test_a_queue_that_does_not_exist_is_missing(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    absent = bus_maker.subscription("absent", "made")

    with pytest.raises(QueueMissing):
        await bus.receive(absent, prefetch=1)
    with pytest.raises(QueueMissing):
        await bus.state(absent)

    await bus.publish(only_type(subscription), "a", "61.12", b"x", mandatory=True)  # a missing queue harms no other
    assert (await take(await bus.receive(subscription, prefetch=1))).message_id == "a"


async def test_a_queue_deleted_under_a_waiting_consumer_is_missing(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    receiver = await bus.receive(subscription, prefetch=1)
    waiting = asyncio.create_task(take(receiver))
    await asyncio.sleep(0.05)

    await bus_maker.delete_queue(subscription)

    with pytest.raises(QueueMissing):
        await waiting
    await receiver.close()


async def test_a_deleted_queue_works_again_once_it_is_applied(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    await bus_maker.delete_queue(subscription)
    with pytest.raises(Unroutable):
        await bus.publish(only_type(subscription), "a", "61.12", b"x", mandatory=True)

    await bus_maker.apply(subscription)

    await bus.publish(only_type(subscription), "b", "61.12", b"x", mandatory=True)
    assert (await take(await bus.receive(subscription, prefetch=1))).message_id == "b"


async def test_apply_again_changes_nothing(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    await bus.publish(only_type(subscription), "a", "61.12", b"x", mandatory=True)

    await bus_maker.apply(subscription)

    await bus.publish(only_type(subscription), "b", "61.12", b"x", mandatory=True)
    receiver = await bus.receive(subscription, prefetch=5)
    assert [each.message_id for each in await take_all(receiver, 2)] == ["a", "b"]
    assert await nothing_comes(receiver)


# --- Ack, redelivery, crash ---


async def test_an_acked_message_never_comes_back(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    await bus.publish(only_type(subscription), "a", "61.12", b"x", mandatory=True)
    receiver = await bus.receive(subscription, prefetch=1)
    await receiver.ack(await take(receiver))
    await receiver.close()

    again = await bus.receive(subscription, prefetch=1)

    assert await nothing_comes(again)
    assert (await bus.state(subscription)).ready == 0


async def test_what_a_closed_receiver_held_comes_back(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    for name in ("taken", "only fetched"):
        await bus.publish(only_type(subscription), name, "61.12", b"x", mandatory=True)
    receiver = await bus.receive(subscription, prefetch=2)
    await take(receiver)
    await receiver.close()

    another = await bus.receive(subscription, prefetch=2)
    back = await take_all(another, 2)

    assert [each.message_id for each in back] == ["taken", "only fetched"]
    assert [each.attempt for each in back] == [0, 0]
    assert back[0].redelivered


async def test_what_a_killed_process_held_comes_back_to_another(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    doomed = await bus_maker.open()
    await bus.publish(only_type(subscription), "a", "61.12", b"bytes", mandatory=True)
    await take(await doomed.receive(subscription, prefetch=1))
    if bus_maker.features.many_receive:
        receiver = await bus.receive(subscription, prefetch=1)
        await bus_maker.vanish(doomed)
    else:
        with pytest.raises(BusAway, match="only one process may receive"):
            await bus.receive(subscription, prefetch=1)
        await bus_maker.vanish(doomed)
        receiver = await bus.receive(subscription, prefetch=1)

    delivery = await take(receiver)
    assert (delivery.message_id, delivery.body, delivery.attempt) == ("a", b"bytes", 0)
    assert delivery.redelivered


async def test_a_confirmed_message_survives_its_publisher(bus_maker: BusMaker) -> None:
    _, subscription = await started(bus_maker)
    doomed = await bus_maker.open()
    await doomed.publish(only_type(subscription), "a", "61.12", b"x", mandatory=True)
    await bus_maker.vanish(doomed)

    survivor = await bus_maker.open()

    assert (await take(await survivor.receive(subscription, prefetch=1))).message_id == "a"


async def test_a_message_that_kills_each_process_that_takes_it_is_parked(bus_maker: BusMaker) -> None:
    limit = bus_maker.features.delivery_limit
    if limit is None:
        pytest.skip("this adapter's limit is too high to be tried here")
    bus, subscription = await started(bus_maker)
    await bus.publish(only_type(subscription), "killer", "61.12", b"deadly", mandatory=True)

    for _ in range(limit + 1):
        doomed = await bus_maker.open()
        await take(await doomed.receive(subscription, prefetch=1))
        await bus_maker.vanish(doomed)
    survivor = await bus_maker.open()
    assert await nothing_comes(await survivor.receive(subscription, prefetch=1))

    (dead,) = await parked(survivor, subscription)
    assert (dead.id, dead.body, dead.reason) == ("killer", b"deadly", "delivery-limit")


# --- Rungs ---


async def test_a_failed_message_comes_back_after_its_rung_with_its_attempt_counted(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    before = Clock.machine()
    await bus.publish(only_type(subscription), "a", "61.12", b"bytes", mandatory=True)
    receiver = await bus.receive(subscription, prefetch=1)

    await receiver.retry(await take(receiver), rung=0, counted=True)
    back = await take(receiver)

    assert (back.message_id, back.body, back.attempt) == ("a", b"bytes", 1)
    assert back.routing_key == subscription.name
    assert back.first_at is not None
    assert before - timedelta(seconds=1) <= back.first_at <= Clock.machine()
    assert Clock.machine() - before >= timedelta(seconds=bus_maker.features.ladder[0] * 0.8)

    await receiver.retry(back, rung=1, counted=True)
    once_more = await take(receiver)
    assert once_more.attempt == 2
    assert once_more.first_at == back.first_at


async def test_a_message_retried_for_an_outage_comes_back_uncounted(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    await bus.publish(only_type(subscription), "a", "61.12", b"x", mandatory=True)
    receiver = await bus.receive(subscription, prefetch=1)

    await receiver.retry(await take(receiver), rung=1, counted=False)
    back = await take(receiver)

    assert (back.attempt, back.first_at) == (0, None)
    assert back.routing_key == subscription.name


async def test_a_rung_returns_a_message_to_its_own_queue_only(bus_maker: BusMaker) -> None:
    one, two = bus_maker.subscription("one", "made"), bus_maker.subscription("two", "made")
    await bus_maker.apply(one, two)
    bus = await bus_maker.open()
    await bus.publish(only_type(one), "a", "61.12", b"x", mandatory=True)
    failing, fine = await bus.receive(one, prefetch=1), await bus.receive(two, prefetch=1)
    await fine.ack(await take(fine))

    await failing.retry(await take(failing), rung=0, counted=True)

    assert (await take(failing)).attempt == 1
    assert await nothing_comes(fine)


async def test_the_queue_goes_on_while_a_message_rests(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    receiver = await bus.receive(subscription, prefetch=1)
    for name in ("poison", "fine"):
        await bus.publish(only_type(subscription), name, "61.12", b"x", mandatory=True)

    await receiver.retry(await take(receiver), rung=1, counted=True)
    fine = await take(receiver)
    await receiver.ack(fine)

    assert fine.message_id == "fine"
    assert (await take(receiver)).message_id == "poison"


# --- Parking ---


async def park_one(bus: Bus, subscription: Subscription, id: str = "bad", body: bytes = b"\xff\x00{") -> None:
    await bus.publish(only_type(subscription), id, "61.12", body, mandatory=True)
    receiver = await bus.receive(subscription, prefetch=1)
    await receiver.park(await take(receiver), reason="body: invalid JSON", fault="Unreadable")
    await receiver.close()


async def test_a_parked_message_keeps_its_bytes_and_its_reason(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    await bus.publish(only_type(subscription), "bad", "61.12", b"\xff\x00{", mandatory=True)
    receiver = await bus.receive(subscription, prefetch=1)
    await receiver.retry(await take(receiver), rung=0, counted=True)
    second = await take(receiver)

    await receiver.park(second, reason="KeyError: 'name' — at handlers.py:12", fault="KeyError")

    (dead,) = await parked(bus, subscription)
    assert (dead.id, dead.body, dead.attempt) == ("bad", b"\xff\x00{", 2)
    assert (dead.reason, dead.fault) == ("KeyError: 'name' — at handlers.py:12", "KeyError")
    assert dead.first_at == second.first_at
    assert dead.last_at is not None
    assert dead.first_at is not None
    assert dead.first_at <= dead.last_at <= Clock.machine() + timedelta(seconds=1)
    state = await bus.state(subscription)
    assert (state.ready, state.parked) == (0, 1)


async def test_looking_at_parked_messages_leaves_all_in_place_and_in_order(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    for number in range(5):
        await park_one(bus, subscription, str(number))

    for _ in range(2):
        assert [each.id for each in await parked(bus, subscription)] == ["0", "1", "2", "3", "4"]
    assert (await bus.state(subscription)).parked == 5


async def test_a_replayed_message_begins_anew(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    for name in ("a", "b", "c"):
        await park_one(bus, subscription, name, name.encode())

    moved = await bus.unpark(subscription, frozenset({"b", "unknown"}), replay=True)

    assert moved == 1
    back = await take(await bus.receive(subscription, prefetch=1))
    assert (back.message_id, back.body, back.attempt, back.first_at) == ("b", b"b", 0, None)
    assert back.routing_key == subscription.name
    assert [each.id for each in await parked(bus, subscription)] == ["a", "c"]


async def test_a_replayed_message_can_fail_and_be_parked_again(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    await park_one(bus, subscription)
    receiver = await bus.receive(subscription, prefetch=1)
    for _ in range(2):
        await bus.unpark(subscription, frozenset({"bad"}), replay=True)
        await receiver.retry(await take(receiver), rung=0, counted=True)
        await receiver.park(await take(receiver), reason="still bad", fault="ValueError")

    (dead,) = await parked(bus, subscription)
    assert (dead.body, dead.attempt, dead.reason) == (b"\xff\x00{", 2, "still bad")


async def test_discarded_messages_are_gone_and_the_others_stay_in_order(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    for name in ("a", "b", "c", "d"):
        await park_one(bus, subscription, name)

    assert await bus.unpark(subscription, frozenset({"a", "c"}), replay=False) == 2

    assert [each.id for each in await parked(bus, subscription)] == ["b", "d"]
    assert await nothing_comes(await bus.receive(subscription, prefetch=1))


# --- Cancel and close ---


async def test_a_cancelled_consumer_keeps_what_it_holds_until_it_is_moved(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    for name in ("taken", "fetched", "left"):
        await bus.publish(only_type(subscription), name, "61.12", b"x", mandatory=True)
    receiver = await bus.receive(subscription, prefetch=2)
    taken = await take(receiver)
    await asyncio.sleep(0.1)  # so that a bus which pushes has pushed

    fetched = await receiver.cancel()

    assert [each.message_id for each in fetched] == ["fetched"]
    with pytest.raises(BusAway):
        await take(receiver)
    for delivery in (taken, *fetched):
        await receiver.retry(delivery, rung=1, counted=False)
    await receiver.close()
    back = await take_all(await bus.receive(subscription, prefetch=3), 3)
    assert [each.message_id for each in back] == ["left", "taken", "fetched"]
    assert [each.attempt for each in back] == [0, 0, 0]


async def test_a_take_that_waits_when_the_bus_closes_raises(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    receiver = await bus.receive(subscription, prefetch=1)
    waiting = asyncio.create_task(take(receiver))
    await asyncio.sleep(0.05)

    await bus.close()

    with pytest.raises(BusAway):
        await waiting
    await receiver.close()  # never raises for a connection that is gone


async def test_closing_while_busy_loses_nothing_that_was_confirmed(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    type = only_type(subscription)
    publishing = [asyncio.create_task(bus.publish(type, str(n), "61.12", b"x", mandatory=True)) for n in range(100)]
    await asyncio.sleep(0)

    await bus.close()
    outcomes = await asyncio.gather(*publishing, return_exceptions=True)

    confirmed = {str(number) for number, outcome in enumerate(outcomes) if outcome is None}
    assert all(outcome is None or isinstance(outcome, BusAway) for outcome in outcomes)
    survivor = await bus_maker.open()
    receiver = await survivor.receive(subscription, prefetch=100)
    arrived = {delivery.message_id for delivery in await take_all(receiver, len(confirmed))}
    assert confirmed <= arrived


async def test_a_closed_bus_is_away_and_can_be_opened_again(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    await bus.close()
    await bus.close()
    with pytest.raises(BusAway):
        await bus.publish(only_type(subscription), "a", "61.12", b"x", mandatory=True)
    with pytest.raises(BusAway):
        await bus.ping()

    await bus.open()
    await bus.open()

    await bus.ping()
    await bus.publish(only_type(subscription), "a", "61.12", b"x", mandatory=True)
    assert (await bus.state(subscription)).ready == 1


# --- State ---


async def test_the_state_has_depths_and_the_oldest(bus_maker: BusMaker) -> None:
    bus, subscription = await started(bus_maker)
    empty = await bus.state(subscription)
    before = Clock.machine()
    for name in ("a", "b", "c"):
        await bus.publish(only_type(subscription), name, "61.12", b"x", mandatory=True)

    full = await bus.state(subscription)

    assert (empty.ready, empty.parked, empty.oldest) == (0, 0, None)
    assert full.ready == 3
    if bus_maker.features.tells_oldest:
        assert full.oldest is not None
        assert before - timedelta(seconds=0.1) <= full.oldest <= Clock.machine()
