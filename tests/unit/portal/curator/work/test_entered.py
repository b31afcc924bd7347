from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from services.portal.curator.work.entered import day_of, decimal_of, year_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5,23", "5.23"),
        ("1.234,5", "1234.5"),
        ("1.234", "1234"),
        ("5.23", "5.23"),
        ("-50,32", "-50.32"),
        ("−50,32", "-50.32"),
        (" 12 ", "12"),
    ],
)
def test_numbers_are_read_as_they_are_written_in_indonesia(text: str, number: str) -> None:
    assert decimal_of(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "lima", "1,2,3", "1.23.4", "NaN", "1e9", "9" * 16, "5,", ",5"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert decimal_of(text) is None


def test_days_and_years() -> None:
    assert day_of("2026-12-03") == date(2026, 12, 3)
    assert day_of("3/12/2026") is None
    assert year_of("2025", 2026) == 2025
    assert year_of("0025", 2026) == 2026
    assert year_of("٢٠٢٥", 2026) == 2026
    assert year_of(None, 2026) == 2026
