"""A paused subscription: how long to wait, and whether it may resume."""

from __future__ import annotations

import asyncio

from shared.backoff import Sleep, backoff, rest
from shared.messaging.verdict import Pause, ResumeWhen
from shared.ports.store import Store


class SubscriptionPause:
    """One pause of one subscription, from the first fault until a message was handled again. The waits keep growing
    when it resumes too early (the store answers, and the next message finds it away)."""

    def __init__(self, pause: Pause, message_id: str) -> None:
        """message_id: of the message whose handling led to the pause."""
        self.pause = pause
        self.message_id = message_id
        self._waits = backoff()

    def renew(self, pause: Pause, message_id: str) -> None:
        """The pause goes on, perhaps for another reason."""
        self.pause = pause
        self.message_id = message_id

    async def wait_and_check(self, store: Store, stopping: asyncio.Event, sleep: Sleep) -> None:
        """Wait, then check whether the subscription may resume. Raises Away while it may not. Whether a message is
        readable shows only when it is taken again."""
        await rest(next(self._waits), stopping, sleep)
        if self.pause.resume_when is ResumeWhen.STORE_ANSWERS and not stopping.is_set():
            await store.ping()
