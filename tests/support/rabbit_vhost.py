"""Fixtures of the tests against a real RabbitMQ: a virtual host, buses on it, and a plain channel beside them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from anyio.from_thread import start_blocking_portal

from shared.adapters.rabbit.bus import RabbitBus
from shared.contracts.subscriptions import subscription
from shared.ports.bus import Delivery, Receiver
from tests.servers.rabbit import Rabbit, Vhost

INNOVATIONS = subscription("scoring.innovations")
SUBMITTED = "innovation.submitted"
SOON = 15.0  # seconds in which anything here must have happened


@pytest.fixture
async def vhost(rabbit: Rabbit) -> AsyncIterator[Vhost]:
    """A virtual host with the whole topology on short rungs."""
    fresh = await rabbit.fresh_vhost()
    yield fresh
    await rabbit.drop(fresh)


@pytest.fixture(scope="module")
def still_vhost(rabbit: Rabbit) -> Iterator[Vhost]:
    """As `vhost`, for all tests of a module that change nothing in it."""
    with start_blocking_portal() as portal:
        fresh = portal.call(rabbit.fresh_vhost)
        yield fresh
        portal.call(rabbit.drop, fresh)


@pytest.fixture
async def registry(vhost: Vhost) -> AsyncIterator[RabbitBus]:
    """The registry's bus, as its own user."""
    async with opened(vhost.url_of("registry")) as bus:
        yield bus


@pytest.fixture
async def scoring(vhost: Vhost) -> AsyncIterator[RabbitBus]:
    """Scoring's bus, as its own user."""
    async with opened(vhost.url_of("scoring")) as bus:
        yield bus


@pytest.fixture
async def plain(vhost: Vhost) -> AsyncIterator[AbstractChannel]:
    """A channel of the administrator, without our adapter."""
    async with channel(vhost.url) as each:
        yield each


@asynccontextmanager
async def opened(url: str, *, seconds: float = 10.0) -> AsyncIterator[RabbitBus]:
    bus = RabbitBus(url, seconds=seconds)
    await bus.open()
    try:
        yield bus
    finally:
        await bus.close()


@asynccontextmanager
async def channel(url: str, *, on_return_raises: bool = True) -> AsyncIterator[AbstractChannel]:
    connection = await aio_pika.connect(url)
    try:
        yield await connection.channel(on_return_raises=on_return_raises)
    finally:
        await connection.close()


async def take(receiver: Receiver) -> Delivery:
    async with asyncio.timeout(SOON):
        return await receiver.take()


async def look(plain: AbstractChannel, name: str) -> AbstractIncomingMessage:
    """The first message of the queue, once there is one; held until its channel closes."""
    queue = await plain.get_queue(name, ensure=False)
    async with asyncio.timeout(SOON):
        while (message := await queue.get(fail=False)) is None:  # noqa: ASYNC110 (the broker does not notify)
            await asyncio.sleep(0.02)
        return message
