"""A region's mark, through every way it can go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.index.marks import LEASE, PACE, RESTS, Freshness, Mark, claim, finish, mark, mark_shared
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
    assert mark(stale()) is None


def test_marking_what_another_process_has_marked_says_that_this_one_did_too() -> None:
    both = state_of(mark(state_of(mark(None, "one")), "other"))

    assert sorted(both["marked_by"]) == ["one", "other"]
    assert mark(both, "one") is mark(both, "other") is None


async def test_a_shared_mark_begins_after_each_who_asked() -> None:
    written, seen, both, goes_on = 0, list[tuple[str, int]](), asyncio.Event(), asyncio.Event()

    async def look(region: str) -> None:
        seen.append((region, written))
        if len(seen) > 1:
            both.set()
        await goes_on.wait()

    shared = mark_shared(look)

    async def write_and_mark() -> None:
        nonlocal written
        mine = written = written + 1
        await shared("61.12")
        assert seen[-1][1] >= mine

    marking = asyncio.gather(*(write_and_mark() for _ in range(16)), shared("61.71"))
    await both.wait()
    goes_on.set()
    await marking
    assert seen == [("61.12", 1), ("61.71", 16), ("61.12", 16)]


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


def counted(by: str = "me", began: int = NOW) -> State:
    """The mark of a region that `by` has counted."""
    sweeping = state_of(claim(state_of(mark(None, by)), began, 0, by))
    assert sweeping["counted_by"] == ""
    return state_of(finish(sweeping, sweeping["generation"], began, by))


def again(state: State, by: str = "me", audit: int = 0) -> str:
    """By whom the figures of the next sweep were counted, empty: they must be counted."""
    return str(state_of(claim(state, NOW + 10 * PACE, audit, by))["counted_by"])


def test_the_figures_of_a_process_hold_while_it_alone_marks() -> None:
    assert again(state_of(mark(counted(), "me"))) == "me"
    assert again(state_of(mark(counted(), "me")), by="other") == ""


@pytest.mark.parametrize("order", [("me", "other"), ("other", "me"), ("other",)])
def test_the_figures_do_not_hold_once_another_process_has_marked(order: tuple[str, ...]) -> None:
    state = counted()
    for each in order:
        state = state_of(mark(state, each))

    assert again(state) == ""


def test_a_mark_of_another_process_during_a_count_is_not_in_its_figures() -> None:
    sweeping = state_of(claim(state_of(mark(None, "me")), NOW, 0, "me"))
    marked = state_of(mark(sweeping, "other"))

    assert again(state_of(finish(marked, 1, NOW, "me"))) == ""


def test_a_count_that_was_not_kept_gives_no_figures() -> None:
    sweeping = state_of(claim(state_of(mark(counted(), "me")), NOW + PACE, 0, "me"))

    assert again(state_of(mark(state_of(finish(sweeping, 2, NOW + PACE, "")), "me"))) == ""


def test_a_sweep_that_counted_nothing_leaves_the_figures_as_they_were() -> None:
    sweeping = state_of(claim(state_of(mark(counted(), "me")), NOW + PACE, 0, "me"))
    finished = state_of(finish(sweeping, 2, NOW + PACE))

    assert (finished["counted"], finished["swept"]) == (NOW, NOW + PACE)
    assert again(state_of(mark(finished, "me"))) == "me"


def test_figures_are_proved_by_a_count_after_a_long_time() -> None:
    marked = state_of(mark(counted(), "me"))

    assert again(marked, audit=NOW) == "me"
    assert again(marked, audit=NOW + 1) == ""


def test_a_mark_of_an_older_release_may_be_of_any_process() -> None:
    marked = state_of(mark(counted(), "me"))
    older = {name: marked[name] for name in ("freshness", "generation", "due", "swept", "claimed")}

    assert mark(older, "me") is None
    assert again(older) == ""
    older_and_clean = {**older, "freshness": "clean"}
    assert state_of(mark(older_and_clean, "me"))["marked_by"] is None


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
