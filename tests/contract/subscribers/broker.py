"""A virtual host with subscribers, and what tests ask of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import aio_pika

from shared.adapters.rabbit.subscribers import RabbitSubscribers
from shared.contracts.topology import EVENTS
from shared.ports.subscribers import SubscriberState
from tests.servers.rabbit import Vhost
from tests.support.rabbit_vhost import SOON, channel

PASSWORD = "a password of a test"


@dataclass(frozen=True)
class Broker:
    """A virtual host and its subscribers."""

    vhost: Vhost
    subscribers: RabbitSubscribers

    def url(self, name: str, password: str = PASSWORD) -> str:
        """The address for a subscriber."""
        parts = urlsplit(self.vhost.url)
        netloc = f"subscriber.{name}:{quote(password)}@{parts.hostname}:{parts.port}"
        return urlunsplit(parts._replace(netloc=netloc))

    async def state(self, name: str) -> SubscriberState:
        """What the list says of it."""
        return next(each for each in await self.subscribers.all() if each.name == name)

    async def state_when(self, name: str, holds: Callable[[SubscriberState], bool]) -> SubscriberState:
        """The first state that is as wanted: the broker tells its figures now and then."""
        async with asyncio.timeout(SOON):
            while not holds(found := await self.state(name)):  # noqa: ASYNC110 - the broker does not notify
                await asyncio.sleep(0.1)
        return found

    async def publish(
        self, *bodies: bytes, subject: str = "innovation", region: str = "61.12", key: str = "later.added"
    ) -> None:
        """Publish as the relay does: with the headers by which other systems select."""
        headers = {"type": key, "subject": subject, "region": region, "province": region[:2]}
        async with channel(self.vhost.url) as plain:
            events = await plain.get_exchange(EVENTS, ensure=False)
            messages = [aio_pika.Message(body, headers=dict(headers)) for body in bodies]
            await asyncio.gather(*(events.publish(message, key, mandatory=False) for message in messages))

    async def waiting(self, name: str) -> list[bytes]:
        """What waits in a subscriber's queue, taken out of it."""
        found: list[bytes] = []
        async with channel(self.vhost.url) as plain:
            queue = await plain.get_queue(f"subscriber.{name}", ensure=False)
            while (message := await queue.get(no_ack=True, fail=False)) is not None:
                found.append(message.body)
        return found
