from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from services.registry import region
from services.registry.region import NewDeadline, NewRegion, RegionTerms
from shared.contracts.region import RegionRegistered
from shared.faults import Invalid
from tests.support.registry_states import CURATOR, JULY, a_region

TERMS = {
    "name": "Kabupaten Kubu Raya",
    "zone": "Asia/Pontianak",
    "catalogue": "2026.1",
    "policy": {"obliged_kinds": ["dinas"]},
}


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


def test_a_moved_deadline_is_a_new_revision() -> None:
    before = a_region(y2026="2026-11-30")

    change = region.set_deadline(before, NewDeadline(year=2026, date=date(2026, 12, 31), basis="SE 2"), CURATOR, JULY)

    assert change is not None
    after, event = change
    assert [(each.revision, each.date, each.basis) for each in after.policy.deadlines] == [
        (1, date(2026, 11, 30), "SE 1"),
        (2, date(2026, 12, 31), "SE 2"),
    ]
    in_force = after.deadline(2026)
    assert in_force is not None
    assert (in_force.revision, in_force.set_at) == (2, JULY.time)
    assert len(event.data["deadlines"]) == 2


def test_each_year_counts_its_own_revisions() -> None:
    given = a_region(y2025="2025-12-31", y2026="2026-12-31")
    assert [(each.year, each.revision) for each in given.policy.deadlines] == [(2025, 1), (2026, 1)]
    assert given.deadline(2027) is None


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2028, 1, 1), date(2062, 12, 31)])
def test_a_deadline_far_from_its_duty_year_is_refused(day: date) -> None:
    with pytest.raises(Invalid) as caught:
        region.set_deadline(a_region(), NewDeadline(year=2026, date=day, basis="SE 1"), CURATOR, JULY)

    assert [(flaw.field, flaw.code) for flaw in caught.value.flaws] == [("date", "not-fitting")]


def test_an_equal_deadline_changes_nothing() -> None:
    given = a_region(y2026="2026-12-31")
    assert (
        region.set_deadline(given, NewDeadline(year=2026, date=date(2026, 12, 31), basis="SE 1"), CURATOR, JULY) is None
    )


def test_other_terms_keep_the_deadlines() -> None:
    given = a_region(y2026="2026-12-31")
    terms = RegionTerms.model_validate({**TERMS, "catalogue": "2026.2", "policy": {"obliged_kinds": ["badan"]}})

    change = region.revise(given, terms, CURATOR, JULY)

    assert change is not None
    assert change[0].policy.deadlines == given.policy.deadlines
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
        {"name": ""},
    ],
)
def test_impossible_terms_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RegionTerms.model_validate({**TERMS, **wrong})
