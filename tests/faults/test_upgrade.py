"""A data folder of release 0.1, opened by this release: nobody is told again what was told, and nobody is told at all
before the confirmation where nobody ever was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.museum.release_0_1 import NOW, REGION, TOLD, put_back
from tests.servers.smtp import Mailbox
from tests.support.client import Regency, eventually
from tests.support.faults.process_state import sweeps
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import reminders_to

pytestmark = pytest.mark.timeout(120)

NEXT_STAGES = NOW + timedelta(days=4)  # 14 days before the deadline of 2026, and 8 days after that of 2025


@asynccontextmanager
async def upgraded(name: str, folder: Path, mailbox: Mailbox, at: datetime) -> AsyncIterator[Regency]:
    """This release on the folder of release 0.1, after a few sweeps."""
    if not (folder / "data").exists():
        put_back(name, folder / "data")
    async with RunningSystem(folder, {"BUSINESS_TIME": at.isoformat()}, smtp=mailbox.url) as system:
        await system.process.ready()
        async with Regency(system.url, system.issue) as regency:
            regency.code = REGION
            before = await sweeps(system)
            await eventually(lambda: sweeps(system), lambda now: now >= before + 2)
            await system.wait_until_idle()
            yield regency


async def told(regency: Regency) -> list[tuple[str, int, str]]:
    """Agency, year and stage of every alert about a duty that was handed over by e-mail, sorted."""
    duties = await regency.curator.every("/notifications/v1/obligations", region=REGION)
    names = {each["agency"]: each["agency_name"] for each in duties}
    messages = await regency.curator.every("/notifications/v1/messages", region=REGION, status="sent")
    return sorted(
        (names[alert["reason"]["agency"]], alert["reason"]["year"], alert["reason"]["what"])
        for each in messages
        if each["attempts"][-1]["channel"] == "email"
        for alert in each["alerts"]
        if alert["reason"]["kind"] == "duty"
    )


async def mode(regency: Regency) -> str:
    return str((await regency.operator.get("/notifications/v1/mode"))["mode"])


async def test_who_was_mailed_by_the_release_before_is_told_only_what_is_new(tmp_path: Path, mailbox: Mailbox) -> None:
    async with upgraded("mailed", tmp_path, mailbox, NOW) as regency:
        assert await mode(regency) == "live"
        assert await told(regency) == TOLD, "the proof of what was told is kept"
        assert mailbox.mails == []

        # it is live: somebody new is told
        await regency.contact([await agency_of(regency, "Dinas Lalai")], "baru@satu.example")
        await eventually(lambda: mails_to(mailbox, "baru@satu.example"))

    async with upgraded("mailed", tmp_path, mailbox, NEXT_STAGES) as regency:
        new = [
            ("Dinas Lalai", 2025, "overdue-8"),
            ("Dinas Lalai", 2026, "before-14"),
            ("Dinas Rajin", 2025, "overdue-8"),
        ]
        mails = await eventually(lambda: mails_to(mailbox, "lalai@satu.example"))
        assert mails == 1
        everything = await eventually(lambda: told(regency), lambda them: set(new) <= set(them))
        assert [everything.count(each) for each in TOLD] == [2, 2, 1], "Dinas Lalai has a second contact"


async def test_where_only_the_log_was_told_nobody_is_told_before_the_confirmation(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    async with upgraded("logged", tmp_path, mailbox, NOW) as regency:
        assert await mode(regency) == "log"
        assert await told(regency) == []
        assert mailbox.mails == []
        effect = await regency.operator.get("/notifications/v1/mode/effect")
        assert (effect["persons"], effect["messages"]) == (2, 2)

        await regency.go_live()

        assert await eventually(lambda: told(regency), lambda them: len(them) >= len(TOLD)) == TOLD
        assert sorted(mail.to for mail in mailbox.mails) == ["lalai@satu.example", "rajin@satu.example"]


async def agency_of(regency: Regency, name: str) -> str:
    """Its id."""
    agencies = await regency.curator.every("/registry/v1/agencies", region=REGION)
    return next(str(each["id"]) for each in agencies if each["name"] == name)


async def mails_to(mailbox: Mailbox, address: str) -> int:
    """How many reminders came there."""
    return len(reminders_to(address, mailbox))
