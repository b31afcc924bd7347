from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.catalogue.scales import Band, Better, Hole, Scale, flaws_of, read, round_half_up
from tests.support.scoring_examples import calm


def scale(*bands: tuple[int, str | None, str | None], **said: object) -> Scale:
    return Scale.model_validate(
        {
            "unit": "orang",
            "bands": [
                {"level": level, "from": low and Decimal(low), "to": high and Decimal(high)}
                for level, low, high in bands
            ],
            **said,
        }
    )


PEOPLE = scale((1, "1", "10"), (2, "11", "30"), (3, "31", None))
DAYS = scale((1, "6", None), (2, "2", "5"), (3, None, "1"), better="fewer")
UNEMPLOYED = scale(
    (1, "5.91", None), (2, "2.34", "5.92"), (3, None, "2.35"), better="fewer", ties="better", precision=2
)


@pytest.mark.parametrize(
    ("value", "precision", "rounded"),
    [
        ("90.5", 0, "91"),
        ("90.49", 0, "90"),
        ("4.995", 2, "5.00"),
        ("4.9949999", 2, "4.99"),
        ("-0.5", 0, "-1"),
        ("12", 2, "12"),
        ("1E+400", 2, "1E+400"),
        ("1E-400", 2, "0.00"),
        ("123456789012345678901234567890.125", 2, "123456789012345678901234567890.13"),
    ],
)
def test_halves_are_rounded_away_from_zero_exactly(value: str, precision: int, rounded: str) -> None:
    assert round_half_up(Decimal(value), precision) == Decimal(rounded)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_finite_number_cannot_be_read(value: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        read(PEOPLE, Decimal(value))


@pytest.mark.parametrize(
    ("value", "level"), [("0", 0), ("-5", 0), ("1", 1), ("10", 1), ("11", 2), ("30", 2), ("31", 3)]
)
def test_a_value_is_read_in_its_band_and_below_the_lowest_is_level_0(value: str, level: int) -> None:
    assert read(PEOPLE, Decimal(value)).level == level


def test_fewer_can_be_better() -> None:
    assert [read(DAYS, Decimal(days)).level for days in (0, 1, 2, 5, 6, 400)] == [3, 3, 2, 2, 1, 1]


def test_a_shared_edge_resolves_to_the_better_level_and_says_so() -> None:
    on_edge, beside = read(UNEMPLOYED, Decimal("2.35")), read(UNEMPLOYED, Decimal("2.36"))

    assert (on_edge.level, on_edge.tied) == (3, True)
    assert (beside.level, beside.tied) == (2, False)
    assert read(UNEMPLOYED, Decimal("5.915")).level == 2  # rounded to 5.92, the upper edge of level 2


def test_a_hole_scores_its_declared_level() -> None:
    holed = scale(
        (1, "0.01", "10"),
        (2, "10.01", "20"),
        (3, "20.01", "30"),
        precision=2,
        holes=[{"from": Decimal("30.01"), "level": 0, "note": "tidak ada"}],
    )

    reading = read(holed, Decimal("30.005"))

    assert (reading.level, reading.rounded, reading.hole, reading.band) == (0, Decimal("30.01"), holed.holes[0], None)
    assert read(holed, Decimal("30.004")).level == 3


def test_a_sound_scale_has_no_flaw() -> None:
    assert [list(flaws_of(each)) for each in (PEOPLE, DAYS, UNEMPLOYED)] == [[], [], []]


@pytest.mark.parametrize(
    ("unsound", "says"),
    [
        (scale((1, "1", "10"), (2, "11", "30")), "levels 1, 2 and 3 exactly once"),
        (scale((1, "1", "10"), (2, "11", "30"), (2, "31", None)), "levels 1, 2 and 3 exactly once"),
        (scale((1, "1", "10"), (2, "12", "30"), (3, "31", None)), "a gap between 1 to 10 and 12 to 30"),
        (scale((1, "1", "11"), (2, "11", "30"), (3, "31", None)), "overlap: say `ties: better`"),
        (scale((1, "1", "10"), (2, "11", "30"), (3, "31", "40")), "nothing is said above 40"),
        (scale((1, "6", None), (2, "2", "5"), (3, "1", "1"), better="fewer"), "nothing is said below 1"),
        (scale((1, "31", None), (2, "11", "30"), (3, "1", "10")), "do not rise from worse to better"),
        (scale((1, "1", "10"), (2, "11", "30"), (3, "31", None), better="fewer"), "do not rise from worse to better"),
        (scale((1, "10", "1"), (2, "11", "30"), (3, "31", None)), "10 to 1 is empty"),
        (scale((1, None, None), (2, "11", "30"), (3, "31", None)), "needs `from`, `to` or both"),
        (scale((1, "1", "10.5"), (2, "10.6", "30"), (3, "31", None)), "10.5 has more than 0 decimal places"),
        (
            scale(
                (1, "1", "10"),
                (2, "11", "30"),
                (3, "31", None),
                ties="better",
                holes=[{"to": Decimal(1), "level": 0, "note": "x"}],
            ),
            "the hole and band … to 1 and 1 to 10 overlap",
        ),
    ],
)
def test_an_invalid_scale_is_refused_with_the_reason(unsound: Scale, says: str) -> None:
    assert any(says in flaw for flaw in flaws_of(unsound)), list(flaws_of(unsound))


def test_units_are_known_by_all_their_words() -> None:
    people = PEOPLE.model_copy(update={"also": ("SDM",)})

    assert all(people.knows_unit(word) for word in ("orang", " Orang ", "sdm"))
    assert not people.knows_unit("hari")


cuts = st.lists(st.integers(-1000, 1000), min_size=3, max_size=3, unique=True).map(sorted)
values = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-2000, max_value=2000)


@calm
@given(cuts=cuts, one=values, other=values, fewer=st.booleans())
def test_more_of_what_is_better_never_lowers_the_level(
    cuts: list[int], one: Decimal, other: Decimal, *, fewer: bool
) -> None:
    first, second, third = cuts
    rising = Scale(
        unit="orang",
        bands=(
            Band(level=1, least=Decimal(first), most=Decimal(second - 1)),
            Band(level=2, least=Decimal(second), most=Decimal(third - 1)),
            Band(level=3, least=Decimal(third)),
        ),
    )
    falling = Scale(
        unit="hari",
        better=Better.FEWER,
        bands=(
            Band(level=1, least=Decimal(third)),
            Band(level=2, least=Decimal(second), most=Decimal(third - 1)),
            Band(level=3, least=Decimal(first), most=Decimal(second - 1)),
        ),
        holes=(Hole(level=3, most=Decimal(first - 1), note="lebih cepat lagi"),),
    )
    worse, better = sorted((one, other), reverse=fewer)
    tried = falling if fewer else rising

    assert list(flaws_of(tried)) == []
    assert read(tried, worse).level <= read(tried, better).level
