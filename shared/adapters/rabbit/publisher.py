"""Publishing on RabbitMQ so that a return means: the broker has it."""

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
    """A message to publish: where to, and what. key: routing key."""

    exchange: str
    key: str
    id: str
    body: bytes
    headers: dict[str, str | int]
    mandatory: bool = True


class Publisher:
    """One channel in confirm mode, for nothing but publishing; opened when first needed and after each loss.

    Safe for many coroutines. seconds: the time limit of a whole publish, connecting included.
    """

    def __init__(self, line: Connection, *, seconds: float) -> None:
        self._line = line
        self._seconds = seconds
        self._channel: AbstractChannel | None = None
        self._opening = asyncio.Lock()
        self._under_way: dict[str, asyncio.Event] = {}
        self._users: Counter[AbstractChannel] = Counter()
        self._closing: set[asyncio.Task[None]] = set()
        self._shut = False

    def open(self) -> None:
        """Publish (again)."""
        self._shut = False

    async def publish(self, letter: Publication) -> None:
        """Return only on the broker's ack. Raises Unroutable for a mandatory letter without a queue or without its
        exchange, BusAway for all else: then the broker may have it or not."""
        what = f"publish to {letter.exchange}"
        if self._shut:
            raise BusAway(f"{what}: the bus is not open")
        async with limited(what, self._seconds), self._alone(letter.id), self._borrowed() as channel:
            exchange = await channel.get_exchange(letter.exchange, ensure=False)
            try:
                answer = await exchange.publish(_message(letter), letter.key, mandatory=letter.mandatory)
            except PublishError as error:
                raise Unroutable(f"no queue takes {letter.key!r} from {letter.exchange}") from error
            except DeliveryError as error:
                raise BusAway(f"{what}: the broker refused the message") from error
            except ChannelNotFoundEntity as error:
                if not letter.mandatory:
                    raise
                raise Unroutable(f"there is no exchange {letter.exchange}") from error
            if not isinstance(answer, Basic.Ack):
                raise BusAway(f"{what}: {type(answer).__name__} instead of a confirm")

    async def close(self) -> None:
        """Wait for what is under way (each within its own time limit), then close the channel. What is published
        afterwards raises BusAway."""
        self._shut = True
        while self._under_way:
            await next(iter(self._under_way.values())).wait()
        if self._channel is not None:
            self._retire(self._channel)
        if self._closing:
            await asyncio.wait(self._closing)

    @contextlib.asynccontextmanager
    async def _alone(self, id: str) -> AsyncIterator[None]:
        """One message of that id at a time: the client finds a returned message by its id."""
        while (other := self._under_way.get(id)) is not None:
            await other.wait()
        self._under_way[id] = asyncio.Event()
        try:
            yield
        finally:
            self._under_way.pop(id).set()

    @contextlib.asynccontextmanager
    async def _borrowed(self) -> AsyncIterator[AbstractChannel]:
        async with self._opening:
            if self._channel is None or self._channel.is_closed:
                self._channel = await self._line.channel(confirms=True)
            channel = self._channel
        self._users[channel] += 1
        try:
            yield channel
        except asyncio.CancelledError:
            # Too slow, or the caller left: the message is still in flight here, and must not be twice on one channel.
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
        """Close a channel that nobody publishes on any more, without making anyone wait for it."""
        if self._channel is channel:
            self._channel = None
        task = asyncio.get_running_loop().create_task(close_channel(channel))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


def _message(letter: Publication) -> Message:
    return Message(
        letter.body,
        headers=dict(letter.headers),
        message_id=letter.id,
        content_type=CONTENT_TYPE,
        delivery_mode=DeliveryMode.PERSISTENT,
    )
