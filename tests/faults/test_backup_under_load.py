"""Backups that are taken while agencies submit, each restored into an empty place and compared with its owner: no
scorecard, duty or innovation names something that nobody owns."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from services.scoring.scorecard.draft_marker import DRAFT
from tests.servers.smtp import Mailbox
from tests.support.client import Regency
from tests.support.commands import satu
from tests.support.faults.engine_state import open_engines
from tests.support.faults.load import PASSED, WatchedRegency
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import NOW, YEAR
from tests.support.registry_samples import valid_profile

FEW, MANY = 2, 50
EVERY = 5.0  # seconds between two backups of the long run
AGENCIES = 40
AGREED = 300.0  # seconds for the events of all documents of the long run, on a busy machine
AHEAD = 150  # drafts that wait to be submitted
ENOUGH = 60  # drafts and submissions before a backup of the short run


@dataclass
class Ghosts:
    """What a restored place names and does not have."""

    named: list[str] = field(default_factory=list)

    def require(self, who: str, what: str, there: bool) -> None:
        if not there:
            self.named.append(f"{who} names {what}")


Pause = Callable[["Crowd"], Awaitable[None]]


class Crowd:
    """Agencies that draft and submit innovations all the time; every fourth innovation is withdrawn again."""

    def __init__(self, regency: WatchedRegency) -> None:
        self.regency = regency
        self.submitted = 0
        self._agencies: list[str] = []
        self._drafts: asyncio.Queue[tuple[str, str]] = asyncio.Queue(AHEAD)
        self._progress = asyncio.Condition()

    async def prepare(self) -> None:
        """Register the region, its deadline and the agencies."""
        await self.regency.found()
        await self.regency.deadline(YEAR, PASSED)
        self._agencies = [await self.regency.agency(f"Dinas {number}") for number in range(AGENCIES)]

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Draft and submit during the block; raises what a worker raised."""
        async with asyncio.TaskGroup() as group:
            workers = [group.create_task(work()) for work in (self._draft, self._draft, self._submit, self._submit)]
            yield
            for each in workers:
                each.cancel()

    async def wait_for(self, submissions: int) -> None:
        """Wait for that many more submissions, and until as many drafts wait."""
        wanted = self.submitted + submissions
        async with asyncio.timeout(90), self._progress:
            await self._progress.wait_for(lambda: self.submitted >= wanted and self._drafts.qsize() >= submissions)

    async def _draft(self) -> None:
        for number in count():
            agency = self._agencies[number % AGENCIES]
            id = await self.regency.draft(agency, valid_profile(applied_on="2026-05-05"), {})
            await self._drafts.put((id, agency))
            await self._note()

    async def _submit(self) -> None:
        for number in count():
            id, agency = await self._drafts.get()
            await self.regency.submit(id, agency)
            if number % 4 == 3:
                await self.regency.withdraw(id, agency)
            self.submitted += 1
            await self._note()

    async def _note(self) -> None:
        async with self._progress:
            self._progress.notify_all()


async def backups(system: RunningSystem, crowd: Crowd, to: Path, number: int, pause: Pause) -> list[Path]:
    """Take that many backups under load, with a pause before each. Submissions go on during the backups."""
    folders = [to / f"{each:02d}" for each in range(number)]
    during = 0
    async with crowd.at_work():
        for folder in folders:
            await pause(crowd)
            before = crowd.submitted
            await satu(system.process.environment, "backup", str(folder))
            during += crowd.submitted - before
    assert during >= number
    return folders


