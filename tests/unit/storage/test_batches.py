from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from shared.storage.batches import AT_ONCE, in_batches, in_parallel


async def test_answers_keep_the_order_of_the_items() -> None:
    async def slowest_first(item: int) -> int:
        await asyncio.sleep((AT_ONCE - item % AT_ONCE) / 1000)
        return -item

    assert await in_parallel(range(AT_ONCE + 3), slowest_first) == [-item for item in range(AT_ONCE + 3)]


async def test_a_limited_number_runs_at_once() -> None:
    running = most = 0

    async def work(_: int) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    await in_parallel(range(3 * AT_ONCE), work)

    assert most == AT_ONCE


async def test_after_a_failure_the_running_ones_finish_and_no_others_start() -> None:
    finished: list[int] = []

    async def work(item: int) -> None:
        if item == 0:
            raise ValueError("first")
        await asyncio.sleep(0.001)
        finished.append(item)

    with pytest.raises(ValueError, match="first"):
        await in_parallel(range(2 * AT_ONCE), work)

    assert finished == list(range(1, AT_ONCE))


@pytest.mark.parametrize("count", [0, 1, AT_ONCE, AT_ONCE + 1])
async def test_a_stream_is_cut_into_batches(count: int) -> None:
    async def stream() -> AsyncIterator[int]:
        for item in range(count):
            yield item

    batches = [batch async for batch in in_batches(stream())]

    assert [item for batch in batches for item in batch] == list(range(count))
    assert all(0 < len(batch) <= AT_ONCE for batch in batches)
