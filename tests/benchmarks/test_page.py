"""The page of the benchmarks says of each goal whether it is reached, and if not, what shows the limit."""

from __future__ import annotations

import pytest

from benchmarks.report.page import page
from benchmarks.report.ratios import Kept
from benchmarks.report.section import Section


def section(*, counts: bool = True) -> Section:
    return Section("parts", "Parts", "Each part alone.", ["part", "ms"], counts=counts)


def text_of(*sections: Section) -> str:
    return page(list(sections), "Commit 0.", Kept(), [])


def test_a_goal_that_is_missed_stands_with_the_measurement_that_shows_why() -> None:
    said = section()
    said.goal("1", "cost", "≤ 2 ms", "3 ms", holds=False, limit="The disk takes 2.5 ms of them.")
    said.goal("2", "rate", "≥ 5", "6", holds=True, limit="Never said.")

    text = text_of(said)

    assert "1 of 2 reached." in text
    assert "- 1, cost: 3 ms (≤ 2 ms). The disk takes 2.5 ms of them." in text
    assert "Never said." not in text


def test_of_a_missed_goal_without_a_measurement_of_its_own_the_page_says_where_more_is() -> None:
    said = section()
    said.goal("1", "cost", "≤ 2 ms", "3 ms", holds=False)

    assert "What was measured beside it stands in “Parts”." in text_of(said)


@pytest.mark.parametrize("counts", [True, False])
def test_without_a_missed_goal_nothing_is_said_of_limits(counts: bool) -> None:
    said = section(counts=counts)
    said.goal("1", "cost", "≤ 2 ms", "3 ms", holds=counts)

    assert "limit" not in text_of(said)
