"""Follows the published events on RabbitMQ through a temporary queue, deleted with the connection."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator

from aio_pika.abc import AbstractIncomingMessage
from pamqp.common import FieldValue

from shared.adapters.rabbit.connection import Connection
from shared.adapters.rabbit.errors import close_channel, limited
from shared.contracts.topology import EVENTS, TAIL, TAIL_LENGTH
from shared.faults import BusAway

_ALL = "#"


async def tail(connection: Connection, *, seconds: float) -> AsyncIterator[bytes]:
    """See `shared.ports.bus.Tailing`. Needs the user `tail`: no other user may declare such a queue."""
    received: deque[bytes] = deque(maxlen=TAIL_LENGTH)
    news = asyncio.Event()
    is_closed = False

    async def arrive(message: AbstractIncomingMessage) -> None:
        received.append(message.body)
        news.set()

    def closed(*_: object) -> None:
        nonlocal is_closed
        is_closed = True
        news.set()

    async with limited("tail", seconds):
        channel = await connection.channel(confirms=False)
        channel.close_callbacks.add(closed)
        name = f"{TAIL}.{secrets.token_hex(8)}"
        limit: dict[str, FieldValue] = {"x-max-length": TAIL_LENGTH, "x-overflow": "drop-head"}
        queue = await channel.declare_queue(name, exclusive=True, auto_delete=True, arguments=limit)
        await queue.bind(EVENTS, _ALL)
        await queue.consume(arrive, no_ack=True)
    try:
        while True:
            while received:
                yield received.popleft()
            if is_closed:
                raise BusAway("the channel of the tail was closed")
            news.clear()
            await news.wait()
    finally:
        await close_channel(channel)
