from __future__ import annotations

from datetime import date, datetime

import pytest

from services.registry.innovation import year as duty_year
from services.registry.innovation.year import CountMissing
from services.registry.regions import region
from services.registry.regions.deadline import Cancellation
from services.registry.regions.region import Region
from shared.faults import Flaw
from tests.support.registry_states import CURATOR, JULY, a_region, an_agency

ZONES = {"Asia/Jakarta": "+07:00", "Asia/Pontianak": "+07:00", "Asia/Makassar": "+08:00", "Asia/Jayapura": "+09:00"}
IN_2027 = "2027-02-01T09:00:00+07:00"


def flaws(
    given: Region, year: int, moment: str, counted: int | None = 0, obliged_from: int | None = None
) -> list[Flaw]:
    agency = an_agency(obliged_from=obliged_from)
    return duty_year.blocking(given, agency, year, datetime.fromisoformat(moment), counted)


def codes(given: Region, year: int, moment: str, counted: int | None = 0, obliged_from: int | None = None) -> list[str]:
    return [flaw.code for flaw in flaws(given, year, moment, counted, obliged_from)]


@pytest.mark.parametrize(("zone", "offset"), ZONES.items())
def test_the_year_changes_at_local_midnight(zone: str, offset: str) -> None:
    last, first = f"2026-12-31T23:59:59{offset}", f"2027-01-01T00:00:00{offset}"
    assert codes(a_region(zone), 2026, last) == []
    assert codes(a_region(zone), 2027, last) == ["too-early"]
    assert codes(a_region(zone), 2027, first) == []
    assert codes(a_region(zone), 2026, first) == ["no-duty"]


@pytest.mark.parametrize("last_day", ["2026-10-31", "2026-12-31", "2027-03-31"])
def test_an_earlier_year_can_be_chosen_before_and_after_its_deadline(last_day: str) -> None:
    assert codes(a_region(y2026=last_day), 2026, IN_2027) == []


def test_an_earlier_year_whose_duty_is_met_cannot_be_chosen() -> None:
    assert codes(a_region(y2026="2026-12-31"), 2026, IN_2027, counted=1) == ["already-met"]


def test_the_minimum_of_that_year_and_kind_decides() -> None:
    terms = {
        **a_region().model_dump(include={"name", "zone", "catalogue"}),
        "policy": {"obliged_kinds": ["dinas"], "minimum_by_kind": {"dinas": 2}, "from_year": 2026},
    }
    given = a_region(y2025="2025-12-31", y2026="2026-12-31")
    change = region.revise(given, region.RegionTerms.model_validate(terms), CURATOR, JULY)
    assert change is not None
    assert codes(change[0], 2026, IN_2027, counted=1) == []
    assert codes(change[0], 2026, IN_2027, counted=2) == ["already-met"]
    assert codes(change[0], 2025, IN_2027, counted=1) == ["already-met"]


def test_a_year_before_the_agency_s_first_cannot_be_chosen() -> None:
    given = a_region(y2025="2025-12-31", y2026="2026-12-31")
    assert codes(given, 2025, IN_2027, obliged_from=2026) == ["not-obliged"]
    assert codes(given, 2026, IN_2027, obliged_from=2026) == []


@pytest.mark.parametrize(("retired_on", "found"), [("2027-03-31", ["not-obliged"]), ("2027-04-01", [])])
def test_an_agency_that_is_closed_on_the_deadline_s_day_owes_nothing_for_that_year(
    retired_on: str, found: list[str]
) -> None:
    agency = an_agency(retired_on=date.fromisoformat(retired_on))
    given, moment = a_region(y2026="2027-03-31"), datetime.fromisoformat(IN_2027)
    assert [flaw.code for flaw in duty_year.blocking(given, agency, 2026, moment, 0)] == found


def test_a_year_whose_deadline_was_cancelled_has_no_duty() -> None:
    change = region.cancel_deadline(a_region(y2026="2026-12-31"), 2026, Cancellation(basis="SE 2"), CURATOR, JULY)
    assert change is not None
    assert codes(change[0], 2026, IN_2027) == ["no-duty"]


def test_the_number_of_innovations_is_asked_for_only_when_it_decides() -> None:
    given = a_region(y2026="2026-12-31")
    assert codes(given, 2027, IN_2027, counted=None) == []
    assert codes(given, 2028, IN_2027, counted=None) == ["too-early"]
    assert codes(given, 2025, IN_2027, counted=None) == ["no-duty"]
    with pytest.raises(CountMissing):
        codes(given, 2026, IN_2027, counted=None)


def test_the_current_year_can_be_chosen_after_its_deadline() -> None:
    assert codes(a_region(y2026="2026-10-31"), 2026, "2026-12-01T09:00:00+07:00", counted=5) == []


def test_the_message_names_the_year_to_choose() -> None:
    (flaw,) = flaws(a_region(y2025="2025-12-31"), 2025, "2026-02-01T09:00:00+07:00", counted=1)
    assert flaw.field == "year"
    assert flaw.message == "kewajiban tahun 2025 sudah dipenuhi dengan 1 inovasi; pilih tahun 2026"


def test_the_current_year_is_that_of_the_region_s_time_zone() -> None:
    moment = datetime.fromisoformat("2026-12-31T16:00:00+00:00")  # 1 January, 01.00 WIT
    assert duty_year.local_year(a_region("Asia/Jayapura"), moment) == 2027
    assert duty_year.local_year(a_region("Asia/Jakarta"), moment) == 2026
