"""Words for lists: what a reason is about, and why a hand-over failed."""

from __future__ import annotations

import pytest

from services.notifications.messages.texts.codes import reason_of
from services.notifications.messages.texts.reasons import reason_words
from services.notifications.messages.texts.samples import samples
from services.notifications.messages.texts.wording import listed, one_line, shortened
from shared.contracts.message import Reason
from shared.contracts.vocabulary import ReasonKind


def test_every_reason_has_words_for_lists() -> None:
    for name, details in samples().items():
        words = reason_words(details.alert.reason)
        assert words[0].isupper(), name
        assert words != details.alert.reason.what, name


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("before-45", "Pengingat 45 hari sebelum tenggat"),
        ("overdue", "Melewati tenggat"),
        ("overdue-10", "Melewati tenggat 10 hari"),
    ],
)
def test_a_stage_of_a_regions_own_ladder_is_named_by_its_days(what: str, words: str) -> None:
    assert reason_words(Reason(kind=ReasonKind.DUTY, what=what, region="61.12")) == words


@pytest.mark.parametrize(
    ("code", "answer", "sentence"),
    [
        ("5.1.1", None, "alamat surel tidak dikenal penyedianya"),
        ("131047", "bug", "permintaan kami keliru (kode 131047)"),
        ("5.7.26", None, "penyedia menolak pesan karena aturan keamanannya (kode 5.7.26)"),
        ("4.2.2", None, "penyedia meminta dicoba lagi nanti (kode 4.2.2)"),
        ("999", None, "pesan tidak dapat disampaikan (kode 999)"),
        ("", "away", "penyedia tidak dapat dihubungi"),
        (None, None, "pesan tidak dapat disampaikan"),
    ],
)
def test_a_code_is_told_in_words_and_an_unknown_one_is_still_named(
    code: str | None, answer: str | None, sentence: str
) -> None:
    assert reason_of(code, answer) == sentence


def test_agencies_are_listed_and_then_counted() -> None:
    assert listed([], "perangkat daerah") == ""
    assert listed(["A"], "perangkat daerah") == "A"
    assert listed(["A", "B", "C"], "perangkat daerah") == "A, B dan C"
    assert listed(["A", "B", "C", "D"], "perangkat daerah") == "A, B dan 2 perangkat daerah lain"


def test_a_value_is_put_on_one_line_and_shortened_with_a_mark() -> None:
    assert one_line("a\r\n\tb =?utf-8?q?x?=\u202e") == "a b = ?utf-8?q?x?="
    assert shortened("abcdef", 4) == "abc…"
    assert shortened("abc… dan seterusnya", 6) == "abc…"
