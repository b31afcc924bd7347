"""What only the embedded bus promises: two processes on one file, a full disk, a killed holder, a busy loop."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.bus_owner import Owner, gone
from shared.faults import BusAway
from tests.support.pipeline import AGENCIES, eventually, opened_bus

TYPE = "agency.registered"

CHILD = """
import asyncio, sys
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
            await bus.publish("agency.registered", f"child/{number}", b"x" * 1000, mandatory=True)
        await bus.close()
        return
    inbox = await bus.receive(AGENCIES, prefetch=10)
    delivery = await inbox.take()
    print(delivery.message_id, flush=True)
    await asyncio.Event().wait()

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


async def test_two_processes_publish_into_one_file_at_once(bus: SqliteBus, tmp_path: Path) -> None:
    other = await child(tmp_path, "publish")
    for number in range(50):
        await bus.publish(TYPE, f"own/{number}", b"x" * 1000, mandatory=True)
    async with asyncio.timeout(20):
        assert await other.wait() == 0

    receiver = await bus.receive(AGENCIES, prefetch=100)
    async with asyncio.timeout(10):
        arrived = {(await receiver.take()).message_id for _ in range(100)}
    assert arrived == {f"{who}/{number}" for who in ("own", "child") for number in range(50)}


async def test_what_a_process_held_comes_back_when_it_is_killed(bus: SqliteBus, tmp_path: Path) -> None:
    await bus.publish(TYPE, "a", b"bytes", mandatory=True)
    other = await child(tmp_path, "hold")
    assert other.stdout is not None
    async with asyncio.timeout(20):
        assert (await other.stdout.readline()).strip() == b"a"
        receiver = await bus.receive(AGENCIES, prefetch=1)
        waiting = asyncio.create_task(receiver.take())
        await asyncio.sleep(0.3)
        assert not waiting.done()  # a living process keeps what it holds, however long it takes

        other.kill()
        await other.wait()
        delivery = await waiting

    assert (delivery.message_id, delivery.redelivered, delivery.attempt) == ("a", True, 0)


async def test_a_full_disk_is_the_bus_away_and_passes_by_itself(bus: SqliteBus) -> None:
    confirmed: list[str] = []

    async def fill() -> None:
        for number in range(100):
            await bus.publish(TYPE, str(number), b"x" * 4000, mandatory=True)
            confirmed.append(str(number))

    limit = bus._open_file()._commits._open_connection
    (pages,) = limit.execute("PRAGMA page_count").fetchone()
    limit.execute(f"PRAGMA max_page_count = {pages + 20}")

    with pytest.raises(BusAway, match="full"):
        await fill()
    assert confirmed

    await bus.ping()  # its file was opened anew, and there is room again
    await bus.publish(TYPE, "after", b"x", mandatory=True)
    receiver = await bus.receive(AGENCIES, prefetch=200)
    async with asyncio.timeout(10):
        arrived = [(await receiver.take()).message_id for _ in range(len(confirmed) + 1)]
    assert arrived == [*confirmed, "after"]


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
                await bus.publish(TYPE, str(number), b"x", mandatory=True)
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
    await asyncio.gather(*(bus.publish(TYPE, str(number), b"x", mandatory=True) for number in range(200)))
    assert commits < 50


async def test_a_queue_that_the_catalogue_no_longer_names_gets_nothing_and_keeps_what_it_has(bus: SqliteBus) -> None:
    await bus.publish(TYPE, "before", b"x", mandatory=True)
    await bus.apply([])
    await bus.publish(TYPE, "after", b"x", mandatory=False)

    assert (await bus.state(AGENCIES)).ready == 1


async def test_a_message_that_rests_does_not_age_its_queue(bus: SqliteBus) -> None:
    await bus.publish(TYPE, "a", b"x", mandatory=True)
    receiver = await bus.receive(AGENCIES, prefetch=1)
    first = await receiver.take()
    held = await bus.state(AGENCIES)
    await receiver.retry(first, rung=1, counted=True)
    resting = await bus.state(AGENCIES)
    back = await receiver.take()
    again = await bus.state(AGENCIES)
    await receiver.ack(back)

    assert resting.oldest is None
    assert held.oldest is not None
    assert again.oldest is not None
    assert again.oldest > held.oldest


async def test_a_file_of_another_release_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "bus.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(BusAway, match="another release"):
        await SqliteBus(tmp_path / "bus.sqlite").open()


async def test_a_place_that_cannot_be_written_is_the_bus_away(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(BusAway):
        await SqliteBus(tmp_path / "file" / "bus.sqlite").open()


async def test_opening_at_once_from_many_opens_once(tmp_path: Path) -> None:
    bus = SqliteBus(tmp_path / "bus.sqlite")
    await asyncio.gather(*(bus.open() for _ in range(5)))
    with sqlite3.connect(tmp_path / "bus.sqlite") as db:
        assert db.execute("SELECT count(*) FROM owner").fetchone() == (1,)
    db.close()
    await bus.close()
    assert list((tmp_path / "bus.sqlite.owners").iterdir()) == []


async def test_an_acked_delivery_cannot_be_acked_again(bus: SqliteBus) -> None:
    await bus.publish(TYPE, "a", b"x", mandatory=True)
    receiver = await bus.receive(AGENCIES, prefetch=1)
    delivery = await receiver.take()
    await receiver.ack(delivery)
    with pytest.raises(BusAway, match="no longer held"):
        await receiver.ack(delivery)
    with pytest.raises(BusAway, match="no longer held"):
        await receiver.retry(delivery, rung=0, counted=True)
    assert (await bus.state(AGENCIES)).oldest is None


async def test_a_message_that_nobody_took_does_not_count_as_delivered(bus: SqliteBus) -> None:
    await bus.publish(TYPE, "a", b"x", mandatory=True)
    for _ in range(5):
        receiver = await bus.receive(AGENCIES, prefetch=1)
        await eventually(lambda receiver=receiver: receiver._held == 1)  # type: ignore[misc]
        await receiver.close()
    receiver = await bus.receive(AGENCIES, prefetch=1)
    assert not (await receiver.take()).redelivered


def test_an_owner_is_gone_when_its_lock_is_free(tmp_path: Path) -> None:
    file = tmp_path / "bus.sqlite"
    living, killed, left = Owner(file), Owner(file), Owner(file)
    killed.vanish()
    left.leave()
    try:
        assert not gone(file, living.id)
        assert gone(file, killed.id)
        assert gone(file, left.id)
        assert gone(file, "never-was")
    finally:
        with suppress(OSError):
            living.leave()
