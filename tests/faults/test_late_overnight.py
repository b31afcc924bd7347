"""Submissions of the last minutes whose events are still with a killed process, or in an outbox without a broker, when
the morning after the deadline comes: nobody is told to be late who was not."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from datetime import date
from pathlib import Path

import pytest

from tests.servers.rabbit import RabbitServer, Vhost
from tests.servers.smtp import Mailbox
from tests.support.client import Answer, Regency, eventually
from tests.support.faults.pair import pair
from tests.support.faults.process_state import sweeps
from tests.support.faults.processes import Process, RunningSystem
from tests.support.faults.scenario import EVIDENCE, reminders_to
from tests.support.registry_samples import valid_profile

pytestmark = [pytest.mark.timeout(240), pytest.mark.xdist_group("mortal-rabbit")]

ALL = bool(os.environ.get("SOAK_SECONDS"))
YEAR = 2026
EVENING = {"BUSINESS_TIME": "2026-12-31T23:55:00+07:00"}
MORNING = {"BUSINESS_TIME": "2027-01-01T09:00:00+07:00"}


class Night:
    """Agencies that submit in the last minutes, and one that never does, each with a mail address."""

    def __init__(self, regency: Regency, mailbox: Mailbox) -> None:
        self.regency = regency
        self.mailbox = mailbox
        self.idle = ""
        self.punctual: list[str] = []
        self.innovations: dict[str, str] = {}

    def address(self, name: str) -> str:
        """Of an agency."""
        return f"{name}-{self.regency.code}@satu.example"

    async def prepare(self, punctual: int) -> None:
        """Everything but the submissions."""
        await self.regency.go_live()
        await self.regency.found()
        await self.regency.be_reminded_at_any_hour()
        self.idle = await self.regency.agency("Dinas Diam", mail=self.address("diam"))
        for number in range(punctual):
            agency = await self.regency.agency(f"Dinas Tepat {number}", mail=self.address(f"tepat-{number}"))
            self.punctual.append(agency)
            self.innovations[agency] = await self.regency.draft(
                agency, valid_profile(applied_on="2026-05-05"), EVIDENCE, YEAR
            )
        await self.regency.deadline(YEAR, date(YEAR, 12, 31))
        for agency in (self.idle, *self.punctual):
            await self.regency.becomes(agency, YEAR, "open")

    async def submit(self) -> None:
        """Every punctual agency."""
        for agency in self.punctual:
            await self.regency.submit(self.innovations[agency], agency)

    async def duties(self) -> list[Answer]:
        """Of the punctual agencies."""
        return [await self.regency.obligation(agency, YEAR) for agency in self.punctual]

    async def check_outcome(self) -> None:
        """Who submitted is in time and was told nothing of a missed deadline; who did not, was told."""
        for agency in self.punctual:
            duty = await self.regency.becomes(agency, YEAR, "fulfilled", within=90)
            assert (duty["on_time"], duty["late"]) == (True, False)
        await self.regency.becomes(self.idle, YEAR, "overdue", within=60)
        await eventually(self.told_idle, within=60)
        for number in range(len(self.punctual)):
            assert self.late_mails(f"tepat-{number}") == []

    async def told_idle(self) -> bool:
        """Whether the idle agency has its mail."""
        return bool(self.late_mails("diam"))

    def late_mails(self, name: str) -> list[str]:
        """Subjects of mails to that agency that speak of a missed deadline."""
        subjects = [str(mail.message["Subject"]) for mail in reminders_to(self.address(name), self.mailbox)]
        return [each for each in subjects if "melewati" in each]


async def the_morning_comes(process: Process) -> None:
    """Kill the process; its next run begins in the morning."""
    process.environment = {**process.environment, **MORNING}
    await process.kill()


async def test_what_a_killed_process_has_not_handled_makes_nobody_late(tmp_path: Path, mailbox: Mailbox) -> None:
    async with RunningSystem(tmp_path, EVENING, smtp=mailbox.url) as system:
        await system.process.ready()
        async with Regency(system.url, system.issue) as regency:
            night = Night(regency, mailbox)
            await night.prepare(3)

            # Given submissions whose events are in the outbox, in the bus and with consumers when the process is killed
            await night.submit()
            await the_morning_comes(system.process)

            await night.check_outcome()


async def frozen_replica(rabbit: RabbitServer, urls: dict[str, str], tmp_path: Path, mailbox: Mailbox) -> None:
    """What a frozen replica holds until it is killed."""
    async with RunningSystem(tmp_path, {**urls, **EVENING}, smtp=mailbox.url) as system:
        other = Process(("up",), system.process.environment, tmp_path / "other.log")
        await other.start()
        try:
            await asyncio.gather(system.process.ready(), other.ready())
            async with Regency(system.url, system.issue) as regency:
                night = Night(regency, mailbox)
                await night.prepare(4)
                await system.wait_until_idle()

                # Given a replica that takes messages and does not handle them
                other.environment = {**other.environment, **MORNING}
                other.send(signal.SIGSTOP)
                await night.submit()
                held = [each["status"] for each in await night.duties()]
                await the_morning_comes(system.process)
                before = await eventually(lambda: sweeps(system), within=45)
                await eventually(lambda: sweeps(system), lambda now: now >= before + 2)

                # When it is killed, after the others have looked who is late
                morning = [each["status"] for each in await night.duties()]
                assert "overdue" not in [*held, *morning]
                assert "open" in morning, "the frozen replica holds nothing"
                await other.kill()

                await night.check_outcome()
        finally:
            other.send(signal.SIGCONT)
            await other.stop()


async def broker_away(rabbit: RabbitServer, urls: dict[str, str], tmp_path: Path, mailbox: Mailbox) -> None:
    """What waits in the outbox until there is a broker again."""
    async with RunningSystem(tmp_path, {**urls, **EVENING}, smtp=mailbox.url) as system:
        await system.process.ready()
        async with Regency(system.url, system.issue) as regency:
            night = Night(regency, mailbox)
            await night.prepare(2)
            await system.wait_until_idle()

            # Given submissions that are accepted without a broker
            await asyncio.to_thread(rabbit.kill)
            try:
                await night.submit()
                await the_morning_comes(system.process)
                before = await eventually(lambda: sweeps(system), within=45)
                await eventually(lambda: sweeps(system), lambda now: now >= before + 2)
                assert [each["status"] for each in await night.duties()] == ["open", "open"]
            finally:
                await asyncio.to_thread(rabbit.start)

            # When it is back, the next morning
            await night.check_outcome()


WAYS = {"frozen-replica": frozen_replica, "no-broker": broker_away}
"""Where events are kept overnight on the pair: one of them, drawn by the seed; `make soak` uses all."""


@pytest.mark.drawn(3, of="losses")
@pytest.mark.rabbit
@pytest.mark.mongo
async def test_what_the_pair_keeps_overnight_makes_nobody_late(
    mortal_rabbit: RabbitServer, mortal_vhost: Vhost, mongo_url: str, tmp_path: Path, mailbox: Mailbox
) -> None:
    for way in WAYS if ALL else [random.choice([*WAYS])]:
        print(f"kept by {way}")
        await WAYS[way](mortal_rabbit, pair(mortal_vhost, mongo_url), tmp_path / way, mailbox)
