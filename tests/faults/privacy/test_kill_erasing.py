"""SIGKILL between any two steps of an erasure: afterwards the person is gone, and the list names the opaque id."""

from __future__ import annotations

import os
import random
from pathlib import Path

import httpx2
import pytest

from shared.observability.failpoints import Failpoint
from shared.storage.erasures.list import ErasureList
from tests.support.client import Regency, eventually
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import NOW

ADDRESS = "dihapus@dinas.example"

LIVES = (
    (f"{Failpoint.CHANGE_COMMITTED}@contact/#2",),  # erased, and not on the list
    (f"{Failpoint.CHANGE_DECIDED}@erasure/",),  # on the list, and not noted
    (f"{Failpoint.CHANGE_COMMITTED}@erasure/",),  # noted, and not answered
    (f"{Failpoint.CHANGE_COMMITTED}@contact/#2", f"{Failpoint.CHANGE_DECIDED}@erasure/"),  # again at the next start
)
"""The first life creates a contact and erases it."""

ALL = bool(os.environ.get("SOAK_SECONDS"))


def found_in(folder: Path) -> list[str]:
    """The files of databases that hold the address, in whatever page."""
    return [path.name for path in folder.rglob("*.sqlite*") if ADDRESS.encode() in path.read_bytes()]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("number", range(len(LIVES)) if ALL else ["any"])
async def test_an_erasure_survives_the_process(number: int | str, tmp_path: Path) -> None:
    lives = LIVES[number] if isinstance(number, int) else random.choice(LIVES)
    print(f"killed at {lives}")
    async with (
        RunningSystem(
            tmp_path, {"BUSINESS_TIME": NOW, "CHANNEL": "log"}, smtp="smtp://127.0.0.1:9", lives=lives
        ) as system,
        Regency(system.url, system.issue) as regency,
    ):
        await system.process.ready()
        await regency.found()
        person = await regency.contact([await regency.agency()], ADDRESS)
        place = f"/notifications/v1/contacts/{person}"
        tag = (await regency.curator.raw("GET", place)).headers["ETag"]
        with pytest.raises(httpx2.TransportError):
            await regency.curator.raw("DELETE", place, headers={"If-Match": tag})

        async def deaths() -> bool:
            return system.process.deaths == len(lives)

        await eventually(deaths)
        await system.process.ready()

        listed = ErasureList(Path(system.process.environment["DATA_DIR"]) / "operator" / "erased.jsonl").read()
        assert [each.id for each in listed.entries] == [person]
        assert (await regency.curator.raw("GET", place)).status_code == 404
        await system.process.stop()
    assert found_in(tmp_path) == []
