from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.contacts.fields import (
    email_address,
    is_mobile,
    landline_number,
    mobile_number,
    mobile_or_landline,
)


@pytest.mark.parametrize("text", ["0812-3456-7890", "+62 812 3456 7890", "62812 3456 7890", "(0812) 34567890"])
def test_a_mobile_number_is_normalised(text: str) -> None:
    assert mobile_number(text) == "+6281234567890"


@pytest.mark.parametrize("text", ["021 555 1234", "62812345678", "+65 8123 4567", "0812", "nomor"])
def test_other_numbers_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"nomor"):
        mobile_number(text)


@pytest.mark.parametrize(
    "text", ["budi", "budi@", "budi@host", "büdi@x.example", "a b@x.example", "a@x.example\r\nBcc: b"]
)
def test_an_invalid_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="surel"):
        email_address(text)


@pytest.mark.parametrize(
    "text", ["0561 721234", "(0561) 721-234", "+62 561 721234", "62561721234", "62 (561) 721234", " 0561721234 "]
)
def test_a_landline_is_normalised(text: str) -> None:
    assert landline_number(text) == mobile_or_landline(text) == "+62561721234"


def test_an_extension_and_another_country_are_kept() -> None:
    assert landline_number("(0561) 721234 ext 12") == "+62561721234;ext=12"
    assert landline_number("+65 6123 4567") == "+6561234567"


@pytest.mark.parametrize("text", ["721234", "021-555", "1500567", "nomor", "", "٠٥٦١ ٧٢١٢٣٤"])
def test_what_is_no_telephone_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="telepon"):
        landline_number(text)


@pytest.mark.parametrize("text", ["62812345678", "021-555", "+65 8123 4567", "721234"])
def test_what_is_neither_mobile_nor_landline_was_meant_as_a_mobile_number(text: str) -> None:
    with pytest.raises(ValueError, match="harus nomor seluler Indonesia"):
        mobile_or_landline(text)


def test_a_mobile_number_stays_one() -> None:
    assert mobile_or_landline("0812-3456-7890") == landline_number("0812-3456-7890") == "+6281234567890"
    assert (is_mobile("+6281234567890"), is_mobile("+62561721234"), is_mobile("+62561721234;ext=12")) == (
        True,
        False,
        False,
    )


@given(st.text(max_size=45))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (mobile_number, landline_number, mobile_or_landline, email_address):
        with suppress(ValueError):
            assert read(text).isascii()


@given(st.from_regex(r"[0+]?[0-9 ()-]{6,16}", fullmatch=True))
def test_a_normalised_number_reads_as_itself(text: str) -> None:
    with suppress(ValueError):
        assert mobile_or_landline(number := mobile_or_landline(text)) == number
