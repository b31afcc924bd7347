"""The cheapest path against every path there is, on cases small enough to try them all."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.what_if.cheapest_path import Climb, RaisableRow, cheapest, most
from tests.support.scoring_examples import calm

WEIGHTS = (Fraction(3, 4), Fraction(1), Fraction(3, 2), Fraction(4), Fraction(3, 12), Fraction(2, 13))
cases = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(WEIGHTS)), max_size=5)


def ladders(*rows: tuple[int, Fraction | int]) -> list[RaisableRow]:
    return [RaisableRow(str(number), None, level, Fraction(gain)) for number, (level, gain) in enumerate(rows, start=1)]


def every_path(there: list[RaisableRow], lacking: Fraction) -> tuple[int, ...] | None:
    """Of all ways to raise rows, by how much each: the fewest steps, then the most in the first row, the second, …"""
    enough = [
        steps
        for steps in product(*(range(3 - ladder.level + 1) for ladder in there))
        if sum((some * ladder.gain for some, ladder in zip(steps, there, strict=True)), Fraction(0)) >= lacking
    ]
    return min(enough, key=lambda steps: (sum(steps), [-some for some in steps]), default=None)


@settings(calm, max_examples=200)
@given(rows=cases, wanted=st.integers(0, 400))
def test_no_other_path_is_shorter_or_comes_first(rows: list[tuple[int, Fraction]], wanted: int) -> None:
    there, lacking = ladders(*rows), Fraction(wanted, 12)

    found = cheapest(there, lacking)

    best = every_path(there, lacking)
    if best is None:
        assert found is None
        assert most(there) < lacking
        return
    assert found is not None
    raised = {climb.row: climb.steps for climb in found}
    assert tuple(raised.get(ladder.row, 0) for ladder in there) == best


def test_nothing_lacking_needs_no_step() -> None:
    assert cheapest(ladders((0, 4)), Fraction(0)) == []
    assert cheapest([], Fraction(0)) == []


def test_the_top_of_a_row_is_respected() -> None:
    assert cheapest(ladders((2, 4), (3, 4)), Fraction(5)) is None
    assert cheapest(ladders((2, 4), (0, 1)), Fraction(5)) == [
        Climb("1", None, 2, 3, Fraction(4)),
        Climb("2", None, 0, 1, Fraction(1)),
    ]


def test_among_equally_short_paths_the_lowest_row_number_wins() -> None:
    # One step of row 1 is enough; row 2 would bring more, but is not shorter.
    assert cheapest(ladders((0, 1), (0, 4)), Fraction(1)) == [Climb("1", None, 0, 1, Fraction(1))]


def test_a_row_that_is_first_is_left_out_where_it_would_make_the_path_longer() -> None:
    assert cheapest(ladders((0, 1), (0, 4)), Fraction(8)) == [Climb("2", None, 0, 2, Fraction(8))]


def test_a_row_without_gain_is_never_climbed() -> None:
    assert cheapest(ladders((0, 0)), Fraction(1)) is None
    assert cheapest(ladders((0, 0), (0, 1)), Fraction(2)) == [Climb("2", None, 0, 2, Fraction(2))]


@pytest.mark.parametrize("lacking", [Fraction(1, 1000), Fraction(1), Fraction(3)])
def test_a_path_reaches_and_one_step_less_does_not(lacking: Fraction) -> None:
    there = ladders((1, 1), (0, Fraction(1, 3)))

    found = cheapest(there, lacking)

    assert found is not None
    gained = sum((climb.gain for climb in found), Fraction(0))
    assert gained >= lacking
    assert all(gained - climb.gain / climb.steps < lacking for climb in found)
