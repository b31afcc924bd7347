"""What other systems are given by a real broker: messages chosen by kind of subject and by region."""

from __future__ import annotations

import asyncio
import dataclasses

import httpx2
import pytest
from aio_pika.abc import AbstractChannel

from shared.adapters.rabbit.bus import RabbitBus
from shared.adapters.rabbit.provision import apply, check
from shared.contracts.event_types import CONTRACTS
from shared.contracts.topology import EVENTS, SELECTED, Topology, subscriber
from shared.ports.bus import Outgoing
from tests.servers.rabbit import Rabbit, Vhost
from tests.support.rabbit_bus_maker import RabbitBusMaker
from tests.support.rabbit_vhost import INNOVATIONS, SUBMITTED, look, opened, plain, registry, scoring, take, vhost

__all__ = ["plain", "registry", "scoring", "vhost"]
pytestmark = pytest.mark.rabbit

HEADERS = {"type": SUBMITTED, "subject": "innovation", "region": "61.12", "province": "61"}


async def given(vhost: Vhost, wanted: Topology) -> str:
    """Create it; the name of its queue."""
    report = await apply(vhost.management, wanted, {each.name: "test" for each in wanted.users})
    assert not report.faults
    return wanted.queues[0].name


async def in_queue(plain: AbstractChannel, name: str) -> set[str]:
    """The ids of its messages, which are taken out."""
    queue = await plain.get_queue(name)
    messages = [await queue.get(no_ack=True) for _ in range(queue.declaration_result.message_count or 0)]
    return {message.message_id or "" for message in messages}


async def test_every_event_carries_what_other_systems_choose_by(
    vhost: Vhost, plain: AbstractChannel, registry: RabbitBus
) -> None:
    name = await given(vhost, subscriber("reader", ["innovation"]))

    await registry.publish(SUBMITTED, "innovation/a/1", "61.12", b"x", mandatory=True)
    await registry.publish_many([Outgoing(SUBMITTED, "innovation/b/1", "61.12", b"x")])

    for _ in range(2):
        sent = (await look(plain, name)).headers
        assert {header: sent[header] for header in sent if not header.startswith("x-")} == HEADERS


async def test_a_retried_message_goes_to_its_queue_only_and_still_works(
    vhost: Vhost, plain: AbstractChannel, registry: RabbitBus, scoring: RabbitBus
) -> None:
    name = await given(vhost, subscriber("reader", ["innovation"]))
    await registry.publish(SUBMITTED, "innovation/a/1", "61.12", b"x", mandatory=True)
    receiver = await scoring.receive(INNOVATIONS, prefetch=1)
    await receiver.retry(await take(receiver), rung=0, counted=True)
    back = await take(receiver)

    assert (back.message_id, back.attempt, back.redelivered) == ("innovation/a/1", 1, True)
    assert await in_queue(plain, name) == {"innovation/a/1"}


async def test_a_type_that_is_added_later_reaches_a_subscriber_of_its_subject(
    vhost: Vhost, plain: AbstractChannel
) -> None:
    name = await given(vhost, subscriber("reader", ["innovation"]))
    assert "innovation.praised" not in CONTRACTS

    async with opened(vhost.url) as newer:
        await newer.publish("innovation.praised", "innovation/a/9", "61.12", b"x", mandatory=False)
        await newer.publish("agency.praised", "agency/a/9", "61.12", b"x", mandatory=False)

    assert await in_queue(plain, name) == {"innovation/a/9"}


async def test_a_subscriber_gets_its_subjects_of_its_region_or_province(vhost: Vhost, plain: AbstractChannel) -> None:
    subjects = ["innovation", "agency"]
    everything = await given(vhost, subscriber("everything", subjects))
    kubu_raya = await given(vhost, subscriber("kubu-raya", subjects, region="61.12"))
    government = await given(vhost, subscriber("government", subjects, region="61"))
    province = await given(vhost, subscriber("province", subjects, province="61"))

    async with opened(vhost.url) as bus:
        for region in ("61", "61.12", "61.71", "64.01"):
            await bus.publish(SUBMITTED, f"innovation/{region}/1", region, b"x", mandatory=True)
            await bus.publish("region.registered", f"region/{region}/1", region, b"x", mandatory=True)

    def innovations(*regions: str) -> set[str]:
        return {f"innovation/{region}/1" for region in regions}

    assert await in_queue(plain, everything) == innovations("61", "61.12", "61.71", "64.01")
    assert await in_queue(plain, kubu_raya) == innovations("61.12")
    assert await in_queue(plain, government) == innovations("61")
    assert await in_queue(plain, province) == innovations("61", "61.12", "61.71")


