from __future__ import annotations

import itertools
import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.obligations.entry import Entry, Tell
from services.notifications.obligations.entry_merging import merged, scored
from services.notifications.reminders.reasons import innovation_reasons
from shared.contracts.vocabulary import InnovationStatus, Zone
from tests.support.notifications_service import BEFORE, YEAR, agency_id, innovation

RETURNED, VERIFIED, SUBMITTED = InnovationStatus.RETURNED, InnovationStatus.VERIFIED, InnovationStatus.SUBMITTED


def day(number: int) -> datetime:
    return BEFORE + timedelta(days=number)


def entry(sequence: int, turn: int, *, here: bool = True, **more: Any) -> Entry:  # noqa: ANN401 - fields by name
    said = innovation(turn=turn, since=day(turn), **more)
    return Entry.of(said, agency_id("Dinas Kesehatan"), YEAR, here=here, sequence=sequence)  # type: ignore[arg-type]


def after(*events: Entry) -> Entry:
    known: Entry | None = None
    for each in events:
        known = merged(known, each) or known
    assert known is not None
    return known


def test_the_newest_event_decides_and_a_repeat_changes_nothing() -> None:
    first, second = entry(1, 1), entry(2, 2, status=RETURNED)
    assert after(first, second).status == after(second, first).status == RETURNED
    assert merged(after(first, second), second) is None
    assert merged(after(first, second), first) is None


def test_a_turn_keeps_the_least_sequence_that_was_seen_with_it() -> None:
    events = [entry(10, 1), entry(11, 2, status=RETURNED), entry(12, 2, status=RETURNED), entry(13, 2, status=RETURNED)]
    for order in itertools.permutations(events):
        assert after(*order).turn_sequence == 11


@pytest.mark.parametrize(("status", "tell"), [(RETURNED, "returned"), (VERIFIED, "verified"), (SUBMITTED, "")])
def test_a_new_turn_makes_its_status_due_to_be_told_once(status: InnovationStatus, tell: str) -> None:
    known = after(entry(1, 1), entry(2, 2, status=status))
    assert known.tell == tell
    if tell:
        told = known.told(2, known.tells)
        assert told is not None
        assert told.tell == ""
        edited = merged(told, entry(3, 2, status=status))
        assert edited is not None
        assert edited.tell == "", "an edit begins no turn"


def test_what_is_told_of_a_former_turn_does_not_clear_the_present_one() -> None:
    known = after(entry(1, 2, status=RETURNED), entry(2, 3), entry(3, 4, status=RETURNED))
    assert known.told(2, (Tell.RETURNED,)) is None
    assert known.told(4, (Tell.VERIFIED,)) is None


def test_a_new_turn_takes_the_place_of_what_was_not_told_yet() -> None:
    assert after(entry(1, 2, status=RETURNED), entry(2, 3)).tell == ""
    assert after(entry(1, 2, status=RETURNED), entry(2, 3, here=False)).tell == ""


def test_nothing_is_told_of_what_was_imported_or_has_no_turn_or_was_under_way_when_turns_began() -> None:
    assert entry(1, 2, status=RETURNED, imported=True).tell == ""
    assert after(entry(1, 2, status=RETURNED, imported=True)).tell == ""
    assert after(entry(1, 0, status=RETURNED)).tell == ""
    assert after(entry(1, 0, status=RETURNED), entry(2, 5, status=RETURNED)).tell == ""
    assert after(entry(1, 0, status=SUBMITTED), entry(2, 5, status=RETURNED)).tell == "returned"


def test_a_score_is_told_once_for_a_turn_when_it_is_of_the_event_that_began_the_turn() -> None:
    submitted = after(entry(10, 1))
    assert (scored(submitted, 9, 0) or submitted).tell == ""
    due = scored(submitted, 10, 0)
    assert due is not None
    assert due.tells == (Tell.SCORED,)
    told = due.told(1, due.tells)
    assert told is not None
    assert scored(told, 11, 0) is None, "another card of the same turn"
    verified = merged(told, entry(12, 2, status=VERIFIED))
    assert verified is not None
    both = scored(verified, 12, 0)
    assert both is not None
    assert both.tells == (Tell.VERIFIED, Tell.SCORED)
    assert both.told(2, (Tell.VERIFIED,)).tells == (Tell.SCORED,)  # type: ignore[union-attr]


def test_a_score_of_a_returned_or_moved_innovation_is_not_told() -> None:
    for each in (entry(10, 2, status=RETURNED), entry(10, 2, here=False)):
        known = after(each)
        assert (scored(known, 10, 0) or known).scored_turn == 0


def test_a_score_that_was_made_elsewhere_is_not_told_here() -> None:
    known = after(entry(10, 1))
    assert (scored(known, 20, 0, made_here=False) or known).scored_turn == 0


def test_a_scorecard_says_whether_all_mandatory_rows_are_filled_in_and_an_event_does_not_forget_it() -> None:
    known = scored(after(entry(1, 1)), 1, 2)
    assert known is not None
    assert known.mandatory_filled is False
    assert scored(known, 1, None) is None
    assert after(known, entry(2, 2, status=RETURNED)).mandatory_filled is False


@given(st.lists(st.booleans(), min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_in_any_order_what_left_keeps_the_turn_at_which_it_left(stays: list[bool], dice: random.Random) -> None:
    # Given an innovation that is here, or elsewhere, from turn to turn, with an edit in each
    events = [entry(10 * turn + edit, turn, here=here) for turn, here in enumerate(stays, start=1) for edit in (0, 1)]
    expected = len(stays)
    while expected > 1 and not stays[-1] and not stays[expected - 2]:
        expected -= 1

    # When the events come in any order, some of them twice
    shuffled = [*events, *dice.sample(events, len(events) // 2)]
    dice.shuffle(shuffled)
    known = after(*shuffled)

    # Then its turn is the present one, or of what is elsewhere the first one since it was here
    assert (known.turn, known.status_since, known.turn_sequence) == (expected, day(expected), 10 * expected)
    assert known.here is stays[-1]


def test_a_verification_before_turns_were_counted_is_no_news_when_its_event_comes_again_with_a_turn() -> None:
    """As when something is recorded of an innovation that release 0.1 verified this week."""
    former, counted = entry(1, 0, status=VERIFIED), entry(2, 3, status=VERIFIED)
    known = after(former, counted, entry(3, 3, status=VERIFIED))
    today = day(3).date()
    assert (known.turn, known.tell) == (3, "")
    assert innovation_reasons(known, Zone.WIB, today) == []

    again = after(known, entry(4, 4, status=RETURNED), entry(5, 5, status=VERIFIED))
    assert [each.reason.what for each in innovation_reasons(again, Zone.WIB, day(5).date())] == ["verified"]
