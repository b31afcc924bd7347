"""Publishes on RabbitMQ; returns only after the broker's confirm.

The broker refuses a message by closing its channel, and with it all other publishes on that channel. Which message it
refuses shows when each of them is published again on a channel of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import ChannelClosed, ChannelNotFoundEntity, DeliveryError, PublishError
from pamqp.commands import Basic

from shared.adapters.rabbit.connection import Connection
from shared.adapters.rabbit.errors import close_channel, limited
from shared.adapters.rabbit.refusal import refusal_of
from shared.faults import BusAway, Refused, Unconfirmed, Unroutable
from shared.ports.bus import Fate

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
    """One channel in confirm mode, used for publishing only; opened at the first publish and after each loss. What the
    broker has refused goes on a channel of its own until it is taken.

    Safe for many coroutines of one loop. seconds: the time limit of a whole publish, connecting included.
    """

    def __init__(self, connection: Connection, *, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds
        self._channel: AbstractChannel | None = None
        self._opening = asyncio.Lock()
        self._in_flight: dict[str, asyncio.Event] = {}
        self._users: Counter[AbstractChannel] = Counter()
        self._refused: set[str] = set()  # routing keys and message ids
        self._closing: set[asyncio.Task[None]] = set()
        self._closed = False

    def open(self) -> None:
        """Allow publishing (again)."""
        self._closed = False

    async def publish(self, publication: Publication) -> None:
        """Return only on the broker's ack. Raises Unroutable for a mandatory message without a queue or an exchange,
        Refused, Unconfirmed, BusAway for any other failure. After the last two the broker may or may not have the
        message."""
        if self._closed:
            raise BusAway(f"{_what(publication)}: the bus is not open")
        async with self._only_one_of(publication.id):
            suspect = not self._refused.isdisjoint((publication.key, publication.id))
            if suspect or not await self._together(publication):
                await self._alone(publication)

    async def publish_many(self, publications: Sequence[Publication]) -> list[Fate]:
        """Publish all and wait once; the fate of each, as `publish` would raise it."""
        return list(await asyncio.gather(*map(self._fate, publications)))

    async def _fate(self, publication: Publication) -> Fate:
        try:
            await self.publish(publication)
        except (BusAway, Unroutable, Refused) as fault:
            return fault
        return None

    async def _together(self, publication: Publication) -> bool:
        """Publish on the common channel. False when the broker has closed it, because of this message or another."""
        channel: AbstractChannel | None = None
        try:
            async with self._answering(_what(publication)), self._borrowed() as channel:
                await _publish(channel, publication)
        except BusAway:
            if channel is None or not channel.is_closed or not self._connection.up:
                raise
            return False
        return True

    async def _alone(self, publication: Publication) -> None:
        """Publish on a channel of its own. Raises as `publish` does."""
        async with self._answering(_what(publication)):
            channel = await self._connection.channel(confirms=True)
            try:
                await _publish(channel, publication)
            except ChannelClosed as error:
                refused = refusal_of(error)
                if refused is None:
                    raise
                self._refused.add(publication.key if refused.whole_type else publication.id)
                raise refused from error
            finally:
                self._retire(channel)
            self._refused.difference_update((publication.key, publication.id))

    @contextlib.asynccontextmanager
    async def _answering(self, what: str) -> AsyncIterator[None]:
        """As `limited`, but silence over a connection that is up is Unconfirmed."""
        try:
            async with limited(what, self._seconds):
                yield
        except BusAway as fault:
            if isinstance(fault.__cause__, TimeoutError) and self._connection.up:
                raise Unconfirmed(fault.detail) from fault
            raise

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


async def _publish(channel: AbstractChannel, publication: Publication) -> None:
    exchange = await channel.get_exchange(publication.exchange, ensure=False)
    try:
        answer = await exchange.publish(_message(publication), publication.key, mandatory=publication.mandatory)
    except PublishError as error:
        raise Unroutable(f"no queue takes {publication.key!r} from {publication.exchange}") from error
    except DeliveryError as error:
        raise Unconfirmed(f"{_what(publication)}: a queue did not take the message") from error
    except ChannelNotFoundEntity as error:
        if not publication.mandatory:
            raise
        raise Unroutable(f"there is no exchange {publication.exchange}") from error
    if not isinstance(answer, Basic.Ack):
        raise Unconfirmed(f"{_what(publication)}: {type(answer).__name__} instead of a confirm")


def _what(publication: Publication) -> str:
    return f"publish to {publication.exchange}"


def _message(publication: Publication) -> Message:
    return Message(
        publication.body,
        headers=dict(publication.headers),
        message_id=publication.id,
        content_type=CONTENT_TYPE,
        delivery_mode=DeliveryMode.PERSISTENT,
    )
