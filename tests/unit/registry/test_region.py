from __future__ import annotations

from datetime import date, time

import pytest
from pydantic import ValidationError

from services.registry.regions import region
from services.registry.regions.deadline import Cancellation, NewDeadline
from services.registry.regions.policy import NewPolicy
from services.registry.regions.region import NewRegion, Region, RegionTerms
from shared.contracts.region import RegionRegistered
from shared.faults import Conflict, Invalid
from tests.support.registry_states import CURATOR, JULY, JUNE, a_region, at

TERMS = {
    "name": "Kabupaten Kubu Raya",
    "zone": "Asia/Pontianak",
    "catalogue": "2026.1",
    "policy": {"obliged_kinds": ["dinas"]},
}


def with_policy(**policy: object) -> RegionTerms:
    return RegionTerms.model_validate({**TERMS, "policy": {"obliged_kinds": ["dinas"], **policy}})


def changed(change: region.Change) -> Region:
    assert change is not None
    return change[0]


def moved(given: Region, day: str, basis: str = "SE 2", hour: str | None = None) -> region.Change:
    new = NewDeadline.model_validate({"year": 2026, "date": day, "hour": hour, "basis": basis})
    return region.set_deadline(given, new, CURATOR, JULY)


def test_a_new_region_owes_an_event_with_its_public_state() -> None:
    made, event = region.register(NewRegion.model_validate({"code": "61.12", **TERMS}), "fingerprint", CURATOR, JULY)

    assert event.type == "region.registered"
    assert event.region == "61.12"
    assert event.time == JULY.time
    public = RegionRegistered.model_validate(event.data)
    assert (public.code, public.name, public.zone, public.catalogue) == (
        made.code,
        made.name,
        made.zone,
        made.catalogue,
    )
    assert "created_by_body" not in event.data
    assert "account-" not in event.model_dump_json()


# --- The policy by year ---


def test_the_policy_of_a_new_region_is_revision_1_for_every_year() -> None:
    (policy,) = a_region().policies
    assert (policy.revision, policy.from_year, policy.by, policy.set_at) == (1, 2000, CURATOR, JUNE.time)


def test_another_policy_is_a_new_revision_from_the_region_s_current_year_on() -> None:
    new_year_in_jayapura = at("2027-01-01T00:30:00+09:00")

    after = changed(region.revise(a_region("Asia/Jayapura"), with_policy(minimum=2), CURATOR, new_year_in_jayapura))

    assert [(each.revision, each.from_year, each.minimum) for each in after.policies] == [(1, 2000, 1), (2, 2027, 2)]
    in_force = after.policy(2026), after.policy(2027)
    assert [each.minimum for each in in_force if each] == [1, 2]


def test_terms_may_name_the_year_and_the_decree_of_their_policy() -> None:
    terms = with_policy(minimum=2, from_year=2025, decree="Perbup 7/2026")
    after = changed(region.revise(a_region(), terms, CURATOR, JULY))
    assert [(each.from_year, each.decree) for each in after.policies] == [(2000, ""), (2025, "Perbup 7/2026")]


def test_terms_that_leave_out_the_newer_fields_keep_them() -> None:
    """An older client that knows four fields must not take away the minimum of a kind."""
    given = changed(
        region.revise(a_region(), with_policy(minimum_by_kind={"dinas": 3}, mandatory_rows=True), CURATOR, JULY)
    )

    assert region.revise(given, with_policy(), CURATOR, JULY) is None
    after = changed(region.revise(given, with_policy(minimum=2), CURATOR, JULY))
    assert (after.policies[-1].minimum_by_kind, after.policies[-1].mandatory_rows) == ({"dinas": 3}, True)


def test_a_policy_for_a_past_year_leaves_later_years_that_have_their_own() -> None:
    given = changed(region.revise(a_region(), with_policy(minimum=2), CURATOR, JULY))
    new = NewPolicy.model_validate(
        {"obliged_kinds": ["badan"], "minimum": 5, "from_year": 2025, "decree": "Perbup 8/2026"}
    )

    after = changed(region.add_policy(given, new, CURATOR, JULY))

    found = {year: after.policy(year) for year in (2024, 2025, 2026)}
    assert {year: each.minimum if each else None for year, each in found.items()} == {2024: 1, 2025: 5, 2026: 2}
    assert region.add_policy(after, new, CURATOR, JULY) is None


def test_the_event_has_every_revision_of_the_policy() -> None:
    change = region.revise(a_region(), with_policy(minimum=2), CURATOR, JULY)
    assert change is not None
    assert [each["minimum"] for each in change[1].data["policies"]] == [1, 2]


# --- Deadlines ---


def test_a_moved_deadline_is_a_new_revision() -> None:
    change = moved(a_region(y2026="2026-11-30"), "2026-12-31")

    assert change is not None
    after, event = change
    assert [(each.revision, each.date, each.basis) for each in after.deadlines] == [
        (1, date(2026, 11, 30), "SE 1"),
        (2, date(2026, 12, 31), "SE 2"),
    ]
    in_force = after.deadline(2026)
    assert in_force is not None
    assert (in_force.revision, in_force.set_at) == (2, JULY.time)
    assert len(event.data["deadlines"]) == 2


