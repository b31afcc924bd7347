"""A region comes to an installation whose feed others follow: they get its subjects, and nothing else again. Where it
was they begin anew, without it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.auth import keys
from shared.runtime.process import running
from shared.settings import load
from tests.contract.process.test_lifecycle_commands import Satu, data, satu
from tests.support.apart.populated import Populated, populated
from tests.support.client import Regency, eventually, issuing
from tests.support.faults.engine_state import open_engines
from tests.support.feed.follower import Follower
from tests.support.feed.grants import subscriber
from tests.support.feed.truth import followers_have_the_present

__all__ = ["data", "satu"]


@dataclass
class Place:
    """An installation on a disk, in this process. follower: of its whole feed, from run to run."""

    folder: Path
    follower: Follower | None = None

    @asynccontextmanager
    async def served(self, *codes: str) -> AsyncIterator[list[Regency]]:
        """All services, and the users of new regions, or of regions with these codes."""
        settings = load({"WEBHOOK_NETWORKS": "127.0.0.0/8"}, data_dir=self.folder, port=0)
        async with running(settings) as process, AsyncExitStack() as users:
            issue = issuing(self.folder)
            if self.follower is None:
                self.follower = Follower(process.url, issue(subscriber("pengikut")), limit=20)
            self.follower.move_to(process.url)
            regencies = [await users.enter_async_context(Regency(process.url, issue)) for _ in (codes or range(2))]
            for regency, code in zip(regencies, codes, strict=False):
                regency.code = code
            yield regencies
            async with open_engines({"DATA_DIR": str(self.folder)}) as engines:
                await engines.wait_until_idle()
                await followers_have_the_present(engines, self.follower)

    @property
    def told(self) -> dict[str, str]:
        """What its follower has."""
        return {} if self.follower is None else self.follower.bodies()


async def named(told: dict[str, str], it: Populated) -> set[str]:
    """The subjects of a region, of those that a follower has."""
    return {subject for subject, body in told.items() if it.agency in body or f'"{it.regency.code}"' in body}


@pytest.mark.soak
async def test_followers_here_and_there_have_the_truth(
    data: Path, satu: Satu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, kept = Place(data), Place(tmp_path / "two"), tmp_path / "set"
    keys.init(two.folder, two.folder / "access")
    async with one.served() as (moving, staying):
        a = await populated(moving, "PINDAH")
        await staying.found()
        here = await staying.agency("Dinas Tinggal")
    async with two.served() as (there, _):
        await there.found()
        await there.agency("Dinas Sana")
    before, theirs = one.told, two.told

    backup = await asyncio.to_thread(satu, "backup", kept, "--region", moving.code)
    monkeypatch.setenv("DATA_DIR", str(two.folder))
    restored = await asyncio.to_thread(satu, "restore", kept, "--erasures", data / "operator" / "erased.jsonl")
    assert (backup.status, restored.status, restored.err) == (0, 0, "")
    async with two.served(moving.code) as (arrived,):
        await eventually(lambda: arrived.scorecard(a.innovation), lambda card: card["maturity"] is not None)
        await arrived.agency("Dinas Sesudah")

    assert two.follower is not None
    assert two.follower.restarts == 0
    assert {subject: two.told[subject] for subject in theirs} == theirs, "nothing of the others came again"
    come = await named(two.told, a)
    assert come > await named(before, a)
    assert come | theirs.keys() == two.told.keys()

    monkeypatch.setenv("DATA_DIR", str(one.folder))
    removed = await asyncio.to_thread(satu, "remove-region", kept)
    assert (removed.status, removed.err) == (0, "")
    async with one.served(staying.code):
        pass
    assert one.follower is not None
    assert one.follower.restarts == 1
    assert one.told.keys() == before.keys() - await named(before, a)
    assert f"agency/{here}" in one.told
