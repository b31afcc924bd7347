from __future__ import annotations

import asyncio

import pytest

from shared.storage.shared_runs import SharedRuns


class Work:
    """Counts its runs; each lasts until it is released."""

    def __init__(self) -> None:
        self.begun = 0
        self.ended = 0
        self.gates: list[asyncio.Event] = []
        self.fails: set[int] = set()

    async def __call__(self) -> None:
        self.begun += 1
        number, gate = self.begun, asyncio.Event()
        self.gates.append(gate)
        await gate.wait()
        if number in self.fails:
            raise LookupError(f"run {number}")
        self.ended += 1


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_whoever_asks_during_a_run_shares_the_next_one() -> None:
    runs, work = SharedRuns(), Work()
    first = asyncio.create_task(runs.run("key", work))
    await settled()
    others = [asyncio.create_task(runs.run("key", work)) for _ in range(5)]
    await settled()
    assert work.begun == 1

    work.gates[0].set()
    await settled()
    assert first.done()
    assert not any(each.done() for each in others)
    assert work.begun == 2

    work.gates[1].set()
    await asyncio.gather(*others)
    assert work.ended == 2


async def test_other_keys_do_not_wait() -> None:
    runs, work = SharedRuns(), Work()
    tasks = [asyncio.create_task(runs.run(key, work)) for key in range(3)]
    await settled()
    assert work.begun == 3
    for gate in work.gates:
        gate.set()
    await asyncio.gather(*tasks)


async def test_a_run_that_fails_is_made_again_by_the_others() -> None:
    runs, work = SharedRuns(), Work()
    work.fails = {2}
    first = asyncio.create_task(runs.run("key", work))
    await settled()
    second, third = (asyncio.create_task(runs.run("key", work)) for _ in range(2))
    await settled()
    for number in range(3):
        work.gates[number].set()
        await settled()
    await first
    with pytest.raises(LookupError, match="run 2"):
        await second
    await third
    assert work.ended == 2


@pytest.mark.parametrize("cancelled", [0, 1])
async def test_a_caller_that_goes_leaves_the_work_to_the_others(cancelled: int) -> None:
    runs, work = SharedRuns(), Work()
    tasks = []
    for _ in range(3):
        tasks.append(asyncio.create_task(runs.run("key", work)))
        await settled()
    tasks[cancelled].cancel()
    await settled()
    while not all(task.done() for task in tasks):
        for gate in work.gates:
            gate.set()
        await settled()
    assert [task.cancelled() for task in tasks] == [place == cancelled for place in range(3)]
    assert work.ended >= 1


async def test_a_paced_run_waits_for_more_who_ask_and_the_first_one_for_nobody() -> None:
    runs, clock, began = SharedRuns(pace=0.1), asyncio.get_running_loop().time, list[float]()

    async def work() -> None:
        began.append(clock())
        await asyncio.sleep(0.01)

    first = asyncio.create_task(runs.run("key", work))
    await settled()
    assert len(began) == 1
    second = asyncio.create_task(runs.run("key", work))
    await first
    await asyncio.gather(second, runs.run("key", work))
    assert len(began) == 2
    assert began[1] - began[0] >= 0.1
