"""The messages of one batch that go through one channel, within its limits.

Three kinds of work go on at the same time: attempts are opened a page at a time, handed over one by one as far as the
channel allows at once, and closed as soon as there are answers, all that there are by then together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from services.notifications.sending.channel import Channel
from services.notifications.sending.consequences import nothing_follows
from services.notifications.sending.hand_overs import (
    Answered,
    HandOvers,
    Made,
    Opened,
    Provider,
    Wanted,
    channel_before,
)
from services.notifications.sending.health import ChannelHealth
from services.notifications.sending.performance import Taken
from services.notifications.sending.preparation import Prepared
from services.notifications.sending.routing import Try
from shared.clock import machine_ms

MOST_OPEN = 64  # attempts that are open at once, handed over or not
PAGE = 32  # attempts that are opened together


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
        self._ready: asyncio.Queue[Opened | None] = asyncio.Queue()
        self._open_attempts = 0
        self._room = asyncio.Event()  # set when fewer attempts are open
        self._answered: list[Answered] = []
        self._any_answered = asyncio.Event()
        self._ended = False  # no more answers come
        self._aside: set[asyncio.Task[None]] = set()
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
        via = Provider(self._channel, self._health, probing=probing)
        workers = min(self._channel.at_once, allowed)
        closing = asyncio.ensure_future(self._close(taken, live_since))
        try:
            opening = self._open(self._waiting[:allowed], via, workers)
            await asyncio.gather(opening, *(self._work(via) for _ in range(workers)))
        finally:
            self._ended = True
            self._any_answered.set()
        made = await closing
        while self._aside:
            await asyncio.wait(self._aside)
        if self._error is not None:
            raise self._error
        return made

    def _blocked(self) -> bool:
        return self._health.state.blocked_since(machine_ms()) is not None

    async def _open(self, waiting: Sequence[tuple[Prepared, Try]], via: Provider, workers: int) -> None:
        """Open attempts, but never more than MOST_OPEN, then tell the workers that no more come."""
        page = min(PAGE, MOST_OPEN)
        for start in range(0, len(waiting), page):
            while self._open_attempts > MOST_OPEN - page:
                self._room.clear()
                await self._room.wait()
            if self._stopping() or self._error is not None or via.blocked:
                break
            try:
                opened = await self._hand_overs.open(self._rendered(waiting[start : start + page]), via)
            except Exception as error:  # noqa: BLE001 - raised by `run` once the others have ended
                self._failed(error)
                break
            ready = [each for each in opened if isinstance(each, Opened)]
            for each in opened:
                if isinstance(each, Exception):
                    self._failed(each)
            self._apart(self._hand_overs.keep(ready))
            self._open_attempts += len(ready)
            for one in ready:
                self._ready.put_nowait(one)
        for _ in range(workers):
            self._ready.put_nowait(None)

    def _rendered(self, waiting: Sequence[tuple[Prepared, Try]]) -> list[Wanted]:
        """Without those that cannot be rendered."""
        wanted = []
        for prepared, how in waiting:
            try:
                before = channel_before(prepared.message) if how.fallback else None
                wanted.append(Wanted(prepared, how, prepared.render(how.channel, before)))
            except Exception as error:  # noqa: BLE001 - as above
                self._failed(error)
        return wanted

    async def _work(self, via: Provider) -> None:
        """Hand over what is ready, also after an error: its attempts are open."""
        while (opened := await self._ready.get()) is not None:
            try:
                answered = await self._hand_overs.make(opened, via)
            except Exception as error:  # noqa: BLE001 - as above
                self._failed(error)
                self._no_longer_open(1)
                continue
            self._answered.append(answered)
            self._any_answered.set()

    async def _close(self, taken: Taken, live_since: int) -> int:
        """Store answers until no more come; returns how many."""
        count = 0
        while True:
            await self._any_answered.wait()
            self._any_answered.clear()
            while self._answered:
                answered, self._answered = self._answered, []
                count += await self._store(answered, taken, live_since)
            if self._ended:
                return count

    async def _store(self, answered: Sequence[Answered], taken: Taken, live_since: int) -> int:
        """Store answers, and begin what follows from them; then their attempts are no longer open."""
        count = following = 0
        try:
            for each in await self._hand_overs.close(answered):
                if isinstance(each, Exception):
                    self._failed(each)
                    continue
                count += 1
                taken.add(each.message.value, each.attempt, live_since=live_since, paced=self.limited)
                if not nothing_follows(each.message.value):
                    following += 1
                    self._apart(self._follow(each))
        except Exception as error:  # noqa: BLE001 - as above
            self._failed(error)
        self._no_longer_open(len(answered) - following)
        return count

    async def _follow(self, made: Made) -> None:
        try:
            await self._hand_overs.follow(made)
        finally:
            self._no_longer_open(1)

    def _no_longer_open(self, count: int) -> None:
        self._open_attempts -= count
        self._room.set()

    def _failed(self, error: BaseException) -> None:
        if self._error is None:
            self._error = error

    def _apart(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin something that need not be waited for before the end of the run."""
        task = asyncio.ensure_future(work)
        self._aside.add(task)
        task.add_done_callback(self._ended_apart)

    def _ended_apart(self, task: asyncio.Task[None]) -> None:
        self._aside.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed(error)
