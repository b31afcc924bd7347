from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.registry.fields import Prose, has_words, words
from shared import indonesian
from shared.contracts.fields import Name, RegionCode, is_visible

NAME, PROSE, CODE = TypeAdapter(Name), TypeAdapter(Prose), TypeAdapter(RegionCode)


@pytest.mark.parametrize("text", ["", "   ", "a\x00b", "a\nb", "\ud800", "x" * 201, "bell\x07", "a\x85b", "a\u2028b"])
def test_a_name_is_one_line_without_control_characters(text: str) -> None:
    with pytest.raises(ValidationError):
        NAME.validate_python(text)


INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u180e\u200b\u200d\u200f\u202a\u202e\u2060\u2066\u2069\u2800\u3164\ufe0f\ufeff\uffa0"
    "\U000e0041"
)


@pytest.mark.parametrize("sign", INVISIBLE, ids=lambda sign: f"U+{ord(sign):04X}")
def test_a_name_has_no_invisible_sign_and_none_that_turns_the_text(sign: str) -> None:
    for text in (f"Dinas{sign} Sosial", f"{sign}Dinas", f"Dinas{sign}"):
        with pytest.raises(ValidationError):
            NAME.validate_python(text)
        assert not is_visible(text)


@given(st.text(st.characters(categories=("Cf",)), min_size=1))
def test_no_format_control_of_unicode_passes_as_visible(text: str) -> None:
    ordinary = {
        "\u0600",
        "\u0601",
        "\u0602",
        "\u0603",
        "\u0604",
        "\u0605",
        "\u06dd",
        "\u070f",
        "\u0890",
        "\u0891",
        "\u08e2",
    }
    assert all(sign in ordinary or ord(sign) > 0x11000 for sign in text if is_visible(sign))


def test_a_name_is_trimmed_and_keeps_every_script() -> None:
    assert NAME.validate_python("  Inovasi “Bumi Bahari” – ꦗꦮ 🐟 ") == "Inovasi “Bumi Bahari” – ꦗꦮ 🐟"


def test_prose_may_have_lines_but_no_control_characters() -> None:
    assert PROSE.validate_python("satu\n\tdua\r\ntiga") == "satu\n\tdua\r\ntiga"
    with pytest.raises(ValidationError):
        PROSE.validate_python("satu\x0bdua")


@pytest.mark.parametrize("code", ["61", "61.12"])
def test_codes_of_provinces_and_regencies_are_accepted(code: str) -> None:
    assert CODE.validate_python(code) == code


@pytest.mark.parametrize("code", ["6", "61.1", "61.12\n", "6112", "٦١.12", "61.12.01"])
def test_other_texts_are_refused_as_codes(code: str) -> None:
    with pytest.raises(ValidationError):
        CODE.validate_python(code)


def test_dates_are_written_in_bahasa_indonesia() -> None:
    assert indonesian.day(date(2026, 12, 3)) == "3 Desember 2026"
    assert indonesian.day(date(2026, 5, 20)) == "20 Mei 2026"


def test_punctuation_and_numbers_alone_are_not_counted_as_words() -> None:
    assert words("Pasal 386 – 390; lihat & baca …") == 3
    assert words("1. Tahun 2026: 12% dari 1.250 m² naik 2x, UU-23 ½ Ⅷ ②") == 6


@given(st.lists(st.text("abcXYZ019-", min_size=1).filter(lambda run: any(sign.isalpha() for sign in run))))
def test_words_are_counted_with_any_blanks_between_them(runs: list[str]) -> None:
    assert words(" \n\t ".join(runs)) == len(runs)


@given(st.one_of(st.text(st.characters(exclude_categories=("No", "Nl"))), st.text("a1_-–. \n\u00a0\u2003²Ⅷ٣ꦗ\u0301")))
def test_a_word_is_a_run_between_blanks_with_a_letter(text: str) -> None:
    assert words(text) == sum(any(sign.isalpha() for sign in run) for run in text.split())


@given(st.text(st.sampled_from("ab1_- .\n\u2014\u00e9"), max_size=40), st.integers(0, 8))
def test_a_text_has_as_many_words_as_are_counted(text: str, least: int) -> None:
    assert has_words(text, least) == (words(text) >= least)
