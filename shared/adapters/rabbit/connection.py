"""One connection to RabbitMQ, made anew by whoever needs it next."""

from __future__ import annotations

import asyncio
import contextlib

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection

from shared.clock import machine_seconds
from shared.faults import BusAway

_FIRST_PAUSE = 0.1  # seconds after a first failed attempt, doubled up to the longest
_LONGEST_PAUSE = 2.0
_GOODBYE = 3.0  # seconds for an orderly close; a broker that is frozen does not answer it


class Connection:
    """A connection that is found gone is not mended in the background: the next who asks for a channel connects, all
    who ask meanwhile wait for the same attempt, and after a failed one the next waits 0.1 to 2 s. So nobody believes
    in a channel that a reconnect has silently replaced, and nothing unacked is acked on another connection.

    heartbeat: seconds; the client gives a silent broker up after 3 × (heartbeat + 1), the broker a silent client after
    about 2 × heartbeat.
    """

    def __init__(self, url: str, name: str, *, heartbeat: int) -> None:
        self._url = url if "heartbeat=" in url else f"{url}{'&' if '?' in url else '?'}heartbeat={heartbeat}"
        self._name = name
        self._connection: AbstractConnection | None = None
        self._connecting = asyncio.Lock()
        self._pause = 0.0
        self._not_before = 0.0
        self._shut = True
        self._leaving: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Allow connections (again)."""
        self._shut = False

    async def channel(self, *, confirms: bool) -> AbstractChannel:
        """A new channel; confirms: for publishing, and a mandatory message without a queue raises. Raises BusAway when
        the line is shut, else what the client raises."""
        connection = await self._connected()
        channel = connection.channel(publisher_confirms=confirms, on_return_raises=confirms)
        await channel.initialize()
        return channel

    async def close(self) -> None:
        """Shut the line: nobody connects until `open`."""
        self._shut = True
        self._forget()
        if self._leaving:
            await asyncio.wait(self._leaving)

    async def _connected(self) -> AbstractConnection:
        async with self._connecting:
            if self._shut:
                raise BusAway("the bus is not open")
            if self._connection is not None and alive(self._connection):
                return self._connection
            self._forget()
            await asyncio.sleep(max(0.0, self._not_before - machine_seconds()))
            try:
                connection = await aio_pika.connect(self._url, client_properties={"connection_name": self._name})
            except BaseException:
                self._pause = min(max(_FIRST_PAUSE, self._pause * 2), _LONGEST_PAUSE)
                self._not_before = machine_seconds() + self._pause
                raise
            self._pause = 0.0
            if self._shut:  # closed meanwhile
                self._leave(connection)
                raise BusAway("the bus is not open")
            self._connection = connection
            return connection

    def _forget(self) -> None:
        if self._connection is not None:
            going, self._connection = self._connection, None
            self._leave(going)

    def _leave(self, connection: AbstractConnection) -> None:
        task = asyncio.get_running_loop().create_task(_goodbye(connection))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)


def alive(connection: AbstractConnection) -> bool:
    """Is the connection up, as far as one can know without asking?"""
    return connection.transport is not None and not connection.transport.connection.is_closed


async def _goodbye(connection: AbstractConnection) -> None:
    with contextlib.suppress(Exception, asyncio.CancelledError):
        async with asyncio.timeout(_GOODBYE):
            await connection.close()
