from __future__ import annotations

import random
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.obligations.facts import AgencyFact, ExemptionFact, Facts, InnovationFact, RegionFact
from services.notifications.obligations.obligation import MissingFact, derive
from shared.contracts.obligation import ObligationState
from shared.contracts.region import RegionRegistered
from shared.contracts.vocabulary import AgencyKind, Classification, CountsWhen, InnovationStatus
from tests.support.notifications_service import (
    AFTER,
    BEFORE,
    REGION,
    YEAR,
    agency_id,
    deadline,
    innovation,
    innovation_id,
    region,
)

LATE = datetime(2027, 1, 5, tzinfo=UTC)
LAST_MOMENT = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)  # 23.59 WIB
TOO_LATE = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)  # 00.00 WIB of the new year


def agency_fact(sequence: int = 1, kind: AgencyKind = AgencyKind.DINAS, **more: Any) -> AgencyFact:  # noqa: ANN401 - fields by name
    defaults = {"retired": False, "retired_on": None, "obliged_from": None}
    return AgencyFact(sequence=sequence, region=REGION, kind=kind, **(defaults | more))


def facts(*innovations: InnovationFact, policy: RegionRegistered | None = None, **more: Any) -> Facts:  # noqa: ANN401 - fields by name
    known = Facts(agency_id=agency_id("Dinas Kesehatan"), year=YEAR).updated(
        agency=more.pop("agency", agency_fact()),
        region=RegionFact.of(policy or region(), YEAR, 1),
        exemption=more.pop("exemption", None),
    )
    for each in innovations:
        known = known.updated(innovation=each)
    return known


def fact(name: str = "Spirit", *, here: bool = True, sequence: int = 1, **more: Any) -> InnovationFact:  # noqa: ANN401 - fields by name
    return InnovationFact.of(innovation(name, **more), here=here, sequence=sequence)  # type: ignore[arg-type]


def judged(known: Facts, now: datetime = BEFORE) -> ObligationState:
    outcome = derive(known, now)
    assert isinstance(outcome, ObligationState)
    return outcome


VERIFIED_POLICY = region(counts_when=CountsWhen.VERIFIED)


def test_an_obligation_waits_for_a_missing_fact() -> None:
    empty = Facts(agency_id="a", year=YEAR)
    assert derive(empty, BEFORE) is MissingFact.AGENCY
    assert derive(empty.updated(agency=agency_fact()), BEFORE) is MissingFact.REGION
    other_year = RegionFact.of(region(deadline(year=2025, day=date(2025, 12, 31))), YEAR, 1)
    assert derive(empty.updated(agency=agency_fact(), region=other_year), BEFORE) is MissingFact.DEADLINE


def test_an_obligation_without_innovations_is_open_and_overdue_from_local_midnight() -> None:
    assert judged(facts(), LAST_MOMENT).status == "open"
    assert judged(facts(), TOO_LATE).status == "overdue"


@pytest.mark.parametrize(("first", "on_time"), [(LAST_MOMENT, True), (TOO_LATE, False)])
def test_a_submission_fulfils_and_its_first_time_decides_whether_in_time(first: datetime, on_time: bool) -> None:
    state = judged(facts(fact(first=first)), LATE)
    assert (state.status, state.on_time, state.fulfilled_at) == ("fulfilled", on_time, first)
    assert state.counted == (innovation_id("Spirit"),)


@pytest.mark.parametrize("status", [InnovationStatus.DRAFT, InnovationStatus.RETURNED, InnovationStatus.WITHDRAWN])
def test_a_draft_a_returned_and_a_withdrawn_innovation_do_not_count(status: InnovationStatus) -> None:
    assert judged(facts(fact(status=status))).status == "open"
    assert judged(facts(fact(status=status)), AFTER).status == "overdue"


def test_a_withdrawal_opens_a_fulfilled_obligation_again() -> None:
    known = facts(fact(sequence=1))
    assert judged(known).status == "fulfilled"
    assert judged(known.updated(innovation=fact(sequence=2, status=InnovationStatus.WITHDRAWN))).status == "open"


def test_where_verified_counts_an_innovation_submitted_in_time_waits_for_the_curator_after_the_deadline() -> None:
    known = facts(fact(), policy=VERIFIED_POLICY)
    state = judged(known, LATE)
    assert (state.status, state.waiting) == ("open", "verification")


def test_where_verified_counts_a_return_after_the_deadline_makes_the_obligation_overdue() -> None:
    known = facts(fact(status=InnovationStatus.RETURNED), policy=VERIFIED_POLICY)
    assert judged(known, LATE).status == "overdue"


def test_where_verified_counts_a_late_first_submission_does_not_keep_the_obligation_open() -> None:
    assert judged(facts(fact(first=TOO_LATE), policy=VERIFIED_POLICY), LATE).status == "overdue"


