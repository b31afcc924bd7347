"""An obligation that is left alone is one that a recomputation from all entries would leave as it is."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.entry import Entry
from services.notifications.obligations.facts import AgencyFact, ExemptionFact, Facts, PassedFact, RegionFact
from services.notifications.obligations.obligation import derive
from services.notifications.obligations.selection import recounted
from services.notifications.obligations.unaffected import Move, is_unaffected
from services.notifications.state import replaced
from shared.contracts.vocabulary import AgencyKind, CountsWhen, InnovationStatus
from tests.support.notifications_service import AFTER, BEFORE, REGION, YEAR, region

NAMES = ("a", "b", "c", "d")


def random_entry(dice: random.Random, name: str) -> Entry:
    status = dice.choice([*InnovationStatus, InnovationStatus.SUBMITTED, InnovationStatus.SUBMITTED])

    def moment() -> datetime:
        return BEFORE + timedelta(hours=dice.randrange(4))

    was_submitted = status is not InnovationStatus.DRAFT
    return Entry(
        agency="agency",
        year=YEAR,
        region=REGION,
        innovation=name,
        sequence=1,
        here=dice.random() < 0.85,
        status=status,
        community=dice.random() < 0.2,
        first_submitted_at=moment() if was_submitted else None,
        verified_at=moment() if status is InnovationStatus.VERIFIED else None,
        turn=dice.randrange(3),
        status_since=dice.choice([None, moment(), moment()]),
        mandatory_filled=dice.choice([None, True, False]),
    ).indexed()


def changed(dice: random.Random, entry: Entry) -> Entry:
    """Another state of the same innovation: any, or one that differs little."""
    other = random_entry(dice, entry.innovation)
    some = dice.sample(["status", "verified_at", "turn", "status_since", "here", "mandatory_filled", "name"], k=2)
    near = replaced(entry, **{name: getattr(other, name) for name in some})
    lost = near.status is not InnovationStatus.DRAFT and near.first_submitted_at is None
    return dice.choice([other, near.indexed()]) if not lost else other


def random_facts(dice: random.Random) -> Facts:
    policy = region(
        minimum=dice.choice([1, 1, 2]),
        counts_when=dice.choice([CountsWhen.SUBMITTED, CountsWhen.SUBMITTED, CountsWhen.VERIFIED]),
        community_counts=dice.random() < 0.7,
        mandatory_rows=dice.random() < 0.2,
    )
    fact = RegionFact.of(policy, YEAR, 1)
    obliged = dice.random() < 0.8
    return Facts(
        agency_id="agency",
        year=YEAR,
        agency=AgencyFact(
            sequence=1,
            region=REGION,
            kind=AgencyKind.DINAS if obliged else AgencyKind.DESA,
            retired=False,
            retired_on=None,
            obliged_from=None,
        ),
        region=replaced(fact, deadline=None) if dice.random() < 0.05 else fact,
        exemption=ExemptionFact(sequence=1, in_force=dice.random() < 0.3, lifts=1, lifted_at=BEFORE),
        passed=PassedFact(sequence=1, revision=1) if dice.random() < 0.5 else None,
    )


def documents(dice: random.Random) -> tuple[ObligationDocument, ObligationDocument, Move, datetime]:
    """An obligation, what it becomes when an entry changes, that change, and the moment. The obligation may have seen
    some of the change already, as one does that reads the entries while they are written."""
    facts, now = random_facts(dice), dice.choice([BEFORE, AFTER])
    names = dice.sample(NAMES, k=dice.randrange(1, 5))
    entries = {name: random_entry(dice, name) for name in names}
    name = dice.choice(names)
    before = entries.pop(name) if dice.random() < 0.2 else entries[name]
    after = changed(dice, before)
    first = recounted(entries.values(), facts)
    last = recounted({**entries, name: after}.values(), facts)
    furthest = dice.choice([first.furthest, first.furthest, last.furthest])
    stored = ObligationDocument.of(facts, derive(facts, replace(first, furthest=furthest), now))
    stored = ObligationDocument.of(stored.facts, derive(facts, replace(first, furthest=furthest), now), stored)
    new = ObligationDocument.of(facts, derive(facts, last, now), stored)
    return stored, new, Move(entries.get(name), after), now


@settings(max_examples=500, deadline=None)
@given(st.integers(min_value=0, max_value=2**64))
def test_what_is_left_alone_is_as_a_recomputation_says(seed: int) -> None:
    stored, new, move, now = documents(random.Random(seed))
    if is_unaffected(stored, move, now):
        assert new == stored


def test_most_changes_of_duties_that_stay_the_same_are_seen_to_be_such() -> None:
    same = [each for seed in range(2_000) if (each := documents(random.Random(seed)))[0] == each[1]]
    known = [stored for stored, _, move, now in same if is_unaffected(stored, move, now)]
    assert len(known) > len(same) / 3


def an_entry(innovation: str, status: InnovationStatus, hours: int, **more: object) -> Entry:
    first = None if status is InnovationStatus.DRAFT else BEFORE + timedelta(hours=hours)
    entry = random_entry(random.Random(1), innovation)
    plain: dict[str, object] = {
        "here": True,
        "community": False,
        "mandatory_filled": None,
        "verified_at": None,
        "turn": 1,
    }
    since = BEFORE + timedelta(hours=hours)
    changed: dict[str, object] = {**plain, "status": status, "first_submitted_at": first, "status_since": since, **more}
    return replaced(entry, **changed).indexed()


def a_duty(*entries: Entry, minimum: int = 1, counts_when: CountsWhen = CountsWhen.SUBMITTED) -> ObligationDocument:
    dice = random.Random(3)
    facts = random_facts(dice)
    kind = AgencyFact(sequence=1, region=REGION, kind=AgencyKind.DINAS, retired=False, retired_on=None, obliged_from=1)
    known = RegionFact.of(region(minimum=minimum, counts_when=counts_when), YEAR, 1)
    facts = replaced(facts, agency=kind, region=known, exemption=None)
    return ObligationDocument.of(facts, derive(facts, recounted(entries, facts), BEFORE))


DRAFT, SUBMITTED, VERIFIED = InnovationStatus.DRAFT, InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED


@pytest.mark.parametrize(
    ("before", "after", "alone"),
    [
        (None, an_entry("b", DRAFT, 2), True),
        (an_entry("b", DRAFT, 2), an_entry("b", SUBMITTED, 3), True),
        (an_entry("b", DRAFT, 2), an_entry("b", SUBMITTED, 0), False),
        (an_entry("b", SUBMITTED, 2), an_entry("b", VERIFIED, 2), False),
        (an_entry("a", SUBMITTED, 1), an_entry("a", InnovationStatus.RETURNED, 1), False),
        (an_entry("a", SUBMITTED, 1), an_entry("a", SUBMITTED, 1, mandatory_filled=True), True),
        (an_entry("a", SUBMITTED, 1), an_entry("a", SUBMITTED, 1, here=False), False),
    ],
)
def test_further_innovations_of_a_fulfilled_duty_leave_it_alone(
    before: Entry | None, after: Entry, alone: bool
) -> None:
    assert is_unaffected(a_duty(an_entry("a", SUBMITTED, 1)), Move(before, after), BEFORE) is alone


def test_an_open_duty_waits_for_its_deadline_only() -> None:
    duty, move = a_duty(an_entry("a", DRAFT, 1)), Move(None, an_entry("b", DRAFT, 2))
    assert is_unaffected(duty, move, BEFORE)
    assert not is_unaffected(duty, move, AFTER)
    assert not is_unaffected(replaced(duty, rules=1), move, BEFORE)
