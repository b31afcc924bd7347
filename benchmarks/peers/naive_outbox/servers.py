"""Connections of one service, and its relay."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aio_pika
from aio_pika.abc import AbstractExchange, AbstractIncomingMessage
from motor.motor_asyncio import AsyncIOMotorClient

from benchmarks.peers.model import EXCHANGE

PREFETCH = 32
_BATCH = 100
_LOOK = 1.0  # seconds between two looks for owed events without a nudge

Handle = Callable[[dict[str, Any]], Awaitable[None]]


def database(service: str) -> Any:  # noqa: ANN401 - motor has no types
    """The service's database."""
    return AsyncIOMotorClient(os.environ["PEER_MONGODB_URL"])[f"{os.environ['PEER_DATABASE']}_{service}"]


class Relay:
    """Publishes what the documents of a collection owe, and settles each event on its own."""

    def __init__(self, documents: Any) -> None:  # noqa: ANN401 - motor has no types
        self._documents = documents
        self._news = asyncio.Event()

    def nudge(self) -> None:
        """There is something to publish."""
        self._news.set()

    async def run(self, exchange: AbstractExchange) -> None:
        """Until cancelled."""
        while True:
            self._news.clear()
            owing = await self._documents.find({"owes": True}).limit(_BATCH).to_list(_BATCH)
            if owing:
                await asyncio.gather(*(self._send(exchange, each) for each in owing))
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), _LOOK)

    async def _send(self, exchange: AbstractExchange, document: dict[str, Any]) -> None:
        for event in document["outbox"]:
            message = aio_pika.Message(
                json.dumps(event["data"]).encode(),
                content_type="application/json",
                delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
                message_id=event["id"],
            )
            await exchange.publish(message, event["type"])
            await self._documents.update_one(
                {"_id": document["_id"]}, {"$pull": {"outbox": {"id": event["id"]}}, "$set": {"owes": False}}
            )


@contextlib.asynccontextmanager
async def broker(
    relay: Relay | None = None, queue: str = "", key: str = "", handle: Handle | None = None
) -> AsyncIterator[None]:
    """Connected, with the relay and one consumer running."""
    connection = await aio_pika.connect_robust(os.environ["PEER_AMQP_URL"])
    async with connection:
        channel = await connection.channel()
        exchange = await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
        if handle is not None:
            consuming = await connection.channel()
            await consuming.set_qos(prefetch_count=PREFETCH)
            mine = await consuming.declare_queue(queue, durable=True, arguments={"x-queue-type": "quorum"})
            await mine.bind(exchange, key)
            await mine.consume(_handler(handle))
        task = asyncio.create_task(relay.run(exchange)) if relay else None
        yield
        if task:
            task.cancel()


def _handler(handle: Handle) -> Callable[[AbstractIncomingMessage], Awaitable[None]]:
    async def take(message: AbstractIncomingMessage) -> None:
        async with message.process(requeue=True):
            await handle(json.loads(message.body))

    return take
