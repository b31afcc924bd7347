from __future__ import annotations

from datetime import date

from services.notifications.reminders.policy.alert_policy import DEFAULT, AlertPolicies
from services.notifications.state import replaced

EMPTY = AlertPolicies(region="61.12")


def test_a_region_without_a_policy_has_the_defaults() -> None:
    policy = EMPTY.in_force(date(2026, 1, 1))

    assert policy.before == (60, 30, 14, 7, 1)
    assert policy.after == (1, 8, 15, 22, 29)
    assert policy.roles == ("officer", "head")
    assert (policy.person_cap, policy.region_cap, policy.report_weekday) == (3, 20_000, 1)


def test_a_revision_is_in_force_from_its_day_and_of_one_day_the_newest() -> None:
    first = EMPTY.with_revision(replaced(DEFAULT, from_day=date(2026, 6, 1), before=(10,)))
    assert first is not None
    second = first.with_revision(replaced(DEFAULT, from_day=date(2026, 6, 1), before=(20,)))
    assert second is not None
    third = second.with_revision(replaced(DEFAULT, from_day=date(2026, 3, 1), before=(5,)))
    assert third is not None

    assert third.in_force(date(2026, 2, 28)).before == DEFAULT.before
    assert third.in_force(date(2026, 3, 1)).before == (5,)
    assert third.in_force(date(2026, 6, 1)).before == (20,)
    assert [each.revision for each in third.revisions] == [1, 2, 3]


def test_saying_the_same_again_is_no_revision() -> None:
    policy = replaced(DEFAULT, from_day=date(2026, 6, 1), before=(10,), by="one")
    first = EMPTY.with_revision(policy)
    assert first is not None
    assert first.with_revision(replaced(policy, by="another")) is None
