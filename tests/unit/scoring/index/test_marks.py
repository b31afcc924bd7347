"""A region's mark, through every way it can go."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.index.marks import LEASE, PACE, RESTS, Freshness, Mark, claim, finish, is_stale, mark
from shared.ports.store import Decision, State
from tests.support.scoring_examples import calm

NOW = 1_000_000


def state_of(decision: Decision) -> State:
    assert decision is not None
    state, owed = decision
    assert owed is None
    return state


def stale() -> State:
    return state_of(mark(None))


def swept(began: int = NOW, ended: int = NOW) -> State:
    sweeping = state_of(claim(stale(), began, 0))
    return state_of(finish(sweeping, sweeping["generation"], ended))


def test_a_first_mark_makes_a_region_due_at_once() -> None:
    assert Mark.model_validate(stale()).may_be_claimed(NOW, 0)


def test_marking_what_is_stale_writes_nothing() -> None:
    assert is_stale(stale())
    assert mark(stale()) is None


def test_a_sweep_claims_counts_and_cleans() -> None:
    sweeping = state_of(claim(stale(), NOW, 0))
    assert (sweeping["freshness"], sweeping["generation"]) == (Freshness.SWEEPING, 1)

    clean = state_of(finish(sweeping, 1, NOW + 5))

    assert (clean["freshness"], clean["swept"]) == (Freshness.CLEAN, NOW)


def test_a_mark_during_a_sweep_asks_for_another() -> None:
    sweeping = state_of(claim(stale(), NOW, 0))

    marked = state_of(mark(sweeping))
    ended = state_of(finish(marked, 1, NOW + 5))

    assert (marked["freshness"], ended["freshness"]) == (Freshness.STALE, Freshness.STALE)


def test_a_region_is_swept_at_most_once_a_second() -> None:
    again = state_of(mark(swept()))

    assert claim(again, NOW + PACE - 1, 0) is None
    assert claim(again, NOW + PACE, 0) is not None


def test_a_long_sweep_is_followed_by_a_longer_rest() -> None:
    again = state_of(mark(swept(NOW, NOW + 2_000)))

    assert claim(again, NOW + 2_000 + RESTS * 2_000 - 1, 0) is None
    assert claim(again, NOW + 2_000 + RESTS * 2_000, 0) is not None


def test_a_sweep_that_died_is_claimed_again_when_its_lease_ends_and_its_finish_means_nothing() -> None:
    sweeping = state_of(claim(stale(), NOW, 0))

    assert claim(sweeping, NOW + LEASE - 1, 0) is None
    second = state_of(claim(sweeping, NOW + LEASE, 0))

    assert second["generation"] == 2
    assert finish(second, 1, NOW + LEASE) is None


def test_a_clean_region_is_swept_only_after_a_long_time() -> None:
    clean = swept()

    assert claim(clean, NOW + 10 * PACE, NOW) is None
    assert claim(clean, NOW + 10 * PACE, NOW + 1) is not None


@pytest.mark.parametrize("decide", [lambda state: claim(state, NOW, 0), lambda state: finish(state, 1, NOW)])
def test_what_was_never_marked_is_neither_claimed_nor_finished(decide: Callable[[State | None], Decision]) -> None:
    assert decide(None) is None


@settings(calm, max_examples=300)
@given(steps=st.lists(st.sampled_from(["change", "mark", "claim", "read", "keep", "finish", "die"]), max_size=40))
def test_no_change_is_ever_lost(steps: list[str]) -> None:  # noqa: C901 - a small machine, one branch for each step
    """One writer (change, then mark), one sweeper that may die anywhere: whenever the region is clean and nobody is
    between a change and its mark, what was kept is what there is."""
    state, now = None, NOW
    there = kept = 0
    unmarked = False
    read: int | None = None
    generation: int | None = None
    for step in steps:
        now += LEASE
        if step == "change":
            there, unmarked = there + 1, True
        elif step == "mark" and unmarked:
            state, unmarked = (decision[0] if (decision := mark(state)) else state), False
        elif step == "claim" and generation is None and (decision := claim(state, now, 0)):
            state, read = decision[0], None
            generation = state["generation"]
        elif step == "read" and generation is not None:
            read = there
        elif step == "keep" and read is not None:
            kept = read
        elif step == "finish" and generation is not None and read is not None and kept == read:
            if decision := finish(state, generation, now):
                state = decision[0]
            generation = read = None
        elif step == "die":
            generation = read = None
        if state is not None and state["freshness"] == Freshness.CLEAN and not unmarked:
            assert kept == there
