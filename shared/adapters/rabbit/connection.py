"""One connection to RabbitMQ that is replaced on demand after a loss."""

from __future__ import annotations

import asyncio
import contextlib

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection

from shared.backoff import rest
from shared.clock import machine_seconds
from shared.faults import BusAway

_HEARTBEAT = 5  # seconds
_FIRST_PAUSE = 0.1  # seconds after the first failed attempt, doubled up to the longest
_LONGEST_PAUSE = 2.0
_CONNECT_SECONDS = 10.0
_CLOSE_SECONDS = 3.0  # for an orderly close, which a frozen broker does not answer


class Connection:
    """A connection that connects when a channel is requested, never in the background.

    Requests during an attempt wait for that attempt; after a failed one the next waits 0.1 to 2 s. So no channel is
    silently replaced, and no message is acked on another connection than the one that delivered it. An attempt is a
    task of its own: a caller that gives up does not cancel it, and the next one uses its connection.

    The heartbeat is 5 seconds unless the URL sets another (`?heartbeat=`): the client gives up a silent broker after
    3 × (heartbeat + 1) seconds, the broker a silent client after about 2 × heartbeat.
    """

    def __init__(self, url: str, name: str) -> None:
        self._url = url if "heartbeat=" in url else f"{url}{'&' if '?' in url else '?'}heartbeat={_HEARTBEAT}"
        self._name = name
        self._connection: AbstractConnection | None = None
        self._attempt: asyncio.Task[AbstractConnection] | None = None
        self._pause = 0.0
        self._not_before = 0.0
        self._closed = asyncio.Event()
        self._closed.set()
        self._closing: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Allow connections (again)."""
        self._closed.clear()

    @property
    def up(self) -> bool:
        """Whether there is a connection, as far as is known without asking the broker."""
        return self._connection is not None and alive(self._connection)

    async def channel(self, *, confirms: bool) -> AbstractChannel:
        """Open a channel. confirms: in confirm mode, where a mandatory message without a queue raises. Raises BusAway
        when the connection is closed, else the client's errors."""
        connection = await self._connected()
        channel = connection.channel(publisher_confirms=confirms, on_return_raises=confirms)
        await channel.initialize()
        return channel

    async def close(self) -> None:
        """Disconnect; `channel` raises BusAway until `open`."""
        self._closed.set()
        if self._attempt is not None:
            _, late = await asyncio.wait({self._attempt}, timeout=_CLOSE_SECONDS)
            if late:
                self._attempt.cancel()
                await asyncio.wait({self._attempt})
        self._drop()
        if self._closing:
            await asyncio.wait(self._closing)

    async def _connected(self) -> AbstractConnection:
        if self._closed.is_set():
            raise BusAway("the bus is not open")
        if self._connection is not None and self.up:
            return self._connection
        if self._attempt is None or self._attempt.done():
            self._drop()
            self._attempt = asyncio.get_running_loop().create_task(self._connect())
            self._attempt.add_done_callback(_retrieve_error)
        return await asyncio.shield(self._attempt)

    async def _connect(self) -> AbstractConnection:
        """Connect once, after the pause that an earlier failure demands.

        The client leaks a connection that is cancelled between connecting and being ready (aio_pika 10.2,
        `UnderlayConnection.make_connection`). So this task outlives its callers, and its time limit is the client's,
        which covers connecting only.
        """
        await rest(max(0.0, self._not_before - machine_seconds()), self._closed)
        if self._closed.is_set():
            raise BusAway("the bus is not open")
        try:
            connection = await aio_pika.connect(
                self._url, timeout=_CONNECT_SECONDS, client_properties={"connection_name": self._name}
            )
        except BaseException:
            self._pause = min(max(_FIRST_PAUSE, self._pause * 2), _LONGEST_PAUSE)
            self._not_before = machine_seconds() + self._pause
            raise
        self._pause = 0.0
        self._connection = connection
        return connection

    def _drop(self) -> None:
        if self._connection is not None:
            old, self._connection = self._connection, None
            self._close_later(old)

    def _close_later(self, connection: AbstractConnection) -> None:
        task = asyncio.get_running_loop().create_task(_close(connection))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


def alive(connection: AbstractConnection) -> bool:
    """Whether the connection is up, as far as is known without asking the broker."""
    return connection.transport is not None and not connection.transport.connection.is_closed


def _retrieve_error(attempt: asyncio.Task[AbstractConnection]) -> None:
    """Keep asyncio from logging the error of an attempt that no caller waits for any more."""
    if not attempt.cancelled():
        attempt.exception()


async def _close(connection: AbstractConnection) -> None:
    with contextlib.suppress(Exception, asyncio.CancelledError):
        async with asyncio.timeout(_CLOSE_SECONDS):
            await connection.close()
