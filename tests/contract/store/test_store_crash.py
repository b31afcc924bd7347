"""The contract of `shared.ports.store.Store`: a killed process, and a second process that writes occasionally."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from datetime import timedelta

from tests.support.paths import ROOT
from tests.support.store_engines import Engine
from tests.support.store_samples import claimed, counted, events


@contextlib.asynccontextmanager
async def child(engine: Engine, task: str) -> AsyncIterator[Process]:
    """A process with a store on the same engine; killed at the end."""
    command = [sys.executable, "-m", "tests.support.store_process", engine.name, engine.where, task]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def read_line(process: Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(30):
        return (await process.stdout.readline()).decode().strip()


async def test_a_killed_process_loses_no_acknowledged_change(engine: Engine) -> None:
    await engine.open()  # creates the tables and indexes
    acknowledged: dict[str, tuple[int, int]] = {}

    def note(line: str) -> None:
        id, n, sequence = line.split()
        acknowledged[id] = max(acknowledged.get(id, (0, 0)), (int(n), int(sequence)))

    async with child(engine, "write") as process:
        for _ in range(300):
            note(await read_line(process))
        process.kill()
        assert process.stdout is not None
        for rest in (await process.stdout.read()).decode().splitlines():
            if len(rest.split()) == 3 and rest.split()[2].isdecimal():
                note(rest)

    store = await engine.open()
    owed = {each.id: events(each) for each in await claimed(store, 10_000)}
    for id, (n, sequence) in acknowledged.items():
        found = await store.get("thing", id)
        assert found is not None
        assert (found.state["n"], found.sequence) >= (n, sequence)
    async for row in store.scan("thing", {}, ["n"]):
        # state and outbox agree, also for changes that were not acknowledged
        assert [event.data["n"] for event in owed[row.id]] == list(range(1, row["n"] + 1))
        assert owed[row.id][-1].number == row.sequence


async def test_the_leases_of_a_killed_process_are_free_at_the_next_start(engine: Engine) -> None:
    running = await engine.open()
    async with child(engine, "claim") as process:
        assert await read_line(process) == "1"
        beside = await engine.open()
        assert await beside.claim_owed(10, timedelta(seconds=1)) == []  # the owner of the lease is alive
        process.kill()
        await process.wait()
    assert await running.claim_owed(10, timedelta(seconds=1)) == []

    started = await engine.open()

    assert [owed.id for owed in await started.claim_owed(10, timedelta(seconds=1))] == ["a"]


async def test_a_second_process_can_write_beside_a_busy_one(engine: Engine) -> None:
    store = await engine.open()
    over = asyncio.Event()
    done = 0

    async def busy(writer: int) -> None:
        nonlocal done
        while not over.is_set():
            await store.change("thing", f"own-{writer}", counted(owes=False))
            done += 1

    writers = [asyncio.create_task(busy(writer)) for writer in range(16)]
    try:
        async with child(engine, "occasional") as process:
            counts = [int(await read_line(process)) for _ in range(10)]
            assert await process.wait() == 0
    finally:
        over.set()
        await asyncio.gather(*writers)

    assert counts == list(range(1, 11))
    assert done > 100
    found = await store.get("thing", "shared")
    assert found is not None
    assert found.state == {"n": 10}
