"""Rankings: ties by a stated rule, the same whatever the order of the entries, movement against the last freeze."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.ranking.entry import Entry, Filter, Measure
from services.scoring.ranking.ranking import Decided, Direction, moved, movement, rank, ranks
from shared.contracts.vocabulary import AgencyKind, Form, InnovationStatus, Nature
from tests.support.ranking_entries import entry
from tests.support.scoring_examples import calm


def test_equal_in_everything_share_a_rank_and_the_next_is_passed_over() -> None:
    places = rank([entry("d", 40), entry("b", 60), entry("a", 70), entry("c", 60)])

    assert [(place.entry.innovation, place.rank, place.shared) for place in places] == [
        ("a", 1, False),
        ("b", 2, True),
        ("c", 2, True),
        ("d", 4, False),
    ]
    assert [place.decided for place in places] == [None, Decided.POINTS, Decided.SHARED, Decided.POINTS]


def test_equal_verified_points_are_parted_by_the_claim_and_then_by_the_day() -> None:
    places = rank([entry("late", 60, 80, days=2), entry("early", 60, 80, days=1), entry("more", 60, 90, days=9)])

    assert [place.entry.innovation for place in places] == ["more", "early", "late"]
    assert [place.rank for place in places] == [1, 2, 3]
    assert [place.decided for place in places] == [None, Decided.OTHER_MATURITY, Decided.FIRST_SUBMISSION]


def test_a_forecast_ranks_by_the_claim_and_takes_those_handed_in() -> None:
    handed_in = entry("handed-in", 0, 100, status="submitted")
    returned, withdrawn = entry("returned", 0, 111, status="returned"), entry("withdrawn", 0, 111, status="withdrawn")
    everybody = [entry("verified", 70, 80), handed_in, returned, withdrawn]

    forecast = rank(everybody, Measure.CLAIMED)

    assert [(place.entry.innovation, place.total) for place in forecast] == [("handed-in", 100), ("verified", 80)]
    assert [place.entry.innovation for place in rank(everybody)] == ["verified"]


def test_totals_decide_before_maturity() -> None:
    places = rank([entry("a", 90), entry("b", 10)], totals={"a": Decimal("50.5"), "b": Decimal("50.51")})

    assert [(place.entry.innovation, place.total) for place in places] == [
        ("b", Decimal("50.51")),
        ("a", Decimal("50.5")),
    ]


_entries = st.lists(
    st.builds(
        entry,
        st.sampled_from("abcdefgh"),
        st.integers(0, 3),
        st.integers(0, 3),
        days=st.integers(0, 2),
    ),
    max_size=12,
    unique_by=lambda each: each.innovation,
)


@calm
@given(_entries, st.randoms(use_true_random=False))
def test_order_and_repetition_of_the_entries_do_not_matter(entries: list[Entry], chance: object) -> None:
    again = [*entries, *entries]
    chance.shuffle(again)  # type: ignore[attr-defined]

    assert rank(again) == rank(entries)


@calm
@given(_entries)
def test_a_rank_is_one_more_than_those_who_are_better(entries: list[Entry]) -> None:
    def standing(each: Entry) -> tuple[Decimal, Decimal, float]:
        return each.verified, each.claimed, -each.first_submitted_at.timestamp()

    for place in rank(entries):
        better = [each for each in entries if standing(each) > standing(place.entry)]
        equal = [each for each in entries if standing(each) == standing(place.entry)]
        assert place.rank == len(better) + 1
        assert place.shared == (len(equal) > 1)


@pytest.mark.parametrize(
    ("before", "now", "direction", "steps"),
    [
        (None, 3, Direction.NEW, 0),
        (3, 3, Direction.SAME, 0),
        (5, 2, Direction.UP, 3),
        (1, 4, Direction.DOWN, 3),
    ],
)
def test_movement_is_counted_in_ranks(before: int | None, now: int, direction: Direction, steps: int) -> None:
    found = movement(before, now)

    assert (found.direction, found.steps, found.before) == (direction, steps, before)


def test_without_a_freeze_there_is_no_movement() -> None:
    assert [place.movement for place in moved(rank([entry("a")]), None)] == [None]


def test_against_a_freeze_everybody_moved_or_is_new() -> None:
    before = ranks(rank([entry("a", 90), entry("b", 80)]))

    places = moved(rank([entry("a", 70), entry("b", 80), entry("c", 75)]), before)

    movements = [(place.entry.innovation, place.movement.direction if place.movement else None) for place in places]
    assert movements == [("b", Direction.UP), ("c", Direction.NEW), ("a", Direction.DOWN)]


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        (Filter(), True),
        (Filter(kind=AgencyKind.DINAS, form=Form.PELAYANAN_PUBLIK, affair="kesehatan", nature=Nature.DIGITAL), True),
        (Filter(kind=AgencyKind.BADAN), False),
        (Filter(form=Form.TATA_KELOLA), False),
        (Filter(affair="sosial"), False),
        (Filter(nature=Nature.NON_DIGITAL), False),
    ],
)
def test_a_filter_takes_what_fits_in_everything(wanted: Filter, taken: bool) -> None:
    assert wanted.takes(entry("a")) is taken


def test_an_unknown_agency_has_no_kind() -> None:
    unknown = entry("a", agency_name=None, agency_kind=None)

    assert Filter().takes(unknown)
    assert not Filter(kind=AgencyKind.DINAS).takes(unknown)


def test_a_ranking_of_verified_results_includes_only_verified_innovations() -> None:
    for status in InnovationStatus:
        assert entry("a", status=status).ranked_by(Measure.VERIFIED) is (status is InnovationStatus.VERIFIED)
