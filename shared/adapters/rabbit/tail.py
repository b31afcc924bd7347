"""Looking on at RabbitMQ: a queue of one's own that goes with the connection."""

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


async def tail(line: Connection, *, seconds: float) -> AsyncIterator[bytes]:
    """See `shared.ports.bus.Tailing`. Needs the user `tail`: nobody else may declare such a queue."""
    seen: deque[bytes] = deque(maxlen=TAIL_LENGTH)
    news = asyncio.Event()
    gone = False

    async def arrive(message: AbstractIncomingMessage) -> None:
        seen.append(message.body)
        news.set()

    def closed(*_: object) -> None:
        nonlocal gone
        gone = True
        news.set()

    async with limited("tail", seconds):
        channel = await line.channel(confirms=False)
        channel.close_callbacks.add(closed)
        name = f"{TAIL}.{secrets.token_hex(8)}"
        bound: dict[str, FieldValue] = {"x-max-length": TAIL_LENGTH, "x-overflow": "drop-head"}
        queue = await channel.declare_queue(name, exclusive=True, auto_delete=True, arguments=bound)
        await queue.bind(EVENTS, _ALL)
        await queue.consume(arrive, no_ack=True)
    try:
        while True:
            while seen:
                yield seen.popleft()
            if gone:
                raise BusAway("the channel of the tail is gone")
            news.clear()
            await news.wait()
    finally:
        await close_channel(channel)
