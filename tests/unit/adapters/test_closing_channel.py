"""A channel is closed once, also when its caller is cancelled meanwhile: a second close costs the whole connection."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest
from aio_pika.abc import AbstractChannel

from shared.adapters.rabbit.errors import close_channel


class Channel:
    """Counts. answers: the broker has confirmed the close; cut: closes that were cut off."""

    def __init__(self) -> None:
        self.is_closed = False
        self.begun, self.answers, self.ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.closes = self.cut = 0

    async def close(self) -> None:
        """As of the client."""
        self.closes += 1
        self.begun.set()
        try:
            await self.answers.wait()
        except asyncio.CancelledError:
            self.cut += 1
            raise
        self.is_closed = True
        self.ended.set()


async def test_a_cancelled_caller_does_not_cut_off_the_close() -> None:
    channel = Channel()
    caller = asyncio.create_task(close_channel(cast("AbstractChannel", channel)))
    await channel.begun.wait()

    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    channel.answers.set()
    async with asyncio.timeout(5):
        await channel.ended.wait()

    assert (channel.closes, channel.cut) == (1, 0)
