"""TODO"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

Sleep = Callable[[float], Awaitable[None]]


def backoff(first: float = 1.0, most: float = 30.0) -> Iterator[float]:
    """Seconds to wait before each new try: 1, 2, 4, 8, 16, 30, 30 …"""
    wait = first
    while True:
        yield min(wait, most)
        wait = min(wait * 2, most)


async def rest(seconds: float, woken: asyncio.Event, sleep: Sleep = asyncio.sleep) -> None:
    """Sleep for machine seconds, or until `woken` is set."""
    sleeping = asyncio.ensure_future(sleep(seconds))
    waking = asyncio.ensure_future(woken.wait())
    try:
        await asyncio.wait({sleeping, waking}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        sleeping.cancel()
        waking.cancel()
