"""A deadline that passes while the whole system runs: notifications hear of it, with what was submitted in time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.notifications.known import DEADLINES
from shared.auth import keys
from shared.clock import Clock
from shared.contracts.deadline import DeadlinePassed
from shared.runtime.process import Running, running
from shared.settings import load
from shared.storage.copies import Copies
from tests.support.client import Issue, Regency, eventually, issuing
from tests.support.faults.scenario import EVIDENCE
from tests.support.registry_samples import valid_profile

MIDNIGHT = datetime(2027, 1, 1, tzinfo=ZoneInfo("Asia/Pontianak"))
PROFILE = valid_profile(applied_on="2026-05-05")


@pytest.fixture
async def system(tmp_path: Path) -> AsyncIterator[tuple[Running, Issue]]:
    """The embedded system behind real HTTP, an hour before the year ends."""
    settings = load({"DATA_DIR": str(tmp_path), "PORT": "0", "LOG_LEVEL": "error"})
    keys.init(settings.root, settings.keys)
    async with running(settings, clock=Clock(MIDNIGHT - timedelta(hours=1))) as process:
        yield process, issuing(settings.root)


async def heard(process: Running, region: str, year: int, revision: int) -> DeadlinePassed:
    """What notifications keep of that revision, once it is there."""
    copies = Copies(process.resources["notifications"].store, DEADLINES)

    async def ask() -> DeadlinePassed | None:
        found = await copies.get(f"{region}/{year}")
        return found.value if found is not None and found.value.revision == revision else None

    found = await eventually(ask)
    assert found is not None
    return found


async def test_notifications_hear_what_was_submitted_before_a_deadline_of_the_clock_or_of_the_curator(
    system: tuple[Running, Issue],
) -> None:
    process, issue = system
    async with Regency(process.url, issue) as regency:
        await regency.found()
        await regency.deadline(2026, date(2026, 12, 31))
        agency = await regency.agency()
        in_time = await regency.draft(agency, PROFILE, EVIDENCE)
        await regency.submit(in_time, agency)

        process.clock.move_to(MIDNIGHT + timedelta(minutes=10))
        first = await heard(process, regency.code, 2026, 1)
        await regency.deadline(2026, date(2026, 11, 30))  # past: noticed at once
        second = await heard(process, regency.code, 2026, 2)

    assert first.submitted == {agency: (in_time,)}
    assert (second.date, second.submitted) == (date(2026, 11, 30), {})
