"""What holds the loop of a process under the sampling clock is found by name."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

import pytest

from benchmarks.sampled import HELD, Holds, watch
from benchmarks.system.samples import Samples


async def _blocking() -> None:
    await asyncio.sleep(0)
    time.sleep(HELD * 2)  # noqa: ASYNC251 - this is what is looked for


async def _polite() -> None:
    for _ in range(10):
        await asyncio.sleep(HELD / 5)


def test_a_step_that_holds_the_loop_is_noted_under_its_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio.Handle, "_run", asyncio.Handle._run)  # undone at the end
    holds: Holds = {}

    async def main() -> None:
        watch(holds)
        await asyncio.gather(asyncio.create_task(_blocking(), name="portal: counting"), _blocking(), _polite())

    asyncio.run(main())
    assert {"portal: counting", "_blocking"} <= holds.keys()
    assert min(holds["portal: counting"]) >= HELD * 1000


def test_the_longest_holds_are_told() -> None:
    samples = Samples(Counter(feed=3, bus=1), {"one": [6.0, 9.0], "two": [30.0], "three": [7.0], "four": [5.5]})
    assert samples.longest() == "5 times, longest by `two` 30 ms, `one` 9 ms, `three` 7 ms"
    assert samples.shares(2.0) == "feed 1500, bus 500"
    assert Samples(Counter(), {}).longest() == "never"
