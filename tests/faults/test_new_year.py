"""One minute around midnight of 31 December in each of the three time zones: which year a submission counts for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shared.auth import keys
from shared.clock import Clock
from shared.runtime.process import Running, running
from shared.settings import load
from tests.support.client import Issue, Refused, Regency, issuing
from tests.support.faults.scenario import EVIDENCE
from tests.support.registry_samples import valid_profile

OLD, NEW = 2026, 2027
ZONES = {"WIT": "Asia/Jayapura", "WITA": "Asia/Makassar", "WIB": "Asia/Pontianak"}
"""From east to west, the order in which the year ends."""


def before_midnight(zone: str) -> datetime:
    """23.59 there, on the last day of the old year."""
    return datetime(OLD, 12, 31, 23, 59, tzinfo=ZoneInfo(ZONES[zone]))


@pytest.fixture
async def system(tmp_path: Path) -> AsyncIterator[tuple[Running, Issue]]:
    """The embedded system behind real HTTP, with a clock that the test moves."""
    settings = load({"DATA_DIR": str(tmp_path), "PORT": "0", "LOG_LEVEL": "error"})
    keys.init(settings.root, settings.keys)
    async with running(settings, clock=Clock(before_midnight("WIT") - timedelta(hours=1))) as process:
        yield process, issuing(settings.root)


async def found(regency: Regency, zone: str) -> None:
    """A region in that zone."""
    policy = {"obliged_kinds": ["dinas"], "minimum": 1, "counts_when": "submitted", "community_counts": True}
    terms = {"name": f"Kabupaten {regency.code} (contoh)", "zone": zone, "catalogue": "2026.1", "policy": policy}
    await regency.operator.create("/registry/v1/regions", {"code": regency.code, **terms})


async def draft(regency: Regency, agency: str, year: int | None = None) -> str:
    return await regency.draft(agency, valid_profile(applied_on="2026-05-05"), EVIDENCE, year)


async def test_before_midnight_it_counts_for_the_old_year_and_a_minute_later_for_the_new(
    system: tuple[Running, Issue],
) -> None:
    process, issue = system
    regencies: dict[str, Regency] = {}
    agencies: dict[str, str] = {}
    for zone, name in ZONES.items():
        regency = regencies[zone] = Regency(process.url, issue)
        await found(regency, name)
        await regency.deadline(OLD, date(OLD, 12, 31))
        await regency.deadline(NEW, date(NEW, 12, 31))
        agencies[zone] = await regency.agency(f"Dinas {zone}")
    try:
        for zone, regency in regencies.items():
            await the_year_turns(process.clock, zone, regency, agencies[zone])
            for west in list(ZONES)[list(ZONES).index(zone) + 1 :]:
                # further west it is still the old year
                late = await draft(regencies[west], agencies[west])
                assert (await regencies[west].innovation(late))["year"] == OLD
                with pytest.raises(Refused) as refused:
                    await regencies[west].submit(await draft(regencies[west], agencies[west], NEW), agencies[west])
                assert [flaw["code"] for flaw in refused.value.problem["flaws"]] == ["too-early"]
    finally:
        for regency in regencies.values():
            await regency.__aexit__()


async def the_year_turns(clock: Clock, zone: str, regency: Regency, agency: str) -> None:
    """23.59 and 00.00 in one region."""
    clock.move_to(before_midnight(zone))
    in_time = await draft(regency, agency)
    kept = await draft(regency, agency, OLD)
    submitted = await regency.submit(in_time, agency)
    assert submitted["year"] == OLD
    duty = await regency.becomes(agency, OLD, "fulfilled")
    assert (duty["counted"], duty["on_time"]) == ([in_time], True)
    assert (await regency.becomes(agency, NEW, "open"))["counted"] == []

    clock.move_to(before_midnight(zone) + timedelta(minutes=1))
    with pytest.raises(Refused) as refused:
        await regency.submit(kept, agency)  # the duty of the old year is met
    assert [flaw["code"] for flaw in refused.value.problem["flaws"]] == ["already-met"]
    after = await draft(regency, agency)
    assert (await regency.submit(after, agency))["year"] == NEW
    duty = await regency.becomes(agency, NEW, "fulfilled")
    assert (duty["counted"], duty["on_time"]) == ([after], True)
    assert (await regency.obligation(agency, OLD))["counted"] == [in_time]
