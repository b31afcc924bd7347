"""Waiting for the world: how long, and for which answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

from shared.messaging.verdict import Pause, Question
from shared.ports.store import Store

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


class Paused:
    """One pause of one subscription: from the first trouble until a message was treated again. The waits grow across
    answers that did not hold (the store answers, and the next message finds it away)."""

    def __init__(self, pause: Pause, message_id: str) -> None:
        """message_id: of the message that met the trouble."""
        self.pause = pause
        self.message_id = message_id
        self._waits = backoff()

    def renew(self, pause: Pause, message_id: str) -> None:
        """The trouble goes on, perhaps another one."""
        self.pause = pause
        self.message_id = message_id

    async def ask(self, store: Store, woken: asyncio.Event, sleep: Sleep) -> None:
        """Wait the next wait, then ask. Raises Away while the answer is no. A question about a message is answered by
        taking it again."""
        await rest(next(self._waits), woken, sleep)
        if self.pause.question is Question.STORE and not woken.is_set():
            await store.ping()
