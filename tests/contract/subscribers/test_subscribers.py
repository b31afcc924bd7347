"""Subscribers on a real RabbitMQ: what they get, what `satu subscriber` does to them, and what it leaves."""

from __future__ import annotations

import asyncio

import aio_pika
import httpx2
import pytest
from aio_pika.abc import AbstractConnection, AbstractIncomingMessage
from aiormq.exceptions import AMQPError

from shared.adapters.rabbit.provision import apply, check
from shared.contracts.topology import Topology, subscriber
from shared.faults import Conflict, Misconfigured, NotFound
from tests.contract.subscribers.broker import PASSWORD, Broker
from tests.contract.subscribers.conftest import Add
from tests.servers.rabbit import Rabbit
from tests.support.rabbit_vhost import SOON, channel

pytestmark = pytest.mark.rabbit


async def closed(connection: AbstractConnection) -> None:
    """Return once the broker has closed it."""
    async with asyncio.timeout(SOON):
        while True:
            try:
                await (await connection.channel()).close()
            except Exception:  # noqa: BLE001 - the client raises errors of many kinds on a closed connection
                return
            await asyncio.sleep(0.02)


async def keep(_: AbstractIncomingMessage) -> None:
    """Take a message, and never ack it."""


async def logs_in(url: str) -> bool:
    try:
        await (await aio_pika.connect(url)).close()
    except (AMQPError, ConnectionError):
        return False
    return True


async def definitions(broker: Broker) -> object:
    """All that the broker holds by name: queues, bindings, users, permissions."""
    management = broker.vhost.management
    async with httpx2.AsyncClient(base_url=management.url, auth=(management.user, management.password)) as http:
        everything = (await http.get("/api/definitions")).json()
    ours = {"vhost": broker.vhost.name}
    kinds = ("queues", "bindings", "permissions", "topic_permissions")
    return [
        sorted(user["name"] for user in everything["users"] if user["name"].startswith("subscriber.")),
        *([each for each in everything[kind] if each["vhost"] == ours["vhost"]] for kind in kinds),
    ]


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        ({}, [b"a", b"b", b"c"]),
        ({"region": "61.12"}, [b"a"]),
        ({"province": "61"}, [b"a", b"b"]),
        ({"region": "61"}, [b"b"]),
    ],
    ids=["everywhere", "one region", "a province and all its regions", "the provincial government alone"],
)
async def test_a_subscriber_gets_its_subjects_from_where_it_asked(
    broker: Broker, add: Add, where: dict[str, str], wanted: list[bytes]
) -> None:
    name = await add("innovation", "obligation", **where)

    await broker.publish(b"a", subject="innovation", region="61.12")
    await broker.publish(b"b", subject="obligation", region="61")
    await broker.publish(b"c", subject="innovation", region="62.01")
    await broker.publish(b"d", subject="agency", region="61.12")
    await broker.publish(b"e", subject="message", region="61.12")

    assert await broker.waiting(name) == wanted


async def test_the_list_says_what_each_subscriber_has_and_does(broker: Broker, add: Add) -> None:
    name = await add("obligation", "innovation", province="61")
    await broker.publish(b"one", b"two", b"three")
    async with channel(broker.url(name)) as own:
        queue = await own.get_queue(f"subscriber.{name}", ensure=False)
        await own.set_qos(prefetch_count=2)
        await queue.consume(keep)

        found = await broker.state_when(name, lambda each: (each.unacked, each.consumers) == (2, 1))

    assert (found.subjects, found.region, found.province) == (("innovation", "obligation"), "", "61")
    assert (found.ready, found.unacked, found.consumers) == (1, 2, 1)
    assert (found.full, found.paused, found.incomplete) == (False, False, False)


async def test_a_rotated_password_ends_what_the_former_one_opened(broker: Broker, add: Add) -> None:
    name = await add()
    before = await aio_pika.connect(broker.url(name))

    assert await broker.subscribers.rotate(name, "another") == 1

    await closed(before)
    assert not await logs_in(broker.url(name))
    assert await logs_in(broker.url(name, "another"))


async def test_a_paused_subscriber_reads_nothing_until_it_is_resumed(broker: Broker, add: Add) -> None:
    name = await add()
    before = await aio_pika.connect(broker.url(name))

    assert await broker.subscribers.pause(name) == 1

    await closed(before)
    await broker.publish(b"meanwhile")
    assert (await broker.state(name)).paused
    assert await _reads(broker, name) is None
    await broker.subscribers.resume(name)
    assert not (await broker.state(name)).paused
    assert await _reads(broker, name) == b"meanwhile"


async def test_removing_leaves_nothing_of_a_subscriber(broker: Broker, add: Add) -> None:
    before = await definitions(broker)
    name = await add("innovation", "agency", region="61.12")
    connection = await aio_pika.connect(broker.url(name))
    assert await definitions(broker) != before

    assert await broker.subscribers.remove(name) == 1

    await closed(connection)
    assert await definitions(broker) == before
    assert name not in {each.name for each in await broker.subscribers.all()}


async def test_half_a_subscriber_is_listed_and_removed(broker: Broker, add: Add) -> None:
    name = await add()
    async with channel(broker.vhost.url) as plain:
        await plain.queue_delete(f"subscriber.{name}")

    assert (await broker.state(name)).incomplete
    await broker.subscribers.remove(name)
    assert name not in {each.name for each in await broker.subscribers.all()}


async def test_a_name_that_is_taken_or_unknown_is_refused(broker: Broker, add: Add) -> None:
    name = await add()

    with pytest.raises(Conflict, match=f"satu subscriber remove {name}"):
        await broker.subscribers.add(subscriber(name, ["agency"]), "x")
    assert await logs_in(broker.url(name, PASSWORD))
    for refused in (
        broker.subscribers.remove("nobody"),
        broker.subscribers.pause("nobody"),
        broker.subscribers.resume("nobody"),
        broker.subscribers.rotate("nobody", "x"),
    ):
        with pytest.raises(NotFound, match="satu subscriber list"):
            await refused


async def test_a_broker_without_the_topology_takes_no_subscriber(rabbit: Rabbit, broker: Broker) -> None:
    bare = await rabbit.fresh_vhost(wanted=Topology())

    with pytest.raises(Misconfigured) as raised:
        await type(broker.subscribers)(bare.management).add(subscriber("early", ["agency"]), "x")

    assert "satu topology apply" in raised.value.flaws[0].message
    await rabbit.drop(bare)


async def test_applying_and_checking_the_topology_leaves_subscribers_alone(broker: Broker, add: Add) -> None:
    await add("innovation", region="61.12")
    before = await definitions(broker)

    report = await check(broker.vhost.management, broker.vhost.topology)
    assert (report.changes, report.faults) == ((), ())
    await apply(broker.vhost.management, broker.vhost.topology, {})

    assert await definitions(broker) == before


async def _reads(broker: Broker, name: str) -> bytes | None:
    """The first message that the subscriber gets; None when it may not read."""
    async with channel(broker.url(name)) as own:
        queue = await own.get_queue(f"subscriber.{name}", ensure=False)
        try:
            message = await queue.get(fail=False)
        except AMQPError:
            return None
        return message.body if message else b""
