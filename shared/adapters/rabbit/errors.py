"""Translates the errors of RabbitMQ's client into faults, with one time limit around a whole operation."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import CONNECTION_EXCEPTIONS

from shared.faults import BusAway

# The client logs every lost connection with a traceback; here each failure is raised as a fault and handled.
for _name in ("aio_pika", "aiormq"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

_CLOSE_SECONDS = 3.0  # for an orderly close, which a frozen broker does not answer


@asynccontextmanager
async def limited(what: str, seconds: float) -> AsyncIterator[None]:
    """Raise BusAway for every connection error inside the block, and after `seconds`. The client's own `timeout=` does
    not cover the wait for a connection."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise BusAway(f"{what}: no answer within {seconds:g} s") from error
    except CONNECTION_EXCEPTIONS as error:
        raise BusAway(f"{what}: {sentence(error)}") from error
    except asyncio.CancelledError as error:
        # A channel that closes cancels the futures of its waiting callers, which were not cancelled themselves.
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise BusAway(f"{what}: the channel was closed") from error


_closing: set[asyncio.Task[None]] = set()


async def close_channel(channel: AbstractChannel) -> None:
    """Close a channel within _CLOSE_SECONDS. Never raises for a lost or silent connection.

    The close goes on when the caller is cancelled: the client would send a second one, for which the broker closes the
    whole connection (aiormq 7.2, `Channel.__close_after_failure`), and it would forget that it was cancelled.
    """
    if not channel.is_closed:
        task = asyncio.create_task(_close(channel))
        _closing.add(task)
        task.add_done_callback(_closing.discard)
        await asyncio.shield(task)


async def _close(channel: AbstractChannel) -> None:
    with suppress(BusAway):
        async with limited("close", _CLOSE_SECONDS):
            await channel.close()


def sentence(error: BaseException) -> str:
    """The error in one line without secrets (the client's own texts name hosts and queues only)."""
    return f"{type(error).__name__}: {str(error)[:300]}"
