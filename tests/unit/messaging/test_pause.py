"""Waiting for the world."""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import cast

import pytest

from shared.backoff import backoff, rest
from shared.faults import StoreAway
from shared.messaging.pause import Paused
from shared.messaging.verdict import Pause, Until
from shared.ports.store import Store


class Answers:
    """A store of which only the answers to ping are of interest."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def ping(self) -> None:
        self.asked += 1
        if self._answers.pop(0) == "no":
            raise StoreAway("not yet")


def test_waits_double_up_to_half_a_minute() -> None:
    assert list(islice(backoff(), 7)) == [1, 2, 4, 8, 16, 30, 30]
    assert list(islice(backoff(0.5, 2), 4)) == [0.5, 1, 2, 2]


async def test_a_rest_ends_when_it_is_woken() -> None:
    woken = asyncio.Event()
    resting = asyncio.create_task(rest(3600, woken))
    await asyncio.sleep(0)

    woken.set()

    async with asyncio.timeout(5):
        await resting


async def test_the_store_is_asked_after_growing_waits_until_it_answers() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    answers = Answers("no", "no", "yes")
    paused = Paused(Pause(Until.STORE, "away"), "a")
    for _ in range(2):
        with pytest.raises(StoreAway):
            await paused.ask(cast("Store", answers), asyncio.Event(), sleep)
    await paused.ask(cast("Store", answers), asyncio.Event(), sleep)

    assert waits == [1, 2, 4]
    assert answers.asked == 3


async def test_the_waits_go_on_growing_when_an_answer_did_not_hold() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    paused = Paused(Pause(Until.STORE, "away"), "a")
    for _ in range(3):
        await paused.ask(cast("Store", Answers("yes")), asyncio.Event(), sleep)
        paused.renew(Pause(Until.STORE, "busy"), "b")

    assert waits == [1, 2, 4]


async def test_a_question_about_a_message_does_not_trouble_the_store() -> None:
    async def sleep(_: float) -> None:
        return

    answers = Answers()
    await Paused(Pause(Until.MESSAGE, "newer"), "a").ask(cast("Store", answers), asyncio.Event(), sleep)
    assert answers.asked == 0


async def test_nobody_is_asked_once_the_process_stops() -> None:
    woken = asyncio.Event()
    woken.set()
    answers = Answers()
    await Paused(Pause(Until.STORE, "away"), "a").ask(cast("Store", answers), woken, asyncio.sleep)
    assert answers.asked == 0
