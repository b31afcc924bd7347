from __future__ import annotations

from decimal import Decimal

import pytest

from services.scoring.catalogue import scales
from services.scoring.catalogue.scales import Band, read
from services.scoring.scorecard import explain
from services.scoring.scorecard.rows import score_row
from shared import indonesian
from shared.contracts.vocabulary import Nature
from tests.support.scoring_examples import catalogue, entry

ROWS = catalogue().by_number


@pytest.mark.parametrize(
    ("value", "shown"),
    [("1234.5", "1.234,5"), ("5.00", "5"), ("-0.25", "-0,25"), ("1000000", "1.000.000"), ("0", "0"), ("1E+3", "1.000")],
)
def test_numbers_are_written_as_in_indonesia(value: str, shown: str) -> None:
    assert indonesian.number(Decimal(value)) == shown


def test_the_ends_of_a_band_are_shown_as_printed() -> None:
    ends = [("5.00", "20.00"), ("501", None), (None, "50"), ("1", "1")]
    bands = [
        Band(level=1, least=None if low is None else Decimal(low), most=None if high is None else Decimal(high))
        for low, high in ends
    ]

    assert [scales.interval(band, "%") for band in bands] == [
        "5,00 s.d. 20,00 %",
        "501 % atau lebih",
        "50 % atau kurang",
        "1 %",
    ]


def test_a_number_of_absurd_size_is_still_short() -> None:
    assert len(indonesian.number(Decimal("1E+5000"))) < 20


@pytest.mark.parametrize(
    ("row", "said", "why"),
    [
        (
            "33",
            {"value": "350", "basis": "a"},
            (
                "Nilai 350 orang (penerima manfaat, orang) masuk rentang 201 s.d. 500 orang: level 2. "
                "2 × bobot 3 = 6 poin."
            ),
        ),
        (
            "22",
            {"value": "2"},
            "Nilai 2 aktor berada di bawah rentang level 1 (3 aktor): level 0. 0 × bobot 1 = 0 poin.",
        ),
        (
            "16",
            {"level": 2},
            "Level 2 menurut isian perangkat daerah: “Peraturan Kepala Daerah”. 2 × bobot 3 = 6 poin.",
        ),
        (
            "33",
            {"value": "2", "basis": "b"},
            (
                "Nilai 2 % (cakupan unit penerima manfaat, % dari unit sasaran) tidak memiliki rentang "
                "(Sumber tidak memuat rentang di bawah 5,00 %): level 0. 0 × bobot 3 = 0 poin."
            ),
        ),
    ],
)
def test_a_row_is_explained_in_words(row: str, said: dict[str, object], why: str) -> None:
    assert score_row(ROWS[row], entry(row, **said), Nature.DIGITAL).score.why == why


def test_a_shared_edge_is_explained() -> None:
    row = next(each for each in catalogue().region if each.number == "4")
    assert row.scale is not None

    assert "batas yang dimiliki dua level; dipakai level yang lebih baik: level 3" in explain.measured(
        row.scale, read(row.scale, Decimal("5.23")), None
    )
