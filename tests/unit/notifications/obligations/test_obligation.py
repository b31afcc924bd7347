from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.obligations.entry import Entry
from services.notifications.obligations.entry_merging import merged, scored
from services.notifications.obligations.facts import AgencyFact, ExemptionFact, Facts, PassedFact, RegionFact
from services.notifications.obligations.obligation import Derived, MissingFact, derive
from services.notifications.obligations.selection import recounted
from services.notifications.state import replaced
from shared.contracts.obligation import ObligationState
from shared.contracts.region import Deadline, RegionRegistered
from shared.contracts.vocabulary import AgencyKind, Classification, CountsWhen, InnovationStatus, Zone
from tests.support.notifications_service import (
    AFTER,
    BEFORE,
    LAST_DAY,
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


@dataclass(frozen=True)
class Duty:
    """The facts of a duty and all its entries."""

    facts: Facts
    entries: tuple[Entry, ...] = ()

    def updated(self, *, innovation: Entry | None = None, **more: Any) -> Duty:  # noqa: ANN401 - fields by name
        entries = {each.innovation: each for each in self.entries}
        if innovation:
            before = entries.get(innovation.innovation)
            entries[innovation.innovation] = merged(before, innovation) or before or innovation
        return Duty(self.facts.updated(**more), tuple(entries.values()))

    def derived(self, now: datetime) -> Derived | MissingFact:
        return derive(self.facts, recounted(self.entries, self.facts), now)


def duty(*innovations: Entry, policy: RegionRegistered | None = None, heard: bool = True, **more: Any) -> Duty:  # noqa: ANN401 - fields by name
    """heard: `deadline.passed` of the deadline in force was heard, and names nothing that is not there."""
    known = RegionFact.of(policy or region(), YEAR, 1)
    facts = Facts(agency_id=agency_id("Dinas Kesehatan"), year=YEAR).updated(
        agency=more.pop("agency", agency_fact()),
        region=known,
        exemption=more.pop("exemption", None),
        passed=PassedFact(sequence=1, revision=known.deadline.revision) if heard and known.deadline else None,
    )
    result = Duty(facts)
    for each in innovations:
        result = result.updated(innovation=each)
    return result


def fact(name: str = "Spirit", *, here: bool = True, sequence: int = 1, **more: Any) -> Entry:  # noqa: ANN401 - fields by name
    said = innovation(name, **more)
    return Entry.of(said, agency_id("Dinas Kesehatan"), YEAR, here=here, sequence=sequence)  # type: ignore[arg-type]


def derived(known: Duty, now: datetime = BEFORE) -> Derived:
    outcome = known.derived(now)
    assert isinstance(outcome, Derived)
    return outcome


def judged(known: Duty, now: datetime = BEFORE) -> ObligationState:
    return derived(known, now).public


VERIFIED_POLICY = region(counts_when=CountsWhen.VERIFIED)


def test_an_obligation_waits_for_a_missing_fact() -> None:
    empty = Duty(Facts(agency_id="a", year=YEAR))
    assert empty.derived(BEFORE) is MissingFact.AGENCY
    assert empty.updated(agency=agency_fact()).derived(BEFORE) is MissingFact.REGION
    other_year = RegionFact.of(region(deadline(year=2025, day=date(2025, 12, 31))), YEAR, 1)
    assert empty.updated(agency=agency_fact(), region=other_year).derived(BEFORE) is MissingFact.DEADLINE


def test_an_obligation_without_innovations_is_open_and_overdue_from_local_midnight() -> None:
    assert judged(duty(), LAST_MOMENT).status == "open"
    assert judged(duty(), TOO_LATE).status == "overdue"


@pytest.mark.parametrize(("first", "on_time"), [(LAST_MOMENT, True), (TOO_LATE, False)])
def test_a_submission_fulfils_and_its_first_time_decides_whether_in_time(first: datetime, on_time: bool) -> None:
    state = judged(duty(fact(first=first)), LATE)
    assert (state.status, state.on_time, state.fulfilled_at) == ("fulfilled", on_time, first)
    assert state.counted == (innovation_id("Spirit"),)


@pytest.mark.parametrize("status", [InnovationStatus.DRAFT, InnovationStatus.RETURNED, InnovationStatus.WITHDRAWN])
def test_a_draft_a_returned_and_a_withdrawn_innovation_do_not_count(status: InnovationStatus) -> None:
    assert judged(duty(fact(status=status))).status == "open"
    assert judged(duty(fact(status=status)), AFTER).status == "overdue"


def test_a_withdrawal_opens_a_fulfilled_obligation_again() -> None:
    known = duty(fact(sequence=1))
    assert judged(known).status == "fulfilled"
    assert judged(known.updated(innovation=fact(sequence=2, status=InnovationStatus.WITHDRAWN))).status == "open"


def test_where_verified_counts_an_innovation_submitted_in_time_waits_for_the_curator_after_the_deadline() -> None:
    known = duty(fact(), policy=VERIFIED_POLICY)
    state = judged(known, LATE)
    assert (state.status, state.waiting) == ("open", "verification")


def test_where_verified_counts_a_return_after_the_deadline_makes_the_obligation_overdue() -> None:
    known = duty(fact(status=InnovationStatus.RETURNED), policy=VERIFIED_POLICY)
    assert judged(known, LATE).status == "overdue"


def test_where_verified_counts_a_late_first_submission_does_not_keep_the_obligation_open() -> None:
    assert judged(duty(fact(first=TOO_LATE), policy=VERIFIED_POLICY), LATE).status == "overdue"


@pytest.mark.parametrize(("first", "on_time"), [(BEFORE, True), (TOO_LATE, False)])
def test_a_late_verification_fulfils_in_time_if_the_first_submission_was(first: datetime, on_time: bool) -> None:
    verified = fact(first=first, status=InnovationStatus.VERIFIED, verified=LATE)
    state = judged(duty(verified, policy=VERIFIED_POLICY), LATE)
    assert (state.status, state.on_time, state.fulfilled_at) == ("fulfilled", on_time, LATE)


def test_with_a_minimum_of_two_the_second_innovation_decides() -> None:
    policy = region(minimum=2)
    one = duty(fact("Satu"), policy=policy)
    assert (judged(one).status, judged(one).counted) == ("open", (innovation_id("Satu"),))
    both = one.updated(innovation=fact("Dua", first=TOO_LATE))
    assert (judged(both, LATE).status, judged(both, LATE).on_time) == ("fulfilled", False)


def test_an_innovation_of_the_community_counts_only_where_the_policy_says_so() -> None:
    community = fact(classification=Classification.MASYARAKAT)
    assert judged(duty(community)).status == "fulfilled"
    assert judged(duty(community, policy=region(community_counts=False))).status == "open"


def test_an_innovation_that_was_reassigned_no_longer_counts_here() -> None:
    assert judged(duty(fact(here=True, sequence=1), fact(here=False, sequence=2))).status == "open"


def test_a_decree_retirement_and_a_kind_that_is_not_obliged_exempt_with_their_ground() -> None:
    decree = duty(exemption=ExemptionFact(sequence=1, in_force=True))
    assert (judged(decree, LATE).status, judged(decree).ground) == ("exempted", "decree")
    assert judged(decree.updated(exemption=ExemptionFact(sequence=2, in_force=False)), LATE).status == "overdue"
    retired = agency_fact(retired=True, retired_on=date(2026, 8, 1))
    assert judged(duty(agency=retired)).ground == "retired"
    on_the_last_day = agency_fact(retired=True, retired_on=date(2026, 12, 31))
    assert judged(duty(agency=on_the_last_day), LATE).ground == "retired"
    next_year = agency_fact(retired=True, retired_on=date(2027, 1, 1))
    assert judged(duty(agency=next_year), LATE).status == "overdue"
    assert judged(duty(agency=agency_fact(kind=AgencyKind.DESA))).ground == "not_obliged"
    assert judged(duty(agency=agency_fact(obliged_from=2027))).ground == "not_obliged"
    assert judged(duty(agency=agency_fact(obliged_from=2026))).status == "open"


def test_a_moved_deadline_is_in_force_by_its_revision() -> None:
    moved = region(deadline(revision=1), deadline(date(2027, 1, 21), revision=2))
    state = judged(duty(policy=moved), LATE)
    assert (state.status, state.deadline, state.deadline_revision) == ("open", date(2027, 1, 21), 2)


def test_the_policy_of_a_former_region_is_not_used() -> None:
    known = duty()
    moved = known.updated(agency=agency_fact(sequence=2).model_copy(update={"region": "61.71"}))
    assert moved.derived(BEFORE) is MissingFact.REGION


def test_a_retirement_is_judged_by_the_deadline_not_by_the_year() -> None:
    long = region(deadline(date(2027, 1, 21)))
    in_january = agency_fact(retired=True, retired_on=date(2027, 1, 10))
    assert judged(duty(agency=in_january, policy=long), LATE).ground == "retired"
    undone = agency_fact(sequence=2)
    assert judged(duty(agency=in_january, policy=long).updated(agency=undone), LATE).status == "open"


@pytest.mark.parametrize(
    ("ground", "more"),
    [
        ("decree", {"exemption": ExemptionFact(sequence=1, in_force=True)}),
        ("retired", {"agency": agency_fact(retired=True)}),
        ("not_obliged", {"agency": agency_fact(kind=AgencyKind.DESA)}),
        ("cancelled", {"policy": region(deadline(), deadline(revision=2).model_copy(update={"cancelled": True}))}),
    ],
)
def test_a_fulfilled_duty_stays_fulfilled_and_the_ground_stands_beside_it(ground: str, more: dict[str, Any]) -> None:
    fulfilled = judged(duty(fact(), **more), LATE)
    assert (fulfilled.status, fulfilled.on_time, fulfilled.ground) == ("fulfilled", True, ground)
    without = judged(duty(**more), LATE)
    assert (without.status, without.ground) == ("exempted", ground)


def test_a_cancelled_deadline_takes_a_duty_back_under_its_own_revision() -> None:
    cancelled = deadline(revision=2).model_copy(update={"cancelled": True})
    state = judged(duty(policy=region(deadline(), cancelled)), LATE)
    assert (state.status, state.ground, state.deadline, state.deadline_revision) == (
        "exempted",
        "cancelled",
        LAST_DAY,
        2,
    )
    exempted = ExemptionFact(sequence=1, in_force=True)
    assert judged(duty(policy=region(deadline(), cancelled), exemption=exempted), LATE).ground == "decree"
    again = region(deadline(), cancelled, deadline(date(2027, 1, 21), revision=3))
    assert judged(duty(policy=again), LATE).status == "open"


AT_TWO = region(deadline().model_copy(update={"hour": time(14)}))
TWO_O_CLOCK = datetime(2026, 12, 31, 7, tzinfo=UTC)  # 14.00 WIB
JUST_AFTER = TWO_O_CLOCK + timedelta(microseconds=1)


@pytest.mark.parametrize(("first", "on_time"), [(TWO_O_CLOCK, True), (JUST_AFTER, False)])
def test_a_deadline_with_an_hour_ends_with_that_moment(first: datetime, on_time: bool) -> None:
    assert judged(duty(fact(first=first), policy=AT_TWO), LATE).on_time is on_time
    assert judged(duty(policy=AT_TWO), first).status == ("open" if on_time else "overdue")


@pytest.mark.parametrize(
    ("zone", "midnight"), [(Zone.WIB, 17), (Zone.WIB_PONTIANAK, 17), (Zone.WITA, 16), (Zone.WIT, 15)]
)
def test_a_deadline_without_an_hour_ends_at_midnight_of_its_zone_also_on_a_leap_day(zone: Zone, midnight: int) -> None:
    leap = Deadline(year=YEAR, revision=1, date=date(2028, 2, 29), set_at=BEFORE)
    policy = region(leap).model_copy(update={"zone": zone})
    end = datetime(2028, 2, 29, midnight, tzinfo=UTC)
    assert judged(duty(policy=policy), end - timedelta(microseconds=1)).status == "open"
    assert judged(duty(policy=policy), end).status == "overdue"
    assert derived(duty(policy=policy)).closes == end


def test_the_minimum_of_the_agencys_kind_and_the_policy_of_the_year_decide() -> None:
    both = region(minimum=3, minimum_by_kind={AgencyKind.DINAS: 2})
    assert judged(duty(fact("Satu"), policy=both)).minimum == 2
    assert judged(duty(policy=both, agency=agency_fact(kind=AgencyKind.KECAMATAN))).minimum == 3
    former = both.policies[0]
    newer = former.model_copy(update={"revision": 2, "from_year": YEAR + 1, "minimum_by_kind": {}})
    assert judged(duty(policy=both.model_copy(update={"policies": (former, newer)}))).minimum == 2


def test_where_mandatory_rows_are_asked_for_an_innovation_counts_with_a_complete_scorecard_only() -> None:
    policy = region(mandatory_rows=True)
    unscored = fact()
    assert judged(duty(unscored, policy=policy)).status == "open"
    assert judged(duty(scored(unscored, 1, 2) or unscored, policy=policy)).status == "open"
    assert judged(duty(scored(unscored, 1, 0) or unscored, policy=policy)).status == "fulfilled"


def test_counted_names_the_few_that_decide_the_ones_submitted_first() -> None:
    later = BEFORE + timedelta(days=1)
    state = judged(duty(fact("Satu", first=later), fact("Dua"), fact("Tiga", first=later)))
    assert state.counted == (innovation_id("Dua"),)


# --- overdue needs proof ---


def test_a_duty_is_not_overdue_before_the_registry_has_said_what_was_submitted_in_time() -> None:
    waiting = derived(duty(heard=False), TOO_LATE)
    assert (waiting.public.status, waiting.public.waiting, waiting.phase) == ("open", "registry", "registry")
    assert waiting.waiting_since == TOO_LATE


def test_it_is_not_overdue_while_an_innovation_that_was_submitted_in_time_has_not_been_heard_of() -> None:
    lacking = PassedFact(sequence=2, revision=1, missing=(innovation_id("Spirit"),))
    assert judged(duty().updated(passed=lacking), TOO_LATE).waiting == "registry"
    assert judged(duty().updated(passed=replaced(lacking, sequence=3, missing=())), TOO_LATE).status == "overdue"


def test_what_was_heard_of_another_revision_proves_nothing() -> None:
    moved = region(deadline(revision=1), deadline(date(2027, 1, 3), revision=2))
    of_the_first = PassedFact(sequence=5, revision=1)
    assert judged(duty(policy=moved, heard=False).updated(passed=of_the_first), LATE).waiting == "registry"


def test_what_is_heard_late_of_a_former_revision_does_not_undo_the_proof_of_the_present_one() -> None:
    moved = region(deadline(revision=1), deadline(date(2027, 1, 3), revision=2))
    proven = duty(policy=moved, heard=False).updated(passed=PassedFact(sequence=0, revision=2))
    assert judged(proven.updated(passed=PassedFact(sequence=9, revision=1)), LATE).status == "overdue"


# --- spells, progress, since when it waits ---


def test_a_return_opens_the_duty_again_under_its_turn() -> None:
    returned = fact(status=InnovationStatus.RETURNED, turn=2, since=BEFORE)
    outcome = derived(duty(returned))
    assert (outcome.spell, outcome.spell_since) == (f"{innovation_id('Spirit')}/2", BEFORE)
    assert derived(duty(returned, fact("Dua"))).spell == "", "the duty is fulfilled"


def test_of_several_that_went_the_latest_names_the_spell_and_of_the_same_moment_the_greater_id() -> None:
    early = fact("Satu", status=InnovationStatus.WITHDRAWN, turn=3, since=BEFORE)
    late = fact("Dua", status=InnovationStatus.RETURNED, turn=2, since=BEFORE + timedelta(hours=1))
    same = fact("Tiga", status=InnovationStatus.RETURNED, turn=5, since=BEFORE + timedelta(hours=1))
    assert derived(duty(early, late)).spell == f"{innovation_id('Dua')}/2"
    turns = {innovation_id("Dua"): 2, innovation_id("Tiga"): 5}
    last = max(turns)
    assert derived(duty(early, late, same)).spell == f"{last}/{turns[last]}"


def test_what_happens_to_an_innovation_elsewhere_does_not_begin_another_spell() -> None:
    left = fact(here=False, sequence=3, turn=3, since=BEFORE)
    later = BEFORE + timedelta(days=9)
    verified = fact(here=False, sequence=4, turn=4, since=later, status=InnovationStatus.VERIFIED)
    for order in ([left, verified], [verified, left], [fact(turn=2), left, verified], [verified, fact(turn=2), left]):
        outcome = derived(duty(*order))
        assert (outcome.spell, outcome.spell_since) == (f"{innovation_id('Spirit')}/3", BEFORE)


def test_an_innovation_without_turns_begins_no_spell() -> None:
    assert derived(duty(fact(status=InnovationStatus.RETURNED))).spell == ""


def test_lifting_an_exemption_begins_a_spell_unless_an_innovation_went_later() -> None:
    lifted = ExemptionFact(sequence=2, in_force=False, lifts=2, lifted_at=LATE)
    assert derived(duty(exemption=lifted)).spell == "exemption/2"
    earlier = fact(status=InnovationStatus.RETURNED, turn=2, since=BEFORE)
    assert derived(duty(earlier, exemption=lifted)).spell == "exemption/2"
    later = fact(status=InnovationStatus.RETURNED, turn=2, since=LATE + timedelta(seconds=1))
    assert derived(duty(later, exemption=lifted)).spell == f"{innovation_id('Spirit')}/2"


@pytest.mark.parametrize(
    ("statuses", "progress"),
    [
        ([], "none"),
        (["draft"], "draft"),
        (["draft", "submitted"], "submitted"),
        (["submitted", "returned"], "returned"),
        (["returned", "verified", "draft"], "verified"),
        (["withdrawn"], "none"),
    ],
)
def test_progress_is_that_of_the_furthest_that_still_lives(statuses: list[str], progress: str) -> None:
    entries = [
        fact(f"I {place}", status=InnovationStatus(status), turn=1, since=BEFORE + timedelta(days=place))
        for place, status in enumerate(statuses)
    ]
    outcome = derived(duty(*entries))
    assert outcome.progress == progress
    since = [each.status_since for each in entries if each.status.value == progress]
    assert outcome.progress_since == (since[0] if since else None)


def test_a_duty_waits_for_verification_since_the_curator_has_had_all_of_them() -> None:
    again = BEFORE + timedelta(days=3)
    outcome = derived(duty(fact(turn=3, since=again), policy=VERIFIED_POLICY), LATE)
    assert (outcome.public.waiting, outcome.waiting_since) == ("verification", again)


# --- order does not matter ---

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
    def result(order: list[tuple[str, Any]]) -> Duty:
        known = Duty(Facts(agency_id="a", year=YEAR))
        for what, each in order:
            known = known.updated(**{what: each})
        return Duty(known.facts, tuple(sorted(known.entries, key=lambda each: each.innovation)))

    # only the agency's own region is used, so the agency comes first
    in_order = [("agency", agency_fact(0)), *news]
    shuffled = [*news, *dice.sample(news, len(news) // 2)]
    dice.shuffle(shuffled)
    shuffled = [("agency", agency_fact(0)), *shuffled]
    assert result(in_order) == result(shuffled)
    assert result(in_order).derived(LATE) == result(shuffled).derived(LATE)
