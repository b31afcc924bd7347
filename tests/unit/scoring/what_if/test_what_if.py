from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.index.index import formula_of
from services.scoring.what_if.region import (
    CountedInnovation,
    Region,
    RowLevel,
    path_to_index,
    path_to_maturity,
    row_order,
)
from shared.contracts.affairs import BASIC_SERVICE_AFFAIRS
from tests.support.scoring_examples import calm, catalogue

FORMULA = formula_of(catalogue().constants, 2026)
BASIC = sorted(BASIC_SERVICE_AFFAIRS)


def rows(level: int) -> tuple[RowLevel, ...]:
    return tuple(RowLevel(row.number, row.name, row.weight, level) for row in catalogue().innovation)


def spd(level: int) -> tuple[RowLevel, ...]:
    return tuple(RowLevel(row.number, row.name, row.weight, level) for row in catalogue().region)


def entrants(number: int, level: int) -> tuple[CountedInnovation, ...]:
    return tuple(CountedInnovation(f"i{n}", f"Inovasi {n}", BASIC[n % 6], rows(level)) for n in range(number))


def region(number: int, level: int, *, own: int = 0) -> Region:
    return Region(FORMULA, spd(own), Decimal(0), entrants(number, level))


def test_a_region_of_rows_has_the_index_of_its_points() -> None:
    index = region(20, 2, own=2).index

    # SPD 42; every innovation 74; JI 7,6; (42 + 81,6) / 250 = 49,44
    assert (index.spd, index.mean, index.sid, index.index) == (42, 74, Decimal("81.6"), Decimal("49.44"))


def test_changed_levels_give_another_region_and_leave_the_first() -> None:
    before = region(20, 2)

    after = before.changed(spd={"12": 3}, levels={"i3": {"35": 3, "16": 0}})

    assert after.spd_points - before.spd_points == 6
    assert [each.maturity for each in after.innovations[2:4]] == [74, 74 + 4 - 6]
    assert before.index == region(20, 2).index


def test_added_and_removed_innovations_count_in_number_mean_and_affairs() -> None:
    before = region(12, 3)

    fewer = before.changed(removed=["i0", "i6"])  # both of the first basic-service affair
    more = before.changed(added=[CountedInnovation("+0", "Baru", "pariwisata", None, Decimal(0))])

    assert (fewer.index.innovations, fewer.index.basic_service) == (10, 5)
    assert fewer.index.mean == Decimal("92.5")  # 10 × 111 / 12
    assert (more.index.divisor, more.index.count_points) == (13, Decimal("4.94"))


def test_a_path_to_a_predicate_ends_in_it_and_one_step_less_does_not() -> None:
    there = region(30, 1, own=1)

    path = path_to_index(there, Decimal("65.01"))

    assert path.climbs is not None
    assert there.after(path.climbs).index.predicate == "sangat inovatif"
    for climb in path.climbs:
        short = [each for each in path.climbs if each != climb]
        nearly = there.after(short).after(
            [type(climb)(climb.row, climb.innovation, climb.level, climb.to - 1, climb.gain)]
        )
        assert nearly.index.predicate != "sangat inovatif"


def test_a_path_begins_with_the_regions_own_rows_where_they_bring_most() -> None:
    there = region(30, 1, own=0)

    path = path_to_index(there, there.index.index + Decimal("0.40"))  # one point

    assert [(climb.row, climb.innovation, climb.steps) for climb in path.climbs or ()] == [("1", None, 1)]


def test_a_target_that_is_reached_needs_no_step_and_one_too_far_has_no_path() -> None:
    there = region(12, 3, own=3)

    assert path_to_index(there, Decimal(40)).climbs == ()
    assert path_to_index(there, Decimal(80)).climbs is None
    assert path_to_index(there, Decimal(80)).steps == 0


def test_a_path_to_a_maturity_goes_by_row_number() -> None:
    (one,) = entrants(1, 2)

    assert one.maturity == 74
    path = path_to_maturity(one, Decimal(78))
    assert [(climb.row, climb.level, climb.to) for climb in path.climbs or ()] == [("35", 2, 3)]
    path = path_to_maturity(one, Decimal(76))
    assert [(climb.row, climb.level, climb.to) for climb in path.climbs or ()] == [("16", 2, 3)]
    assert path_to_maturity(one, Decimal(112)).climbs is None
    assert path_to_maturity(one, Decimal(70)).climbs == ()


def test_rows_are_in_the_order_of_their_numbers() -> None:
    assert sorted(["10a", "16", "2b", "2a", "1", "13b", "9"], key=row_order) == [
        "1",
        "2a",
        "2b",
        "9",
        "10a",
        "13b",
        "16",
    ]


@settings(calm, max_examples=30)
@given(levels=st.lists(st.integers(0, 3), min_size=4, max_size=4), target=st.integers(0, 500))
def test_a_small_regions_path_is_the_shortest_of_all(levels: list[int], target: int) -> None:
    there = Region(
        FORMULA,
        (RowLevel("5a", "TPT", Decimal("0.75"), levels[0]),),
        Decimal(0),
        (
            CountedInnovation(
                "a",
                "A",
                "sosial",
                (RowLevel("16", "x", Decimal(3), levels[1]), RowLevel("17", "x", Decimal(4), levels[2])),
            ),
            CountedInnovation("b", "B", "sosial", (RowLevel("16", "x", Decimal(1), levels[3]),)),
        ),
    )
    edge = Decimal(target) / 100

    path = path_to_index(there, edge)

    steps_of = {
        raised: sum(raised) - sum(levels)
        for raised in product(*(range(level, 4) for level in levels))
        if there.changed(
            spd={"5a": raised[0]}, levels={"a": {"16": raised[1], "17": raised[2]}, "b": {"16": raised[3]}}
        ).index.index
        >= edge
    }
    if not steps_of:
        assert path.climbs is None
    else:
        assert path.climbs is not None
        assert path.steps == min(steps_of.values())
        assert there.after(path.climbs).index.index >= edge


@pytest.mark.parametrize("known", [True, False])
def test_a_path_can_be_found_only_where_all_rows_are_known(*, known: bool) -> None:
    there = region(2, 1)

    given_ = there if known else there.changed(added=[CountedInnovation("c", "C", "sosial", None, Decimal(70))])

    assert given_.known_by_row is known