async def test_other_subjects_of_a_subscriber_replace_the_former_ones(vhost: Vhost, plain: AbstractChannel) -> None:
    await given(vhost, subscriber("reader", ["innovation"], region="61.12"))
    changed = subscriber("reader", ["agency"], region="61.12")

    report = await apply(vhost.management, changed, {"subscriber.reader": "test"})

    assert set(report.changes) == {
        f"binding {SELECTED} → subscriber.reader (region 61.12, subject agency)",
        f"no binding {SELECTED} → subscriber.reader (region 61.12, subject innovation) any more",
    }
    async with opened(vhost.url) as bus:
        await bus.publish(SUBMITTED, "innovation/a/1", "61.12", b"x", mandatory=True)
        await bus.publish("agency.registered", "agency/a/1", "61.12", b"x", mandatory=True)
    assert await in_queue(plain, "subscriber.reader") == {"agency/a/1"}


async def test_apply_and_check_leave_subscribers_alone(vhost: Vhost, plain: AbstractChannel) -> None:
    name = await given(vhost, subscriber("reader", ["innovation"]))

    assert (await check(vhost.management, vhost.topology, vhost.passwords)).in_place
    assert (await apply(vhost.management, vhost.topology, vhost.passwords)).in_place

    async with opened(vhost.url) as bus:
        await bus.publish(SUBMITTED, "innovation/a/1", "61.12", b"x", mandatory=True)
    assert await in_queue(plain, name) == {"innovation/a/1"}


async def test_a_binding_between_exchanges_that_is_missing_or_foreign_is_mended(
    vhost: Vhost, plain: AbstractChannel
) -> None:
    selected = await plain.get_exchange(SELECTED)
    await selected.unbind(EVENTS, "#")
    await selected.bind("scoring.own", "scoring.innovations")

    report = await apply(vhost.management, vhost.topology, vhost.passwords)

    assert set(report.changes) == {
        f"binding {EVENTS} → {SELECTED} (#)",
        f"no binding scoring.own → {SELECTED} (scoring.innovations) any more",
    }
    assert (await check(vhost.management, vhost.topology)).in_place


async def test_a_subscribers_user_is_limited(vhost: Vhost) -> None:
    wanted = subscriber(f"limited-{vhost.name[-6:]}", ["innovation"])
    name = await given(vhost, wanted)
    management = vhost.management
    async with httpx2.AsyncClient(base_url=management.url, auth=(management.user, management.password)) as http:
        limits = (await http.get(f"/api/user-limits/{name}")).json()
        (await http.delete(f"/api/user-limits/{name}/max-channels")).raise_for_status()

    assert limits == [{"user": name, "value": {"max-connections": 4, "max-channels": 16}}]
    assert (await check(management, wanted)).changes == (f"limits of {name}",)


async def test_of_two_consumers_one_gets_all_and_the_other_when_that_one_is_gone(rabbit: Rabbit) -> None:
    maker = RabbitBusMaker(rabbit, await rabbit.fresh_vhost(applied=False))
    single = dataclasses.replace(maker.subscription("latest", "made"), rebuilt=True, single_active=True)
    await maker.apply(single)
    first, second = await maker.open(), await maker.open()
    (type,) = single.types
    active, waiting = await first.receive(single, prefetch=2), await second.receive(single, prefetch=8)
    other = asyncio.create_task(waiting.take())

    for number in range(6):
        await second.publish(type, f"thing/{number}", "61.12", b"x", mandatory=True)
    assert [(await take(active)).message_id for _ in range(2)] == ["thing/0", "thing/1"]
    assert not other.done()

    await maker.vanish(first)
    taken = [await asyncio.wait_for(other, 15), *[await take(waiting) for _ in range(5)]]

    assert {each.message_id: each.redelivered for each in taken} == {
        f"thing/{number}": number < 2 for number in range(6)
    }
    await maker.close()
