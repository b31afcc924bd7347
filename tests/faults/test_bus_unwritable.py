"""The file of the embedded bus cannot be written for a while, again and again, under load.

Nothing is lost, nothing stays held, and submissions are answered soon after each time.
"""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from tests.servers.smtp import Mailbox
from tests.support.client import eventually
from tests.support.faults.load import Load, WatchedRegency
from tests.support.faults.process_state import check_alive, readiness
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import NOW
from tests.support.faults.small_disk import OnSmallDisk
from tests.support.faults.unwritable import NAME, WAYS, messages_left

ANSWERED_WITHIN = 10.0  # seconds after the file can be written again
IDLE_WITHIN = 180.0  # seconds: relay and consumers have waited up to 30 each, and then they catch up
EASE = 0.05  # seconds between two submissions of one agency's officer


class Submissions:
    """Agencies that go on submitting until `stop`."""

    def __init__(self, load: Load, at_once: int = 3) -> None:
        self._load = load
        self._stopping = False
        self._tasks = [asyncio.create_task(self._submit(str(number))) for number in range(at_once)]

    async def _submit(self, who: str) -> None:
        number = 0
        while not self._stopping:
            number += 1
            await self._load.submit_one(f"Dinas Sibuk {who}-{number}")
            await asyncio.sleep(EASE)

    async def stop(self) -> None:
        """Let the submissions under way end. Raises what went wrong."""
        self._stopping = True
        await asyncio.gather(*self._tasks)


@pytest.mark.drawn(3, of="losses")
@pytest.mark.parametrize(
    ("rounds", "longest"),
    [
        pytest.param(2, 2.0, marks=pytest.mark.timeout(300)),
        pytest.param(20, 30.0, marks=[pytest.mark.soak, pytest.mark.timeout(1800)]),
    ],
)
async def test_a_bus_file_that_cannot_be_written_for_a_while_loses_and_holds_nothing(
    rounds: int, longest: float, tmp_path: Path, mailbox: Mailbox
) -> None:
    seed = random.getrandbits(32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    disk = tmp_path / "disk"
    system = RunningSystem(tmp_path, {"BUSINESS_TIME": NOW, "BUS_URL": f"sqlite:///{disk / NAME}"}, smtp=mailbox.url)
    system.process = small = OnSmallDisk(
        system.process.arguments, system.process.environment, tmp_path / "up.log", disk=disk
    )
    async with system:
        await system.process.ready()
        async with WatchedRegency(system.url, system.issue) as regency:
            load = Load(regency, 3)
            await load.prepare()
            await load.run()
            submissions = Submissions(load)
            ways = dice.sample(sorted(WAYS), len(WAYS))
            for number in range(rounds):
                way, seconds = ways[number % len(ways)], dice.uniform(1, longest)
                print(f"round {number}: {way} for {seconds:.1f} s")
                async with WAYS[way](small):
                    async with asyncio.timeout(seconds + ANSWERED_WITHIN):
                        await eventually(lambda: readiness(system), lambda parts: not parts["registry: bus"]["ready"])
                    await asyncio.sleep(seconds)
                async with asyncio.timeout(ANSWERED_WITHIN):
                    await load.submit_one(f"Dinas Sesudah {number}")
                await asyncio.sleep(dice.uniform(0, 2))
            await submissions.stop()

            await system.wait_until_idle(within=IDLE_WITHIN)
            await load.check_outcome(mailbox)
            nothing = {"waiting": 0, "resting": 0, "parked": 0}
            async with asyncio.timeout(ANSWERED_WITHIN):  # what can be had again is not waited for above
                await eventually(lambda: asyncio.to_thread(messages_left, small), lambda left: left == nothing)
            await system.process.ready()
            await check_alive(system)
