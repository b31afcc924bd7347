"""Publishes on RabbitMQ; returns only after the broker's confirm."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import ChannelNotFoundEntity, DeliveryError, PublishError
from pamqp.commands import Basic

from shared.adapters.rabbit.connection import Connection
from shared.adapters.rabbit.errors import close_channel, limited
from shared.faults import BusAway, Unroutable

CONTENT_TYPE = "application/cloudevents+json"


@dataclass(frozen=True)
class Publication:
    """A message to publish, and its exchange. key: routing key."""

    exchange: str
    key: str
    id: str
    body: bytes
    headers: dict[str, str | int]
    mandatory: bool = True


class Publisher:
    """One channel in confirm mode, used for publishing only; opened at the first publish and after each loss.

    Safe for many coroutines of one loop. seconds: the time limit of a whole publish, connecting included.
    """

    def __init__(self, connection: Connection, *, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds
        self._channel: AbstractChannel | None = None
        self._opening = asyncio.Lock()
        self._in_flight: dict[str, asyncio.Event] = {}
        self._users: Counter[AbstractChannel] = Counter()
        self._closing: set[asyncio.Task[None]] = set()
        self._closed = False

    def open(self) -> None:
        """Allow publishing (again)."""
        self._closed = False

    async def publish(self, publication: Publication) -> None:
        """Return only on the broker's ack. Raises Unroutable for a mandatory message without a queue or an exchange,
        BusAway for any other failure: then the broker may or may not have the message."""
        what = f"publish to {publication.exchange}"
        if self._closed:
            raise BusAway(f"{what}: the bus is not open")
        async with limited(what, self._seconds), self._only_one_of(publication.id), self._borrowed() as channel:
            exchange = await channel.get_exchange(publication.exchange, ensure=False)
            try:
                answer = await exchange.publish(_message(publication), publication.key, mandatory=publication.mandatory)
            except PublishError as error:
                raise Unroutable(f"no queue takes {publication.key!r} from {publication.exchange}") from error
            except DeliveryError as error:
                raise BusAway(f"{what}: the broker refused the message") from error
            except ChannelNotFoundEntity as error:
                if not publication.mandatory:
                    raise
                raise Unroutable(f"there is no exchange {publication.exchange}") from error
            if not isinstance(answer, Basic.Ack):
                raise BusAway(f"{what}: {type(answer).__name__} instead of a confirm")

    async def close(self) -> None:
        """Wait for publishes under way (each within its own time limit), then close the channel. A later publish
        raises BusAway."""
        self._closed = True
        while self._in_flight:
            await next(iter(self._in_flight.values())).wait()
        if self._channel is not None:
            self._retire(self._channel)
        if self._closing:
            await asyncio.wait(self._closing)

    @contextlib.asynccontextmanager
    async def _only_one_of(self, id: str) -> AsyncIterator[None]:
        """Publish one message of an id at a time: the client identifies a returned message by its id."""
        while (other := self._in_flight.get(id)) is not None:
            await other.wait()
        self._in_flight[id] = asyncio.Event()
        try:
            yield
        finally:
            self._in_flight.pop(id).set()

    @contextlib.asynccontextmanager
    async def _borrowed(self) -> AsyncIterator[AbstractChannel]:
        async with self._opening:
            if self._channel is None or self._channel.is_closed:
                self._channel = await self._connection.channel(confirms=True)
            channel = self._channel
        self._users[channel] += 1
        try:
            yield channel
        except asyncio.CancelledError:
            # Cancelled with the message unconfirmed: the same id must not be published twice on one channel.
            if self._channel is channel:
                self._channel = None
            raise
        finally:
            self._users[channel] -= 1
            if not self._users[channel]:
                del self._users[channel]
                if self._channel is not channel:
                    self._retire(channel)

    def _retire(self, channel: AbstractChannel) -> None:
        """Close an unused channel in the background."""
        if self._channel is channel:
            self._channel = None
        task = asyncio.get_running_loop().create_task(close_channel(channel))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


def _message(publication: Publication) -> Message:
    return Message(
        publication.body,
        headers=dict(publication.headers),
        message_id=publication.id,
        content_type=CONTENT_TYPE,
        delivery_mode=DeliveryMode.PERSISTENT,
    )
