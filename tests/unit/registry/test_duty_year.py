from __future__ import annotations

from datetime import date, datetime

import pytest

from services.registry import duty_year, region
from services.registry.region import NewDeadline
from tests.support.registry_states import CURATOR, JULY, a_region

ZONES = {"Asia/Jakarta": "+07:00", "Asia/Pontianak": "+07:00", "Asia/Makassar": "+08:00", "Asia/Jayapura": "+09:00"}


def codes(zone: str, year: int, moment: str, **deadlines: str) -> list[str]:
    given = a_region(zone, **deadlines)
    return [flaw.code for flaw in duty_year.blocking(given, year, datetime.fromisoformat(moment))]


@pytest.mark.parametrize(("zone", "offset"), ZONES.items())
def test_the_year_changes_at_local_midnight(zone: str, offset: str) -> None:
    last, first = f"2026-12-31T23:59:59{offset}", f"2027-01-01T00:00:00{offset}"
    assert codes(zone, 2026, last) == []
    assert codes(zone, 2027, last) == ["too-early"]
    assert codes(zone, 2027, first) == []
    assert codes(zone, 2026, first) == ["no-duty"]


@pytest.mark.parametrize(("zone", "offset"), ZONES.items())
def test_a_deadline_ends_with_its_local_day(zone: str, offset: str) -> None:
    deadline = {"y2026": "2027-01-15"}
    assert codes(zone, 2026, f"2027-01-15T23:59:59{offset}", **deadline) == []
    assert codes(zone, 2026, f"2027-01-16T00:00:00{offset}", **deadline) == ["deadline-passed"]


def test_the_newest_revision_of_a_deadline_decides() -> None:
    moment = datetime.fromisoformat("2027-01-10T09:00:00+07:00")
    given = a_region(y2026="2026-12-31")
    assert [flaw.code for flaw in duty_year.blocking(given, 2026, moment)] == ["deadline-passed"]

    prolonged = region.set_deadline(given, NewDeadline(year=2026, date=date(2027, 1, 31), basis="SE 2"), CURATOR, JULY)

    assert prolonged is not None
    assert duty_year.blocking(prolonged[0], 2026, moment) == []


def test_the_current_year_can_be_chosen_after_its_deadline() -> None:
    assert codes("Asia/Jakarta", 2026, "2026-12-01T09:00:00+07:00", y2026="2026-10-31") == []


def test_the_message_names_the_deadline_and_the_year_to_choose() -> None:
    given = a_region(y2025="2025-12-31")
    (flaw,) = duty_year.blocking(given, 2025, datetime.fromisoformat("2026-02-01T09:00:00+07:00"))
    assert flaw.field == "year"
    assert flaw.message == "batas waktu tahun 2025, 31 Desember 2025, sudah lewat; pilih tahun 2026"


def test_the_current_year_is_that_of_the_region_s_time_zone() -> None:
    moment = datetime.fromisoformat("2026-12-31T16:00:00+00:00")  # 1 January, 01.00 WIT
    assert duty_year.local_year(a_region("Asia/Jayapura"), moment) == 2027
    assert duty_year.local_year(a_region("Asia/Jakarta"), moment) == 2026