def test_another_hour_is_a_new_revision() -> None:
    given = a_region(y2026="2026-12-31")
    after = changed(moved(given, "2026-12-31", hour="16:00"))
    again = changed(moved(after, "2026-12-31", hour=None))
    assert [(each.revision, each.hour) for each in again.deadlines] == [(1, None), (2, time(16)), (3, None)]


def test_a_corrected_basis_is_no_new_revision_and_is_published() -> None:
    change = moved(a_region(y2026="2026-12-31"), "2026-12-31", "SE 1/2026")

    assert change is not None
    assert [(each.revision, each.basis, each.set_at) for each in change[0].deadlines] == [(1, "SE 1/2026", JUNE.time)]
    assert change[1].data["deadlines"][0]["basis"] == "SE 1/2026"


def test_a_cancelled_deadline_is_the_next_revision_and_ends_the_year_s_duty() -> None:
    cancelled = changed(
        region.cancel_deadline(a_region(y2026="2026-12-31"), 2026, Cancellation(basis="SE 3"), CURATOR, JULY)
    )

    assert cancelled.deadline(2026) is None
    newest = cancelled.deadlines[-1]
    assert (newest.revision, newest.cancelled, newest.date, newest.basis) == (2, True, date(2026, 12, 31), "SE 3")
    again = changed(moved(cancelled, "2026-12-31"))
    assert [(each.revision, each.cancelled) for each in again.deadlines] == [(1, False), (2, True), (3, False)]


@pytest.mark.parametrize("given", [a_region(), a_region(y2025="2025-12-31")], ids=["none", "another year"])
def test_a_deadline_that_is_not_in_force_cannot_be_cancelled(given: Region) -> None:
    with pytest.raises(Conflict):
        region.cancel_deadline(given, 2026, Cancellation(basis="SE 3"), CURATOR, JULY)


def test_a_cancelled_deadline_cannot_be_cancelled_again() -> None:
    basis = Cancellation(basis="SE 3")
    cancelled = changed(region.cancel_deadline(a_region(y2026="2026-12-31"), 2026, basis, CURATOR, JULY))
    with pytest.raises(Conflict):
        region.cancel_deadline(cancelled, 2026, basis, CURATOR, JULY)


def test_each_year_counts_its_own_revisions() -> None:
    given = a_region(y2025="2025-12-31", y2026="2026-12-31")
    assert [(each.year, each.revision) for each in given.deadlines] == [(2025, 1), (2026, 1)]
    assert given.deadline(2027) is None


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2028, 1, 1), date(2062, 12, 31)])
def test_a_deadline_far_from_its_duty_year_is_refused(day: date) -> None:
    with pytest.raises(Invalid) as caught:
        moved(a_region(), day.isoformat())

    assert [(flaw.field, flaw.code) for flaw in caught.value.flaws] == [("date", "not-fitting")]


def test_an_equal_deadline_changes_nothing() -> None:
    assert moved(a_region(y2026="2026-12-31 16:00"), "2026-12-31", "SE 1", "16:00") is None


@pytest.mark.parametrize("hour", ["16:00:01", "25:00", "16.00", 3600, "16:00Z"])
def test_an_hour_is_written_as_hours_and_minutes(hour: object) -> None:
    with pytest.raises(ValidationError):
        NewDeadline.model_validate({"year": 2026, "date": "2026-12-31", "hour": hour, "basis": "SE 1"})


# --- Terms ---


def test_other_terms_keep_the_deadlines() -> None:
    given = a_region(y2026="2026-12-31")
    terms = RegionTerms.model_validate({**TERMS, "catalogue": "2026.2", "policy": {"obliged_kinds": ["badan"]}})

    change = region.revise(given, terms, CURATOR, JULY)

    assert change is not None
    assert change[0].deadlines == given.deadlines
    assert change[1].data["catalogue"] == "2026.2"
    assert change[1].data["policies"][-1]["obliged_kinds"] == ["badan"]


def test_unchanged_terms_owe_nothing() -> None:
    assert region.revise(a_region(y2026="2026-12-31"), RegionTerms.model_validate(TERMS), CURATOR, JULY) is None


def test_obliged_kinds_have_no_repetitions_and_keep_their_order() -> None:
    terms = RegionTerms.model_validate({**TERMS, "policy": {"obliged_kinds": ["dinas", "badan", "dinas"]}})
    assert [kind.value for kind in terms.policy.obliged_kinds] == ["dinas", "badan"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Europe/Berlin"},
        {"catalogue": "2026"},
        {"policy": {"obliged_kinds": ["dinas"], "minimum": 0}},
        {"policy": {"obliged_kinds": ["kantor"]}},
        {"policy": {"obliged_kinds": ["dinas"], "deadlines": []}},
        {"policy": {"obliged_kinds": ["dinas"], "minimum_by_kind": {"dinas": 0}}},
        {"policy": {"obliged_kinds": ["dinas"], "minimum_by_kind": {"kantor": 1}}},
        {"name": ""},
    ],
)
def test_impossible_terms_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RegionTerms.model_validate({**TERMS, **wrong})
