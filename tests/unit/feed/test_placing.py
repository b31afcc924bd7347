"""What becomes of an event that arrives, by what is kept of its subject."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.feed.latest.placing import Arrived, Overtaken, newest, placed
from shared.ports.store import State

ARRIVED = Arrived("innovation/a", "innovation.submitted", "61.12", "{}", sequence=5, may_repeat=False)


def kept(sequence: int, place: int = 100) -> State:
    return replace(ARRIVED, sequence=sequence).at(place)


def outcome(
    before: State | None, arrived: Arrived = ARRIVED, place: int = 200, begin: int = 0, doubtful: int = 0
) -> int:
    """The place that is kept in the end."""
    after = placed(before, arrived, 200, begin=begin, doubtful=doubtful)
    state = before if after is None else after
    assert state is not None
    return int(state["place"])


def test_the_first_and_every_newer_event_is_placed() -> None:
    assert outcome(None) == outcome(kept(4)) == 200


def test_an_equal_or_older_event_changes_nothing() -> None:
    assert outcome(kept(5)) == outcome(kept(6)) == 100
    assert outcome(kept(6), replace(ARRIVED, may_repeat=True)) == 100


def test_an_equal_event_that_may_repeat_is_placed_anew() -> None:
    assert outcome(kept(5), replace(ARRIVED, may_repeat=True)) == 200


def test_an_equal_event_is_placed_anew_when_what_is_kept_is_doubtful() -> None:
    assert outcome(kept(5), doubtful=101) == 200
    assert outcome(kept(5), doubtful=100) == 100


def test_what_is_kept_of_a_former_generation_is_as_good_as_absent() -> None:
    assert outcome(kept(9), begin=100) == 200
    assert outcome(kept(9), begin=99) == 100


@pytest.mark.parametrize("may_repeat", [False, True])
def test_a_place_never_goes_down(may_repeat: bool) -> None:
    with pytest.raises(Overtaken):
        placed(kept(4, 200), replace(ARRIVED, may_repeat=may_repeat), 200, begin=0, doubtful=0)


def test_of_one_subject_the_newest_counts_and_of_equal_ones_the_one_that_may_repeat() -> None:
    again = replace(ARRIVED, may_repeat=True)
    other = replace(ARRIVED, subject="innovation/b", sequence=1)

    assert newest([replace(ARRIVED, sequence=4, may_repeat=True), ARRIVED, other, again]) == {
        "innovation/a": again,
        "innovation/b": other,
    }
