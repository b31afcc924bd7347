"""What only the embedded bus promises: one process that receives and others beside it, and a busy loop."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.adapters.sqlite.bus import SqliteBus
from shared.faults import BusAway, Unroutable
from tests.support.pipeline import AGENCIES, eventually, opened_bus, parked_of

TYPE = "agency.registered"

CHILD = """
import asyncio, os, signal, sys
from pathlib import Path
from shared.adapters.sqlite.bus import SqliteBus
from shared.contracts.event_types import types_of
from shared.contracts.subscriptions import Subscription

AGENCIES = Subscription("tests", "agencies", types_of("agency"))

async def main(path, task):
    bus = SqliteBus(Path(path))
    await bus.open()
    if task == "publish":
        for number in range(50):
            await bus.publish("agency.registered", f"child/{number}", "61.12", b"x" * 1000, mandatory=True)
        await bus.close()
        return
    receiver = await bus.receive(AGENCIES, prefetch=10 if task == "hold" else 1)
    delivery = await receiver.take()
    print(delivery.message_id, flush=True)
    if task == "hold":
        await asyncio.Event().wait()
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[SqliteBus]:
    async with opened_bus(tmp_path) as bus:
        yield bus


async def child(folder: Path, task: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, str(folder / "bus.sqlite"), task, stdout=asyncio.subprocess.PIPE
    )


async def test_an_unroutable_message_reaches_no_tail_and_spoils_no_other_of_its_commit(bus: SqliteBus) -> None:
    tail = bus.tail()
    first = asyncio.ensure_future(anext(tail))
    await asyncio.sleep(0.05)

    results = await asyncio.gather(
        bus.publish(TYPE, "a", "61.12", b"a", mandatory=True),
        bus.publish("innovation.scored", "b", "61.12", b"b", mandatory=True),
        bus.publish(TYPE, "c", "61.12", b"c", mandatory=True),
        return_exceptions=True,
    )

    assert [type(each) for each in results] == [type(None), Unroutable, type(None)]
    assert [await first, await anext(tail)] == [b"a", b"c"]
    assert (await bus.state(AGENCIES)).ready == 2


async def test_two_processes_publish_into_one_file_at_once(bus: SqliteBus, tmp_path: Path) -> None:
    other = await child(tmp_path, "publish")
    for number in range(50):
        await bus.publish(TYPE, f"own/{number}", "61.12", b"x" * 1000, mandatory=True)
    async with asyncio.timeout(20):
        assert await other.wait() == 0

    receiver = await bus.receive(AGENCIES, prefetch=100)
    async with asyncio.timeout(10):
        arrived = {(await receiver.take()).message_id for _ in range(100)}
    assert arrived == {f"{who}/{number}" for who in ("own", "child") for number in range(50)}


async def test_what_a_killed_process_held_comes_back_to_the_next_one_that_receives(
    bus: SqliteBus, tmp_path: Path
) -> None:
    await bus.publish(TYPE, "a", "61.12", b"bytes", mandatory=True)
    other = await child(tmp_path, "hold")
    assert other.stdout is not None
    async with asyncio.timeout(20):
        assert (await other.stdout.readline()).strip() == b"a"
        with pytest.raises(BusAway, match="only one process may receive"):
            await bus.receive(AGENCIES, prefetch=1)

        other.kill()
        await other.wait()
        delivery = await (await bus.receive(AGENCIES, prefetch=1)).take()

    assert (delivery.message_id, delivery.redelivered, delivery.attempt) == ("a", True, 0)


