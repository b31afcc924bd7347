"""Publishes on RabbitMQ; returns only after the broker's confirm.

The broker refuses a message by closing its channel, and with it all other publishes on that channel. Which message it
refuses shows when each of them is published again on a channel of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Sequence

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import ChannelClosed, ChannelNotFoundEntity, DeliveryError, PublishError
from pamqp.commands import Basic

from shared.adapters.rabbit.burst import Confirmation, answer, send
from shared.adapters.rabbit.connection import Connection
from shared.adapters.rabbit.errors import close_channel, limited
from shared.adapters.rabbit.publication import CONTENT_TYPE, Publication
from shared.adapters.rabbit.refusal import refusal_of
from shared.faults import BusAway, Refused, Unconfirmed, Unroutable
from shared.ports.bus import Fate

_ALONE_AT_ONCE = 16  # channels that are opened to find out which messages of a batch the broker refuses


class Publisher:
    """One channel in confirm mode, used for publishing only; opened at the first publish and after each loss. What the
    broker has refused or not confirmed goes on a channel of its own until it is taken.

    Safe for many coroutines of one loop. seconds: the time limit of a whole publish, connecting included.
    """

    def __init__(self, connection: Connection, *, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds
        self._channel: AbstractChannel | None = None
        self._opening = asyncio.Lock()
        self._in_flight: dict[str, asyncio.Event] = {}
        self._users: Counter[AbstractChannel] = Counter()
        self._suspects: set[str] = set()  # routing keys and message ids
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
            raise BusAway(f"{publication.what}: the bus is not open")
        async with self._only_one_of(publication.id):
            suspect = not self._suspects.isdisjoint((publication.key, publication.id))
            if suspect or not await self._together(publication):
                await self._alone(publication)

    async def publish_many(self, publications: Sequence[Publication]) -> list[Fate]:
        """Publish all in one write and wait once; the fate of each, as `publish` would raise it."""
        if self._closed:
            return [BusAway(f"{each.what}: the bus is not open") for each in publications]
        batch: dict[str, int] = {}  # id -> place
        for place, each in enumerate(publications):
            suspect = not self._suspects.isdisjoint((each.key, each.id))
            if not suspect and each.id not in self._in_flight:
                batch.setdefault(each.id, place)
        together = list(batch.values())
        fates = dict(zip(together, await self._batch([publications[place] for place in together]), strict=True))
        apart = [place for place in range(len(publications)) if place not in fates]
        others = await asyncio.gather(*(_fate(self.publish(publications[place])) for place in apart))
        fates |= dict(zip(apart, others, strict=True))
        return [fates[place] for place in range(len(publications))]

    async def _batch(self, publications: Sequence[Publication]) -> list[Fate]:
        """Publish on the common channel, all with different ids. If the broker closes it, because of one of them or of
        another message, each that has no answer is published again on a channel of its own."""
        if not publications:
            return []
        taken = {each.id: asyncio.Event() for each in publications}
        self._in_flight |= taken
        try:
            answers, refused = await self._answers(publications)
            if refused is None:
                return answers
            limit = asyncio.Semaphore(_ALONE_AT_ONCE)

            async def fate(publication: Publication, answer: Fate) -> Fate:
                if answer is not refused:
                    return answer
                async with limit:
                    return await _fate(self._alone(publication))

            return list(await asyncio.gather(*map(fate, publications, answers)))
        finally:
            for id, ended in taken.items():
                del self._in_flight[id]
                ended.set()

    async def _answers(self, publications: Sequence[Publication]) -> tuple[list[Fate], BusAway | None]:
        """The fate of each; and, if the broker has closed the common channel, the fate of those without an answer."""
        channel: AbstractChannel | None = None
        confirmations: list[Confirmation] = []
        lost = BusAway(f"{publications[0].what}: the channel was closed")
        try:
            async with self._answering(publications[0].what), self._borrowed() as channel:
                confirmations = await send(channel, publications)
                await asyncio.wait(confirmations)
        except BusAway as fault:
            lost = fault
        answered = [answer(*each, lost) for each in zip(publications, confirmations, strict=False)]
        fates = answered or [lost] * len(publications)
        if isinstance(lost, Unconfirmed):  # a queue without a majority stops the channel of its first message
            self._suspects.update(each.key for each, fate in zip(publications, fates, strict=True) if fate is lost)
        return fates, lost if channel is not None and channel.is_closed and self._connection.up else None

    async def _together(self, publication: Publication) -> bool:
        """Publish on the common channel. False when the broker has closed it, because of this message or another."""
        channel: AbstractChannel | None = None
        try:
            async with self._answering(publication.what), self._borrowed() as channel:
                await _publish(channel, publication)
        except BusAway:
            if channel is None or not channel.is_closed or not self._connection.up:
                raise
            return False
        return True

    async def _alone(self, publication: Publication) -> None:
        """Publish on a channel of its own. Raises as `publish` does."""
        async with self._answering(publication.what):
            channel = await self._connection.channel(confirms=True)
            try:
                await _publish(channel, publication)
            except ChannelClosed as error:
                refused = refusal_of(error)
                if refused is None:
                    raise
                self._suspects.add(publication.key if refused.whole_type else publication.id)
                raise refused from error
            finally:
                self._retire(channel)
            self._suspects.difference_update((publication.key, publication.id))

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


async def _fate(publishing: Awaitable[None]) -> Fate:
    try:
        await publishing
    except (BusAway, Unroutable, Refused) as fault:
        return fault
    return None


async def _publish(channel: AbstractChannel, publication: Publication) -> None:
    exchange = await channel.get_exchange(publication.exchange, ensure=False)
    try:
        answer = await exchange.publish(_message(publication), publication.key, mandatory=publication.mandatory)
    except PublishError as error:
        raise Unroutable(f"no queue takes {publication.key!r} from {publication.exchange}") from error
    except DeliveryError as error:
        raise Unconfirmed(f"{publication.what}: a queue did not take the message") from error
    except ChannelNotFoundEntity as error:
        if not publication.mandatory:
            raise
        raise Unroutable(f"there is no exchange {publication.exchange}") from error
    if not isinstance(answer, Basic.Ack):
        raise Unconfirmed(f"{publication.what}: {type(answer).__name__} instead of a confirm")


def _message(publication: Publication) -> Message:
    return Message(
        publication.body,
        headers=dict(publication.headers),
        message_id=publication.id,
        content_type=CONTENT_TYPE,
        delivery_mode=DeliveryMode.PERSISTENT,
    )
