"""The embedded bus on a full disk: publishing fails, nothing is lost, and work goes on once there is room."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.adapters.sqlite.bus import SqliteBus
from shared.faults import BusAway
from tests.support.faults.small_disk import unshare
from tests.support.paths import ROOT
from tests.support.pipeline import AGENCIES, opened_bus

TYPE = "agency.registered"


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[SqliteBus]:
    async with opened_bus(tmp_path) as bus:
        yield bus


async def test_a_full_disk_raises_bus_away_until_there_is_room(bus: SqliteBus) -> None:
    confirmed: list[str] = []

    async def fill() -> None:
        for number in range(100):
            await bus.publish(TYPE, str(number), "61.12", b"x" * 4000, mandatory=True)
            confirmed.append(str(number))

    limit = bus._open_file()._commits._open_connection
    (pages,) = limit.execute("PRAGMA page_count").fetchone()
    limit.execute(f"PRAGMA max_page_count = {pages + 20}")

    with pytest.raises(BusAway, match="full"):
        await fill()
    assert confirmed

    await bus.ping()  # its file was opened anew, and there is room again
    await bus.publish(TYPE, "after", "61.12", b"x", mandatory=True)
    receiver = await bus.receive(AGENCIES, prefetch=200)
    async with asyncio.timeout(10):
        arrived = [(await receiver.take()).message_id for _ in range(len(confirmed) + 1)]
    assert arrived == [*confirmed, "after"]


FULL_DISK = """
import asyncio, os, sys
from pathlib import Path
from shared.faults import BusAway
from tests.support.pipeline import AGENCIES, eventually, opened_bus

BODY = b"x" * 4000  # large enough that the file must grow
ballast = Path(sys.argv[1]) / "ballast"

async def consume(bus):
    while True:
        receiver = await bus.receive(AGENCIES, prefetch=8)
        try:
            while True:
                delivery = await receiver.take()
                await asyncio.sleep(0.003)
                handled.append(delivery.message_id)
                await receiver.ack(delivery)
        except BusAway:
            await receiver.close()
            await asyncio.sleep(0.05)

async def publish(bus, who):
    number = 0
    while not enough:
        number += 1
        name = f"{who}/{number}"
        try:
            await bus.publish("agency.registered", name, "61.12", BODY, mandatory=True)
        except BusAway as fault:
            assert "full" in fault.detail, fault.detail
            refused.append(name)
            await asyncio.sleep(0.05)
        else:
            confirmed.append(name)

def fill():
    with ballast.open("ab", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass

async def main(folder):
    async with opened_bus(folder) as bus:
        consuming = [asyncio.create_task(consume(bus)) for _ in range(3)]
        publishing = [asyncio.create_task(publish(bus, who)) for who in range(8)]
        await eventually(lambda: len(handled) > 50)
        fill()
        await eventually(lambda: len(refused) > 50)
        ballast.unlink()
        before = len(confirmed)
        async with asyncio.timeout(5):
            await eventually(lambda: len(confirmed) > before + 50)
        enough.append(True)
        await asyncio.gather(*publishing)
        await eventually(lambda: set(confirmed) <= set(handled))

        async def empty():
            state = await bus.state(AGENCIES)
            return state.ready == 0 and state.held == 0

        await eventually(empty)
        for each in consuming:
            each.cancel()
        await asyncio.wait(consuming)
    assert len(handled) == len(set(handled))

enough, confirmed, refused, handled = [], [], [], []
asyncio.run(main(Path(sys.argv[1])))
"""


@pytest.mark.timeout(60)
def test_a_disk_that_is_full_for_a_while_loses_nothing_and_holds_nothing(tmp_path: Path) -> None:
    mount = 'mount -t tmpfs -o size=40m tmpfs "$0" && exec "$@"'
    done = subprocess.run(
        [*unshare(), "sh", "-c", mount, str(tmp_path), sys.executable, "-c", FULL_DISK, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
