from __future__ import annotations

import asyncio
from itertools import islice

import pytest

from shared.backoff import Sleep, backoff, rest, until_available
from shared.faults import Away, Busy, StoreAway


async def at_once(_: float) -> None:
    """Every wait is over at once."""


def test_waits_double_up_to_half_a_minute() -> None:
    assert list(islice(backoff(), 7)) == [1, 2, 4, 8, 16, 30, 30]
    assert list(islice(backoff(0.5, 2), 4)) == [0.5, 1, 2, 2]


async def hours(seconds: float) -> None:
    await asyncio.sleep(seconds)


@pytest.mark.parametrize("sleep", [asyncio.sleep, hours])
async def test_a_rest_ends_when_the_event_is_set(sleep: Sleep) -> None:
    woken = asyncio.Event()
    resting = asyncio.create_task(rest(3600, woken, sleep))
    await asyncio.sleep(0)

    woken.set()

    async with asyncio.timeout(5):
        await resting


@pytest.mark.parametrize("sleep", [asyncio.sleep, at_once])
async def test_a_rest_ends_when_its_seconds_are_over(sleep: Sleep) -> None:
    async with asyncio.timeout(5):
        await rest(0.001, asyncio.Event(), sleep)


async def test_a_step_is_repeated_until_what_it_needs_is_available() -> None:
    faults = [StoreAway("no disk"), StoreAway("still none")]
    seen: list[tuple[str, float]] = []

    async def step() -> str:
        if faults:
            raise faults.pop(0)
        return "done"

    def on_away(fault: Away, seconds: float) -> None:
        seen.append((fault.detail, seconds))

    assert await until_available(step, on_away, sleep=at_once) == "done"
    assert seen == [("no disk", 1), ("still none", 2)]


async def test_a_fault_of_another_kind_is_raised() -> None:
    async def step() -> None:
        raise StoreAway("no disk")

    with pytest.raises(StoreAway):
        await until_available(step, fault=Busy, sleep=at_once)
