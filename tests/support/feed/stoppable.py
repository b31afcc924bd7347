"""A store as one process sees it, on a slow wire, that may be stopped or cut off at any call. Several of them share one
engine."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any

from shared.faults import StoreAway
from shared.ports.store import Store

WRITES = frozenset(("change", "change_many", "put_newer", "owe_again", "settle", "settle_many", "load", "erase"))
CALLS = WRITES | {"get", "find"}
"""What is held, delayed or cut off; everything else passes."""


class StoppableStore:
    """Stands for a `Store`. What was sent reaches the engine at some time, also when the process is stopped or dead by
    then; no call is sent, and no answer received, while it is stopped.

    slow: the probability that a write stays on the wire until `deliver`; faults: that its answer is StoreAway, and the
    write was made, or not.
    """

    def __init__(self, inner: Store, dice: random.Random, *, slow: float = 0.3, faults: float = 0.0) -> None:
        self._inner = inner
        self._dice = dice
        self.slow, self.faults = slow, faults
        self._runs = asyncio.Event()
        self._runs.set()
        self._wire: list[asyncio.Future[None]] = []
        self._sent: set[asyncio.Future[Any]] = set()

    @property
    def stopped(self) -> bool:
        """Whether it is."""
        return not self._runs.is_set()

    def stop(self) -> None:
        """As SIGSTOP."""
        self._runs.clear()

    def go_on(self) -> None:
        """As SIGCONT."""
        self._runs.set()

    def deliver(self, most: int | None = None) -> None:
        """Let so many writes, drawn at random, reach the engine; None: all of them."""
        self._dice.shuffle(self._wire)
        count = len(self._wire) if most is None else min(most, len(self._wire))
        for _ in range(count):
            arrived = self._wire.pop()
            if not arrived.done():
                arrived.set_result(None)

    async def settled(self) -> None:
        """Wait until everything that was sent has reached the engine."""
        while self._sent:
            self.deliver()
            await asyncio.wait(set(self._sent), timeout=0.001)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has
        plain = getattr(self._inner, name)
        return self._stoppable(plain, writes=name in WRITES) if name in CALLS else plain

    def _stoppable(self, plain: Callable[..., Any], *, writes: bool) -> Callable[..., Any]:
        async def call(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - as the store's
            await self._runs.wait()
            sent = asyncio.ensure_future(self._on_the_wire(lambda: plain(*given, **named), writes=writes))
            self._sent.add(sent)
            sent.add_done_callback(self._arrived)
            answer = await asyncio.shield(sent)
            await self._runs.wait()
            return answer

        return call

    def _arrived(self, sent: asyncio.Future[Any]) -> None:
        self._sent.discard(sent)
        if not sent.cancelled():
            sent.exception()  # nobody may be there any more to receive it

    async def _on_the_wire(self, send: Callable[[], Coroutine[Any, Any, Any]], *, writes: bool) -> Any:  # noqa: ANN401 - as the store's
        if not writes:
            return await send()
        if self._dice.random() < self.slow:
            self._wire.append(arrived := asyncio.get_running_loop().create_future())
            await arrived
        cut = self._dice.random() < self.faults
        if cut and self._dice.random() < 0.5:
            raise StoreAway("cut off by the test")
        answer = await send()
        if cut:
            raise StoreAway("cut off by the test")
        return answer
