"""What RabbitMQ's client raises, as our own faults; and one time limit around a whole operation."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import CONNECTION_EXCEPTIONS

from shared.faults import BusAway

# The client logs each lost connection with a traceback; here every failure becomes a fault that somebody answers for.
for _name in ("aio_pika", "aiormq"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

_GOODBYE = 3.0  # seconds for an orderly close; a broker that is frozen does not answer it


@asynccontextmanager
async def limited(what: str, seconds: float) -> AsyncIterator[None]:
    """Raise BusAway for anything of the connection that fails inside, and after `seconds`. The client's own `timeout=`
    does not cover the wait for a connection, so this is around everything."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise BusAway(f"{what}: no answer within {seconds:g} s") from error
    except CONNECTION_EXCEPTIONS as error:
        raise BusAway(f"{what}: {sentence(error)}") from error
    except asyncio.CancelledError as error:
        # A channel that closes cancels the futures of those who wait on it: they were not cancelled themselves.
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise BusAway(f"{what}: the channel was closed") from error


async def close_channel(channel: AbstractChannel) -> None:
    """Close it within a moment. Never raises for a connection that is gone or silent."""
    if not channel.is_closed:
        with suppress(BusAway):
            async with limited("close", _GOODBYE):
                await channel.close()


def sentence(error: BaseException) -> str:
    """What happened, in one line without secrets (the client's own texts name hosts and queues only)."""
    return f"{type(error).__name__}: {str(error)[:300]}"
