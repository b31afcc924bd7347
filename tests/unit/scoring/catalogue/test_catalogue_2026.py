"""The shipped catalogue of 2026 against the rules, written down here once more by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.scoring.catalogue.catalogue import most_of
from services.scoring.catalogue.scales import read
from services.scoring.scorecard.levels import Source
from services.scoring.scorecard.rows import score_row
from shared.contracts.vocabulary import Nature
from tests.support.scoring_examples import catalogue, entry

ROWS = catalogue().by_number

WEIGHTS = dict(
    zip(map(str, range(16, 36)), (3, 2, 2, 2, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 2, 3, 2, 3, 2, 4), strict=True),
)

VALUES = [  # row, basis, the values at both edges of each level and just beside
    ("17", None, {0: ["0", "-1"], 1: ["1", "10", "10.49"], 2: ["11", "10.5", "30"], 3: ["31", "1000"]}),
    ("20", None, {0: ["0"], 1: ["1"], 2: ["2"], 3: ["3", "12"]}),
    ("22", None, {0: ["0", "2"], 1: ["3"], 2: ["4"], 3: ["5", "6"]}),
    ("24", None, {0: ["0", "1"], 1: ["2"], 2: ["3", "4"], 3: ["5", "40"]}),
    ("27", None, {0: ["0"], 1: ["1"], 2: ["2"], 3: ["3", "4"]}),
    ("28", None, {0: ["0"], 1: ["6", "365", "5.5"], 2: ["2", "5", "5.4", "1.5"], 3: ["1", "0.5", "1.4"]}),
    ("29", None, {0: ["-1"], 1: ["0", "50", "50.49"], 2: ["50.5", "51", "90", "90.4"], 3: ["90.5", "91", "100"]}),
    ("31", None, {0: ["0"], 1: ["1"], 2: ["2"], 3: ["3", "9"]}),
    ("32", None, {0: ["0"], 1: ["9", "24", "8.5"], 2: ["5", "8", "4.5"], 3: ["1", "4", "4.4"]}),
    ("33", "a", {0: ["0"], 1: ["1", "200"], 2: ["201", "500"], 3: ["501", "100000"]}),
    (
        "33",
        "b",
        {0: ["0", "4.99", "4.994"], 1: ["4.995", "5", "20"], 2: ["20.01", "20.005", "50"], 3: ["50.01", "100"]},
    ),
    ("33", "c", {0: ["0", "30.01", "45"], 1: ["0.01", "10"], 2: ["10.01", "20"], 3: ["20.01", "30", "30.004"]}),
    ("33", "d", {0: ["0", "-3"], 1: ["0.01", "9.99"], 2: ["9.995", "10", "19.99"], 3: ["19.995", "20", "250"]}),
    ("33", "e", {0: ["0"], 1: ["1", "100"], 2: ["101", "200"], 3: ["201", "5000"]}),
    ("33", "f", {0: ["0"], 1: ["1"], 2: ["2"], 3: ["3", "4"]}),
    ("35", None, {0: ["0"], 1: ["1", "2"], 2: ["3", "4"], 3: ["5"]}),
]
CASES = [
    (row, basis, level, value)
    for row, basis, by_level in VALUES
    for level, values in by_level.items()
    for value in values
]


def test_the_file_holds_twenty_rows_with_the_national_weights() -> None:
    assert {row.number: row.weight for row in catalogue().innovation} == WEIGHTS
    assert sum(WEIGHTS.values()) == 37
    assert catalogue().most == 111
    assert [row.short for row in catalogue().innovation] == [str(number) for number in range(1, 21)]


def test_five_rows_are_mandatory() -> None:
    assert [row.number for row in catalogue().innovation if row.mandatory] == ["16", "17", "32", "33", "35"]


def test_the_regional_rows_give_63_and_the_shares_of_250_are_the_official_ones() -> None:
    constants = catalogue().constants
    assert constants.counted is not None
    assert constants.index_of is not None
    counted = constants.counted.each * constants.counted.most_counted

    assert most_of(catalogue().region) == 63
    assert counted == 76
    assert [points / constants.index_of * 100 for points in (Decimal(63), Decimal(111), counted)] == [
        Decimal("25.20"),
        Decimal("44.40"),
        Decimal("30.40"),
    ]
    assert 63 + 111 + counted == constants.index_of


@pytest.mark.parametrize(("row", "basis", "level", "value"), CASES)
def test_a_value_gives_the_level_of_the_national_form(row: str, basis: str | None, level: int, value: str) -> None:
    judged = score_row(ROWS[row], entry(row, value=value, basis=basis), Nature.DIGITAL)

    assert judged.score.level == level
    assert judged.score.points == level * WEIGHTS[row]
    assert judged.score.source is Source.VALUE


@pytest.mark.parametrize(
    ("row", "basis"), [(row.number, basis) for row in catalogue().innovation for basis in (row.bases or {None: None})]
)
@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("nature", list(Nature))
def test_every_level_of_every_row_and_basis_can_be_claimed(
    row: str, basis: str | None, level: int, nature: Nature
) -> None:
    judged = score_row(ROWS[row], entry(row, level=level, basis=basis), nature)

    assert (judged.score.level, judged.score.points) == (level, level * WEIGHTS[row])
    assert not judged.faults
    text = ROWS[row].text(level, nature, basis)
    assert text
    assert f"“{text}”" in judged.score.why


@pytest.mark.parametrize(
    ("row", "basis"),
    [
        (row.number, basis)
        for row in catalogue().innovation
        for basis in (row.bases or {None: None})
        if row.scale_for(basis)
    ],
)
def test_every_end_of_every_band_in_the_file_reads_as_its_own_level(row: str, basis: str | None) -> None:
    scale = ROWS[row].scale_for(basis)
    assert scale is not None

    for band in scale.bands:
        for end in (band.least, band.most):
            if end is not None:
                assert read(scale, end).level == band.level
    for hole in scale.holes:
        for end in (hole.least, hole.most):
            if end is not None:
                assert read(scale, end).level == hole.level


def test_row_30_has_other_levels_for_a_non_digital_innovation() -> None:
    row = ROWS["30"]

    assert row.text(2, Nature.DIGITAL) == "terintegrasi dalam satu portal unit organisasi"
    assert row.text(2, Nature.NON_DIGITAL) == "dalam satu unit atau satu urusan"
    assert row.text(3, Nature.NON_DIGITAL) == "lebih dari satu urusan"


@pytest.mark.parametrize(
    ("row", "value", "level", "tied"),
    [
        ("3", "-50.32", 2, True),
        ("3", "-50.34", 1, False),
        ("3", "8.17", 3, False),
        ("4", "5.23", 3, True),
        ("4", "5.22", 2, False),
        ("5a", "0", 1, False),
        ("5a", "0.36", 3, True),
        ("5b", "5.91", 2, True),
        ("5b", "5.92", 2, True),
        ("5b", "5.93", 1, False),
        ("5b", "2.34", 3, True),
        ("10a", "1.155", 3, False),
        ("10b", "13.1", 2, True),
        ("10b", "4.82", 3, True),
        ("11a", "0.90", 3, True),
        ("11b", "79.99", 2, False),
        ("13a", "8", 3, False),
        ("2b", "1", 0, False),
    ],
)
def test_shared_edges_of_the_regional_rows_go_to_the_better_level(
    row: str, value: str, level: int, *, tied: bool
) -> None:
    scale = next(each for each in catalogue().region if each.number == row).scale
    assert scale is not None

    reading = read(scale, Decimal(value))

    assert (reading.level, reading.tied) == (level, tied)


def test_every_innovation_row_says_which_evidence_it_asks_for() -> None:
    for row in catalogue().innovation:
        assert row.evidence
        assert row.kinds
        assert row.variable
