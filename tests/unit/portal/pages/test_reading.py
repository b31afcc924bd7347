"""Texts, numbers and days as people enter them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.portal.pages.forms import Form
from services.portal.pages.reading import day_of, decimal_of, line_of


def entered(text: str) -> Form:
    return Form([("field", text)])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("350", "350"),
        ("1.234", "1234"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("12.5", "12.5"),
        ("25,00 %", "25.00"),
        ("-3,5", "-3.5"),
    ],
)
def test_a_number_is_read_as_indonesians_write_it(text: str, number: str) -> None:
    assert decimal_of(entered(text), "field") == Decimal(number)


def test_a_point_of_a_coordinate_is_never_a_group_of_thousands() -> None:
    assert decimal_of(entered("109.342"), "field", thousands=False) == Decimal("109.342")


@pytest.mark.parametrize("text", ["tiga", "1,2,3", "NaN", "Infinity", "9" * 40, "1e5x"])
def test_what_is_no_number_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="bukan angka"):
        decimal_of(entered(text), "field")


@pytest.mark.parametrize("text", ["2026-12-03", "3-12-2026", "03/12/2026", "3.12.2026", " 3-12-2026 "])
def test_a_day_is_read_in_the_orders_that_people_use(text: str) -> None:
    assert day_of(entered(text), "field") == "2026-12-03"


@pytest.mark.parametrize("text", ["31-2-2026", "2026", "kemarin", "0-0-0", "3-12-99999999"])
def test_what_is_no_day_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="bukan tanggal"):
        day_of(entered(text), "field")


def test_nothing_entered_is_none() -> None:
    assert (line_of(entered("  "), "field", 9), decimal_of(entered(""), "field"), day_of(Form([]), "field")) == (
        None,
        None,
        None,
    )
