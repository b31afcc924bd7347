"""A virtual host with few queues, and subscribers in it. Users belong to the broker, so their names are random."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from shared.adapters.rabbit.subscribers import RabbitSubscribers
from shared.contracts.topology import Topology, subscriber, topology
from tests.contract.subscribers.broker import PASSWORD, Broker
from tests.servers.rabbit import Rabbit
from tests.support.rabbit_vhost import INNOVATIONS

Add = Callable[..., Awaitable[str]]


@pytest.fixture
async def broker(rabbit: Rabbit) -> AsyncIterator[Broker]:
    """The subscribers of a fresh virtual host; removed at the end, since their users outlive it."""
    small = dataclasses.replace(topology([INNOVATIONS], (60.0,), tail=False), users=())
    vhost = await rabbit.fresh_vhost(wanted=small)
    found = Broker(vhost, RabbitSubscribers(vhost.management))
    yield found
    for each in await found.subscribers.all():
        await found.subscribers.remove(each.name)
    await rabbit.drop(vhost)


@pytest.fixture
def add(broker: Broker) -> Add:
    """Add a subscriber, by default of all innovations; its name. changed: what is different about its topology."""

    async def added(*subjects: str, changed: Callable[[Topology], Topology] = lambda each: each, **where: str) -> str:
        name = f"t{secrets.token_hex(4)}"
        await broker.subscribers.add(changed(subscriber(name, subjects or ("innovation",), **where)), PASSWORD)
        return name

    return added
