"""Waiting: how long between two tries, and how a wait is cut short."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import TypeVar

from shared.faults import Away

Sleep = Callable[[float], Awaitable[None]]

T = TypeVar("T")

LONGEST = 30.0
"""Seconds: the longest wait, unless a caller says otherwise."""


def backoff(first: float = 1.0, most: float | None = None) -> Iterator[float]:
    """Seconds to wait before each new try, without end: 1, 2, 4, 8, 16, 30, 30 …"""
    wait, most = first, LONGEST if most is None else most
    while True:
        yield min(wait, most)
        wait = min(wait * 2, most)


async def rest(seconds: float, until: asyncio.Event, sleep: Sleep = asyncio.sleep) -> None:
    """Wait that many seconds of machine time, or until the event is set."""
    if sleep is asyncio.sleep:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await until.wait()
        return
    sleeping = asyncio.ensure_future(sleep(seconds))
    waking = asyncio.ensure_future(until.wait())
    try:
        await asyncio.wait({sleeping, waking}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        sleeping.cancel()
        waking.cancel()


async def until_available(
    step: Callable[[], Awaitable[T]],
    on_away: Callable[[Away, float], None] = lambda *_: None,
    *,
    fault: type[Away] = Away,
    waits: Iterator[float] | None = None,
    sleep: Sleep = asyncio.sleep,
) -> T:
    """Repeat the step while it raises `fault`; its result. waits: seconds between two tries, `backoff()` by default;
    on_away: called with each fault and the seconds until the next try."""
    for seconds in waits or backoff():
        try:
            return await step()
        except fault as away:
            on_away(away, seconds)
        await sleep(seconds)
    raise AssertionError("the waits never end")
