"""Waiting for the world: how long, and for which answer."""

from __future__ import annotations

import asyncio

from shared.backoff import Sleep, backoff, rest
from shared.messaging.verdict import Pause, Until
from shared.ports.store import Store


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
        if self.pause.question is Until.STORE and not woken.is_set():
            await store.ping()
