"""The regional index against numbers worked out by hand, and against what must hold for any region."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.catalogue.constants import Constants, Predicate, UnknownConstant
from services.scoring.catalogue.constants_by_year import years_of
from services.scoring.catalogue.files import SHIPPED
from services.scoring.index.index import (
    Tally,
    formula_of,
    index_of,
    next_above,
    points_up_to,
    predicate_of,
    predicates_cover,
    rounded,
    tally,
)
from shared.contracts.affairs import AFFAIR_NAMES, BASIC_SERVICE_AFFAIRS
from tests.support.scoring_examples import calm, catalogue

FORMULA = formula_of(catalogue().constants, 2026)
YEARS = years_of((SHIPPED,), [catalogue("2024.1"), catalogue()])
BASIC = sorted(BASIC_SERVICE_AFFAIRS)
OTHER = "pariwisata"

points = st.integers(0, 111).map(Decimal)
affairs = st.sampled_from(sorted(AFFAIR_NAMES))
regions = st.lists(st.tuples(points, affairs), max_size=30)
spds = st.integers(0, 252).map(lambda quarters: Decimal(quarters) / 4)


def innovations(number: int, maturity: str, *, basic: int) -> Tally:
    """So many innovations of one maturity; the first `basic` of them each of another basic-service affair."""
    return tally((Decimal(maturity), BASIC[place] if place < basic else OTHER) for place in range(number))


@pytest.mark.parametrize(
    ("spd", "number", "maturity", "basic", "expected"),
    [  # spd, mean + JI = sid, JI, index, predicate, to the next: each worked out by hand
        # Two of 70: 140 / 12 = 11,666…; 51,666… / 250 = 20,6666…
        ("40", 2, "70", 2, ("11.666667", "0", "20.67", "kurang inovatif", "19.34")),
        # Twenty of 70 in five basic affairs: 70 + 7,6 = 77,6; 117,6 / 250 = 47,04
        ("40", 20, "70", 5, ("77.6", "7.6", "47.04", "inovatif", "17.97")),
        # The same in four: no points for number; 110 / 250 = 44
        ("40", 20, "70", 4, ("70", "0", "44.00", "inovatif", "21.01")),
        # Twelve are as many as D: 12 × 111 / 12 = 111, + 4,56
        ("63", 12, "111", 6, ("115.56", "4.56", "71.42", "sangat inovatif", None)),
        # Eleven are divided by twelve all the same: 11 × 60 / 12 = 55, + 4,18; 70,18 / 250 = 28,072
        ("11", 11, "60", 5, ("59.18", "4.18", "28.07", "kurang inovatif", "11.94")),
        # More than 200: the number counts 200, the mean is over all 250
        ("50.25", 250, "90", 6, ("166", "76", "86.50", "sangat inovatif", None)),
        ("0", 0, "0", 0, ("0", "0", "0.00", "tidak dapat dinilai", "0.01")),
    ],
)
def test_an_index_is_what_the_hand_works_out(
    spd: str, number: int, maturity: str, basic: int, expected: tuple[str, str, str, str, str | None]
) -> None:
    index = index_of(FORMULA, Decimal(spd), innovations(number, maturity, basic=basic))

    sid, count, value, predicate, to_next = expected
    assert (index.sid, index.count_points, index.index) == (Decimal(sid), Decimal(count), Decimal(value))
    assert index.predicate == predicate
    assert index.to_next == (None if to_next is None else Decimal(to_next))


def test_the_highest_of_all_is_100_and_its_parts_are_the_official_shares() -> None:
    index = index_of(FORMULA, Decimal(63), innovations(200, "111", basic=6))

    assert (index.sid, index.count_points, index.index) == (Decimal(187), Decimal(76), Decimal(100))
    assert (index.parts.spd, index.parts.maturity, index.parts.count) == (
        Decimal("25.20"),
        Decimal("44.40"),
        Decimal("30.40"),
    )
    assert (index.predicate, index.next_predicate, index.to_next) == ("sangat inovatif", None, None)


@pytest.mark.parametrize(
    ("points", "value", "predicate"),
    [  # SPD alone decides: points / 2,5
        ("0.0124", "0.00", "tidak dapat dinilai"),  # 0,00496
        ("0.0125", "0.01", "kurang inovatif"),  # 0,005 is rounded up before the predicate is read
        ("100", "40.00", "kurang inovatif"),
        ("100.0124", "40.00", "kurang inovatif"),
        ("100.0125", "40.01", "inovatif"),
        ("162.5", "65.00", "inovatif"),
        ("162.5124", "65.00", "inovatif"),
        ("162.5125", "65.01", "sangat inovatif"),
    ],
)
def test_the_index_is_rounded_half_up_before_the_predicate_is_read(points: str, value: str, predicate: str) -> None:
    index = index_of(FORMULA, Decimal(points), Tally())

    assert (index.index, index.predicate) == (Decimal(value), predicate)


@pytest.mark.parametrize(("basic", "points"), [(4, "0"), (5, "7.6"), (6, "7.6")])
def test_points_for_the_number_need_five_basic_service_affairs(basic: int, points: str) -> None:
    assert index_of(FORMULA, Decimal(0), innovations(20, "0", basic=basic)).count_points == Decimal(points)


def test_many_innovations_of_one_affair_are_one_affair() -> None:
    summed = tally((Decimal(50), "kesehatan") for _ in range(30))

    assert index_of(FORMULA, Decimal(0), summed).basic_service == 1


def test_the_year_2027_needs_fourteen_and_all_six() -> None:
    formula = formula_of(YEARS[2027], 2027)

    index = index_of(formula, Decimal(40), innovations(13, "70", basic=5))

    assert (index.divisor, index.mean, index.count_points) == (14, Decimal(65), Decimal(0))
    assert index_of(formula, Decimal(40), innovations(13, "70", basic=6)).count_points == Decimal("4.94")


@pytest.mark.parametrize(
    ("year", "name"),
    [
        (2021, "least_divisor"),
        (2023, "basic_service_needed"),
        (2024, "least_divisor"),
        (2025, "least_divisor"),
        (2028, "predicates"),
        (2033, "least_divisor"),
    ],
)
def test_a_constant_that_no_source_gives_is_named_with_its_year(year: int, name: str) -> None:
    with pytest.raises(UnknownConstant) as caught:
        formula_of(YEARS.get(year, Constants()), year)

    assert (caught.value.name, caught.value.year, caught.value.slug) == (name, year, "unknown-constant")


def test_an_index_between_known_edges_has_no_predicate_to_be_guessed() -> None:
    holed = replace(FORMULA, predicates=(FORMULA.predicates[0], FORMULA.predicates[-1]))

    assert not predicates_cover(holed)
    assert predicates_cover(FORMULA)
    with pytest.raises(UnknownConstant):
        predicate_of(holed, Decimal(30))
    above = next_above(holed, Decimal(30))
    assert above is not None
    assert above.name == "sangat inovatif"


@pytest.mark.parametrize(
    "edges",
    [[("a", "0.01", "100")], [("a", "50", "99.99"), ("b", "0", "49.99")], [("a", "50.01", "100"), ("b", "0", "49.99")]],
)
def test_edges_with_a_hole_do_not_cover(edges: list[tuple[str, str, str]]) -> None:
    predicates = tuple(Predicate(name=name, least=Decimal(low), most=Decimal(high)) for name, low, high in edges)

    assert not predicates_cover(replace(FORMULA, predicates=predicates))


def test_what_is_beyond_all_edges_has_the_best_predicate() -> None:
    assert predicate_of(FORMULA, Decimal("103.20")) == "sangat inovatif"


@calm
@given(listed=regions, spd=spds, seed=st.integers())
def test_the_order_of_innovations_does_not_matter(listed: list[tuple[Decimal, str]], spd: Decimal, seed: int) -> None:
    shuffled = listed.copy()
    random.Random(seed).shuffle(shuffled)

    assert index_of(FORMULA, spd, tally(shuffled)) == index_of(FORMULA, spd, tally(listed))


@calm
@given(listed=regions.filter(bool), spd=spds, more=st.integers(1, 111), place=st.integers(0, 29))
def test_more_points_never_lower_the_index(
    listed: list[tuple[Decimal, str]], spd: Decimal, more: int, place: int
) -> None:
    better = listed.copy()
    maturity, affair = better[place % len(better)]
    better[place % len(better)] = (min(Decimal(111), maturity + more), affair)
    before = index_of(FORMULA, spd, tally(listed))

    assert index_of(FORMULA, spd, tally(better)).index >= before.index
    assert index_of(FORMULA, spd + more, tally(listed)).index >= before.index


@calm
@given(listed=regions, spd=spds)
def test_an_index_agrees_with_the_formula_in_plain_fractions(listed: list[tuple[Decimal, str]], spd: Decimal) -> None:
    index = index_of(FORMULA, spd, tally(listed))

    enough = len({affair for _, affair in listed} & BASIC_SERVICE_AFFAIRS) >= 5
    sid = Fraction(sum(int(maturity) for maturity, _ in listed), max(12, len(listed)))
    sid += Fraction(38 * min(len(listed), 200), 100) if enough else 0
    exact = (Fraction(spd) + sid) * 100 / 250
    assert abs(Fraction(index.index) - exact) <= Fraction(1, 200)
    assert Fraction(index.index) - exact > Fraction(-1, 200)  # a half goes up
    assert 0 <= index.index <= 100


@calm
@given(listed=regions, spd=spds, target=st.integers(0, 10_000))
def test_the_points_that_lack_are_exactly_enough(listed: list[tuple[Decimal, str]], spd: Decimal, target: int) -> None:
    edge, counted = Decimal(target) / 100, tally(listed)

    lacking = points_up_to(FORMULA, edge, spd, counted)

    reached = (Fraction(spd) + _sid(counted) + lacking) * 100 / 250
    assert rounded(reached, 2) >= edge
    if lacking > 0:
        assert rounded(reached - Fraction(1, 10**9), 2) < edge


def test_a_target_of_more_than_two_places_is_met_by_the_next_hundredth() -> None:
    assert points_up_to(FORMULA, Decimal("40.001"), Decimal(0), Tally()) == points_up_to(
        FORMULA, Decimal("40.01"), Decimal(0), Tally()
    )


def _sid(counted: Tally) -> Fraction:
    enough = len(counted.basic) >= 5
    mean = Fraction(counted.maturity) / max(12, counted.innovations)
    return mean + (Fraction(38, 100) * min(counted.innovations, 200) if enough else 0)
