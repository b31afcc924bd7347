"""A bus file of schema 1 (`tests/museum/bus.1.sql`) is converted when it is opened."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import sqlite3
from pathlib import Path

import pytest

from shared.faults import BusAway
from shared.ports.bus import Delivery
from tests.support.pipeline import AGENCIES, opened_bus, parked_of

MUSEUM = Path(__file__).parents[2] / "museum"
DEAD, ALIVE = "0000000000000aaa", "0000000000000bbb"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with messages that are ready, resting, parked, held by a killed process, held by one that looks alive, and
    held by one that ended without giving them back."""
    path = tmp_path / "bus.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript((MUSEUM / "bus.1.sql").read_text())
    owners = tmp_path / "bus.sqlite.owners"
    owners.mkdir()
    for owner in (DEAD, ALIVE):
        (owners / owner).touch()
    return path


async def test_a_converted_file_has_lost_nothing_and_holds_nothing(file: Path) -> None:
    async with opened_bus(file.parent) as bus:
        state = await bus.state(AGENCIES)
        receiver = await bus.receive(AGENCIES, prefetch=50)
        deliveries: list[Delivery] = []
        async with asyncio.timeout(10):
            while len(deliveries) < state.ready:
                deliveries.append(await receiver.take())
        for each in deliveries:
            await receiver.ack(each)
        (parked,) = await parked_of(bus)
        with contextlib.closing(sqlite3.connect(file)) as db:
            resting = db.execute("SELECT queue, message_id, body, attempt FROM resting").fetchall()
            waiting = db.execute("SELECT queue, message_id FROM waiting").fetchall()
            tails = db.execute("SELECT * FROM binding WHERE queue LIKE 'tail.%'").fetchall()

    assert [each.message_id for each in deliveries] == [
        f"agency/{number}" for number in (0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
    ]
    assert [each.body for each in deliveries] == [
        b'{"n": %s}' % each.message_id.removeprefix("agency/").encode() for each in deliveries
    ]
    assert [each.redelivered for each in deliveries] == [True] * 6 + [False] * 5
    assert [each.attempt for each in deliveries] == [1] + [0] * 10
    assert resting == [("tests.agencies", "agency/1", b'{"n": 1}', 1)]
    assert (parked.id, parked.body, parked.reason, parked.attempt) == ("agency/2", b'{"n": 2}', "KeyError: 'name'", 1)
    assert (waiting, tails) == ([], [])
    assert not (file.parent / "bus.sqlite.owners").exists()


async def test_places_go_on_after_the_conversion(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as db:
        (highest,) = db.execute("SELECT max(n) FROM waiting").fetchone()
    async with opened_bus(file.parent) as bus:
        await bus.publish("agency.registered", "agency/13", "61.12", b"x", mandatory=True)
    with contextlib.closing(sqlite3.connect(file)) as db:
        assert db.execute("SELECT max(n) FROM waiting").fetchone() == (highest + 1,)


async def test_a_file_is_not_converted_while_a_process_of_the_former_release_works_on_it(file: Path) -> None:
    with (file.parent / "bus.sqlite.owners" / ALIVE).open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BusAway, match="stop that process first"):
            async with opened_bus(file.parent):
                pass
    with contextlib.closing(sqlite3.connect(file)) as db:
        assert db.execute("SELECT count(*) FROM waiting WHERE owner IS NOT NULL").fetchone() == (6,)

    async with opened_bus(file.parent) as bus:
        assert (await bus.state(AGENCIES)).ready == 11


async def test_a_conversion_that_fails_changes_nothing(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as db:
        db.execute("CREATE VIEW in_the_way AS SELECT owner FROM waiting")
        db.commit()
    with pytest.raises(BusAway):
        async with opened_bus(file.parent):
            pass
    with contextlib.closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM binding WHERE queue LIKE 'tail.%'").fetchone() == (16,)
