"""The messages of one batch that go through one channel, within its limits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

from services.notifications.sending.channel import Channel
from services.notifications.sending.hand_overs import HandOvers, Provider, channel_before
from services.notifications.sending.health import ChannelHealth
from services.notifications.sending.performance import Taken
from services.notifications.sending.preparation import Prepared
from services.notifications.sending.routing import Try
from shared.clock import machine_ms

AHEAD = 8  # messages whose attempt is opened or stored, for each that is being handed over


class Lane:
    """limited: whether the provider's limit has left messages for a later run; window: seconds after which more are
    allowed. What is left over, also because the channel was blocked meanwhile, stays due as it is."""

    def __init__(
        self, channel: Channel, health: ChannelHealth, hand_overs: HandOvers, stopping: Callable[[], bool]
    ) -> None:
        self._channel = channel
        self._health = health
        self._hand_overs = hand_overs
        self._stopping = stopping
        self._waiting: list[tuple[Prepared, Try]] = []
        self._error: BaseException | None = None
        self.limited = False

    @property
    def window(self) -> float:
        """See above."""
        return max(1.0, 1.0 / (self._channel.per_second or 1.0))

    def add(self, prepared: Prepared, how: Try) -> None:
        """Add a message, after those that are in the lane."""
        self._waiting.append((prepared, how))

    async def run(self, taken: Taken, live_since: int) -> int:
        """Hand over; returns how many attempts were made. Raises the first error, after the hand-overs in flight."""
        most, probing = len(self._waiting), self._blocked()
        if probing:
            if not await self._health.may_probe():
                return 0
            most = 1
        allowed = await self._health.take(most, self._channel.per_second)
        self.limited = allowed < most
        pending = iter(self._waiting[:allowed])
        made: list[int] = []
        workers = min(self._channel.at_once * AHEAD, allowed)
        places = asyncio.Semaphore(self._channel.at_once)
        via = Provider(self._channel, self._health, places, probing=probing)
        await asyncio.gather(*(self._work(pending, via, taken, live_since, made) for _ in range(workers)))
        if self._error is not None:
            raise self._error
        return len(made)

    def _blocked(self) -> bool:
        return self._health.state.blocked_since(machine_ms()) is not None

    async def _work(
        self,
        pending: Iterator[tuple[Prepared, Try]],
        via: Provider,
        taken: Taken,
        live_since: int,
        made: list[int],
    ) -> None:
        for prepared, how in pending:
            if self._stopping() or self._error is not None or via.blocked:
                return
            try:
                before = channel_before(prepared.message) if how.fallback else None
                content = prepared.render(how.channel, before)
                result = await self._hand_overs.make(prepared, how, via, content)
            except BaseException as error:  # noqa: BLE001 - raised by `run` once the others have ended
                if self._error is None:
                    self._error = error
                return
            if result is not None:
                made.append(1)
                taken.add(result.message.value, result.attempt, live_since=live_since, paced=self.limited)
