"""Until when a submission is in time: one rule for the registry and for notifications."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from pydantic import ValidationError

from shared.contracts.region import Deadline, PolicyRevision, deadline_in_force, policy_in_force
from shared.contracts.vocabulary import AgencyKind, Zone

SET_AT = datetime(2026, 1, 5, tzinfo=UTC)
OFFSETS = {Zone.WIB: "+07:00", Zone.WIB_PONTIANAK: "+07:00", Zone.WITA: "+08:00", Zone.WIT: "+09:00"}


def deadline(revision: int = 1, hour: time | None = None, year: int = 2026) -> Deadline:
    return Deadline(year=year, revision=revision, date=date(2026, 12, 31), hour=hour, set_at=SET_AT)


@pytest.mark.parametrize(("zone", "offset"), OFFSETS.items())
def test_without_an_hour_the_whole_local_day_is_in_time(zone: Zone, offset: str) -> None:
    assert deadline().allows(datetime.fromisoformat(f"2026-12-31T23:59:59.999999{offset}"), zone)
    assert not deadline().allows(datetime.fromisoformat(f"2027-01-01T00:00:00{offset}"), zone)


@pytest.mark.parametrize(("zone", "offset"), OFFSETS.items())
def test_with_an_hour_exactly_that_moment_is_still_in_time(zone: Zone, offset: str) -> None:
    noon = deadline(hour=time(12))
    assert noon.allows(datetime.fromisoformat(f"2026-12-31T12:00:00{offset}"), zone)
    assert not noon.allows(datetime.fromisoformat(f"2026-12-31T12:00:00.000001{offset}"), zone)


@pytest.mark.parametrize("hour", ["14:00:30", "14:00Z", "24:00", "jam dua"])
def test_an_hour_is_a_local_minute(hour: str) -> None:
    with pytest.raises(ValidationError):
        Deadline.model_validate({**deadline().model_dump(), "hour": hour})


def test_an_hour_travels_as_hours_and_minutes() -> None:
    assert deadline(hour=time(9, 5)).model_dump(mode="json")["hour"] == "09:05"


def test_the_highest_revision_of_a_year_is_in_force_also_when_it_cancels() -> None:
    cancelled = deadline(3).model_copy(update={"cancelled": True})
    given = [deadline(1), cancelled, deadline(2), deadline(9, year=2027)]
    assert deadline_in_force(given, 2026) == cancelled
    assert deadline_in_force(given, 2025) is None


def policy(revision: int, from_year: int) -> PolicyRevision:
    return PolicyRevision(revision=revision, from_year=from_year, obliged_kinds=(AgencyKind.DINAS,))


@pytest.mark.parametrize(("year", "revision"), [(1999, None), (2000, 1), (2025, 1), (2026, 4), (2027, 3), (2099, 3)])
def test_a_past_year_is_changed_only_by_a_revision_that_names_it(year: int, revision: int | None) -> None:
    given = [policy(1, 2000), policy(2, 2026), policy(3, 2027), policy(4, 2026)]
    found = policy_in_force(given, year)
    assert (found.revision if found else None) == revision


def test_a_kind_of_agency_may_have_a_minimum_of_its_own() -> None:
    given = policy(1, 2000).model_copy(update={"minimum": 1, "minimum_by_kind": {AgencyKind.BADAN: 3}})
    assert (given.minimum_of(AgencyKind.BADAN), given.minimum_of(AgencyKind.DINAS)) == (3, 1)