@pytest.mark.parametrize(("first", "on_time"), [(BEFORE, True), (TOO_LATE, False)])
def test_a_late_verification_fulfils_in_time_if_the_first_submission_was(first: datetime, on_time: bool) -> None:
    verified = fact(first=first, status=InnovationStatus.VERIFIED, verified=LATE)
    state = judged(facts(verified, policy=VERIFIED_POLICY), LATE)
    assert (state.status, state.on_time, state.fulfilled_at) == ("fulfilled", on_time, LATE)


def test_with_a_minimum_of_two_the_second_innovation_decides() -> None:
    policy = region(minimum=2)
    one = facts(fact("Satu"), policy=policy)
    assert (judged(one).status, judged(one).counted) == ("open", (innovation_id("Satu"),))
    both = one.updated(innovation=fact("Dua", first=TOO_LATE))
    assert (judged(both, LATE).status, judged(both, LATE).on_time) == ("fulfilled", False)


def test_an_innovation_of_the_community_counts_only_where_the_policy_says_so() -> None:
    community = fact(classification=Classification.MASYARAKAT)
    assert judged(facts(community)).status == "fulfilled"
    assert judged(facts(community, policy=region(community_counts=False))).status == "open"


def test_an_innovation_that_was_reassigned_no_longer_counts_here() -> None:
    assert judged(facts(fact(here=True, sequence=1), fact(here=False, sequence=2))).status == "open"


def test_a_decree_retirement_and_a_kind_that_is_not_obliged_exempt_with_their_ground() -> None:
    decree = facts(exemption=ExemptionFact(sequence=1, in_force=True))
    assert (judged(decree, LATE).status, judged(decree).ground) == ("exempted", "decree")
    assert judged(decree.updated(exemption=ExemptionFact(sequence=2, in_force=False)), LATE).status == "overdue"
    retired = agency_fact(retired=True, retired_on=date(2026, 8, 1))
    assert judged(facts(agency=retired)).ground == "retired"
    next_year = agency_fact(retired=True, retired_on=date(2027, 1, 1))
    assert judged(facts(agency=next_year), LATE).status == "overdue"
    assert judged(facts(agency=agency_fact(kind=AgencyKind.DESA))).ground == "not_obliged"
    assert judged(facts(agency=agency_fact(obliged_from=2027))).ground == "not_obliged"
    assert judged(facts(agency=agency_fact(obliged_from=2026))).status == "open"


def test_a_moved_deadline_is_in_force_by_its_revision() -> None:
    moved = region(deadline(revision=1), deadline(date(2027, 1, 21), revision=2))
    state = judged(facts(policy=moved), LATE)
    assert (state.status, state.deadline, state.deadline_revision) == ("open", date(2027, 1, 21), 2)


def test_the_policy_of_a_former_region_is_not_used() -> None:
    known = facts()
    moved = known.updated(agency=agency_fact(sequence=2).model_copy(update={"region": "61.71"}))
    assert derive(moved, BEFORE) is MissingFact.REGION


_INNOVATIONS = [
    ("innovation", fact(name, sequence=sequence, status=status, here=here, first=first))
    for name in ("Satu", "Dua")
    for sequence, status, here, first in (
        (1, InnovationStatus.SUBMITTED, True, BEFORE),
        (2, InnovationStatus.RETURNED, True, BEFORE),
        (3, InnovationStatus.SUBMITTED, True, BEFORE),
        (4, InnovationStatus.VERIFIED, True, BEFORE),
        (5, InnovationStatus.WITHDRAWN, False, TOO_LATE),
    )
]
_NEWS: list[tuple[str, Any]] = [
    *_INNOVATIONS,
    *(("agency", agency_fact(sequence, retired=sequence == 3)) for sequence in (1, 2, 3)),
    *(
        ("region", RegionFact.of(region(minimum=sequence, counts_when=CountsWhen.VERIFIED), YEAR, sequence))
        for sequence in (1, 2)
    ),
    *(("exemption", ExemptionFact(sequence=sequence, in_force=sequence == 1)) for sequence in (1, 2)),
]


@given(st.lists(st.sampled_from(_NEWS), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_of_the_facts_has_the_same_result(
    news: list[tuple[str, Any]], dice: random.Random
) -> None:
    def result(order: list[tuple[str, Any]]) -> Facts:
        known = Facts(agency_id="a", year=YEAR)
        for what, each in order:
            known = known.updated(**{what: each})
        return known

    # only the agency's own region is used, so the agency comes first
    in_order = [("agency", agency_fact(0)), *news]
    shuffled = [*news, *dice.sample(news, len(news) // 2)]
    dice.shuffle(shuffled)
    assert result(in_order) == result([("agency", agency_fact(0)), *shuffled])
    assert derive(result(in_order), LATE) == derive(result([("agency", agency_fact(0)), *shuffled]), LATE)