async def test_a_message_whose_handler_kills_the_process_is_parked_at_the_limit(bus: SqliteBus, tmp_path: Path) -> None:
    await bus.publish(TYPE, "killer", "61.12", b"bytes", mandatory=True)
    await bus.publish(TYPE, "innocent", "61.12", b"bytes", mandatory=True)
    for _ in range(3):
        other = await child(tmp_path, "take-one-and-die")
        assert other.stdout is not None
        async with asyncio.timeout(20):
            assert (await other.stdout.readline()).strip() == b"killer"
            assert await other.wait() == -signal.SIGKILL

    async with opened_bus(tmp_path, delivery_limit=2) as survivor:
        receiver = await survivor.receive(AGENCIES, prefetch=1)
        async with asyncio.timeout(10):
            innocent = await receiver.take()
        (dead,) = await parked_of(survivor)

    assert (innocent.message_id, innocent.redelivered) == ("innocent", False)
    assert (dead.id, dead.body, dead.attempt, dead.reason) == ("killer", b"bytes", 0, "delivery-limit")


async def test_a_clean_end_counts_no_delivery(tmp_path: Path) -> None:
    for _ in range(5):
        async with opened_bus(tmp_path, delivery_limit=2) as bus:
            if (await bus.state(AGENCIES)).ready == 0:
                await bus.publish(TYPE, "a", "61.12", b"x", mandatory=True)
            receiver = await bus.receive(AGENCIES, prefetch=1)
            assert not (await receiver.take()).redelivered


async def test_taking_writes_once_per_batch_and_not_per_message(bus: SqliteBus) -> None:
    for number in range(40):
        await bus.publish(TYPE, str(number), "61.12", b"x", mandatory=True)
    writing = bus._open_file()._commits._open_connection
    before = writing.total_changes
    receiver = await bus.receive(AGENCIES, prefetch=20)
    for _ in range(20):
        await receiver.take()

    assert writing.total_changes - before == 1


async def test_the_state_distinguishes_ready_from_held(bus: SqliteBus) -> None:
    for name in ("a", "b", "c"):
        await bus.publish(TYPE, name, "61.12", b"x", mandatory=True)
    receiver = await bus.receive(AGENCIES, prefetch=1)
    first = await receiver.take()
    one_held = await bus.state(AGENCIES)
    await receiver.close()
    given_back = await bus.state(AGENCIES)

    assert first.message_id == "a"
    assert (one_held.ready, one_held.held) == (2, 1)
    assert (given_back.ready, given_back.held) == (3, 0)


async def test_a_message_that_another_process_removed_is_settled_quietly(bus: SqliteBus, tmp_path: Path) -> None:
    for name in ("acked", "retried", "parked"):
        await bus.publish(TYPE, name, "61.12", b"x", mandatory=True)
    receiver = await bus.receive(AGENCIES, prefetch=3)
    acked, retried, parked = [await receiver.take() for _ in range(3)]
    with sqlite3.connect(tmp_path / "bus.sqlite") as db:
        db.execute("DELETE FROM waiting")
    db.close()

    await receiver.ack(acked)
    await receiver.retry(retried, rung=0, counted=True)
    await receiver.park(parked, reason="bad", fault="ValueError")

    state = await bus.state(AGENCIES)
    assert (state.ready, state.parked, state.held) == (0, 0, 0)
    await bus.publish(TYPE, "next", "61.12", b"x", mandatory=True)
    async with asyncio.timeout(10):
        assert (await receiver.take()).message_id == "next"


async def test_commits_go_on_while_the_loop_is_busy(bus: SqliteBus) -> None:
    assert sys.getswitchinterval() == pytest.approx(0.0001)
    busy = True

    async def hog() -> None:
        while busy:
            until = time.monotonic() + 0.002
            while time.monotonic() < until:
                pass
            await asyncio.sleep(0)

    hogging = asyncio.create_task(hog())
    try:
        async with asyncio.timeout(10):
            for number in range(20):
                await bus.publish(TYPE, str(number), "61.12", b"x", mandatory=True)
    finally:
        busy = False
        await hogging


async def test_publishes_of_many_share_commits(bus: SqliteBus) -> None:
    commits = 0
    commit_of = bus._open_file()._commits
    group = commit_of._group

    async def counted() -> None:
        nonlocal commits
        commits += 1
        await group()

    commit_of._group = counted  # type: ignore[method-assign]
    await asyncio.gather(*(bus.publish(TYPE, str(number), "61.12", b"x", mandatory=True) for number in range(200)))
    assert commits < 50