async def ghosts_in(environment: Mapping[str, str]) -> list[str]:
    """What the services of a restored place name and the registry does not have."""
    ghosts = Ghosts()
    async with open_engines(environment) as engines:
        registry, scoring, notifications = (engines.stores[name] for name in ("registry", "scoring", "notifications"))
        agencies = {row.id async for row in registry.scan("agency", {}, ())}
        submitted: set[str] = set()
        async for row in registry.scan("innovation", {}, ("status", "agency")):
            ghosts.require(f"innovation/{row.id}", f"agency/{row['agency']}", row["agency"] in agencies)
            if row["status"] != "draft":
                submitted.add(row.id)
        async for row in scoring.scan("scorecard", {}, ("stand",)):
            ghosts.require(f"scorecard/{row.id}", "its innovation", row["stand"] == DRAFT or row.id in submitted)
        async for row in notifications.scan("obligation", {}, ("agency", "public.counted")):
            ghosts.require(f"obligation/{row.id}", f"agency/{row['agency']}", row["agency"] in agencies)
            for id in row["public.counted"] or ():
                ghosts.require(f"obligation/{row.id}", f"innovation/{id}", id in submitted)
    return ghosts.named


async def restored(system: RunningSystem, folder: Path, to: Path) -> tuple[dict[str, str], str]:
    """Restore a backup into an empty place; its environment, and the output of the command."""
    environment = {**system.process.environment, "DATA_DIR": str(to)}
    return environment, (await satu(environment, "restore", str(folder), *_with_erasures_of(system))).out


def _with_erasures_of(system: RunningSystem) -> tuple[str, str]:
    return "--erasures", str(Path(system.process.environment["DATA_DIR"]) / "operator" / "erased.jsonl")


async def check_backups(tmp_path: Path, mailbox: Mailbox, number: int, pause: Pause) -> None:
    found: dict[str, list[str]] = {}
    async with (
        RunningSystem(tmp_path, {"BUSINESS_TIME": NOW}, smtp=mailbox.url) as system,
        WatchedRegency(system.url, system.issue) as regency,
    ):
        await system.process.ready()
        crowd = Crowd(regency)
        await crowd.prepare()
        folders = await backups(system, crowd, tmp_path / "sets", number, pause)
        regency.check_answers()
    for folder in folders:
        environment, output = await restored(system, folder, tmp_path / "places" / folder.name)
        ghosts = await ghosts_in(environment) + [each for each in output.splitlines() if "nobody owns" in each]
        found |= {folder.name: ghosts} if ghosts else {}
    assert found == {}, f"{len(found)} of {number} backups have ghosts"
    erasures = _with_erasures_of(system)
    await check_agreement(tmp_path, mailbox, (str(folders[-1]), *erasures), regency)


async def check_agreement(tmp_path: Path, mailbox: Mailbox, restore: tuple[str, ...], before: Regency) -> None:
    """Started on a restored place, scoring and notifications have what follows from the registry."""
    async with RunningSystem(tmp_path / "again", {"BUSINESS_TIME": NOW}, smtp=mailbox.url) as system:
        await system.process.stop()
        await satu(system.process.environment, "restore", *restore)
        await system.process.start()
        await system.process.ready()
        await system.wait_until_idle(within=AGREED)
        async with Regency(system.url, system.issue) as regency:
            regency.code = before.code
            ask = regency.curator.every
            innovations = await ask("/registry/v1/innovations", region=before.code)
            cards = {each["innovation"] for each in await ask("/scoring/v1/scorecards", region=before.code)}
            duties = await ask("/notifications/v1/obligations", region=before.code, year=YEAR)
    assert cards == {each["id"] for each in innovations if each["status"] != "draft"}
    submitted: dict[str, set[str]] = {each["agency"]: set() for each in duties}
    for each in innovations:
        if each["status"] == "submitted":
            submitted[each["agency"]].add(each["id"])
    for each in duties:  # an obligation names the one that decides
        assert len(each["counted"]) == min(1, len(submitted[each["agency"]]))
        assert set(each["counted"]) <= submitted[each["agency"]]


@pytest.mark.drawn(3, of="losses")
@pytest.mark.timeout(300)
async def test_a_backup_under_load_restores_no_ghosts(tmp_path: Path, mailbox: Mailbox) -> None:
    await check_backups(tmp_path, mailbox, FEW, lambda crowd: crowd.wait_for(ENOUGH))


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_fifty_backups_under_load_restore_no_ghosts(tmp_path: Path, mailbox: Mailbox) -> None:
    async def pause(_: Crowd) -> None:
        await asyncio.sleep(EVERY)

    await check_backups(tmp_path, mailbox, MANY, pause)
