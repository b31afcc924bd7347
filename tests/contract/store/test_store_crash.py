"""The contract of `shared.ports.store.Store`: a process that is killed, and one that writes beside another."""

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


async def line(process: Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(30):
        return (await process.stdout.readline()).decode().strip()


async def test_killed_in_the_middle_nothing_acknowledged_is_lost(engine: Engine) -> None:
    await engine.open()  # tables and indexes are there
    acknowledged: dict[str, tuple[int, int]] = {}

    def note(said: str) -> None:
        id, n, sequence = said.split()
        acknowledged[id] = max(acknowledged.get(id, (0, 0)), (int(n), int(sequence)))

    async with child(engine, "write") as process:
        for _ in range(300):
            note(await line(process))
        process.kill()
        assert process.stdout is not None
        for said in (await process.stdout.read()).decode().splitlines():
            if len(said.split()) == 3 and said.split()[2].isdecimal():
                note(said)

    store = await engine.open()
    owed = {each.id: events(each) for each in await claimed(store, 10_000)}
    for id, (n, sequence) in acknowledged.items():
        found = await store.get("thing", id)
        assert found is not None
        assert (found.state["n"], found.sequence) >= (n, sequence)
    async for row in store.scan("thing", {}, ["n"]):
        # state and outbox agree, also of what was not acknowledged any more
        assert [event.data["n"] for event in owed[row.id]] == list(range(1, row["n"] + 1))
        assert owed[row.id][-1].number == row.sequence


async def test_the_leases_of_a_killed_process_are_free_at_the_next_start(engine: Engine) -> None:
    running = await engine.open()
    async with child(engine, "claim") as process:
        assert await line(process) == "1"
        beside = await engine.open()
        assert await beside.claim_owed(10, timedelta(seconds=1)) == []  # its owner lives
        process.kill()
        await process.wait()
    assert await running.claim_owed(10, timedelta(seconds=1)) == []

    started = await engine.open()

    assert [owed.id for owed in await started.claim_owed(10, timedelta(seconds=1))] == ["a"]


async def test_a_second_process_writes_now_and_then_beside_a_busy_one(engine: Engine) -> None:
    store = await engine.open()
    over = asyncio.Event()
    done = 0

    async def busy(writer: int) -> None:
        nonlocal done
        while not over.is_set():
            await store.change("thing", f"own-{writer}", counted(tells=False))
            done += 1

    writers = [asyncio.create_task(busy(writer)) for writer in range(16)]
    try:
        async with child(engine, "now-and-then") as process:
            said = [int(await line(process)) for _ in range(10)]
            assert await process.wait() == 0
    finally:
        over.set()
        await asyncio.gather(*writers)

    assert said == list(range(1, 11))
    assert done > 100
    found = await store.get("thing", "shared")
    assert found is not None
    assert found.state == {"n": 10}
