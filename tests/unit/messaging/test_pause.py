from __future__ import annotations

import asyncio
from typing import cast

import pytest

from shared.faults import StoreAway
from shared.messaging.pause import SubscriptionPause
from shared.messaging.verdict import Pause, ResumeWhen
from shared.ports.store import Store

STORE_AWAY = Pause(ResumeWhen.STORE_ANSWERS, "away")


class PingedStore:
    """A store of which only the answers to ping matter."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)
        self.pings = 0

    async def ping(self) -> None:
        self.pings += 1
        if self._answers.pop(0) == "no":
            raise StoreAway("not yet")

    @property
    def store(self) -> Store:
        return cast("Store", self)


async def test_the_store_is_pinged_after_growing_waits_until_it_answers() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    pinged = PingedStore("no", "no", "yes")
    pause = SubscriptionPause(STORE_AWAY, "a")
    for _ in range(2):
        with pytest.raises(StoreAway):
            await pause.wait_and_check(pinged.store, asyncio.Event(), sleep)
    await pause.wait_and_check(pinged.store, asyncio.Event(), sleep)

    assert waits == [1, 2, 4]
    assert pinged.pings == 3


async def test_the_waits_keep_growing_when_it_resumed_too_early() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    pause = SubscriptionPause(STORE_AWAY, "a")
    for _ in range(3):
        await pause.wait_and_check(PingedStore("yes").store, asyncio.Event(), sleep)
        pause.renew(Pause(ResumeWhen.STORE_ANSWERS, "busy"), "b")

    assert waits == [1, 2, 4]


async def test_a_pause_about_a_message_does_not_ping_the_store() -> None:
    async def sleep(_: float) -> None:
        return

    pinged = PingedStore()
    pause = SubscriptionPause(Pause(ResumeWhen.MESSAGE_READABLE, "newer"), "a")

    await pause.wait_and_check(pinged.store, asyncio.Event(), sleep)

    assert pinged.pings == 0


async def test_nothing_is_pinged_once_the_process_stops() -> None:
    stopping = asyncio.Event()
    stopping.set()
    pinged = PingedStore()

    await SubscriptionPause(STORE_AWAY, "a").wait_and_check(pinged.store, stopping, asyncio.sleep)

    assert pinged.pings == 0
