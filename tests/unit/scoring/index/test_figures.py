"""The running figures of one process, beside a plain sum over all scorecards."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.index.document import RoundTotals
from services.scoring.index.figures import Recount, RunningFigures, Totals, card_in
from services.scoring.index.rounds import rounds_of
from shared.ports.store import State
from tests.support.scoring_examples import calm, catalogue

HERE, ROUNDS = "61.12", rounds_of({2026: catalogue().constants})
IDS = ("a", "b", "c", "d")


def card(*, points: float | None = 50, status: str = "submitted", affair: str = "sosial", region: str = HERE) -> State:
    return {
        "region": region,
        "status": status,
        "innovation": {"applied_on": "2025-03-01", "developed_on": None, "main_affair": affair},
        "scorecard": None if points is None else {"catalogue": "2026.1", "claimed": points, "verified": points / 2},
    }


cards = st.builds(
    card,
    points=st.none() | st.sampled_from([1, 2.5, 74]),
    status=st.sampled_from(["submitted", "verified", "returned"]),
    affair=st.sampled_from(["sosial", "kesehatan", "pariwisata"]),
)


def summed(states: dict[str, tuple[int, State]]) -> Totals:
    """The plain way."""
    totals = {year: RoundTotals(each) for year, each in ROUNDS.items()}
    for _, state in states.values():
        for each in totals.values():
            each.add(card_in(state))
    return totals


@dataclass
class Machine:
    """One process. stored: id → sequence and state; late: reports of durable changes that are still to be made."""

    figures: RunningFigures = field(default_factory=lambda: RunningFigures(ROUNDS))
    stored: dict[str, tuple[int, State]] = field(default_factory=dict)
    late: list[tuple[ExitStack, str, int, State | None, State]] = field(default_factory=list)
    count: Recount | None = None
    counting: ExitStack = field(default_factory=ExitStack)
    unread: list[str] = field(default_factory=list)

    def change(self, id: str, state: State) -> None:
        stack = ExitStack()
        stack.enter_context(self.figures.changing(HERE))
        sequence, before = self.stored.get(id, (0, None))
        self.stored[id] = (sequence + 1, state)
        self.late.append((stack, id, sequence + 1, before, state))

    def report(self, place: int) -> None:
        if self.late:
            stack, *told = self.late.pop(place % len(self.late))
            self.figures.changed(*told)
            stack.close()

    def begin(self) -> None:
        if self.count is None:
            self.count = self.counting.enter_context(self.figures.counting(HERE))
            self.unread = list(IDS)

    def read(self) -> None:
        """One more scorecard, in the order of ids, if it is there by now."""
        if self.count is not None and self.unread:
            id = self.unread.pop(0)
            if id in self.stored:
                sequence, state = self.stored[id]
                self.count.add(id, sequence, card_in(state))

    def end(self) -> None:
        while self.count is not None and self.unread:
            self.read()
        if self.count is not None:
            self.figures.counted(HERE, self.count)
        self.give_up()

    def give_up(self) -> None:
        self.counting.close()
        self.count = None


steps = st.one_of(
    st.tuples(st.just("change"), st.sampled_from(IDS), cards),
    st.tuples(st.just("report"), st.integers(0, 3)),
    st.sampled_from([("begin",), ("read",), ("read",), ("end",), ("give_up",), ("doubt",)]),
)


@settings(calm, max_examples=300)
@given(several=st.lists(steps, max_size=50))
def test_whatever_comes_between_the_figures_are_what_the_scorecards_add_up_to(several: list[tuple[Any, ...]]) -> None:
    machine = Machine()
    machine.begin()
    for name, *rest in several:
        if name == "doubt":
            machine.figures.doubt(HERE)
        else:
            getattr(machine, name)(*rest)
        figures = machine.figures.of(HERE)
        if figures is not None and not machine.late:
            assert figures == summed(machine.stored)
    while machine.late:
        machine.report(0)
    machine.end()
    machine.begin()
    machine.end()

    assert machine.figures.of(HERE) == summed(machine.stored)


def counted(**stored: State) -> Machine:
    machine = Machine(stored={id: (1, state) for id, state in stored.items()})
    machine.begin()
    machine.end()
    return machine


def test_without_a_count_there_are_no_figures() -> None:
    machine = Machine()
    machine.change("a", card())
    machine.report(0)

    assert machine.figures.of(HERE) is None


def test_a_change_of_unknown_fate_ends_the_figures() -> None:
    machine = counted(a=card())

    with pytest.raises(ConnectionError), machine.figures.changing(HERE):
        raise ConnectionError

    assert machine.figures.of(HERE) is None


def test_a_change_of_unknown_fate_during_a_count_makes_it_doubtful() -> None:
    machine = counted(a=card())
    machine.begin()
    machine.figures.doubt(HERE)
    machine.end()

    assert machine.figures.of(HERE) is None


def test_a_scorecard_that_moves_to_another_region_ends_the_figures_of_the_former() -> None:
    machine = counted(a=card())

    with machine.figures.changing("64.01"):
        machine.figures.changed("a", 2, card(), card(region="64.01"))

    assert machine.figures.of(HERE) is None


def test_a_count_that_failed_leaves_the_figures_as_they_are() -> None:
    machine = counted(a=card())
    with pytest.raises(ConnectionError), machine.figures.counting(HERE):
        raise ConnectionError

    machine.change("b", card(points=3))
    machine.report(0)

    assert machine.figures.of(HERE) == summed(machine.stored)


def test_a_count_tells_the_figures_that_it_replaces_unless_a_change_is_not_reported_yet() -> None:
    machine = counted(a=card())
    machine.begin()
    count = machine.count
    machine.end()
    machine.begin()
    another = machine.count
    machine.change("a", card(points=2))
    machine.end()

    assert count is not None
    assert another is not None
    assert count.former == count.totals
    assert another.former is None