async def test_a_queue_that_the_catalogue_no_longer_names_gets_nothing_and_keeps_what_it_has(bus: SqliteBus) -> None:
    await bus.publish(TYPE, "before", "61.12", b"x", mandatory=True)
    await bus.apply([])
    await bus.publish(TYPE, "after", "61.12", b"x", mandatory=False)

    assert (await bus.state(AGENCIES)).ready == 1


async def test_a_message_that_rests_does_not_age_its_queue(bus: SqliteBus) -> None:
    await bus.publish(TYPE, "a", "61.12", b"x", mandatory=True)
    ready = await bus.state(AGENCIES)
    receiver = await bus.receive(AGENCIES, prefetch=1)
    first = await receiver.take()
    await receiver.retry(first, rung=1, counted=True)
    resting = await bus.state(AGENCIES)
    published = ready.oldest
    await receiver.take()
    await receiver.close()
    again = await bus.state(AGENCIES)

    assert resting.oldest is None
    assert published is not None
    assert again.oldest is not None
    assert again.oldest > published


async def test_a_file_of_another_release_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "bus.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(BusAway, match="another release"):
        await SqliteBus(tmp_path / "bus.sqlite").open()


async def test_a_path_that_cannot_be_written_raises_bus_away(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(BusAway):
        await SqliteBus(tmp_path / "file" / "bus.sqlite").open()


async def test_opening_at_once_from_many_opens_once(tmp_path: Path) -> None:
    bus = SqliteBus(tmp_path / "bus.sqlite")
    await asyncio.gather(*(bus.open() for _ in range(5)))
    assert [task.get_name() for task in asyncio.all_tasks()].count("bus-keeper") == 1
    await bus.close()
    assert "bus-keeper" not in [task.get_name() for task in asyncio.all_tasks()]


async def test_an_acked_delivery_cannot_be_acked_again(bus: SqliteBus) -> None:
    await bus.publish(TYPE, "a", "61.12", b"x", mandatory=True)
    receiver = await bus.receive(AGENCIES, prefetch=1)
    delivery = await receiver.take()
    await receiver.ack(delivery)
    with pytest.raises(BusAway, match="no longer held"):
        await receiver.ack(delivery)
    with pytest.raises(BusAway, match="no longer held"):
        await receiver.retry(delivery, rung=0, counted=True)
    assert (await bus.state(AGENCIES)).oldest is None


async def test_a_message_that_nobody_took_does_not_count_as_delivered(bus: SqliteBus) -> None:
    await bus.publish(TYPE, "a", "61.12", b"x", mandatory=True)
    for _ in range(5):
        receiver = await bus.receive(AGENCIES, prefetch=1)
        await eventually(lambda receiver=receiver: len(receiver._held) == 1)
        await receiver.close()
    receiver = await bus.receive(AGENCIES, prefetch=1)
    assert not (await receiver.take()).redelivered


async def test_the_keeper_goes_on_after_an_unexpected_error(bus: SqliteBus, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, errors = bus._keeper, iter((OSError("too many open files"),))
    look = keeper._look

    async def failing() -> float:
        for error in errors:
            raise error
        return await look()

    monkeypatch.setattr(keeper, "_look", failing)
    receiver = await bus.receive(AGENCIES, prefetch=1)
    await bus.publish(TYPE, "a", "61.12", b"x", mandatory=True)
    async with asyncio.timeout(10):
        await receiver.retry(await receiver.take(), rung=0, counted=True)
        assert (await receiver.take()).attempt == 1


async def test_a_bus_without_its_keeper_does_not_answer(bus: SqliteBus) -> None:
    await bus.ping()
    await bus._keeper.stop()
    with pytest.raises(BusAway, match="keeper"):
        await bus.ping()
